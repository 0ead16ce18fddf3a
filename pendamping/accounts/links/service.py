"""Verbs of personal links: make one, take it back, come in with one."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pendamping.accounts import attempts
from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.links.policy import living_links
from pendamping.accounts.links.tokens import digest_of
from pendamping.accounts.models import User
from pendamping.accounts.service import FAILURES_PER_ADDRESS, address_key
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import start_of_day
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked, locked_if_there, locking
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_

LASTS_DAYS = (30, 90, 180)
"""How long a link may last; our proposal: a month, a quarter, half a year."""
MOST_LIVING = 5
"""Links of one officer that are alive at once: in the chat, on paper, and room for a lost phone. Our proposal."""
ENTRIES_PER_LINK = 20
"""Entries with one link within a quarter of an hour; more is a machine or a whole village. Our proposal."""


class LinkRefused(DomainError):
    """Forged, expired, revoked or of somebody out of office: from outside they all look the same."""

    code = "link_refused"
    status = 401
    explanation = N_("Tautan ini tidak berlaku, atau tidak berlaku lagi. Minta tautan baru kepada pendamping Anda.")


class LinkLocked(DomainError):
    code = "link_locked"
    status = 429
    explanation = N_("Terlalu banyak percobaan. Tunggu 15 menit, lalu tekan tombolnya lagi.")


class LinkConflict(DomainError):
    code = "link_conflict"
    explanation = N_(
        "Tautan ini sudah dibuat dan tidak dapat ditampilkan lagi. Muat ulang halaman, lalu buat yang baru."
    )


class TooManyLinks(DomainError):
    code = "too_many_links"
    explanation = N_("%(name)s sudah memiliki %(count)s tautan yang berlaku. Cabut salah satunya dahulu.")


class NotInOffice(DomainError):
    code = "not_in_office"
    explanation = N_("%(name)s tidak menjabat hari ini, jadi tidak mendapat tautan.")


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """The officer a link is for, as the register knows them; `term_ends_on` None where no end is known."""

    id: uuid.UUID
    name: str
    cooperative_id: uuid.UUID
    city_code: str
    term_ends_on: dt.date | None


def make_link(
    session: Session,
    holder: OfficeHolder,
    *,
    link_id: uuid.UUID,
    token: str,
    days: int,
    made_by_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> PersonalLink:
    """Make a link for an officer, and the account that it opens when there is none yet.

    The same form sent twice is one link: as long as nobody has used it, the second token takes the first one's place,
    because the second answer is the one that is looked at.

    Raises:
        NotInOffice: the term would be over before the link begins.
        TooManyLinks: so many are alive that nobody knows any more who has them.
        LinkConflict: the id is another link's, or this one has been used or revoked.
    """
    expires_at = _end_of(holder, days, now)
    if expires_at <= now:
        raise NotInOffice(name=holder.name)
    user = _account_of(session, holder, actor=actor, now=now)
    stored = locked_if_there(session, PersonalLink, link_id)
    if stored is not None:
        if (stored.user_id, stored.made_by_id) != (user.id, made_by_id) or stored.use_count or stored.revoked_at:
            raise LinkConflict
        stored.token_sha256 = digest_of(token)
        session.flush()
        return stored
    if _living_count(session, user, now) >= MOST_LIVING:
        raise TooManyLinks(name=holder.name, count=str(MOST_LIVING))
    link = PersonalLink(
        id=link_id,
        city_code=holder.city_code,
        cooperative_id=holder.cooperative_id,
        user_id=user.id,
        token_sha256=digest_of(token),
        made_by_id=made_by_id,
        made_at=now,
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    after = {"officer_id": holder.id, "expires_at": expires_at}
    audit.record(session, actor, "make_personal_link", link, at=now, after=after)
    return link


def _end_of(holder: OfficeHolder, days: int, now: dt.datetime) -> dt.datetime:
    """After so many days, and never after the last day in office."""
    asked = now + dt.timedelta(days=days)
    if holder.term_ends_on is None:
        return asked
    return min(asked, start_of_day(holder.term_ends_on + dt.timedelta(days=1)))


def _account_of(session: Session, holder: OfficeHolder, *, actor: Actor, now: dt.datetime) -> User:
    user = session.scalar(locking(select(User).where(User.officer_id == holder.id)))
    if user is not None:
        return user
    user = User(
        username=f"pengurus-{holder.id.hex[:24]}",
        name=holder.name,
        role=Role.COOPERATIVE,
        scope_prefix="",
        cooperative_id=holder.cooperative_id,
        officer_id=holder.id,
        password_hash=None,
        created_at=now,
    )
    session.add(user)
    session.flush()
    after = {"officer_id": holder.id, "name": holder.name, "cooperative_id": holder.cooperative_id}
    audit.record(session, actor, "add_officer_account", user, at=now, after=after)
    return user


def _living_count(session: Session, user: User, now: dt.datetime) -> int:
    living = select(func.count()).select_from(PersonalLink)
    living = living.where(
        PersonalLink.user_id == user.id, PersonalLink.revoked_at.is_(None), PersonalLink.expires_at > now
    )
    return session.scalar(living) or 0


def revoke_link(
    session: Session, link: PersonalLink, *, revoked_by_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> None:
    """Take a link back: it opens nothing any more, and whoever came in with it is out. Twice changes nothing."""
    locked(session, PersonalLink, link.id)
    if link.revoked_at is not None:
        return
    link.revoked_at, link.revoked_by_id = now, revoked_by_id
    session.flush()
    audit.record(
        session, actor, "revoke_personal_link", link, at=now, before={"revoked_at": None}, after={"revoked_at": now}
    )


def refuse_when_locked(session: Session, *, address: str, now: dt.datetime) -> None:
    """Raises LinkLocked while too much that opens nothing has come from this address."""
    if attempts.is_locked(session, [address_key(address)], now=now):
        raise LinkLocked


def enter(
    session: Session, token: str, *, in_office: Select[uuid.UUID], request_id: str | None, now: dt.datetime
) -> tuple[User, PersonalLink]:
    """Exchange a token for the account it opens; the use is counted and put on record.

    Args:
        in_office: the officers in office today.

    Raises:
        LinkRefused: it opens nothing.
        LinkLocked: it was used too often within a short time.
    """
    living = living_links(in_office=in_office, now=now).where(PersonalLink.token_sha256 == digest_of(token))
    link = session.scalar(locking(living, of=PersonalLink))
    if link is None:
        raise LinkRefused
    key = attempts.key_of("link", str(link.id))
    if attempts.is_locked(session, [key], now=now):
        raise LinkLocked
    attempts.count(session, key, limit=ENTRIES_PER_LINK, now=now)
    user = session.get_one(User, link.user_id)
    link.use_count, link.last_used_at = link.use_count + 1, now
    session.flush()
    after = {"officer_id": user.officer_id, "use_count": link.use_count}
    audit.record(session, Actor(user.id, user.name, request_id), "use_personal_link", link, at=now, after=after)
    return user, link


def note_refusal(session: Session, *, address: str, now: dt.datetime) -> None:
    """Count a link that opened nothing for the address it was tried from, together with failed sign-ins."""
    attempts.count(session, address_key(address), limit=FAILURES_PER_ADDRESS, now=now)
    attempts.forget_old(session, now=now)
