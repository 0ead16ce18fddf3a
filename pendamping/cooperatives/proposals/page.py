"""What the facilitator sees of the figures that a cooperative proposes: each beside what is recorded."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.proposals.models import FiguresProposal
from pendamping.cooperatives.proposals.queries import ProposalView, proposal_of, proposals_of
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.queries import FiguresRevision, figures_between
from pendamping.kernel.errors import NotThere


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """`recorded` by month: what a proposal is held against."""

    cooperative: NameAndCode
    waiting: Sequence[ProposalView]
    decided: Sequence[ProposalView]
    recorded: Mapping[Month, FiguresRevision]


def proposals_page(session: Session, cooperative: Cooperative) -> ProposalsPage:
    proposals = proposals_of(session, cooperative.id)
    months = [each.month for each in proposals]
    recorded = figures_between(session, cooperative.id, min(months), max(months)) if months else []
    return ProposalsPage(
        cooperative=name_and_code(cooperative),
        waiting=[each for each in proposals if each.is_waiting],
        decided=[each for each in proposals if not each.is_waiting],
        recorded={each.month: each for each in recorded},
    )


def proposal_or_404(session: Session, cooperative: Cooperative, proposal_id: uuid.UUID) -> FiguresProposal:
    proposal = proposal_of(session, cooperative.id, proposal_id)
    if proposal is None:
        raise NotThere
    return proposal
