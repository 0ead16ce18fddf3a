"""The world that is walked through, and each of its people."""

import pytest
from flask import Flask

from tests.architecture.access.table import PEOPLE
from tests.architecture.access.world import World, two_cooperatives


@pytest.fixture
def world(app: Flask) -> World:
    return two_cooperatives(app)


@pytest.fixture(params=PEOPLE)
def person(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[name for name in PEOPLE if name != "nobody"])
def somebody(request: pytest.FixtureRequest) -> str:
    return str(request.param)
