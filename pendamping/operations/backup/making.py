"""Making a copy: all of it under its name, or nothing."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import sqlalchemy

from pendamping.kernel.database import db
from pendamping.kernel.filestore import FileStore
from pendamping.operations.backup.archive import Packing
from pendamping.operations.backup.disk import UNFINISHED, held, sync
from pendamping.operations.backup.faults import CannotWrite, TargetThere
from pendamping.operations.backup.manifest import PackedDatabase
from pendamping.operations.backup.place import Place
from pendamping.operations.backup.seal import Advance
from pendamping.operations.backup.sqlite import pack_sqlite


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Write beside a name and take the name at the end, when every byte is on the disk.

    Raises:
        TargetThere: something has the name already; it stays as it is.
        CannotWrite: no room, no right, no folder.
    """
    unfinished = target.with_name(f"{UNFINISHED}{secrets.token_hex(6)}")
    try:
        if target.exists():
            raise TargetThere(file=str(target))
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            held(descriptor)
            yield file
            file.flush()
            os.fsync(file.fileno())
        _take_name(unfinished, target)
        sync(target.parent)
    except OSError as error:
        raise CannotWrite(file=str(target), why=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _take_name(unfinished: Path, target: Path) -> None:
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise TargetThere(file=str(target)) from None
    except OSError:  # a stick or a share that knows no second names
        if target.exists():
            raise TargetThere(file=str(target)) from None
        unfinished.replace(target)


def where_to_work(place: Place, target: Path, *, is_locked: bool) -> Path:
    """Where one more copy of an SQLite database has room: the office's own disk; when that is nearly full, beside the
    target. What is to be locked does not lie open there, on somebody's stick, but where the system keeps such things.
    """
    if place.kind != "sqlite" or shutil.disk_usage(place.instance).free >= 2 * place.database.stat().st_size:
        return place.instance
    return Path(tempfile.gettempdir()) if is_locked else target.parent


def pack_database(place: Place, parts: Packing, *, folder: Path, advance: Advance) -> PackedDatabase:
    """The database as it is now."""
    if place.kind == "sqlite":
        return pack_sqlite(place.database, parts, folder=folder, advance=advance)
    from pendamping.operations.backup.postgresql import pack_postgresql  # brings its driver along

    return pack_postgresql(db.engine, parts)


def pack_files(store: FileStore, parts: Packing, named: set[str]) -> list[str]:
    """Every file that is what its name says. Looked at after the database, so none that this one names came later.

    Returns:
        Those that are named, and lost or damaged.
    """
    for sha256 in store.digests():
        data = _read(store, sha256)
        if data is not None and store.digest(data) == sha256:
            parts.add(f"berkas/{sha256[:2]}/{sha256}", [data], is_packed_already=True)
    packed = {name.rpartition("/")[2] for name in parts.members if name.startswith("berkas/")}
    return sorted(named - packed)


def _read(store: FileStore, sha256: str) -> bytes | None:
    try:
        return store.read(sha256)
    except OSError:  # a bad spot on the disk must not keep everything else from being saved
        return None


def size_of(place: Place) -> int:
    """About how many bytes there are to go through, for a bar."""
    files = [place.store.path(sha256).stat().st_size for sha256 in place.store.digests()]
    if place.kind == "sqlite":
        return sum(files) + 2 * place.database.stat().st_size
    with db.engine.connect() as connection:
        size = connection.scalar(sqlalchemy.text("SELECT pg_database_size(current_database())"))
    return sum(files) + int(size or 0)
