"""What is said of each finding, in one sentence, and what the agency asks about it unless it says something else."""

import datetime as dt
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pendamping.accounts.devices.queries import SILENT_AFTER
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.words import month_words
from pendamping.desk.attention.findings import Finding
from pendamping.kernel.i18n import decimal, language, long_date
from pendamping.kernel.tables import TEN_THOUSANDTHS
from pendamping.progress.asking.models import Kind
from pendamping.progress.matters import OVERDUE_AFTER_DAYS, SILENT_AFTER_DAYS
from pendamping.progress.queries import SHORT_TITLES

NOT_COUNTED = {Kind.STAGE: _l("Semua syarat tahap berikutnya terpenuhi")}
NEVER = {
    Kind.SILENT: _l("Belum pernah dikunjungi"),
    Kind.UNASSIGNED: _l("Belum pernah mempunyai pendamping"),
    Kind.WEAK: _l("Bukti kunjungan terakhir lemah"),
}


def sentence(finding: Finding, *, today: dt.date) -> str:
    """“Belum dikunjungi 41 hari”"""
    if finding.kind in NOT_COUNTED:
        return str(NOT_COUNTED[finding.kind])
    if finding.kind in (Kind.SILENT, Kind.OVERDUE, Kind.UNASSIGNED, Kind.WEAK):
        return _since(finding, today)
    if finding.kind is Kind.CASH:
        return str(
            ngettext(
                "Selisih kas pada %(num)s pemeriksaan berturut-turut",
                "Selisih kas pada %(num)s pemeriksaan berturut-turut",
                finding.amount or 0,
            )
        )
    if finding.kind is Kind.FALLING:
        points = decimal(Decimal(finding.amount or 0) / TEN_THOUSANDTHS, 1)
        return str(_("%(title)s turun %(points)s poin dalam 90 hari", title=_title(finding.detail), points=points))
    return _listed(finding)


def _listed(finding: Finding) -> str:
    """What other features' lists tell: how many, and since when."""
    count = finding.amount or 0
    since = long_date(finding.since) if finding.since else ""
    match finding.kind:
        case Kind.DISPUTE:
            said = ngettext("%(num)s tindakan tidak disetujui", "%(num)s tindakan tidak disetujui", count)
        case Kind.HAND_OVER:
            said = _("Serah terima menunggu sejak %(date)s", date=since)
        case Kind.REPORT_LATE:
            said = ngettext(
                "Laporan %(month)s belum dikirim",
                "%(num)s laporan belum dikirim, yang terlama %(month)s",
                count,
                month=_month(finding.detail),
            )
        case Kind.REPORT_WAITING:
            said = ngettext(
                "Laporan %(month)s menunggu tinjauan",
                "%(num)s laporan menunggu tinjauan, yang terlama %(month)s",
                count,
                month=_month(finding.detail),
            )
        case Kind.QUARANTINE:
            said = ngettext("%(num)s catatan menunggu putusan", "%(num)s catatan menunggu putusan", count)
        case _unsent:
            said = ngettext(
                "%(num)s catatan belum terkirim; tabletnya terakhir terhubung %(date)s",
                "%(num)s catatan belum terkirim; tabletnya terakhir terhubung %(date)s",
                count,
                date=since,
            )
    return str(said)


def _month(code: str | None) -> str:
    """Maret 2026, of 202603"""
    return month_words(Month(int((code or "0")[:4]), int((code or "")[4:]))) if code else ""


def _since(finding: Finding, today: dt.date) -> str:
    if finding.since is None:
        return str(NEVER.get(finding.kind, ""))
    days = (today - finding.since).days
    match finding.kind:
        case Kind.SILENT:
            said = ngettext("Belum dikunjungi %(num)s hari", "Belum dikunjungi %(num)s hari", days)
        case Kind.OVERDUE:
            said = ngettext("Tindakan terlama terlambat %(num)s hari", "Tindakan terlama terlambat %(num)s hari", days)
        case Kind.UNASSIGNED:
            said = _("Tanpa pendamping sejak %(date)s", date=long_date(finding.since + dt.timedelta(days=1)))
        case _other:
            said = _("Kunjungan terakhir, %(date)s, buktinya lemah", date=long_date(finding.since))
    return str(said)


def _title(code: str | None) -> str:
    titles = SHORT_TITLES.get(code or "")
    if titles is None:
        return str(code)
    return titles[1] if language() == "en" else titles[0]


QUESTIONS = {
    Kind.CASH: _l("Selisih kas berulang. Apa sebabnya, dan apa yang sudah disepakati dengan bendahara?"),
    Kind.FALLING: _l("Skornya turun dalam tiga bulan terakhir. Apa sebabnya, dan apa rencananya?"),
    Kind.OVERDUE: _l("Ada tindakan yang lama terlambat. Apa kendalanya, dan kapan bisa selesai?"),
    Kind.SILENT: _l("Koperasi ini sudah lama tidak dikunjungi. Apa kendalanya?"),
    Kind.WEAK: _l("Bukti kunjungan terakhir lemah. Apa yang terjadi?"),
    Kind.DISPUTE: _l("Koperasi tidak menyetujui sebuah tindakan. Apa jalan keluarnya?"),
    Kind.REPORT_LATE: _l("Laporan bulanan belum dikirim. Apa kendalanya, dan kapan dikirim?"),
    Kind.UNSENT: _l("Ada catatan yang belum terkirim dari tablet. Mohon sambungkan ke internet dan kirim."),
}


def default_question(kind: Kind) -> str:
    """What a facilitator reads when the agency asks with one tap and no words of its own."""
    return str(QUESTIONS.get(kind) or _("Mohon kabar tentang hal ini."))


def appeared_on(finding: Finding) -> dt.date | None:
    """The day from which it stood on the list; None where nothing tells."""
    if finding.since is None:
        return None
    match finding.kind:
        case Kind.SILENT:
            return finding.since + dt.timedelta(days=SILENT_AFTER_DAYS + 1)
        case Kind.OVERDUE:
            return finding.since + dt.timedelta(days=OVERDUE_AFTER_DAYS + 1)
        case Kind.UNASSIGNED:
            return finding.since + dt.timedelta(days=1)
        case Kind.UNSENT:
            return finding.since + SILENT_AFTER
        case _other:
            return finding.since
