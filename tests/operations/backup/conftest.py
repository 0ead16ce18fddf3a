"""An office with a visit and a photo, and an empty place of the same kind beside it."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pyrage
import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from pendamping.app import create_app
from pendamping.attachments.service import keep, receive
from pendamping.kernel.database import db, transaction
from pendamping.kernel.files import files
from pendamping.settings import Settings
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make
from tests.pictures import photo


def app_at(url: URL, instance: Path) -> Flask:
    settings = Settings(instance=instance, database_url=url, secret_key="k" * 64)
    return create_app(settings, clock=lambda: NOW, overrides={"TESTING": True})


@pytest.fixture
def quick_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases without the second that a real one takes."""
    simple = SimpleNamespace(encrypt=lambda data, _: data, decrypt=lambda data, _: data)
    monkeypatch.setattr(pyrage, "passphrase", simple)


@pytest.fixture
def office(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The office that is copied: one visit, one photo. Where the system keeps such things, it is alone."""
    (tmp_path / "sementara").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "sementara"))
    shutil.rmtree(app.config["SETTINGS"].instance / "berkas", ignore_errors=True)
    with app.app_context(), transaction() as session:
        make = Make(session, now=NOW, today=TODAY, actor=ACTOR)
        facilitator = make.facilitator()
        make.visit(facilitator)
        receive(session, uuid.uuid4(), keep(files(), photo()), uploader_id=facilitator.id, actor=ACTOR, now=NOW)
    yield app
    shutil.rmtree(app.config["SETTINGS"].instance / "berkas", ignore_errors=True)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[URL]:
    if database_kind == "sqlite":
        yield URL.create("sqlite", database=str(tmp_path / "tempat" / "kosong.sqlite3"))
        return
    _, database = request.getfixturevalue("postgresql_app")
    server = create_engine(database.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE kosong"))
        yield database.url.set(database="kosong")
        connection.execute(text("DROP DATABASE kosong WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def empty_app(empty_url: URL, tmp_path: Path) -> Iterator[Flask]:
    """The app on a database in which nothing has ever been, with no files."""
    (tmp_path / "tempat").mkdir()
    app = app_at(empty_url, tmp_path / "tempat")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
