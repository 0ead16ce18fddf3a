"""Who may change instruments, and what they may try a change on."""

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role, holds_a_city


def can_draft(user: User) -> bool:
    """Whether a person edits and publishes instruments: an admin of a whole city or more (our proposal).

    An instrument holds for every cooperative of the city, so an admin of one kecamatan only reads it.
    """
    return user.role is Role.ADMIN and holds_a_city(user.scope_prefix)
