"""The signed-in person, for routes; and how Flask-Login finds them again."""

import uuid
from typing import cast

from flask import g
from flask_login import current_user
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.access import login_manager
from pendamping.kernel.database import reading
from pendamping.reminders.queries import unread_count


def signed_in_user() -> User:
    """The person behind this request, as the account itself rather than a stand-in for it."""
    return cast("User", current_user._get_current_object())


def unread_reminders() -> int:
    """How many reminders wait for the signed-in person: counted by the query that found them, at no further one."""
    return int(g.get("unread_reminders", 0))


@login_manager.user_loader
def _load(session_id: str) -> User | None:
    user_id, _, version = session_id.partition(":")
    try:
        found = reading().execute(select(User, unread_count(User.id)).where(User.id == uuid.UUID(user_id))).first()
    except ValueError:
        return None
    user, g.unread_reminders = found or (None, 0)
    return user if user and user.is_active and str(user.session_version) == version else None
