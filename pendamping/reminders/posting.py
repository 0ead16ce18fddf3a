"""Digests on their way: one for each person, way and day; claimed before they are sent and marked after.

Whoever dies between the two leaves the digest claimed. It is then sent once more, and says so; if that dies as well,
nobody sends it a third time (`DeliveryState.UNSURE`).
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from pendamping.accounts.links.policy import may_come_in
from pendamping.accounts.models import User
from pendamping.cooperatives.queries import in_office
from pendamping.kernel.locks import locked, locked_if_there
from pendamping.reminders.models import (
    ANSWER_LENGTH,
    ChannelKind,
    Contact,
    Delivery,
    DeliveryState,
    Notification,
    PushSubscription,
)
from pendamping.reminders.queries import NotificationView, notification_views
from pendamping.reminders.service import settle

WAITS_AT_MOST = dt.timedelta(days=7)
"""What could not be sent for so long is not sent any more: it stands in the app."""
LEASE = dt.timedelta(minutes=3)
"""Longer than any channel may take; who is silent for longer is dead."""
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
"""How long it waits after each failed attempt; after the last one the person's next way is tried."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a digest goes to, and where they can be reached."""

    id: uuid.UUID
    name: str
    language: str
    role: str
    channels: tuple[ChannelKind, ...]
    email: str | None
    """Only once its owner has confirmed it."""
    phone: str | None
    subscriptions: tuple[PushSubscription, ...]

    def is_reached_by(self, channel: ChannelKind) -> bool:
        return channel in self.channels and self._has_address_of(channel)

    def _has_address_of(self, channel: ChannelKind) -> bool:
        match channel:
            case ChannelKind.EMAIL:
                return self.email is not None
            case ChannelKind.GATEWAY:
                return self.phone is not None
            case ChannelKind.PUSH:
                return bool(self.subscriptions)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person gets by one way on one day."""

    delivery_id: uuid.UUID
    channel: ChannelKind
    day: dt.date
    to: Addressee
    lines: Sequence[NotificationView]
    is_repeat: bool


def plan_digests(
    session: Session, *, today: dt.date, now: dt.datetime, ways: Collection[ChannelKind], most: int
) -> int:
    """Begin a digest for everybody with something unsent that is neither read nor done, by their first way.

    Args:
        ways: that this office has set up.
        most: people at once.

    Returns:
        how many were begun.
    """
    waiting = _unsent(today)
    people = (
        select(Contact.person_id)
        .join(User, User.id == Contact.person_id)
        .where(
            may_come_in(in_office=in_office(today), now=now),
            exists().where(*waiting, Notification.person_id == Contact.person_id),
            or_(Contact.paused_from.is_(None), Contact.paused_from > today, Contact.paused_until < today),
        )
        .where(~exists().where(Delivery.person_id == Contact.person_id, Delivery.day == today))
    )
    begun = 0
    for addressee in addressees(session, people.order_by(Contact.person_id).limit(most)).values():
        channel = next((each for each in addressee.channels if each in ways and addressee.is_reached_by(each)), None)
        if channel is not None:
            _begin(session, addressee.id, channel, today, now, *waiting)
            begun += 1
    return begun


def _unsent(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    return (
        Notification.goes_out.is_(True),
        Notification.delivery_id.is_(None),
        Notification.settled_at.is_(None),
        Notification.read_at.is_(None),
        Notification.day <= today,
        Notification.day > today - WAITS_AT_MOST,
    )


def _begin(
    session: Session,
    person_id: uuid.UUID,
    channel: ChannelKind,
    day: dt.date,
    now: dt.datetime,
    *which: ColumnElement[bool],
) -> None:
    delivery = Delivery(id=uuid.uuid4(), person_id=person_id, channel=channel, day=day, next_try_at=now)
    session.add(delivery)
    session.flush()
    mine = update(Notification).where(Notification.person_id == person_id, *which)
    session.execute(mine.values(delivery_id=delivery.id).execution_options(synchronize_session=False))


def addressees(session: Session, people: Select[uuid.UUID]) -> dict[uuid.UUID, Addressee]:
    """How these people are reached."""
    rows = session.execute(select(User, Contact).join(Contact).where(Contact.person_id.in_(people))).all()
    found: dict[uuid.UUID, list[PushSubscription]] = {user.id: [] for user, _ in rows}
    for each in session.scalars(select(PushSubscription).where(PushSubscription.person_id.in_(list(found)))):
        found[each.person_id].append(each)
    return {
        user.id: Addressee(
            user.id,
            user.name,
            user.language,
            user.role,
            tuple(ChannelKind(each) for each in contact.channels),
            contact.email if contact.email_confirmed_at else None,
            contact.phone,
            tuple(found[user.id]),
        )
        for user, contact in rows
    }


def due_deliveries(session: Session, *, now: dt.datetime, most: int) -> Sequence[uuid.UUID]:
    """Those whose turn has come, and those that somebody claimed and left."""
    waiting = and_(Delivery.state == DeliveryState.WAITING, Delivery.next_try_at <= now)
    left = and_(Delivery.state == DeliveryState.SENDING, Delivery.claimed_at <= now - LEASE)
    query = select(Delivery.id).where(or_(waiting, left)).order_by(Delivery.next_try_at, Delivery.id)
    return session.scalars(query.limit(most)).all()


def claim(session: Session, delivery_id: uuid.UUID, *, today: dt.date, now: dt.datetime) -> Digest | None:
    """Take a digest to send it; None where there is nothing to send, or no more than once again.

    What is done by now is struck out first.
    """
    delivery = locked_if_there(session, Delivery, delivery_id)
    if delivery is None or not _is_due(delivery, now):
        return None
    was_left = delivery.state is DeliveryState.SENDING
    if was_left and delivery.is_repeat:
        _end(delivery, DeliveryState.UNSURE, "", now)
        return None
    settle(session, now=now, today=today, person_ids=[delivery.person_id])
    lines = notification_views(session, _lines(delivery.id))
    still_in = select(User.id).where(User.id == delivery.person_id, may_come_in(in_office=in_office(today), now=now))
    to = addressees(session, still_in)
    if not lines or not to:
        _end(delivery, DeliveryState.NEEDLESS, "", now)
        return None
    delivery.is_repeat = was_left
    delivery.state, delivery.claimed_at, delivery.attempts = DeliveryState.SENDING, now, delivery.attempts + 1
    session.flush()
    addressee = to[delivery.person_id]
    return Digest(delivery.id, delivery.channel, delivery.day, addressee, lines, delivery.is_repeat)


def _is_due(delivery: Delivery, now: dt.datetime) -> bool:
    if delivery.state is DeliveryState.SENDING:
        return delivery.claimed_at is not None and delivery.claimed_at <= now - LEASE
    return delivery.state is DeliveryState.WAITING and delivery.next_try_at <= now


def _lines(delivery_id: uuid.UUID) -> Select[Notification]:
    return (
        select(Notification)
        .where(
            Notification.delivery_id == delivery_id, Notification.settled_at.is_(None), Notification.read_at.is_(None)
        )
        .order_by(Notification.rule, Notification.anchor_on, Notification.id)
    )


def mark_sent(session: Session, delivery_id: uuid.UUID, *, answer: str, now: dt.datetime) -> None:
    _end(locked(session, Delivery, delivery_id), DeliveryState.SENT, answer, now)
    session.flush()


def mark_failed(
    session: Session,
    digest: Digest,
    *,
    answer: str,
    is_for_good: bool,
    now: dt.datetime,
    ways: Collection[ChannelKind],
) -> None:
    """Wait and try again; where that is in vain, go the person's next way on the same day."""
    delivery = locked(session, Delivery, digest.delivery_id)
    if not is_for_good and delivery.attempts <= len(BACK_OFF):
        delivery.state, delivery.answer = DeliveryState.WAITING, answer[:ANSWER_LENGTH]
        delivery.next_try_at = now + BACK_OFF[delivery.attempts - 1]
        session.flush()
        return
    _end(delivery, DeliveryState.FAILED, answer, now)
    session.flush()
    if channel := _next_way(session, digest, ways):
        _begin(session, digest.to.id, channel, digest.day, now, Notification.delivery_id == delivery.id)


def _next_way(session: Session, digest: Digest, ways: Collection[ChannelKind]) -> ChannelKind | None:
    tried = set(
        session.scalars(select(Delivery.channel).where(Delivery.person_id == digest.to.id, Delivery.day == digest.day))
    )
    usable = (each for each in digest.to.channels if each in ways and digest.to.is_reached_by(each))
    return next((each for each in usable if each not in tried), None)


def _end(delivery: Delivery, state: DeliveryState, answer: str, now: dt.datetime) -> None:
    delivery.state, delivery.answer, delivery.ended_at = state, answer[:ANSWER_LENGTH] or delivery.answer, now


def forget_subscriptions(session: Session, ids: Collection[uuid.UUID]) -> None:
    """Browsers whose push service says that they are gone."""
    for id_ in ids:
        if row := session.get(PushSubscription, id_):
            session.delete(row)
    session.flush()


def lines_by_rule(lines: Sequence[NotificationView]) -> Mapping[str, list[NotificationView]]:
    """As a digest groups them."""
    found: dict[str, list[NotificationView]] = {}
    for line in lines:
        found.setdefault(line.rule, []).append(line)
    return found
