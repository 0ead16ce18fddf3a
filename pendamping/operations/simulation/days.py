"""Days on which people work, months, and halves of months."""

import calendar
import datetime as dt
from collections.abc import Iterator, Set
from dataclasses import dataclass

from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.clock import office_instant

FIXED_HOLIDAYS = {(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)}
"""Those that need no decree, for the years whose calendar nobody has entered."""
ONE_DAY = dt.timedelta(days=1)
HALF = 15
"""A month has two halves: to the 15th, and the rest. Each cooperative should be seen in both."""


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The days off that are on record."""

    days_off: Set[dt.date]

    def is_working(self, day: dt.date) -> bool:
        if day.weekday() >= calendar.SATURDAY or day in self.days_off:
            return False
        return (day.month, day.day) not in FIXED_HOLIDAYS

    def working_days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        return [day for day in days_between(first, last) if self.is_working(day)]


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Both included."""
    while first <= last:
        yield first
        first += ONE_DAY


def halves(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The halves of months from a day to a day, the outer ones cut off there."""
    while first <= last:
        end = first.replace(day=HALF) if first.day <= HALF else month_end(first)
        yield first, min(end, last)
        first = end + ONE_DAY


def months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The first day of each month that lies, at least in part, between two days."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = month_end(month) + ONE_DAY


def month_end(day: dt.date) -> dt.date:
    return Month.of(day).last_day


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """An instant by the office's clock."""
    return office_instant(day, time)
