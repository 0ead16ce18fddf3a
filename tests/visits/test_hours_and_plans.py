"""When a facilitator can have been at a visit, and which plan the visit makes good."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.visits.corrections.service import lock_month
from pendamping.visits.models import MonthLock, Visit, VisitMode
from pendamping.visits.queries import addenda, is_month_locked, visit_counts
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.schedule.service import cancel_visit
from pendamping.visits.service import VisitsOverlap
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make

MARCH, APRIL = dt.date(2026, 3, 31), dt.date(2026, 4, 1)


def at(make: Make, facilitator: User, started: str | None, ended: str | None, code: str = KARIANGAU) -> Visit:
    hours = {
        "started": dt.time.fromisoformat(started) if started else None,
        "ended": dt.time.fromisoformat(ended) if ended else None,
    }
    return make.visit_with(facilitator, code=code, **hours)


def count_visits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Visit)) or 0


# Hours ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(make: Make) -> User:
    """A facilitator of two cooperatives, from 09.30 to 11.00 at KKMP Graha Indah."""
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(facilitator)
    return facilitator


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        ("09:30", "11:00"),
        ("09:00", "09:31"),
        ("10:59", "12:00"),
        ("10:00", "10:15"),
        ("08:00", "17:00"),
        ("10:59:59", "11:30"),
    ],
)
def test_two_visits_at_one_hour_are_refused_naming_the_other(
    session: Session, make: Make, busy: User, started: str, ended: str
) -> None:
    with pytest.raises(VisitsOverlap) as refusal:
        at(make, busy, started, ended)

    assert refusal.value.params == {"cooperative": "KKMP Graha Indah", "started": "09.30", "ended": "11.00"}
    assert count_visits(session) == 1


@pytest.mark.parametrize(
    ("started", "ended"), [("11:00", "12:00"), ("08:00", "09:30"), ("13:00", "14:00"), ("10:00", None), (None, None)]
)
def test_hours_that_only_touch_or_are_not_known_overlap_with_none(
    session: Session, make: Make, busy: User, started: str | None, ended: str | None
) -> None:
    at(make, busy, started, ended)

    assert count_visits(session) == 2


def test_even_two_visits_to_one_cooperative_do_not_overlap(make: Make, busy: User) -> None:
    with pytest.raises(VisitsOverlap):
        at(make, busy, "10:00", "10:30", GRAHA_INDAH)


def test_of_several_the_earliest_is_named(make: Make, busy: User) -> None:
    at(make, busy, "13:00", "14:00")

    with pytest.raises(VisitsOverlap) as refusal:
        at(make, busy, "08:00", "17:00")

    assert refusal.value.params["started"] == "09.30"


def test_another_day_or_another_facilitator_has_hours_of_their_own(session: Session, make: Make, busy: User) -> None:
    other = make.facilitator(MANGGAR)

    make.visit_with(busy, code=KARIANGAU, visited_on=MARCH, started=dt.time(10), ended=dt.time(11))
    make.visit_with(other, code=MANGGAR, started=dt.time(10), ended=dt.time(11))

    assert count_visits(session) == 3


# Approved months ------------------------------------------------------------------------------------------------------


def lock(session: Session, facilitator: User, day: dt.date) -> tuple[MonthLock, bool]:
    return lock_month(session, facilitator, day, actor=ACTOR, now=NOW)


def test_a_visit_of_an_approved_month_is_an_addendum_that_changes_none_of_its_figures(
    session: Session, make: Make
) -> None:
    facilitator = make.facilitator()
    plan = make.planned_visit(facilitator, planned_on=MARCH, made_on=MARCH)
    lock(session, facilitator, dt.date(2026, 3, 7))

    late, *others = (
        make.visit(facilitator, visited_on=day, has_hours=False) for day in (MARCH, APRIL, dt.date(2026, 2, 28))
    )

    counts = visit_counts(session, select(Visit), first=dt.date(2026, 2, 1), last=TODAY)
    assert (late.is_addendum, [each.is_addendum for each in others]) == (True, [False, False])
    assert (late.planned_visit_id, plan.cancelled_at) == (None, None)
    assert list(counts.values()) == [2]
    assert [line.visit_id for line in addenda(session, select(Visit))] == [late.id]


def test_a_month_is_locked_for_one_facilitator_alone(session: Session, make: Make) -> None:
    facilitator, other = make.facilitator(), make.facilitator(KARIANGAU)
    lock(session, facilitator, MARCH)

    make.visit(other, code=KARIANGAU, visited_on=MARCH)

    assert is_month_locked(session, facilitator.id, dt.date(2026, 3, 1))
    assert not is_month_locked(session, facilitator.id, dt.date(2025, 3, 1))
    assert not is_month_locked(session, other.id, MARCH)


def test_a_month_is_locked_once(session: Session, make: Make) -> None:
    facilitator = make.facilitator()

    first, was_open = lock(session, facilitator, MARCH)
    again, was_still_open = lock(session, facilitator, dt.date(2026, 3, 1))

    assert (was_open, was_still_open) == (True, False)
    assert again is first
    assert (first.year, first.month, first.locked_at) == (2026, 3, NOW)


def test_a_stored_visit_sent_again_after_its_month_was_approved_is_the_same_visit(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit_with(facilitator, visited_on=MARCH)
    lock(session, facilitator, MARCH)

    again = make.visit_with(facilitator, visited_on=MARCH, id=visit.id)

    assert again is visit


# Plans ----------------------------------------------------------------------------------------------------------------


def test_a_visit_makes_good_the_plan_it_names_whatever_its_day(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    of_today, of_monday = (
        make.planned_visit(facilitator),
        make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 20)),
    )

    visit = make.visit_with(facilitator, planned_visit_id=of_monday.id)

    assert visit.planned_visit_id == of_monday.id != of_today.id


def test_a_visit_that_names_none_makes_good_the_plan_of_its_day(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 15))
    plan = make.planned_visit(facilitator)

    assert make.visit(facilitator).planned_visit_id == plan.id


def test_a_visit_on_a_day_without_a_plan_makes_none_good(make: Make) -> None:
    facilitator = make.facilitator()
    make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 15))

    assert make.visit(facilitator).planned_visit_id is None


def test_two_visits_on_a_day_make_two_plans_good_and_a_third_none(make: Make) -> None:
    facilitator = make.facilitator()
    afternoon = make.planned_visit(facilitator, starts=dt.time(14))
    morning = make.planned_visit(facilitator, starts=dt.time(9))

    visits = [make.visit(facilitator) for _ in range(3)]

    assert [visit.planned_visit_id for visit in visits] == [morning.id, afternoon.id, None]


def test_a_plan_that_was_made_good_is_not_made_good_twice(make: Make) -> None:
    facilitator = make.facilitator()
    plan = make.planned_visit(facilitator)
    first = make.visit_with(facilitator, planned_visit_id=plan.id)

    second = make.visit_with(facilitator, planned_visit_id=plan.id)

    assert (first.planned_visit_id, second.planned_visit_id) == (plan.id, None)


def cancelled(make: Make, facilitator: User) -> PlannedVisit:
    plan = make.planned_visit(facilitator)
    cancel_visit(make.session, plan, because="Hujan", actor=ACTOR, now=NOW)
    return plan


def test_a_cancelled_plan_is_made_good_only_by_a_visit_that_names_it(make: Make) -> None:
    facilitator = make.facilitator()
    plan = cancelled(make, facilitator)

    by_the_day = make.visit(facilitator)
    by_its_name = make.visit_with(facilitator, planned_visit_id=plan.id)

    assert (by_the_day.planned_visit_id, by_its_name.planned_visit_id) == (None, plan.id)


def test_a_plan_of_somebody_else_or_of_another_cooperative_is_not_made_good(session: Session, make: Make) -> None:
    facilitator, other = make.facilitator(GRAHA_INDAH, KARIANGAU), make.facilitator(MANGGAR)
    elsewhere = make.planned_visit(facilitator, KARIANGAU)
    foreign = make.planned_visit(other, MANGGAR)

    for named in (elsewhere.id, foreign.id, uuid.uuid4()):
        assert make.visit_with(facilitator, planned_visit_id=named).planned_visit_id is None


def test_a_visit_that_names_a_foreign_plan_makes_good_its_own_of_that_day(make: Make) -> None:
    facilitator, other = make.facilitator(), make.facilitator(KARIANGAU)
    foreign, own = make.planned_visit(other, KARIANGAU), make.planned_visit(facilitator)

    assert make.visit_with(facilitator, planned_visit_id=foreign.id).planned_visit_id == own.id


def test_a_predecessors_plan_is_not_made_good_by_the_successor(make: Make) -> None:
    first, second = make.user(), make.user()
    make.assignment(first, ends_on=dt.date(2026, 4, 13))
    plan = make.planned_visit(first, planned_on=dt.date(2026, 4, 13), made_on=dt.date(2026, 4, 1))
    make.assignment(second, starts_on=TODAY)

    assert make.visit_with(second, planned_visit_id=plan.id, mode=VisitMode.REMOTE).planned_visit_id is None


def test_a_visit_sent_again_keeps_its_plan(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit_with(facilitator)
    plan = make.planned_visit(facilitator)

    again = make.visit_with(facilitator, id=visit.id)

    assert (again.id, again.planned_visit_id) == (visit.id, None)
    assert make.visit(facilitator).planned_visit_id == plan.id
