"""Which accounts an admin manages: the only select from which routes load them."""

import uuid

from sqlalchemy import CompoundSelect, Select, or_, select

from pendamping.accounts.models import User
from pendamping.kernel.roles import AGENCY, Role


def visible_people(
    admin: User, *, cooperative_ids: Select[uuid.UUID], beyond: CompoundSelect[uuid.UUID]
) -> Select[User]:
    """The accounts that reach no further than the admin's own; whoever has a password could act as their owner.

    Those of officers are not among them: they have no password, and their links stand on their cooperative's page.

    Args:
        cooperative_ids: the cooperatives that the admin sees.
        beyond: the facilitators who have, had or are offered a cooperative outside of these.
    """
    with_password = select(User).where(User.officer_id.is_(None))
    if not admin.scope_prefix:
        return with_password
    within = or_(
        User.scope_prefix == admin.scope_prefix,
        User.scope_prefix.startswith(admin.scope_prefix + ".", autoescape=True),
    )
    return with_password.where(
        or_(
            User.role.in_(tuple(AGENCY)) & within,
            (User.role == Role.COOPERATIVE) & User.cooperative_id.in_(cooperative_ids),
            (User.role == Role.FACILITATOR) & User.id.not_in(beyond),
        )
    )


def may_give_scope(admin: User, scope_prefix: str) -> bool:
    """Whether an admin may give somebody this region to see: nobody gives away more than they have."""
    return not admin.scope_prefix or f"{scope_prefix}.".startswith(f"{admin.scope_prefix}.")
