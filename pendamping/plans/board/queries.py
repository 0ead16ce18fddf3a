"""What board and list read of all actions that somebody sees; the same few queries, however many there are."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Uuid, func, literal, select, tuple_
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.paging import DayKey
from pendamping.plans.models import OPEN_STATUSES, Action, ActionStatus
from pendamping.plans.queries import ActionView, action_view, with_visit

SHOWN_IN_COLUMN = 12

COLUMNS: Mapping[str, tuple[ActionStatus, ...]] = {
    "disepakati": (ActionStatus.PROPOSED, ActionStatus.AGREED),
    "berjalan": (ActionStatus.RUNNING,),
    "dilaporkan": (ActionStatus.REPORTED_DONE,),
    "dikembalikan": (ActionStatus.RETURNED,),
}
"""The columns of the board, by the name that the list's filter gives them."""


@dataclass(frozen=True, slots=True)
class BoardCard:
    action: ActionView
    cooperative: NameAndCode


@dataclass(frozen=True, slots=True)
class BoardColumn:
    name: str
    count: int
    late_count: int
    cards: Sequence[BoardCard]


def board_columns(session: Session, actions: Select[Action], *, today: dt.date) -> list[BoardColumn]:
    """The open actions among `actions`, by where they stand, the first due first; two queries."""
    column_of = {status: name for name, statuses in COLUMNS.items() for status in statuses}
    late = func.count().filter(Action.due_on < today)
    open_ones = actions.where(Action.status.in_(OPEN_STATUSES))
    counted = session.execute(
        open_ones.with_only_columns(Action.status, func.count(), late).group_by(Action.status)
    ).all()
    ranked = open_ones.with_only_columns(
        Action.id, func.row_number().over(partition_by=Action.status, order_by=(Action.due_on, Action.id)).label("rank")
    ).subquery()
    first = select(Action).join(ranked, ranked.c.id == Action.id).where(ranked.c.rank <= SHOWN_IN_COLUMN)
    cards: dict[str, list[BoardCard]] = {name: [] for name in COLUMNS}
    for card in _cards(session, first.order_by(Action.due_on, Action.id), today):
        cards[column_of[card.action.status]].append(card)
    return [
        BoardColumn(
            name=name,
            count=sum(count for status, count, _late in counted if status in statuses),
            late_count=sum(late_ for status, _count, late_ in counted if status in statuses),
            cards=cards[name][:SHOWN_IN_COLUMN],
        )
        for name, statuses in COLUMNS.items()
    ]


def _cards(session: Session, actions: Select[Action], today: dt.date) -> list[BoardCard]:
    query = with_visit(actions).join(Cooperative, Cooperative.id == Action.cooperative_id).add_columns(Cooperative)
    return [
        BoardCard(action_view(action, visited_on, today=today), name_and_code(cooperative))
        for action, visited_on, cooperative in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions a list shows; what is None or False does not narrow it."""

    statuses: Sequence[ActionStatus] = OPEN_STATUSES
    cooperative_code: str | None = None
    owner_role: OwnerRole | None = None
    is_late: bool = False
    is_disputed: bool = False

    def narrow(self, actions: Select[Action], *, today: dt.date) -> Select[Action]:
        conditions: list[ColumnElement[bool]] = [Action.status.in_(self.statuses)]
        if self.cooperative_code:
            named = select(Cooperative.id).where(Cooperative.code == self.cooperative_code)
            conditions.append(Action.cooperative_id.in_(named))
        if self.owner_role:
            conditions.append(Action.owner_role == self.owner_role)
        if self.is_late:
            conditions += [Action.due_on < today, Action.status.in_(OPEN_STATUSES)]
        if self.is_disputed:
            conditions.append(Action.is_disputed.is_(True))
        return actions.where(*conditions)


def listed_actions(
    session: Session, actions: Select[Action], wanted: Wanted, *, after: DayKey | None, limit: int, today: dt.date
) -> list[BoardCard]:
    """The first due first; one query.

    Args:
        after: the last action of the page before.
    """
    query = wanted.narrow(actions, today=today)
    if after:
        query = query.where(tuple_(Action.due_on, Action.id) > tuple_(literal(after.on), literal(after.id, Uuid())))
    return _cards(session, query.order_by(Action.due_on, Action.id).limit(limit), today)


def count_listed(session: Session, actions: Select[Action], wanted: Wanted, *, today: dt.date) -> int:
    counted = wanted.narrow(actions, today=today).with_only_columns(func.count())
    return session.scalar(counted) or 0
