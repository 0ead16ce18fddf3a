"""What pages read of proposed figures."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.proposals.models import FiguresDecision, FiguresProposal
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.queries import figures_of

PROPOSALS_SHOWN = 24
"""Two years of months."""


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A month's figures as the cooperative sent them, and what became of them; the last three None while they wait."""

    id: uuid.UUID
    month: Month
    figures: Figures
    author_name: str
    made_at: dt.datetime
    is_confirmed: bool | None
    reason: str | None
    decided_at: dt.datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None


def proposal_of(session: Session, cooperative_id: uuid.UUID, proposal_id: uuid.UUID) -> FiguresProposal | None:
    """One of a cooperative's proposals; None for another cooperative's."""
    query = select(FiguresProposal).where(
        FiguresProposal.id == proposal_id, FiguresProposal.cooperative_id == cooperative_id
    )
    return session.scalar(query)


def proposals_of(session: Session, cooperative_id: uuid.UUID, *, limit: int = PROPOSALS_SHOWN) -> list[ProposalView]:
    """The newest proposal of each month, the newest month first, with its decision; one query."""
    newest = _newest_proposals().where(FiguresProposal.cooperative_id == cooperative_id)
    query = (
        newest.join(User, User.id == FiguresProposal.author_id)
        .outerjoin(FiguresDecision, FiguresDecision.proposal_id == FiguresProposal.id)
        .add_columns(User.name, FiguresDecision)
        .order_by(FiguresProposal.year.desc(), FiguresProposal.month.desc())
        .limit(limit)
    )
    return [
        ProposalView(
            id=row.id,
            month=Month(row.year, row.month),
            figures=figures_of(row),
            author_name=name,
            made_at=row.made_at,
            is_confirmed=decision.figures_id is not None if decision else None,
            reason=decision.reason if decision else None,
            decided_at=decision.decided_at if decision else None,
        )
        for row, name, decision in session.execute(query)
    ]


def proposals_waiting(cooperative_ids: Select[uuid.UUID]) -> Select[FiguresProposal]:
    """What the cooperatives have sent and nobody has looked at, the longest waiting first; for lists and counts."""
    is_decided = exists().where(FiguresDecision.proposal_id == FiguresProposal.id)
    waiting = _newest_proposals().where(FiguresProposal.cooperative_id.in_(cooperative_ids), ~is_decided)
    return waiting.order_by(FiguresProposal.made_at, FiguresProposal.id)


def is_newest_proposal(session: Session, proposal: FiguresProposal) -> bool:
    return session.scalar(_newest_proposals().where(FiguresProposal.id == proposal.id)) is not None


def _newest_proposals() -> Select[FiguresProposal]:
    """The last that was sent for each month; the same instant is told apart by id."""
    later = aliased(FiguresProposal)
    is_replaced = exists().where(
        later.cooperative_id == FiguresProposal.cooperative_id,
        later.year == FiguresProposal.year,
        later.month == FiguresProposal.month,
        or_(
            later.made_at > FiguresProposal.made_at,
            (later.made_at == FiguresProposal.made_at) & (later.id > FiguresProposal.id),
        ),
    )
    return select(FiguresProposal).where(~is_replaced)
