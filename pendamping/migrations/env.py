"""Runs migrations on the app's own database, in a write transaction of its own."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from pendamping.kernel.database import db, writing
from pendamping.kernel.tables import Base, ScoreNumber, UtcDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Our column types are what they store: a migration must not change when a Python class does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, ScoreNumber):
        return "sa.Integer()"
    return False


def run() -> None:
    with writing(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch mode drops and remakes tables: with keys on, ON DELETE CASCADE would empty the children.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"a migration left rows without their parents: {broken[:5]}")
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


assert current_app
run()
