"""What a cooperative owes by the calendar, and that it is met."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.policy import can_edit
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.clock import date_in
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import NotThere
from pendamping.kernel.roles import EVERYONE, Role
from pendamping.reminders.owed import page, service
from pendamping.reminders.owed.forms import MeetingForm

bp = Blueprint("duties", __name__, url_prefix="/koperasi/<code>/kewajiban")


@bp.get("")
@access(EVERYONE)
def index(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    shown = page.duties_page(reading(), cooperative.id, today=today())
    form = MeetingForm(planned_on=shown.meeting_on) if can_edit(signed_in_user()) else None
    return render_template("duties/index.html", cooperative=cooperative, page=shown, form=form)


@bp.post("/rat")
@access(Role.FACILITATOR, Role.ADMIN, keeps_typed=True)
def plan_meeting(code: str) -> ResponseReturnValue:
    """The day of the general meeting; what is no day is given back on the list."""
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    form = MeetingForm()
    if form.is_submitted_and_valid():
        day, actor, instant = form.planned_on.data, request_actor(), now()
        assert day is not None
        retry_on_conflict(
            lambda session: service.plan_meeting(session, cooperative, day, author_id=user.id, actor=actor, now=instant)
        )
        flash(_("Tanggal RAT disimpan."), "success")
        return redirect(url_for(".index", code=code))
    shown = page.duties_page(reading(), cooperative.id, today=today())
    return render_template("duties/index.html", cooperative=cooperative, page=shown, form=form), 400


@bp.post("/<obligation>/<due_on>")
@access(Role.FACILITATOR, Role.ADMIN)
def meet(code: str, obligation: str, due_on: str) -> ResponseReturnValue:
    """Say that something on the list is met, or that it is not after all."""
    user = signed_in_user()
    cooperative = cooperative_or_404(user, code)
    day, is_met, actor, instant = date_in(due_on), "batal" not in request.form, request_actor(), now()
    listed = page.duties_page(reading(), cooperative.id, today=today()).duties
    duty = next((each for each in listed if each.code == obligation and each.due_on == day), None)
    if duty is None:
        raise NotThere
    retry_on_conflict(
        lambda session: service.say_met(
            session,
            cooperative,
            obligation,
            duty.due_on,
            is_met=is_met,
            author_id=user.id,
            actor=actor,
            now=instant,
        )
    )
    return redirect(url_for(".index", code=code, _anchor=f"kewajiban-{obligation}-{duty.due_on.isoformat()}"))
