"""What the wire and the page of what was sent read of receipts."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.field.models import Kept, Receipt, RecordKind, ServerEpoch
from pendamping.kernel.bulk import read

RECEIVED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """A record that was taken in, as a list shows it."""

    record_id: uuid.UUID
    kind: RecordKind
    cooperative_name: str
    received_at: dt.datetime
    outcome: Kept


def epoch(session: Session) -> str:
    """The name of what this server remembers."""
    return session.scalars(select(ServerEpoch.value)).one()


def memory(session: Session, user_id: uuid.UUID) -> tuple[str, int]:
    """The name of what this server remembers, and how many of a person's records it has taken in; one query."""
    name, count = read(session, _memory(), {"user_id": user_id}).one()
    return name, count


@cache
def _memory() -> Select[str, int]:
    """Made once, because every tablet asks it after all that it hands in."""
    return select(ServerEpoch.value, _taken_in().scalar_subquery())


def _taken_in() -> Select[int]:
    return select(func.count()).where(Receipt.user_id == bindparam("user_id"), Receipt.outcome != Kept.CONFLICT)


def receipts_under(session: Session, record_id: uuid.UUID) -> Sequence[Receipt]:
    """Everything that was kept under a record's id, in the order in which it came."""
    rows = select(Receipt).where(Receipt.record_id == record_id).order_by(Receipt.received_at, Receipt.revision)
    return session.scalars(rows).all()


def receipt_count(session: Session, user_id: uuid.UUID) -> int:
    """How many of a person's records were taken in; conflicts are kept, but not taken in."""
    return session.scalar(_taken_in(), {"user_id": user_id}) or 0


def last_received(session: Session, user_id: uuid.UUID) -> list[ReceivedLine]:
    """A person's last records, the newest first."""
    rows = session.execute(
        select(Receipt.record_id, Receipt.kind, Cooperative.short_name, Receipt.received_at, Receipt.outcome)
        .join(Cooperative, Cooperative.id == Receipt.cooperative_id)
        .where(Receipt.user_id == user_id)
        .order_by(Receipt.received_at.desc(), Receipt.id)
        .limit(RECEIVED_SHOWN)
    )
    return [ReceivedLine(*row) for row in rows]


def record_that_says(session: Session, record_id: uuid.UUID, content_sha256: str) -> str | None:
    """The hash of the record that brought a visit with just this content, if one did."""
    found = select(Receipt.sha256).where(
        Receipt.record_id == record_id, Receipt.content_sha256 == content_sha256, Receipt.outcome == Kept.CREATED
    )
    return session.scalar(found.limit(1))
