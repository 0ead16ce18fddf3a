"""What is written is counted once it is stored."""

import pytest
from flask import Flask
from sqlalchemy import text

from pendamping.kernel.database import reading, transaction
from pendamping.kernel.write_counts import ANY, changes, table_written


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("INSERT INTO visit (id) VALUES (?)", "visit"),
        ("insert or ignore into day_off VALUES (?)", "day_off"),
        ('UPDATE "user" SET name = ?', "user"),
        ("\n  DELETE FROM draft WHERE id = ?", "draft"),
        ("WITH old AS (SELECT 1) DELETE FROM draft", ANY),
        ("SELECT visit.id FROM visit", None),
        ("SAVEPOINT sa_savepoint_1", None),
        ("PRAGMA query_only=OFF", None),
    ],
)
def test_a_statement_says_what_it_writes_to(statement: str, table: str | None) -> None:
    assert table_written(statement) == table


def test_a_table_counts_after_the_commit_and_not_within(app: Flask) -> None:
    with app.app_context():
        before = changes().get("day_off", 0)
        with transaction() as session:
            session.execute(text("DELETE FROM day_off"))
            assert changes().get("day_off", 0) == before
        assert changes()["day_off"] == before + 1
        assert "day_off" not in changes(without={"day_off"})
        reading().execute(text("SELECT count(*) FROM day_off"))
        assert changes()["day_off"] == before + 1
