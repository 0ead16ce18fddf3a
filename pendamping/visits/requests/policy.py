"""Who may ask for an item to be looked at."""

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role


def can_ask(user: User) -> bool:
    """The agency asks; it may take back what it asked for."""
    return user.role in (Role.AGENCY_HEAD, Role.ADMIN)
