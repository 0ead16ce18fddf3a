"""The office's time: Balikpapan lives in WITA, the database in UTC."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

OFFICE_TZ = ZoneInfo("Asia/Makassar")

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The clock of a running server; tests hand the app another one."""
    return dt.datetime.now(dt.UTC)


def office_date(instant: dt.datetime) -> dt.date:
    return instant.astimezone(OFFICE_TZ).date()
