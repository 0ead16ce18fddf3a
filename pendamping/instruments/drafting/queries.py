"""What pages read of drafts."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.instruments.drafting.models import InstrumentDraft
from pendamping.instruments.exchange.queries import Version


@dataclass(frozen=True, slots=True)
class DraftView:
    """The open draft of an instrument as pages show it."""

    code: str
    document: dict[str, Any]
    revision: int
    updated_at: dt.datetime
    updated_by: str

    @property
    def version(self) -> str:
        return str(self.document["instrument"]["version"])


def draft_of(session: Session, code: str) -> DraftView | None:
    """The one open draft of an instrument."""
    return next((each for each in _drafts(session, code)), None)


def all_drafts(session: Session) -> dict[str, DraftView]:
    """The open drafts by the codes of their instruments; one query."""
    return {each.code: each for each in _drafts(session, None)}


def _drafts(session: Session, code: str | None) -> list[DraftView]:
    query = select(InstrumentDraft, User.name).join(User, User.id == InstrumentDraft.updated_by_id)
    if code is not None:
        query = query.where(InstrumentDraft.code == code)
    rows = session.execute(query.execution_options(populate_existing=True))
    return [DraftView(row.code, row.document, row.revision, row.updated_at, name) for row, name in rows]


def version_called(versions: list[Version], number: str) -> Version | None:
    return next((each for each in versions if each.instrument.version == number), None)
