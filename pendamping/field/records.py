"""A visit that comes in: one transaction through visits, plans and standing."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session
from wtforms import Field

from pendamping.accounts.models import User
from pendamping.attachments.papers import NotADocument
from pendamping.attachments.pictures import (
    FileTooLarge,
    NotAPicture,
    PictureTooLarge,
    TooLittleInk,
    refuse_too_little_ink,
)
from pendamping.attachments.queries import attachments_by_id
from pendamping.attachments.service import ForeignAttachment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.service import CooperativeFacts, change_facts
from pendamping.field.batch_context import BatchContext
from pendamping.field.queries import record_that_says
from pendamping.instruments.definition import OwnerRole
from pendamping.instruments.queries import PublishedInstrument, published_by_hash
from pendamping.instruments.scoring import Facts
from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import instant_in
from pendamping.kernel.errors import DomainError
from pendamping.kernel.files import files
from pendamping.kernel.ids import uuid_or_none
from pendamping.plans.forms import ActionForm
from pendamping.plans.linking import TakesNoItems, UnknownAction, join_action
from pendamping.plans.service import ActionDraft, agree_actions
from pendamping.plans.way_back import look_again
from pendamping.visits.corrections.forms import CorrectionForm
from pendamping.visits.corrections.page import Differences
from pendamping.visits.corrections.service import correct_visit
from pendamping.visits.drafts.service import drop_draft
from pendamping.visits.forms import VisitForm
from pendamping.visits.log import facts_of
from pendamping.visits.models import Visit, VisitMode
from pendamping.visits.service import (
    IncomingVisit,
    MonthIsLocked,
    OutsideAssignment,
    PersonMet,
    PhotoOfVisit,
    Place,
    VisitInFuture,
    VisitsOverlap,
    record_visit,
)

FIELD_OF_FAULT: Mapping[type[DomainError], str] = {
    VisitInFuture: "visited_on",
    OutsideAssignment: "visited_on",
    MonthIsLocked: "visited_on",
    VisitsOverlap: "started",
    ForeignAttachment: "photos",
    TooLittleInk: "signature",
    NotAPicture: "photo_files",
    FileTooLarge: "photo_files",
    PictureTooLarge: "photo_files",
    NotADocument: "photo_files",
}
"""Where on the visit's form it is said that a rule was broken; what is not named here is said on top."""


def place_of_fault(form: VisitForm, error: DomainError) -> Field | None:
    """Where on the visit's form it is said that a rule was broken; None for on top."""
    if isinstance(error, UnknownAction | TakesNoItems):
        return next((each.joins for each in form.actions.joined if each.item.data == error.params["item"]), None)
    name = FIELD_OF_FAULT.get(type(error))
    return None if name is None else form[name]


def instruments_pinned(
    session: Session, sent: Mapping[str, str], in_force: Sequence[PublishedInstrument]
) -> Sequence[PublishedInstrument]:
    """The versions that the page was pinned to when it was opened; else those in force today."""
    pinned = {each.instrument.code: sent.get(f"instruments-{each.instrument.code}") for each in in_force}
    older = [sha256 for sha256 in pinned.values() if sha256 and sha256 not in {each.sha256 for each in in_force}]
    if not older:
        return in_force
    found = {each.instrument.code: each for each in published_by_hash(session, older)}
    return [found.get(each.instrument.code, each) for each in in_force]


def facts_for(form: VisitForm, cooperative: Cooperative) -> Facts:
    """The dates against which a form's answers are measured on its own day."""
    day = min(form.visited_on.data or form.today, form.today)
    return facts_of(cooperative, day, decree_on=form.decree_on.data)


def refuse_a_mere_dot(session: Session, form: VisitForm, user: User) -> None:
    """A signature that has arrived is looked at; one that is still to come is taken on trust.

    Raises:
        TooLittleInk: it is no signature.
    """
    arrived = attachments_by_id(session, [form.signature_id] if form.signature_id else [])
    for attachment in arrived.values():
        if attachment.uploader_id != user.id:
            continue  # said in its own words when the visit names it
        try:
            refuse_too_little_ink(files().read(attachment.sha256))
        except NotAPicture as error:
            raise TooLittleInk from error


def store_visit(
    session: Session,
    cooperative: Cooperative,
    form: VisitForm,
    *,
    facilitator: User,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
    sha256: str | None = None,
    is_vouched_for: bool = False,
    beside_id: uuid.UUID | None = None,
    together: BatchContext | None = None,
) -> Visit:
    """Store a validated visit with what it says of earlier actions and what was agreed at it; then the new standing.

    Args:
        sha256: of the record that brought it; a page has none, so the hash of what the form says stands for it.
        is_vouched_for: the head answers for it, whoever accompanied the cooperative on that day.
        beside_id: the stored visit that it tells otherwise; both are kept, at the same hours.
        together: what it shares with the other records of its batch; None for a visit that comes by itself.

    Raises:
        DomainError: what `record_visit` and `agree_actions` refuse; nothing is stored then.
    """
    if form.decree_on.data and cooperative.decree_on is None:
        learn_decree_date(session, cooperative, form.decree_on.data, actor=actor, now=now)
    draft = _known_by_its_record(session, replace(visit_draft(form, cooperative, now), beside_id=beside_id), sha256)
    together = together or BatchContext(today, now)
    visit, is_new = record_visit(
        session,
        cooperative,
        draft,
        facilitator_id=facilitator.id,
        actor=actor,
        today=today,
        now=now,
        is_vouched_for=is_vouched_for,
        asked=together.asked,
    )
    if is_new:
        author_id = facilitator.id
        _join_findings(session, visit, form, author_id=author_id, actor=actor, now=now)
        look_again(session, cooperative, visit, instruments=form.instruments, author_id=author_id, actor=actor, now=now)
        actions = _agreed_at(form, visit)
        agree_actions(session, visit, actions, items=form.asked, author_id=author_id, actor=actor, now=now)
        # The visit is scored by the versions its page was made of, the standing by those in force.
        together.standing_changed(session, cooperative)
    drop_draft(session, visit.id, author_id=facilitator.id)
    return visit


def _agreed_at(form: VisitForm, visit: Visit) -> list[ActionDraft]:
    return [
        replace(action_draft(entry, visit.id, number), further_items=form.actions.further_items(entry))
        for number, entry in form.actions.own
    ]


def _join_findings(
    session: Session, visit: Visit, form: VisitForm, *, author_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> None:
    """Findings come to actions under way before the visit looks again: one that takes a poor item is not verified by
    its good ones.
    """
    for entry in form.actions.joined:
        if action_id := uuid_or_none(entry.joins.data):
            item, step_id = form.asked[str(entry.item.data)], uuid_or_none(entry.id.data)
            join_action(session, visit, action_id, item, author_id=author_id, actor=actor, now=now, update_id=step_id)


def _known_by_its_record(session: Session, draft: IncomingVisit, sha256: str | None) -> IncomingVisit:
    sha256 = sha256 or record_that_says(session, draft.id, draft.body_sha256)
    return draft if sha256 is None else replace(draft, body_sha256=sha256)


def store_correction(
    session: Session,
    visit: Visit,
    form: CorrectionForm,
    differing: Differences,
    *,
    body_sha256: str,
    author: User,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
    together: BatchContext | None = None,
) -> None:
    """Put a visit right as a validated form says, and bring the cooperative's standing up to date.

    Raises:
        DomainError: what `correct_visit` refuses; nothing is stored then.
    """
    cooperative = session.get_one(Cooperative, visit.cooperative_id)
    if form.decree_on.data and cooperative.decree_on is None:
        learn_decree_date(session, cooperative, form.decree_on.data, actor=actor, now=now)
    correct_visit(
        session,
        visit,
        differing.corrected,
        instruments=form.instruments,
        reason=form.reason.data or "",
        changes=differing.changes,
        base_revision=form.base_revision.data or 0,
        body_sha256=body_sha256,
        author=author,
        actor=actor,
        today=today,
        now=now,
    )
    look_again(session, cooperative, visit, instruments=form.instruments, author_id=author.id, actor=actor, now=now)
    together = together or BatchContext(today, now)
    together.asked.forget()
    together.standing_changed(session, cooperative)


def learn_decree_date(
    session: Session, cooperative: Cooperative, decree_on: dt.date, *, actor: Actor, now: dt.datetime
) -> None:
    """Put a date into the register that was not known there, because an answer is measured against it."""
    known = CooperativeFacts(**{name: getattr(cooperative, name) for name in CooperativeFacts.__dataclass_fields__})
    change_facts(session, cooperative, replace(known, decree_on=decree_on), actor=actor, now=now)


def visit_draft(form: VisitForm, cooperative: Cooperative, now: dt.datetime) -> IncomingVisit:
    """The visit that a validated form describes; `visited_on` and the rest have been checked."""
    assert form.visited_on.data is not None
    return IncomingVisit(
        id=form.visit_id or uuid.uuid4(),
        visited_on=form.visited_on.data,
        started=form.started.data,
        ended=form.ended.data,
        mode=VisitMode(form.mode.data),
        purposes=list(dict.fromkeys(form.purposes.data or [])),
        people_met=[PersonMet(name, role) for name, role in form.people],
        notes=form.notes.data or "",
        place=_place(form),
        written_at=instant_in(form.written_at.data or "") or now,
        instruments=form.instruments,
        answers=form.answers.data,
        body_sha256=hash_of(body_of(form, cooperative)),
        photos=[PhotoOfVisit(attachment_id, item_id) for attachment_id, item_id in form.photos.data],
        signature_id=form.signature_id,
        signed_by=form.signed_by.data or "",
        planned_visit_id=uuid_or_none(form.planned_visit.data),
    )


def _place(form: VisitForm) -> Place | None:
    place = form.place.form
    if place.lat.data is None or place.lon.data is None:
        return None
    return Place(place.lat.data, place.lon.data, place.accuracy_m.data)


def action_draft(entry: ActionForm, visit_id: uuid.UUID, number: int) -> ActionDraft:
    """The agreed action; one that came without an id gets the same id each time the same visit is sent.

    Args:
        number: its place among the visit's actions; two of them may well have one title.
    """
    assert entry.due_on.data is not None
    made_up = uuid.uuid5(visit_id, f"{number}:{entry.item.data}:{entry.title.data}")
    return ActionDraft(
        id=uuid_or_none(entry.id.data) or made_up,
        item_id=entry.item.data or None,
        title=entry.title.data or "",
        owner_role=OwnerRole(entry.owner_role.data),
        due_on=entry.due_on.data,
    )


def body_of(form: VisitForm, cooperative: Cooperative) -> Mapping[str, object]:
    """What makes two visits the same: all that was written, but not when it was sent, which a second tap changes."""
    place = _place(form)
    body: dict[str, object] = {
        "cooperative": cooperative.code,
        "visited_on": _iso(form.visited_on.data),
        "started": _iso(form.started.data),
        "ended": _iso(form.ended.data),
        "mode": form.mode.data,
        "purposes": form.purposes.data,
        "people_met": [{"name": name, "role": role} for name, role in form.people],
        "notes": form.notes.data,
        "place": {"lat": place.latitude, "lon": place.longitude, "accuracy_m": place.accuracy_m} if place else None,
        "decree_on": _iso(form.decree_on.data),
        "instruments": _versions(form.instruments),
        "answers": {
            each.item_id: {"value": each.value, "proof": each.proof, "note": each.note} for each in form.answers.data
        },
        "actions": [_action_body(entry) for entry in form.actions.agreed],
    }
    evidence: dict[str, object] = {
        "photos": [[str(attachment_id), item_id] for attachment_id, item_id in form.photos.data],
        "signature": str(form.signature_id) if form.signature_id else None,
        "signed_by": form.signed_by.data or None,
        "planned_visit": form.planned_visit.data or None,
    }
    # Only what is there: a visit without it has the hash that it had before there was such a field.
    return {**body, **{name: value for name, value in evidence.items() if value}}


def _action_body(entry: ActionForm) -> Mapping[str, object]:
    body = {
        "id": entry.id.data or None,
        "item": entry.item.data or None,
        "title": entry.title.data,
        "owner_role": entry.owner_role.data,
        "due_on": _iso(entry.due_on.data),
    }
    return {**body, "joins": entry.joins.data} if entry.is_joined else body


def _versions(instruments: Sequence[PublishedInstrument]) -> dict[str, str]:
    return {each.instrument.code: each.sha256 for each in instruments}


def hash_of(body: Mapping[str, object]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(value: dt.date | dt.time | None) -> str | None:
    return value.isoformat() if value is not None else None
