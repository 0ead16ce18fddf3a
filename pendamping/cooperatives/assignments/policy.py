"""Which assignments a person may see."""

import datetime as dt
import uuid

from sqlalchemy import CompoundSelect, Select, exists, or_, select, union_all

from pendamping.accounts.models import User
from pendamping.accounts.policy import visible_people
from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState, LeaveCover
from pendamping.cooperatives.assignments.queries import still_open
from pendamping.cooperatives.policy import is_of_visible, visible_cooperative_ids
from pendamping.kernel.roles import Role


def visible_assignments(user: User, *, today: dt.date) -> Select[Assignment]:
    """The assignments, whenever they run, of the cooperatives that a person sees today."""
    return select(Assignment).where(Assignment.cooperative_id.in_(visible_cooperative_ids(user, today=today)))


def manageable_people(admin: User, *, today: dt.date) -> Select[User]:
    """The accounts that reach no further than an admin's region: its agency, its cooperatives, its facilitators and
    those who have no cooperative yet. Whoever resets a password can act as its owner, so one cooperative of another
    region is enough, of whatever year: accompanied, covered or offered by a hand-over.
    """
    return visible_people(
        admin, cooperative_ids=visible_cooperative_ids(admin, today=today), beyond=_ties(admin, today)
    )


def choosable_facilitators(admin: User, *, today: dt.date) -> Select[User]:
    """Who may be named for the cooperatives of an admin's region: also those who accompany others besides them."""
    seen = visible_cooperative_ids(admin, today=today)
    here = select(Assignment.facilitator_id).where(Assignment.cooperative_id.in_(seen))
    elsewhere = select(Assignment.facilitator_id).where(Assignment.facilitator_id.not_in(here))
    facilitators = select(User).where(User.role == Role.FACILITATOR)
    return facilitators.where(User.id.not_in(elsewhere)) if admin.scope_prefix else facilitators


def _ties(admin: User, today: dt.date) -> CompoundSelect[uuid.UUID]:
    """The facilitators whom anything ties to a cooperative that the admin does not see."""
    seen = visible_cooperative_ids(admin, today=today)
    return union_all(
        select(Assignment.facilitator_id).where(Assignment.cooperative_id.not_in(seen)),
        select(LeaveCover.facilitator_id).where(LeaveCover.cooperative_id.not_in(seen)),
        select(Handover.successor_id).where(Handover.cooperative_id.not_in(seen)),
    )


def visible_handovers(user: User, *, today: dt.date) -> Select[Handover]:
    """A facilitator's: those from and to this person; the agency's: those of its region."""
    if user.role is Role.FACILITATOR:
        return select(Handover).where(or_(Handover.former_id == user.id, Handover.successor_id == user.id))
    return select(Handover).where(is_of_visible(user, Handover.cooperative_id, today=today))


def summarised_handovers(user: User, *, today: dt.date) -> Select[Handover]:
    """Those with which a person reads how the cooperative stands now: whoever sees it today, and the successor while it
    can still take effect and until the new assignment begins. Everybody else reads only what was agreed.
    """
    still_runs = exists().where(Assignment.id == Handover.assignment_id, Assignment.ends_on >= today)
    begins_later = exists().where(
        Assignment.cooperative_id == Handover.cooperative_id,
        Assignment.facilitator_id == user.id,
        Assignment.starts_on > today,
    )
    is_to_come = (Handover.successor_id == user.id) & or_(still_open() & still_runs, begins_later)
    return select(Handover).where(or_(is_of_visible(user, Handover.cooperative_id, today=today), is_to_come))


def proposed_to(user: User) -> Select[Handover]:
    """Those that wait for this person's answer."""
    return select(Handover).where(Handover.successor_id == user.id, Handover.state == HandoverState.PROPOSED)


def visible_covers(user: User, *, today: dt.date) -> Select[LeaveCover]:
    """Cover at the cooperatives that a person sees today."""
    return select(LeaveCover).where(LeaveCover.cooperative_id.in_(visible_cooperative_ids(user, today=today)))
