"""Databases with nothing in them yet, one of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from pendamping.app import create_app
from pendamping.kernel.database import db
from pendamping.settings import Settings
from tests.conftest import NOW


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[URL]:
    if database_kind == "sqlite":
        yield URL.create("sqlite", database=str(tmp_path / "empty.sqlite3"))
        return
    _, database = request.getfixturevalue("postgresql_app")
    server = create_engine(database.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE empty"))
        yield database.url.set(database="empty")
        connection.execute(text("DROP DATABASE empty WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def empty_app(empty_url: URL, tmp_path: Path) -> Iterator[Flask]:
    """The app on a database in which no migration has run."""
    settings = Settings(instance=tmp_path, database_url=empty_url, secret_key="k" * 64)
    app = create_app(settings, clock=lambda: NOW)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
