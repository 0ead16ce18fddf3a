"""What the wire and the head's pages read of held records."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Select, bindparam, exists, func, select, union_all
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.field.models import Kept, Receipt, RecordKind
from pendamping.field.quarantine.models import HeldRecord, QuarantineDecision, Verdict, WhyHeld
from pendamping.kernel.bulk import read
from pendamping.visits.models import Visit

SHOWN = 100


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A record that waits, as a list shows it; the cooperative is None where it names none."""

    id: uuid.UUID
    kind: RecordKind
    why: WhyHeld
    author_id: uuid.UUID
    author_name: str
    brought_by: str
    cooperative_name: str | None
    cooperative_code: str | None
    body: str
    held_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A record that waited, and what became of it."""

    id: uuid.UUID
    kind: RecordKind
    author_name: str
    cooperative_name: str | None
    verdict: Verdict
    reason: str
    decided_by: str
    decided_at: dt.datetime


def waiting(session: Session, held: Select[HeldRecord], *, limit: int = SHOWN) -> list[HeldLine]:
    """Those of a select that nobody has decided about and that have not come in another way, the oldest first."""
    rows = session.execute(
        held.join(User, User.id == HeldRecord.author_id)
        .outerjoin(Cooperative, Cooperative.id == HeldRecord.cooperative_id)
        .where(still_waits())
        .order_by(HeldRecord.held_at, HeldRecord.id)
        .limit(limit)
        .with_only_columns(
            HeldRecord.id,
            HeldRecord.kind,
            HeldRecord.why,
            HeldRecord.author_id,
            User.name,
            HeldRecord.brought_by,
            Cooperative.short_name,
            Cooperative.code,
            HeldRecord.body,
            HeldRecord.held_at,
        )
    )
    return [HeldLine(*tuple(row)) for row in rows]


def waiting_count(session: Session, held: Select[HeldRecord]) -> int:
    """How many of a select wait."""
    return session.scalar(held.where(still_waits()).with_only_columns(func.count(HeldRecord.id))) or 0


def still_waits() -> ColumnElement[bool]:
    """That a held record waits: no decision, and its very bytes were not taken in another way meanwhile."""
    decided = exists().where(QuarantineDecision.held_id == HeldRecord.id)
    taken_in = exists().where(
        Receipt.record_id == HeldRecord.record_id,
        Receipt.sha256 == HeldRecord.sha256,
        Receipt.outcome != Kept.CONFLICT,
    )
    return ~decided & ~taken_in


def last_decided(session: Session, held: Select[HeldRecord], *, limit: int = 10) -> list[DecidedLine]:
    """The last decisions about records of a select, the newest first."""
    decider = select(User.id, User.name).subquery()
    rows = session.execute(
        held.join(QuarantineDecision, QuarantineDecision.held_id == HeldRecord.id)
        .join(User, User.id == HeldRecord.author_id)
        .join(decider, decider.c.id == QuarantineDecision.decided_by_id)
        .outerjoin(Cooperative, Cooperative.id == HeldRecord.cooperative_id)
        .order_by(QuarantineDecision.decided_at.desc(), QuarantineDecision.id)
        .limit(limit)
        .with_only_columns(
            HeldRecord.id,
            HeldRecord.kind,
            User.name,
            Cooperative.short_name,
            QuarantineDecision.verdict,
            QuarantineDecision.reason,
            decider.c.name,
            QuarantineDecision.decided_at,
        )
    )
    return [DecidedLine(*row) for row in rows]


def held_before(session: Session, *, author_id: uuid.UUID, record_id: uuid.UUID, sha256: str) -> HeldRecord | None:
    """The same bytes of the same author, if they were held before."""
    return session.scalar(
        select(HeldRecord).where(
            HeldRecord.author_id == author_id, HeldRecord.record_id == record_id, HeldRecord.sha256 == sha256
        )
    )


def unheard_of(session: Session, record_ids: Sequence[uuid.UUID], *, author_id: uuid.UUID) -> set[uuid.UUID]:
    """Those of a batch's ids that come but once, that no visit has and under which nothing was ever kept, nor held for
    this author; one query.
    """
    once = {id_ for id_, times in Counter(record_ids).items() if times == 1}
    return once - set(read(session, _heard_of(), {"record_ids": list(once), "author_id": author_id}).scalars())


@cache
def _heard_of() -> CompoundSelect[uuid.UUID]:
    """Made once, because every batch runs it, and making it takes longer."""
    ids: BindParameter[Sequence[uuid.UUID]] = bindparam("record_ids", expanding=True)
    kept = select(Receipt.record_id).where(Receipt.record_id.in_(ids))
    held = select(HeldRecord.record_id).where(
        HeldRecord.author_id == bindparam("author_id"), HeldRecord.record_id.in_(ids)
    )
    return union_all(kept, held, select(Visit.id).where(Visit.id.in_(ids)))


def decision_about(session: Session, held_id: uuid.UUID) -> QuarantineDecision | None:
    return session.scalar(select(QuarantineDecision).where(QuarantineDecision.held_id == held_id))


def held_by_id(session: Session, held: Select[HeldRecord], ids: Sequence[uuid.UUID]) -> list[HeldRecord]:
    """Those of a select with these ids, in the order in which they came: a visit before what refers to it."""
    chosen = held.where(HeldRecord.id.in_(list(ids))).order_by(HeldRecord.held_at, HeldRecord.id)
    return list(session.scalars(chosen))
