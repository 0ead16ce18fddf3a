"""What a year of scores shows, in one sentence; the chart's own words; what happened, as a timeline says it."""

import datetime as dt

from babel import dates
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pendamping.activities.words import activity_word
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.words import document_word, month_words
from pendamping.cooperatives.words import role_word, stage_word
from pendamping.kernel.i18n import decimal, language, long_date, word
from pendamping.progress.charts import Mark, Panel, Strip, TrendChart
from pendamping.progress.history import Event, EventKind
from pendamping.progress.series import Direction, Move, ScoreSeries, Trend
from pendamping.progress.stages.words import designation_word, verdict_word
from pendamping.visits.corrections.models import CorrectionKind
from pendamping.visits.words import mode_word


def trend_sentence(trend: Trend, *, today: dt.date) -> str:
    """“Transparansi naik 8 poin sejak Januari; Usaha turun 3 poin.”: the chart's title, true without the chart."""
    lead = trend.lead
    if lead is None:
        return str(_("Belum cukup kunjungan untuk melihat arah"))
    since = _month_since(lead.since, today)
    if lead.direction is Direction.STEADY:
        return str(_("Skor hampir tidak berubah sejak %(month)s", month=since))
    said = str(_("%(move)s sejak %(month)s", move=_move(lead), month=since))
    if trend.against is not None:
        said = f"{said}; {_move(trend.against)}"
    if lead.is_provisional:
        return str(_("%(sentence)s (masih sementara)", sentence=said))
    return said


def _move(move: Move) -> str:
    name, points = word(move.series, "short"), abs(move.points)
    if move.direction is Direction.UP:
        return str(ngettext("%(name)s naik %(num)s poin", "%(name)s naik %(num)s poin", points, name=name))
    return str(ngettext("%(name)s turun %(num)s poin", "%(name)s turun %(num)s poin", points, name=name))


def _month_since(day: dt.date, today: dt.date) -> str:
    """The month alone while it can mean only one."""
    return str(dates.format_date(day, "MMMM" if day.year == today.year else "MMMM y", locale=language()))


def trend_chart(series: tuple[ScoreSeries, ...], *, first: dt.date, last: dt.date, is_narrow: bool) -> TrendChart:
    """The chart of these series in the reader's language; an instrument without any score has no panel."""
    panels = tuple(_panel(each, "short" if is_narrow else "title") for each in series if each.points)
    names = dates.get_month_names("abbreviated", locale=language())
    return TrendChart(panels, first, last, tuple(names[number] for number in range(1, 13)))


def _panel(series: ScoreSeries, name: str) -> Panel:
    return Panel(
        name=word(series, name),
        last=decimal(series.points[-1].score),
        marks=tuple(Mark(point.on, float(point.score), point.is_provisional) for point in series.points),
        strips=tuple(Strip(float(band.minimum), word(band, "name")) for band in series.bands),
        changes=tuple((point.on, point.version) for point in series.new_versions),
    )


EVENT_WORDS = {
    EventKind.VISIT: (_l("Kunjungan"), "geo-alt"),
    EventKind.ACTIVITY: (_l("Kegiatan bersama"), "people"),
    EventKind.CORRECTION: (_l("Perbaikan kunjungan"), "pencil"),
    EventKind.CANCELLED: (_l("Kunjungan batal"), "calendar-x"),
    EventKind.AGREED: (_l("Tindakan disepakati"), "list-check"),
    EventKind.REPORTED: (_l("Tindakan dilaporkan selesai"), "send"),
    EventKind.RETURNED: (_l("Tindakan dikembalikan"), "arrow-counterclockwise"),
    EventKind.VERIFIED: (_l("Tindakan terverifikasi"), "check-circle-fill"),
    EventKind.DROPPED: (_l("Tindakan dibatalkan"), "slash-circle"),
    EventKind.DOCUMENT: (_l("Dokumen masuk"), "file-earmark-text"),
    EventKind.EXPIRED: (_l("Dokumen kedaluwarsa"), "file-earmark-x"),
    EventKind.FIGURES: (_l("Angka bulanan"), "bar-chart"),
    EventKind.STAGE: (_l("Keputusan tahap"), "flag"),
    EventKind.DESIGNATION: (_l("Penetapan"), "award"),
    EventKind.ASSIGNMENT: (_l("Penugasan pendamping"), "people"),
}
"""The word and the icon of each kind; `planned` stands beside them, because what is ahead has not happened."""

ACTION_EVENTS = (
    EventKind.AGREED,
    EventKind.REPORTED,
    EventKind.RETURNED,
    EventKind.VERIFIED,
    EventKind.DROPPED,
)
EVENT_GROUPS = {
    "kunjungan": (_l("Kunjungan"), (EventKind.VISIT, EventKind.CANCELLED)),
    "kegiatan": (_l("Kegiatan bersama"), (EventKind.ACTIVITY,)),
    "perbaikan": (_l("Perbaikan"), (EventKind.CORRECTION,)),
    "tindakan": (_l("Tindakan"), ACTION_EVENTS),
    "dokumen": (_l("Dokumen"), (EventKind.DOCUMENT, EventKind.EXPIRED)),
    "angka": (_l("Angka bulanan"), (EventKind.FIGURES,)),
    "tahap": (_l("Tahap"), (EventKind.STAGE, EventKind.DESIGNATION)),
    "penugasan": (_l("Penugasan"), (EventKind.ASSIGNMENT,)),
}
"""What the timeline can be narrowed to, by the word in its address."""

CORRECTION_DETAILS = {CorrectionKind.CORRECTION: _l("Diperbaiki"), CorrectionKind.ADDENDUM: _l("Tambahan")}


def event_title(event: Event) -> str:
    match event.kind:
        case EventKind.VISIT:
            return str(_("Kunjungan oleh %(name)s", name=event.title))
        case EventKind.FIGURES if event.number:
            return month_words(Month(event.number // 100, event.number % 100))
        case EventKind.STAGE:
            return stage_word(event.title)
        case EventKind.DESIGNATION:
            return designation_word(event.title)
        case EventKind.CORRECTION if event.other_on:
            return str(_("Kunjungan %(date)s", date=long_date(event.other_on)))
        case EventKind.CANCELLED if event.other_on:
            return str(_("Rencana %(date)s", date=long_date(event.other_on)))
        case _other:
            return event.title


def event_detail(event: Event) -> str:
    match event.kind:
        case EventKind.VISIT:
            return mode_word(event.detail)
        case EventKind.CORRECTION:
            return f"{CORRECTION_DETAILS[CorrectionKind(event.detail)]}: {event.title}"
        case EventKind.CANCELLED:
            return " · ".join(filter(None, (event.title, event.detail)))
        case EventKind.STAGE:
            return verdict_word(event.detail)
        case EventKind.DESIGNATION:
            return str(_("ditetapkan") if event.number else _("dicabut"))
        case EventKind.FIGURES:
            said = str(_("oleh %(name)s", name=event.title))
            return said if event.detail == "1" else said + ", " + _("diubah")
        case EventKind.REPORTED | EventKind.RETURNED | EventKind.VERIFIED | EventKind.DROPPED:
            return event.detail
        case _other:
            return _dated_detail(event)


def _dated_detail(event: Event) -> str:
    """The details that are one word, or end in a date of their own."""
    on = long_date(event.other_on) if event.other_on else ""
    match event.kind:
        case EventKind.AGREED:
            return " · ".join((role_word(event.detail), _("tenggat %(date)s", date=on)))
        case EventKind.DOCUMENT if on:
            return " · ".join((document_word(event.detail), _("berlaku sampai %(date)s", date=on)))
        case EventKind.DOCUMENT | EventKind.EXPIRED:
            return document_word(event.detail)
        case EventKind.ASSIGNMENT:
            return str(_("sampai %(date)s", date=on))
        case EventKind.ACTIVITY:
            return activity_word(event.detail)
        case _other:
            return ""
