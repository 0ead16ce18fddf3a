import datetime as dt
import uuid

import pytest
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.visits.policy import visible_visits
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make

MARCH = dt.date(2026, 3, 31)
ONE_DAY = dt.timedelta(days=1)


def seen(session: Session, user: User, *, today: dt.date = TODAY) -> set[uuid.UUID]:
    return {each.id for each in session.scalars(visible_visits(user, today=today))}


def test_after_a_hand_over_the_old_facilitator_keeps_their_own_visits_and_the_new_one_sees_them_too(
    session: Session, make: Make
) -> None:
    first, second, outsider = make.user(), make.user(), make.facilitator(KARIANGAU)
    make.assignment(first, ends_on=MARCH)
    make.assignment(second, starts_on=MARCH + ONE_DAY)
    earlier = make.visit(first, visited_on=MARCH)
    later = make.visit(second, visited_on=TODAY)

    assert seen(session, first) == {earlier.id}
    assert seen(session, second) == {earlier.id, later.id}
    assert seen(session, outsider) == set()


def test_before_the_hand_over_the_next_facilitator_sees_nothing(session: Session, make: Make) -> None:
    first, second = make.user(), make.user()
    make.assignment(first, ends_on=MARCH)
    make.assignment(second, starts_on=MARCH + ONE_DAY)
    make.visit(first, visited_on=MARCH)

    assert seen(session, second, today=MARCH) == set()


@pytest.mark.parametrize(("scope", "count"), [("", 2), ("64.71", 2), ("64.71.03", 1), ("64.710", 0)])
def test_the_agency_sees_the_visits_of_its_region(session: Session, make: Make, scope: str, count: int) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(facilitator)
    make.visit(facilitator, code=KARIANGAU)

    assert len(seen(session, make.user(Role.AGENCY_HEAD, scope_prefix=scope))) == count
    assert len(seen(session, make.user(Role.ADMIN, scope_prefix=scope))) == count


def test_a_cooperative_sees_the_visits_to_itself(session: Session, make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(facilitator)
    own = make.visit(facilitator, code=KARIANGAU)

    assert seen(session, make.cooperative_user(KARIANGAU)) == {own.id}
