"""Verbs of plans: agree on actions."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.instruments.definition import Item, OwnerRole
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_
from pendamping.plans.models import STILL_GOING, Action, ActionStatus, ActionUpdate
from pendamping.visits.models import Visit


class DueBeforeAgreed(DomainError):
    code = "due_before_agreed"
    status = 400
    explanation = N_("Tenggat “%(title)s” lebih awal daripada tanggal kunjungan.")


class ActionConflict(DomainError):
    code = "action_conflict"
    explanation = N_("Tindakan dengan nomor ini sudah tersimpan. Yang tersimpan tidak diubah.")


class ActionNotGoing(DomainError):
    code = "action_not_going"
    explanation = N_("Tindakan ini sudah dilaporkan selesai atau ditutup, jadi statusnya tidak diubah lagi.")


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """An action as a person agreed to it; `item_id` None for one that no item caused."""

    id: uuid.UUID
    item_id: str | None
    title: str
    owner_role: OwnerRole
    due_on: dt.date


def agree_actions(
    session: Session,
    visit: Visit,
    drafts: Sequence[ActionDraft],
    *,
    items: Mapping[str, Item],
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> list[Action]:
    """Put what was agreed at a visit into the cooperative's plan.

    Args:
        items: the items of the instruments the visit is pinned to; they say what proves an action done.

    Raises:
        DueBeforeAgreed: an action would be due before the visit.
        ActionConflict: an action with one of the ids is stored already.
    """
    return [_agree(session, visit, draft, items, author_id, actor, now) for draft in drafts]


def _agree(
    session: Session,
    visit: Visit,
    draft: ActionDraft,
    items: Mapping[str, Item],
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> Action:
    if draft.due_on < visit.visited_on:
        raise DueBeforeAgreed(title=draft.title)
    if session.get(Action, draft.id) is not None:
        raise ActionConflict
    item = items.get(draft.item_id) if draft.item_id else None
    action = Action(
        id=draft.id,
        cooperative_id=visit.cooperative_id,
        city_code=visit.city_code,
        visit_id=visit.id,
        item_id=item.id if item else None,
        item_label_id=item.label_id if item else None,
        item_label_en=item.label_en if item else None,
        is_critical=bool(item and item.is_critical),
        title=draft.title,
        owner_role=draft.owner_role,
        due_on=draft.due_on,
        done_when=item.action.done_when_id if item else "",
        status=ActionStatus.AGREED,
        agreed_on=visit.visited_on,
        created_at=now,
    )
    session.add(action)
    session.flush()
    session.add(
        ActionUpdate(
            action_id=action.id,
            city_code=action.city_code,
            number=1,
            status=ActionStatus.AGREED,
            note="",
            author_id=author_id,
            made_at=now,
        )
    )
    session.flush()
    after = {"visit_id": visit.id, "item": action.item_id, "title": action.title, "due_on": action.due_on}
    audit.record(session, actor, "agree_action", action, at=now, after={**after, "owner": action.owner_role})
    return action


def note_progress(
    session: Session,
    action: Action,
    *,
    update_id: uuid.UUID,
    status: ActionStatus,
    note: str,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> ActionUpdate:
    """Add a step to the life of an action that is still going on.

    Raises:
        ActionNotGoing: it has been reported done, verified or cancelled.
    """
    session.get_one(Action, action.id, with_for_update=True, populate_existing=True)
    if action.status not in STILL_GOING:
        raise ActionNotGoing
    before = {"status": action.status}
    action.status = status
    last = session.scalar(select(func.max(ActionUpdate.number)).where(ActionUpdate.action_id == action.id))
    update = ActionUpdate(
        id=update_id,
        action_id=action.id,
        city_code=action.city_code,
        number=(last or 0) + 1,
        status=status,
        note=note,
        author_id=author_id,
        made_at=now,
    )
    session.add(update)
    session.flush()
    after = {"status": status, "number": update.number}
    audit.record(session, actor, "note_progress", action, at=now, before=before, after=after)
    return update
