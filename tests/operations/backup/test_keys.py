"""The office's keys: in locked copies, in no other, and back where they were."""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from pendamping.kernel.database import reading
from pendamping.operations.backup.cli import backup, restore
from pendamping.operations.backup.doctor import Finding, examine
from pendamping.operations.backup.place import this_place
from tests.conftest import NOW
from tests.only import on_sqlite
from tests.operations.backup.conftest import run

KEYS = {"secret.key": b"s" * 64, "vapid.pem": b"-----BEGIN PRIVATE KEY-----\n"}
PASSPHRASE = "mangrove di teluk"


@pytest.fixture
def keyed(office: Flask) -> Iterator[Flask]:
    """The office, with its keys beside its database."""
    instance = office.config["SETTINGS"].instance
    for name, data in KEYS.items():
        (instance / name).write_bytes(data)
        (instance / name).chmod(0o600)
    yield office
    for name in KEYS:
        (instance / name).unlink()


def about_keys(app: Flask) -> Finding:
    with app.app_context():
        return next(each for each in examine(reading(), this_place(), now=NOW) if each.about == "Kunci")


@on_sqlite
def test_a_locked_copy_brings_the_keys_back_for_their_owner_alone(
    keyed: Flask, empty_app: Flask, tmp_path: Path
) -> None:
    there, file = tmp_path / "tempat", tmp_path / "terkunci.cadangan"
    (there / "secret.key").write_bytes(b"made when the program first looked")
    before = about_keys(keyed).words

    made = run(keyed, backup, str(file), "--passphrase-stdin", typed=PASSPHRASE)
    put_back = run(empty_app, restore, str(file), "--passphrase-stdin", typed=PASSPHRASE)

    assert "Kunci kantor ikut di dalamnya: secret.key, vapid.pem." in made.stdout
    assert "Kunci kantor ikut dipulihkan: secret.key, vapid.pem." in put_back.stdout
    assert {name: (there / name).read_bytes() for name in KEYS} == KEYS
    assert {stat.S_IMODE(each.stat().st_mode) for each in (file, *(there / name for name in KEYS))} == {0o600}
    assert before.endswith("belum ikut dalam cadangan mana pun: pendamping backup FILE --passphrase")
    assert about_keys(keyed).words == "secret.key, vapid.pem; terakhir ikut dalam cadangan terkunci 2026-04-14"


@on_sqlite
def test_an_open_copy_has_no_keys_and_says_so(keyed: Flask, empty_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "cadangan.zip"

    made = run(keyed, backup, str(file))
    put_back = run(empty_app, restore, str(file))

    assert "Kunci kantor tidak ikut (secret.key, vapid.pem); hanya cadangan terkunci" in made.stdout
    assert "semua orang masuk sekali lagi" in put_back.stdout
    with zipfile.ZipFile(file) as packed:
        assert not [name for name in packed.namelist() if "kunci" in name or "key" in name]
    assert not (tmp_path / "tempat" / "secret.key").exists()


@on_sqlite
def test_the_doctor_asks_for_a_person_when_others_can_read_a_key(keyed: Flask) -> None:
    (keyed.config["SETTINGS"].instance / "vapid.pem").chmod(0o640)

    found = about_keys(keyed)

    assert found.needs_person
    assert found.words.endswith("dapat dibaca orang lain, jalankan: chmod 600 vapid.pem")
