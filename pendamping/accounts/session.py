"""The signed-in person, for routes; how a session begins and ends, and how Flask-Login finds the person again."""

import datetime as dt
import uuid
from functools import cache
from typing import cast

from flask import g, has_request_context, session
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Select, bindparam, exists, select

from pendamping.accounts.devices.leaving import Leaving, leaving
from pendamping.accounts.devices.models import Device
from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.links.policy import living_links
from pendamping.accounts.models import EndedSession, User
from pendamping.cooperatives.queries import in_office
from pendamping.kernel.access import is_for_leavers, login_manager, now, today
from pendamping.kernel.database import reading
from pendamping.kernel.ids import uuid_or_none
from pendamping.kernel.roles import Role
from pendamping.reminders.queries import unread_count

BROWSER = "browser"
"""Under which name a session knows how its browser is told of reminders."""
DEVICE = "device"
"""Under which name a session knows the tablet that it is on."""
ID = "id"
"""Under which name a session keeps an id of its own, by which it is signed out of."""
LINK = "link"
"""Where a session keeps the id of the personal link that it was begun with; the token is nowhere in it."""


def signed_in_user() -> User:
    """The person behind this request, as the account itself rather than a stand-in for it."""
    return cast("User", current_user._get_current_object())


def unread_reminders() -> int:
    """How many reminders wait for the signed-in person: counted by the query that found them, at no further one."""
    return int(g.get("unread_reminders", 0))


def session_id() -> uuid.UUID:
    """This session's own id; one that was begun before sessions had ids gets it now."""
    id_ = uuid_or_none(session.get(ID))
    if id_ is None:
        id_ = uuid.uuid4()
        session[ID] = str(id_)
    return id_


def begin_session(user: User, link: PersonalLink | None = None) -> None:
    """Let a person in, in the place of whoever was in before; one who came by a link stays no longer than it lives."""
    forget_session()
    session.permanent = True
    session[ID] = str(uuid.uuid4())
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


def _forget_person() -> None:
    """Of a session that has ended forget whose it was. A second press on the way out still carries a sound token."""
    for name in set(session) - {"language", "csrf_token"}:
        del session[name]


def session_device() -> uuid.UUID | None:
    """The tablet of this session, if it has said which it is."""
    return uuid_or_none(session.get(DEVICE))


def remember_browser(id_: uuid.UUID) -> None:
    """This session's browser takes Web Push from now on; signing out ends that."""
    session[BROWSER] = str(id_)


def session_browser() -> uuid.UUID | None:
    """How this session's browser is told of reminders, if it is."""
    return uuid_or_none(session.get(BROWSER))


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
    id_ = uuid_or_none(user_id)
    user, revoked_at, has_ended = _found(id_) if id_ else (None, None, False)
    if has_ended:
        _forget_person()
    if user is None or has_ended or version not in _versions(user):
        return None
    if user.is_active and revoked_at is None:
        return user if user.officer_id is None or _came_by_a_living_link(user) else None
    if user.role is not Role.FACILITATOR:
        return None
    g.leaving = leaving(deactivated_at=user.deactivated_at, revoked_at=revoked_at, now=now())
    return user if g.leaving and is_for_leavers() else None


def _found(user_id: uuid.UUID) -> tuple[User | None, dt.datetime | None, bool]:
    """The account, when the tablet of this session was revoked, and whether the session was signed out of. The bell's
    count comes with them: one query.
    """
    of_session = {"device": session_device(), "session": session_id()}
    row = reading().execute(_account(), {"id": user_id, **of_session}).first()
    g.unread_reminders = row[3] if row else 0
    return (row[0], row[1], row[2]) if row else (None, None, False)


@cache
def _account() -> Select[User, dt.datetime | None, bool, int]:
    """Made once, because every request runs it."""
    of_session = (Device.id == bindparam("device")) & (Device.user_id == User.id)
    has_ended = exists().where(EndedSession.id == bindparam("session"))
    query = select(User, Device.revoked_at, has_ended, unread_count(User.id)).outerjoin(Device, of_session)
    return query.where(User.id == bindparam("id"))


def _versions(user: User) -> set[str]:
    """Closing an account ends its sessions by raising their version: the one before it is known as its owner's."""
    is_closed = user.deactivated_at is not None
    return {str(user.session_version), str(user.session_version - 1)} if is_closed else {str(user.session_version)}


def _came_by_a_living_link(officer: User) -> bool:
    """Asked with each request: a link that is revoked, expired or of somebody out of office ends its sessions too."""
    link_id = uuid_or_none(session.get(LINK))
    if link_id is None:
        return False
    living = living_links(in_office=in_office(today()), now=now())
    return reading().scalar(living.where(PersonalLink.id == link_id, PersonalLink.user_id == officer.id)) is not None
