"""The schedule's words on screens."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pendamping.kernel.i18n import clock_time, long_date
from pendamping.visits.schedule.queries import PlanState, ScheduleEntry
from pendamping.visits.words import mode_word, purpose_word


@dataclass(frozen=True, slots=True)
class StateLook:
    """A state as it is shown: its word, the tone and the shape that go with it."""

    word: Any
    tone: str
    shape: str


STATE_LOOKS = {
    PlanState.AHEAD: StateLook(_l("Direncanakan"), "stage", "circle"),
    PlanState.DONE: StateLook(_l("Selesai"), "good", "check-circle-fill"),
    PlanState.MISSED: StateLook(_l("Terlewat"), "late", "exclamation-circle"),
    PlanState.CANCELLED: StateLook(_l("Dibatalkan"), "", "slash-circle"),
}


def state_look(state: PlanState) -> StateLook:
    return STATE_LOOKS[state]


def month_words(day: dt.date) -> str:
    """April 2026"""
    return str(format_date(day, "MMMM y"))


def span_words(first: dt.date, last: dt.date) -> str:
    """13–19 April 2026; the month and the year of the first day only where they differ."""
    if first.year != last.year:
        return f"{long_date(first)} – {long_date(last)}"
    if first.month != last.month:
        return f"{format_date(first, 'd MMMM')} – {long_date(last)}"
    return f"{first.day}–{long_date(last)}"


def weekday_word(day: dt.date) -> str:
    """Sen"""
    return str(format_date(day, "EEE"))


def when(on: dt.date, starts: dt.time | None) -> str:
    """14 April 2026 pukul 09.30"""
    if starts is None:
        return long_date(on)
    return str(_("%(date)s pukul %(time)s", date=long_date(on), time=clock_time(starts)))


def entry_words(entry: ScheduleEntry, names_facilitator: bool = False) -> str:
    """How and what for, in one line: the agenda, or the purposes that a visit was made for."""
    about = entry.agenda or ", ".join(purpose_word(each) for each in entry.purposes)
    moved = _("dipindahkan") if entry.is_moved and not entry.is_settled else ""
    parts = (mode_word(entry.mode), about, moved, entry.facilitator_name if names_facilitator else "")
    return " · ".join(part for part in parts if part)
