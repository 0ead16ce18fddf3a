"""Board, list and what waits, gathered for their templates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.instruments.definition import Item
from pendamping.kernel.paging import PAGE_SIZE, DayKey
from pendamping.plans.actions.page import items_in_force
from pendamping.plans.board.queries import (
    BoardCard,
    BoardColumn,
    Wanted,
    board_columns,
    count_listed,
    listed_actions,
)
from pendamping.plans.policy import can_work_on_plans, visible_actions, visible_questions
from pendamping.plans.waiting import (
    WaitingAction,
    WaitingCounts,
    WaitingQuestion,
    disputes,
    proofs_waiting,
    questions_waiting,
    waiting_counts,
)

MOST_CHOICES = 60
"""Cooperatives offered in the filter; who sees more of them narrows by the cooperative's own page."""


@dataclass(frozen=True, slots=True)
class BoardPage:
    columns: Sequence[BoardColumn]
    waiting: WaitingCounts


def board_page(session: Session, user: User, *, today: dt.date) -> BoardPage:
    actions, questions = visible_actions(user, today=today), visible_questions(user, today=today)
    return BoardPage(board_columns(session, actions, today=today), waiting_counts(session, actions, questions))


@dataclass(frozen=True, slots=True)
class ListPage:
    cards: Sequence[BoardCard]
    total: int
    next_after: DayKey | None
    """The action after which the next page begins; None where there is none."""
    can_change: bool


def list_page(session: Session, user: User, wanted: Wanted, *, after: DayKey | None, today: dt.date) -> ListPage:
    actions = visible_actions(user, today=today)
    found = listed_actions(session, actions, wanted, after=after, limit=PAGE_SIZE + 1, today=today)
    shown = found[:PAGE_SIZE]
    last = shown[-1].action if len(found) > PAGE_SIZE else None
    return ListPage(
        cards=shown,
        total=count_listed(session, actions, wanted, today=today),
        next_after=DayKey(last.due_on, last.id) if last else None,
        can_change=can_work_on_plans(user),
    )


def cooperative_choices(session: Session, user: User, *, today: dt.date) -> list[tuple[str, str]]:
    visible = visible_cooperatives(user, today=today).order_by(Cooperative.short_name, Cooperative.code)
    rows = session.execute(
        visible.with_only_columns(Cooperative.code, Cooperative.short_name).limit(MOST_CHOICES + 1)
    ).all()
    return [(code, name) for code, name in rows[:MOST_CHOICES]]


@dataclass(frozen=True, slots=True)
class ProofBesideItems:
    """What was reported done, beside what its items ask to be seen."""

    waiting: WaitingAction
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class WaitingPage:
    proofs: Sequence[ProofBesideItems]
    disputes: Sequence[WaitingAction]
    questions: Sequence[WaitingQuestion]
    can_act: bool


def waiting_page(session: Session, user: User, *, today: dt.date) -> WaitingPage:
    actions = visible_actions(user, today=today)
    items = items_in_force(session, today)
    return WaitingPage(
        proofs=[
            ProofBesideItems(each, [items[id_] for id_ in each.action.item_ids if id_ in items])
            for each in proofs_waiting(session, actions, today=today)
        ],
        disputes=disputes(session, actions, today=today),
        questions=questions_waiting(session, visible_questions(user, today=today)),
        can_act=can_work_on_plans(user),
    )
