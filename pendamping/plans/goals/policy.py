"""Which goals a person may see; who works on plans sets and closes them (`plans.policy.can_work_on_plans`)."""

import datetime as dt

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.plans.goals.models import PlanGoal


def visible_goals(user: User, *, today: dt.date) -> Select[PlanGoal]:
    """Those of the cooperatives that a person sees today."""
    return select(PlanGoal).where(PlanGoal.cooperative_id.in_(visible_cooperative_ids(user, today=today)))
