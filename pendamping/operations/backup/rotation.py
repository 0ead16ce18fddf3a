"""Which nightly copies stay: of the last seven days, four weeks and twelve months one each (our proposal)."""

import datetime as dt
from collections.abc import Callable, Collection, Hashable

from pendamping.kernel.clock import office_date

DAYS, WEEKS, MONTHS = 7, 4, 12


def to_keep(made_at: Collection[dt.datetime]) -> set[dt.datetime]:
    """Of the copies made at these instants, those that stay.

    Days, weeks and months are the office's, and only those with a copy count: an office that was closed for a year, or
    whose clock is wrong, loses nothing by making one more. Of each the newest copy stays.
    """
    kept: set[dt.datetime] = set()
    for span, count in ((_day, DAYS), (_week, WEEKS), (_month, MONTHS)):
        kept |= _newest_of_each(made_at, span, count)
    return kept


def _newest_of_each(
    made_at: Collection[dt.datetime], span: Callable[[dt.date], Hashable], count: int
) -> set[dt.datetime]:
    newest: dict[Hashable, dt.datetime] = {}
    for instant in sorted(made_at, reverse=True):
        newest.setdefault(span(office_date(instant)), instant)
    return set(list(newest.values())[:count])


def _day(day: dt.date) -> Hashable:
    return day


def _week(day: dt.date) -> Hashable:
    return day.isocalendar()[:2]


def _month(day: dt.date) -> Hashable:
    return day.year, day.month
