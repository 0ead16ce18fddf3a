"""A cooperative's plan as the agency's people see it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.roles import STAFF
from pendamping.plans.forms import ProgressForm
from pendamping.plans.life import STILL_GOING
from pendamping.plans.models import ActionStatus
from pendamping.plans.page import plan_page
from pendamping.plans.policy import can_work_on_plans
from pendamping.plans.queries import ActionView

bp = Blueprint("plans", __name__)


@bp.get("/koperasi/<code>/rencana")
@access(STAFF)
def plan(code: str) -> ResponseReturnValue:
    user = signed_in_user()
    shown = plan_page(reading(), cooperative_or_404(user, code), today=today())
    can_add = can_work_on_plans(user)
    notes = {each.id: _note_form(each) for each in shown.open if can_add and each.status in STILL_GOING}
    return render_template("plans/plan.html", plan=shown, can_add=can_add, notes=notes)


def _note_form(action: ActionView) -> ProgressForm:
    """One of several on the page; it works on a tablet's copy as well."""
    form = ProgressForm(action=str(action.id), revision=str(action.revision), status=str(ActionStatus.RUNNING))
    form.note.id = f"kabar-{action.id}"
    return form
