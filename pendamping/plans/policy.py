"""Which actions a person may see."""

import datetime as dt

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.plans.models import Action


def visible_actions(user: User, *, today: dt.date) -> Select[Action]:
    """The actions of the cooperatives that a person sees today; a cooperative sees its own and only those."""
    return select(Action).where(Action.cooperative_id.in_(visible_cooperative_ids(user, today=today)))
