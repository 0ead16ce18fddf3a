"""Which days the office works, and on which of them a reminder is shown whose own day it does not."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pendamping.kernel.clock import OFFICE_TZ

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5
QUIET_FROM, QUIET_UNTIL = dt.time(20), dt.time(7)
"""WITA: what waits in the evening goes out in the morning."""
LONGEST_REST = 31
"""No run of days off is longer; a calendar that says otherwise must not keep anything waiting for ever."""


@dataclass(frozen=True, slots=True)
class Nominal:
    """The days by whose dates a working day reminds: itself, and the days off beside it.

    What lies ahead is shown on the working day before, so that there is still time; what is late already is shown on
    the working day after, because before it nothing was late.
    """

    ahead: tuple[dt.date, ...]
    behind: tuple[dt.date, ...]

    def of(self, *, is_ahead: bool) -> tuple[dt.date, ...]:
        return self.ahead if is_ahead else self.behind


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday without what was decreed to be off."""

    days_off: frozenset[dt.date]

    @classmethod
    def without(cls, days_off: Collection[dt.date]) -> "WorkingDays":
        return cls(frozenset(days_off))

    def is_working(self, day: dt.date) -> bool:
        return day.weekday() < SATURDAY and day not in self.days_off

    def shown_on(self, day: dt.date, *, is_ahead: bool) -> dt.date:
        """The working day that stands in for `day`: the one before it, or after it for what is late."""
        step = -ONE_DAY if is_ahead else ONE_DAY
        for _ in range(LONGEST_REST):
            if self.is_working(day):
                break
            day += step
        return day

    def nominal(self, day: dt.date) -> Nominal:
        """The days that are reminded of on `day`; none when the office does not work on it."""
        if not self.is_working(day):
            return Nominal((), ())
        return Nominal((day, *self._rest(day, ONE_DAY)), (day, *self._rest(day, -ONE_DAY)))

    def _rest(self, day: dt.date, step: dt.timedelta) -> Iterator[dt.date]:
        for _ in range(LONGEST_REST):
            day += step
            if self.is_working(day):
                return
            yield day

    def between(self, after: dt.date, until: dt.date) -> tuple[dt.date, ...]:
        """The working days later than `after`, up to `until`."""
        days = (after + dt.timedelta(days=number) for number in range(1, (until - after).days + 1))
        return tuple(day for day in days if self.is_working(day))


def is_quiet(instant: dt.datetime) -> bool:
    """Whether nobody is to be disturbed: 20.00 to 07.00 WITA."""
    clock = instant.astimezone(OFFICE_TZ).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL
