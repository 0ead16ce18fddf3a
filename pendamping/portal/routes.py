"""What a cooperative sees of itself: its own plan, progress, visits and papers, and only those."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.activities.page import activity_page, own_activities
from pendamping.activities.routes import activity_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.partnerships.page import partnerships_page
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.records.queries import documents_of
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import instant_in
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.roles import Role
from pendamping.plans import dialogue
from pendamping.plans.page import plan_page
from pendamping.portal import page
from pendamping.portal.actions.forms import QuestionForm
from pendamping.progress.explained.page import own_advice
from pendamping.reports.evaluation.page import own_evaluations

bp = Blueprint("portal", __name__)


def own_cooperative() -> Cooperative:
    return reading().scalars(visible_cooperatives(signed_in_user(), today=today())).one()


@bp.get("/rencana")
@access(Role.COOPERATIVE)
def plan() -> ResponseReturnValue:
    return _plan(QuestionForm(formdata=None)), 200


def _plan(question: QuestionForm) -> str:
    user, cooperative = signed_in_user(), own_cooperative()
    plan = plan_page(reading(), cooperative, today=today())
    return render_template(
        "portal/plan.html",
        plan=plan,
        own=page.own_stage(reading(), cooperative, plan, user, today=today()),
        advice=own_advice(reading(), cooperative, plan.open, today=today()),
        read=page.reading_of(reading(), cooperative),
        question=question,
    )


@bp.post("/rencana/pertanyaan")
@access(Role.COOPERATIVE, keeps_typed=True)
def ask() -> ResponseReturnValue:
    """A question about the whole plan; its answer comes to the same page."""
    form, cooperative = QuestionForm(), own_cooperative()
    if not form.is_submitted_and_valid():
        return _plan(form), 400
    said: dict[str, Any] = {"author_id": signed_in_user().id, "actor": request_actor(), "now": now()}
    text, question_id = form.question.data or "", form.new_id.as_uuid
    retry_on_conflict(
        lambda session: dialogue.ask(session, None, cooperative, text=text, question_id=question_id, **said).id
    )
    flash(_("Pertanyaan terkirim. Jawabannya muncul di halaman ini."), "success")
    return redirect(url_for(".plan", _anchor="tanya-jawab"), 303)


@bp.post("/rencana/dibaca")
@access(Role.COOPERATIVE)
def acknowledge() -> ResponseReturnValue:
    """“Kami sudah membaca”, of the plan as the page showed it."""
    cooperative = own_cooperative()
    with transaction() as session:
        dialogue.acknowledge_plan(
            session,
            cooperative,
            author_id=signed_in_user().id,
            actor=request_actor(),
            now=now(),
            read_until=instant_in(request.form.get("read_until", "")),
        )
    flash(_("Terima kasih. Pendamping tahu bahwa rencana ini sudah dibaca."), "success")
    return redirect(url_for(".plan"), 303)


@bp.get("/kemajuan")
@access(Role.COOPERATIVE)
def progress() -> ResponseReturnValue:
    cooperative = own_cooperative()
    shown = page.own_progress(reading(), cooperative, today=today())
    return render_template("portal/progress.html", page=shown, name=cooperative.short_name)


@bp.get("/kunjungan")
@access(Role.COOPERATIVE)
def visits() -> ResponseReturnValue:
    cooperative = own_cooperative()
    user = signed_in_user()
    return render_template(
        "portal/visits.html",
        page=page.own_visits(reading(), cooperative, user, today=today()),
        activities=own_activities(reading(), user, today=today()),
        name=cooperative.short_name,
    )


@bp.get("/kunjungan/kegiatan/<uuid:activity_id>")
@access(Role.COOPERATIVE)
def activity(activity_id: uuid.UUID) -> ResponseReturnValue:
    """A group activity in which the cooperative took part."""
    cooperative = own_cooperative()
    shown = activity_page(reading(), activity_or_404(activity_id), signed_in_user(), today=today())
    return render_template("portal/activity.html", page=shown, name=cooperative.short_name)


@bp.get("/dokumen")
@access(Role.COOPERATIVE)
def documents() -> ResponseReturnValue:
    cooperative = own_cooperative()
    found = documents_of(reading(), cooperative.id, today=today())
    return render_template(
        "portal/documents.html",
        documents=found,
        evaluations=own_evaluations(reading(), cooperative, today=today()),
        name=cooperative.short_name,
    )


@bp.get("/kemitraan")
@access(Role.COOPERATIVE)
def partnerships() -> ResponseReturnValue:
    cooperative = own_cooperative()
    shown = partnerships_page(reading(), cooperative, today=today())
    return render_template("portal/partnerships.html", page=shown, name=cooperative.short_name)
