import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.reminders.obligations import (
    Dates,
    Obligation,
    Terms,
    Version,
    annual_report_on,
    meeting_on_of_annual_report,
    notice_on,
    thing_of,
)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (Dates(month_days=("01-10", "04-10")), ["2026-04-10", "2027-01-10"]),
        (Dates(day_of_month=5), ["2026-03-05", "2026-04-05", "2026-05-05"]),
        (Dates(month_days=("02-29",)), []),
        (Dates(on_days=(dt.date(2026, 4, 1), dt.date(2028, 4, 1))), ["2026-04-01"]),
        (Dates(), []),
    ],
)
def test_an_obligation_falls_on_the_same_days_each_year_or_month_or_once(dates: Dates, expected: list[str]) -> None:
    last = dt.date(2026, 5, 31) if dates.day_of_month else dt.date(2027, 1, 31)

    assert [str(day) for day in dates.within(dt.date(2026, 3, 1), last)] == expected


def test_what_is_due_on_the_29th_of_february_is_due_on_the_28th() -> None:
    assert Dates(month_days=("02-29",)).within(dt.date(2027, 1, 1), dt.date(2027, 12, 31)) == [dt.date(2027, 2, 28)]


def versions(*said: tuple[str, int | None]) -> Obligation:
    """Monthly on a day, each from a date on; None: ended."""
    return Obligation(
        "UJI",
        [
            Version(
                "UJI",
                number,
                dt.date.fromisoformat(on),
                Terms("Uji", "Test", Dates(day_of_month=day or 1), is_ended=not day),
            )
            for number, (on, day) in enumerate(said, 1)
        ],
    )


@pytest.mark.parametrize(
    ("obligation", "expected"),
    [
        (versions(("1945-01-01", 5)), ["05-05", "06-05", "07-05"]),
        (versions(("1945-01-01", 5), ("2026-06-01", 20)), ["05-05", "06-20", "07-20"]),
        (versions(("1945-01-01", 5), ("2026-06-05", 20)), ["05-05", "06-20", "07-20"]),
        (versions(("1945-01-01", 5), ("2026-06-06", 20)), ["05-05", "06-05", "06-20", "07-20"]),
        (versions(("1945-01-01", 5), ("2026-06-01", None)), ["05-05"]),
        (versions(("1945-01-01", 5), ("2026-06-01", None), ("2026-07-01", 5)), ["05-05", "07-05"]),
        (versions(("1945-01-01", 5), ("2026-09-01", 20), ("2026-06-01", 8)), ["05-05", "06-08", "07-08"]),
        (versions(("2026-06-01", 5)), ["06-05", "07-05"]),
    ],
)
def test_a_change_holds_from_its_day_on_and_leaves_what_was_before(obligation: Obligation, expected: list[str]) -> None:
    found = obligation.dates_within(dt.date(2026, 5, 1), dt.date(2026, 7, 31))

    assert [day.strftime("%m-%d") for day, _ in found] == expected


@given(st.uuids(), st.sampled_from(["UJI", "HARKOPNAS", "TRIWULAN"]))
@settings(max_examples=20, deadline=None)
def test_a_thing_leads_back_to_its_cooperative(cooperative_id: uuid.UUID, code: str) -> None:
    assert thing_of(code, thing_of(code, cooperative_id)) == cooperative_id
    assert thing_of("UJI", cooperative_id) != thing_of("HARKOPNAS", cooperative_id)


def test_the_chain_before_a_general_meeting() -> None:
    meeting_on = dt.date(2026, 3, 31)

    assert annual_report_on(meeting_on) == dt.date(2026, 2, 28)
    assert notice_on(meeting_on) == dt.date(2026, 3, 17)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_every_meeting_is_found_again_by_its_annual_report(meeting_on: dt.date) -> None:
    assert meeting_on in meeting_on_of_annual_report(annual_report_on(meeting_on))
