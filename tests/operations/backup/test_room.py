"""Disks that are full, and what lies in the way: each is one clear line that names the right place."""

import io
import json
import re
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from pendamping.kernel import database as kernel_database
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import db, reading
from pendamping.operations.backup import archive, lock, making, sqlite
from pendamping.operations.backup.cli import backup, restore, verify
from pendamping.operations.backup.faults import CannotWrite
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.verbs import BACKED_UP, back_up, verify_copy
from tests.conftest import ACTOR, NOW
from tests.only import on_sqlite
from tests.operations.backup.conftest import run
from tests.operations.backup.damage import Parts, digested, rewritten

SMALL = 100_000
COUNTED = re.compile(r"(\d+) tabel, (\d+) baris, (\d+) berkas lampiran")


def one_line(done: Result) -> str:
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def sound(office: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "cadangan.zip"
    with office.app_context():
        back_up(path, actor=ACTOR, now=NOW)
    return path


@contextmanager
def no_file_larger_than(byte_size: int) -> Iterator[None]:
    """As good as a full disk: writing beyond it fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (byte_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Full(io.BytesIO):
    def write(self, data: Any) -> int:
        if self.tell() > SMALL:
            raise OSError(28, "No space left on device")
        return super().write(data)


@on_sqlite
@pytest.mark.parametrize("passphrase", [None, "seribu sungai"], ids=["open", "locked"])
def test_a_full_scratch_disk_is_no_damage(
    office: Flask, tmp_path: Path, quick_passphrase: None, passphrase: str | None
) -> None:
    path = tmp_path / "cadangan"
    with office.app_context():
        back_up(path, actor=ACTOR, now=NOW, passphrase=passphrase)
        with no_file_larger_than(SMALL), pytest.raises(CannotWrite) as refused:
            verify_copy(path, ask_passphrase=lambda: passphrase)
        _, found = verify_copy(path, ask_passphrase=lambda: passphrase)

    assert str(refused.value.params["file"]).startswith(tempfile.gettempdir())
    assert found == []


def test_a_disk_that_fills_while_a_copy_is_locked_is_called_full(quick_passphrase: None) -> None:
    with pytest.raises(OSError, match="No space left"), lock.locking(Full(), "seribu sungai") as plain:
        plain.writelines([b"x" * SMALL] * 100)


@on_sqlite
def test_a_full_disk_under_the_snapshot_is_named(
    office: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(path: Path, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(path, **options)
        if Path(path).name == sqlite.MEMBER:
            connection.execute("PRAGMA max_page_count = 2")
        return connection

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", small)

    line = one_line(run(office, backup, str(tmp_path / "cadangan.zip")))

    assert line.startswith(f"Error: {office.config['SETTINGS'].instance}/.kerja-")
    assert line.endswith(" tidak dapat ditulis: database or disk is full")


@on_sqlite
def test_when_the_offices_disk_is_full_a_copy_is_made_elsewhere(
    office: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "cadangan.zip"
    with office.app_context():
        place = this_place()
        room = place.database.stat().st_size
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=room))
            places = [making.where_to_work(place, target, is_locked=each) for each in (False, True)]

        assert making.where_to_work(place, target, is_locked=False) == place.instance
    assert places == [tmp_path, Path(tempfile.gettempdir())]


@on_sqlite
def test_a_name_that_no_disk_takes_is_one_line(office: Flask, tmp_path: Path) -> None:
    target = tmp_path / ("x" * 300)

    assert one_line(run(office, backup, str(target))) == f"Error: {target} tidak dapat ditulis: File name too long"


@on_sqlite
def test_a_copy_that_could_not_be_put_on_record_is_there_all_the_same(
    office: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_database, "BUSY_TIMEOUT_MS", 20)
    with office.app_context():
        db.engine.dispose()
        with closing(sqlite3.connect(this_place().database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            done = run(office, backup, str(tmp_path / "cadangan.zip"))
        recorded = reading().scalars(select(AuditEvent.id).where(AuditEvent.verb == BACKED_UP)).all()
        db.session.remove()
        db.engine.dispose()

    assert (done.exit_code, recorded) == (0, [])
    assert done.stderr == "Perhatian: cadangan.zip jadi, tetapi tidak tercatat: database is locked\n"
    assert done.stdout.startswith(f"Cadangan: {tmp_path / 'cadangan.zip'} (")


# What a copy holds ----------------------------------------------------------------------------------------------------


def no_database(parts: Parts) -> None:
    parts[sqlite.MEMBER] = b"x" * 20_000


def damaged_schema(parts: Parts) -> None:
    """The first page's tree is overwritten: it is an SQLite file, but nobody knows what is in it."""
    data = parts[sqlite.MEMBER]
    parts[sqlite.MEMBER] = data[:100] + b"\xff" * 400 + data[500:]


def other_revision(parts: Parts) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(parts[sqlite.MEMBER])
        connection.execute("UPDATE alembic_version SET version_num = 'zzz'")
        connection.commit()
        parts[sqlite.MEMBER] = connection.serialize()


@on_sqlite
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (no_database, "basis data tidak terbaca"),
        (damaged_schema, "basis data tidak terbaca"),
        (other_revision, "basis data pada revisi zzz, seharusnya"),
    ],
)
def test_a_copy_with_another_database_than_it_says_is_found(
    sound: Path, empty_app: Flask, tmp_path: Path, change: Any, said: str
) -> None:
    path = tmp_path / "lain.zip"
    path.write_bytes(rewritten(sound, digested(change)))

    refused, looked_at = run(empty_app, restore, str(path)), run(empty_app, verify, str(path))

    assert one_line(refused).startswith(f"Error: lain.zip rusak: {said}")
    assert looked_at.stderr.startswith(said)
    assert "tidak utuh: 1 temuan" in looked_at.stderr


@on_sqlite
def test_a_manifest_that_somebody_blew_up_is_not_read(
    sound: Path, empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blown_up(parts: Parts) -> None:
        parts[archive.MANIFEST] = json.dumps({"format": 1, "more": " " * 60_000}).encode()

    monkeypatch.setattr(archive, "MANIFEST_BYTES", 20_000)
    path = tmp_path / "besar.zip"
    path.write_bytes(rewritten(sound, blown_up))

    assert one_line(run(empty_app, restore, str(path))).startswith("Error: besar.zip rusak: manifes tidak terbaca")


@on_sqlite
def test_a_copy_and_the_office_are_counted_alike(office: Flask, tmp_path: Path) -> None:
    made, whole = run(office, backup, str(tmp_path / "cadangan.zip")), run(office, verify)

    in_copy, in_office = (COUNTED.search(each.stdout) for each in (made, whole))
    assert in_copy is not None
    assert in_office is not None
    tables, rows, attachments = map(int, in_copy.groups())
    the_copy_on_the_audit_log = 1
    assert [int(each) for each in in_office.groups()] == [tables, rows + the_copy_on_the_audit_log, attachments]
