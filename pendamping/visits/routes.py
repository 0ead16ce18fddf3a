"""Writing a visit and reading one."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.field.records import store_visit
from pendamping.instruments.queries import PublishedInstrument, instruments_on, published_by_hash
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import attempt_twice, reading
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.i18n import translated
from pendamping.kernel.roles import STAFF, Role
from pendamping.plans.service import ActionConflict
from pendamping.visits.forms import VisitForm
from pendamping.visits.models import Visit
from pendamping.visits.page import visit_page
from pendamping.visits.policy import visible_visits
from pendamping.visits.service import OutsideAssignment, VisitConflict, VisitInFuture, facts_of
from pendamping.visits.sheet import visit_sheet

bp = Blueprint("visits", __name__)


@bp.route("/koperasi/<code>/kunjungan/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def new(code: str) -> ResponseReturnValue:
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    form = VisitForm(instruments=_instruments(), stage=cooperative.stage.order, today=today(), id=str(uuid.uuid4()))
    status = 200
    if form.is_submitted():
        status = _store(form, cooperative)
        if status == 201:
            flash(_("Kunjungan tersimpan. Rencana perbaikan koperasi sudah diperbarui."), "success")
            return redirect(url_for(".detail", visit_id=form.stored_id))
    sheet = visit_sheet(reading(), cooperative, form, today=today())
    return render_template("visits/form.html", form=form, sheet=sheet), status


def _instruments() -> list[PublishedInstrument]:
    """The versions that the page was pinned to when it was opened; else those in force today."""
    in_force = instruments_on(reading(), today())
    pinned = {each.instrument.code: request.form.get(f"instruments-{each.instrument.code}") for each in in_force}
    older = [sha256 for sha256 in pinned.values() if sha256 and sha256 not in {each.sha256 for each in in_force}]
    if not older:
        return in_force
    found = {each.instrument.code: each for each in published_by_hash(reading(), older)}
    return [found.get(each.instrument.code, each) for each in in_force]


def _store(form: VisitForm, cooperative: Cooperative) -> int:
    """Store the visit if everything holds; the status says how it went, the form where it did not."""
    facts = facts_of(cooperative, min(form.visited_on.data or today(), today()), decree_on=form.decree_on.data)
    if not form.validate_against(facts):
        return 400
    user, actor, day, instant = signed_in_user(), request_actor(), today(), now()
    try:
        visit = attempt_twice(
            lambda session: store_visit(
                session, cooperative, form, facilitator=user, actor=actor, today=day, now=instant
            )
        )
    except (VisitInFuture, OutsideAssignment) as error:
        form.visited_on.errors = [translated(error.explanation, **error.params)]
        return error.status
    except (VisitConflict, ActionConflict) as error:
        return _say(form, error)
    form.stored_id = visit.id
    return 201


def _say(form: VisitForm, error: DomainError) -> int:
    form.form_errors = [*form.form_errors, translated(error.explanation, **error.params)]
    return error.status


@bp.get("/kunjungan/<uuid:visit_id>")
@access(STAFF)
def detail(visit_id: uuid.UUID) -> ResponseReturnValue:
    visit = reading().scalar(visible_visits(signed_in_user(), today=today()).where(Visit.id == visit_id))
    if visit is None:
        raise NotThere
    return render_template("visits/detail.html", page=visit_page(reading(), visit, today=today()))
