"""On which dates an obligation falls: the same each year or month, or counted from the general meeting (RAT)."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from pendamping.reminders.working_days import ONE_DAY

NOTICE_DAYS = 14
"""Juklak Menkop 1/2025, Lampiran 7 Pasal 11."""


class Dated(Protocol):
    """As `models.Obligation` has it."""

    code: str
    month_days: list[str]
    day_of_month: int | None


def dates_within(obligation: Dated, first: dt.date, last: dt.date) -> list[dt.date]:
    """The legal dates of an obligation from one day to another, whether or not the office works on them; none for
    one that is counted from the general meeting.
    """
    found = [day for year in range(first.year, last.year + 1) for day in _in_year(obligation, year)]
    return sorted(day for day in found if first <= day <= last)


def _in_year(obligation: Dated, year: int) -> Iterable[dt.date]:
    if obligation.day_of_month is not None:
        return [dt.date(year, month, obligation.day_of_month) for month in range(1, 13)]
    return [dt.date(year, *_month_and_day(each)) for each in obligation.month_days]


def _month_and_day(text: str) -> tuple[int, int]:
    """Of MM-DD; what is due on 29 February is due on the 28th, every year."""
    month, day = (int(part) for part in text.split("-"))
    return (2, 28) if (month, day) == (2, 29) else (month, day)


def annual_report_on(meeting_on: dt.date) -> dt.date:
    """A month before the general meeting (UU 25/1992 Pasal 35)."""
    last_of_month_before = meeting_on.replace(day=1) - ONE_DAY
    return last_of_month_before.replace(day=min(meeting_on.day, last_of_month_before.day))


def meeting_on_of_annual_report(report_on: dt.date) -> tuple[dt.date, ...]:
    """The meetings a month before which `report_on` lies: several at the end of a short month."""
    days = (report_on + number * ONE_DAY for number in range(28, 32))
    return tuple(day for day in days if annual_report_on(day) == report_on)


def notice_on(meeting_on: dt.date) -> dt.date:
    """The last day to send the notice of a general meeting."""
    return meeting_on - NOTICE_DAYS * ONE_DAY
