"""Verbs of drafts: keep what is typed, let it go."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import cache

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningDelete

from pendamping.cooperatives.models import Cooperative
from pendamping.kernel.bulk import table_of
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.locks import locked_if_there
from pendamping.kernel.words import N_
from pendamping.visits.drafts.models import Draft
from pendamping.visits.models import Visit

MAX_FIELDS = 4000
MAX_CHARACTERS = 400_000


class DraftChanged(DomainError):
    code = "draft_changed"
    explanation = N_("Draf ini sudah berubah di tab atau perangkat lain.")


class DraftIsStored(DomainError):
    code = "draft_is_stored"
    explanation = N_("Kunjungan ini sudah tersimpan; drafnya tidak diperlukan lagi.")


class DraftTooLarge(DomainError):
    code = "draft_too_large"
    status = 413
    explanation = N_("Draf ini terlalu besar untuk disimpan.")


def save_draft(
    session: Session,
    cooperative: Cooperative,
    draft_id: uuid.UUID,
    fields: Sequence[tuple[str, str]],
    *,
    known_revision: int,
    author_id: uuid.UUID,
    now: dt.datetime,
) -> Draft:
    """Keep what was typed so far, valid or not.

    Args:
        known_revision: the revision that the writer saw last; 0 for a draft that is new.

    Raises:
        DraftChanged: another tab has saved since; nothing is overwritten.
        DraftIsStored: the visit has been stored meanwhile.
        DraftTooLarge: no visit is that long.
        NotThere: the id is somebody else's, or of another cooperative.
    """
    if len(fields) > MAX_FIELDS or sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        raise DraftTooLarge
    typed = [[name, value] for name, value in fields]
    draft = locked_if_there(session, Draft, draft_id)
    if session.get(Visit, draft_id) is not None:  # asked after the wait for the draft: its visit may just have come
        raise DraftIsStored
    if draft is None:
        draft = Draft(
            id=draft_id,
            city_code=cooperative.city_code,
            author_id=author_id,
            cooperative_id=cooperative.id,
            revision=0,
            created_at=now,
        )
    elif (draft.author_id, draft.cooperative_id) != (author_id, cooperative.id):
        raise NotThere
    elif draft.revision != known_revision:
        if draft.fields == typed:  # sent again because the answer was lost on the way
            return draft
        raise DraftChanged
    draft.fields = typed
    draft.revision += 1
    draft.updated_at = now
    session.add(draft)
    session.flush()
    return draft


def drop_draft(session: Session, draft_id: uuid.UUID, *, author_id: uuid.UUID) -> bool:
    """Let a draft go: its visit is stored, or its author threw it away. True if there was one."""
    dropped = session.connection().execute(_drop(), {"draft_id": draft_id, "author_id": author_id}).first()
    if dropped is None:
        return False
    if (read_before := session.identity_map.get(identity_key(Draft, draft_id))) is not None:
        session.expunge(read_before)
    return True


@cache
def _drop() -> ReturningDelete[uuid.UUID]:
    """Made once, because every visit that comes in runs it, and making it takes longer."""
    drafts = table_of(Draft)
    own = (drafts.c.id == bindparam("draft_id"), drafts.c.author_id == bindparam("author_id"))
    return delete(drafts).where(*own).returning(drafts.c.id)
