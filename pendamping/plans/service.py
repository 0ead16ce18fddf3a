"""Verbs of plans: put actions into them. What moves an action afterwards stands in `moves.py` and `dialogue.py`."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.definition import Item, OwnerRole
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.bulk import append, read
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_
from pendamping.plans.models import (
    Action,
    ActionItem,
    ActionStatus,
    ActionUpdate,
    Priority,
    UpdateKind,
)
from pendamping.visits.models import Visit


class DueBeforeAgreed(DomainError):
    code = "due_before_agreed"
    status = 400
    explanation = N_("Tenggat “%(title)s” lebih awal daripada tanggal kunjungan.")


class ActionConflict(DomainError):
    code = "action_conflict"
    explanation = N_("Tindakan dengan nomor ini sudah tersimpan. Yang tersimpan tidak diubah.")


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """An action as a person agreed to it; `item_id` None for one that no item caused."""

    id: uuid.UUID
    item_id: str | None
    title: str
    owner_role: OwnerRole
    due_on: dt.date
    owner_name: str = ""
    priority: Priority | None = None
    """None for the usual one of its item."""
    further_items: Sequence[str] = ()
    done_when: str = ""
    """What proves it done, where it is not the item's own sentence."""


def agree_actions(
    session: Session,
    visit: Visit,
    drafts: Sequence[ActionDraft],
    *,
    items: Mapping[str, Item],
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> list[uuid.UUID]:
    """Put what was agreed at a visit into the cooperative's plan.

    Args:
        items: the items of the instruments the visit is pinned to; they say what proves an action done.

    Returns:
        The ids of the actions.

    Raises:
        DueBeforeAgreed: an action would be due before the visit.
        ActionConflict: an action with one of the ids is stored already.
    """
    cooperative = session.get_one(Cooperative, visit.cooperative_id)
    return [
        _put_into_plan(
            session, cooperative, draft, items, ActionStatus.AGREED, visit.visited_on, visit, author_id, actor, now
        )
        for draft in drafts
    ]


def add_action(
    session: Session,
    cooperative: Cooperative,
    draft: ActionDraft,
    *,
    is_agreed: bool,
    items: Mapping[str, Item],
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    agreed_on: dt.date | None = None,
) -> Action:
    """Put an action into the plan between two visits: proposed, until the cooperative says yes to it.

    Args:
        is_agreed: people have spoken about it already.
        items: of the instruments in force.
        agreed_on: the day on which they did, where it was not today.

    Raises:
        DueBeforeAgreed: it would be due before that day.
        ActionConflict: an action with its id is stored already.
    """
    status, on = ActionStatus.AGREED if is_agreed else ActionStatus.PROPOSED, agreed_on or office_date(now)
    id_ = _put_into_plan(session, cooperative, draft, items, status, on, None, author_id, actor, now)
    return session.get_one(Action, id_)


def _put_into_plan(
    session: Session,
    cooperative: Cooperative,
    draft: ActionDraft,
    items: Mapping[str, Item],
    status: ActionStatus,
    agreed_on: dt.date,
    visit: Visit | None,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    if draft.due_on < agreed_on:
        raise DueBeforeAgreed(title=draft.title)
    if read(session, _id_taken(), {"id": draft.id}).first() is not None:
        raise ActionConflict
    item = items.get(draft.item_id) if draft.item_id else None
    further = [items[each] for each in draft.further_items if each in items and each != draft.item_id]
    row = _row(cooperative, draft, item, further, status, agreed_on, visit, now)
    append(session, Action, row)
    append(session, ActionUpdate, _first_step(row, author_id, now))
    if further:
        feed(session, session.get_one(Action, draft.id), further)
    after = {"visit_id": row["visit_id"], "item": row["item_id"], "title": draft.title, "due_on": draft.due_on}
    verb = "propose_action" if status is ActionStatus.PROPOSED else "agree_action"
    after["owner"] = draft.owner_role
    audit.record_by_key(session, actor, verb, Action, draft.id, at=now, after=after)
    return draft.id


def _row(
    cooperative: Cooperative,
    draft: ActionDraft,
    item: Item | None,
    further: Sequence[Item],
    status: ActionStatus,
    agreed_on: dt.date,
    visit: Visit | None,
    now: dt.datetime,
) -> Mapping[str, object]:
    is_critical = any(each.is_critical for each in [item, *further] if each)
    return {
        "id": draft.id,
        "cooperative_id": cooperative.id,
        "city_code": cooperative.city_code,
        "visit_id": visit.id if visit else None,
        "item_id": item.id if item else None,
        "item_label_id": item.label_id if item else None,
        "item_label_en": item.label_en if item else None,
        "is_critical": is_critical,
        "priority": draft.priority or (Priority.PRESSING if is_critical else Priority.USUAL),
        "title": draft.title,
        "owner_role": draft.owner_role,
        "owner_name": draft.owner_name,
        "due_on": draft.due_on,
        "done_when": draft.done_when or (item.action.done_when_id if item else ""),
        "status": status,
        "status_at": now,
        "agreed_on": agreed_on,
        "created_at": now,
        "revision": 1,
    }


@cache
def _id_taken() -> Select[uuid.UUID]:
    return select(Action.id).where(Action.id == bindparam("id"))


def feed(session: Session, action: Action, items: Sequence[Item]) -> None:
    """Say which further items an action is to put right."""
    if not items:
        return
    for item in items:
        session.add(
            ActionItem(
                action_id=action.id,
                city_code=action.city_code,
                item_id=item.id,
                item_label_id=item.label_id,
                item_label_en=item.label_en,
            )
        )
    session.flush()
    session.refresh(action, ["further_items"])


def _first_step(action: Mapping[str, object], author_id: uuid.UUID, now: dt.datetime) -> Mapping[str, object]:
    return {
        "action_id": action["id"],
        "city_code": action["city_code"],
        "number": 1,
        "kind": UpdateKind.MOVED,
        "status": action["status"],
        "note": "",
        "author_id": author_id,
        "made_at": now,
    }
