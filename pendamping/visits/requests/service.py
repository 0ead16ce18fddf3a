"""Verbs of requests: ask for an item, take it back, answer it."""

import datetime as dt
import uuid
from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.bulk import read
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_
from pendamping.visits.models import Visit
from pendamping.visits.requests.models import ItemRequest


class RequestIsOpen(DomainError):
    code = "request_is_open"
    explanation = N_("Butir ini sudah diminta dan masih menunggu kunjungan berikutnya.")


def ask_for_item(
    session: Session,
    cooperative: Cooperative,
    item_id: str,
    note: str,
    *,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> ItemRequest:
    """Ask that the next visit looks at an item, whatever its schedule says.

    Raises:
        RequestIsOpen: it is asked for already; tried again after another transaction's, this says so too.
    """
    if session.scalar(_open(cooperative.id).where(ItemRequest.item_id == item_id)) is not None:
        raise RequestIsOpen
    request = ItemRequest(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        item_id=item_id,
        note=note,
        asked_by=author_id,
        asked_at=now,
    )
    session.add(request)
    session.flush()
    after = {"cooperative": cooperative.code, "item": item_id, "note": note}
    audit.record(session, actor, "ask_for_item", request, at=now, after=after)
    return request


def take_back(session: Session, request: ItemRequest, *, actor: Actor, now: dt.datetime) -> None:
    """Ask no more; what was answered meanwhile stays answered."""
    locked(session, ItemRequest, request.id)
    if request.closed_at is None:
        request.closed_at = now
        session.flush()
        audit.record(session, actor, "take_back_request", request, at=now, after={"item": request.item_id})


def answer_requests(
    session: Session, visit: Visit, item_ids: Collection[str], *, actor: Actor, now: dt.datetime
) -> None:
    """Close what a visit has answered. One that lies before the day of the asking answers nothing: it arrived late."""
    asked_for = {"cooperative_id": visit.cooperative_id, "item_ids": list(item_ids)}
    ids = read(session, _open_for(), asked_for).scalars().all() if item_ids else ()
    for request in [session.get_one(ItemRequest, id_) for id_ in ids]:
        if office_date(request.asked_at) <= visit.visited_on:
            request.closed_at, request.visit_id = now, visit.id
            session.flush()
            audit.record(
                session, actor, "answer_request", request, at=now, after={"item": request.item_id, "visit": visit.id}
            )


@cache
def _open_for() -> Select[uuid.UUID]:
    """Made once, because every visit that comes in runs it, and making it takes longer."""
    own = select(ItemRequest.id).where(ItemRequest.cooperative_id == bindparam("cooperative_id"))
    return own.where(ItemRequest.closed_at.is_(None), ItemRequest.item_id.in_(bindparam("item_ids", expanding=True)))


def _open(cooperative_id: uuid.UUID) -> Select[ItemRequest]:
    return select(ItemRequest).where(ItemRequest.cooperative_id == cooperative_id, ItemRequest.closed_at.is_(None))
