import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.errors import DomainError
from pendamping.visits.models import MonthLock, VisitMode
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove
from pendamping.visits.schedule.queries import moves_of
from pendamping.visits.schedule.service import (
    NewPlan,
    PlanConflict,
    PlanInPast,
    PlanIsCancelled,
    PlanIsDone,
    PlanIsLocked,
    PlansOverlap,
    cancel_visit,
    change_agenda,
    move_visit,
    plan_visit,
)
from pendamping.visits.service import MonthIsLocked, OutsideAssignment
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make

ONE_DAY = dt.timedelta(days=1)
MAY_5 = dt.date(2026, 5, 5)
NINE, HALF_PAST_NINE, TEN = dt.time(9, 0), dt.time(9, 30), dt.time(10, 0)


@pytest.fixture
def ratna(make: Make) -> User:
    return make.facilitator(GRAHA_INDAH, KARIANGAU)


def new_plan(**changed: Any) -> NewPlan:
    sound: dict[str, Any] = {
        "id": uuid.uuid4(),
        "planned_on": TODAY,
        "starts": NINE,
        "mode": VisitMode.FACE_TO_FACE,
        "agenda": "Periksa buku kas",
    }
    return NewPlan(**{**sound, **changed})


def plan(make: Make, facilitator: User, new: NewPlan, code: str = GRAHA_INDAH) -> PlannedVisit:
    return plan_visit(
        make.session,
        make.cooperative(code),
        new,
        facilitator_id=facilitator.id,
        actor=make.actor,
        today=TODAY,
        now=NOW,
    )


def move(make: Make, moved: PlannedVisit, to_on: dt.date, to_starts: dt.time | None = None, reason: str = "") -> None:
    move_visit(
        make.session,
        moved,
        to_on=to_on,
        to_starts=to_starts,
        reason=reason,
        author_id=moved.facilitator_id,
        actor=make.actor,
        today=TODAY,
        now=NOW,
    )


def cancel(make: Make, cancelled: PlannedVisit, because: str = "Pengurus berhalangan") -> None:
    cancel_visit(make.session, cancelled, because=because, actor=make.actor, now=NOW)


def lock(make: Make, facilitator: User, month: int) -> None:
    make.session.add(MonthLock(facilitator_id=facilitator.id, year=2026, month=month, locked_at=NOW))
    make.session.flush()


def how_many(session: Session, table: type[PlannedVisit] | type[PlannedVisitMove]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


# A new plan -----------------------------------------------------------------------------------------------------------


def test_a_plan_keeps_all_that_was_said(make: Make, ratna: User) -> None:
    wanted = new_plan(mode=VisitMode.REMOTE)

    stored = plan(make, ratna, wanted)

    assert (stored.id, stored.planned_on, stored.starts) == (wanted.id, TODAY, NINE)
    assert (stored.mode, stored.agenda, stored.city_code) == (VisitMode.REMOTE, "Periksa buku kas", "64.71")
    assert (stored.facilitator_id, stored.moves, stored.cancelled_at) == (ratna.id, 0, None)


def test_the_same_plan_sent_twice_is_stored_once(session: Session, make: Make, ratna: User) -> None:
    wanted = new_plan()

    first, again = plan(make, ratna, wanted), plan(make, ratna, wanted)

    assert again is first
    assert how_many(session, PlannedVisit) == 1


def test_a_plan_sent_again_after_it_was_moved_is_still_the_same(session: Session, make: Make, ratna: User) -> None:
    wanted = new_plan()
    stored = plan(make, ratna, wanted)
    move(make, stored, MAY_5, TEN)
    move(make, stored, MAY_5 + ONE_DAY)

    again = plan(make, ratna, wanted)

    assert again is stored
    assert (again.planned_on, again.starts) == (MAY_5 + ONE_DAY, None)


@pytest.mark.parametrize(
    "changed",
    [{"planned_on": MAY_5}, {"starts": TEN}, {"starts": None}, {"mode": VisitMode.REMOTE}, {"agenda": "Lain"}],
)
def test_the_same_id_with_other_content_is_a_conflict(make: Make, ratna: User, changed: dict[str, Any]) -> None:
    stored = plan(make, ratna, new_plan())

    with pytest.raises(PlanConflict):
        plan(make, ratna, new_plan(id=stored.id, **changed))

    assert (stored.planned_on, stored.starts, stored.agenda) == (TODAY, NINE, "Periksa buku kas")


def test_the_same_id_for_another_cooperative_or_of_another_person_is_a_conflict(make: Make, ratna: User) -> None:
    wanted = new_plan()
    plan(make, ratna, wanted)

    with pytest.raises(PlanConflict):
        plan(make, ratna, wanted, KARIANGAU)
    with pytest.raises(PlanConflict):
        plan(make, make.user(), wanted)


def test_today_can_be_planned_and_yesterday_not(make: Make, ratna: User) -> None:
    plan(make, ratna, new_plan(planned_on=TODAY))

    with pytest.raises(PlanInPast):
        plan(make, ratna, new_plan(planned_on=TODAY - ONE_DAY))


@pytest.mark.parametrize(("day", "holds"), [(4, False), (5, True), (6, True), (7, False)])
def test_a_plan_lies_within_the_assignment(make: Make, day: int, holds: bool) -> None:
    user = make.user()
    make.assignment(user, starts_on=MAY_5, ends_on=MAY_5 + ONE_DAY)
    wanted = new_plan(planned_on=dt.date(2026, 5, day))

    if holds:
        assert plan(make, user, wanted).planned_on.day == day
    else:
        with pytest.raises(OutsideAssignment):
            plan(make, user, wanted)


def test_nothing_is_planned_in_a_month_that_is_locked(make: Make, ratna: User) -> None:
    lock(make, ratna, 5)

    with pytest.raises(MonthIsLocked):
        plan(make, ratna, new_plan(planned_on=MAY_5))
    assert plan(make, ratna, new_plan(planned_on=dt.date(2026, 6, 1)))


@pytest.mark.parametrize(
    ("starts", "holds"),
    [
        (dt.time(8, 0), True),
        (dt.time(8, 1), False),
        (NINE, False),
        (dt.time(9, 59), False),
        (TEN, True),
        (None, True),
    ],
)
def test_two_plans_of_one_person_lie_an_hour_apart(
    make: Make, ratna: User, starts: dt.time | None, holds: bool
) -> None:
    plan(make, ratna, new_plan(starts=NINE))
    wanted = new_plan(starts=starts)

    if holds:
        assert plan(make, ratna, wanted, KARIANGAU).starts == starts
        return
    with pytest.raises(PlansOverlap) as refusal:
        plan(make, ratna, wanted, KARIANGAU)
    assert refusal.value.params == {"starts": "09.00", "cooperative": "KKMP Graha Indah"}


def test_plans_of_others_of_other_days_without_an_hour_or_cancelled_stand_in_nobodys_way(
    make: Make, ratna: User
) -> None:
    other = make.facilitator(MANGGAR)
    plan(make, other, new_plan(), MANGGAR)
    plan(make, ratna, new_plan(planned_on=TODAY + ONE_DAY))
    plan(make, ratna, new_plan(starts=None))
    cancel(make, plan(make, ratna, new_plan()))

    assert plan(make, ratna, new_plan()).starts == NINE


def test_a_visit_that_was_made_frees_the_hour_of_its_plan(make: Make, ratna: User) -> None:
    plan(make, ratna, new_plan())
    make.visit(ratna)

    assert plan(make, ratna, new_plan(), KARIANGAU).starts == NINE


# A move ---------------------------------------------------------------------------------------------------------------


def test_a_move_keeps_where_the_plan_was(session: Session, make: Make, ratna: User) -> None:
    stored = plan(make, ratna, new_plan())

    move(make, stored, MAY_5, TEN, "Ketua berhalangan")
    move(make, stored, MAY_5 + ONE_DAY)

    assert (stored.planned_on, stored.starts, stored.moves) == (MAY_5 + ONE_DAY, None, 2)
    second, first = moves_of(session, stored.id)
    assert (first.from_on, first.from_starts, first.to_on, first.to_starts) == (TODAY, NINE, MAY_5, TEN)
    assert (first.reason, first.author_name, first.made_at) == ("Ketua berhalangan", ratna.name, NOW)
    assert (second.from_on, second.from_starts, second.to_on, second.to_starts) == (MAY_5, TEN, MAY_5 + ONE_DAY, None)


def test_a_move_to_where_the_plan_stands_is_none(session: Session, make: Make, ratna: User) -> None:
    stored = plan(make, ratna, new_plan())
    move(make, stored, MAY_5, TEN)

    move(make, stored, MAY_5, TEN)

    assert stored.moves == how_many(session, PlannedVisitMove) == 1


def test_a_missed_plan_can_be_moved_to_a_day_ahead(make: Make, ratna: User) -> None:
    missed = make.planned_visit(ratna, planned_on=TODAY - ONE_DAY)

    move(make, missed, TODAY)

    assert (missed.planned_on, missed.moves) == (TODAY, 1)


def test_a_plan_is_not_moved_onto_another_but_within_its_own_hour(make: Make, ratna: User) -> None:
    plan(make, ratna, new_plan(starts=TEN), KARIANGAU)
    stored = plan(make, ratna, new_plan(starts=dt.time(13, 0)))

    move(make, stored, TODAY, dt.time(13, 30))
    with pytest.raises(PlansOverlap, match="KKMP Kariangau"):
        move(make, stored, TODAY, HALF_PAST_NINE)

    assert (stored.starts, stored.moves) == (dt.time(13, 30), 1)


def to_yesterday(make: Make, moved: PlannedVisit) -> None:
    move(make, moved, TODAY - ONE_DAY)


def beyond_the_assignment(make: Make, moved: PlannedVisit) -> None:
    move(make, moved, dt.date(2027, 1, 1))


def into_a_locked_month(make: Make, moved: PlannedVisit) -> None:
    make.session.add(MonthLock(facilitator_id=moved.facilitator_id, year=2026, month=5, locked_at=NOW))
    make.session.flush()
    move(make, moved, MAY_5)


@pytest.mark.parametrize(
    ("moving", "refusal"),
    [(to_yesterday, PlanInPast), (beyond_the_assignment, OutsideAssignment), (into_a_locked_month, MonthIsLocked)],
)
def test_a_move_is_refused_for_what_a_new_plan_is_refused_for(
    session: Session,
    make: Make,
    ratna: User,
    moving: Callable[[Make, PlannedVisit], None],
    refusal: type[DomainError],
) -> None:
    stored = plan(make, ratna, new_plan())

    with pytest.raises(refusal):
        moving(make, stored)

    assert (stored.planned_on, stored.moves, how_many(session, PlannedVisitMove)) == (TODAY, 0, 0)


# What is settled ------------------------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[Make, PlannedVisit], None]] = {
    "move": lambda make, stored: move(make, stored, MAY_5),
    "cancel": cancel,
    "agenda": lambda make, stored: change_agenda(make.session, stored, agenda="Lain", actor=make.actor, now=NOW),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_plan_that_became_a_visit_is_changed_no_more(make: Make, ratna: User, change: str) -> None:
    stored = plan(make, ratna, new_plan())
    make.visit(ratna)

    with pytest.raises(PlanIsDone):
        CHANGES[change](make, stored)


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_cancelled_plan_is_changed_no_more(make: Make, ratna: User, change: str) -> None:
    stored = plan(make, ratna, new_plan())
    cancel(make, stored, "Hujan")

    with pytest.raises(PlanIsCancelled):
        CHANGES[change](make, stored)

    assert stored.cancelled_because == "Hujan"


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_plan_of_a_locked_month_is_changed_no_more(make: Make, ratna: User, change: str) -> None:
    missed = make.planned_visit(ratna, planned_on=dt.date(2026, 3, 31))
    lock(make, ratna, 3)

    with pytest.raises(PlanIsLocked):
        CHANGES[change](make, missed)


def test_cancelling_says_when_and_why_and_a_second_tap_changes_nothing(make: Make, ratna: User) -> None:
    stored = plan(make, ratna, new_plan())

    cancel(make, stored, "Hujan")
    cancel_visit(make.session, stored, because="Hujan", actor=make.actor, now=NOW + ONE_DAY)

    assert (stored.cancelled_at, stored.cancelled_because) == (NOW, "Hujan")


def test_the_agenda_can_be_said_anew_and_be_left_empty(make: Make, ratna: User) -> None:
    stored = plan(make, ratna, new_plan())

    change_agenda(make.session, stored, agenda="", actor=make.actor, now=NOW)

    assert stored.agenda == ""
