"""Which personal links a person sees, and which of them open anything."""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, Select, select

from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.models import User


def visible_links(*, cooperative_ids: Select[uuid.UUID]) -> Select[PersonalLink]:
    """The links of the cooperatives that a person sees."""
    return select(PersonalLink).where(PersonalLink.cooperative_id.in_(cooperative_ids))


def may_come_in(*, in_office: Select[uuid.UUID], now: dt.datetime) -> ColumnElement[bool]:
    """That an account opens to its owner at this moment: it is not closed, and an officer's has a link that lives.

    Args:
        in_office: the officers in office today.
    """
    with_link = living_links(in_office=in_office, now=now).with_only_columns(PersonalLink.user_id).correlate(None)
    return User.deactivated_at.is_(None) & (User.officer_id.is_(None) | User.id.in_(with_link))


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
