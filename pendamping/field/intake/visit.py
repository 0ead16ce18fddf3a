"""A visit from a tablet: through the visit's own form, and its verb."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.cooperatives.models import Cooperative
from pendamping.field.intake.correction import put_right
from pendamping.field.intake.faults import refused_by_form
from pendamping.field.intake.terms import (
    Conflict,
    Hold,
    Incoming,
    Sender,
    Stored,
    later,
    named_beside,
    named_cooperative,
    not_yours,
    parent_missing,
    place_in,
    place_of,
    refused_by_rule,
    rejected,
    why_not_own,
)
from pendamping.field.models import Kept
from pendamping.field.quarantine.models import WhyHeld
from pendamping.field.records import (
    body_of,
    facts_for,
    hash_of,
    instruments_pinned,
    place_of_fault,
    refuse_a_mere_dot,
    store_visit,
)
from pendamping.field.wire import Fault, read_body
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import DomainError
from pendamping.plans.linking import UnknownAction
from pendamping.plans.service import DueBeforeAgreed
from pendamping.visits.evidence import CLOCK_SKEW
from pendamping.visits.forms import VisitForm
from pendamping.visits.models import Visit
from pendamping.visits.service import OutsideAssignment, VisitConflict, VisitInFuture

CORRECTABLE = frozenset(
    {"visited_on", "started", "ended", "mode", "purposes", "people_met", "notes", "answers", "written_at", "reason"}
)
"""What a second version of a visit may say otherwise."""


def take_visit(session: Session, incoming: Incoming, sender: Sender) -> Stored:
    """Store a visit once; a second version of it that names the first puts it right.

    What counts is whose the cooperative was on the day of the visit, not on the day on which it comes in.

    Raises:
        Refused, Conflict: it is not stored.
        Hold: it was not the author's on that day, or the day has not come.
    """
    is_new = incoming.received.id in sender.together.asked.new_visits
    stored = None if is_new else session.get(Visit, incoming.received.id)
    if stored is not None and stored.facilitator_id != sender.user.id:
        raise not_yours()
    if incoming.received.base_sha256 is not None:
        return _second_version(session, incoming, sender, stored)
    if stored is not None:
        cooperative = session.get_one(Cooperative, stored.cooperative_id)
        return _same_by_page(session, incoming, sender, stored, cooperative)
    return _first_version(session, incoming, sender)


def _first_version(session: Session, incoming: Incoming, sender: Sender) -> Stored:
    cooperative = named_cooperative(session, incoming.body, sender)
    if not sender.is_vouched_for and why_not_own(session, cooperative, sender) is WhyHeld.FOREIGN:
        raise Hold(WhyHeld.FOREIGN, place_in(cooperative), "cooperative")
    form = visit_form(session, incoming, sender, cooperative)
    if not form.validate_against(facts_for(form, cooperative)):
        raise _refused_or_held(form, sender, cooperative)
    try:
        refuse_a_mere_dot(session, form, sender.user)
        visit = store_visit(
            session,
            cooperative,
            form,
            facilitator=sender.user,
            actor=sender.actor,
            today=sender.today,
            now=sender.now,
            sha256=incoming.received.sha256,
            is_vouched_for=sender.is_vouched_for,
            beside_id=named_beside(incoming.body),
            together=sender.together,
        )
    except VisitConflict:
        raise not_yours() from None
    except OutsideAssignment:
        raise Hold(WhyHeld.OUTSIDE_ASSIGNMENT, place_in(cooperative), "visited_on") from None
    except DomainError as error:
        place = place_of_fault(form, error)
        raise refused_by_rule(error, "" if place is None else place.name) from error
    content = hash_of(body_of(form, cooperative))
    return Stored(Kept.CREATED, place_in(cooperative), visit.revision, content, _notes(visit))


def _notes(visit: Visit) -> list[Fault]:
    if not visit.is_addendum:
        return []
    said = _("Laporan bulan ini sudah disetujui. Kunjungan tersimpan sebagai susulan, di luar angka bulan itu.")
    return [Fault("visited_on", "addendum", said)]


def visit_form(session: Session, incoming: Incoming, sender: Sender, cooperative: Cooperative) -> VisitForm:
    """The form that the record would have been, had it been sent from a page."""
    fields = incoming.fields(as_form(incoming.body))
    fields["id"] = str(incoming.received.id)
    return VisitForm.on_record(
        fields,
        instruments=instruments_pinned(session, fields, sender.together.in_force(session)),
        stage=cooperative.stage.order,
        today=sender.today,
    )


def as_form(body: dict[str, Any]) -> dict[str, Any]:
    """Where the wire has a shape of its own: an item's photos, and actions, which are there because people agreed."""
    shaped = dict(body)
    if isinstance(answers := body.get("answers"), dict):
        shaped["answers"] = {item_id: _answer(each) for item_id, each in answers.items()}
    if isinstance(actions := body.get("actions"), list):
        shaped["actions"] = [{"agreed": True, **each} if isinstance(each, dict) else each for each in actions]
    return shaped


def _answer(answer: Any) -> Any:
    if isinstance(answer, dict) and "photos" in answer:
        return {**answer, "photo": answer["photos"], "photos": None}
    return answer


def _refused_or_held(form: VisitForm, sender: Sender, cooperative: Cooperative) -> Exception:
    """A day that has not come, and deadlines that lie before it, are no fault that its author must mend: it may be the
    tablet's clock. With any other fault beside it the record goes back at once.
    """
    refused = refused_by_form(form, _codes(form))
    days = [fault for fault in refused.faults if (fault.path, fault.code) == ("visited_on", VisitInFuture.code)]
    follow = [fault for fault in refused.faults if fault.code == DueBeforeAgreed.code]
    if sender.is_vouched_for or not days or len(days) + len(follow) < len(refused.faults):
        return refused
    if form.visited_on.data == office_date(sender.now + CLOCK_SKEW):
        return later(VisitInFuture.code, days[0].message, "visited_on")  # it begins within minutes
    return Hold(WhyHeld.FUTURE, place_in(cooperative), "visited_on")


def _codes(form: VisitForm) -> dict[str, str]:
    """Faults of a form that a rule would have refused as well, under the rule's code."""
    codes = {}
    day = form.visited_on.data
    if day and day > form.today:
        codes["visited_on"] = VisitInFuture.code
    for entry in form.actions.agreed:
        if entry.due_on.data and day and entry.due_on.data < day:
            codes[entry.due_on.name] = DueBeforeAgreed.code
        codes[entry.joins.name] = UnknownAction.code
    return codes


def _same_by_page(
    session: Session, incoming: Incoming, sender: Sender, visit: Visit, cooperative: Cooperative
) -> Stored:
    """The visit stands already: the page sent it, or an older version of it came from here."""
    form = visit_form(session, incoming, sender, cooperative)
    form.validate_against(facts_for(form, cooperative))
    content = hash_of(body_of(form, cooperative))
    is_same = content in {visit.body_sha256, *(each.content_sha256 for each in incoming.accepted)}
    if not is_same or incoming.body.get("cooperative") != cooperative.code:
        raise Conflict(place_of(visit), visit.revision)
    return Stored(Kept.DUPLICATE, place_of(visit), 1, content)


def _second_version(session: Session, incoming: Incoming, sender: Sender, visit: Visit | None) -> Stored:
    if visit is None:
        raise parent_missing("id")
    before = next((each for each in incoming.accepted if each.sha256 == incoming.received.base_sha256), None)
    then = read_body(before.body) if before else {}
    fixed = {*then, *incoming.body} - CORRECTABLE if before else set()
    odd = sorted(name for name in fixed if then.get(name) != incoming.body.get(name))
    if odd:
        raise rejected("not_correctable", _("Bagian ini tidak dapat diubah lagi. Tulis catatan tambahan."), odd[0])
    fields = incoming.fields(as_form({name: incoming.body[name] for name in CORRECTABLE & set(incoming.body)}))
    if not fields.get("reason"):
        fields = MultiDict([*fields.items(multi=True), ("reason", _("Diperbaiki di tablet sesudah terkirim."))])
    return put_right(session, incoming, sender, visit, fields)
