"""Which personal links a person sees, and which of them open anything."""

import datetime as dt
import uuid

from sqlalchemy import Select, select

from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.models import User


def visible_links(*, cooperative_ids: Select[uuid.UUID]) -> Select[PersonalLink]:
    """The links of the cooperatives that a person sees."""
    return select(PersonalLink).where(PersonalLink.cooperative_id.in_(cooperative_ids))


def living_links(*, in_office: Select[uuid.UUID], now: dt.datetime) -> Select[PersonalLink]:
    """The links that open something at this moment: neither expired nor revoked, of an account that is open and of an
    officer who is in office.

    Args:
        in_office: the officers in office today.
    """
    return (
        select(PersonalLink)
        .join(User, User.id == PersonalLink.user_id)
        .where(
            PersonalLink.revoked_at.is_(None),
            PersonalLink.expires_at > now,
            User.deactivated_at.is_(None),
            User.officer_id.in_(in_office),
        )
    )
