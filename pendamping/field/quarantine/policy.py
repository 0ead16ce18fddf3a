"""Which held records a person may see and decide about."""

import datetime as dt

from sqlalchemy import Select, false, or_, select

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.field.quarantine.models import HeldRecord
from pendamping.kernel.roles import AGENCY


def visible_held(user: User, *, today: dt.date) -> Select[HeldRecord]:
    """The agency's, of its region; a record that names no cooperative is its author's region's."""
    if user.role not in AGENCY:
        return select(HeldRecord).where(false())
    if not user.scope_prefix:
        return select(HeldRecord)
    seen = visible_cooperative_ids(user, today=today)
    authors = select(Assignment.facilitator_id).where(Assignment.cooperative_id.in_(seen))
    of_nowhere = HeldRecord.cooperative_id.is_(None) & HeldRecord.author_id.in_(authors)
    return select(HeldRecord).where(or_(HeldRecord.cooperative_id.in_(seen), of_nowhere))
