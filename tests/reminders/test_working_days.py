import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.reminders.working_days import ONE_DAY, WorkingDays, is_quiet

IDUL_FITRI = WorkingDays.without([dt.date(2026, 3, day) for day in (18, 19, 20, 23, 24)])
"""Wednesday, 18 March to Tuesday, 24 March 2026, the weekend among them."""
days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
calendars = st.sets(days, max_size=40).map(WorkingDays.without)


def test_what_lies_ahead_is_shown_before_a_rest_and_what_is_late_after_it() -> None:
    inside = dt.date(2026, 3, 21)

    assert IDUL_FITRI.shown_on(inside, is_ahead=True) == dt.date(2026, 3, 17)
    assert IDUL_FITRI.shown_on(inside, is_ahead=False) == dt.date(2026, 3, 25)


def test_a_working_day_stands_in_for_the_days_off_beside_it() -> None:
    before = IDUL_FITRI.nominal(dt.date(2026, 3, 17))

    assert before.ahead == tuple(dt.date(2026, 3, day) for day in range(17, 25))
    assert before.behind == (dt.date(2026, 3, 17),)
    assert IDUL_FITRI.nominal(dt.date(2026, 3, 20)).ahead == ()


@given(calendar=calendars, day=days, is_ahead=st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_day_has_exactly_one_working_day_on_which_it_is_shown(
    calendar: WorkingDays, day: dt.date, is_ahead: bool
) -> None:
    shown = calendar.shown_on(day, is_ahead=is_ahead)
    near = [day + number * ONE_DAY for number in range(-35, 36)]

    assert [each for each in near if day in calendar.nominal(each).of(is_ahead=is_ahead)] == [shown]


def test_the_working_days_between_two_leave_out_what_was_missed_on_days_off() -> None:
    found = IDUL_FITRI.between(dt.date(2026, 3, 16), dt.date(2026, 3, 26))

    assert found == (dt.date(2026, 3, 17), dt.date(2026, 3, 25), dt.date(2026, 3, 26))


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("06:59", True), ("07:00", False), ("19:59", False), ("20:00", True), ("23:30", True), ("00:10", True)],
)
def test_nobody_is_disturbed_at_night(clock: str, quiet: bool) -> None:
    instant = dt.datetime.fromisoformat(f"2026-04-14T{clock}:00+08:00")

    assert is_quiet(instant) is quiet
