"""Verbs of receipts: keep what came in, and give this server's memory another name."""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.field.models import Kept, Receipt, RecordKind, ServerEpoch
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.bulk import append
from pendamping.kernel.locks import locking


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
    """Keep a record word for word, together with what became of it. It counts only once the transaction is through.

    Returns:
        A copy of the row, which the session does not know.
    """
    row: Mapping[str, Any] = {
        "cooperative_id": place.cooperative_id,
        "city_code": place.city_code,
        "user_id": user_id,
        "record_id": received.id,
        "kind": received.kind,
        "v": received.v,
        "body": received.body,
        "sha256": received.sha256,
        "content_sha256": content_sha256,
        "outcome": outcome,
        "revision": revision,
        "received_at": now,
    }
    session.flush()
    append(session, Receipt, row)
    return Receipt(**row)


def renew_epoch(session: Session, *, actor: Actor, now: dt.datetime) -> str:
    """Give what this server remembers another name, because it was put back from a copy or copied itself.

    Every tablet sees it at its next contact and offers all that it has sent once more; what is here already is a
    duplicate and costs nothing.

    Returns:
        The new name.
    """
    epoch = session.scalars(locking(select(ServerEpoch))).one()
    before, epoch.value = epoch.value, secrets.token_hex(16)
    session.flush()
    audit.record(session, actor, "renew_epoch", epoch, at=now, before={"epoch": before}, after={"epoch": epoch.value})
    return epoch.value
