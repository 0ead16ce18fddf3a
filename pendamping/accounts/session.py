"""The signed-in person, for routes; and how Flask-Login finds them again."""

import uuid
from typing import cast

from flask_login import current_user

from pendamping.accounts.models import User
from pendamping.kernel.access import login_manager
from pendamping.kernel.database import reading


def signed_in_user() -> User:
    """The person behind this request, as the account itself rather than a stand-in for it."""
    return cast("User", current_user._get_current_object())


@login_manager.user_loader
def _load(session_id: str) -> User | None:
    user_id, _, version = session_id.partition(":")
    try:
        user = reading().get(User, uuid.UUID(user_id))
    except ValueError:
        return None
    return user if user and user.is_active and str(user.session_version) == version else None
