"""What may follow what, and when a partnership runs; without a database."""

import dataclasses
import datetime as dt

import pytest

from pendamping.cooperatives.partnerships.models import PartnershipStatus
from pendamping.cooperatives.partnerships.rules import Terms, is_running, runs_backward
from tests.conftest import TODAY

AGREED, RUNNING, STOPPED = PartnershipStatus.AGREED, PartnershipStatus.RUNNING, PartnershipStatus.STOPPED
MARCH, FEBRUARY = dt.date(2026, 3, 1), dt.date(2026, 2, 1)
TERMS = Terms("Bulog", True, "Beras", AGREED, MARCH, None, None, "")


@pytest.mark.parametrize(
    ("status", "since_on", "was_verified", "is_backward"),
    [
        (RUNNING, MARCH, True, False),
        (RUNNING, FEBRUARY, True, True),
        (STOPPED, FEBRUARY, True, True),
        (AGREED, FEBRUARY, True, False),
        (RUNNING, FEBRUARY, False, False),
    ],
    ids=["same day", "earlier", "end before beginning", "date put right", "nobody had looked"],
)
def test_a_new_status_does_not_begin_before_the_old_one(
    status: PartnershipStatus, since_on: dt.date, was_verified: bool, is_backward: bool
) -> None:
    after = dataclasses.replace(TERMS, status=status, since_on=since_on)

    assert runs_backward(TERMS, after, was_verified=was_verified) is is_backward


@pytest.mark.parametrize(
    ("changed", "runs"),
    [
        ({}, True),
        ({"ends_on": TODAY}, True),
        ({"ends_on": TODAY - dt.timedelta(days=1)}, False),
        ({"since_on": None}, True),
        ({"since_on": TODAY + dt.timedelta(days=1)}, False),
        ({"status": STOPPED}, False),
        ({"status": AGREED}, False),
    ],
    ids=["open end", "last day", "over", "day unknown", "not begun", "stopped", "only signed"],
)
def test_it_runs_from_its_day_to_the_end_of_its_agreement(changed: dict[str, object], runs: bool) -> None:
    terms = dataclasses.replace(TERMS, **{"status": RUNNING, **changed})  # type: ignore[arg-type]

    assert is_running(terms, today=TODAY) is runs
