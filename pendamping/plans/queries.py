"""What pages read of plans."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.bulk import read
from pendamping.plans.models import (
    OPEN_STATUSES,
    Action,
    ActionDueChange,
    ActionStatus,
    ActionUpdate,
    Priority,
    UpdateKind,
)
from pendamping.visits.models import Visit

FINISHED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action as every page shows it; `days_left` is negative when it is late."""

    id: uuid.UUID
    title: str
    owner_role: OwnerRole
    due_on: dt.date
    done_when: str
    status: ActionStatus
    days_left: int
    is_late: bool
    is_critical: bool
    item_id: str | None
    item_label_id: str | None
    item_label_en: str | None
    visit_id: uuid.UUID | None
    visited_on: dt.date | None
    """None, as the visit, for what was thought of between two visits."""
    agreed_on: dt.date
    item_ids: tuple[str, ...] = ()
    """All items that it is to put right."""
    owner_name: str = ""
    priority: Priority = Priority.USUAL
    due_changes: int = 0
    status_at: dt.datetime | None = None
    is_disputed: bool = False
    revision: int = 1

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


@dataclass(frozen=True, slots=True)
class AttentionEntry:
    """An action that asks for something soon, with the cooperative it belongs to."""

    action: ActionView
    cooperative: NameAndCode


def action_view(action: Action, visited_on: dt.date | None, *, today: dt.date) -> ActionView:
    days_left = (action.due_on - today).days
    return ActionView(
        id=action.id,
        title=action.title,
        owner_role=action.owner_role,
        due_on=action.due_on,
        done_when=action.done_when,
        status=action.status,
        days_left=days_left,
        is_late=days_left < 0 and action.status in OPEN_STATUSES,
        is_critical=action.is_critical,
        item_id=action.item_id,
        item_label_id=action.item_label_id,
        item_label_en=action.item_label_en,
        visit_id=action.visit_id,
        visited_on=visited_on,
        agreed_on=action.agreed_on,
        item_ids=action.item_ids,
        owner_name=action.owner_name,
        priority=Priority(action.priority),
        due_changes=action.due_changes,
        status_at=action.status_at,
        is_disputed=action.is_disputed,
        revision=action.revision,
    )


def with_visit(actions: Select[Action]) -> Select[Action, dt.date | None]:
    return actions.outerjoin(Visit, Visit.id == Action.visit_id).add_columns(Visit.visited_on)


def _views(session: Session, query: Select[Action, dt.date | None], today: dt.date) -> list[ActionView]:
    return [action_view(action, visited_on, today=today) for action, visited_on in session.execute(query)]


def open_actions(session: Session, cooperative_id: uuid.UUID, *, today: dt.date) -> list[ActionView]:
    """What is still to be done: critical first, then what is pressing, then by due date."""
    query = select(Action).where(Action.cooperative_id == cooperative_id, Action.status.in_(OPEN_STATUSES))
    query = query.order_by(Action.is_critical.desc(), Action.priority, Action.due_on, Action.title)
    return _views(session, with_visit(query), today)


def finished_actions(session: Session, cooperative_id: uuid.UUID, *, today: dt.date) -> list[ActionView]:
    """What is verified or cancelled, the newest first."""
    query = select(Action).where(Action.cooperative_id == cooperative_id, Action.status.not_in(OPEN_STATUSES))
    query = query.order_by(Action.due_on.desc(), Action.title).limit(FINISHED_SHOWN)
    return _views(session, with_visit(query), today)


def actions_of_visit(session: Session, visit_id: uuid.UUID, *, today: dt.date) -> list[ActionView]:
    query = select(Action).where(Action.visit_id == visit_id).order_by(Action.is_critical.desc(), Action.due_on)
    return _views(session, with_visit(query), today)


def due_as_agreed(session: Session, actions: Sequence[ActionView]) -> dict[uuid.UUID, dt.date]:
    """Until when actions were to be done when they were agreed, whatever was moved since; one query, or none."""
    due = {action.id: action.due_on for action in actions}
    moved = [action.id for action in actions if action.due_changes]
    if moved:
        changes = (
            select(ActionUpdate.action_id, ActionDueChange.due_before)
            .join(ActionUpdate, ActionUpdate.id == ActionDueChange.update_id)
            .where(ActionUpdate.action_id.in_(moved))
            .order_by(ActionUpdate.number.desc())
        )
        due.update((action_id, due_before) for action_id, due_before in session.execute(changes))
    return due


def moved_by_visit(session: Session, visit_id: uuid.UUID) -> list[tuple[str, ActionStatus]]:
    """What a visit, as it stands after its corrections, made of earlier actions: title and status; one query."""
    rows = session.execute(
        select(Action.id, Action.title, ActionUpdate.status)
        .join(Action, Action.id == ActionUpdate.action_id)
        .where(ActionUpdate.visit_id == visit_id, ActionUpdate.kind == UpdateKind.MOVED)
        .order_by(Action.title, Action.id, ActionUpdate.number)
    )
    return list({action_id: (title, status) for action_id, title, status in rows}.values())


def joined_at_visit(session: Session, visit_id: uuid.UUID) -> list[tuple[str, str]]:
    """To which actions under way a visit's findings came: title, and what the log says of it; one query."""
    rows = session.execute(
        select(Action.title, ActionUpdate.note)
        .join(Action, Action.id == ActionUpdate.action_id)
        .where(ActionUpdate.visit_id == visit_id, ActionUpdate.kind == UpdateKind.NOTED)
        .order_by(Action.title, Action.id, ActionUpdate.number)
    )
    return [(title, note) for title, note in rows]


def status_counts(session: Session, cooperative_id: uuid.UUID) -> dict[ActionStatus, int]:
    query = select(Action.status, func.count()).where(Action.cooperative_id == cooperative_id).group_by(Action.status)
    return dict(session.execute(query).all())


def actions_due(
    session: Session, actions: Select[Action], *, today: dt.date, within_days: int, limit: int
) -> list[AttentionEntry]:
    """Open actions among `actions` that are late or due within some days; the latest first."""
    until = today + dt.timedelta(days=within_days)
    query = (
        with_visit(actions.where(Action.status.in_(OPEN_STATUSES), Action.due_on <= until))
        .join(Cooperative, Cooperative.id == Action.cooperative_id)
        .add_columns(Cooperative)
        .order_by(Action.due_on, Action.title)
        .limit(limit)
    )
    return [
        AttentionEntry(action_view(action, visited_on, today=today), name_and_code(cooperative))
        for action, visited_on, cooperative in session.execute(query)
    ]


def updated_at(session: Session, cooperative_id: uuid.UUID) -> dt.datetime | None:
    query = select(func.max(ActionUpdate.made_at)).join(Action, Action.id == ActionUpdate.action_id)
    return session.scalar(query.where(Action.cooperative_id == cooperative_id))


def open_summary(session: Session, cooperative_id: uuid.UUID) -> tuple[int, dt.date | None]:
    """How many actions are open, and when the first of them is due."""
    count, next_due_on = read(session, _open_summary(), {"cooperative_id": cooperative_id}).one()
    return count, next_due_on


@cache
def _open_summary() -> Select[int, dt.date | None]:
    """Made once, because every visit that comes in runs it, and making it takes longer."""
    return select(func.count(), func.min(Action.due_on)).where(
        Action.cooperative_id == bindparam("cooperative_id"), Action.status.in_(OPEN_STATUSES)
    )
