"""Whether an address of mail is its owner's: asked by a mail with a link, answered by opening it. Nothing else is sent
to an address before that.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.locks import locked, locked_if_there
from pendamping.kernel.words import N_
from pendamping.reminders.models import ANSWER_LENGTH, Contact, MailConfirmation

GOOD_FOR = dt.timedelta(days=3)
"""How long a link opens (our proposal)."""
PAUSE = dt.timedelta(minutes=5)
"""Between two mails that somebody asks for."""
MOST_A_DAY = 5
"""Mails for one person within a day, whatever addresses are tried: nobody's postbox is filled by us."""
A_DAY = dt.timedelta(days=1)
KEPT = dt.timedelta(days=400)
TAKEN = "2"
"""With which a mail server's answer begins that takes a mail (RFC 5321, 4.2.1)."""
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60))
"""After each failed attempt; the last one gives up."""


class AskedTooOften(DomainError):
    code = "asked_too_often"
    status = 429
    explanation = N_("Baru saja dikirim. Tunggu beberapa menit, dan lihat juga di folder spam.")


class AskedEnoughToday(DomainError):
    code = "asked_enough_today"
    status = 429
    explanation = N_("Sudah lima kali dikirim hari ini. Periksa alamatnya, lalu coba lagi besok.")


class LinkIsOver(DomainError):
    code = "link_is_over"
    status = 410
    explanation = N_("Tautan ini sudah dipakai, sudah lewat masanya, atau untuk alamat yang sudah diganti.")


@dataclass(frozen=True, slots=True)
class MailState:
    """What is known of a person's address."""

    email: str
    confirmed_at: dt.datetime | None
    asked_at: dt.datetime | None = None
    is_on_its_way: bool = False
    """The mail has not gone out yet."""
    refusal: str = ""
    """What the mail server answered where it did not take the mail that asks."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A mail to be sent now."""

    id: uuid.UUID
    to: str
    name: str
    language: str


def start_asking(session: Session, person_id: uuid.UUID, email: str, *, now: dt.datetime) -> bool:
    """Ask a new address; what asked another one goes out no more. False where there were enough for today."""
    session.execute(
        update(MailConfirmation)
        .where(MailConfirmation.person_id == person_id, MailConfirmation.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    if _asked_since(session, person_id, now - A_DAY) >= MOST_A_DAY:
        return False
    session.add(MailConfirmation(id=uuid.uuid4(), person_id=person_id, email=email, asked_at=now, next_try_at=now))
    session.flush()
    return True


def _asked_since(session: Session, person_id: uuid.UUID, since: dt.datetime) -> int:
    query = select(func.count()).select_from(MailConfirmation)
    return session.scalar(query.where(MailConfirmation.person_id == person_id, MailConfirmation.asked_at > since)) or 0


def ask_again(session: Session, person_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Once more, with a new link; the one before opens no longer.

    Raises:
        NotThere: there is no address, or it is confirmed.
        AskedTooOften, AskedEnoughToday
    """
    contact = locked_if_there(session, Contact, person_id)
    if contact is None or contact.email is None or contact.email_confirmed_at is not None:
        raise NotThere
    if _asked_since(session, person_id, now - PAUSE):
        raise AskedTooOften
    if not start_asking(session, person_id, contact.email, now=now):
        raise AskedEnoughToday
    audit.record(session, actor, "ask_mail_address", contact, at=now)


def confirmable(session: Session, confirmation_id: uuid.UUID, *, now: dt.datetime) -> MailConfirmation:
    """What a link is about, as long as it opens.

    Raises:
        LinkIsOver: it was used, is too old, or another mail or another address has taken its place.
    """
    row = session.get(MailConfirmation, confirmation_id)
    if row is None or row.used_at is not None or now >= row.asked_at + GOOD_FOR or not _is_newest(session, row):
        raise LinkIsOver
    contact = session.get(Contact, row.person_id)
    if contact is None or contact.email != row.email or contact.email_confirmed_at is not None:
        raise LinkIsOver
    return row


def _is_newest(session: Session, row: MailConfirmation) -> bool:
    later = select(MailConfirmation.id).where(
        MailConfirmation.person_id == row.person_id, MailConfirmation.asked_at > row.asked_at
    )
    return session.scalar(later.limit(1)) is None


def confirm(session: Session, confirmation_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> None:
    """Its owner has opened the link: from now on the address gets what its owner has chosen. Raises LinkIsOver."""
    locked_if_there(session, MailConfirmation, confirmation_id)
    row = confirmable(session, confirmation_id, now=now)
    contact = locked(session, Contact, row.person_id)
    row.used_at, row.ended_at, contact.email_confirmed_at = now, row.ended_at or now, now
    session.flush()
    audit.record(session, actor, "confirm_mail_address", contact, at=now)


# On its way -----------------------------------------------------------------------------------------------------------


def due_askings(session: Session, *, now: dt.datetime, most: int) -> Sequence[uuid.UUID]:
    waiting = (MailConfirmation.ended_at.is_(None), MailConfirmation.next_try_at <= now)
    query = select(MailConfirmation.id).where(*waiting).order_by(MailConfirmation.next_try_at, MailConfirmation.id)
    return session.scalars(query.limit(most)).all()


def claim_asking(session: Session, confirmation_id: uuid.UUID, *, now: dt.datetime) -> Asking | None:
    """Take one to send it. Whoever dies with it leaves it to be tried again, with the same Message-ID; None where it is
    not due, or is about an address that nobody has any more.
    """
    row = locked_if_there(session, MailConfirmation, confirmation_id)
    if row is None or row.ended_at is not None or row.next_try_at > now:
        return None
    contact, user = session.get(Contact, row.person_id), session.get_one(User, row.person_id)
    is_wanted = contact is not None and contact.email == row.email and user.deactivated_at is None
    if not is_wanted or row.attempts > len(BACK_OFF) or now >= row.asked_at + GOOD_FOR:
        row.ended_at = now
        return None
    row.attempts += 1
    row.next_try_at = now + BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    session.flush()
    return Asking(row.id, row.email, user.name, user.language)


def end_asking(session: Session, confirmation_id: uuid.UUID, *, answer: str, is_over: bool, now: dt.datetime) -> None:
    """What came back; `is_over` once it was sent or refused for good."""
    row = locked(session, MailConfirmation, confirmation_id)
    row.answer = answer[:ANSWER_LENGTH]
    if is_over or row.attempts > len(BACK_OFF):
        row.ended_at = now
    session.flush()


def forget(session: Session, *, now: dt.datetime) -> None:
    """Let go of what was asked longer ago than anybody asks for."""
    session.execute(delete(MailConfirmation).where(MailConfirmation.asked_at < now - KEPT))


# What is known --------------------------------------------------------------------------------------------------------


def mail_state(session: Session, person_id: uuid.UUID) -> MailState | None:
    """Of one person; None without an address."""
    newest = MailConfirmation.asked_at.desc()
    query = (
        select(Contact.email, Contact.email_confirmed_at, MailConfirmation)
        .outerjoin(
            MailConfirmation,
            (MailConfirmation.person_id == Contact.person_id) & (MailConfirmation.email == Contact.email),
        )
        .where(Contact.person_id == person_id, Contact.email.is_not(None))
        .order_by(newest)
        .limit(1)
    )
    found = session.execute(query).first()
    email, confirmed_at, asked = found or (None, None, None)
    if email is None:
        return None
    if asked is None or confirmed_at is not None:
        return MailState(email, confirmed_at)
    refusal = "" if asked.answer.startswith(TAKEN) else asked.answer
    return MailState(email, None, asked.asked_at, asked.ended_at is None, refusal)


def mail_confirmed(session: Session, person_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, bool]:
    """Of those of these people who have an address: whether it is confirmed."""
    query = select(Contact.person_id, Contact.email_confirmed_at)
    rows = session.execute(query.where(Contact.person_id.in_(person_ids), Contact.email.is_not(None)))
    return {row.person_id: row.email_confirmed_at is not None for row in rows}
