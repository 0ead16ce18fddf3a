"""How long a document still holds. Pure."""

import datetime as dt
import enum
from dataclasses import dataclass

SOON_DAYS = 60
"""So long before its end a document asks to be renewed: the first of the reminders (60, 30 and 7 days)."""


class Validity(enum.StrEnum):
    ENDLESS = "endless"
    VALID = "valid"
    ENDS_SOON = "ends_soon"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Expiry:
    """`days_left` is 0 on the last day and negative after it; None for a document without an end."""

    validity: Validity
    days_left: int | None


def expiry_of(expires_on: dt.date | None, *, today: dt.date) -> Expiry:
    if expires_on is None:
        return Expiry(Validity.ENDLESS, None)
    days_left = (expires_on - today).days
    if days_left < 0:
        return Expiry(Validity.EXPIRED, days_left)
    return Expiry(Validity.ENDS_SOON if days_left <= SOON_DAYS else Validity.VALID, days_left)
