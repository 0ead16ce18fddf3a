"""Which assignments a person may see."""

import datetime as dt
import uuid

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.accounts.policy import visible_people
from pendamping.cooperatives.models import Assignment
from pendamping.cooperatives.policy import visible_cooperative_ids


def visible_assignments(user: User, *, today: dt.date) -> Select[Assignment]:
    """The assignments, whenever they run, of the cooperatives that a person sees today."""
    return select(Assignment).where(Assignment.cooperative_id.in_(visible_cooperative_ids(user, today=today)))


def facilitators_elsewhere(user: User, *, today: dt.date) -> Select[uuid.UUID]:
    """Who accompanies, or has accompanied, cooperatives, but none that this person sees."""
    seen = visible_cooperative_ids(user, today=today)
    here = select(Assignment.facilitator_id).where(Assignment.cooperative_id.in_(seen))
    return select(Assignment.facilitator_id).where(Assignment.facilitator_id.not_in(here))


def manageable_people(admin: User, *, today: dt.date) -> Select[User]:
    """The accounts of an admin's region: its agency, its cooperatives, its facilitators and those who have no
    cooperative yet.
    """
    return visible_people(
        admin,
        cooperative_ids=visible_cooperative_ids(admin, today=today),
        elsewhere=facilitators_elsewhere(admin, today=today),
    )
