"""Verbs of proposed figures: a cooperative sends them, its facilitator takes them over or sends them back."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.proposals.models import FiguresDecision, FiguresProposal
from pendamping.cooperatives.proposals.queries import is_newest_proposal
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.queries import figures_of, latest_row
from pendamping.cooperatives.records.service import MonthHasNotBegun, held_figures, revise, told, values_of
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.once import sent_before
from pendamping.kernel.words import N_


class NothingProposed(DomainError):
    code = "nothing_proposed"
    status = 400
    explanation = N_("Isi paling sedikit satu angka.")


class ProposalDecided(DomainError):
    code = "proposal_decided"
    explanation = N_("Usulan angka ini sudah diputuskan. Keputusan yang tersimpan tidak diubah.")


class ProposalReplaced(DomainError):
    code = "proposal_replaced"
    explanation = N_("Koperasi sudah mengirim angka yang lebih baru untuk bulan ini. Periksa yang terbaru.")


class ReturnReasonMissing(DomainError):
    code = "return_reason_missing"
    status = 400
    explanation = N_("Tulis apa yang perlu diperbaiki.")


def propose_figures(
    session: Session,
    cooperative: Cooperative,
    month: Month,
    figures: Figures,
    *,
    proposal_id: uuid.UUID,
    author_id: uuid.UUID,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> FiguresProposal:
    """A cooperative writes down a month's figures for its facilitator to confirm; once, however often it is sent.

    Raises:
        MonthHasNotBegun: the month lies in the future.
        NothingProposed: every figure is empty.
        SentByAnother: the id stands for another proposal.
    """
    if stored := sent_before(session, FiguresProposal, proposal_id, author_id=author_id):
        return stored
    if month > Month.of(today):
        raise MonthHasNotBegun
    if figures == Figures():
        raise NothingProposed
    proposal = FiguresProposal(
        id=proposal_id,
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        year=month.year,
        month=month.number,
        author_id=author_id,
        made_at=now,
        **values_of(figures),
    )
    session.add(proposal)
    session.flush()
    after = {"cooperative": cooperative.code, "month": str(month), **values_of(figures)}
    audit.record(session, actor, "propose_figures", proposal, at=now, after=after)
    return proposal


def confirm_figures(
    session: Session,
    cooperative: Cooperative,
    proposal: FiguresProposal,
    *,
    seen_revision: int,
    decided_by_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> FiguresDecision:
    """The facilitator takes a proposal over as it is: it becomes the month's next revision, typed by nobody twice.

    What the proposal leaves empty keeps the figure that is known.

    Raises:
        ProposalDecided, ProposalReplaced: it waits no more.
        FiguresChanged: somebody has recorded other figures since the page was opened.
    """
    month = Month(proposal.year, proposal.month)
    latest = held_figures(session, cooperative, month)
    _refuse_settled(session, proposal)
    figures = figures_of(proposal).over(latest.figures if latest else Figures())
    row = revise(
        session, cooperative, month, figures, latest, seen_revision=seen_revision, author_id=decided_by_id, now=now
    )
    if row is None:
        row = latest_row(session, cooperative.id, month)
    decision = _decided(session, proposal, row.id, "", decided_by_id, now)
    said = values_of(latest.figures) if latest else None
    audit.record(session, actor, "confirm_figures", decision, at=now, before=said, after=told(cooperative, row))
    return decision


def return_figures(
    session: Session,
    cooperative: Cooperative,
    proposal: FiguresProposal,
    *,
    reason: str,
    decided_by_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> FiguresDecision:
    """The facilitator sends a proposal back and says why; the cooperative sends another.

    Raises:
        ReturnReasonMissing: nothing says what is to be put right.
        ProposalDecided, ProposalReplaced: it waits no more.
    """
    if not reason.strip():
        raise ReturnReasonMissing
    locked(session, Cooperative, cooperative.id)
    _refuse_settled(session, proposal)
    decision = _decided(session, proposal, None, reason, decided_by_id, now)
    audit.record(session, actor, "return_figures", decision, at=now, after={"reason": reason})
    return decision


def _refuse_settled(session: Session, proposal: FiguresProposal) -> None:
    if session.get(FiguresDecision, proposal.id) is not None:
        raise ProposalDecided
    if not is_newest_proposal(session, proposal):
        raise ProposalReplaced


def _decided(
    session: Session,
    proposal: FiguresProposal,
    figures_id: uuid.UUID | None,
    reason: str,
    decided_by_id: uuid.UUID,
    now: dt.datetime,
) -> FiguresDecision:
    decision = FiguresDecision(
        proposal_id=proposal.id,
        city_code=proposal.city_code,
        figures_id=figures_id,
        reason=reason,
        decided_by_id=decided_by_id,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    return decision
