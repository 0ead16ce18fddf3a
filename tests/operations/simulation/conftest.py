"""A small simulated year on each database: made once for the tests that only read it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from pendamping.kernel.database import reading, transaction
from pendamping.kernel.files import files
from pendamping.operations.simulation.making import simulate
from pendamping.operations.simulation.wanted import Wanted
from tests.conftest import TODAY
from tests.databases import KINDS, TestDatabase

SMALL = Wanted(cooperatives=6, months=4, until=TODAY, seed=1)


def simulated_on(app: Flask, wanted: Wanted = SMALL) -> None:
    with app.app_context(), transaction() as session:
        simulate(session, wanted, store=files(), advance=lambda: None)


@pytest.fixture(scope="module", params=KINDS)
def year(request: pytest.FixtureRequest) -> Flask:
    """The app on a simulated year. Tests of this module read it and leave it as it is."""
    prepared: tuple[Flask, TestDatabase] = request.getfixturevalue(f"{request.param}_app")
    app, database = prepared
    database.reset(app)
    simulated_on(app)
    return app


@pytest.fixture
def reset(app: Flask, request: pytest.FixtureRequest, database_kind: str) -> Callable[[], None]:
    """Brings the test's own app back to the freshly loaded city."""
    _, database = request.getfixturevalue(f"{database_kind}_app")
    return lambda: database.reset(app)


@pytest.fixture
def rows(year: Flask) -> Iterator[Session]:
    """For reading the simulated year."""
    with year.app_context():
        yield reading()
