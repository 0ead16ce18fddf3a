import datetime as dt
import uuid

import pytest
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.visits.schedule.policy import can_cancel, can_change, can_plan, visible_plans
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make

MARCH = dt.date(2026, 3, 31)
ONE_DAY = dt.timedelta(days=1)


def seen(session: Session, user: User, *, today: dt.date = TODAY) -> set[uuid.UUID]:
    return {each.id for each in session.scalars(visible_plans(user, today=today))}


def test_after_a_hand_over_the_next_facilitator_sees_what_was_planned_before(session: Session, make: Make) -> None:
    first, second, outsider = make.user(), make.user(), make.facilitator(KARIANGAU)
    make.assignment(first, ends_on=MARCH)
    make.assignment(second, starts_on=MARCH + ONE_DAY)
    earlier = make.planned_visit(first, planned_on=MARCH)
    later = make.planned_visit(second)

    assert seen(session, first) == {earlier.id}
    assert seen(session, second) == {earlier.id, later.id}
    assert seen(session, second, today=MARCH) == {later.id}
    assert seen(session, outsider) == set()


@pytest.mark.parametrize(("scope", "count"), [("", 2), ("64.71", 2), ("64.71.03", 1), ("64.710", 0)])
def test_the_agency_sees_the_plans_of_its_region(session: Session, make: Make, scope: str, count: int) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.planned_visit(facilitator)
    make.planned_visit(facilitator, KARIANGAU)

    assert len(seen(session, make.user(Role.AGENCY_HEAD, scope_prefix=scope))) == count
    assert len(seen(session, make.user(Role.ADMIN, scope_prefix=scope))) == count


def test_only_facilitators_plan_and_only_their_own_is_theirs_to_change(make: Make) -> None:
    ratna, other = make.facilitator(), make.facilitator(KARIANGAU)
    plan = make.planned_visit(ratna)
    agency = [make.user(Role.AGENCY_HEAD), make.user(Role.ADMIN)]

    assert [can_plan(each) for each in (ratna, other, *agency)] == [True, True, False, False]
    assert [can_change(each, plan) for each in (ratna, other, *agency)] == [True, False, False, False]
    assert [can_cancel(each) for each in (ratna, other, *agency)] == [True, True, False, False]
