"""What pages read of corrections."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.corrections.policy import window_ends_on
from pendamping.visits.models import MonthLock, Visit


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was put right: what it is, and the words before and after; empty where there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    number: int
    kind: CorrectionKind
    reason: str
    changes: Sequence[Change]
    author_name: str
    made_at: dt.datetime


def still_correctable(
    session: Session, facilitator_id: uuid.UUID, *, today: dt.date, limit: int
) -> Sequence[uuid.UUID]:
    """A facilitator's visits that may still be put right today, the newest first."""
    first = today.replace(day=1)
    if today <= window_ends_on(first - dt.timedelta(days=1)):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    locked = select(MonthLock).where(
        MonthLock.facilitator_id == facilitator_id,
        MonthLock.year == extract("year", Visit.visited_on),
        MonthLock.month == extract("month", Visit.visited_on),
    )
    own = select(Visit.id).where(
        Visit.facilitator_id == facilitator_id, Visit.visited_on.between(first, today), ~locked.exists()
    )
    return session.scalars(own.order_by(Visit.visited_on.desc(), Visit.id).limit(limit)).all()


def version_sha256(session: Session, visit: Visit) -> str:
    """The hash that stands for a visit as it is now: what the next correction is written over."""
    newest = (
        select(Correction.body_sha256)
        .where(Correction.visit_id == visit.id, Correction.kind == CorrectionKind.CORRECTION)
        .order_by(Correction.number.desc())
        .limit(1)
    )
    return session.scalar(newest) or visit.body_sha256


def corrections_of(session: Session, visit_id: uuid.UUID) -> list[CorrectionView]:
    """What was put right at a visit or added to it, in order."""
    rows = session.execute(
        select(Correction, User.name)
        .join(User, User.id == Correction.author_id)
        .where(Correction.visit_id == visit_id)
        .order_by(Correction.number)
    )
    return [
        CorrectionView(
            number=row.number,
            kind=row.kind,
            reason=row.reason,
            changes=[Change(each["field"], each["before"], each["after"]) for each in row.changes],
            author_name=name,
            made_at=row.made_at,
        )
        for row, name in rows
    ]
