import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pendamping.kernel.audit import AuditEvent
from pendamping.migrations.guards import APPEND_ONLY
from tests import only
from tests.breaking import Broken, misjudged, removes, rewrites
from tests.make import Make

BROKEN: Broken = {
    "audit_event_is_append_only: update": rewrites(AuditEvent, verb="nothing"),
    "audit_event_is_append_only: delete": removes(AuditEvent),
}


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


@only.on_postgresql
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_log_is_emptied_at_one_stroke(session: Session, table: str) -> None:
    """Only PostgreSQL has a TRUNCATE, which triggers for rows would not see."""
    with pytest.raises(IntegrityError, match=f"{table}_is_append_only"), session.begin_nested():
        session.execute(text(f'TRUNCATE "{table}" CASCADE'))
