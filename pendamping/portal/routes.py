"""What a cooperative sees of itself: its own plan and stage, and only that."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.plans.page import plan_page
from pendamping.portal.page import own_stage
from pendamping.progress.explained.page import own_advice

bp = Blueprint("portal", __name__)


@bp.get("/rencana")
@access(Role.COOPERATIVE)
def plan() -> ResponseReturnValue:
    user = signed_in_user()
    cooperative = reading().scalars(visible_cooperatives(user, today=today())).one()
    plan = plan_page(reading(), cooperative, today=today())
    return render_template(
        "portal/plan.html",
        plan=plan,
        own=own_stage(reading(), cooperative, plan, user, today=today()),
        advice=own_advice(reading(), cooperative, plan.open, today=today()),
    )
