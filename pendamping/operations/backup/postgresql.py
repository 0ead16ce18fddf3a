"""PostgreSQL in a copy: every table as COPY writes it, all from one snapshot. The driver does it alone."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Cursor, sql
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL

from pendamping.kernel.database import transaction, writing
from pendamping.operations.backup.archive import Copy, Packing
from pendamping.operations.backup.faults import DatabaseRefuses
from pendamping.operations.backup.manifest import DatabasePart, PackedDatabase, Table

SETTINGS = ("SET LOCAL timezone = 'UTC'", "SET LOCAL datestyle = 'ISO, YMD'", "SET LOCAL intervalstyle = 'postgres'")
"""How COPY writes must not depend on whoever asks."""
VERSIONS = "alembic_version"
FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = %s::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def pack_postgresql(engine: Engine, parts: Packing) -> PackedDatabase:
    """Put every table of the database as it is now into a copy; whoever writes goes on writing."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        revision = connection.scalar(text(f"SELECT version_num FROM {VERSIONS}"))  # noqa: S608  # our own name
        server = connection.scalar(text("SHOW server_version"))
        columns = _columns(connection)
        with _cursor(connection) as cursor:
            tables = {name: _pack(cursor, parts, name, columns[name]) for name in sorted(columns)}
        named = attachments_named(connection)
        broken = broken_postgresql(connection)
    part = DatabasePart(kind="postgresql", server=str(server), revision=str(revision), tables=tables)
    return PackedDatabase(part, named, broken)


def _columns(connection: Connection) -> dict[str, list[str]]:
    inspector = inspect(connection)
    names = [name for name in inspector.get_table_names() if name != VERSIONS]
    return {name: [each["name"] for each in inspector.get_columns(name)] for name in names}


@contextmanager
def _cursor(connection: Connection) -> Iterator[Cursor[Any]]:
    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.cursor() as cursor:
            for setting in SETTINGS:
                cursor.execute(setting)
            yield cursor
    except psycopg.Error as error:
        raise DatabaseRefuses(why=str(error).strip().splitlines()[0]) from error


def _pack(cursor: Cursor[Any], parts: Packing, table: str, columns: list[str]) -> Table:
    parts.add(member_of(table), _written(cursor, table, columns))
    return Table(cursor.rowcount, columns)


def member_of(table: str) -> str:
    return f"tabel/{table}.copy"


def _written(cursor: Cursor[Any], table: str, columns: Sequence[str]) -> Iterator[bytes]:
    """The rows of a table in an order that is the same on every server, so that equal rows are equal bytes."""
    query = sql.SQL('COPY (SELECT {} FROM {} AS row_of ORDER BY (row_of.*)::text COLLATE "C") TO STDOUT')
    with cursor.copy(query.format(_listed(columns), sql.Identifier(table))) as rows:
        for data in rows:
            yield bytes(data)


def _listed(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def attachments_named(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("attachment"):
        return set()
    return set(connection.scalars(text("SELECT sha256 FROM attachment")))


def is_empty_postgresql(engine: Engine) -> bool:
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


# Putting back ---------------------------------------------------------------------------------------------------------


@contextmanager
def scratch_schema(engine: Engine, name: str) -> Iterator[URL]:
    """A schema beside the one that people work in, gone afterwards; yields the address where it is the only one."""
    _run(engine, sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    options = str(engine.url.query.get("options", ""))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})
            yield engine.url.update_query_dict({"options": f"{options} -csearch_path={name}".strip()})
    finally:
        _run(engine, sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))


def scratch_left_behind(engine: Engine) -> list[str]:
    """Scratch schemas that nobody holds any more."""
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname ~ '^pulih_[0-9a-f]{12}$'"))
        take = text("SELECT pg_try_advisory_xact_lock(hashtext(:name))")
        return [f"skema {name}" for name in sorted(names) if connection.scalar(take, {"name": name})]


def _run(engine: Engine, statement: sql.Composed) -> None:
    with writing(), engine.begin() as connection, _cursor(connection) as cursor:
        cursor.execute(statement)


def unpack_postgresql(copy: Copy) -> None:
    """Fill the tables of the app's database, which migrations have just made, in one transaction.

    References are looked at when everything is there; triggers, made for people's changes, stay out of it.
    """
    with transaction() as session, _cursor(session.connection()) as cursor:
        tables = copy.manifest.database.tables
        references = _references(cursor)
        for name, reference in references:
            _alter(cursor, name, "ALTER CONSTRAINT {} DEFERRABLE INITIALLY DEFERRED", reference)
        for name in tables:
            _alter(cursor, name, "DISABLE TRIGGER USER")
            cursor.execute(
                sql.SQL("DELETE FROM {}").format(sql.Identifier(name))
            )  # what a migration may have put there
        for name, table in tables.items():
            _fill(cursor, copy, name, table.columns)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in tables:
            _alter(cursor, name, "ENABLE TRIGGER USER")
        for name, reference in references:
            _alter(cursor, name, "ALTER CONSTRAINT {} NOT DEFERRABLE", reference)


def _references(cursor: Cursor[Any]) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT r.relname, c.conname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid "
        "WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND NOT c.condeferrable"
    )
    return cursor.fetchall()


def _alter(cursor: Cursor[Any], table: str, change: str, *names: str) -> None:
    statement = sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table))
    cursor.execute(statement + sql.SQL(change).format(*map(sql.Identifier, names)))


def _fill(cursor: Cursor[Any], copy: Copy, table: str, columns: Sequence[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(columns))
    with cursor.copy(statement) as rows:
        for data in copy.chunks(member_of(table)):
            rows.write(data)


def differences_postgresql(engine: Engine, copy: Copy) -> list[str]:
    """What a database that was put back lacks of what its copy promised, in words."""
    promised = copy.manifest.database.tables
    with engine.connect() as connection:
        there = _columns(connection)
        found = [f"tabel {name} tidak disebut manifes" for name in sorted(there.keys() - promised.keys())]
        with _cursor(connection) as cursor:
            for name, table in promised.items():
                digest = hashlib.sha256()
                for data in _written(cursor, name, table.columns):
                    digest.update(data)
                if cursor.rowcount != table.rows:
                    found.append(f"tabel {name}: {cursor.rowcount} baris, seharusnya {table.rows}")
                elif digest.hexdigest() != copy.manifest.members[member_of(name)].sha256:
                    found.append(f"tabel {name}: isinya berbeda")
    return found


def move_in_postgresql(engine: Engine, scratch: str) -> None:
    """Give everything of a finished scratch schema its place, all at one instant."""
    with writing(), engine.begin() as connection, _cursor(connection) as cursor:
        (home,) = cursor.execute("SELECT current_schema()").fetchone() or (None,)
        for name in inspect(connection).get_table_names(schema=scratch):
            statement = sql.SQL("ALTER TABLE {}.{} SET SCHEMA {}")
            cursor.execute(statement.format(*map(sql.Identifier, (scratch, name, str(home)))))
        for (function,) in cursor.execute(FUNCTIONS, (scratch,)).fetchall():
            cursor.execute(
                sql.SQL("ALTER FUNCTION {} SET SCHEMA {}").format(sql.SQL(function), sql.Identifier(str(home)))
            )


# Integrity ------------------------------------------------------------------------------------------------------------


def broken_postgresql(connection: Connection) -> list[str]:
    """Rows without their parents, in words; the server itself sees to everything else, but not to what went past it."""
    found, inspector = [], inspect(connection)
    for table in inspector.get_table_names():
        for reference in inspector.get_foreign_keys(table):
            count = _orphans(connection, table, dict(reference))
            if count:
                found.append(f"tabel {table}: {count} baris tanpa induk di {reference['referred_table']}")
    return found


def _orphans(connection: Connection, table: str, reference: dict[str, Any]) -> int:
    pairs = list(zip(reference["constrained_columns"], reference["referred_columns"], strict=True))
    match = sql.SQL(" AND ").join(
        sql.SQL("parent.{} = child.{}").format(sql.Identifier(theirs), sql.Identifier(own)) for own, theirs in pairs
    )
    is_set = sql.SQL(" AND ").join(sql.SQL("child.{} IS NOT NULL").format(sql.Identifier(own)) for own, _ in pairs)
    query = sql.SQL("SELECT count(*) FROM {} child WHERE {} AND NOT EXISTS (SELECT 1 FROM {} parent WHERE {})").format(
        sql.Identifier(table), is_set, sql.Identifier(reference["referred_table"]), match
    )
    driver: Any = connection.connection.dbapi_connection
    return int(driver.execute(query).fetchone()[0])
