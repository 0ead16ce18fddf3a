"""Which cooperatives a person may see and change: the only selects from which routes load them."""

import datetime as dt
import uuid

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Select, and_, exists, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment, LeaveCover
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel.roles import AGENCY, Role
from pendamping.kernel.statement_cache import built_once

_WAYS = (aliased(Assignment), aliased(LeaveCover))
"""Under names of their own, because the query around may join assignments for its own ends."""


@built_once
def visible_cooperatives(user: User, *, today: dt.date) -> Select[Cooperative]:
    """The cooperatives a person may see today; one outside it is a 404.

    Facilitators see those assigned to them today, the agency those of its region, a cooperative itself.
    """
    cooperatives = select(Cooperative)
    sees_all = user.role in AGENCY and not user.scope_prefix
    return cooperatives if sees_all else cooperatives.where(_is_visible(user, today))


@built_once
def visible_cooperative_ids(user: User, *, today: dt.date) -> Select[uuid.UUID]:
    """The same as a subquery, for the policies of rows that belong to cooperatives."""
    return visible_cooperatives(user, today=today).with_only_columns(Cooperative.id).correlate(None)


def is_of_visible(
    user: User,
    cooperative_id: InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None],
    *,
    today: dt.date,
) -> ColumnElement[bool]:
    """That a row belongs to a cooperative that a person may see today. Of somebody who sees all of them nothing is
    looked up: not what a country holds, for the few rows of a list.
    """
    if _are_all(visible_cooperatives(user, today=today)):
        return cooperative_id.is_not(None)
    return cooperative_id.in_(visible_cooperative_ids(user, today=today))


def is_among(
    cooperatives: Select[Cooperative],
    cooperative_id: InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None],
) -> ColumnElement[bool]:
    """That a row belongs to one of some cooperatives: asked of each row that is listed or counted; of all of them
    nothing is looked up.
    """
    if _are_all(cooperatives):
        return cooperative_id.is_not(None)
    own = cooperatives.where(Cooperative.id == cooperative_id).with_only_columns(Cooperative.id)
    return own.correlate(cooperative_id.class_).exists()


def _are_all(cooperatives: Select[Cooperative]) -> bool:
    return cooperatives.whereclause is None


def _is_visible(user: User, today: dt.date) -> ColumnElement[bool]:
    match user.role:
        case Role.FACILITATOR:
            return is_assigned_to(user, today=today)
        case Role.AGENCY_HEAD | Role.ADMIN:
            return lies_within(user.scope_prefix)
        case Role.COOPERATIVE:
            return Cooperative.id == user.cooperative_id


def is_assigned_to(user: User, *, today: dt.date) -> ColumnElement[bool]:
    return accompanies(user.id, Cooperative.id, on=today)


def accompanies(
    facilitator_id: uuid.UUID | BindParameter[uuid.UUID],
    cooperative_id: uuid.UUID | BindParameter[uuid.UUID] | InstrumentedAttribute[uuid.UUID],
    *,
    on: dt.date | BindParameter[dt.date],
) -> ColumnElement[bool]:
    """That a cooperative is a facilitator's on a day: by an assignment, or by standing in for somebody on leave."""
    return or_(
        *(
            exists().where(
                each.cooperative_id == cooperative_id,
                each.facilitator_id == facilitator_id,
                runs_on(on, each),
            )
            for each in _WAYS
        )
    )


def runs_on(
    day: dt.date | BindParameter[dt.date], assignment: type[Assignment | LeaveCover] = Assignment
) -> ColumnElement[bool]:
    """That an assignment, or an alias's, covers a day."""
    return runs_between(day, day, assignment)


def runs_between(
    first: dt.date | BindParameter[dt.date],
    last: dt.date | BindParameter[dt.date],
    assignment: type[Assignment | LeaveCover] = Assignment,
) -> ColumnElement[bool]:
    """That an assignment covers at least one day of a time."""
    return and_(assignment.starts_on <= last, assignment.ends_on >= first)


def on_duty(day: dt.date, assignment: type[Assignment] = Assignment) -> ColumnElement[bool]:
    """That an assignment is the one of a `Cooperative` on a day: what to join it by. At most one is."""
    return and_(assignment.cooperative_id == Cooperative.id, runs_on(day, assignment))


@built_once
def visible_facilitators(user: User, *, today: dt.date) -> Select[User]:
    """Whom a person chooses from by name: the facilitators who accompany a cooperative that they see today. Whoever
    sees every cooperative chooses from all.
    """
    seen, facilitators = visible_cooperatives(user, today=today), select(User).where(User.role == Role.FACILITATOR)
    if _are_all(seen):
        return facilitators
    ways = (
        select(each.facilitator_id).where(is_among(seen, each.cooperative_id), runs_on(today, each)) for each in _WAYS
    )
    return facilitators.where(User.id.in_(union_all(*ways)))


def belongs_to_region(
    user: User,
    facilitator_id: InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None],
    *,
    on: dt.date | InstrumentedAttribute[dt.date],
    today: dt.date,
) -> ColumnElement[bool]:
    """That on a day a facilitator accompanied a cooperative that a person sees today, or, with none left on that day,
    accompanied one of those last. What is about somebody and about no cooperative is always seen in one region.
    """
    seen = visible_cooperative_ids(user, today=today)
    here, later = aliased(Assignment), aliased(Assignment)
    is_elsewhere = exists().where(
        later.facilitator_id == here.facilitator_id,
        later.cooperative_id.not_in(seen),
        later.starts_on <= on,
        later.ends_on > here.ends_on,
    )
    came_last = or_(here.ends_on >= on, ~is_elsewhere)
    return exists().where(
        here.facilitator_id == facilitator_id, here.cooperative_id.in_(seen), here.starts_on <= on, came_last
    )


def ways_accompanied(
    facilitator_id: BindParameter[uuid.UUID], cooperative_id: BindParameter[uuid.UUID]
) -> CompoundSelect[dt.date, dt.date]:
    """From which day to which a cooperative is or was a facilitator's, in any of those ways."""
    return union_all(
        *(
            select(each.starts_on, each.ends_on).where(
                each.cooperative_id == cooperative_id, each.facilitator_id == facilitator_id
            )
            for each in _WAYS
        )
    )


def lies_within(scope_prefix: str) -> ColumnElement[bool]:
    if not scope_prefix:
        return true()
    return or_(Cooperative.code == scope_prefix, Cooperative.code.startswith(scope_prefix + ".", autoescape=True))


def can_edit(user: User) -> bool:
    """Whether a person may change the register's facts of the cooperatives visible to them."""
    return user.role in (Role.FACILITATOR, Role.ADMIN)


def can_record_visit(user: User) -> bool:
    return user.role is Role.FACILITATOR
