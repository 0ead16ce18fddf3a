"""A cooperative's plan as the agency's people see it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pendamping.accounts.session import signed_in_user
from pendamping.cooperatives.lookup import cooperative_or_404
from pendamping.kernel.access import access, today
from pendamping.kernel.database import reading
from pendamping.kernel.roles import STAFF
from pendamping.plans.page import plan_page

bp = Blueprint("plans", __name__)


@bp.get("/koperasi/<code>/rencana")
@access(STAFF)
def plan(code: str) -> ResponseReturnValue:
    cooperative = cooperative_or_404(signed_in_user(), code)
    return render_template("plans/plan.html", plan=plan_page(reading(), cooperative, today=today()))
