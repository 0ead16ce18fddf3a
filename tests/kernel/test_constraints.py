import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import db, transaction
from pendamping.migrations.guards import APPEND_ONLY
from tests.breaking import Broken, misjudged, removes, rewrites
from tests.make import Make

BROKEN: Broken = {
    "audit_event_is_append_only: update": rewrites(AuditEvent, verb="nothing"),
    "audit_event_is_append_only: delete": removes(AuditEvent),
}


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_log_is_emptied_at_one_stroke(postgresql: Flask, table: str) -> None:
    with (
        postgresql.app_context(),
        pytest.raises(IntegrityError, match=f"{table}_is_append_only"),
        transaction() as session,
    ):
        session.execute(text(f'TRUNCATE "{table}" CASCADE'))


@pytest.fixture
def postgresql(request: pytest.FixtureRequest) -> Flask:
    """Only PostgreSQL has a TRUNCATE, which row triggers would not see."""
    app, database = request.getfixturevalue("postgresql_app")
    database.reset(app)
    assert isinstance(app, Flask)
    with app.app_context():
        assert db.engine.dialect.name == "postgresql"
    return app
