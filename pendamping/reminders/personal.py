"""Verbs of how a person is reached: ways and addresses, a pause, the calendar's secret address, browsers."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pendamping.accounts.links.policy import may_come_in
from pendamping.accounts.models import User
from pendamping.cooperatives.queries import in_office
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.locks import locked_if_there, locking
from pendamping.reminders.mail_confirmation import start_asking
from pendamping.reminders.models import CalendarFeed, ChannelKind, Contact, Delivery, PushSubscription

SECRET_BYTES = 24
MOST_BROWSERS = 10
"""Of one person; the oldest makes room."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a person wants to be reached outside of the app; `channels` in the order in which they are tried."""

    channels: tuple[ChannelKind, ...] = ()
    email: str | None = None
    phone: str | None = None
    paused_from: dt.date | None = None
    paused_until: dt.date | None = None


def choice_of(session: Session, user_id: uuid.UUID) -> Choice:
    row = session.get(Contact, user_id)
    if row is None:
        return Choice()
    channels = tuple(ChannelKind(each) for each in row.channels)
    return Choice(channels, row.email, row.phone, row.paused_from, row.paused_until)


def choose(session: Session, user_id: uuid.UUID, wanted: Choice, *, actor: Actor, now: dt.datetime) -> None:
    """Store how somebody wants to be reached; an address that was not there before is asked first. The record says
    which ways, and that addresses changed, not which.
    """
    row = locked_if_there(session, Contact, user_id) or Contact(person_id=user_id)
    before = choice_of(session, user_id)
    if before == wanted:
        return
    row.channels = [each.value for each in wanted.channels]
    is_new_address = wanted.email != before.email
    row.email, row.phone = wanted.email, wanted.phone
    if is_new_address:
        row.email_confirmed_at = None
    row.paused_from, row.paused_until = wanted.paused_from, wanted.paused_until
    session.add(row)
    session.flush()
    if is_new_address and wanted.email:
        start_asking(session, user_id, wanted.email, now=now)
    audit.record(session, actor, "choose_reminders", row, at=now, before=_on_record(before), after=_on_record(wanted))


def _on_record(choice: Choice) -> dict[str, object]:
    return {
        "channels": list(choice.channels),
        "has_email": choice.email is not None,
        "has_phone": choice.phone is not None,
        "paused_from": choice.paused_from,
        "paused_until": choice.paused_until,
    }


def leave_mail(session: Session, user_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Somebody followed the link in a mail: no further mails; the other ways and the app stay."""
    before = choice_of(session, user_id)
    channels = tuple(each for each in before.channels if each is not ChannelKind.EMAIL)
    without = Choice(channels, before.email, before.phone, before.paused_from, before.paused_until)
    choose(session, user_id, without, actor=actor, now=now)


def make_feed(session: Session, user_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> str:
    """A new secret address for somebody's calendar; the one before no longer leads anywhere. It is told only now."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = locked_if_there(session, CalendarFeed, user_id) or CalendarFeed(person_id=user_id)
    row.secret_sha256, row.made_at = digest_of(secret), now
    session.add(row)
    session.flush()
    audit.record(session, actor, "make_calendar_feed", row, at=now)
    return secret


def revoke_feed(session: Session, user_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> None:
    row = locked_if_there(session, CalendarFeed, user_id)
    if row is None:
        return
    audit.record(session, actor, "revoke_calendar_feed", row, at=now)
    session.delete(row)
    session.flush()


def owner_of_feed(session: Session, secret: str, *, today: dt.date, now: dt.datetime) -> User | None:
    """Whose calendar a secret address shows; nobody's once the account is closed or its last link has ended."""
    query = select(User).join(CalendarFeed, CalendarFeed.person_id == User.id)
    opens = may_come_in(in_office=in_office(today), now=now)
    return session.scalar(query.where(CalendarFeed.secret_sha256 == digest_of(secret), opens))


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def subscribe(
    session: Session, user_id: uuid.UUID, *, endpoint: str, p256dh: str, auth: str, actor: Actor, now: dt.datetime
) -> uuid.UUID:
    """A browser takes Web Push for this person from now on; whoever used that browser before is forgotten. Returns the
    id that the browser has here.
    """
    row = session.scalar(locking(select(PushSubscription).where(PushSubscription.endpoint == endpoint)))
    if row is None:
        _make_room(session, user_id)
        row = PushSubscription(id=uuid.uuid4(), endpoint=endpoint)
    row.person_id, row.p256dh, row.auth, row.made_at = user_id, p256dh, auth, now
    session.add(row)
    session.flush()
    audit.record(session, actor, "subscribe_to_push", row, at=now)
    return row.id


def _make_room(session: Session, user_id: uuid.UUID) -> None:
    own = select(PushSubscription).where(PushSubscription.person_id == user_id)
    for row in session.scalars(own.order_by(PushSubscription.made_at.desc()).offset(MOST_BROWSERS - 1)):
        session.delete(row)


def unsubscribe(session: Session, user_id: uuid.UUID, *, endpoint: str, actor: Actor, now: dt.datetime) -> None:
    own = select(PushSubscription).where(PushSubscription.endpoint == endpoint, PushSubscription.person_id == user_id)
    _forget(session, own, actor, now)


def forget_browser(
    session: Session, user_id: uuid.UUID, browser_id: uuid.UUID, *, actor: Actor, now: dt.datetime
) -> None:
    """Its person signed out of it: whoever uses it next reads nothing of theirs."""
    own = select(PushSubscription).where(PushSubscription.id == browser_id, PushSubscription.person_id == user_id)
    _forget(session, own, actor, now)


def end_what_needs_no_sign_in(session: Session, user_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> bool:
    """With a new password the calendar's address leads nowhere and no browser is told anything, as no session goes on;
    returns whether there was any of it.
    """
    had_feed = session.get(CalendarFeed, user_id) is not None
    revoke_feed(session, user_id, actor=actor, now=now)
    own = select(PushSubscription).where(PushSubscription.person_id == user_id)
    return _forget(session, own, actor, now) or had_feed


def _forget(session: Session, browsers: Select[PushSubscription], actor: Actor, now: dt.datetime) -> bool:
    rows = session.scalars(browsers).all()
    for row in rows:
        audit.record(session, actor, "unsubscribe_from_push", row, at=now)
        session.delete(row)
    session.flush()
    return bool(rows)


def browsers_of(session: Session, user_id: uuid.UUID) -> Sequence[PushSubscription]:
    return session.scalars(select(PushSubscription).where(PushSubscription.person_id == user_id)).all()


def deliveries_to(session: Session, user_id: uuid.UUID, *, most: int) -> Sequence[Delivery]:
    """What went out to somebody lately, the newest first."""
    query = select(Delivery).where(Delivery.person_id == user_id)
    return session.scalars(query.order_by(Delivery.day.desc(), Delivery.next_try_at.desc()).limit(most)).all()
