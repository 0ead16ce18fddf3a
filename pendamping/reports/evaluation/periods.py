"""Which spans of time are evaluated. Pure.

SE Menkop 1/2025 asks for an evaluation every six months. The dates are our proposal: from 1 January to 30 June, and the
whole programme year; so are the due dates in the calendar (EVALUASI_6BLN: 30 June and 15 December).
"""

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pendamping.cooperatives.records.figures import Month
from pendamping.reports.monthly.due import target_share


class Part(enum.StrEnum):
    """Of a programme year; the value stands in addresses."""

    HALF = "semester-1"
    YEAR = "tahun"


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A programme year, and the visits that each cooperative should have in a month of it."""

    year: int
    starts_on: dt.date
    ends_on: dt.date
    visits_per_month: int


@dataclass(frozen=True, slots=True)
class Period:
    """The days that an evaluation is about, both ends included."""

    year: int
    part: Part
    first: dt.date
    last: dt.date
    visits_per_month: int

    @property
    def name(self) -> str:
        return f"{self.year}-{self.part}"

    def until(self, today: dt.date) -> dt.date:
        """The last day that can have been recorded."""
        return min(self.last, today)

    def is_over(self, today: dt.date) -> bool:
        return today > self.last

    def months(self, today: dt.date) -> list[Month]:
        """Those that have begun, the oldest first."""
        month, end, found = Month.of(self.first), Month.of(self.until(today)), []
        while month <= end:
            found.append(month)
            month = month.minus(-1)
        return found

    def target(self, today: dt.date) -> int:
        """Visits that each cooperative should have had until today; a part of a month counts by its days."""
        return sum(self._share(month, today) for month in self.months(today))

    def _share(self, month: Month, today: dt.date) -> int:
        first, last = max(month.first_day, self.first), min(month.last_day, self.until(today))
        return target_share(self.visits_per_month, days=(last - first).days + 1, month=month)


def periods_of(years: Iterable[YearSpan], *, today: dt.date) -> list[Period]:
    """Every period that has begun, the latest year first. A year that begins after June has no first half."""
    found = []
    for each in sorted(years, key=lambda one: one.year, reverse=True):
        half_first, half_last = (
            max(dt.date(each.year, 1, 1), each.starts_on),
            min(dt.date(each.year, 6, 30), each.ends_on),
        )
        spans = [(Part.HALF, half_first, half_last), (Part.YEAR, each.starts_on, each.ends_on)]
        found += [
            Period(each.year, part, first, last, each.visits_per_month)
            for part, first, last in spans
            if first <= last and first <= today
        ]
    return found


def period_named(periods: Sequence[Period], year: int, part: str) -> Period | None:
    return next((each for each in periods if (each.year, str(each.part)) == (year, part)), None)
