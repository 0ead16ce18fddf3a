"""Who has left and may still do one thing: hand in what waits on the tablet. Pure."""

import datetime as dt
import enum
from dataclasses import dataclass

HAND_IN_DAYS = 60
"""So long after an account was closed or a tablet revoked its queue is still taken in, into the quarantine. Our
proposal, to be confirmed by the agency."""


class Why(enum.StrEnum):
    ACCOUNT_CLOSED = "account_closed"
    DEVICE_REVOKED = "device_revoked"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Until when a queue may still be handed in, and why nothing else may be done."""

    why: Why
    until: dt.datetime


def leaving(*, deactivated_at: dt.datetime | None, revoked_at: dt.datetime | None, now: dt.datetime) -> Leaving | None:
    """What is left to somebody whose account or tablet is no longer in use; None once that is over, too."""
    left = [
        Leaving(why, at + dt.timedelta(days=HAND_IN_DAYS))
        for why, at in ((Why.ACCOUNT_CLOSED, deactivated_at), (Why.DEVICE_REVOKED, revoked_at))
        if at is not None
    ]
    first = min(left, key=lambda each: each.until, default=None)
    return first if first and now < first.until else None
