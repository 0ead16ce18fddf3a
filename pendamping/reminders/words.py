"""What reminders say: the names of rules, and one sentence for each thing on screens and in digests."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pendamping.kernel.i18n import long_date, weekday_date, word
from pendamping.reminders.models import ChannelKind, DeliveryState, RunOutcome
from pendamping.reminders.queries import NotificationView
from pendamping.reminders.rules import OF_OBLIGATION, Hearer, Rule, RuleCode

RULE_WORDS = {
    RuleCode.PLANNED_VISIT: _l("Kunjungan direncanakan"),
    RuleCode.UNVISITED: _l("Lama tidak dikunjungi"),
    RuleCode.ACTION_DUE: _l("Tindakan mendekati tenggat"),
    RuleCode.ACTION_OVERDUE: _l("Tindakan terlambat"),
    RuleCode.PROOF_WAITING: _l("Bukti menunggu diperiksa"),
    RuleCode.DOCUMENT_EXPIRES: _l("Dokumen akan berakhir"),
    RuleCode.TERM_ENDS: _l("Masa jabatan akan berakhir"),
    RuleCode.ANNUAL_REPORT: _l("Laporan tahunan sebelum RAT"),
    RuleCode.MEETING_NOTICE: _l("Undangan RAT"),
    RuleCode.MEETING_POLICY: _l("Batas RAT (kebijakan)"),
    RuleCode.MEETING_REPORT: _l("Lapor hasil RAT"),
    RuleCode.MEETING_LAW: _l("Batas RAT menurut UU"),
    RuleCode.QUARTERLY: _l("Laporan triwulanan"),
    RuleCode.OTHER_OBLIGATION: _l("Kewajiban lain di kalender"),
    RuleCode.MONTHLY_REPORT: _l("Laporan bulanan"),
    RuleCode.MONTHLY_REPORT_LATE: _l("Laporan bulanan terlambat"),
    RuleCode.ITEMS_DUE: _l("Butir tiba gilirannya"),
    RuleCode.NO_HOLIDAYS: _l("Hari libur belum diisi"),
    RuleCode.TABLET_UNSENT: _l("Tablet belum mengirim"),
}
COUNTED_FROM = {
    RuleCode.PLANNED_VISIT: _l("sebelum hari kunjungan"),
    RuleCode.UNVISITED: _l("sejak kunjungan terakhir"),
    RuleCode.ACTION_OVERDUE: _l("sesudah tenggat"),
    RuleCode.PROOF_WAITING: _l("sejak dilaporkan selesai"),
    RuleCode.DOCUMENT_EXPIRES: _l("sebelum berakhir"),
    RuleCode.TERM_ENDS: _l("sebelum berakhir"),
    RuleCode.MONTHLY_REPORT_LATE: _l("sesudah tenggat"),
    RuleCode.ITEMS_DUE: _l("sejak tiba gilirannya"),
    RuleCode.NO_HOLIDAYS: _l("sesudah 1 Desember"),
    RuleCode.TABLET_UNSENT: _l("sejak tablet terakhir terhubung"),
}
RULE_GROUPS = (
    ("kunjungan", _l("Kunjungan"), (RuleCode.PLANNED_VISIT, RuleCode.UNVISITED, RuleCode.ITEMS_DUE)),
    ("rencana", _l("Rencana"), (RuleCode.ACTION_DUE, RuleCode.ACTION_OVERDUE, RuleCode.PROOF_WAITING)),
    ("laporan", _l("Laporan bulanan"), (RuleCode.MONTHLY_REPORT, RuleCode.MONTHLY_REPORT_LATE)),
    ("berakhir", _l("Dokumen dan jabatan"), (RuleCode.DOCUMENT_EXPIRES, RuleCode.TERM_ENDS)),
    ("kewajiban", _l("RAT dan kewajiban lain"), (*OF_OBLIGATION.values(), RuleCode.OTHER_OBLIGATION)),
    ("sistem", _l("Kalender dan tablet"), (RuleCode.NO_HOLIDAYS, RuleCode.TABLET_UNSENT)),
)
"""As the admin looks for them: an id, a title, the rules in it."""

assert sorted(code for *_, codes in RULE_GROUPS for code in codes) == sorted(RuleCode)

HEARER_WORDS = {
    Hearer.DOER: _l("Yang mengerjakan"),
    Hearer.FACILITATOR: _l("Pendamping"),
    Hearer.COOPERATIVE: _l("Koperasi"),
    Hearer.AGENCY_HEAD: _l("Kepala dinas"),
    Hearer.ADMIN: _l("Admin"),
}
CHANNEL_WORDS = {
    ChannelKind.EMAIL: _l("Surel"),
    ChannelKind.PUSH: _l("Notifikasi di perangkat"),
    ChannelKind.GATEWAY: _l("WhatsApp atau Telegram dinas"),
}
STATE_WORDS = {
    DeliveryState.WAITING: _l("Menunggu"),
    DeliveryState.SENDING: _l("Sedang dikirim"),
    DeliveryState.SENT: _l("Terkirim"),
    DeliveryState.FAILED: _l("Gagal"),
    DeliveryState.UNSURE: _l("Tidak pasti"),
    DeliveryState.NEEDLESS: _l("Tidak perlu lagi"),
}
OUTCOME_WORDS = {
    RunOutcome.RUNNING: _l("Berjalan"),
    RunOutcome.DONE: _l("Selesai"),
    RunOutcome.FAILED: _l("Gagal"),
}
ICONS = {
    RuleCode.PLANNED_VISIT: "calendar-event",
    RuleCode.UNVISITED: "clock-history",
    RuleCode.ACTION_DUE: "list-check",
    RuleCode.ACTION_OVERDUE: "exclamation-circle",
    RuleCode.PROOF_WAITING: "check2-square",
    RuleCode.DOCUMENT_EXPIRES: "file-earmark-text",
    RuleCode.TERM_ENDS: "person-badge",
    RuleCode.MONTHLY_REPORT: "file-earmark-text",
    RuleCode.MONTHLY_REPORT_LATE: "exclamation-circle",
    RuleCode.ITEMS_DUE: "arrow-repeat",
    RuleCode.NO_HOLIDAYS: "calendar-x",
    RuleCode.TABLET_UNSENT: "tablet",
}


def rule_word(code: RuleCode | str) -> str:
    return str(RULE_WORDS[RuleCode(code)])


def counted_from(code: RuleCode) -> str:
    """What a rule's days are counted from: "sebelum tanggalnya" where nothing else is said."""
    return str(COUNTED_FROM.get(code, _("sebelum tenggat")))


def days_of_rule(rule: Rule) -> str:
    """ "7, 1 hari sebelum tenggat"; the day itself is said in words."""
    days = ", ".join(str(day) for day in rule.days if day)
    on_the_day = str(_("pada harinya")) if 0 in rule.days else ""
    counted = str(_("%(days)s hari %(from)s", days=days, **{"from": counted_from(rule.code)})) if days else ""
    return ", ".join(each for each in (on_the_day, counted) if each)


def hearer_word(hearer: Hearer | str) -> str:
    return str(HEARER_WORDS[Hearer(hearer)])


def channel_word(channel: ChannelKind | str) -> str:
    return str(CHANNEL_WORDS[ChannelKind(channel)])


def delivery_word(state: DeliveryState) -> str:
    return str(STATE_WORDS[state])


def outcome_word(outcome: RunOutcome) -> str:
    return str(OUTCOME_WORDS[outcome])


def reminder_icon(code: RuleCode) -> str:
    return ICONS.get(code, "flag")


def days_word(view: NotificationView) -> str:
    """How far away the date was on the day of the reminder: words that stay true whenever they are read."""
    left = (view.anchor_on - view.day).days
    if left == 0:
        return str(_("hari ini"))
    if left > 0:
        return str(ngettext("%(num)s hari lagi", "%(num)s hari lagi", left))
    return str(ngettext("%(num)s hari lalu", "%(num)s hari lalu", -left))


# One sentence for each kind -------------------------------------------------------------------------------------------


def _planned_visit(view: NotificationView) -> str:
    return str(_("Kunjungan pada %(day)s", day=weekday_date(view.anchor_on)))


def _unvisited(view: NotificationView) -> str:
    return str(_("Belum dikunjungi sejak %(day)s", day=long_date(view.anchor_on)))


def _action_due(view: NotificationView) -> str:
    return str(_("Tenggat %(day)s: %(title)s", day=long_date(view.anchor_on), title=view.title_id))


def _action_overdue(view: NotificationView) -> str:
    return str(_("Lewat tenggat %(day)s: %(title)s", day=long_date(view.anchor_on), title=view.title_id))


def _proof(view: NotificationView) -> str:
    return str(_("Dilaporkan selesai %(day)s, menunggu diperiksa: %(title)s", **_dated(view)))


def _document(view: NotificationView) -> str:
    return str(_("%(title)s berlaku sampai %(day)s", **_dated(view)))


def _term(view: NotificationView) -> str:
    return str(_("Masa jabatan %(title)s berakhir %(day)s; siapkan pergantian", **_dated(view)))


def _obligation(view: NotificationView) -> str:
    return str(_("%(title)s: paling lambat %(day)s", title=word(view, "title"), day=long_date(view.anchor_on)))


def _month(view: NotificationView) -> str:
    return str(format_date(dt.date.fromisoformat(f"{view.title_id}-01"), "MMMM y"))


def _report(view: NotificationView) -> str:
    return str(_("Laporan bulan %(month)s: paling lambat %(day)s", month=_month(view), day=long_date(view.anchor_on)))


def _report_late(view: NotificationView) -> str:
    return str(
        _("Laporan bulan %(month)s belum ada; tenggatnya %(day)s", month=_month(view), day=long_date(view.anchor_on))
    )


def _items(view: NotificationView) -> str:
    count = int(view.title_id)
    return str(
        ngettext("%(num)s butir daftar periksa tiba gilirannya", "%(num)s butir daftar periksa tiba gilirannya", count)
    )


def _holidays(view: NotificationView) -> str:
    return str(_("Hari libur tahun %(year)s belum diisi di kalender", year=view.title_id))


def _tablet(view: NotificationView) -> str:
    return str(_("Catatan di tablet %(title)s belum terkirim; tablet terakhir terhubung %(day)s", **_dated(view)))


def _dated(view: NotificationView) -> dict[str, Any]:
    return {"title": view.title_id, "day": long_date(view.anchor_on)}


SENTENCES: dict[RuleCode, Callable[[NotificationView], str]] = {
    RuleCode.PLANNED_VISIT: _planned_visit,
    RuleCode.UNVISITED: _unvisited,
    RuleCode.ACTION_DUE: _action_due,
    RuleCode.ACTION_OVERDUE: _action_overdue,
    RuleCode.PROOF_WAITING: _proof,
    RuleCode.DOCUMENT_EXPIRES: _document,
    RuleCode.TERM_ENDS: _term,
    RuleCode.MONTHLY_REPORT: _report,
    RuleCode.MONTHLY_REPORT_LATE: _report_late,
    RuleCode.ITEMS_DUE: _items,
    RuleCode.NO_HOLIDAYS: _holidays,
    RuleCode.TABLET_UNSENT: _tablet,
}


def reminder_words(view: NotificationView) -> str:
    """What somebody is reminded of, without the cooperative's name: that stands beside it."""
    return SENTENCES.get(view.rule, _obligation)(view)
