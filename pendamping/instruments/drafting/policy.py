"""Who may change instruments, and what they may try a change on."""

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role

_PARTS_OF_A_CITY = 2


def can_draft(user: User) -> bool:
    """Whether a person edits and publishes instruments: an admin of a whole city or more (our proposal).

    An instrument holds for every cooperative of the city, so an admin of one kecamatan only reads it.
    """
    parts = user.scope_prefix.split(".") if user.scope_prefix else []
    return user.role is Role.ADMIN and len(parts) <= _PARTS_OF_A_CITY
