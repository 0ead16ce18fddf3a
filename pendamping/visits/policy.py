"""Which visits a person may see."""

import datetime as dt

from sqlalchemy import Select, or_, select

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import is_of_visible
from pendamping.kernel.roles import Role
from pendamping.visits.models import Visit


def visible_visits(user: User, *, today: dt.date) -> Select[Visit]:
    """Visits to the cooperatives a person sees today, the earlier facilitators' among them; and one's own, for ever."""
    seen = is_of_visible(user, Visit.cooperative_id, today=today)
    if user.role is Role.FACILITATOR:
        return select(Visit).where(or_(seen, Visit.facilitator_id == user.id))
    return select(Visit).where(seen)
