"""Putting a copy back: first beside the place, looked through there, then into it at one instant."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from pendamping.kernel.database import db
from pendamping.kernel.filestore import FileStore
from pendamping.operations.backup import sqlite
from pendamping.operations.backup.archive import Copy
from pendamping.operations.backup.disk import in_place_of, made, room, undisturbed
from pendamping.operations.backup.keys import unpack_keys
from pendamping.operations.backup.place import Place
from pendamping.operations.backup.progress import Watched
from pendamping.operations.schema import migrate


def put_back(copy: Copy, place: Place) -> None:
    """Fill a scratch place's database with a copy, at the migration that the copy is of."""
    if place.kind == "sqlite":
        sqlite.unpack_sqlite(copy, place.database)
    else:
        from pendamping.operations.backup import postgresql  # brings its driver along

        migrate(copy.manifest.database.revision)
        postgresql.unpack_postgresql(copy)


def differences(copy: Copy, place: Place) -> list[str]:
    """What is wrong with a database that was put back, in words; nothing, if all is well."""
    if place.kind == "sqlite":
        found = sqlite.differences_sqlite(place.database, copy.manifest.database)
        with closing(sqlite3.connect(place.database)) as connection:
            named = set() if found else sqlite.attachments_named(connection)
    else:
        from pendamping.operations.backup import postgresql  # brings its driver along

        found = postgresql.differences_postgresql(db.engine, copy)
        with db.engine.connect() as connection_:
            named = postgresql.attachments_named(connection_)
    return found + [f"lampiran {sha256[:16]}... tidak ada dalam cadangan" for sha256 in sorted(_missing(copy, named))]


def _missing(copy: Copy, named: set[str]) -> set[str]:
    return named - copy.manifest.files.keys() - set(copy.manifest.missing_files)


@contextmanager
def files_beside(copy: Copy, place: Place) -> Iterator[dict[Path, Path]]:
    """A copy's attachments, unpacked on the disk where they belong; yields where they lie by where they belong."""
    with made(place.store.folder), room(place.store.folder) as folder:
        store = FileStore(folder)
        with Watched("Memulihkan berkas", sum(each.byte_size for each in copy.manifest.files.values())) as watched:
            for name in copy.manifest.members:
                if name.startswith("berkas/"):
                    data = b"".join(copy.chunks(name))
                    store.put(data)
                    watched.advance(len(data))
        yield {place.store.originals: store.originals} if store.originals.exists() else {}


@contextmanager
def keys_beside(copy: Copy, place: Place, *, is_locked: bool) -> Iterator[dict[Path, Path]]:
    """The same for the office's keys; an open copy has none that anybody should believe in."""
    with room(place.instance) as folder:
        names = unpack_keys(copy, folder) if is_locked else []
        yield {place.instance / name: folder / name for name in names}


def move_in(place: Place, restored: URL, schema: str, beside: Mapping[Path, Path]) -> None:
    """Let what lies beside the place be the place: all of it, or nothing. The database comes last; until it is there,
    the place is no office.

    Args:
        beside: files and folders by where they belong.
    """
    with undisturbed(), ExitStack() as stack:
        for home, new in beside.items():
            stack.enter_context(in_place_of(home, new))
        move_in_database(place, restored, schema)


def move_in_database(place: Place, restored: URL, schema: str) -> None:
    if place.kind == "sqlite":
        sqlite.move_in_sqlite(Path(str(restored.database)), place.database)
    else:
        from pendamping.operations.backup import postgresql  # brings its driver along

        postgresql.move_in_postgresql(db.engine, schema)
