"""The schedule: month and week, a new plan, its page, its move, its end."""

import datetime as dt
import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from pendamping.accounts.models import User
from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.queries import facilitators
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import date_in
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError, NotAllowed, NotThere
from pendamping.kernel.forms import BaseForm
from pendamping.kernel.i18n import long_date
from pendamping.kernel.roles import AGENCY, STAFF, Role
from pendamping.progress.filters import CHOICES_OFFERED, offered
from pendamping.visits.schedule import page, policy, service
from pendamping.visits.schedule.forms import AgendaForm, CancelForm, MoveForm, PlanForm, ScheduleFilterForm
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.schedule.queries import PlanState, plan_view
from pendamping.visits.schedule.words import entry_words, state_look, weekday_word, when
from pendamping.visits.service import MonthIsLocked, OutsideAssignment

bp = Blueprint("schedule", __name__, url_prefix="/jadwal")
for word in (entry_words, state_look, weekday_word, when):
    bp.add_app_template_global(word)


@bp.get("")
@access(STAFF)
def index() -> ResponseReturnValue:
    user = signed_in_user()
    form = _filter(user) if user.role in AGENCY else None
    chosen = form.facilitator_id if form and form.validate() else None
    period = page.period_of(request.args.get("bulan", ""), request.args.get("pekan", ""), today=today())
    shown = page.schedule_page(reading(), user, period, facilitator_id=chosen, today=today())
    return render_template("schedule/index.html", page=shown, form=form, address=page.address_of(period))


def _filter(user: User) -> ScheduleFilterForm:
    form = ScheduleFilterForm.from_address()
    people = facilitators(reading(), user, today=today(), limit=CHOICES_OFFERED + 1)
    named = [(str(id_), name) for id_, name in people]
    form.pendamping.choices = offered(_("Semua pendamping"), _uuid_or_empty(form.pendamping.data), named)
    return form


def _uuid_or_empty(text: str | None) -> str:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return ""


@bp.route("/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def new() -> ResponseReturnValue:
    user = signed_in_user()
    choices = page.cooperative_choices(reading(), user, today=today())
    wanted = {"cooperative": request.args.get("koperasi"), "planned_on": date_in(request.args.get("tanggal", ""))}
    form = PlanForm(**{name: value for name, value in wanted.items() if value})
    form.cooperative.choices = [("", _("Pilih koperasi")), *choices]
    status = 200
    if form.is_submitted():
        status = _plan(form) if form.is_submitted_and_valid() else 400
        if status == 201:
            assert form.planned_on.data is not None
            flash(_("Kunjungan ke %(name)s direncanakan.", name=dict(choices)[form.cooperative.data]), "success")
            _warn_of_day_off(form.planned_on.data)
            return redirect(url_for(".index", **page.address_of(page.month_of(form.planned_on.data))))
    return render_template("schedule/new.html", form=form, has_caseload=bool(choices)), status


def _plan(form: PlanForm) -> int:
    """Store the plan if nothing speaks against it; the status says how it went, the form where it did not."""
    user, actor, day, instant, wanted = signed_in_user(), request_actor(), today(), now(), form.plan()
    cooperative = cooperative_or_404(user, form.cooperative.data)
    try:
        retry_on_conflict(
            lambda session: service.plan_visit(
                session, cooperative, wanted, facilitator_id=user.id, actor=actor, today=day, now=instant
            )
        )
    except DomainError as error:
        return _say_at(form, error, form.planned_on, form.starts)
    return 201


def _say_at(form: BaseForm, error: DomainError, day: Field, hour: Field) -> int:
    """Put what the service refuses at the field it is about, or on top where it is about none."""
    match error:
        case service.PlanInPast() | OutsideAssignment() | MonthIsLocked():
            return form.refuse(error, day)
        case service.PlansOverlap():
            return form.refuse(error, hour)
        case _:
            return form.refuse(error)


def _warn_of_day_off(on: dt.date) -> None:
    """No refusal: some cooperatives meet just then."""
    if name := page.free_words(reading(), on):
        flash(_("%(date)s: %(name)s. Pastikan pengurus bersedia.", date=long_date(on), name=name), "info")


@bp.get("/<uuid:plan_id>")
@access(STAFF)
def detail(plan_id: uuid.UUID) -> ResponseReturnValue:
    plan = _plan_or_404(plan_id)
    shown = page.plan_page(reading(), plan, signed_in_user(), today=today())
    forms = {
        "move_form": MoveForm(to_on=max(plan.planned_on, today()), to_starts=plan.starts),
        "agenda_form": AgendaForm(obj=plan),
        "cancel_form": CancelForm(),
    }
    return render_template("schedule/detail.html", page=shown, **forms)


@bp.route("/<uuid:plan_id>/pindah", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def move(plan_id: uuid.UUID) -> ResponseReturnValue:
    plan = _own_plan_or_404(plan_id)
    form = MoveForm(to_on=max(plan.planned_on, today()), to_starts=plan.starts)
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        assert form.to_on.data is not None
        try:
            with transaction() as session:
                service.move_visit(
                    session,
                    plan,
                    to_on=form.to_on.data,
                    to_starts=form.to_starts.data,
                    reason=form.reason.data or "",
                    author_id=signed_in_user().id,
                    actor=request_actor(),
                    today=today(),
                    now=now(),
                )
        except DomainError as error:
            status = _say_at(form, error, form.to_on, form.to_starts)
        else:
            flash(_("Dipindahkan ke %(when)s.", when=when(plan.planned_on, plan.starts)), "success")
            _warn_of_day_off(plan.planned_on)
            return redirect(url_for(".detail", plan_id=plan_id))
    return _answer("schedule/move.html", form, plan, status)


@bp.route("/<uuid:plan_id>/batal", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def cancel(plan_id: uuid.UUID) -> ResponseReturnValue:
    plan = _plan_or_404(plan_id)
    form = CancelForm()
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                service.cancel_visit(session, plan, because=form.because.data or "", actor=request_actor(), now=now())
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Rencana kunjungan dibatalkan."), "success")
            return redirect(url_for(".detail", plan_id=plan_id))
    return _answer("schedule/cancel.html", form, plan, status)


@bp.route("/<uuid:plan_id>/agenda", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def change_agenda(plan_id: uuid.UUID) -> ResponseReturnValue:
    plan = _own_plan_or_404(plan_id)
    form = AgendaForm(obj=plan)
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        try:
            with transaction() as session:
                service.change_agenda(session, plan, agenda=form.agenda.data or "", actor=request_actor(), now=now())
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Agenda disimpan."), "success")
            return redirect(url_for(".detail", plan_id=plan_id))
    return _answer("schedule/agenda.html", form, plan, status)


def _plan_or_404(plan_id: uuid.UUID) -> PlannedVisit:
    visible = policy.visible_plans(signed_in_user(), today=today())
    plan = reading().scalar(visible.where(PlannedVisit.id == plan_id))
    if plan is None:
        raise NotThere
    return plan


def _own_plan_or_404(plan_id: uuid.UUID) -> PlannedVisit:
    plan = _plan_or_404(plan_id)
    if not policy.can_change(signed_in_user(), plan):
        raise NotAllowed
    return plan


def _answer(template: str, form: BaseForm, plan: PlannedVisit, status: int) -> ResponseReturnValue:
    """The form with the plan that it is about; what is done or cancelled has no such form any more."""
    view = plan_view(reading(), plan, today=today())
    if not form.is_submitted() and view.state is PlanState.DONE:
        raise service.PlanIsDone
    if not form.is_submitted() and view.state is PlanState.CANCELLED:
        raise service.PlanIsCancelled
    return render_template(template, form=form, view=view), status
