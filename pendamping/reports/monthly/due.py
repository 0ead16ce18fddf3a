"""When a monthly report is due, and since when it is late. Pure.

The 5th of the next month is our proposal after the reports of business assistants to their agency
(kalender_2026.yaml, LAPORAN_PENDAMPING). That calendar moves no due date of its own for days off; what falls on one
is only shown on the working day before.
"""

import calendar
import datetime as dt
from collections.abc import Set

from pendamping.cooperatives.records.figures import Month

DUE_DAY = 5


def due_on(month: Month) -> dt.date:
    """The last day on which the report on a month is in time."""
    return month.minus(-1).first_day.replace(day=DUE_DAY)


def advised_on(month: Month, days_off: Set[dt.date]) -> dt.date:
    """The last working day that still is in time: what people are told when the due date is a day off."""
    day = due_on(month)
    while day.weekday() >= calendar.SATURDAY or day in days_off:
        day -= dt.timedelta(days=1)
    return day


def days_late(month: Month, *, sent_on: dt.date | None, today: dt.date) -> int:
    """By how many days a report came, or is, too late; 0 for one in time."""
    return max(((sent_on or today) - due_on(month)).days, 0)


def is_over(month: Month, *, today: dt.date) -> bool:
    """A report can be sent once its month is over: an approved month takes no further visit."""
    return today > month.last_day


def target_share(per_month: int, *, days: int, month: Month) -> int:
    """Visits that a cooperative should have had within the days of a month on which it was accompanied, rounded to
    whole visits, half up. Our proposal: who hands over in mid-month owes half.
    """
    length = month.last_day.day
    return (2 * per_month * days + length) // (2 * length)
