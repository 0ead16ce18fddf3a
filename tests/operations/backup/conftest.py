"""An office with a visit and a photo, and an empty place of the same kind beside it."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import click
import pyrage
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from pendamping.attachments.service import keep, receive
from pendamping.kernel.database import transaction
from pendamping.kernel.files import files
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make
from tests.pictures import photo


def run(app: Flask, command: click.Command, *words: str, typed: str = "") -> Result:
    with app.app_context():
        return CliRunner().invoke(command, words, input=typed)


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
