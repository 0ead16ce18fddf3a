"""Thirteen months of a cooperative's figures as it sees them: what is recorded, and what became of what it sent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.proposals.queries import ProposalView, proposals_of
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.queries import FiguresRevision, figures_between, latest_figures

MONTHS_SHOWN = 13


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A month with what is recorded of it and the last that was sent for it, either None."""

    month: Month
    recorded: FiguresRevision | None
    proposal: ProposalView | None

    @property
    def shown(self) -> Figures:
        """What waits, for it is newer; otherwise what is recorded."""
        if self.proposal and self.proposal.is_waiting:
            return self.proposal.figures
        return self.recorded.figures if self.recorded else Figures()


def own_figures(session: Session, cooperative: Cooperative, *, today: dt.date) -> Sequence[OwnMonth]:
    """The newest month first; two queries."""
    months = [Month.of(today).minus(back) for back in range(MONTHS_SHOWN)]
    recorded = {each.month: each for each in figures_between(session, cooperative.id, months[-1], months[0])}
    proposals = {each.month: each for each in proposals_of(session, cooperative.id)}
    return [OwnMonth(month, recorded.get(month), proposals.get(month)) for month in months]


def begun_with(session: Session, cooperative: Cooperative, month: Month) -> Figures:
    """What a month's form begins with: what was sent last and waits or came back, otherwise what is recorded."""
    sent = next((each for each in proposals_of(session, cooperative.id) if each.month == month), None)
    if sent is not None and not sent.is_confirmed:
        return sent.figures
    latest = latest_figures(session, cooperative.id, month)
    return latest.figures if latest else Figures()
