import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.covering import cover_leave
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.policy import can_edit, can_record_visit, visible_cooperatives
from pendamping.cooperatives.queries import facilitators
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite

JUNE_1 = dt.date(2026, 6, 1)
ONE_DAY = dt.timedelta(days=1)


def seen(session: Session, user: User, *, today: dt.date = TODAY) -> set[str]:
    return {each.code for each in session.scalars(visible_cooperatives(user, today=today))}


def test_a_facilitator_sees_the_cooperatives_assigned_to_them(session: Session, make: Make) -> None:
    facilitator, other = make.facilitator(GRAHA_INDAH, KARIANGAU), make.facilitator(MANGGAR)

    assert seen(session, facilitator) == {GRAHA_INDAH, KARIANGAU}
    assert seen(session, other) == {MANGGAR}


def test_a_facilitator_without_assignments_sees_nothing(session: Session, make: Make) -> None:
    assert seen(session, make.user()) == set()


@pytest.mark.parametrize(
    ("day", "is_seen"),
    [
        (dt.date(2026, 5, 31), False),
        (JUNE_1, True),
        (dt.date(2026, 6, 30), True),
        (dt.date(2026, 7, 1), False),
    ],
)
def test_an_assignment_opens_a_cooperative_on_its_days_and_on_no_other(
    session: Session, make: Make, day: dt.date, is_seen: bool
) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=JUNE_1, ends_on=dt.date(2026, 6, 30))

    assert bool(seen(session, facilitator, today=day)) == is_seen


def test_a_hand_over_moves_a_cooperative_from_one_day_to_the_next(session: Session, make: Make) -> None:
    first, second = make.user(), make.user()
    make.assignment(first, ends_on=JUNE_1 - ONE_DAY)
    make.assignment(second, starts_on=JUNE_1)

    before = (seen(session, first, today=JUNE_1 - ONE_DAY), seen(session, second, today=JUNE_1 - ONE_DAY))
    after = (seen(session, first, today=JUNE_1), seen(session, second, today=JUNE_1))

    assert before == ({GRAHA_INDAH}, set())
    assert after == (set(), {GRAHA_INDAH})


@on_sqlite
def test_a_person_names_only_those_who_accompany_what_they_see(session: Session, make: Make) -> None:
    own, away = make.facilitator(GRAHA_INDAH, name="Ani"), make.facilitator(KARIANGAU, name="Budi")
    make.assignment(make.user(name="Dulu"), starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))
    make.user(name="Tanpa")
    theirs = session.scalars(select(Assignment).where(Assignment.facilitator_id == own.id)).one()
    cover_leave(session, theirs, away, starts_on=JUNE_1, ends_on=JUNE_1, reason="Cuti", actor=ACTOR, now=NOW)
    head = make.user(Role.AGENCY_HEAD, scope_prefix=GRAHA_INDAH[:8])
    everybody = make.user(Role.ADMIN)

    def named(user: User, day: dt.date = TODAY) -> list[str]:
        return [name for _, name in facilitators(session, user, today=day, limit=9)]

    assert (named(head), named(own), named(away)) == (["Ani"], ["Ani"], ["Budi"])
    assert named(head, JUNE_1) == ["Ani", "Budi"]
    assert named(everybody) == ["Ani", "Budi", "Dulu", "Tanpa"]


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.ADMIN])
@pytest.mark.parametrize(
    ("scope", "count"),
    [("", 34), ("64", 34), ("64.71", 34), ("64.71.03", 6), (GRAHA_INDAH, 1), ("64.7", 0), ("64.710", 0), ("64.72", 0)],
)
def test_the_agency_sees_its_region_and_not_one_whose_code_only_begins_alike(
    session: Session, make: Make, role: Role, scope: str, count: int
) -> None:
    codes = seen(session, make.user(role, scope_prefix=scope))

    assert len(codes) == count
    assert all(code.startswith(scope) for code in codes)


def test_a_scope_is_no_pattern(session: Session, make: Make) -> None:
    assert seen(session, make.user(Role.AGENCY_HEAD, scope_prefix="64.7_")) == set()
    assert seen(session, make.user(Role.AGENCY_HEAD, scope_prefix="%")) == set()


def test_a_cooperative_sees_itself(session: Session, make: Make) -> None:
    assert seen(session, make.cooperative_user(KARIANGAU)) == {KARIANGAU}


@pytest.mark.parametrize(
    ("role", "edits", "records"),
    [
        (Role.FACILITATOR, True, True),
        (Role.ADMIN, True, False),
        (Role.AGENCY_HEAD, False, False),
        (Role.COOPERATIVE, False, False),
    ],
)
def test_who_may_change_facts_and_who_may_record_a_visit(role: Role, edits: bool, records: bool) -> None:
    user = User(role=role)

    assert (can_edit(user), can_record_visit(user)) == (edits, records)
