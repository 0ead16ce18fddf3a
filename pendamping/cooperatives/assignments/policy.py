"""Which assignments a person may see."""

import datetime as dt
import uuid

from sqlalchemy import Select, or_, select

from pendamping.accounts.models import User
from pendamping.accounts.policy import visible_people
from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState, LeaveCover
from pendamping.cooperatives.policy import is_of_visible, visible_cooperative_ids
from pendamping.kernel.roles import Role


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


def visible_handovers(user: User, *, today: dt.date) -> Select[Handover]:
    """A facilitator's: those from and to this person; the agency's: those of its region."""
    if user.role is Role.FACILITATOR:
        return select(Handover).where(or_(Handover.former_id == user.id, Handover.successor_id == user.id))
    return select(Handover).where(is_of_visible(user, Handover.cooperative_id, today=today))


def proposed_to(user: User) -> Select[Handover]:
    """Those that wait for this person's answer."""
    return select(Handover).where(Handover.successor_id == user.id, Handover.state == HandoverState.PROPOSED)


def visible_covers(user: User, *, today: dt.date) -> Select[LeaveCover]:
    """Cover at the cooperatives that a person sees today."""
    return select(LeaveCover).where(LeaveCover.cooperative_id.in_(visible_cooperative_ids(user, today=today)))
