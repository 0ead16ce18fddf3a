"""What of a plan waits for the facilitator: proofs to look at, disputes to settle, questions to answer."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment, MediaType
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.plans.models import Action, ActionProof, ActionStatus, ActionUpdate, PlanQuestion, UpdateKind
from pendamping.plans.queries import ActionView, action_view, with_visit

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that shows something, for pages that link to `attachments.show`."""

    id: uuid.UUID
    media_type: MediaType
    byte_size: int

    @property
    def is_image(self) -> bool:
        return self.media_type.is_image


@dataclass(frozen=True, slots=True)
class WaitingAction:
    """An action that asks something of its facilitator, with the words and files of the step that does."""

    action: ActionView
    cooperative: NameAndCode
    since: dt.datetime
    author_name: str
    note: str
    proofs: Sequence[Proof] = ()


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    id: uuid.UUID
    text: str
    author_name: str
    asked_at: dt.datetime
    cooperative: NameAndCode
    action_id: uuid.UUID | None
    action_title: str | None


def proofs_waiting(
    session: Session, actions: Select[Action], *, today: dt.date, limit: int = MOST_SHOWN
) -> list[WaitingAction]:
    """What was reported done among `actions` and not looked at, the longest waiting first; two queries."""
    reported = actions.where(Action.status == ActionStatus.REPORTED_DONE)
    return _waiting(session, reported, UpdateKind.MOVED, today, limit)


def disputes(
    session: Session, actions: Select[Action], *, today: dt.date, limit: int = MOST_SHOWN
) -> list[WaitingAction]:
    """What the cooperatives do not agree with among `actions`, unanswered, the longest waiting first; two queries."""
    return _waiting(session, actions.where(Action.is_disputed), UpdateKind.DISPUTED, today, limit)


def _waiting(
    session: Session, actions: Select[Action], kind: UpdateKind, today: dt.date, limit: int
) -> list[WaitingAction]:
    """With the newest step of a kind; of what was reported done, the newest move is the report."""
    newest = (
        select(func.max(ActionUpdate.number))
        .where(ActionUpdate.action_id == Action.id, ActionUpdate.kind == kind)
        .correlate(Action)
        .scalar_subquery()
    )
    query = (
        with_visit(actions)
        .join(Cooperative, Cooperative.id == Action.cooperative_id)
        .join(ActionUpdate, (ActionUpdate.action_id == Action.id) & (ActionUpdate.number == newest))
        .join(User, User.id == ActionUpdate.author_id)
        .add_columns(Cooperative, ActionUpdate, User.name)
        .order_by(ActionUpdate.made_at, Action.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    proofs = proofs_of_actions(session, [action.id for action, *_rest in rows])
    return [
        WaitingAction(
            action=action_view(action, visited_on, today=today),
            cooperative=name_and_code(cooperative),
            since=update.made_at,
            author_name=name,
            note=update.note,
            proofs=[
                proof for number, each in proofs.get(action.id, {}).items() if number >= update.number for proof in each
            ],
        )
        for action, visited_on, cooperative, update, name in rows
    ]


def proofs_of_actions(session: Session, action_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[int, list[Proof]]]:
    """The files of actions by the number of the step that they belong to; one query."""
    if not action_ids:
        return {}
    rows = session.execute(
        select(ActionUpdate.action_id, ActionUpdate.number, Attachment.id, Attachment.media_type, Attachment.byte_size)
        .join(ActionProof, ActionProof.action_update_id == ActionUpdate.id)
        .join(Attachment, Attachment.id == ActionProof.attachment_id)
        .where(ActionUpdate.action_id.in_(action_ids))
        .order_by(ActionUpdate.number, ActionProof.position)
    )
    found: dict[uuid.UUID, dict[int, list[Proof]]] = {}
    for action_id, number, attachment_id, media_type, byte_size in rows:
        found.setdefault(action_id, {}).setdefault(number, []).append(Proof(attachment_id, media_type, byte_size))
    return found


def questions_waiting(
    session: Session, questions: Select[PlanQuestion], *, limit: int = MOST_SHOWN
) -> list[WaitingQuestion]:
    """Unanswered ones among `questions` (see `policy.visible_questions`), the longest waiting first; one query."""
    query = (
        questions.where(PlanQuestion.answered_at.is_(None))
        .join(Cooperative, Cooperative.id == PlanQuestion.cooperative_id)
        .join(User, User.id == PlanQuestion.author_id)
        .outerjoin(Action, Action.id == PlanQuestion.action_id)
        .add_columns(Cooperative, User.name, Action.title)
        .order_by(PlanQuestion.asked_at, PlanQuestion.id)
        .limit(limit)
    )
    return [
        WaitingQuestion(
            question.id, question.text, name, question.asked_at, name_and_code(cooperative), question.action_id, title
        )
        for question, cooperative, name, title in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    proofs: int
    disputes: int
    questions: int

    @property
    def total(self) -> int:
        return self.proofs + self.disputes + self.questions


def waiting_counts(session: Session, actions: Select[Action], questions: Select[PlanQuestion]) -> WaitingCounts:
    """How many of each wait; two queries."""
    reported = func.count().filter(Action.status == ActionStatus.REPORTED_DONE)
    disputed = func.count().filter(Action.is_disputed)
    proofs, disputes_ = session.execute(actions.with_only_columns(reported, disputed)).one()
    asked = questions.where(PlanQuestion.answered_at.is_(None)).with_only_columns(func.count())
    return WaitingCounts(proofs, disputes_, session.scalar(asked) or 0)
