"""The office of a story: a database of its own, a real server on it, and the hands that harm both."""

import contextlib
import itertools
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import flask_migrate
import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from pendamping.app import create_app
from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import office_date
from pendamping.kernel.database import db, transaction
from pendamping.operations.load import load_city
from pendamping.settings import Settings
from tests.faults.place import BEGINS, FULL, LOG, SKEW, Person
from tests.faults.serving import COPY, READY, RESTORE, START, Wanted, serve
from tests.make import PASSWORD, Make

ACTOR = Actor(None, "faults")
COOPERATIVES_EACH = 3
LOCKED_TABLE = "receipt"
PORTS = (20_000, 32_000)
"""Below those that a system lends to clients: on one of those, whoever calls a dead server may reach themselves."""
MOTHERS = multiprocessing.get_context("forkserver")
MOTHERS.set_forkserver_preload(["tests.faults.serving"])
"""The product is loaded once for all stories."""


class Ground(Protocol):
    """Makes databases for stories, each a copy of one that was prepared once."""

    kind: str
    people: list[Person]
    warmer: Person
    """Whom no story is about."""

    def new(self, folder: Path) -> URL: ...

    def locked(self, url: URL) -> contextlib.AbstractContextManager[None]: ...

    def clear(self, url: URL) -> None: ...


class SqliteGround:
    kind = "sqlite"

    def __init__(self, folder: Path, *, people: int, loaded: Path | None = None) -> None:
        """Args:
        loaded: a database with the loaded city, to begin with.
        """
        self._template = folder / "template.sqlite3"
        if loaded is not None:
            shutil.copyfile(loaded, self._template)
        url = URL.create("sqlite", database=str(self._template))
        *self.people, self.warmer = _prepare(url, folder, people + 1, is_loaded=loaded is not None)

    def new(self, folder: Path) -> URL:
        database = folder / "pendamping.sqlite3"
        shutil.copyfile(self._template, database)
        return URL.create("sqlite", database=str(database))

    @contextmanager
    def locked(self, url: URL) -> Iterator[None]:
        """Somebody else writes, and takes their time."""
        with contextlib.closing(sqlite3.connect(str(url.database), timeout=30, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def clear(self, url: URL) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{url.database}{suffix}").unlink(missing_ok=True)


class PostgresqlGround:
    kind = "postgresql"
    _names = itertools.count(1)

    def __init__(self, server: URL, folder: Path, *, people: int) -> None:
        self._server = server.set(drivername="postgresql+psycopg", database="postgres")
        self._template = f"faults_template_{os.getpid()}_{next(self._names)}"
        self._run(f"CREATE DATABASE {self._template}")
        url = self._server.set(database=self._template)
        *self.people, self.warmer = _prepare(url, folder, people + 1, is_loaded=False)

    def new(self, folder: Path) -> URL:
        name = f"faults_{os.getpid()}_{next(self._names)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self._server.set(database=name).update_query_dict({"options": "-clock_timeout=1500ms"})

    @contextmanager
    def locked(self, url: URL) -> Iterator[None]:
        patient = url.set(drivername="postgresql").difference_update_query(["options"])
        with psycopg.connect(patient.render_as_string(hide_password=False)) as connection:
            connection.execute(f"LOCK TABLE {LOCKED_TABLE} IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()

    def clear(self, url: URL) -> None:
        patient = url.set(drivername="postgresql").difference_update_query(["options"])
        with psycopg.connect(patient.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")

    def _run(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


def _prepare(url: URL, folder: Path, people: int, *, is_loaded: bool) -> list[Person]:
    """The loaded city, and so many facilitators with cooperatives of their own."""
    app = create_app(Settings(folder, url, "k" * 64), clock=lambda: BEGINS)
    with app.app_context():
        if not is_loaded:
            flask_migrate.upgrade()
        with transaction() as session:
            if not is_loaded:
                load_city(session, actor=ACTOR, now=BEGINS)
            rows = Make(session, now=BEGINS, today=office_date(BEGINS), actor=ACTOR)
            made = [_person(rows, number) for number in range(people)]
        db.session.remove()
        db.engine.dispose()
    return made


def _person(rows: Make, number: int) -> Person:
    codes = tuple(f"64.71.01.{7000 + number * 10 + place}" for place in range(COOPERATIVES_EACH))
    for code in codes:
        rows.new_cooperative(code, f"Uji {code}")
    return Person(rows.facilitator(*codes, username=f"tablet{number}").username, codes)


class Office:
    """A running server. It can be killed at any time, and comes back."""

    def __init__(self, ground: Ground, folder: Path, *, broken: str = "") -> None:
        self.folder = folder
        self.url = ground.new(folder)
        self._ground = ground
        self.port = _free_port()
        self._orders, theirs = MOTHERS.Pipe()
        database_url = self.url.render_as_string(hide_password=False)
        wanted = Wanted(str(folder), database_url, self.port, time.monotonic(), broken, ground.warmer)
        self._mother = MOTHERS.Process(target=serve, args=(wanted, theirs), daemon=True)
        self._mother.start()
        theirs.close()
        self._server = 0
        if (said := self._said()) != READY:
            raise RuntimeError(f"the server said {said!r}; see {folder / LOG}")
        self.start()

    def start(self) -> None:
        self._server = int(self._ask(START))
        for _ in range(2000):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
                return
            time.sleep(0.01)
        raise RuntimeError(f"the server does not come up; see {self.folder / LOG}")

    def copy(self, file: Path) -> None:
        """Back the office up while people write."""
        self._ask(COPY, file)
        if not file.exists():
            raise RuntimeError(f"no copy was made; see {self.folder / LOG}")

    def restore(self, file: Path) -> None:
        """The server is dead and its disk gone; what comes back is what a copy knows. Start it afterwards."""
        self._ground.clear(self.url)
        shutil.rmtree(self.folder / "berkas", ignore_errors=True)
        self._ask(RESTORE, file)

    def _ask(self, deed: str, file: Path | None = None) -> str | int:
        self._orders.send((deed, str(file or "")))
        return self._said()

    def _said(self) -> str | int:
        try:
            said: str | int = self._orders.recv()
        except EOFError:
            raise RuntimeError(f"the server's mother is gone; see {self.folder / LOG}") from None
        return said

    def kill(self) -> None:
        """SIGKILL to master and workers at once; nobody gets to say goodbye."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._server, signal.SIGKILL)
        while _answers(self.port):
            time.sleep(0.002)

    def close(self) -> None:
        self.kill()
        self._orders.close()
        self._mother.join(timeout=20)

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self._ground.locked(self.url):
            yield

    @contextmanager
    def without_room(self) -> Iterator[None]:
        flag = self.folder / FULL
        flag.touch()
        try:
            yield
        finally:
            flag.unlink()

    @contextmanager
    def clock_off(self, seconds: float) -> Iterator[None]:
        flag = self.folder / SKEW
        flag.write_text(str(seconds))
        try:
            yield
        finally:
            flag.unlink()


def _free_port() -> int:
    for _ in range(1000):
        port = PORTS[0] + secrets.randbelow(PORTS[1] - PORTS[0])
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


SECRET = PASSWORD
