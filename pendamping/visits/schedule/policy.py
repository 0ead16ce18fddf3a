"""Which planned visits a person may see and change."""

import datetime as dt

from sqlalchemy import Select, or_, select

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.kernel.roles import Role
from pendamping.visits.schedule.models import PlannedVisit


def visible_plans(user: User, *, today: dt.date) -> Select[PlannedVisit]:
    """Plans for the cooperatives a person sees today, the earlier facilitators' among them; and one's own, for ever."""
    seen = PlannedVisit.cooperative_id.in_(visible_cooperative_ids(user, today=today))
    if user.role is Role.FACILITATOR:
        return select(PlannedVisit).where(or_(seen, PlannedVisit.facilitator_id == user.id))
    return select(PlannedVisit).where(seen)


def can_plan(user: User) -> bool:
    return user.role is Role.FACILITATOR


def can_change(user: User, plan: PlannedVisit) -> bool:
    """Whoever means to make the visit moves it and says what it is about."""
    return can_plan(user) and plan.facilitator_id == user.id


def can_cancel(user: User) -> bool:
    """Any facilitator who sees the plan: after a hand-over the next one clears away what the one before has left."""
    return can_plan(user)
