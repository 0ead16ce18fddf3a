"""An office that is broken already: it can be copied to rescue from, and no such copy is ever taken for a good one."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from pendamping.kernel.database import db, reading, transaction
from pendamping.kernel.files import files
from pendamping.operations.backup import jobs
from pendamping.operations.backup.cli import backup, restore, verify
from pendamping.operations.backup.doctor import Finding, examine
from pendamping.operations.backup.faults import BrokenDatabase, DamagedCopy
from pendamping.operations.backup.jobs import NIGHTLY_COPY, nightly, nightly_copies, nightly_folder
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.verbs import back_up, verify_copy
from pendamping.operations.backup.verbs import restore as put_back
from pendamping.reminders import runs
from pendamping.reminders.models import RunOutcome
from pendamping.reminders.scheduler import node_name
from tests.conftest import ACTOR, NOW
from tests.only import on_postgresql, on_sqlite
from tests.operations.backup.conftest import run

A_DAY = dt.timedelta(days=1)


@pytest.fixture
def nights(office: Flask) -> Iterator[Flask]:
    """The office with no night behind it."""
    folder = office.config["SETTINGS"].instance / "cadangan"
    shutil.rmtree(folder, ignore_errors=True)
    yield office
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def broken(nights: Flask) -> Flask:
    """The same, after the disk wrote something else where the visits begin."""
    with nights.app_context():
        database = this_place().database
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'visit'").fetchone()
    with database.open("r+b") as file:
        file.seek((root - 1) * page_size)
        file.write(b"\xff" * page_size)
    return nights


def about_copies(app: Flask, *, now: dt.datetime = NOW) -> Finding:
    with app.app_context():
        return next(each for each in examine(reading(), this_place(), now=now) if each.about == "Cadangan")


@on_sqlite
def test_a_broken_database_is_copied_to_rescue_from_and_that_is_said_and_never_put_back(
    broken: Flask, empty_app: Flask, tmp_path: Path
) -> None:
    file = str(tmp_path / "rusak.zip")

    made, looked_at, refused = run(broken, backup, file), run(broken, verify, file), run(empty_app, restore, file)
    running = run(broken, verify)

    assert (made.exit_code, made.stdout) == (1, "")
    assert running.stderr.startswith("basis data")
    assert "tidak utuh" in running.stderr
    assert made.stderr.startswith("Error: Basis data rusak: ")
    assert made.stderr.endswith(f"{file} hanya salinan penyelamatan; cadangan lama tidak disentuh.\n")
    for each in (looked_at, refused):
        assert each.exit_code == 1
        assert each.stderr.startswith("Error: rusak.zip rusak: basis datanya sudah rusak ketika disalin: ")
    with empty_app.app_context():
        this_place().refuse_unless_empty()
    assert about_copies(broken).words.startswith(
        "belum pernah dibuat; jalankan: pendamping backup FILE; basis data rusak"
    )


@on_sqlite
def test_a_night_on_a_broken_database_fails_and_drops_nothing_but_the_last_nights_rescue(broken: Flask) -> None:
    with broken.app_context():
        folder = nightly_folder()
        folder.mkdir()
        for day in range(1, 30):
            made_at = NOW - day * A_DAY
            (folder / f"pendamping-{made_at:%Y%m%dT%H%M%SZ}.zip").write_bytes(b"good")
        for night in (NOW, NOW + A_DAY):
            with pytest.raises(BrokenDatabase):
                nightly(night)
        copies, rescued = nightly_copies(folder), [each.name for each in folder.glob("*.rusak.zip")]

    assert len(copies) == 29
    assert rescued == ["pendamping-20260415T013000Z.rusak.zip"]


@on_postgresql
def test_rows_without_their_parents_are_seen_on_postgresql_as_well(
    office: Flask, empty_app: Flask, tmp_path: Path
) -> None:
    with office.app_context():
        with transaction() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text("UPDATE attachment SET uploader_id = gen_random_uuid()"))
        manifest = back_up(tmp_path / "yatim.zip", actor=ACTOR, now=NOW)
        with pytest.raises(DamagedCopy):
            verify_copy(tmp_path / "yatim.zip", ask_passphrase=lambda: None)
    with empty_app.app_context(), pytest.raises(DamagedCopy):
        put_back(tmp_path / "yatim.zip", ask_passphrase=lambda: None, epoch="e" * 32, actor=ACTOR, now=NOW)

    assert manifest.broken == ["tabel attachment: 1 baris tanpa induk di user"]


@on_sqlite
def test_a_lost_photo_is_said_by_the_night_and_by_the_doctor(nights: Flask) -> None:
    with nights.app_context():
        shutil.rmtree(files().folder)
        said = nightly(NOW)
    found = about_copies(nights)

    assert said.endswith(" kB, 1 lampiran hilang atau rusak")
    assert found.needs_person
    assert "1 lampiran hilang atau rusak, lihat: pendamping verify" in found.words


@on_sqlite
def test_the_doctor_looks_at_the_nightly_copies_and_not_only_at_their_names(nights: Flask) -> None:
    with nights.app_context():
        with transaction() as session:
            claimed = runs.claim(session, NIGHTLY_COPY.code, NOW, node=node_name(), now=NOW)
            assert claimed is not None
        made = jobs.nightly_folder() / nightly(NOW).split(",")[0]
        with transaction() as session:
            runs.finish(session, claimed.id, outcome=RunOutcome.DONE, message="", now=NOW)
    well = about_copies(nights)
    made.write_bytes(b"x")
    changed = about_copies(nights)
    made.unlink()
    gone = about_copies(nights)

    assert not well.needs_person
    assert changed.words.endswith(f"{made.name} tidak terbaca, jalankan: pendamping verify {made}")
    assert gone.words.endswith("yang dibuat 2026-04-14 01:30 UTC tidak ada lagi di sana")
    assert (changed.needs_person, gone.needs_person) == (True, True)
