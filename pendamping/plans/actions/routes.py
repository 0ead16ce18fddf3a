"""One action: its page, each step that a facilitator takes, and a new one between two visits."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import Field

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import STAFF, Role
from pendamping.plans import dialogue, moves, service
from pendamping.plans.actions.forms import AnswerForm, CheckForm, JoinForm, LinkForm, NewActionForm, ReasonForm
from pendamping.plans.actions.page import (
    action_page,
    actions_to_join,
    items_in_force,
    items_to_link,
    poor_items,
    question_page,
)
from pendamping.plans.forms import DueForm, ProgressForm, StepForm
from pendamping.plans.linking import link_items
from pendamping.plans.models import Action, ActionStatus, PlanQuestion
from pendamping.plans.policy import visible_actions, visible_questions
from pendamping.progress.service import refresh_standing

bp = Blueprint("actions", __name__)

FREE_ACTION_DAYS = 30


@bp.get("/tindakan/<uuid:action_id>")
@access(STAFF)
def detail(action_id: uuid.UUID) -> ResponseReturnValue:
    shown = action_page(reading(), _action_or_404(action_id), signed_in_user(), today=today())
    return render_template("actions/detail.html", page=shown)


@bp.route("/tindakan/<uuid:action_id>/kabar", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def note(action_id: uuid.UUID) -> ResponseReturnValue:
    """How it goes."""
    form = ProgressForm(status=str(ActionStatus.RUNNING))
    return _step(
        action_id,
        form,
        "actions/note.html",
        lambda session, action, step: moves.note_progress(
            session, action, status=ActionStatus.RUNNING, note=form.note.data or "", **step
        ),
        said=_("Kabar disimpan."),
    )


@bp.route("/tindakan/<uuid:action_id>/batal", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def cancel(action_id: uuid.UUID) -> ResponseReturnValue:
    form = ProgressForm(status=str(ActionStatus.CANCELLED))
    return _step(
        action_id,
        form,
        "actions/cancel.html",
        lambda session, action, step: moves.cancel(session, action, reason=form.note.data or "", **step),
        said=_("Tindakan dibatalkan."),
    )


@bp.route("/tindakan/<uuid:action_id>/tenggat", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def change_due(action_id: uuid.UUID) -> ResponseReturnValue:
    form = DueForm()

    def change(session: Session, action: Action, step: dict[str, Any]) -> object:
        assert form.due_on.data is not None
        return moves.change_due(session, action, due_on=form.due_on.data, reason=form.reason.data or "", **step)

    return _step(action_id, form, "actions/due.html", change, said=_("Tenggat dipindah."), field=form.due_on)


@bp.route("/tindakan/<uuid:action_id>/pemeriksaan", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def check(action_id: uuid.UUID) -> ResponseReturnValue:
    """Proofs beside what the item asks for, and what the facilitator makes of them."""
    form = CheckForm()

    def look(session: Session, action: Action, step: dict[str, Any]) -> object:
        if form.verdict.data == ActionStatus.RETURNED:
            return moves.send_back(session, action, reason=form.note.data or "", **step)
        items = items_in_force(session, today())
        return moves.verify(session, action, note=form.note.data or "", items=items, **step)

    return _step(action_id, form, "actions/check.html", look, said=_("Hasil pemeriksaan disimpan."), field=form.verdict)


@bp.route("/tindakan/<uuid:action_id>/keberatan", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def settle(action_id: uuid.UUID) -> ResponseReturnValue:
    form = ReasonForm()
    return _step(
        action_id,
        form,
        "actions/settle.html",
        lambda session, action, step: dialogue.settle_dispute(session, action, text=form.text.data or "", **step),
        said=_("Jawaban disimpan."),
    )


@bp.route("/tindakan/<uuid:action_id>/buka", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def reopen(action_id: uuid.UUID) -> ResponseReturnValue:
    """Take up what was cancelled, send back what was verified."""
    form = ReasonForm()

    def take_up(session: Session, action: Action, step: dict[str, Any]) -> object:
        verb = {ActionStatus.CANCELLED: moves.reopen, ActionStatus.VERIFIED: moves.send_back}.get(action.status)
        if verb is None:
            raise moves.StepNotAllowed
        return verb(session, action, reason=form.text.data or "", **step)

    return _step(action_id, form, "actions/reopen.html", take_up, said=_("Tindakan dibuka lagi."))


@bp.route("/tindakan/<uuid:action_id>/butir", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def link(action_id: uuid.UUID) -> ResponseReturnValue:
    """Further findings that this action is to put right too."""
    form = LinkForm()
    choices = items_to_link(reading(), _action_or_404(action_id), today=today())
    form.items.choices = [(each.id, each.words) for each in choices]

    def add_items(session: Session, action: Action, step: dict[str, Any]) -> object:
        items = items_in_force(session, today())
        return link_items(session, action, [items[each] for each in form.items.data or []], **step)

    return _step(action_id, form, "actions/link.html", add_items, said=_("Butirnya ikut dibenahi tindakan ini."))


Verb = Callable[[Session, Action, dict[str, Any]], object]


def _step(
    action_id: uuid.UUID, form: StepForm, template: str, verb: Verb, *, said: str, field: Field | None = None
) -> ResponseReturnValue:
    """One page for one step: the form with what it is about, and the verb in a transaction of its own."""
    action = _action_or_404(action_id)
    if not form.is_submitted():
        form.is_about(action)
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                verb(session, action, {**_author(), **form.terms})
                _refresh(session, action.cooperative_id)
        except DomainError as error:
            action = _action_or_404(action_id)
            form.is_about(action)
            status = form.refuse(error, None if isinstance(error, moves.ActionChanged) else field)
        else:
            flash(said, "success")
            return redirect(url_for(".detail", action_id=action_id))
    shown = action_page(reading(), action, signed_in_user(), today=today())
    return render_template(template, form=form, page=shown), status


def _author() -> dict[str, Any]:
    return {"author_id": signed_in_user().id, "actor": request_actor(), "now": now()}


def _refresh(session: Session, cooperative_id: uuid.UUID) -> None:
    cooperative = session.get_one(Cooperative, cooperative_id)
    refresh_standing(session, cooperative, instruments_on(session, today()), today=today(), now=now())


def _action_or_404(action_id: uuid.UUID) -> Action:
    visible = visible_actions(signed_in_user(), today=today())
    action = reading().scalar(visible.where(Action.id == action_id).execution_options(populate_existing=True))
    if action is None:
        raise NotThere
    return action


# A new one, and questions ---------------------------------------------------------------------------------------------


@bp.route("/koperasi/<code>/tindakan/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def add(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    due_on = today() + dt.timedelta(days=FREE_ACTION_DAYS)
    form = NewActionForm(cooperative=code, due_on=due_on, items=request.args.getlist("butir"))
    form.items.choices = [(each.id, each.words) for each in poor_items(reading(), cooperative, today=today())]
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        try:
            action_id = retry_on_conflict(lambda session: _put_into_plan(session, cooperative, form))
        except DomainError as error:
            status = form.refuse(error, form.due_on if isinstance(error, service.DueBeforeAgreed) else None)
        else:
            flash(_("Tindakan masuk rencana."), "success")
            return redirect(url_for(".detail", action_id=action_id))
    return render_template("actions/new.html", form=form, cooperative=cooperative), status


def _put_into_plan(session: Session, cooperative: Cooperative, form: NewActionForm) -> uuid.UUID:
    """Once, however often it is sent."""
    draft = form.draft()
    stored = session.get(Action, draft.id)
    if stored is not None and (stored.cooperative_id, stored.title) == (cooperative.id, draft.title):
        return stored.id
    items, is_agreed = items_in_force(session, today()), bool(form.agreed.data)
    service.add_action(session, cooperative, draft, is_agreed=is_agreed, items=items, **_author())
    _refresh(session, cooperative.id)
    return draft.id


@bp.route("/koperasi/<code>/butir/<item_id>/tindakan", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def join(code: str, item_id: str) -> ResponseReturnValue:
    """What is done about a finding: it comes to an action under way, or a new one is made of it."""
    cooperative, item = cooperative_or_404(signed_in_user(), code), items_in_force(reading(), today()).get(item_id)
    if item is None:
        raise NotThere
    form, status = JoinForm(), 200
    actions = actions_to_join(reading(), cooperative, item_id, today=today())
    sent = request.form.get("action", "")
    choices = {f"{each.id}.{each.revision}": each.title for each in actions}
    form.action.choices = list(choices.items())
    if form.is_submitted():
        status = 400
        if sent and sent not in choices:
            form.refuse(moves.ActionChanged())
        elif form.is_submitted_and_valid():
            action_id, revision = form.chosen
            step = {**_author(), "update_id": form.id.as_uuid, "seen_revision": revision}
            try:
                with transaction() as session:
                    link_items(session, session.get_one(Action, action_id), [item], **step)
                    _refresh(session, cooperative.id)
            except DomainError as error:
                status = form.refuse(error)
            else:
                flash(_("Butirnya ikut dibenahi tindakan ini."), "success")
                return redirect(url_for(".detail", action_id=action_id))
    return render_template("actions/join.html", form=form, cooperative=cooperative, item=item), status


@bp.get("/pertanyaan/<uuid:question_id>")
@access(STAFF)
def question(question_id: uuid.UUID) -> ResponseReturnValue:
    """A question, with its answer or the form for one."""
    shown = question_page(reading(), _question_or_404(question_id), signed_in_user())
    return render_template("actions/question.html", page=shown, form=AnswerForm())


@bp.post("/pertanyaan/<uuid:question_id>/jawaban")
@access(Role.FACILITATOR, keeps_typed=True)
def answer(question_id: uuid.UUID) -> ResponseReturnValue:
    asked, form, status = _question_or_404(question_id), AnswerForm(), 400
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                dialogue.answer_question(session, asked, text=form.text.data or "", **_author())
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Jawaban terkirim."), "success")
            return redirect(url_for("board.waiting"))
    shown = question_page(reading(), _question_or_404(question_id), signed_in_user())
    return render_template("actions/question.html", page=shown, form=form), status


def _question_or_404(question_id: uuid.UUID) -> PlanQuestion:
    visible = visible_questions(signed_in_user(), today=today())
    asked = reading().scalar(visible.where(PlanQuestion.id == question_id).execution_options(populate_existing=True))
    if asked is None:
        raise NotThere
    return asked
