"""The signed-in person, for routes; and how Flask-Login finds them again."""

import datetime as dt
import uuid
from typing import cast

from flask import g, has_request_context, session
from flask_login import current_user
from sqlalchemy import select

from pendamping.accounts.devices.leaving import Leaving, leaving
from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.kernel.access import is_for_leavers, login_manager, now
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role

DEVICE = "device"
"""Under which name a session knows the tablet that it is on."""


def signed_in_user() -> User:
    """The person behind this request, as the account itself rather than a stand-in for it."""
    return cast("User", current_user._get_current_object())


def session_device() -> uuid.UUID | None:
    """The tablet of this session, if it has said which it is."""
    try:
        return uuid.UUID(str(session.get(DEVICE)))
    except ValueError:
        return None


def is_leaving() -> Leaving | None:
    """Until when this person may hand in a queue and do nothing else; None for everybody who is still here."""
    found: Leaving | None = g.get("leaving") if has_request_context() else None
    return found


@login_manager.user_loader
def _load(session_id: str) -> User | None:
    """The person of a session. Whose account was closed, or whose tablet was revoked, is let in where a queue is handed
    in, and nowhere else.
    """
    user_id, _, version = session_id.partition(":")
    try:
        user, revoked_at = _found(uuid.UUID(user_id))
    except ValueError:
        return None
    if user is None or version not in _versions(user):
        return None
    if user.is_active and revoked_at is None:
        return user
    if user.role is not Role.FACILITATOR:
        return None
    g.leaving = leaving(deactivated_at=user.deactivated_at, revoked_at=revoked_at, now=now())
    return user if g.leaving and is_for_leavers() else None


def _found(user_id: uuid.UUID) -> tuple[User | None, dt.datetime | None]:
    """The account, and when the tablet of this session was revoked; one query."""
    device_id = session_device()
    if device_id is None:
        return reading().get(User, user_id), None
    of_user = (Device.id == device_id) & (Device.user_id == User.id)
    row = (
        reading().execute(select(User, Device.revoked_at).outerjoin(Device, of_user).where(User.id == user_id)).first()
    )
    return (row[0], row[1]) if row else (None, None)


def _versions(user: User) -> set[str]:
    """Closing an account ends its sessions by raising their version: the one before it is known as its owner's."""
    is_closed = user.deactivated_at is not None
    return {str(user.session_version), str(user.session_version - 1)} if is_closed else {str(user.session_version)}
