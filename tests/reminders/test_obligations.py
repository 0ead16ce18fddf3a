import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.reminders.obligations import annual_report_on, dates_within, meeting_on_of_annual_report, notice_on


@dataclass
class Duty:
    code: str = "UJI"
    month_days: list[str] = field(default_factory=list)
    day_of_month: int | None = None


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (Duty(month_days=["01-10", "04-10"]), ["2026-04-10", "2027-01-10"]),
        (Duty(day_of_month=5), ["2026-03-05", "2026-04-05", "2026-05-05"]),
        (Duty(month_days=["02-29"]), []),
        (Duty(), []),
    ],
)
def test_an_obligation_falls_on_the_same_days_each_year_or_month(duty: Duty, expected: list[str]) -> None:
    last = dt.date(2026, 5, 31) if duty.day_of_month else dt.date(2027, 1, 31)

    assert [str(day) for day in dates_within(duty, dt.date(2026, 3, 1), last)] == expected


def test_what_is_due_on_the_29th_of_february_is_due_on_the_28th() -> None:
    assert dates_within(Duty(month_days=["02-29"]), dt.date(2027, 1, 1), dt.date(2027, 12, 31)) == [
        dt.date(2027, 2, 28)
    ]


def test_the_chain_before_a_general_meeting() -> None:
    meeting_on = dt.date(2026, 3, 31)

    assert annual_report_on(meeting_on) == dt.date(2026, 2, 28)
    assert notice_on(meeting_on) == dt.date(2026, 3, 17)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_every_meeting_is_found_again_by_its_annual_report(meeting_on: dt.date) -> None:
    assert meeting_on in meeting_on_of_annual_report(annual_report_on(meeting_on))
