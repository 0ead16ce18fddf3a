"""What every test can ask for: an app on a real database, a client, people and cooperatives to work with."""

import datetime as dt
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from pendamping.accounts.links import routes as links
from pendamping.accounts.links.tokens import written
from pendamping.accounts.models import User
from pendamping.app import create_app
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import transaction
from pendamping.kernel.logs import configure_logging
from pendamping.kernel.roles import Role
from pendamping.operations.load import load_city
from pendamping.settings import Settings
from tests.databases import KINDS, PostgresqlDatabase, SqliteDatabase, TestDatabase, let_go, postgresql_server
from tests.keys import WatchedClient, remembered
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser

NOW = dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)
"""Tuesday, 14 April 2026, 09.30 in Balikpapan."""
TODAY = dt.date(2026, 4, 14)
ACTOR = Actor(None, "test")


def app_on(url: URL, instance: Path) -> Flask:
    settings = Settings(instance=instance, database_url=url, secret_key="k" * 64)
    app = create_app(settings, clock=lambda: NOW, overrides={"TESTING": True, "PROPAGATE_EXCEPTIONS": False})
    app.test_client_class = WatchedClient
    return app


@pytest.fixture(scope="session", autouse=True)
def _watch_for_tokens() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "written", lambda secret: remembered(written(secret)))
        yield


def _prepared(database: TestDatabase, instance: Path) -> tuple[Flask, TestDatabase]:
    app = app_on(database.url, instance)
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
            load_city(session, actor=ACTOR, now=NOW)
    database.keep_as_template(app)
    return app, database


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, TestDatabase]:
    folder = tmp_path_factory.mktemp("sqlite")
    return _prepared(SqliteDatabase(folder), folder)


@pytest.fixture(scope="session")
def postgresql_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, TestDatabase]]:
    folder = tmp_path_factory.mktemp("postgresql")
    with postgresql_server() as url:
        database = PostgresqlDatabase(url)
        app, _ = _prepared(database, folder)
        yield app, database
        database.close(app)


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every test that touches the database runs on each of them."""
    return str(request.param)


@pytest.fixture
def app(request: pytest.FixtureRequest, database_kind: str) -> Flask:
    """The app on a fresh copy of the loaded city: 34 cooperatives, three instruments, the calendar; no people."""
    prepared: tuple[Flask, TestDatabase] = request.getfixturevalue(f"{database_kind}_app")
    app, database = prepared
    database.reset(app)
    return app


@pytest.fixture
def empty_app(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[Flask]:
    """The app in a folder of its own without a file, on a database in which nothing has ever been."""
    prepared: tuple[Flask, TestDatabase] = request.getfixturevalue(f"{database_kind}_app")
    folder = tmp_path / "tempat"
    folder.mkdir()
    with prepared[1].empty_one(folder) as url:
        app = app_on(url, folder)
        yield app
        let_go(app)


@pytest.fixture
def request_context(sqlite_app: tuple[Flask, object]) -> Iterator[None]:
    """Inside the app, where words are said; without its database."""
    with sqlite_app[0].test_request_context():
        yield


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A write transaction, for tests of services. Not together with `client`: no app context may stay open under it."""
    with app.app_context(), transaction() as session:
        yield session


@pytest.fixture
def make(session: Session) -> Make:
    """Makes valid rows in `session`; a test states only what it is about."""
    return Make(session, now=NOW, today=TODAY, actor=ACTOR)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A client that reads every page as a strict reader would; see `tests.pages`."""
    return Browser(app, Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR))


@pytest.fixture
def facilitator(browser: Browser) -> User:
    """Somebody who is signed in and accompanies KKMP Graha Indah and KKMP Kariangau; short instruments are in force."""
    with browser.make() as make:
        make.short_instruments()
        user: User = make.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna Wulandari")
    browser.sign_in(user)
    return user


@pytest.fixture
def head(browser: Browser) -> User:
    """The agency's head, signed in; short instruments are in force."""
    with browser.make() as make:
        make.short_instruments()
        user: User = make.user(Role.AGENCY_HEAD)
    browser.sign_in(user)
    return user


@pytest.fixture
def admin(browser: Browser) -> User:
    with browser.make() as make:
        user: User = make.user(Role.ADMIN)
    browser.sign_in(user)
    return user


@pytest.fixture
def logged(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Call it for what was logged since; ask for it after `faulty`, because an app that is made starts its own log."""
    written = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        configure_logging()
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    configure_logging()
