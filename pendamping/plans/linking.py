"""Verb of plans: a further finding is put right by an action that is under way, instead of by a second one."""

import uuid
from collections.abc import Sequence
from typing import Unpack

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.instruments.definition import Item
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_
from pendamping.plans.life import TAKES_ITEMS
from pendamping.plans.models import Action, ActionUpdate, UpdateKind
from pendamping.plans.moves import Step, StepNotAllowed, held, made_before, put_down
from pendamping.plans.service import feed
from pendamping.visits.models import Visit


class NothingLinked(DomainError):
    code = "nothing_linked"
    status = 400
    explanation = N_("Pilih sedikitnya satu butir.")


class AlreadyLinked(DomainError):
    code = "already_linked"
    explanation = N_("Butir %(item)s sudah dibenahi oleh tindakan ini.")


class UnknownAction(DomainError):
    code = "unknown_action"
    status = 400
    explanation = N_("Tindakan yang dituju tidak ada. Pilih tindakan lain, atau buat tindakan tersendiri.")


class TakesNoItems(DomainError):
    code = "takes_no_items"
    explanation = N_(
        "Tindakan “%(title)s” sudah dilaporkan selesai atau ditutup. "
        "Pilih tindakan lain, atau buat tindakan tersendiri."
    )


def join_action(session: Session, visit: Visit, action_id: uuid.UUID, item: Item, **step: Unpack[Step]) -> None:
    """A finding of a visit comes to an action under way; nothing is left to do where somebody has brought it there.

    Raises:
        UnknownAction: the cooperative has no such action.
        TakesNoItems: it is closed or reported done by now.
    """
    action = session.get(Action, action_id)
    if action is None or action.cooperative_id != visit.cooperative_id:
        raise UnknownAction(item=item.id)
    held(session, action)
    if item.id in action.item_ids:
        return
    if action.status not in TAKES_ITEMS:
        raise TakesNoItems(item=item.id, title=action.title)
    link_items(session, action, [item], visit_id=visit.id, **step)


def link_items(
    session: Session, action: Action, items: Sequence[Item], *, visit_id: uuid.UUID | None = None, **step: Unpack[Step]
) -> ActionUpdate:
    """From now on the action is to put these items right too, and is verified only when all of them are good.

    A critical item brings the action to the top of the plan. The log says which items came to it; what the action
    was agreed on stays.

    Args:
        items: of the instruments in force, or of those that the visit is pinned to.
        visit_id: the visit that found them, where one did.

    Raises:
        StepNotAllowed: the action is closed or reported done, or the author is no facilitator.
        NothingLinked, AlreadyLinked, ActionChanged, ActionConflict: as they say.
    """
    held(session, action)
    stored = made_before(session, action, step.get("update_id"), step["author_id"])
    if stored is not None:
        return stored
    held(session, action, step.get("seen_revision"))
    is_facilitator = session.get_one(User, step["author_id"]).role is Role.FACILITATOR
    if action.status not in TAKES_ITEMS or not is_facilitator:
        raise StepNotAllowed
    if not items:
        raise NothingLinked
    known = set(action.item_ids)
    for item in items:
        if item.id in known:
            raise AlreadyLinked(item=item.id)
        known.add(item.id)
    feed(session, action, items)
    action.is_critical = action.is_critical or any(item.is_critical for item in items)
    told = "; ".join(f"{item.id} {item.label_id}" for item in items)
    return put_down(
        session,
        action,
        UpdateKind.NOTED,
        note=f"Juga membenahi: {told}.",
        author_id=step["author_id"],
        actor=step["actor"],
        now=step["now"],
        update_id=step.get("update_id"),
        visit_id=visit_id,
        verb="link_items",
    )
