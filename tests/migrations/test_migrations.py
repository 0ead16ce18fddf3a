"""From nothing to today and back, on both databases; what the models say is what the migrations make."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, UniqueConstraint, event, inspect, text

from pendamping.kernel.database import db, transaction
from pendamping.kernel.tables import Base
from pendamping.migrations.guards import APPEND_ONLY
from pendamping.operations.load import load_city
from pendamping.operations.schema import MIGRATIONS
from pendamping.search.index import is_of_the_product, triggers
from tests import only
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = list(SCRIPTS.walk_revisions())
LATER = {"office", "standing_designation", "partnership", "partnership_step"}
"""Tables of a later revision that loading the city and visits fill."""
OWED = "SELECT code || doer || CAST(number AS TEXT) || CAST(month_days AS TEXT) FROM obligation ORDER BY code"
GUARDS = {
    "sqlite": {f"{table}_is_never_{done}" for table in APPEND_ONLY for done in ("updated", "deleted")}
    | {"assignment_overlaps_on_insert", "assignment_overlaps_on_update"}
    | {each.name for each in triggers()},
    "postgresql": {f"{table}_is_append_only" for table in APPEND_ONLY} | {"assignment_overlaps"},
}


def tables() -> set[str]:
    """Without those of the search, which models do not know."""
    names = inspect(db.engine).get_table_names()
    return {name for name in names if is_of_the_product(name, "table")} - {"alembic_version"}


def said(statement: str) -> list[Any]:
    """Asked on a connection of its own, which lets go at once: an open read would keep a migration waiting."""
    with db.engine.connect() as connection:
        return list(connection.scalars(text(statement)))


def guards() -> set[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return set(said(catalogue[db.engine.dialect.name]))


def counts() -> dict[str, int]:
    return {name: said(f'SELECT count(*) FROM "{name}"')[0] for name in sorted(tables())}


def counts_of_the_first_tables() -> dict[str, int]:
    """Without what came later: going back drops those tables, coming again makes them empty."""
    return {name: count for name, count in counts().items() if name not in LATER}


def load() -> None:
    with transaction() as session:
        load_city(session, actor=ACTOR, now=NOW)


def test_up_down_and_up_again(empty_app: Flask) -> None:
    with empty_app.app_context():
        flask_migrate.upgrade()
        assert tables() == set(Base.metadata.tables)

        flask_migrate.downgrade(revision="base")
        assert tables() == set()
        assert guards() == set()

        flask_migrate.upgrade()
        assert tables() == set(Base.metadata.tables)
        assert guards() == GUARDS[db.engine.dialect.name]


@only.on_postgresql
def test_nothing_of_the_guards_is_left_behind(empty_app: Flask) -> None:
    with empty_app.app_context():
        flask_migrate.upgrade()
        flask_migrate.downgrade(revision="base")

        assert said("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == []


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_of_the_product})

        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_the_constraints_that_the_models_name(app: Flask) -> None:
    with app.app_context():
        inspector = inspect(db.engine)
        made = {
            table: {str(each["name"]) for each in inspector.get_check_constraints(table)}
            | {str(each["name"]) for each in inspector.get_unique_constraints(table)}
            for table in Base.metadata.tables
        }

        assert made == {name: _named(table) for name, table in Base.metadata.tables.items()}


def _named(table: Any) -> set[str]:
    preparer = db.engine.dialect.identifier_preparer
    kinds = CheckConstraint | UniqueConstraint
    return {str(preparer.format_constraint(each)) for each in table.constraints if isinstance(each, kinds)}


def test_the_guards_come_and_go_without_touching_a_row(empty_app: Flask) -> None:
    with empty_app.app_context():
        flask_migrate.upgrade()
        load()
        before, owed = counts_of_the_first_tables(), said(OWED)

        flask_migrate.downgrade(revision="0001")
        assert counts().items() <= before.items()
        assert guards() == set()

        flask_migrate.upgrade()
        assert (counts_of_the_first_tables(), guards()) == (before, GUARDS[db.engine.dialect.name])
        assert said(OWED) == owed


def test_visits_of_before_get_their_numbers_and_keep_their_answers(empty_app: Flask) -> None:
    with empty_app.app_context():
        flask_migrate.upgrade()
        load()
        with transaction() as session:
            rows = Make(session, now=NOW, today=TODAY, actor=ACTOR)
            facilitator = rows.facilitator()
            for month in (1, 2, 3):
                rows.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=dt.date(2026, month, 5))
        before = counts_of_the_first_tables()

        flask_migrate.downgrade(revision="0002")
        flask_migrate.upgrade()

        assert counts_of_the_first_tables() == before
        assert sorted(said("SELECT number FROM visit WHERE number_year = 2026")) == [1, 2, 3]
        assert said("SELECT last_number FROM paper_counter WHERE year = 2026") == [3]
        assert set(said("SELECT revision FROM answer")) == set(said("SELECT revision FROM visit_score")) == {1}
        assert guards() == GUARDS[db.engine.dialect.name]


@only.on_sqlite
def test_foreign_keys_are_on_again_afterwards(empty_app: Flask) -> None:
    with empty_app.app_context():
        flask_migrate.upgrade()

        assert said("PRAGMA foreign_keys") == [1]


REMAKE = '''
"""Remakes a table that others refer to, as batch mode does for most changes on SQLite."""

from alembic import op

revision = "remake"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("region", recreate="always"):
        pass


def downgrade() -> None:
    pass
'''

ORPHAN = '''
"""Leaves children without their parent."""

from alembic import op

revision = "orphan"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("DELETE FROM region WHERE code = '64.71.03'")


def downgrade() -> None:
    pass
'''


@pytest.fixture
def app_with_a_city(empty_app: Flask) -> Flask:
    with empty_app.app_context():
        flask_migrate.upgrade()
        load()
    return empty_app


def migrations_with(source: str, folder: Path) -> str:
    """The project's migrations and one more."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    written = source.format(head=SCRIPTS.get_current_head())
    (copy / "versions" / "one_more.py").write_text(written, encoding="utf-8")
    return str(copy)


@only.on_sqlite
def test_a_table_that_is_remade_keeps_its_children(app_with_a_city: Flask, tmp_path: Path) -> None:
    with app_with_a_city.app_context():
        before, keys = counts(), foreign_keys_while_tables_are_dropped()

        flask_migrate.upgrade(directory=migrations_with(REMAKE, tmp_path))

        assert counts() == before
        assert keys == [0]
        assert said("PRAGMA foreign_keys") == [1]


def foreign_keys_while_tables_are_dropped() -> list[int]:
    seen: list[int] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def look(connection: Any, cursor: Any, statement: str, *_rest: object) -> None:
        if "DROP TABLE" in statement:
            driver = connection.connection.dbapi_connection
            seen.append(driver.execute("PRAGMA foreign_keys").fetchone()[0])

    return seen


@only.on_sqlite
def test_a_migration_that_orphans_rows_is_named_and_keys_are_on_again(
    app_with_a_city: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with app_with_a_city.app_context():
        with pytest.raises(SystemExit):
            flask_migrate.upgrade(directory=migrations_with(ORPHAN, tmp_path))

        assert "a migration left rows without their parents" in caplog.text
        assert said("PRAGMA foreign_keys") == [1]


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.revision)
def test_a_revision_says_what_it_does_and_what_becomes_of_old_rows(revision: Script) -> None:
    sentence, _, rest = (revision.module.__doc__ or "").strip().partition("\n")

    assert sentence.endswith(".")
    assert "rows" in rest


def test_the_revisions_are_one_chain() -> None:
    assert [each.revision for each in REVISIONS] == [f"{number:04}" for number in range(len(REVISIONS), 0, -1)]
