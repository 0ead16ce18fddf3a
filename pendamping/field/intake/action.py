"""Actions from a tablet: one agreed on apart from a visit's form, and a note on how one goes."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.cooperatives.models import Cooperative
from pendamping.field.intake.faults import refused_by_form
from pendamping.field.intake.terms import (
    Conflict,
    Hold,
    Incoming,
    Sender,
    Stored,
    not_yours,
    own_cooperative,
    parent_missing,
    place_of,
    refused_by_rule,
    rejected,
    why_not_own,
)
from pendamping.field.models import Kept
from pendamping.field.quarantine.models import WhyHeld
from pendamping.field.records import action_draft
from pendamping.instruments.definition import Item
from pendamping.kernel.errors import DomainError
from pendamping.kernel.ids import uuid_or_none
from pendamping.plans.actions.forms import NewActionForm
from pendamping.plans.actions.page import items_in_force
from pendamping.plans.forms import ActionForm, DueForm, ProgressForm
from pendamping.plans.linking import join_action
from pendamping.plans.models import Action, ActionUpdate
from pendamping.plans.moves import change_due, note_progress
from pendamping.plans.policy import visible_actions
from pendamping.plans.service import ActionConflict, DueBeforeAgreed, add_action, agree_actions
from pendamping.visits.corrections.page import instruments_of
from pendamping.visits.models import Visit


def take_action(session: Session, incoming: Incoming, sender: Sender) -> Stored:
    """Put one action into the plan once, as agreed at a visit or thought of between two.

    Raises:
        Refused, Conflict: it is not stored.
        Hold: the cooperative is not this person's, or not any more.
    """
    stored = session.get(Action, incoming.received.id)
    if stored is not None:
        if _author_of(session, stored) != sender.user.id:
            raise not_yours()
        raise Conflict(place_of(stored), 1)
    cooperative = own_cooperative(session, incoming, sender)
    if incoming.body.get("visit") is None:
        return _between_visits(session, incoming, sender, cooperative)
    visit = _visit(session, incoming.body["visit"], cooperative, sender)
    form = ActionForm(_fields(incoming))
    if not form.holds_for(visit.visited_on):
        due_on = form.due_on.data
        is_early = due_on is not None and due_on < visit.visited_on
        raise refused_by_form(form, {"due_on": DueBeforeAgreed.code} if is_early else {})
    items = {item.id: item for each in instruments_of(session, visit) for item in each.instrument.items}
    if form.item.data and form.item.data not in items:
        raise rejected("unknown_item", _("Butir ini tidak ada dalam instrumen kunjungannya."), "item")
    try:
        _agree(session, form, visit, items, sender)
    except ActionConflict:
        raise not_yours() from None
    except DomainError as error:
        raise refused_by_rule(error) from error
    sender.together.standing_changed(session, cooperative)
    return Stored(Kept.CREATED, place_of(visit), 1)


def _fields(incoming: Incoming) -> MultiDict[str, str]:
    fields = incoming.fields()
    fields.setlist("id", [str(incoming.received.id)])
    if uuid_or_none(fields.get("joins")) is None:  # what it was to come to did not follow, so it stands by itself
        fields.poplist("joins")
    return fields


def _agree(session: Session, form: ActionForm, visit: Visit, items: Mapping[str, Item], sender: Sender) -> None:
    """As an action of its own, or by one that is under way."""
    author: dict[str, Any] = {"author_id": sender.user.id, "actor": sender.actor, "now": sender.now}
    action_id = uuid_or_none(form.joins.data)
    if form.is_joined and action_id:
        item, step_id = items[str(form.item.data)], uuid_or_none(form.id.data)
        join_action(session, visit, action_id, item, update_id=step_id, **author)
        return
    agree_actions(session, visit, [action_draft(form, visit.id, 0)], items=items, **author)


def _author_of(session: Session, action: Action) -> uuid.UUID | None:
    """Who put it into the plan."""
    first = select(ActionUpdate.author_id).where(ActionUpdate.action_id == action.id, ActionUpdate.number == 1)
    return session.scalar(first)


def _between_visits(session: Session, incoming: Incoming, sender: Sender, cooperative: Cooperative) -> Stored:
    """What somebody thought of between two visits: the form of that page, with the items of today to choose from."""
    fields = incoming.fields()
    fields.setlist("id", [str(incoming.received.id)])
    if "item" in fields and "items" not in fields:
        fields.setlist("items", fields.getlist("item"))
    items = items_in_force(session, sender.today)
    form = NewActionForm.on_record(fields)
    form.items.choices = [(item_id, item_id) for item_id in items]
    if not form.is_submitted_and_valid():
        raise refused_by_form(form, {"items": "unknown_item"})
    try:
        action = add_action(
            session,
            cooperative,
            form.draft(),
            is_agreed=bool(form.agreed.data),
            items=items,
            author_id=sender.user.id,
            actor=sender.actor,
            now=sender.now,
        )
    except DueBeforeAgreed as error:
        raise refused_by_rule(error, "due_on") from error
    sender.together.standing_changed(session, cooperative)
    return Stored(Kept.CREATED, place_of(action), 1)


def _visit(session: Session, named: Any, cooperative: Cooperative, sender: Sender) -> Visit:
    """The visit that an action was agreed at."""
    visit_id = uuid_or_none(named if isinstance(named, str) else None)
    visit = session.get(Visit, visit_id) if visit_id else None
    if visit_id is None:
        raise rejected("invalid", _("Nomor kunjungan tidak terbaca."), "visit")
    if visit is None:
        raise parent_missing("visit")
    if (visit.cooperative_id, visit.facilitator_id) != (cooperative.id, sender.user.id):
        raise not_yours()
    return visit


def take_action_update(session: Session, incoming: Incoming, sender: Sender) -> Stored:
    """Note once how an action goes, that it is given up, or until when it is to be done now.

    Raises:
        Refused, Conflict: it is not stored.
        Hold: the action is not this person's to tell about, or not any more.
    """
    stored = session.get(ActionUpdate, incoming.received.id)
    if stored is not None:
        if stored.author_id != sender.user.id:
            raise not_yours()
        raise Conflict(place_of(session.get_one(Action, stored.action_id)), stored.number)
    action = _action(session, incoming.body.get("action"), sender)
    step = {"author_id": sender.user.id, "actor": sender.actor, "now": sender.now, "update_id": incoming.received.id}
    if "due_on" in incoming.body:
        update = _changed_due(session, action, incoming, step)
    else:
        update = _noted(session, action, incoming, step)
    cooperative = session.get_one(Cooperative, action.cooperative_id)
    sender.together.standing_changed(session, cooperative)
    return Stored(Kept.CREATED, place_of(action), update.number)


def _noted(session: Session, action: Action, incoming: Incoming, step: dict[str, Any]) -> ActionUpdate:
    form = ProgressForm.on_record(incoming.fields())
    if not form.is_submitted_and_valid():
        raise refused_by_form(form)
    try:
        return note_progress(session, action, status=form.new_status, note=form.note.data or "", **step)
    except DomainError as error:
        raise refused_by_rule(error, "status") from error


def _changed_due(session: Session, action: Action, incoming: Incoming, step: dict[str, Any]) -> ActionUpdate:
    form = DueForm.on_record(incoming.fields())
    if not form.is_submitted_and_valid() or form.due_on.data is None:
        raise refused_by_form(form)
    try:
        return change_due(session, action, due_on=form.due_on.data, reason=form.reason.data or "", **step)
    except DomainError as error:
        raise refused_by_rule(error, "due_on") from error


def _action(session: Session, named: Any, sender: Sender) -> Action:
    action_id: uuid.UUID | None = uuid_or_none(named if isinstance(named, str) else None)
    if action_id is None:
        raise rejected("required", _("Kabar ini tidak menyebut tindakannya."), "action")
    visible = visible_actions(sender.user, today=sender.today)
    action = session.get(Action, action_id)
    if action is None:
        raise parent_missing("action")
    if not sender.is_vouched_for and session.scalar(visible.where(Action.id == action_id)) is None:
        raise Hold(_why(session, action, sender), place_of(action), "action")
    return action


def _why(session: Session, action: Action, sender: Sender) -> WhyHeld:
    return why_not_own(session, session.get_one(Cooperative, action.cooperative_id), sender)
