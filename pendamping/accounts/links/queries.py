"""What pages read of personal links."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.models import User

LINKS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as the list shows it: nothing by which anybody could come in."""

    id: uuid.UUID
    officer_id: uuid.UUID | None
    officer_name: str
    made_by: str
    made_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None
    use_count: int
    last_used_at: dt.datetime | None
    is_living: bool


def links_of(
    session: Session, visible: Select[PersonalLink], cooperative_id: uuid.UUID, *, now: dt.datetime
) -> list[LinkView]:
    """The links ever made for a cooperative's officers, the newest first."""
    maker = aliased(User)
    query = (
        visible.join(User, User.id == PersonalLink.user_id)
        .join(maker, maker.id == PersonalLink.made_by_id)
        .where(PersonalLink.cooperative_id == cooperative_id)
        .order_by(PersonalLink.made_at.desc(), PersonalLink.id)
        .limit(LINKS_SHOWN)
        .add_columns(User.officer_id, User.name, maker.name)
    )
    return [
        LinkView(
            id=link.id,
            officer_id=officer_id,
            officer_name=officer_name,
            made_by=made_by,
            made_at=link.made_at,
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
            use_count=link.use_count,
            last_used_at=link.last_used_at,
            is_living=link.revoked_at is None and link.expires_at > now,
        )
        for link, officer_id, officer_name, made_by in session.execute(query)
    ]
