"""SQLite in a copy: the file itself, as it was at one instant."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pendamping.operations.backup.archive import Copy, Packing
from pendamping.operations.backup.disk import sync
from pendamping.operations.backup.faults import CannotWrite
from pendamping.operations.backup.manifest import DatabasePart, PackedDatabase, Table
from pendamping.operations.backup.seal import CHUNK, Advance

MEMBER = "basis-data.sqlite3"
PAGES_AT_ONCE = 2_000
WAIT_SECONDS = 15.0
SIDE_FILES = ("-wal", "-shm", "-journal")


def pack_sqlite(database: Path, parts: Packing, *, folder: Path, advance: Advance) -> PackedDatabase:
    """Put the database as it is now into a copy, even if it is broken; whoever writes goes on writing.

    Args:
        folder: room for one more copy of the file.
    """
    snapshot = folder / MEMBER
    _take(database, snapshot, advance)
    with closing(sqlite3.connect(snapshot)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, without another beside it
        broken = broken_sqlite(connection)
        names = [] if broken else _tables(connection)
        part = DatabasePart(
            kind="sqlite",
            server=sqlite3.sqlite_version,
            revision=str(_revision(connection)),
            tables={name: Table(_rows(connection, name), _columns(connection, name)) for name in names},
        )
        named = set() if broken else attachments_named(connection)
    parts.add(MEMBER, _chunks(snapshot))
    snapshot.unlink()
    return PackedDatabase(part, named, broken)


def _take(database: Path, snapshot: Path, advance: Advance) -> None:
    """The online backup, read through one open transaction: otherwise every write would make it begin anew."""
    with closing(sqlite3.connect(database, timeout=WAIT_SECONDS, isolation_level=None)) as source:
        (page_size,) = source.execute("PRAGMA page_size").fetchone()
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(snapshot)) as target:
            left: list[int] = []

            def told(_status: int, remaining: int, total: int) -> None:
                advance((left[-1] if left else total) * page_size - remaining * page_size)
                left.append(remaining)

            try:
                source.backup(target, pages=PAGES_AT_ONCE, progress=told, sleep=0.01)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    raise CannotWrite(file=str(snapshot.parent), why=str(error)) from error
                raise
        source.execute("ROLLBACK")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            yield data


def unpack_sqlite(copy: Copy, database: Path) -> None:
    with database.open("xb") as file:
        for data in copy.chunks(MEMBER):
            file.write(data)


def is_empty_sqlite(database: Path) -> bool:
    """No file, or one in which nothing has ever been made."""
    if not database.exists():
        return True
    try:
        with closing(sqlite3.connect(database, timeout=WAIT_SECONDS)) as connection:
            return bool(connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])
    except sqlite3.Error:  # whatever it is, it is something
        return False


def differences_sqlite(database: Path, part: DatabasePart) -> list[str]:
    """What a database that was put back lacks of what its copy promised, in words."""
    with closing(sqlite3.connect(database)) as connection:
        if found := broken_sqlite(connection):
            return found
        there = {name: _rows(connection, name) for name in _tables(connection)}
        revision = _revision(connection)
    if revision != part.revision:
        return [f"basis data pada revisi {revision}, seharusnya {part.revision}"]
    return different_counts({name: table.rows for name, table in part.tables.items()}, there)


def broken_sqlite(connection: sqlite3.Connection) -> list[str]:
    """Damage in the file, and rows without their parents, in words."""
    try:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [f"basis data tidak terbaca ({error})"]
    found = [f"basis data: {line}" for line in said if line != "ok"]
    return found + [f"tabel {table}, baris {row}: induknya di {parent} tidak ada" for table, row, parent, _ in orphans]


def different_counts(promised: dict[str, int], there: dict[str, int]) -> list[str]:
    found = [f"tabel {name} tidak ada" for name in promised.keys() - there.keys()]
    found += [f"tabel {name} tidak disebut manifes" for name in there.keys() - promised.keys()]
    both = sorted(promised.keys() & there.keys())
    return sorted(found) + [
        f"tabel {name}: {there[name]} baris, seharusnya {promised[name]}"
        for name in both
        if there[name] != promised[name]
    ]


def attachments_named(connection: sqlite3.Connection) -> set[str]:
    if "attachment" not in _tables(connection):
        return set()
    return {row[0] for row in connection.execute("SELECT sha256 FROM attachment")}


def move_in_sqlite(restored: Path, database: Path) -> None:
    """Give a finished database its place; until this instant there is none."""
    for leftover in (database, *(Path(f"{database}{end}") for end in SIDE_FILES)):
        leftover.unlink(missing_ok=True)
    sync(restored)
    restored.replace(database)
    sync(database.parent)


def _tables(connection: sqlite3.Connection) -> Sequence[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [name for (name,) in rows if name != "alembic_version"]


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    return revision


def _rows(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608  # named by SQLite


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
