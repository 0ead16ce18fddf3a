"""`pendamping lock-month`: a month is closed once, and only one that has begun."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from pendamping.kernel.database import reading
from pendamping.visits.corrections.cli import lock
from pendamping.visits.models import MonthLock
from tests.only import on_sqlite
from tests.pages import Browser


@on_sqlite
@pytest.mark.parametrize(
    ("month", "said", "locks"),
    [
        ("2026-04", "2026-04 dikunci.", 1),
        ("2026-05", "Bulan itu belum dimulai.", 0),
        ("0001-01", "0001-01: pakai tahun 1945 sampai 2100", 0),
        ("besok", "'besok' does not match", 0),
    ],
)
def test_only_a_month_that_has_begun_is_locked(browser: Browser, month: str, said: str, locks: int) -> None:
    with browser.make() as rows:
        facilitator = rows.facilitator().username

    with browser.app.app_context():
        done = CliRunner().invoke(lock, [month, facilitator])

        assert (done.exit_code == 0, said in done.output) == (bool(locks), True), done.output
        assert reading().scalar(select(func.count()).select_from(MonthLock)) == locks
