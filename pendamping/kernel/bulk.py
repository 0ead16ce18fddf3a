"""Rows past the session: for what runs with every record that comes in and knows its columns, at a part of the cost."""

import contextlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Insert, Result, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.selectable import TypedReturnsRows

from pendamping.kernel.tables import Base

Columns = TypeVarTuple("Columns")
Entity = TypeVar("Entity", bound=Base)

Row = Mapping[str, Any]
"""By column; all rows of one call have the same columns."""


_new_id: ContextVar[Callable[[], uuid.UUID] | None] = ContextVar("pendamping_new_id", default=None)


def table_of(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


def read(session: Session, query: TypedReturnsRows[*Columns], terms: Row) -> Result[*Columns]:
    """What a query of columns finds, as `session.execute` does."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(query, terms)


def append(session: Session, model: type[Base], *rows: Row) -> None:
    """New rows, by one statement; those without an id get one."""
    new_id = _new_id.get()
    if new_id is not None and "id" in table_of(model).columns:
        rows = tuple({"id": new_id(), **row} for row in rows)
    if rows:
        session.connection().execute(_append(model), rows)


@contextlib.contextmanager
def ids_from(new_id: Callable[[], uuid.UUID]) -> Iterator[None]:
    """Rows that are appended inside without an id get theirs from here: for whoever makes the same rows each time."""
    token = _new_id.set(new_id)
    try:
        yield
    finally:
        _new_id.reset(token)


def known(session: Session, model: type[Entity], row: Row) -> Entity:
    """A row that was just appended, with every column, as if the session had read it."""
    entity = model(**row)
    make_transient_to_detached(entity)
    session.add(entity)
    return entity


def put(session: Session, model: type[Base], *rows: Row) -> None:
    """Rows in the place of those with their keys, or new, by one statement; what the session holds is read anew.

    A column that no row names stays as it is.
    """
    if not rows:
        return
    dialect = session.get_bind().dialect.name
    session.connection().execute(_put(model, dialect, tuple(rows[0])), rows)
    keys = [column.name for column in table_of(model).primary_key]
    for row in rows:
        held = session.identity_map.get(identity_key(model, tuple(row[name] for name in keys)))
        if held is not None:
            session.expire(held)


@cache
def _append(model: type[Base]) -> Insert:
    return insert(table_of(model))


@cache
def _put(model: type[Base], dialect: str, columns: Sequence[str]) -> Insert:
    table = table_of(model)
    keys = [column.name for column in table.primary_key]
    new = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    changed = {name: new.excluded[name] for name in columns if name not in keys}
    return new.on_conflict_do_update(index_elements=keys, set_=changed)
