"""Exactly one leader over any number of workers and nodes: whoever holds the lock, and only while it lives.

Both locks go with their process: the kernel lets go of a file's, PostgreSQL of a session's. Nothing has to be cleared
away after a crash, and there is no time that would have to pass.
"""

import fcntl
import os
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

ADVISORY_KEY = 647_100_016
"""Ours among the advisory locks of a database."""

log = structlog.get_logger()


class Lock(Protocol):
    def take(self) -> bool:
        """Try once, without waiting; True if it is held from now on."""
        ...

    def is_held(self) -> bool:
        """Whether it is still held: a connection may have been lost meanwhile."""
        ...

    def release(self) -> None: ...


class FileLock:
    """For SQLite, whose every user works on the same machine: a lock on a file in the instance folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def is_held(self) -> bool:
        return self._descriptor is not None

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class AdvisoryLock:
    """For PostgreSQL: a lock of a session of its own, which ends when its process or its network does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def take(self) -> bool:
        try:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except SQLAlchemyError:
            return False
        try:
            has_it = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY})
        except SQLAlchemyError:
            has_it = False
        if not has_it:
            connection.close()
            return False
        connection.detach()  # never back into the pool, where somebody else would hold our lock
        self._connection = connection
        return True

    def is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def lock_for(engine: Engine, instance: Path) -> Lock:
    if engine.dialect.name == "sqlite":
        return FileLock(instance / "penjadwal.lock")
    return AdvisoryLock(engine)
