import datetime as dt
import threading
import uuid
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.service import deactivate_user
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.queries import caseload_of
from pendamping.cooperatives.assignments.service import AssignmentOverlaps, NotAFacilitator, assign
from pendamping.cooperatives.models import Cooperative, Officer
from pendamping.cooperatives.queries import officers_on
from pendamping.cooperatives.service import (
    CooperativeFacts,
    DatesRunBackward,
    FactIsNeeded,
    NewOfficer,
    add_officer,
    change_facts,
    end_officer_term,
)
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make

JUNE_1, JUNE_30 = dt.date(2026, 6, 1), dt.date(2026, 6, 30)
ONE_DAY = dt.timedelta(days=1)


def assignments(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Assignment)) or 0


def codes(session: Session) -> list[str]:
    return list(session.scalars(select(Cooperative.code).order_by(Cooperative.code)))


# Assignments ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (JUNE_1, JUNE_30),
        (JUNE_30, JUNE_30),
        (JUNE_1, JUNE_1),
        (dt.date(2026, 6, 10), dt.date(2026, 6, 20)),
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        (dt.date(2026, 5, 1), JUNE_1),
        (JUNE_30, dt.date(2026, 7, 31)),
    ],
)
def test_an_assignment_that_overlaps_another_is_refused(
    session: Session, make: Make, starts_on: dt.date, ends_on: dt.date
) -> None:
    first, second = make.user(name="Ratna"), make.user()
    make.assignment(first, starts_on=JUNE_1, ends_on=JUNE_30)

    with pytest.raises(AssignmentOverlaps) as refused:
        make.assignment(second, starts_on=starts_on, ends_on=ends_on)

    assert refused.value.params == {
        "cooperative": "KKMP Graha Indah",
        "facilitator": "Ratna",
        "from_": "2026-06-01",
        "until": "2026-06-30",
    }
    assert assignments(session) == 1


def test_a_facilitator_cannot_be_assigned_twice_to_the_same_days_either(make: Make) -> None:
    facilitator = make.facilitator()

    with pytest.raises(AssignmentOverlaps):
        make.assignment(facilitator)


def test_adjacent_assignments_do_not_overlap(session: Session, make: Make) -> None:
    first, second, third = make.user(), make.user(), make.user()

    make.assignment(second, starts_on=JUNE_1, ends_on=JUNE_30)
    make.assignment(first, ends_on=JUNE_1 - ONE_DAY)
    make.assignment(third, starts_on=JUNE_30 + ONE_DAY)

    assert assignments(session) == 3


def test_one_day_is_an_assignment(session: Session, make: Make) -> None:
    make.assignment(make.user(), starts_on=JUNE_1, ends_on=JUNE_1)

    assert assignments(session) == 1


def test_the_same_days_on_another_cooperative_do_not_overlap(session: Session, make: Make) -> None:
    make.facilitator(GRAHA_INDAH, KARIANGAU)

    assert assignments(session) == 2


def overlapping(make: Make, first: Assignment) -> Assignment:
    return Assignment(
        cooperative_id=first.cooperative_id,
        city_code=first.city_code,
        facilitator_id=make.user().id,
        starts_on=JUNE_30,
        ends_on=JUNE_30,
    )


def test_the_database_itself_refuses_an_overlapping_row(session: Session, make: Make) -> None:
    first = make.assignment(make.user(), starts_on=JUNE_1, ends_on=JUNE_30)
    session.add(overlapping(make, first))

    with pytest.raises(IntegrityError, match="assignment_overlaps"):
        session.flush()
    session.rollback()


def test_the_database_itself_refuses_to_move_a_row_over_another(session: Session, make: Make) -> None:
    first = make.assignment(make.user(), starts_on=JUNE_1, ends_on=JUNE_30)
    later = make.assignment(make.user(), starts_on=JUNE_30 + ONE_DAY)
    later.ends_on = dt.date(2026, 9, 30)
    session.flush()

    later.starts_on = first.ends_on
    with pytest.raises(IntegrityError, match="assignment_overlaps"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.ADMIN])
def test_only_facilitators_are_assigned(session: Session, make: Make, role: Role) -> None:
    with pytest.raises(NotAFacilitator):
        make.assignment(make.user(role, name="Bukan Pendamping"))

    assert assignments(session) == 0


def test_a_cooperatives_account_cannot_accompany_it(make: Make) -> None:
    with pytest.raises(NotAFacilitator):
        make.assignment(make.cooperative_user())


def test_a_closed_account_is_not_assigned(session: Session, make: Make) -> None:
    facilitator = make.user()
    deactivate_user(session, facilitator, actor=ACTOR, now=NOW)

    with pytest.raises(NotAFacilitator):
        make.assignment(facilitator)


def test_an_assignment_cannot_end_before_it_starts(session: Session, make: Make) -> None:
    with pytest.raises(DatesRunBackward):
        make.assignment(make.user(), starts_on=JUNE_30, ends_on=JUNE_1)

    assert assignments(session) == 0


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        (dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
        (dt.date(2027, 2, 1), dt.date(2027, 12, 31)),
    ],
)
def test_without_a_last_day_an_assignment_runs_to_the_end_of_the_programme_year(
    session: Session, make: Make, starts_on: dt.date, ends_on: dt.date
) -> None:
    assignment = assign(session, make.cooperative(), make.user(), starts_on=starts_on, actor=ACTOR, now=NOW)

    assert assignment.ends_on == ends_on


def test_two_assignments_at_the_same_moment_give_one(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        people = [make.user().id, make.user().id]
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def assign_one(user_id: uuid.UUID) -> None:
        ready.wait()
        try:
            with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
                make.assignment(make.session.get_one(User, user_id))
        except AssignmentOverlaps:
            outcomes.append("overlaps")
        else:
            outcomes.append("assigned")

    threads = [threading.Thread(target=assign_one, args=(user_id,)) for user_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["assigned", "overlaps"]
    with app.app_context():
        assert assignments(reading()) == 1


@pytest.mark.parametrize(("count", "is_usual"), [(1, False), (3, False), (4, True), (5, True), (6, False)])
def test_four_to_five_cooperatives_are_the_usual_caseload(
    session: Session, make: Make, count: int, is_usual: bool
) -> None:
    facilitator = make.facilitator(*codes(session)[:count])

    caseload = caseload_of(session, facilitator.id, on=TODAY)

    assert (caseload.count, caseload.minimum, caseload.maximum) == (count, 4, 5)
    assert caseload.is_usual == is_usual


def test_a_caseload_counts_only_the_assignments_of_the_day(session: Session, make: Make) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=JUNE_1, ends_on=JUNE_30)

    on_days = {
        day: caseload_of(session, facilitator.id, on=day).count for day in (TODAY, JUNE_1, JUNE_30, JUNE_30 + ONE_DAY)
    }

    assert on_days == {TODAY: 0, JUNE_1: 1, JUNE_30: 1, JUNE_30 + ONE_DAY: 0}


# Facts ----------------------------------------------------------------------------------------------------------------


def facts_now(cooperative: Cooperative) -> CooperativeFacts:
    return CooperativeFacts(**{name: getattr(cooperative, name) for name in CooperativeFacts.__dataclass_fields__})


def last_event(session: Session, verb: str) -> AuditEvent:
    return session.scalars(select(AuditEvent).where(AuditEvent.verb == verb)).one()


def test_only_the_facts_that_differ_are_on_record_with_what_they_were(session: Session, make: Make) -> None:
    cooperative = make.cooperative()
    facts = replace(
        facts_now(cooperative),
        legal_name="Koperasi Kelurahan Merah Putih Graha Indah Balikpapan",
        legal_name_is_verified=True,
        decree_on=dt.date(2025, 7, 14),
    )

    change_facts(session, cooperative, facts, actor=ACTOR, now=NOW)

    event = last_event(session, "change_facts")
    assert event.subject_id == str(cooperative.id)
    assert event.before == {
        "legal_name": "Koperasi Kelurahan Merah Putih Graha Indah",
        "legal_name_is_verified": False,
        "decree_on": None,
    }
    assert event.after == {
        "legal_name": "Koperasi Kelurahan Merah Putih Graha Indah Balikpapan",
        "legal_name_is_verified": True,
        "decree_on": "2025-07-14",
    }


def test_nothing_is_on_record_when_nothing_differs(session: Session, make: Make) -> None:
    cooperative = make.cooperative()

    change_facts(session, cooperative, facts_now(cooperative), actor=ACTOR, now=NOW)

    assert session.scalar(select(func.count()).where(AuditEvent.verb == "change_facts")) == 0


def test_the_date_of_the_decree_may_be_corrected_but_not_lost(session: Session, make: Make) -> None:
    cooperative = make.cooperative()
    known = replace(facts_now(cooperative), decree_on=dt.date(2025, 7, 14))
    change_facts(session, cooperative, known, actor=ACTOR, now=NOW)

    with pytest.raises(FactIsNeeded):
        change_facts(session, cooperative, replace(known, decree_on=None, npwp="1"), actor=ACTOR, now=NOW)
    change_facts(session, cooperative, replace(known, decree_on=dt.date(2025, 7, 15)), actor=ACTOR, now=NOW)

    assert (cooperative.decree_on, cooperative.npwp) == (dt.date(2025, 7, 15), None)


# Officers -------------------------------------------------------------------------------------------------------------


def test_an_officer_is_on_the_list_from_the_day_they_are_added(session: Session, make: Make) -> None:
    cooperative = make.cooperative()
    make.officer(name="Siti Aminah", role=OwnerRole.TREASURER)
    make.officer(name="Budi", role=OwnerRole.CHAIR)
    make.officer(KARIANGAU, name="Orang Lain")

    listed = officers_on(session, cooperative.id, on=TODAY)

    assert [(each.name, each.role) for each in listed] == [
        ("Budi", OwnerRole.CHAIR),
        ("Siti Aminah", OwnerRole.TREASURER),
    ]


def test_a_term_cannot_end_before_it_starts(session: Session, make: Make) -> None:
    backward = NewOfficer("Budi", OwnerRole.CHAIR, None, JUNE_30, JUNE_1)

    with pytest.raises(DatesRunBackward):
        add_officer(session, make.cooperative(), backward, actor=ACTOR, now=NOW)

    assert session.scalar(select(func.count()).select_from(Officer)) == 0


def test_a_person_whose_term_ended_yesterday_is_off_the_list_and_still_on_record(session: Session, make: Make) -> None:
    cooperative, officer = make.cooperative(), make.officer()

    end_officer_term(session, officer, on=TODAY - ONE_DAY, actor=ACTOR, now=NOW)

    assert officers_on(session, cooperative.id, on=TODAY) == []
    assert [each.id for each in officers_on(session, cooperative.id, on=TODAY - ONE_DAY)] == [officer.id]
    event = last_event(session, "end_officer_term")
    assert (event.before, event.after) == ({"term_ends_on": "2030-06-30"}, {"term_ends_on": "2026-04-13"})


def test_a_term_does_not_end_before_it_began(session: Session, make: Make) -> None:
    new = NewOfficer("Budi", OwnerRole.CHAIR, None, TODAY, None)
    officer = add_officer(session, make.cooperative(), new, actor=ACTOR, now=NOW)

    end_officer_term(session, officer, on=TODAY - ONE_DAY, actor=ACTOR, now=NOW)

    assert officer.term_ends_on == TODAY


def test_ending_a_term_again_does_not_lengthen_it(session: Session, make: Make) -> None:
    officer = make.officer()
    end_officer_term(session, officer, on=TODAY - 10 * ONE_DAY, actor=ACTOR, now=NOW)

    end_officer_term(session, officer, on=TODAY - ONE_DAY, actor=ACTOR, now=NOW)

    assert officer.term_ends_on == TODAY - 10 * ONE_DAY
    assert session.scalar(select(func.count()).where(AuditEvent.verb == "end_officer_term")) == 1


def test_a_failed_verb_leaves_nothing_behind(app: Flask) -> None:
    def assign_and_fail() -> None:
        with transaction() as session:
            make = Make(session, now=NOW, today=TODAY, actor=ACTOR)
            make.facilitator()
            make.facilitator()

    with app.app_context():
        with pytest.raises(AssignmentOverlaps):
            assign_and_fail()

        assert assignments(reading()) == 0
        assert reading().scalar(select(func.count()).select_from(User)) == 0
