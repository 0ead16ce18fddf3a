"""A visit put right on a tablet: through the form of corrections, over the very version that was corrected."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pendamping.cooperatives.models import Cooperative
from pendamping.field.intake.faults import refused_by_form
from pendamping.field.intake.terms import (
    Conflict,
    Incoming,
    Sender,
    Stored,
    base_missing,
    not_yours,
    parent_missing,
    place_of,
    refused_by_rule,
    rejected,
)
from pendamping.field.models import Kept
from pendamping.field.queries import receipts_under
from pendamping.field.records import FIELD_OF_FAULT, store_correction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.ids import uuid_or_none
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.corrections.page import correction_sheet, differences
from pendamping.visits.corrections.service import VisitChanged
from pendamping.visits.models import Visit
from pendamping.visits.service import VisitInFuture


def take_correction(session: Session, incoming: Incoming, sender: Sender) -> Stored:
    """Put a visit right once.

    Raises:
        Refused, Conflict: it is not stored.
    """
    if incoming.received.base_sha256 is None:
        raise rejected("base_required", _("Perbaikan ini tidak menyebut versi yang diperbaiki."))
    fields = incoming.fields()
    visit_id = uuid_or_none(fields.pop("visit", ""))
    if visit_id is None:
        raise rejected("required", _("Perbaikan ini tidak menyebut kunjungannya."), "visit")
    visit = session.get(Visit, visit_id)
    if visit is None:
        raise parent_missing("visit")
    if visit.facilitator_id != sender.user.id:
        raise not_yours()
    return put_right(session, incoming, sender, visit, fields)


def put_right(
    session: Session, incoming: Incoming, sender: Sender, visit: Visit, fields: MultiDict[str, str]
) -> Stored:
    """Apply what `fields` say to a visit, if it still is what they were written over.

    Raises:
        Conflict: it has been put right from elsewhere meanwhile.
        Refused: it is not stored for another reason.
    """
    session.refresh(visit)
    known = _revisions(session, visit)
    based_on = known.get(incoming.received.base_sha256 or "")
    if based_on is None:
        raise base_missing()
    if based_on != visit.revision:
        raise Conflict(place_of(visit), visit.revision)
    fields.setlist("base_revision", [str(visit.revision)])
    sheet = correction_sheet(session, visit, today=sender.today, sent=fields)
    cooperative = session.get_one(Cooperative, visit.cooperative_id)
    if not sheet.form.validate_against(sheet.facts(cooperative)):
        day = sheet.form.visited_on.data
        codes = {"visited_on": VisitInFuture.code} if day and day > sender.today else {}
        raise refused_by_form(sheet.form, codes)
    try:
        store_correction(
            session,
            visit,
            sheet.form,
            differences(session, visit, sheet),
            body_sha256=incoming.received.sha256,
            author=sender.user,
            actor=sender.actor,
            today=sender.today,
            now=sender.now,
            together=sender.together,
        )
    except VisitChanged:
        raise Conflict(place_of(visit), visit.revision) from None
    except DomainError as error:
        raise refused_by_rule(error, FIELD_OF_FAULT.get(type(error), "")) from error
    return Stored(Kept.MERGED, place_of(visit), visit.revision)


def _revisions(session: Session, visit: Visit) -> dict[str, int]:
    """Which hash stands for which revision of a visit, by whatever way it came."""
    corrections = session.scalars(
        select(Correction.body_sha256)
        .where(Correction.visit_id == visit.id, Correction.kind == CorrectionKind.CORRECTION)
        .order_by(Correction.number)
    )
    by_page = {visit.body_sha256: 1, **{sha256: number for number, sha256 in enumerate(corrections, start=2)}}
    by_wire = {
        each.sha256: each.revision for each in receipts_under(session, visit.id) if each.outcome is not Kept.CONFLICT
    }
    return {**by_page, **by_wire}
