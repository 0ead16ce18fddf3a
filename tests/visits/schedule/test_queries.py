import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.visits.models import VisitMode
from pendamping.visits.policy import visible_visits
from pendamping.visits.schedule.policy import visible_plans
from pendamping.visits.schedule.queries import (
    DueEntry,
    PlanState,
    ScheduleEntry,
    due_list,
    entries,
    entries_between,
    state_of,
    visit_target,
)
from pendamping.visits.schedule.service import cancel_visit
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make

ONE_DAY = dt.timedelta(days=1)
APRIL_1, APRIL_30 = dt.date(2026, 4, 1), dt.date(2026, 4, 30)


@pytest.fixture
def ratna(make: Make) -> User:
    return make.facilitator(GRAHA_INDAH, KARIANGAU)


def april(session: Session, user: User, **more: object) -> list[ScheduleEntry]:
    plans, visits = visible_plans(user, today=TODAY), visible_visits(user, today=TODAY)
    return entries(session, plans, visits, first=APRIL_1, last=APRIL_30, today=TODAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "is_done", "is_cancelled", "state"),
    [
        (TODAY, False, False, PlanState.AHEAD),
        (TODAY - ONE_DAY, False, False, PlanState.MISSED),
        (TODAY - ONE_DAY, True, False, PlanState.DONE),
        (TODAY + ONE_DAY, True, False, PlanState.DONE),
        (TODAY, False, True, PlanState.CANCELLED),
        (TODAY - ONE_DAY, False, True, PlanState.CANCELLED),
        (TODAY, True, True, PlanState.DONE),
    ],
)
def test_where_a_plan_stands(day: dt.date, is_done: bool, is_cancelled: bool, state: PlanState) -> None:
    assert state_of(day, is_done=is_done, is_cancelled=is_cancelled, today=TODAY) is state


def test_the_schedule_has_plans_and_visits_in_the_order_of_days_and_hours(
    session: Session, make: Make, ratna: User
) -> None:
    make.planned_visit(ratna, planned_on=dt.date(2026, 4, 13))
    make.visit(ratna, {}, code=KARIANGAU)
    make.planned_visit(ratna, starts=dt.time(8, 0), agenda="Rapat anggota")
    make.planned_visit(ratna)
    cancel_visit(
        session,
        make.planned_visit(ratna, KARIANGAU, planned_on=APRIL_30),
        because="Hujan",
        actor=make.actor,
        now=NOW,
    )
    for outside in (dt.date(2026, 3, 31), dt.date(2026, 5, 1)):
        make.planned_visit(ratna, planned_on=outside)

    found = april(session, ratna)

    assert [(each.on.day, each.starts, each.cooperative.short_name, each.state) for each in found] == [
        (13, None, "KKMP Graha Indah", PlanState.MISSED),
        (14, dt.time(8, 0), "KKMP Graha Indah", PlanState.AHEAD),
        (14, dt.time(9, 30), "KKMP Kariangau", PlanState.DONE),
        (14, None, "KKMP Graha Indah", PlanState.AHEAD),
        (30, None, "KKMP Kariangau", PlanState.CANCELLED),
    ]
    planned, made = found[1], found[2]
    assert (planned.agenda, planned.mode, planned.purposes, planned.visit_id) == (
        "Rapat anggota",
        VisitMode.FACE_TO_FACE,
        (),
        None,
    )
    assert (made.plan_id, list(made.purposes), made.facilitator_name) == (None, ["pemeriksaan"], ratna.name)


def test_a_visit_stands_on_the_day_it_was_made_once_with_the_plan_behind_it(
    session: Session, make: Make, ratna: User
) -> None:
    plan = make.planned_visit(ratna, starts=dt.time(13, 0), agenda="Rapat anggota")
    visit = make.visit(ratna, {})

    (entry,) = april(session, ratna)

    assert (entry.plan_id, entry.visit_id) == (plan.id, visit.id)
    assert (entry.on, entry.starts, entry.agenda, entry.state) == (
        TODAY,
        dt.time(9, 30),
        "Rapat anggota",
        PlanState.DONE,
    )


def test_the_schedule_can_be_narrowed_to_one_facilitator(session: Session, make: Make, ratna: User) -> None:
    other, head = make.facilitator(MANGGAR), make.user()
    make.planned_visit(ratna)
    make.planned_visit(other, MANGGAR)
    make.visit(other, {}, code=MANGGAR, visited_on=APRIL_1)
    everything = select(Cooperative).order_by(Cooperative.code)

    assert len(april(session, ratna)) == 1
    assert len(april(session, other)) == 2
    assert len(april(session, other, facilitator_id=ratna.id)) == 0
    assert april(session, head) == []
    assert len(session.scalars(everything).all()) == 34


def test_today_leaves_out_what_is_cancelled_and_what_is_of_others(session: Session, make: Make, ratna: User) -> None:
    before = make.user()
    make.assignment(before, MANGGAR, ends_on=TODAY)
    make.planned_visit(before, MANGGAR)
    make.planned_visit(ratna, planned_on=TODAY + ONE_DAY)
    cancel_visit(session, make.planned_visit(ratna, KARIANGAU), because="Hujan", actor=make.actor, now=NOW)
    plan = make.planned_visit(ratna)
    make.visit(ratna, {}, code=KARIANGAU)

    plans, visits = visible_plans(ratna, today=TODAY), visible_visits(ratna, today=TODAY)
    found = entries_between(session, plans, visits, facilitator_id=ratna.id, today=TODAY, last=TODAY)

    assert [each.state for each in found] == [PlanState.DONE, PlanState.AHEAD]
    assert found[1].plan_id == plan.id


# Who is due -----------------------------------------------------------------------------------------------------------


def due(session: Session, user: User, *, target: int = 2, limit: int = 20) -> list[DueEntry]:
    return due_list(session, visible_cooperatives(user, today=TODAY), target=target, today=TODAY, limit=limit)


def test_whoever_is_most_behind_comes_first(session: Session, make: Make) -> None:
    ratna = make.facilitator(GRAHA_INDAH, KARIANGAU, MANGGAR, "64.71.01.1002")
    make.visit(ratna, {}, visited_on=APRIL_1)
    make.visit(ratna, {}, visited_on=APRIL_1 + ONE_DAY)
    make.visit(ratna, {}, code=KARIANGAU, visited_on=TODAY)
    make.visit(ratna, {}, code=MANGGAR, visited_on=dt.date(2026, 3, 30))
    make.planned_visit(ratna, KARIANGAU, planned_on=APRIL_30)

    found = due(session, ratna)

    assert [(each.cooperative.code, each.made, each.planned, each.missing, each.last_visit_on) for each in found] == [
        ("64.71.01.1002", 0, 0, 2, None),
        (MANGGAR, 0, 0, 2, dt.date(2026, 3, 30)),
        (KARIANGAU, 1, 1, 1, TODAY),
        (GRAHA_INDAH, 2, 0, 0, APRIL_1 + ONE_DAY),
    ]
    assert {each.facilitator_name for each in found} == {ratna.name}
    assert [each.cooperative.code for each in due(session, ratna, limit=1)] == ["64.71.01.1002"]


def test_only_plans_that_are_still_ahead_in_this_month_count(session: Session, make: Make, ratna: User) -> None:
    for day in (TODAY - ONE_DAY, TODAY, APRIL_30, dt.date(2026, 5, 1)):
        make.planned_visit(ratna, KARIANGAU, planned_on=day)
    cancel_visit(session, make.planned_visit(ratna, KARIANGAU), because="Hujan", actor=make.actor, now=NOW)
    make.planned_visit(ratna)
    make.visit(ratna, {})

    counted = {each.cooperative.code: (each.made, each.planned) for each in due(session, ratna)}

    assert counted == {KARIANGAU: (0, 2), GRAHA_INDAH: (1, 0)}


def test_more_than_the_target_is_not_less_than_nothing_missing(session: Session, make: Make, ratna: User) -> None:
    make.visit(ratna, {})

    assert {each.cooperative.code: each.missing for each in due(session, ratna, target=0)} == {
        GRAHA_INDAH: 0,
        KARIANGAU: 0,
    }


def test_the_target_is_the_programme_years(session: Session, make: Make) -> None:
    session.get_one(ProgrammeYear, 2026).visits_per_month = 3
    session.flush()

    assert (visit_target(session, TODAY), visit_target(session, dt.date(2040, 1, 1))) == (3, 2)
