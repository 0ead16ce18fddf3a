import pytest

from pendamping.accounts.policy import is_within, visible_users
from pendamping.kernel.roles import Role
from tests.make import Make


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.ADMIN])
def test_the_agency_sees_every_account(make: Make, role: Role) -> None:
    viewer, other, account = make.user(role), make.user(), make.cooperative_user()

    seen = set(make.session.scalars(visible_users(viewer)))

    assert seen == {viewer, other, account}


def test_everybody_else_sees_only_their_own(make: Make) -> None:
    make.user(Role.ADMIN)
    facilitator, account = make.user(), make.cooperative_user()

    assert make.session.scalars(visible_users(facilitator)).all() == [facilitator]
    assert make.session.scalars(visible_users(account)).all() == [account]


@pytest.mark.parametrize(
    ("code", "scope", "within"),
    [
        ("64.71.03.1006", "", True),
        ("64.71.03.1006", "64", True),
        ("64.71.03.1006", "64.71", True),
        ("64.71.03.1006", "64.71.03.1006", True),
        ("64.71.03.1006", "64.71.02", False),
        ("64.710.03.1006", "64.71", False),
        ("64.71", "64.71.03", False),
        ("64.71.03.1006", "6", False),
    ],
)
def test_a_scope_holds_whole_regions_only(code: str, scope: str, within: bool) -> None:
    assert is_within(code, scope) is within
