"""The whole life of one action, as its page tells it; a handful of queries, however long it is."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments import answers as instrument_answers
from pendamping.instruments import definition
from pendamping.kernel.roles import Role
from pendamping.plans.models import (
    Action,
    ActionDueChange,
    ActionItem,
    ActionStatus,
    ActionUpdate,
    PlanQuestion,
    UpdateKind,
)
from pendamping.plans.queries import ActionView, action_view
from pendamping.plans.waiting import Proof, proofs_of_actions
from pendamping.visits.models import Answer, Visit


@dataclass(frozen=True, slots=True)
class ActionStep:
    """One step; `due_before` and `due_after` where it moved the due date, `visited_on` where a visit made it."""

    number: int
    kind: UpdateKind
    status: ActionStatus
    note: str
    author_name: str
    author_role: Role
    made_at: dt.datetime
    due_before: dt.date | None
    due_after: dt.date | None
    visit_id: uuid.UUID | None
    visited_on: dt.date | None
    proofs: Sequence[Proof]


@dataclass(frozen=True, slots=True)
class FurtherItem:
    item_id: str
    label_id: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was answered at the visit that the action comes from."""

    value: str
    proof: definition.Proof
    note: str

    def as_answer(self, item_id: str) -> instrument_answers.Answer:
        return instrument_answers.Answer(item_id, self.value, self.proof, self.note)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question and its answer; the last three are None while it waits."""

    id: uuid.UUID
    text: str
    author_name: str
    asked_at: dt.datetime
    answer: str | None
    answered_by_name: str | None
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ActionDetail:
    action: ActionView
    cooperative: NameAndCode
    finding: Finding | None
    further_items: Sequence[FurtherItem]
    steps: Sequence[ActionStep]
    """The newest first."""
    questions: Sequence[QuestionView]
    """The newest first."""


def action_detail(session: Session, action: Action, *, today: dt.date) -> ActionDetail:
    visit = session.get(Visit, action.visit_id) if action.visit_id else None
    return ActionDetail(
        action=action_view(action, visit.visited_on if visit else None, today=today),
        cooperative=name_and_code(session.get_one(Cooperative, action.cooperative_id)),
        finding=_finding(session, action),
        further_items=_further_items(session, action),
        steps=steps_of(session, action.id),
        questions=questions_of(session, select(PlanQuestion).where(PlanQuestion.action_id == action.id)),
    )


def _finding(session: Session, action: Action) -> Finding | None:
    if action.visit_id is None or action.item_id is None:
        return None
    given = select(Answer).where(Answer.visit_id == action.visit_id, Answer.item_id == action.item_id)
    answer = session.scalar(given.order_by(Answer.revision.desc()).limit(1))
    return Finding(answer.value, answer.proof, answer.note) if answer else None


def _further_items(session: Session, action: Action) -> list[FurtherItem]:
    if not action.further_items:
        return []
    query = select(ActionItem).where(ActionItem.action_id == action.id).order_by(ActionItem.item_id)
    return [FurtherItem(each.item_id, each.item_label_id, each.item_label_en) for each in session.scalars(query)]


def steps_of(session: Session, action_id: uuid.UUID) -> list[ActionStep]:
    """The newest first; two queries."""
    proofs = proofs_of_actions(session, [action_id]).get(action_id, {})
    rows = session.execute(
        select(ActionUpdate, User.name, User.role, ActionDueChange, Visit.visited_on)
        .join(User, User.id == ActionUpdate.author_id)
        .outerjoin(ActionDueChange, ActionDueChange.update_id == ActionUpdate.id)
        .outerjoin(Visit, Visit.id == ActionUpdate.visit_id)
        .where(ActionUpdate.action_id == action_id)
        .order_by(ActionUpdate.number.desc())
    )
    return [
        ActionStep(
            number=update.number,
            kind=update.kind,
            status=update.status,
            note=update.note,
            author_name=name,
            author_role=role,
            made_at=update.made_at,
            due_before=change.due_before if change else None,
            due_after=change.due_after if change else None,
            visit_id=update.visit_id,
            visited_on=visited_on,
            proofs=proofs.get(update.number, ()),
        )
        for update, name, role, change, visited_on in rows
    ]


def questions_about_plan(cooperative_id: uuid.UUID) -> Select[PlanQuestion]:
    """Those about no single action."""
    return select(PlanQuestion).where(PlanQuestion.cooperative_id == cooperative_id, PlanQuestion.action_id.is_(None))


def questions_of(session: Session, questions: Select[PlanQuestion], *, limit: int = 50) -> list[QuestionView]:
    """Questions with their answers, the newest first; one query."""
    answerer = aliased(User)
    rows = session.execute(
        questions.join(User, User.id == PlanQuestion.author_id)
        .outerjoin(answerer, answerer.id == PlanQuestion.answered_by_id)
        .add_columns(User.name, answerer.name)
        .order_by(PlanQuestion.asked_at.desc(), PlanQuestion.id)
        .limit(limit)
    )
    return [
        QuestionView(
            question.id, question.text, name, question.asked_at, question.answer, answered_by, question.answered_at
        )
        for question, name, answered_by in rows
    ]
