"""Which activities a person may see, and who may write them down and put them right."""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pendamping.accounts.models import User
from pendamping.activities.models import Activity, ActivityAction, ActivityPresence, ActivityStep
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.kernel.roles import STAFF, Role
from pendamping.plans.models import Action


def visible_activities(user: User, *, today: dt.date) -> Select[Activity]:
    """Those in which a cooperative took part that a person sees today, or from which an action in its plan comes; and,
    for the staff, those they wrote down. A cooperative sees its own.
    """
    ids = visible_cooperative_ids(user, today=today)
    seen = or_(took_part(Activity.id, ActivityPresence.cooperative_id.in_(ids)), _left_an_action_with(ids))
    if user.role in STAFF:
        return select(Activity).where(or_(seen, Activity.author_id == user.id))
    return select(Activity).where(seen)


def _left_an_action_with(ids: Select[uuid.UUID]) -> ColumnElement[bool]:
    """Also where a correction has taken the cooperative out: its plan still leads here."""
    return exists().where(
        ActivityAction.activity_id == Activity.id,
        Action.id == ActivityAction.action_id,
        Action.cooperative_id.in_(ids),
    )


def took_part(activity_id: InstrumentedAttribute[uuid.UUID], *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """That the record as it holds now names a cooperative of which `which` is true."""
    return exists().where(
        ActivityStep.activity_id == activity_id,
        is_latest(),
        ActivityPresence.step_id == ActivityStep.id,
        *which,
    )


def is_latest() -> ColumnElement[bool]:
    """That a step of a record is the one that holds now."""
    later = aliased(ActivityStep)
    return ~exists().where(later.activity_id == ActivityStep.activity_id, later.number > ActivityStep.number)


def can_correct(user: User, activity: Activity, *, sees_all: bool) -> bool:
    """Who wrote it down, and admins who see every cooperative that it names."""
    return (user.role is Role.ADMIN and sees_all) or (user.role in STAFF and activity.author_id == user.id)


def sees_names(user: User, activity: Activity) -> bool:
    """Whether a person reads who came from every cooperative, and not only from those that they see."""
    return activity.author_id == user.id
