import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import db, reading, retry_on_conflict, transaction
from pendamping.kernel.locks import locked
from pendamping.reminders.models import DayOff, DayOffKind

THREADS, WRITES = 8, 50
NEW_YEAR = dt.date(2030, 1, 1)


def test_eight_writing_threads_lose_nothing(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(DayOff(on=NEW_YEAR, name="0", kind=DayOffKind.HOLIDAY))
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(WRITES):
                with app.app_context(), transaction() as session:
                    read_before = session.get_one(DayOff, NEW_YEAR)  # PostgreSQL lets the others go on until the lock
                    row = locked(session, DayOff, NEW_YEAR)
                    assert row is read_before
                    row.name = str(int(row.name) + 1)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with app.app_context():
        assert reading().get_one(DayOff, NEW_YEAR).name == str(THREADS * WRITES)


def test_outside_of_a_transaction_the_database_refuses_to_write(app: Flask) -> None:
    with app.app_context():
        reading().add(DayOff(on=NEW_YEAR, name="Tahun baru", kind=DayOffKind.HOLIDAY))

        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            reading().commit()


def test_an_error_inside_a_transaction_stores_nothing(app: Flask) -> None:
    def write_and_fail() -> None:
        with transaction() as session:
            session.add(DayOff(on=NEW_YEAR, name="Tahun baru", kind=DayOffKind.HOLIDAY))
            session.flush()
            raise RuntimeError

    with app.app_context():
        with pytest.raises(RuntimeError):
            write_and_fail()

        assert reading().get(DayOff, NEW_YEAR) is None


def test_a_transaction_decides_on_fresh_rows(app: Flask) -> None:
    with app.app_context():
        day = reading().scalars(select(DayOff).order_by(DayOff.on)).first()
        assert day is not None
        with db.engine.connect() as other, transaction_on(other):
            other.execute(text("UPDATE day_off SET name = 'Berubah' WHERE on_date = :on"), {"on": day.on})

        with transaction():
            assert day.name == "Berubah"

        with db.engine.connect() as other, transaction_on(other):
            other.execute(text("UPDATE day_off SET name = 'Lagi' WHERE on_date = :on"), {"on": day.on})

        with transaction():  # one that was stored keeps what it has read for the page that follows, and no longer
            assert day.name == "Lagi"


class transaction_on:  # noqa: N801  # reads as a statement
    """Lets a second connection write, as another worker would."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        from pendamping.kernel.database import writing

        self.writing = writing()
        self.writing.__enter__()

    def __exit__(self, *error: object) -> None:
        self.connection.commit()
        self.writing.__exit__(None, None, None)


def test_the_loser_of_a_double_tap_tries_again_and_finds_the_winner(app: Flask) -> None:
    tries: list[int] = []

    def insert(session: Session) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise IntegrityError("insert", {}, Exception("unique"))
        return "found"

    with app.app_context():
        assert retry_on_conflict(insert) == "found"
    assert len(tries) == 2


def test_instants_come_back_in_utc_and_without_a_zone_are_refused(app: Flask) -> None:
    local = dt.datetime(2026, 4, 14, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    event_id = uuid.uuid4()
    fields = {"actor_name": "t", "verb": "v", "subject_type": "s", "subject_id": "1"}

    with app.app_context():
        with transaction() as session:
            session.add(AuditEvent(id=event_id, at=local, **fields))
        reading().expire_all()
        assert reading().get_one(AuditEvent, event_id).at == dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)

        with pytest.raises(StatementError, match="an instant needs a time zone"), transaction() as session:
            session.add(AuditEvent(at=local.replace(tzinfo=None), **fields))


def test_sqlite_is_set_so_that_nothing_is_lost(sqlite_app: Any) -> None:
    app, _ = sqlite_app
    with app.app_context(), db.engine.connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


def test_the_city_is_loaded_whole(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(DayOff)) == 25
