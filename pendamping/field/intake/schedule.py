"""A planned visit from a tablet: planned, later moved, said anew or cancelled, by the schedule's forms and verbs."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.field.intake.faults import refused_by_form
from pendamping.field.intake.terms import (
    Conflict,
    Incoming,
    Refused,
    Sender,
    Stored,
    base_missing,
    named_beside,
    not_yours,
    own_cooperative,
    parent_missing,
    place_of,
    refused_by_rule,
    rejected,
    unreadable,
)
from pendamping.field.models import Kept, Receipt
from pendamping.field.wire import read_body, sha256_of
from pendamping.kernel.errors import DomainError
from pendamping.kernel.forms import BaseForm
from pendamping.kernel.locks import locked
from pendamping.visits.schedule import service
from pendamping.visits.schedule.forms import AgendaForm, CancelForm, MoveForm, PlanForm
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.service import MonthIsLocked, OutsideAssignment

FIXED = ("cooperative", "mode")
"""What a plan keeps for good."""
FIELD_OF_FAULT: dict[type[DomainError], str] = {
    service.PlanInPast: "planned_on",
    OutsideAssignment: "planned_on",
    MonthIsLocked: "planned_on",
    service.PlansOverlap: "starts",
}


def take_schedule(session: Session, incoming: Incoming, sender: Sender) -> Stored:
    """Plan a visit once; a later version that names the one before moves it, says its agenda anew or cancels it.

    Raises:
        Refused, Conflict: it is not stored.
    """
    plan = session.get(PlannedVisit, incoming.received.id)
    if plan is not None and plan.facilitator_id != sender.user.id:
        raise not_yours()
    if incoming.received.base_sha256 is None:
        return _plan(session, incoming, sender, plan)
    if plan is None:
        raise parent_missing("id")
    return _change(session, incoming, sender, plan)


def _plan(session: Session, incoming: Incoming, sender: Sender, stored: PlannedVisit | None) -> Stored:
    cooperative = own_cooperative(session, incoming, sender)
    fields = incoming.fields()
    fields["id"] = str(incoming.received.id)
    form = PlanForm.on_record(fields)
    form.cooperative.choices = [(cooperative.code, cooperative.short_name)]
    if not form.is_submitted_and_valid():
        raise _refused(form, sender)
    try:
        plan = service.plan_visit(
            session,
            cooperative,
            replace(form.plan(), beside_id=named_beside(incoming.body)),
            facilitator_id=sender.user.id,
            actor=sender.actor,
            today=sender.today,
            now=sender.now,
        )
    except service.PlanConflict:
        if stored is None:
            raise not_yours() from None
        raise Conflict(place_of(stored), stored.moves + 1) from None
    except DomainError as error:
        raise refused_by_rule(error, FIELD_OF_FAULT.get(type(error), "")) from error
    if _says(incoming.body, "cancelled_because") and stored is None:
        _cancel(session, plan, incoming.body, sender)
    return Stored(Kept.CREATED if stored is None else Kept.DUPLICATE, place_of(plan), 1)


def _change(session: Session, incoming: Incoming, sender: Sender, plan: PlannedVisit) -> Stored:
    incoming.fields()  # nothing that no form could send
    then, mine = _written_over(incoming), incoming.body
    if odd := [name for name in FIXED if name in mine and mine[name] != then.get(name, mine[name])]:
        raise rejected("not_correctable", _("Bagian ini tidak dapat diubah lagi. Buat rencana baru."), odd[0])
    plan = locked(session, PlannedVisit, plan.id)  # what is compared stays so until it is changed
    wanted = _wanted(then, mine, plan)
    if wanted is None:
        raise Conflict(place_of(plan), _revision(incoming.accepted))
    try:
        _apply(session, plan, wanted, mine, sender)
    except DomainError as error:
        raise refused_by_rule(error, FIELD_OF_FAULT.get(type(error), "")) from error
    return Stored(Kept.MERGED, place_of(plan), _revision(incoming.accepted) + 1)


def _written_over(incoming: Incoming) -> dict[str, Any]:
    """The version that a tablet had before it: one that came by record, or the one that its page showed and that the
    record brings along word for word.
    """
    base = incoming.received.base_sha256
    texts = [each.body for each in incoming.accepted if each.sha256 == base]
    shown = incoming.body.get("written_over")
    if isinstance(shown, str) and sha256_of(shown) == base:
        texts.append(shown)
    if not texts:
        raise base_missing()
    try:
        return read_body(texts[0])
    except ValueError:
        raise unreadable() from None


def _revision(accepted: list[Receipt]) -> int:
    return max((each.revision for each in accepted), default=1)


def _wanted(then: dict[str, Any], mine: dict[str, Any], plan: PlannedVisit) -> set[str] | None:
    """What was changed on the tablet; None if the office changed the same meanwhile, to something else."""
    wanted: set[str] = set()
    for name, parts in {"when": ("planned_on", "starts"), "agenda": ("agenda",), "end": ("cancelled_because",)}.items():
        said = [(_said(then, part), _said(mine, part) if part in mine else _said(then, part)) for part in parts]
        before, after = [each[0] for each in said], [each[1] for each in said]
        stands = [_standing(plan, part) for part in parts]
        if after in (before, stands):
            continue
        if stands != before:
            return None
        wanted.add(name)
    return wanted


def _said(body: dict[str, Any], part: str) -> str:
    text = str(body.get(part) or "").strip()
    return text.replace(".", ":")[:5] if part == "starts" else text


def _says(body: dict[str, Any], part: str) -> bool:
    return bool(_said(body, part))


def _standing(plan: PlannedVisit, part: str) -> str:
    match part:
        case "planned_on":
            return plan.planned_on.isoformat()
        case "starts":
            return f"{plan.starts:%H:%M}" if plan.starts else ""
        case "agenda":
            return plan.agenda
        case _:
            return plan.cancelled_because


def _apply(session: Session, plan: PlannedVisit, wanted: set[str], mine: dict[str, Any], sender: Sender) -> None:
    if "when" in wanted:
        _move(session, plan, mine, sender)
    if "agenda" in wanted:
        form = AgendaForm.on_record(MultiDict({"agenda": _said(mine, "agenda")}))
        _hold(form, sender)
        service.change_agenda(session, plan, agenda=form.agenda.data or "", actor=sender.actor, now=sender.now)
    if "end" in wanted:
        _cancel(session, plan, mine, sender)


def _move(session: Session, plan: PlannedVisit, mine: dict[str, Any], sender: Sender) -> None:
    sent = {
        "to_on": _said(mine, "planned_on") or plan.planned_on.isoformat(),
        "to_starts": str(mine.get("starts") or "") if "starts" in mine else _standing(plan, "starts"),
        "reason": _said(mine, "moved_because"),
    }
    form = MoveForm.on_record(MultiDict(sent))
    _hold(form, sender)
    assert form.to_on.data is not None
    service.move_visit(
        session,
        plan,
        to_on=form.to_on.data,
        to_starts=form.to_starts.data,
        reason=form.reason.data or "",
        actor=sender.actor,
        author_id=sender.user.id,
        today=sender.today,
        now=sender.now,
    )


def _cancel(session: Session, plan: PlannedVisit, mine: dict[str, Any], sender: Sender) -> None:
    form = CancelForm.on_record(MultiDict({"because": _said(mine, "cancelled_because")}))
    _hold(form, sender)
    service.cancel_visit(session, plan, because=form.because.data or "", actor=sender.actor, now=sender.now)


WIRE_NAMES = {"to_on": "planned_on", "to_starts": "starts", "reason": "moved_because", "because": "cancelled_because"}
"""What the forms of a change call by another name than the record."""


def _hold(form: BaseForm, sender: Sender) -> None:
    if not form.is_submitted_and_valid():
        raise _refused(form, sender)


def _refused(form: BaseForm, sender: Sender) -> Refused:
    days = [form[name].data for name in ("planned_on", "to_on") if name in form]
    is_past = any(day is not None and day < sender.today for day in days)
    codes = dict.fromkeys(("planned_on", "to_on"), service.PlanInPast.code) if is_past else {}
    refused = refused_by_form(form, codes)
    for fault in refused.faults:
        fault.path = WIRE_NAMES.get(fault.path, fault.path)
    return refused
