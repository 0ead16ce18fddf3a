"""What pages read of drafts."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.visits.drafts.models import Draft

DRAFTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An unfinished visit as a list shows it."""

    id: uuid.UUID
    cooperative: NameAndCode
    updated_at: dt.datetime


def drafts_of(session: Session, author_id: uuid.UUID) -> list[DraftLine]:
    """A person's unfinished visits, the last one first."""
    rows = session.execute(
        select(Draft.id, Cooperative, Draft.updated_at)
        .join(Cooperative, Cooperative.id == Draft.cooperative_id)
        .where(Draft.author_id == author_id)
        .order_by(Draft.updated_at.desc(), Draft.id)
        .limit(DRAFTS_SHOWN)
    )
    return [DraftLine(id_, name_and_code(cooperative), updated_at) for id_, cooperative, updated_at in rows]


def draft_of(session: Session, draft_id: uuid.UUID, *, author_id: uuid.UUID, cooperative_id: uuid.UUID) -> Draft | None:
    """One's own draft of a visit to this cooperative, or None."""
    draft = session.get(Draft, draft_id)
    if draft is None or (draft.author_id, draft.cooperative_id) != (author_id, cooperative_id):
        return None
    return draft
