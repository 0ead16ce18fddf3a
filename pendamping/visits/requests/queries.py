"""What pages read of requests."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.visits.requests.models import ItemRequest


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request as pages show it."""

    id: uuid.UUID
    item_id: str
    note: str
    asked_by: str
    asked_at: dt.datetime
    closed_at: dt.datetime | None
    visit_id: uuid.UUID | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def open_requests(session: Session, cooperative_id: uuid.UUID) -> Mapping[str, RequestView]:
    """What the agency still waits for, by item; there is one at most for each."""
    return {view.item_id: view for view in _views(session, cooperative_id, ItemRequest.closed_at.is_(None))}


def requests_for_item(session: Session, cooperative_id: uuid.UUID, item_id: str, *, limit: int) -> list[RequestView]:
    """Everything the agency has asked about an item, the newest first."""
    return _views(session, cooperative_id, ItemRequest.item_id == item_id, limit=limit)


def request_of(session: Session, cooperative_id: uuid.UUID, request_id: uuid.UUID) -> ItemRequest | None:
    """The request itself, if it is this cooperative's."""
    query = select(ItemRequest).where(ItemRequest.id == request_id, ItemRequest.cooperative_id == cooperative_id)
    return session.scalar(query)


def _views(
    session: Session, cooperative_id: uuid.UUID, which: ColumnElement[bool], *, limit: int | None = None
) -> list[RequestView]:
    query = (
        select(ItemRequest, User.name)
        .join(User, User.id == ItemRequest.asked_by)
        .where(ItemRequest.cooperative_id == cooperative_id, which)
        .order_by(ItemRequest.asked_at.desc(), ItemRequest.id)
        .limit(limit)
    )
    return [
        RequestView(row.id, row.item_id, row.note, name, row.asked_at, row.closed_at, row.visit_id)
        for row, name in session.execute(query)
    ]
