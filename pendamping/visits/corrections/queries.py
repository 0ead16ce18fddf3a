"""What pages read of corrections."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.models import Visit


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
