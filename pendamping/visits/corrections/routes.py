"""Putting a stored visit right, and adding to one that is closed."""

import hashlib
import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.models import Cooperative
from pendamping.field.records import learn_decree_date
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError, NotAllowed, NotThere
from pendamping.kernel.forms import fail
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, force_locale, translated
from pendamping.kernel.roles import Role
from pendamping.progress.service import refresh_standing
from pendamping.visits.corrections.forms import AddendumForm, CorrectionForm
from pendamping.visits.corrections.page import (
    answers_on_record,
    as_typed,
    changes_between,
    corrected_from,
    instruments_of,
)
from pendamping.visits.corrections.policy import Remedy, remedy_for
from pendamping.visits.corrections.queries import Change
from pendamping.visits.corrections.service import Corrected, VisitChanged, add_addendum, correct_visit
from pendamping.visits.log import facts_when_put_right
from pendamping.visits.models import Visit
from pendamping.visits.policy import visible_visits
from pendamping.visits.queries import is_month_locked, scores_of_visit
from pendamping.visits.service import MonthIsLocked, OutsideAssignment, VisitInFuture, VisitsOverlap
from pendamping.visits.sheet import visit_sheet

bp = Blueprint("corrections", __name__)

FIELD_OF_FAULT: Mapping[type[DomainError], str] = {
    VisitInFuture: "visited_on",
    OutsideAssignment: "visited_on",
    MonthIsLocked: "visited_on",
    VisitsOverlap: "started",
}


@bp.route("/kunjungan/<uuid:visit_id>/perbaiki", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def correct(visit_id: uuid.UUID) -> ResponseReturnValue:
    visit = _own_visit(visit_id)
    if request.method == "GET" and _remedy(visit) is not Remedy.CORRECTION:
        return redirect(url_for(".add", visit_id=visit_id))
    cooperative = reading().get_one(Cooperative, visit.cooperative_id)
    on_record = answers_on_record(reading(), visit)
    scores = scores_of_visit(reading(), visit.id)
    form = CorrectionForm(
        instruments=instruments_of(reading(), visit),
        answered=on_record,
        stored=as_typed(reading(), visit, on_record),
        stage=max(row.stage.order for row in scores),
        today=today(),
    )
    status = 200
    if form.is_submitted():
        status = 400
        day = min(form.visited_on.data or today(), today())
        if form.validate_against(facts_when_put_right(scores[0], cooperative, day, decree_on=form.decree_on.data)):
            corrected = corrected_from(form, on_record)
            with force_locale(DEFAULT_LANGUAGE):
                changes = changes_between(reading(), visit, corrected, on_record, form.asked)
            status = _store(form, visit, corrected, changes)
            if status == 201:
                flash(_("Perbaikan disimpan. Isi yang lama tetap tercatat."), "success")
                return redirect(url_for("visits.detail", visit_id=visit_id))
    sheet = visit_sheet(reading(), cooperative, form, today=today())
    return render_template("visits/correction.html", form=form, sheet=sheet, visit=visit), status


def _store(form: CorrectionForm, visit: Visit, corrected: Corrected, changes: list[Change]) -> int:
    try:
        with transaction() as session:
            cooperative = session.get_one(Cooperative, visit.cooperative_id)
            if form.decree_on.data and cooperative.decree_on is None:
                learn_decree_date(session, cooperative, form.decree_on.data, actor=request_actor(), now=now())
            correct_visit(
                session,
                visit,
                corrected,
                instruments=form.instruments,
                reason=form.reason.data or "",
                changes=changes,
                base_revision=form.base_revision.data or 0,
                body_sha256=_digest(),
                author=signed_in_user(),
                actor=request_actor(),
                today=today(),
                now=now(),
            )
            refresh_standing(session, cooperative, instruments_on(session, today()), today=today(), now=now())
    except DomainError as error:
        words = translated(error.explanation, **error.params)
        if (name := FIELD_OF_FAULT.get(type(error))) is not None:
            fail(form[name], words)
        else:
            form.form_errors = [*form.form_errors, words]
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
