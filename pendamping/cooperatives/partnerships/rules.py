"""Rules of partnerships, without a database."""

import datetime as dt
from dataclasses import dataclass

from pendamping.cooperatives.partnerships.models import PartnershipStatus


@dataclass(frozen=True, slots=True)
class Terms:
    """A partnership as somebody describes it.

    Args:
        monthly_value_idr: whole rupiah traded in a month; None where it is not known.
    """

    partner: str
    is_bumn: bool
    goods: str
    status: PartnershipStatus
    since_on: dt.date | None
    ends_on: dt.date | None
    monthly_value_idr: int | None
    note: str


def runs_backward(before: Terms, after: Terms, *, was_verified: bool) -> bool:
    """Whether a new status would have begun before the one it follows; our proposal.

    What keeps its status puts a date right, and what nobody had verified may have been wrong altogether: both may
    name any day.
    """
    if not was_verified or before.status is after.status or before.since_on is None or after.since_on is None:
        return False
    return after.since_on < before.since_on


def is_running(terms: Terms, *, today: dt.date) -> bool:
    """Whether there is trade on a day: the status says so, it has begun, and the agreement has not run out."""
    has_begun = terms.since_on is None or terms.since_on <= today
    has_ended = terms.ends_on is not None and terms.ends_on < today
    return terms.status is PartnershipStatus.RUNNING and has_begun and not has_ended
