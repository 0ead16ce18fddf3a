"""Runs migrations on the app's own database, in a write transaction of its own."""

import contextlib
from collections.abc import Iterator
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from pendamping.kernel.database import db, writing
from pendamping.kernel.tables import Base, ScoreNumber, UtcDateTime
from pendamping.search.index import is_of_the_product


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Our column types are what they store: a migration must not change when a Python class does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, ScoreNumber):
        return "sa.Integer()"
    return False


@contextlib.contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Batch mode drops and remakes tables: with keys on, ON DELETE CASCADE would empty the children.

    SQLite heeds the switch only outside of a transaction, and SQLAlchemy begins one before each statement of its own:
    hence the driver's connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"a migration left rows without their parents: {broken[:5]}")
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    with writing(), db.engine.connect() as connection, without_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            include_name=is_of_the_product,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


assert current_app
run()
