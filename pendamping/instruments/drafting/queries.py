"""What pages read of drafts."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
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


def version_called(versions: Sequence[Version], number: str) -> Version | None:
    return next((each for each in versions if each.instrument.version == number), None)


def cooperatives_to_try(
    session: Session, visible: Select[Cooperative], *, most: int
) -> tuple[Sequence[Cooperative], int]:
    """The cooperatives on which a draft is tried out, and how many there are to choose from.

    Beyond `most` it is every second, third ... of them in the order of their codes, so from all over the region.
    """
    total = session.scalar(select(func.count()).select_from(visible.subquery())) or 0
    step = math.ceil(total / most)
    if step > 1:
        place = func.row_number().over(order_by=Cooperative.code)
        numbered = visible.with_only_columns(Cooperative.id, (place - 1).label("place")).subquery()
        chosen = select(numbered.c.id).where(numbered.c.place % step == 0)
        visible = select(Cooperative).where(Cooperative.id.in_(chosen))
    return session.scalars(visible.order_by(Cooperative.code)).all(), total
