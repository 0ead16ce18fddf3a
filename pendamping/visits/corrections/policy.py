"""Until when a visit may be put right, and by whom."""

import datetime as dt
import enum

from pendamping.accounts.models import User
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.roles import Role
from pendamping.visits.models import Visit

LAST_DAY_OF_WINDOW = 3
"""A visit may be corrected until the 3rd of the next month or until its month is approved, whichever comes first.
Our proposal, to be confirmed by the agency."""


class Remedy(enum.StrEnum):
    """What may be done about a visit that holds a mistake."""

    CORRECTION = "perbaikan"
    ADDENDUM = "tambahan"


def window_ends_on(visited_on: dt.date) -> dt.date:
    return Month.of(visited_on).minus(-1).first_day.replace(day=LAST_DAY_OF_WINDOW)


def remedy_for(visit: Visit, user: User, *, today: dt.date, is_locked: bool) -> Remedy | None:
    """Whoever wrote a visit corrects it while its window is open, and adds to it afterwards; nobody else does."""
    if user.role is not Role.FACILITATOR or visit.facilitator_id != user.id:
        return None
    is_open = today <= window_ends_on(visit.visited_on) and not is_locked
    return Remedy.CORRECTION if is_open else Remedy.ADDENDUM
