"""The office of a story: a database of its own, a real server on it, and the hands that harm both."""

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from tests.faults.place import BEGINS, FULL, SKEW
from tests.make import PASSWORD, Make

ACTOR = Actor(None, "faults")
REPOSITORY = Path(__file__).parents[2]
COOPERATIVES_EACH = 3
LOCKED_TABLE = "receipt"


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    codes: tuple[str, ...]


class Ground(Protocol):
    """Makes databases for stories, each a copy of one that was prepared once."""

    kind: str
    people: list[Person]

    def new(self, folder: Path) -> URL: ...

    def locked(self, url: URL) -> contextlib.AbstractContextManager[None]: ...

    def clear(self, url: URL) -> None: ...


class SqliteGround:
    kind = "sqlite"

    def __init__(self, folder: Path, *, people: int) -> None:
        self._template = folder / "template.sqlite3"
        self.people = _prepare(URL.create("sqlite", database=str(self._template)), folder, people)

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
        address = server.set(drivername="postgresql+psycopg", database="postgres")
        self._server = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._template = f"faults_template_{os.getpid()}_{next(self._names)}"
        self._run(f"CREATE DATABASE {self._template}")
        self.people = _prepare(self._server.url.set(database=self._template), folder, people)

    def new(self, folder: Path) -> URL:
        name = f"faults_{os.getpid()}_{next(self._names)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self._server.url.set(database=name).update_query_dict({"options": "-clock_timeout=1500ms"})

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
        with self._server.connect() as connection:
            connection.execute(text(statement))


def _prepare(url: URL, folder: Path, people: int) -> list[Person]:
    """The loaded city, and so many facilitators with cooperatives of their own."""
    app = create_app(Settings(folder, url, "k" * 64), clock=lambda: BEGINS)
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
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
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        wanted = {
            "instance": str(folder),
            "database_url": self.url.render_as_string(hide_password=False),
            "port": self.port,
            "began": time.monotonic(),
            "broken": broken,
        }
        with (folder / "server.log").open("wb") as log:
            self._mother = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.serving", json.dumps(wanted)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=REPOSITORY,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            )
        self._expect("ready")
        self._server = 0
        self.start()

    def start(self) -> None:
        self._server = int(self._ask("start"))
        for _ in range(2000):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
                return
            time.sleep(0.01)
        raise RuntimeError(f"the server does not come up; see {self.folder / 'server.log'}")

    def copy(self, file: Path) -> None:
        """Back the office up while people write."""
        self._ask(f"copy {file}")
        if not file.exists():
            raise RuntimeError(f"no copy was made; see {self.folder / 'server.log'}")

    def restore(self, file: Path) -> None:
        """The server is dead and its disk gone; what comes back is what a copy knows. Start it afterwards."""
        self._ground.clear(self.url)
        shutil.rmtree(self.folder / "berkas", ignore_errors=True)
        self._ask(f"restore {file}")

    def _ask(self, deed: str) -> str:
        assert self._mother.stdin is not None
        self._mother.stdin.write(f"{deed}\n")
        self._mother.stdin.flush()
        return self._line()

    def kill(self) -> None:
        """SIGKILL to master and workers at once; nobody gets to say goodbye."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._server, signal.SIGKILL)
        while _answers(self.port):
            time.sleep(0.002)

    def close(self) -> None:
        self.kill()
        self._mother.communicate(timeout=20)

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

    def _expect(self, word: str) -> None:
        if (said := self._line()) != word:
            raise RuntimeError(f"the server said {said!r}; see {self.folder / 'server.log'}")

    def _line(self) -> str:
        assert self._mother.stdout is not None
        return self._mother.stdout.readline().strip()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


SECRET = PASSWORD
