"""Goals of a quarter: the facilitator sets one with the cooperative and closes it with its result."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import access, now, request_actor, today
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.roles import Role
from pendamping.plans.goals import service
from pendamping.plans.goals.forms import GoalForm, ResultForm
from pendamping.plans.goals.models import Outcome, PlanGoal
from pendamping.plans.goals.page import measured
from pendamping.plans.goals.policy import visible_goals
from pendamping.plans.goals.queries import GoalView, goals_of
from pendamping.plans.goals.rules import FIGURE, FIGURES, SCORE, Quarter, value_of
from pendamping.plans.goals.words import measure_word, quarter_words
from pendamping.progress.queries import standing_cells

bp = Blueprint("goals", __name__)


@bp.route("/koperasi/<code>/sasaran/baru", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def add(code: str) -> ResponseReturnValue:
    cooperative, this_quarter = cooperative_or_404(signed_in_user(), code), Quarter.of(today())
    form = GoalForm(quarter=str(this_quarter))
    form.quarter.choices = [(str(each), quarter_words(each)) for each in (this_quarter, this_quarter.next)]
    form.measure.choices = [("", _("Tanpa ukuran")), *((each, measure_word(each)) for each in _measures())]
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        terms, goal_id, who = form.terms(), form.id.as_uuid, _who()
        try:
            retry_on_conflict(lambda session: service.set_goal(session, cooperative, goal_id, terms, **who).id)
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Sasaran disimpan."), "success")
            return redirect(url_for("plans.plan", code=code))
    return render_template("goals/add.html", form=form, cooperative=cooperative), status


@bp.route("/sasaran/<uuid:goal_id>/hasil", methods=["GET", "POST"])
@access(Role.FACILITATOR, keeps_typed=True)
def close(goal_id: uuid.UUID) -> ResponseReturnValue:
    goal, view = _goal_or_404(goal_id)
    cooperative = reading().get_one(Cooperative, goal.cooperative_id)
    form, value = ResultForm(), _value(cooperative, view)
    status = 400 if form.is_submitted() else 200
    if form.is_submitted_and_valid():
        said = {"outcome": Outcome(form.outcome.data), "value": value, "note": form.note.data or "", **_who()}
        try:
            retry_on_conflict(lambda session: service.close_goal(session, goal, **said).goal_id)
        except DomainError as error:
            status = form.refuse(error)
        else:
            flash(_("Hasil disimpan."), "success")
            return redirect(url_for("plans.plan", code=cooperative.code))
    return render_template("goals/close.html", form=form, cooperative=cooperative, goal=view, value=value), status


def _measures() -> list[str]:
    scores = [SCORE + each.instrument.code for each in instruments_on(reading(), today())]
    return [*(FIGURE + name for name in FIGURES), *scores]


def _value(cooperative: Cooperative, goal: GoalView) -> int | None:
    cells = standing_cells(reading(), cooperative, instruments_on(reading(), today()))
    return value_of(goal.terms.measure, measured(reading(), cooperative, [goal], cells, today=today()))


def _who() -> dict[str, Any]:
    return {"author_id": signed_in_user().id, "actor": request_actor(), "now": now()}


def _goal_or_404(goal_id: uuid.UUID) -> tuple[PlanGoal, GoalView]:
    visible = visible_goals(signed_in_user(), today=today()).where(PlanGoal.id == goal_id)
    goal = reading().scalar(visible)
    if goal is None:
        raise NotThere
    return goal, goals_of(reading(), visible)[0]
