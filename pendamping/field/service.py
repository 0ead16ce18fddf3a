"""Verbs of receipts: keep what came in."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.field.models import Kept, Receipt, RecordKind


@dataclass(frozen=True, slots=True)
class Received:
    """A record whose envelope was read: what kind of thing it is, and its body as it was sent."""

    id: uuid.UUID
    kind: RecordKind
    v: int
    body: str
    sha256: str
    base_sha256: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose the record is: the cooperative, and its city."""

    cooperative_id: uuid.UUID
    city_code: str


def keep_receipt(
    session: Session,
    received: Received,
    place: Place,
    *,
    outcome: Kept,
    revision: int,
    user_id: uuid.UUID,
    now: dt.datetime,
    content_sha256: str | None = None,
) -> Receipt:
    """Keep a record word for word, together with what became of it. It counts only once the transaction is through."""
    receipt = Receipt(
        cooperative_id=place.cooperative_id,
        city_code=place.city_code,
        user_id=user_id,
        record_id=received.id,
        kind=received.kind,
        v=received.v,
        body=received.body,
        sha256=received.sha256,
        content_sha256=content_sha256,
        outcome=outcome,
        revision=revision,
        received_at=now,
    )
    session.add(receipt)
    session.flush()
    return receipt
