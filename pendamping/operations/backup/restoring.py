"""Putting a copy back: first beside the place, looked through there, then into it at one instant."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from pendamping.kernel.database import db
from pendamping.operations.backup import sqlite
from pendamping.operations.backup.archive import Copy
from pendamping.operations.backup.place import Place
from pendamping.operations.backup.progress import Watched
from pendamping.operations.schema import migrate

FEW = 5


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


def shortened(found: list[str]) -> str:
    """Findings on one line."""
    more = f", dan {len(found) - FEW} lagi" if len(found) > FEW else ""
    return "; ".join(found[:FEW]) + more


def unpack_files(copy: Copy, place: Place) -> None:
    """Give the attachments their place; until the last one is there, they lie beside it."""
    unfinished = place.store.folder.with_name(".belum-berkas")
    store = type(place.store)(unfinished)
    with Watched("Memulihkan berkas", sum(each.byte_size for each in copy.manifest.files.values())) as watched:
        for name in copy.manifest.members:
            if name.startswith("berkas/"):
                data = b"".join(copy.chunks(name))
                store.put(data)
                watched.advance(len(data))
    if unfinished.exists():
        _replace_empty(place.store.folder, unfinished)


def _replace_empty(folder: Path, by: Path) -> None:
    for inner in sorted(folder.rglob("*"), reverse=True):
        inner.rmdir()
    by.replace(folder)


def move_in(place: Place, restored: URL, schema: str) -> None:
    """Let what lies beside the place be the place; until this instant it is empty."""
    if place.kind == "sqlite":
        sqlite.move_in_sqlite(Path(str(restored.database)), place.database)
    else:
        from pendamping.operations.backup import postgresql  # brings its driver along

        postgresql.move_in_postgresql(db.engine, schema)
