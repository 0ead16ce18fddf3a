"""One action with everything that its page offers to the one who reads it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.activities.queries import Origin, origin_of
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.answers import is_poor
from pendamping.instruments.definition import Item
from pendamping.instruments.due import facts_when_given
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.roles import Role
from pendamping.plans.life import STILL_GOING, TAKES_ITEMS, may_be_verified_from_afar, moves_of
from pendamping.plans.models import Action, ActionStatus, PlanQuestion
from pendamping.plans.policy import can_work_on_plans
from pendamping.plans.queries import ActionView, open_actions
from pendamping.plans.story import ActionDetail, QuestionView, action_detail, questions_of
from pendamping.plans.waiting import Proof
from pendamping.visits.assessments import held_against
from pendamping.visits.log import facts_of
from pendamping.visits.queries import current_answers
from pendamping.visits.words import answer_words


@dataclass(frozen=True, slots=True)
class ActionPage:
    """The action's whole life; the rest says what the reader may do, and is False for who only reads."""

    detail: ActionDetail
    items: Sequence[Item]
    """What it is to put right, as the instruments in force ask it; those no longer asked are left out."""
    finding_words: str | None
    """What was answered at the visit that it comes from."""
    proofs: Sequence[Proof]
    """Everything sent since it was last agreed or sent back: what waits to be looked at."""
    can_note: bool
    can_cancel: bool
    can_change_due: bool
    can_check: bool
    needs_visit: bool
    """Its items are checked by being there, so a proof alone does not close it."""
    can_settle: bool
    can_link: bool
    """Whether further items may come to it."""
    can_reopen: bool
    can_answer: bool
    origin: Origin | None
    """The group activity at which it was agreed."""


def items_in_force(session: Session, today: dt.date) -> dict[str, Item]:
    return {item.id: item for each in instruments_on(session, today) for item in each.instrument.items}


def action_page(session: Session, action: Action, user: User, *, today: dt.date) -> ActionPage:
    detail = action_detail(session, action, today=today)
    items = items_in_force(session, today)
    own = [items[each] for each in action.item_ids if each in items]
    works = can_work_on_plans(user)
    moves = moves_of(Role.FACILITATOR, action.status) if works else frozenset()
    return ActionPage(
        detail=detail,
        items=own,
        finding_words=_finding_words(detail, items),
        proofs=_unseen_proofs(detail),
        can_note=works and action.status in STILL_GOING,
        can_cancel=ActionStatus.CANCELLED in moves,
        can_change_due=works and detail.action.is_open,
        can_check=ActionStatus.VERIFIED in moves and (action.status is ActionStatus.REPORTED_DONE or not own),
        needs_visit=not may_be_verified_from_afar(own),
        can_settle=works and action.is_disputed,
        can_link=works and action.status in TAKES_ITEMS,
        can_reopen=action.status in (ActionStatus.VERIFIED, ActionStatus.CANCELLED) and bool(moves),
        can_answer=works,
        origin=origin_of(session, action.id) if action.visit_id is None else None,
    )


def _finding_words(detail: ActionDetail, items: Mapping[str, Item]) -> str | None:
    item = items.get(detail.action.item_id or "")
    if detail.finding is None or item is None:
        return None
    return answer_words(item, detail.finding.as_answer(item.id))


def _unseen_proofs(detail: ActionDetail) -> list[Proof]:
    if detail.action.status is not ActionStatus.REPORTED_DONE:
        return []
    found: list[Proof] = []
    for step in detail.steps:
        if step.status is not ActionStatus.REPORTED_DONE:
            break
        found = [*step.proofs, *found]
    return found


@dataclass(frozen=True, slots=True)
class ItemChoice:
    id: str
    words: str


def poor_items(session: Session, cooperative: Cooperative, *, today: dt.date) -> list[ItemChoice]:
    """The items that a cooperative answers poorly now: what an action between two visits may be about."""
    published = instruments_on(session, today)
    standing = held_against(session, published, current_answers(session, cooperative.id)).standing
    facts = facts_of(cooperative, today)
    return [
        ItemChoice(item.id, f"{item.id} · {item.label_id}")
        for each in published
        for item in each.instrument.items
        if (held := standing.get(item.id)) is not None
        and each.instrument.asks(item, cooperative.stage.order)
        and is_poor(item, held.answer, facts_when_given(facts, held.answered_on))
    ]


def items_to_link(session: Session, action: Action, *, today: dt.date) -> list[ItemChoice]:
    """The poor items that no open action of the cooperative puts right yet."""
    cooperative = session.get_one(Cooperative, action.cooperative_id)
    taken = {item_id for each in open_actions(session, cooperative.id, today=today) for item_id in each.item_ids}
    return [each for each in poor_items(session, cooperative, today=today) if each.id not in taken]


def actions_to_join(session: Session, cooperative: Cooperative, item_id: str, *, today: dt.date) -> list[ActionView]:
    """The actions of a cooperative to which a finding may come."""
    found = open_actions(session, cooperative.id, today=today)
    return [each for each in found if each.status in TAKES_ITEMS and item_id not in each.item_ids]


@dataclass(frozen=True, slots=True)
class QuestionPage:
    question: QuestionView
    cooperative: NameAndCode
    action_id: uuid.UUID | None
    action_title: str | None
    can_answer: bool


def question_page(session: Session, question: PlanQuestion, user: User) -> QuestionPage:
    (view,) = questions_of(session, select(PlanQuestion).where(PlanQuestion.id == question.id))
    action = session.get(Action, question.action_id) if question.action_id else None
    return QuestionPage(
        question=view,
        cooperative=name_and_code(session.get_one(Cooperative, question.cooperative_id)),
        action_id=question.action_id,
        action_title=action.title if action else None,
        can_answer=can_work_on_plans(user) and view.answer is None,
    )
