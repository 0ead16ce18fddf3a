"""Which accounts a person may see, how scopes hold regions, and what a password must be."""

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.kernel.roles import AGENCY

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200


def visible_users(user: User) -> Select[User]:
    """The agency sees the accounts of its people; everybody else sees only their own."""
    query = select(User).order_by(User.name, User.id)
    return query if user.role in AGENCY else query.where(User.id == user.id)


def is_within(code: str, scope_prefix: str) -> bool:
    """Whether a region code lies within a scope: `64.71` holds `64.71.03.1006` but not `64.710`."""
    return not scope_prefix or code == scope_prefix or code.startswith(scope_prefix + ".")
