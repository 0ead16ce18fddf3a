import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.operations.backup.rotation import DAYS, MONTHS, WEEKS, to_keep

FIRST_NIGHT = dt.datetime(2026, 1, 1, 18, tzinfo=dt.UTC)
"""Two o'clock in the night of 2 January in Balikpapan."""


def nights(count: int) -> list[dt.datetime]:
    return [FIRST_NIGHT + dt.timedelta(days=number) for number in range(count)]


def days_kept(made_at: list[dt.datetime]) -> list[str]:
    return [f"{instant:%m-%d}" for instant in sorted(to_keep(made_at))]


def test_after_two_years_of_nights_seven_days_four_weeks_and_twelve_months_stay() -> None:
    kept = sorted(to_keep(nights(731)))

    assert [f"{instant:%Y-%m-%d}" for instant in kept] == [
        "2027-02-27",
        "2027-03-30",
        "2027-04-29",
        "2027-05-30",
        "2027-06-29",
        "2027-07-30",
        "2027-08-30",
        "2027-09-29",
        "2027-10-30",
        "2027-11-29",
        "2027-12-11",
        "2027-12-18",
        "2027-12-25",
        "2027-12-26",
        "2027-12-27",
        "2027-12-28",
        "2027-12-29",
        "2027-12-30",
        "2027-12-31",
        "2028-01-01",
    ]


def test_of_two_copies_of_a_day_the_newer_stays_unless_both_are_needed() -> None:
    first, second = FIRST_NIGHT, FIRST_NIGHT + dt.timedelta(hours=3)

    assert to_keep([first, second]) == {second}


def test_a_day_is_the_offices() -> None:
    before_midnight = dt.datetime(2026, 4, 14, 15, 59, tzinfo=dt.UTC)
    after_midnight = dt.datetime(2026, 4, 14, 16, 1, tzinfo=dt.UTC)

    assert to_keep([before_midnight, after_midnight]) == {before_midnight, after_midnight}


@settings(max_examples=50, deadline=None)
@given(st.sets(st.integers(0, 2000), min_size=1, max_size=80))
def test_the_newest_always_stays_and_never_more_than_can_be_asked_for(numbers: set[int]) -> None:
    made_at = [FIRST_NIGHT + dt.timedelta(days=number) for number in numbers]

    kept = to_keep(made_at)

    assert max(made_at) in kept
    assert kept <= set(made_at)
    assert min(len(made_at), DAYS) <= len(kept) <= DAYS + WEEKS + MONTHS
    assert to_keep(kept) == kept
