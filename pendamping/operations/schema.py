"""Which migration the app's database is at, and whether this program can work with that."""

from functools import cache
from pathlib import Path

import click
import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from pendamping.kernel.database import db

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def revision() -> str | None:
    """The migration that the database is at; None before the first."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def known_revisions() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


@cache
def head_revision() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def migrate(to: str = "head") -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS), revision=to)


def refuse_newer(current: str | None) -> None:
    """Raises ClickException: a later version of the program has changed the database; writing to it would harm it."""
    if current is not None and current not in known_revisions():
        said = f"basis data lebih baru daripada program ini (revisi {current}); mutakhirkan program"
        raise click.ClickException(said)


def refuse_other_schema() -> None:
    """Raises ClickException: the database is not as this program needs it; one line says what to do."""
    current = revision()
    refuse_newer(current)
    if current != head_revision():
        raise click.ClickException("basis data belum disiapkan; jalankan dahulu: pendamping init")
