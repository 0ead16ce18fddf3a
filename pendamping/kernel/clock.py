"""The office's time: Balikpapan lives in WITA, the database in UTC."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

OFFICE_TZ = ZoneInfo("Asia/Makassar")

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The clock of a running server; tests hand the app another one."""
    return dt.datetime.now(dt.UTC)


def date_in(text: str) -> dt.date | None:
    """The day that an address names; None for anything else, and for years that no programme reaches."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1945 <= day.year <= 2100 else None


def instant_in(text: str) -> dt.datetime | None:
    """The instant that a page or a device wrote down; None for anything else, and for years at which no calendar could
    show it.
    """
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo and 1945 <= instant.year <= 2100 else None


def office_date(instant: dt.datetime) -> dt.date:
    return instant.astimezone(OFFICE_TZ).date()


def office_instant(day: dt.date, time: dt.time) -> dt.datetime:
    """The instant that a day and a time of day in Balikpapan stand for."""
    return dt.datetime.combine(day, time, tzinfo=OFFICE_TZ)


def start_of_day(day: dt.date) -> dt.datetime:
    """Midnight in Balikpapan, with which a day begins."""
    return office_instant(day, dt.time())
