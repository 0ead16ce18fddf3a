import datetime as dt

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.plans.policy import visible_actions
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make


def seen(session: Session, user: User, *, today: dt.date = TODAY) -> set[str]:
    return {each.title for each in session.scalars(visible_actions(user, today=today))}


def test_everybody_sees_the_actions_of_the_cooperatives_they_see(session: Session, make: Make) -> None:
    both, one = make.user(), make.facilitator(MANGGAR)
    make.assignment(both, GRAHA_INDAH, ends_on=dt.date(2026, 4, 30))
    make.assignment(both, KARIANGAU)
    make.visit(both, actions=(make.action_draft(title="Graha Indah"),))
    make.visit(both, code=KARIANGAU, actions=(make.action_draft(title="Kariangau"),))

    assert seen(session, both) == {"Graha Indah", "Kariangau"}
    assert seen(session, both, today=dt.date(2026, 5, 1)) == {"Kariangau"}
    assert seen(session, one) == set()
    assert seen(session, make.user(Role.AGENCY_HEAD)) == {"Graha Indah", "Kariangau"}
    assert seen(session, make.user(Role.ADMIN, scope_prefix="64.71.03")) == {"Graha Indah"}
    assert seen(session, make.user(Role.AGENCY_HEAD, scope_prefix="64.710")) == set()
    assert seen(session, make.cooperative_user(GRAHA_INDAH)) == {"Graha Indah"}
