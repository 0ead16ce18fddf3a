"""Attempts counted within a window, by what must not be tried too often: a name, an address, a link.

All workers count together in one table, which stores nothing of what was tried but its digest.
"""

import datetime as dt
import hashlib
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import SignInFailure
from pendamping.kernel.locks import locked_if_there

WINDOW = dt.timedelta(minutes=15)
LOCKED_FOR = dt.timedelta(minutes=15)


def key_of(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def is_locked(session: Session, keys: Collection[str], *, now: dt.datetime) -> bool:
    """Whether one of these was tried too often lately."""
    locked = select(SignInFailure.key).where(SignInFailure.key.in_(keys), SignInFailure.locked_until > now)
    return session.scalar(locked) is not None


def count(session: Session, key: str, *, limit: int, now: dt.datetime) -> None:
    """Count an attempt; the one that makes it `limit` within a window locks the key."""
    row = locked_if_there(session, SignInFailure, key)
    if row is None:
        row = SignInFailure(key=key, failures=0, window_started_at=now, locked_until=None)
        session.add(row)
    elif row.window_started_at < now - WINDOW:
        row.failures, row.window_started_at, row.locked_until = 0, now, None
    row.failures += 1
    if row.failures >= limit:
        row.locked_until = now + LOCKED_FOR
        row.failures, row.window_started_at = 1, now
    session.flush()


def forget(session: Session, key: str) -> None:
    session.execute(delete(SignInFailure).where(SignInFailure.key == key))


def forget_old(session: Session, *, now: dt.datetime) -> None:
    """Drop what no window reaches any more."""
    session.execute(delete(SignInFailure).where(SignInFailure.window_started_at < now - 2 * WINDOW))
