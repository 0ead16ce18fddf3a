"""The commands as people type them, the nightly copy, and what the doctor sees."""

import datetime as dt
import re
import shutil
import sqlite3
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from pendamping.kernel.database import db, reading, transaction, writing
from pendamping.operations.backup import doctor as examined
from pendamping.operations.backup.cli import backup, doctor, restore, verify
from pendamping.operations.backup.health import health_of
from pendamping.operations.backup.jobs import nightly, nightly_copies, nightly_folder
from pendamping.operations.backup.place import this_place
from pendamping.reminders import runs
from pendamping.reminders.models import RunOutcome
from tests.conftest import NOW
from tests.only import on_sqlite
from tests.operations.backup.conftest import run

STRANGER = uuid.UUID(int=7)


@on_sqlite
def test_the_drill_from_the_command_line(office: Flask, empty_app: Flask, tmp_path: Path) -> None:
    file = str(tmp_path / "cadangan.zip")

    made = run(office, backup, file)
    again = run(office, backup, file)
    whole = run(office, verify, file)
    put_back = run(empty_app, restore, file)
    second = run(empty_app, restore, file)
    running = run(empty_app, verify)

    assert (made.exit_code, made.stdout.startswith(f"Cadangan: {file} (")) == (0, True)
    assert (again.exit_code, again.stderr) == (
        1,
        f"Error: {file} sudah ada; cadangan lama tidak ditimpa. Pilih nama lain.\n",
    )
    assert whole.stdout.startswith("Utuh: dibuat 2026-04-14 01:30 UTC, ")
    assert put_back.stdout.startswith("Dipulihkan dari 2026-04-14 01:30 UTC: ")
    assert second.stderr.startswith("Error: Cadangan hanya dipulihkan ke tempat kosong; di sini sudah ada basis data")
    assert (running.exit_code, running.stdout.startswith("Utuh: ")) == (0, True)


@on_sqlite
def test_a_locked_copy_without_anybody_to_ask_is_one_clear_line(office: Flask, tmp_path: Path) -> None:
    file = tmp_path / "terkunci.cadangan"
    file.write_bytes(b"pendamping-cadangan-terkunci 1\n" + b"x" * 200)

    empty = run(office, backup, str(tmp_path / "kosong.zip"), "--passphrase-stdin")
    broken = run(office, verify, str(file))
    missing = run(office, verify, str(tmp_path / "tidak-ada.zip"))

    assert (empty.exit_code, empty.stderr) == (1, "Error: kata sandi kosong; kirim lewat masukan standar\n")
    assert broken.stderr.startswith("Error: terkunci.cadangan rusak: ")
    assert missing.exit_code == 2
    assert not (tmp_path / "kosong.zip").exists()


@on_sqlite
def test_nightly_copies_are_kept_by_days_weeks_and_months_and_nothing_else_is_touched(office: Flask) -> None:
    with office.app_context():
        shutil.rmtree(nightly_folder(), ignore_errors=True)
        nightly_folder().mkdir()
        by_hand = nightly_folder() / "sebelum-pindah.zip"
        by_hand.write_bytes(b"by hand")
        for day in range(1, 30):
            made_at = NOW - dt.timedelta(days=day)
            (nightly_folder() / f"pendamping-{made_at:%Y%m%dT%H%M%SZ}.zip").write_bytes(b"old")

        said = nightly(NOW)

        copies, by_hand_stays = nightly_copies(nightly_folder()), by_hand.exists()
        shutil.rmtree(nightly_folder())
    kept = [f"{instant:%m-%d}" for instant in sorted(copies.values())]
    assert kept == ["03-29", "03-31", "04-05", "04-08", "04-09", "04-10", "04-11", "04-12", "04-13", "04-14"]
    assert re.fullmatch(r"pendamping-20260414T013000Z\.zip, \d+ kB", said)
    assert by_hand_stays


def needing(app: Flask, *, now: dt.datetime = NOW) -> list[str]:
    with app.app_context():
        return [each.about for each in examined.examine(reading(), this_place(), now=now) if each.needs_person]


def test_the_doctor_asks_for_a_person_until_there_is_a_fresh_copy_and_a_right_clock(
    office: Flask, tmp_path: Path
) -> None:
    office.config["SETTINGS"].instance.chmod(0o700)
    first = needing(office)
    run(office, backup, str(tmp_path / "cadangan.zip"))
    note_run(office, RunOutcome.DONE)

    # the database server's own clock is years away from the test's: only SQLite can be asked by another one
    on_sqlite_alone = office.config["SETTINGS"].database_url.get_backend_name() == "sqlite"
    clock = [] if on_sqlite_alone else ["Jam"]

    assert first == [*clock, "Penjadwal", "Cadangan"]
    assert needing(office) == clock
    assert needing(office, now=NOW + dt.timedelta(minutes=10)) == [*clock, "Penjadwal"]
    assert needing(office, now=NOW + dt.timedelta(days=2)) == [*clock, "Penjadwal", "Cadangan"]
    assert "Jam" in needing(office, now=NOW - dt.timedelta(days=1))


def note_run(app: Flask, outcome: RunOutcome) -> None:
    with app.app_context(), transaction() as session:
        run_ = runs.claim(session, "cadangan", NOW, node="uji", now=NOW)
        assert run_ is not None
        runs.finish(session, run_.id, outcome=outcome, message="", now=NOW)


@on_sqlite
def test_the_doctor_names_the_job_that_failed_and_a_scheduler_that_is_off_needs_nobody(
    office: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_run(office, RunOutcome.FAILED)
    with office.app_context():
        found = {each.about: each for each in examined.examine(reading(), this_place(), now=NOW)}
        monkeypatch.setitem(office.config, "SETTINGS", replace(office.config["SETTINGS"], has_scheduler=False))
        off = {each.about: each for each in examined.examine(reading(), this_place(), now=NOW)}

    assert found["Penjadwal"].words == "terakhir bekerja 0 menit yang lalu; gagal: cadangan, lihat halaman Pekerjaan"
    assert found["Penjadwal"].needs_person
    assert not off["Penjadwal"].needs_person


@on_sqlite
def test_the_doctor_exits_by_what_it_finds(office: Flask, empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    office.config["SETTINGS"].instance.chmod(0o700)
    monkeypatch.setattr(examined, "ROOM_BYTES", 1 << 60)

    sick, unprepared = run(office, doctor), run(empty_app, doctor)

    assert (sick.exit_code, sick.stderr) == (1, "Error: perlu ditangani: Ruang, Penjadwal, Cadangan\n")
    assert unprepared.stderr == "Error: basis data belum disiapkan; jalankan dahulu: pendamping init\n"


def test_a_guard_that_somebody_took_away_and_a_row_without_its_parent_are_named(office: Flask) -> None:
    with office.app_context():
        place = this_place()
        if place.kind == "sqlite":
            with closing(sqlite3.connect(place.database)) as connection, connection:
                connection.execute("DROP TRIGGER receipt_is_never_updated")
                connection.execute(f"UPDATE attachment SET uploader_id = '{STRANGER.hex}'")
        else:
            with writing(), db.engine.begin() as connection_:
                for statement in (
                    "ALTER TABLE receipt DISABLE TRIGGER receipt_is_append_only",
                    "SET LOCAL session_replication_role = replica",
                    f"UPDATE attachment SET uploader_id = '{STRANGER}'",
                ):
                    connection_.execute(text(statement))
        orphan, guard = health_of(reading(), place).found

    assert orphan.startswith("tabel attachment")
    assert "user" in orphan
    assert guard in {"penjaga receipt_is_never_updated tidak ada", "penjaga receipt_is_append_only tidak ada"}
