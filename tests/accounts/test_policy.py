import pytest
from sqlalchemy.orm import Session

from pendamping.accounts.policy import is_within, visible_users
from pendamping.kernel.roles import Role
from tests.make import Make


@pytest.mark.parametrize(
    ("code", "scope_prefix", "is_inside"),
    [
        ("64.71.03.1006", "", True),
        ("64.71.03.1006", "64", True),
        ("64.71.03.1006", "64.71", True),
        ("64.71.03.1006", "64.71.03", True),
        ("64.71.03.1006", "64.71.03.1006", True),
        ("64.71.03.1006", "64.71.03.100", False),
        ("64.71.03.1006", "64.71.02", False),
        ("64.71.03.1006", "64.7", False),
        ("64.710", "64.71", False),
        ("64.71", "64.710", False),
        ("64.71", "64.71.03", False),
    ],
)
def test_a_scope_holds_its_region_and_what_lies_below_it(code: str, scope_prefix: str, is_inside: bool) -> None:
    assert is_within(code, scope_prefix) == is_inside


def test_the_agency_sees_every_account_and_everybody_else_only_their_own(session: Session, make: Make) -> None:
    people = {
        Role.ADMIN: make.user(Role.ADMIN),
        Role.AGENCY_HEAD: make.user(Role.AGENCY_HEAD, scope_prefix="64.71"),
        Role.FACILITATOR: make.user(),
        Role.COOPERATIVE: make.cooperative_user(),
    }

    seen = {role: set(session.scalars(visible_users(user))) for role, user in people.items()}

    assert seen == {
        Role.ADMIN: set(people.values()),
        Role.AGENCY_HEAD: set(people.values()),
        Role.FACILITATOR: {people[Role.FACILITATOR]},
        Role.COOPERATIVE: {people[Role.COOPERATIVE]},
    }
