"""Verbs of plans: what the cooperative and its facilitator say to each other about them."""

import datetime as dt
import uuid
from typing import Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.once import sent_before
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_
from pendamping.plans.models import (
    OPEN_STATUSES,
    Action,
    ActionStatus,
    ActionUpdate,
    PlanAcknowledgement,
    PlanQuestion,
    UpdateKind,
)
from pendamping.plans.moves import ReasonMissing, Step, StepNotAllowed, held, made_before, put_down


class NothingDisputed(DomainError):
    code = "nothing_disputed"
    explanation = N_("Tidak ada keberatan yang menunggu jawaban pada tindakan ini.")


class AlreadyAnswered(DomainError):
    code = "question_already_answered"
    explanation = N_("Pertanyaan ini sudah dijawab. Jawaban yang tersimpan tidak diubah.")


class NothingAsked(DomainError):
    code = "nothing_asked"
    status = 400
    explanation = N_("Tulis pertanyaannya.")


class NothingAnswered(DomainError):
    code = "nothing_answered"
    status = 400
    explanation = N_("Tulis jawabannya.")


def respond(session: Session, action: Action, *, agrees: bool, reason: str = "", **step: Unpack[Step]) -> ActionUpdate:
    """The cooperative says whether it agrees with an action that is open; what it says last counts.

    Its yes makes an agreed action of a proposed one. Its no stands until the facilitator answers it, and changes
    nothing by itself.

    Raises:
        StepNotAllowed: the action is closed or reported done, or it is not the cooperative that speaks.
        ReasonMissing: it does not agree and does not say why.
        ActionChanged, ActionConflict: as they say.
    """
    stored = _same_step(session, action, step)
    if stored is not None:
        return stored
    is_open = action.status in OPEN_STATUSES and action.status is not ActionStatus.REPORTED_DONE
    if not is_open or session.get_one(User, step["author_id"]).role is not Role.COOPERATIVE:
        raise StepNotAllowed
    if not agrees and not reason.strip():
        raise ReasonMissing
    action.is_disputed = not agrees
    return put_down(
        session,
        action,
        UpdateKind.ACCEPTED if agrees else UpdateKind.DISPUTED,
        note=reason,
        author_id=step["author_id"],
        actor=step["actor"],
        now=step["now"],
        to=ActionStatus.AGREED if agrees and action.status is ActionStatus.PROPOSED else None,
        update_id=step.get("update_id"),
        verb="accept_action" if agrees else "dispute_action",
    )


def settle_dispute(session: Session, action: Action, *, text: str, **step: Unpack[Step]) -> ActionUpdate:
    """The facilitator answers a dispute; the action goes on. To give it up there is `moves.cancel`.

    Raises:
        NothingDisputed: there is no dispute, or it has been answered.
        StepNotAllowed: the author is no facilitator.
        ReasonMissing: the answer is empty.
        ActionChanged, ActionConflict: as they say.
    """
    stored = _same_step(session, action, step)
    if stored is not None:
        return stored
    if session.get_one(User, step["author_id"]).role is not Role.FACILITATOR:
        raise StepNotAllowed
    if not action.is_disputed:
        raise NothingDisputed
    if not text.strip():
        raise ReasonMissing
    action.is_disputed = False
    return put_down(
        session,
        action,
        UpdateKind.SETTLED,
        note=text,
        author_id=step["author_id"],
        actor=step["actor"],
        now=step["now"],
        update_id=step.get("update_id"),
        verb="settle_dispute",
    )


def _same_step(session: Session, action: Action, step: Step) -> ActionUpdate | None:
    """Holds the action; what a second tap sends again is found before it is asked what the page showed."""
    held(session, action)
    stored = made_before(session, action, step.get("update_id"), step["author_id"])
    if stored is None:
        held(session, action, step.get("seen_revision"))
    return stored


# About the plan as a whole --------------------------------------------------------------------------------------------


def acknowledge_plan(
    session: Session,
    cooperative: Cooperative,
    *,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    read_until: dt.datetime | None = None,
) -> PlanAcknowledgement:
    """“Kami sudah membaca”: somebody of the cooperative has seen the plan as it was.

    Args:
        read_until: the plan's last change that the page showed; None for everything up to now.
    """
    acknowledgement = PlanAcknowledgement(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        read_until=min(read_until or now, now),
        author_id=author_id,
        made_at=now,
    )
    session.add(acknowledgement)
    session.flush()
    after = {"cooperative": cooperative.code, "read_until": acknowledgement.read_until}
    audit.record(session, actor, "acknowledge_plan", acknowledgement, at=now, after=after)
    return acknowledgement


def ask(
    session: Session,
    action: Action | None,
    cooperative: Cooperative,
    *,
    text: str,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    question_id: uuid.UUID | None = None,
) -> PlanQuestion:
    """Ask the facilitator about an action, or about the whole plan; once, however often it is sent.

    Raises:
        NothingAsked: the question is empty.
        SentByAnother: the id stands for another question.
    """
    if stored := sent_before(session, PlanQuestion, question_id, author_id=author_id):
        return stored
    if not text.strip():
        raise NothingAsked
    question = PlanQuestion(
        id=question_id or uuid.uuid4(),
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        action_id=action.id if action else None,
        text=text,
        author_id=author_id,
        asked_at=now,
    )
    session.add(question)
    session.flush()
    audit.record(session, actor, "ask_question", question, at=now, after={"action_id": question.action_id})
    return question


def answer_question(
    session: Session,
    question: PlanQuestion,
    *,
    text: str,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> PlanQuestion:
    """Answer a question, once.

    Raises:
        AlreadyAnswered: somebody was quicker; their answer stays. The same answer sent again is no fault.
        NothingAnswered: the answer is empty.
        StepNotAllowed: the author is no facilitator.
    """
    if session.get_one(User, author_id).role is not Role.FACILITATOR:
        raise StepNotAllowed
    locked(session, PlanQuestion, question.id)
    if question.answer is not None:
        if (question.answer, question.answered_by_id) == (text, author_id):
            return question
        raise AlreadyAnswered
    if not text.strip():
        raise NothingAnswered
    question.answer, question.answered_by_id, question.answered_at = text, author_id, now
    session.flush()
    audit.record(session, actor, "answer_question", question, at=now, after={"action_id": question.action_id})
    return question


def last_read_until(session: Session, cooperative_id: uuid.UUID) -> dt.datetime | None:
    """Up to which change the cooperative has read its plan."""
    query = select(func.max(PlanAcknowledgement.read_until))
    return session.scalar(query.where(PlanAcknowledgement.cooperative_id == cooperative_id))
