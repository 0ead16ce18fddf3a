"""The place that is copied or filled: an app's database and files, and room beside them to work in."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.engine import URL

from pendamping.kernel.database import db
from pendamping.kernel.files import files
from pendamping.kernel.filestore import FileStore
from pendamping.operations.backup.disk import left_behind, lone_file
from pendamping.operations.backup.faults import PlaceNotEmpty
from pendamping.operations.backup.sqlite import is_empty_sqlite
from pendamping.settings import Settings

FILLING_KEY = 647_100_018
"""Ours among the advisory locks of a database."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an office keeps everything."""

    instance: Path
    url: URL
    store: FileStore

    @property
    def kind(self) -> str:
        return self.url.get_backend_name()

    @property
    def database(self) -> Path:
        """The file of an SQLite database."""
        return Path(str(self.url.database))

    @property
    def home(self) -> Path:
        """The folder where its database lies, as far as that is a file."""
        return self.database.parent if self.kind == "sqlite" else self.instance

    def left_behind(self) -> list[str]:
        """What processes that were killed had not finished, each in words; it holds what the office holds."""
        folders = {self.instance, self.instance / "cadangan", self.store.folder, Path(tempfile.gettempdir())}
        if self.kind == "sqlite":
            return [str(path) for path in left_behind(folders | {self.home})]
        from pendamping.operations.backup.postgresql import scratch_left_behind  # brings its driver along

        return [str(path) for path in left_behind(folders)] + scratch_left_behind(db.engine)

    def refuse_unless_empty(self) -> None:
        """Raises PlaceNotEmpty: there is something that a copy would mix with."""
        if not (is_empty_sqlite(self.database) if self.kind == "sqlite" else _is_empty_postgresql()):
            raise PlaceNotEmpty(what="basis data" if self.kind != "sqlite" else f"basis data {self.database}")
        if any(each.is_file() for each in self.store.originals.rglob("*")):
            raise PlaceNotEmpty(what=f"berkas di {self.store.folder}")


def this_place() -> Place:
    """The running app's."""
    return Place(current_app.config["SETTINGS"].instance, db.engine.url, files())


def _is_empty_postgresql() -> bool:
    from pendamping.operations.backup.postgresql import is_empty_postgresql  # brings its driver along

    return is_empty_postgresql(db.engine)


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Inside, nobody else fills the place: who comes second waits and finds it filled. A lock ends with its process."""
    if place.kind == "sqlite":
        with lone_file(place.instance / "pengisian.lock", on_wait=_say_waiting):
            yield
    else:  # other machines may fill it as well
        with db.engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": FILLING_KEY}):
                _say_waiting()
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": FILLING_KEY})
            yield


def _say_waiting() -> None:
    click.echo("Menunggu: proses lain sedang menyiapkan atau memulihkan tempat ini ...", err=True)


@contextmanager
def scratch_address(place: Place, folder: Path) -> Iterator[tuple[URL, str]]:
    """An empty database of the same kind beside a place's; yields its address and, on PostgreSQL, its schema's name."""
    name = f"pulih_{secrets.token_hex(6)}"
    if place.kind == "sqlite":
        yield URL.create("sqlite", database=str(folder / "pendamping.sqlite3")), name
    else:
        from pendamping.operations.backup.postgresql import scratch_schema  # brings its driver along

        with scratch_schema(db.engine, name) as url:
            yield url, name


@contextmanager
def working_on(folder: Path, url: URL) -> Iterator[Place]:
    """Inside, the running app is one on another database, so that every verb and query works there."""
    another: Callable[[Settings], Flask] = current_app.extensions["another_app"]
    app = another(Settings(instance=folder, database_url=url, secret_key=secrets.token_hex(32)))
    with app.app_context():
        try:
            yield this_place()
        finally:
            db.session.remove()
            db.engine.dispose()
