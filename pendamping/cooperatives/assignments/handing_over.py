"""Verbs of hand-overs: proposed, accepted or declined by the successor, waiting for a tablet, forced."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState
from pendamping.cooperatives.assignments.service import (
    LastDayOutside,
    NotAFacilitator,
    SameFacilitator,
    VisitsAfterLastDay,
    hand_over,
)
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.service import ONE_DAY
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_


class HandoverWaits(DomainError):
    code = "handover_waits"
    explanation = N_("Serah terima koperasi ini sudah diusulkan dan belum selesai.")


class AlreadyAnswered(DomainError):
    code = "handover_already_answered"
    explanation = N_("Usulan serah terima ini sudah dijawab.")


class AnswerNeedsReason(DomainError):
    code = "answer_needs_reason"
    status = 400
    explanation = N_("Tulis alasannya.")


def propose(
    session: Session,
    assignment: Assignment,
    successor: User,
    *,
    ends_on: dt.date,
    note: str,
    last_visit_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> Handover:
    """Propose that somebody goes on from the day after `ends_on`; nothing of the assignment changes yet.

    Raises:
        HandoverWaits: one is proposed already, or accepted and not yet in effect.
        SameFacilitator, NotAFacilitator: the successor cannot be one.
        LastDayOutside, VisitsAfterLastDay: the day does not hold.
    """
    locked(session, Cooperative, assignment.cooperative_id)
    session.refresh(assignment)
    if open_handover(session, assignment.id) is not None:
        raise HandoverWaits
    _refuse_bad(session, assignment, successor, ends_on, last_visit_on)
    handover = Handover(
        city_code=assignment.city_code,
        cooperative_id=assignment.cooperative_id,
        assignment_id=assignment.id,
        former_id=assignment.facilitator_id,
        successor_id=successor.id,
        ends_on=ends_on,
        note=note,
        proposed_by_id=actor.user_id,
        proposed_at=now,
    )
    session.add(handover)
    session.flush()
    after = {"assignment": assignment.id, "successor": successor.username, "ends_on": ends_on, "note": note}
    audit.record(session, actor, "propose_handover", handover, at=now, after=after)
    return handover


def _refuse_bad(
    session: Session, assignment: Assignment, successor: User, ends_on: dt.date, last_visit_on: dt.date | None
) -> None:
    if successor.id == assignment.facilitator_id:
        raise SameFacilitator(name=successor.name)
    if successor.role is not Role.FACILITATOR or not successor.is_active:
        raise NotAFacilitator(name=successor.name)
    first, last = assignment.starts_on, assignment.ends_on - ONE_DAY
    if not first <= ends_on <= last:
        raise LastDayOutside(first=first.isoformat(), last=last.isoformat())
    if last_visit_on is not None and last_visit_on > ends_on:
        name = session.get_one(User, assignment.facilitator_id).name
        raise VisitsAfterLastDay(name=name, date=last_visit_on.isoformat())


def open_handover(session: Session, assignment_id: uuid.UUID) -> Handover | None:
    """The one of an assignment that still waits: for an answer, or for a tablet."""
    waits = Handover.effective_at.is_(None) & (Handover.state != HandoverState.DECLINED)
    return session.scalar(select(Handover).where(Handover.assignment_id == assignment_id, waits))


def accept(session: Session, handover: Handover, *, actor: Actor, now: dt.datetime) -> None:
    """The successor says yes. The assignments change when it takes effect.

    Raises:
        AlreadyAnswered: it was accepted, declined or forced before.
    """
    _answer(session, handover, HandoverState.ACCEPTED, "", actor, now)


def decline(session: Session, handover: Handover, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """The successor says no, and why; everything stays as it is.

    Raises:
        AlreadyAnswered, AnswerNeedsReason.
    """
    if not reason.strip():
        raise AnswerNeedsReason
    _answer(session, handover, HandoverState.DECLINED, reason.strip(), actor, now)


def _answer(
    session: Session, handover: Handover, state: HandoverState, answer: str, actor: Actor, now: dt.datetime
) -> None:
    locked(session, Handover, handover.id)
    if handover.state is not HandoverState.PROPOSED:
        raise AlreadyAnswered
    handover.state, handover.answer, handover.answered_at = state, answer, now
    session.flush()
    after = {"state": state, "answer": answer}
    audit.record(session, actor, "answer_handover", handover, at=now, before={"state": "proposed"}, after=after)


def take_effect(
    session: Session, handover: Handover, *, last_visit_on: dt.date | None, actor: Actor, now: dt.datetime
) -> None:
    """End the one assignment and begin the other. Where the former facilitator has visited the cooperative after the
    day that was agreed, that visit's day is the last one. Said again, it changes nothing.

    Raises:
        DomainError: as `hand_over`.
    """
    locked(session, Handover, handover.id)
    if handover.effective_at is not None or handover.state not in (HandoverState.ACCEPTED, HandoverState.FORCED):
        return
    _hand_over(session, handover, last_visit_on, actor, now)
    handover.effective_at = now
    session.flush()


def force(
    session: Session,
    handover: Handover,
    *,
    reason: str,
    last_visit_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Do not wait any longer, for the answer or for the former tablet, and say why.

    Raises:
        AnswerNeedsReason: without a word.
        AlreadyAnswered: it was declined, or is in effect.
        DomainError: as `hand_over`.
    """
    if not reason.strip():
        raise AnswerNeedsReason
    locked(session, Handover, handover.id)
    if handover.effective_at is not None or handover.state is HandoverState.DECLINED:
        raise AlreadyAnswered
    before = handover.state
    _hand_over(session, handover, last_visit_on, actor, now)
    handover.state, handover.answer = HandoverState.FORCED, reason.strip()
    handover.answered_at, handover.effective_at = handover.answered_at or now, now
    session.flush()
    after = {"state": HandoverState.FORCED, "reason": handover.answer}
    audit.record(session, actor, "force_handover", handover, at=now, before={"state": before}, after=after)


def _hand_over(
    session: Session, handover: Handover, last_visit_on: dt.date | None, actor: Actor, now: dt.datetime
) -> None:
    assignment = session.get_one(Assignment, handover.assignment_id)
    successor = session.get_one(User, handover.successor_id)
    ends_on = max(handover.ends_on, last_visit_on or handover.ends_on)
    hand_over(session, assignment, successor, ends_on=ends_on, last_visit_on=last_visit_on, actor=actor, now=now)
