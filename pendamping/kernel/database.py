"""The one database of an app: its engine's settings, and the only place that commits."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction

from pendamping.kernel.tables import Base
from pendamping.kernel.write_counts import counted_once_stored, watch

BUSY_TIMEOUT_MS = 15_000

T = TypeVar("T")

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True, session_options={"expire_on_commit": False})

_writing: ContextVar[bool] = ContextVar("pendamping_writing", default=False)


def reading() -> Session:
    """The request's session, for reads. The database refuses to write through it outside of `transaction`."""
    return db.session()


def reading_anew() -> Session:
    """The same, with the rows as they are now and not as they were when the request began."""
    session = reading()
    session.rollback()
    return session


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Transactions that begin inside may write. For `transaction` and for migrations, nobody else."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextlib.contextmanager
def transaction() -> Iterator[Session]:
    """Change something: everything inside is stored together, or nothing of it.

    What was read before is let go first and read again under the lock, so nothing is decided on stale rows.
    Outside of this block the database refuses to write.
    """
    session = reading()
    session.rollback()
    session.expire_all()  # a transaction before this one has kept what it read
    with counted_once_stored(), writing():
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def retry_on_conflict(work: Callable[[Session], T]) -> T:
    """Do `work` in a transaction, and once more if a row with its id came in between.

    A double tap sends two near-identical requests; both may see nothing and insert. The second try of the loser
    finds the winner's row and can answer with it.
    """
    try:
        with transaction() as session:
            return work(session)
    except IntegrityError:
        with transaction() as session:
            return work(session)


@event.listens_for(Session, "after_soft_rollback")
def _read_anew(session: Session, transaction: SessionTransaction) -> None:
    """A row that was stored and read inside a savepoint is gone with it, and what stood before it stands again."""
    if transaction.nested:
        session.expire_all()


def prepare_engine(engine: Engine) -> None:
    """Give an engine this product's manners: reads that cannot write, writes that wait for their turn.

    On SQLite the driver's own transactions lose updates silently; BEGIN is ours instead.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_on_sqlite)
    else:
        event.listen(engine, "begin", _begin_on_postgresql)
    watch(engine)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_on_sqlite(connection: Connection) -> None:
    if _writing.get():
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN DEFERRED")


def _begin_on_postgresql(connection: Connection) -> None:
    driver_connection: Any = connection.connection.dbapi_connection
    driver_connection.read_only = not _writing.get()
