"""Verbs of accounts: make, sign in, change a password, close."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from pendamping.accounts import attempts
from pendamping.accounts.models import NAME_LENGTH, USERNAME_LENGTH, EndedSession, User
from pendamping.accounts.passwords import (
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    hash_of_nobody,
    hash_password,
    is_password,
)
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locking
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_

FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 50
ENDED_SESSIONS_KEPT = dt.timedelta(days=31)
"""A day longer than a cookie lasts; the cookie of a session that has ended is not made to last any longer."""
USERNAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{2,{USERNAME_LENGTH - 1}}}")


class BadAccount(DomainError):
    """What an account was to be made of does not hold; `explanation` says which part."""

    code = "bad_account"
    status = 400

    def __init__(self, explanation: str, **params: str) -> None:
        super().__init__(**params)
        self.explanation = explanation


class WrongPassword(DomainError):
    code = "wrong_password"
    status = 400
    explanation = N_("Kata sandi sekarang tidak cocok.")


class SignInRefused(DomainError):
    code = "sign_in_refused"
    status = 401
    explanation = N_("Nama pengguna atau kata sandi salah.")


class SignInLocked(DomainError):
    code = "sign_in_locked"
    status = 429
    explanation = N_(
        "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi, atau minta admin mengganti kata sandi."
    )


class OwnAccount(DomainError):
    code = "own_account"
    explanation = N_("Akun sendiri tidak dapat ditutup. Minta admin lain melakukannya.")


class LastAdmin(DomainError):
    code = "last_admin"
    explanation = N_("%(name)s adalah admin terakhir yang aktif. Buat atau buka akun admin lain dahulu.")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What an account is made of; an empty `scope_prefix` means everything."""

    username: str
    name: str
    role: Role
    password: str
    scope_prefix: str = ""
    cooperative_id: uuid.UUID | None = None
    must_change_password: bool = False


def add_user(session: Session, new: NewUser, *, actor: Actor, now: dt.datetime) -> User:
    """Make an account.

    Raises:
        BadAccount: saying what does not hold: name, password, scope or cooperative.
    """
    username = new.username.strip().lower()
    _refuse_bad_account(new, username)
    if session.scalar(select(User.id).where(User.username == username)) is not None:
        raise BadAccount(N_("Nama pengguna “%(username)s” sudah dipakai."), username=username)
    user = User(
        username=username,
        name=new.name.strip(),
        role=new.role,
        scope_prefix=new.scope_prefix,
        cooperative_id=new.cooperative_id,
        password_hash=hash_password(new.password),
        must_change_password=new.must_change_password,
        created_at=now,
    )
    session.add(user)
    session.flush()
    after = {"username": username, "name": user.name, "role": user.role, "scope": user.scope_prefix}
    audit.record(session, actor, "add_user", user, at=now, after={**after, "cooperative_id": user.cooperative_id})
    return user


def _refuse_bad_account(new: NewUser, username: str) -> None:
    if not USERNAME.fullmatch(username):
        raise BadAccount(N_("Nama pengguna: 3 sampai 40 huruf kecil, angka, titik, garis; diawali huruf atau angka."))
    if not new.name.strip() or len(new.name) > NAME_LENGTH:
        raise BadAccount(N_("Nama orang wajib diisi, paling banyak 120 karakter."))
    if (new.role is Role.COOPERATIVE) != (new.cooperative_id is not None):
        raise BadAccount(N_("Akun koperasi, dan hanya akun koperasi, memerlukan kode koperasi."))
    if new.scope_prefix and new.role not in (Role.AGENCY_HEAD, Role.ADMIN):
        raise BadAccount(N_("Wilayah hanya untuk kepala dinas dan admin; pendamping memakai penugasan."))
    refuse_bad_password(new.password)


def refuse_bad_password(password: str) -> None:
    """Raises BadAccount when a password is too short or too long."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise BadAccount(
            N_("Kata sandi: %(min)s sampai %(max)s karakter."),
            min=str(MIN_PASSWORD_LENGTH),
            max=str(MAX_PASSWORD_LENGTH),
        )


def set_password(
    session: Session, user: User, password: str, *, actor: Actor, now: dt.datetime, must_change: bool = False
) -> None:
    """Give an account another password; ends all its sessions and its lock-out. Those of a closed account have ended
    already, and what is left of them, a queue to hand in, stays.

    Raises:
        BadAccount: the password is too short or too long, or the account is an officer's, who comes by link alone.
    """
    if user.officer_id is not None:
        raise BadAccount(N_("Akun pengurus dibuka dengan tautan pribadi dan tidak memakai kata sandi."))
    refuse_bad_password(password)
    user.password_hash = hash_password(password)
    user.must_change_password = must_change
    if user.is_active:
        user.session_version += 1
    attempts.forget(session, _name_key(user.username))
    session.flush()
    audit.record(session, actor, "set_password", user, at=now, after={"must_change": must_change})


def change_own_password(
    session: Session, user: User, *, current: str, new: str, actor: Actor, now: dt.datetime
) -> None:
    """A person changes their own password.

    Raises:
        WrongPassword: `current` is not the password.
        BadAccount: the new one is too short, too long, or the old one again.
    """
    if not is_password(user.password_hash, current):
        raise WrongPassword
    if current == new:
        raise BadAccount(N_("Kata sandi baru harus berbeda dari yang sekarang."))
    set_password(session, user, new, actor=actor, now=now)


def deactivate_user(session: Session, user: User, *, actor: Actor, now: dt.datetime) -> None:
    """Close an account: it signs in no more, its sessions end, what it did stays.

    Raises:
        OwnAccount: nobody closes the account they work with.
        LastAdmin: nobody would be left who can open it again.
    """
    if actor.user_id == user.id:
        raise OwnAccount
    _lock(session, user)
    if user.deactivated_at is not None:
        return
    if user.role is Role.ADMIN and not _other_admins(session, user):
        raise LastAdmin(name=user.name)
    user.deactivated_at = now
    user.session_version += 1
    session.flush()
    audit.record(
        session, actor, "deactivate_user", user, at=now, before={"is_active": True}, after={"is_active": False}
    )


def reactivate_user(session: Session, user: User, *, actor: Actor, now: dt.datetime) -> None:
    """Open a closed account again, with the password it had; an open one stays as it is."""
    _lock(session, user)
    if user.deactivated_at is None:
        return
    user.deactivated_at = None
    session.flush()
    audit.record(
        session, actor, "reactivate_user", user, at=now, before={"is_active": False}, after={"is_active": True}
    )


def _lock(session: Session, user: User) -> None:
    """Wait for whoever changes this account, or for an admin any admin's: two may not close each other's at once."""
    is_meant = User.id == user.id
    wanted = select(User).where(or_(is_meant, User.role == Role.ADMIN) if user.role is Role.ADMIN else is_meant)
    session.scalars(locking(wanted.order_by(User.id))).all()


def _other_admins(session: Session, user: User) -> bool:
    others = select(User.id).where(User.role == Role.ADMIN, User.deactivated_at.is_(None), User.id != user.id)
    return session.scalar(others.limit(1)) is not None


def choose_language(session: Session, user: User, language: str, *, actor: Actor, now: dt.datetime) -> None:
    before = user.language
    user.language = language
    session.flush()
    audit.record(
        session, actor, "choose_language", user, at=now, before={"language": before}, after={"language": language}
    )


def check_password(session: Session, *, username: str, password: str) -> User | None:
    """The person these credentials belong to, or None. Takes as long for unknown names as for known ones."""
    user = session.scalar(select(User).where(User.username == username.strip().lower()))
    password_hash = user.password_hash if user else None
    fits = is_password(password_hash or hash_of_nobody(), password)
    return user if user and password_hash and fits and user.is_active else None


def refuse_when_locked(session: Session, *, username: str, address: str, now: dt.datetime) -> None:
    """Raises SignInLocked while this name or this address has failed too often."""
    if attempts.is_locked(session, [_name_key(username), address_key(address)], now=now):
        raise SignInLocked


def note_sign_in(session: Session, user: User, *, actor: Actor, now: dt.datetime) -> None:
    """A sign-in that went well: forget its failures, put it on record."""
    attempts.forget(session, _name_key(user.username))
    audit.record(session, actor, "sign_in", user, at=now)


def sign_out(session: Session, user: User, *, session_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """End one session of a person, and whatever copies there are of its cookie; those on other devices go on. Said
    again, it changes nothing.
    """
    if session.get(EndedSession, session_id) is not None:
        return
    session.add(EndedSession(id=session_id, user_id=user.id, ended_at=now))
    session.execute(delete(EndedSession).where(EndedSession.ended_at < now - ENDED_SESSIONS_KEPT))
    session.flush()
    audit.record(session, actor, "sign_out", user, at=now)


def note_failed_sign_in(session: Session, *, username: str, address: str, now: dt.datetime) -> None:
    """Count a failure for the name and for the address; lock whichever has had too many."""
    attempts.count(session, _name_key(username), limit=FAILURES_PER_NAME, now=now)
    attempts.count(session, address_key(address), limit=FAILURES_PER_ADDRESS, now=now)
    attempts.forget_old(session, now=now)


def _name_key(username: str) -> str:
    return attempts.key_of("name", username.strip().lower())


def address_key(address: str) -> str:
    """What failures of one address are counted under, whatever was tried there."""
    return attempts.key_of("address", address)
