import datetime as dt

import pytest

from pendamping.kernel.clock import office_date, utc_now


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


def test_the_clock_knows_its_zone() -> None:
    assert utc_now().utcoffset() == dt.timedelta(0)
