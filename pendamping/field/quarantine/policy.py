"""Which held records a person may see and decide about."""

import datetime as dt

from sqlalchemy import Select, false, or_, select

from pendamping.accounts.models import User
from pendamping.cooperatives.policy import belongs_to_region, visible_cooperative_ids
from pendamping.field.quarantine.models import HeldRecord
from pendamping.kernel.roles import AGENCY


def visible_held(user: User, *, today: dt.date) -> Select[HeldRecord]:
    """The agency's, of its region; a record that names no cooperative is its author's region's, which somebody who has
    left still has.
    """
    if user.role not in AGENCY:
        return select(HeldRecord).where(false())
    if not user.scope_prefix:
        return select(HeldRecord)
    seen = visible_cooperative_ids(user, today=today)
    its_authors = belongs_to_region(user, HeldRecord.author_id, on=today, today=today)
    of_nowhere = HeldRecord.cooperative_id.is_(None) & its_authors
    return select(HeldRecord).where(or_(HeldRecord.cooperative_id.in_(seen), of_nowhere))
