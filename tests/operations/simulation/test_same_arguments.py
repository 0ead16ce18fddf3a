"""The same arguments make the same rows, to the last letter."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from pendamping.kernel.database import reading
from pendamping.kernel.tables import Base
from tests.operations.simulation.conftest import SMALL, simulated_on

SALTED = {"password_hash"}
"""A hash of the same password differs each time, and must."""


def rows_of(app: Flask) -> Mapping[str, list[tuple[object, ...]]]:
    with app.app_context():
        return {
            table.name: sorted(
                (tuple(row) for row in reading().execute(select(*(c for c in table.columns if c.name not in SALTED)))),
                key=repr,
            )
            for table in Base.metadata.sorted_tables
        }


def test_two_runs_make_the_same_rows(app: Flask, reset: Callable[[], None]) -> None:
    simulated_on(app)
    first = rows_of(app)
    reset()

    simulated_on(app)

    second = rows_of(app)
    assert {name: rows for name, rows in first.items() if rows != second[name]} == {}
    assert len(first["answer"]) > 500


def test_another_seed_makes_another_year(app: Flask, reset: Callable[[], None]) -> None:
    simulated_on(app)
    first = rows_of(app)
    reset()

    simulated_on(app, replace(SMALL, seed=2))

    second = rows_of(app)
    assert not any(row in second["visit"] for row in first["visit"])
    assert len(second["visit"]) > 20
