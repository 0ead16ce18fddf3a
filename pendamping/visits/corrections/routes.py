"""Putting a stored visit right, and adding to one that is closed."""

import hashlib
import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.models import Cooperative
from pendamping.field.records import FIELD_OF_FAULT, store_correction
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError, NotAllowed, NotThere
from pendamping.kernel.roles import Role
from pendamping.visits.corrections.forms import AddendumForm
from pendamping.visits.corrections.page import CorrectionSheet, correction_sheet, differences
from pendamping.visits.corrections.policy import Remedy, remedy_for
from pendamping.visits.corrections.queries import version_sha256
from pendamping.visits.corrections.service import VisitChanged, add_addendum
from pendamping.visits.models import Visit
from pendamping.visits.policy import visible_visits
from pendamping.visits.queries import is_month_locked
from pendamping.visits.sheet import visit_sheet

bp = Blueprint("corrections", __name__)


@bp.route("/kunjungan/<uuid:visit_id>/perbaiki", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def correct(visit_id: uuid.UUID) -> ResponseReturnValue:
    visit = _own_visit(visit_id)
    if request.method == "GET" and _remedy(visit) is not Remedy.CORRECTION:
        return redirect(url_for(".add", visit_id=visit_id))
    cooperative = reading().get_one(Cooperative, visit.cooperative_id)
    found = correction_sheet(reading(), visit, today=today())
    form = found.form
    status = 200
    if form.is_submitted():
        status = _store(found, visit) if form.validate_against(found.facts(cooperative)) else 400
        if status == 201:
            flash(_("Perbaikan disimpan. Isi yang lama tetap tercatat."), "success")
            return redirect(url_for("visits.detail", visit_id=visit_id))
    sheet = visit_sheet(reading(), cooperative, form, today=today())
    base = version_sha256(reading(), visit)
    return render_template("visits/correction.html", form=form, sheet=sheet, visit=visit, base_sha256=base), status


def _store(found: CorrectionSheet, visit: Visit) -> int:
    form, differing = found.form, differences(reading(), visit, found)
    try:
        with transaction() as session:
            store_correction(
                session,
                visit,
                form,
                differing,
                body_sha256=_digest(),
                author=signed_in_user(),
                actor=request_actor(),
                today=today(),
                now=now(),
            )
    except DomainError as error:
        name = FIELD_OF_FAULT.get(type(error))
        form.refuse(error, form[name] if name else None)
        if isinstance(error, VisitChanged):  # who has read this may save what is typed over it
            form.name_revision(visit.revision)
        return error.status
    return 201


def _digest() -> str:
    """What was sent, but for the token, which is another each time."""
    sent = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    return hashlib.sha256(repr(sent).encode()).hexdigest()


@bp.route("/kunjungan/<uuid:visit_id>/tambahan", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def add(visit_id: uuid.UUID) -> ResponseReturnValue:
    visit = _own_visit(visit_id)
    form = AddendumForm()
    if form.is_submitted_and_valid():
        with transaction() as session:
            add_addendum(
                session,
                visit,
                form.text.data or "",
                body_sha256=_digest(),
                author=signed_in_user(),
                actor=request_actor(),
                now=now(),
            )
        flash(_("Catatan tambahan disimpan."), "success")
        return redirect(url_for("visits.detail", visit_id=visit_id))
    return render_template("visits/addendum.html", form=form, visit=visit), 400 if form.is_submitted() else 200


def _own_visit(visit_id: uuid.UUID) -> Visit:
    """A visit that the signed-in person wrote: others' can be read, not put right."""
    visit = reading().scalar(visible_visits(signed_in_user(), today=today()).where(Visit.id == visit_id))
    if visit is None:
        raise NotThere
    if visit.facilitator_id != signed_in_user().id:
        raise NotAllowed
    return visit


def _remedy(visit: Visit) -> Remedy | None:
    is_locked = is_month_locked(reading(), visit.facilitator_id, visit.visited_on)
    return remedy_for(visit, signed_in_user(), today=today(), is_locked=is_locked)
