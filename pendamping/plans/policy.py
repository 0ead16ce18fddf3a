"""Which actions and questions a person may see, and who may do something about them."""

import datetime as dt

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import is_of_visible
from pendamping.kernel.roles import Role
from pendamping.plans.models import Action, PlanQuestion


def visible_actions(user: User, *, today: dt.date) -> Select[Action]:
    """The actions of the cooperatives that a person sees today; a cooperative sees its own and only those."""
    return select(Action).where(is_of_visible(user, Action.cooperative_id, today=today))


def visible_questions(user: User, *, today: dt.date) -> Select[PlanQuestion]:
    """What the cooperatives that a person sees today have asked."""
    return select(PlanQuestion).where(is_of_visible(user, PlanQuestion.cooperative_id, today=today))


def can_work_on_plans(user: User) -> bool:
    """Add actions, look at proofs, move due dates, answer: who accompanies the cooperative, and nobody else."""
    return user.role is Role.FACILITATOR
