"""The schedule's words on screens."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from pendamping.kernel.i18n import long_date
from pendamping.visits.schedule.queries import PlanState


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
