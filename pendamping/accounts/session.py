"""The signed-in person, for routes; how a session begins and ends, and how Flask-Login finds the person again."""

import uuid
from typing import cast

from flask import g, session
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select

from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.links.policy import living_links
from pendamping.accounts.models import User
from pendamping.cooperatives.queries import in_office
from pendamping.kernel.access import login_manager, now, today
from pendamping.kernel.database import reading
from pendamping.reminders.queries import unread_count

LINK = "link"
"""Where a session keeps the id of the personal link that it was begun with; the token is nowhere in it."""


def signed_in_user() -> User:
    """The person behind this request, as the account itself rather than a stand-in for it."""
    return cast("User", current_user._get_current_object())


def unread_reminders() -> int:
    """How many reminders wait for the signed-in person: counted by the query that found them, at no further one."""
    return int(g.get("unread_reminders", 0))


def begin_session(user: User, link: PersonalLink | None = None) -> None:
    """Let a person in, in the place of whoever was in before; one who came by a link stays no longer than it lives."""
    forget_session()
    session.permanent = True
    if link is not None:
        session[LINK] = str(link.id)
    login_user(user)


def end_session() -> None:
    logout_user()
    forget_session()


def forget_session() -> None:
    """Forget everything but the language that was chosen on this device."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


@login_manager.user_loader
def _load(session_id: str) -> User | None:
    user_id, _, version = session_id.partition(":")
    try:
        found = reading().execute(select(User, unread_count(User.id)).where(User.id == uuid.UUID(user_id))).first()
    except ValueError:
        return None
    user, g.unread_reminders = found or (None, 0)
    if user is None or not user.is_active or str(user.session_version) != version:
        return None
    return user if user.officer_id is None or _came_by_a_living_link(user) else None


def _came_by_a_living_link(officer: User) -> bool:
    """Asked with each request: a link that is revoked, expired or of somebody out of office ends its sessions too."""
    try:
        link_id = uuid.UUID(session.get(LINK, ""))
    except ValueError:
        return False
    living = living_links(in_office=in_office(today()), now=now())
    return reading().scalar(living.where(PersonalLink.id == link_id, PersonalLink.user_id == officer.id)) is not None
