import datetime as dt

import pytest

from pendamping.kernel.clock import instant_in, office_date, utc_now


@pytest.mark.parametrize(
    ("instant", "date"),
    [
        ("2026-04-14T15:59:59+00:00", "2026-04-14"),
        ("2026-04-14T16:00:00+00:00", "2026-04-15"),
        ("2025-12-31T16:00:00+00:00", "2026-01-01"),
        ("2026-04-14T23:30:00+07:00", "2026-04-15"),
        ("2026-04-15T00:30:00+09:00", "2026-04-14"),
    ],
)
def test_the_day_changes_at_midnight_in_balikpapan(instant: str, date: str) -> None:
    assert office_date(dt.datetime.fromisoformat(instant)) == dt.date.fromisoformat(date)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2026-04-14T09:30:00+08:00", True),
        ("2026-04-14T01:30:00Z", True),
        ("2026-04-14T09:30:00", False),
        ("2026-04-14", False),
        ("0001-01-01T00:00+14:00", False),
        ("9999-12-31T23:59-14:00", False),
        ("", False),
        ("\0", False),
    ],
)
def test_an_instant_has_a_zone_and_a_year_that_every_calendar_reaches(text: str, is_one: bool) -> None:
    assert (instant_in(text) is not None) is is_one


def test_the_clock_knows_its_zone() -> None:
    assert utc_now().utcoffset() == dt.timedelta(0)
