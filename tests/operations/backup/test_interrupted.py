"""Commands that are told to stop clear up; what one leaves that was killed is named."""

import io
import signal
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from pendamping.kernel.database import db, reading, writing
from pendamping.operations.backup import lock
from pendamping.operations.backup.cli import doctor, restore
from pendamping.operations.backup.disk import room
from pendamping.operations.backup.doctor import Finding, examine
from pendamping.operations.backup.making import whole_file
from pendamping.operations.backup.place import scratch_address, this_place
from pendamping.operations.backup.verbs import back_up
from tests.conftest import ACTOR, NOW
from tests.only import on_postgresql, on_sqlite
from tests.operations.backup.processes import start

DEAD_SCHEMA = "pulih_0123456789ab"


@on_sqlite
def test_a_backup_that_is_told_to_stop_leaves_nothing(office: Flask, tmp_path: Path) -> None:
    instance, target = tmp_path / "kantor", tmp_path / "keluar" / "cadangan.zip"
    target.parent.mkdir()
    address = office.config["SETTINGS"].database_url.render_as_string()

    running = start(instance, "backup", str(target), "--passphrase-stdin", DATABASE_URL=address)
    assert running.stdin is not None
    running.stdin.write("seribu sungai\n")
    running.stdin.flush()
    while not list(target.parent.iterdir()) and running.poll() is None:
        time.sleep(0.005)
    running.terminate()
    running.communicate(timeout=60)

    assert running.returncode == 128 + signal.SIGTERM
    assert list(target.parent.iterdir()) == []
    assert [each.name for each in instance.glob(".*")] == []


def left_over(app: Flask) -> Finding:
    with app.app_context():
        return next(each for each in examine(reading(), this_place(), now=NOW) if each.about == "Sisa")


@on_sqlite
def test_the_doctor_names_what_a_killed_command_left_and_nothing_that_is_at_work(office: Flask) -> None:
    instance = office.config["SETTINGS"].instance
    dead = instance / ".kerja-dead"
    with room(instance), whole_file(instance / "sedang.zip"):
        well = left_over(office)
        dead.mkdir()
        found = left_over(office)
    (instance / "sedang.zip").unlink()
    dead.rmdir()

    assert (well.words, well.needs_person) == ("tidak ada", False)
    assert found.words == f"{dead}; dari perintah yang terputus, berisi data kantor: hapuslah"
    assert found.needs_person


@on_postgresql
def test_a_schema_that_a_killed_command_left_is_named_as_well(office: Flask, tmp_path: Path) -> None:
    with office.app_context():
        with scratch_address(this_place(), tmp_path):
            at_work = left_over(office).words
        with writing(), db.engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {DEAD_SCHEMA}"))
        found = left_over(office).words
        with writing(), db.engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {DEAD_SCHEMA}"))

    assert at_work == "tidak ada"
    assert found == f"skema {DEAD_SCHEMA}; dari perintah yang terputus, berisi data kantor: hapuslah"


@on_sqlite
def test_a_place_where_a_restore_was_killed_says_what_lies_there(
    office: Flask, empty_app: Flask, tmp_path: Path
) -> None:
    dead = tmp_path / "tempat" / ".kerja-dead"
    dead.mkdir()
    with office.app_context():
        back_up(tmp_path / "cadangan.zip", actor=ACTOR, now=NOW)
    with empty_app.app_context():
        unprepared = CliRunner().invoke(doctor)
        put_back = CliRunner().invoke(restore, [str(tmp_path / "cadangan.zip")])

    assert unprepared.stdout.startswith(f"[!]  Sisa:       {dead}; dari perintah yang terputus")
    assert put_back.stderr == f"Perhatian: {dead} sisa perintah yang terputus; tidak disentuh.\n"
    assert put_back.exit_code == 0
    assert dead.exists()


class Interrupted(io.BytesIO):
    """Somebody presses Ctrl-C while it is read."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 100_000:
            raise KeyboardInterrupt
        return super().read(size)


def test_who_interrupts_while_a_copy_is_unlocked_is_not_told_that_it_is_damaged(
    tmp_path: Path, quick_passphrase: None
) -> None:
    locked = io.BytesIO()
    with lock.locking(locked, "seribu sungai") as plain:
        plain.write(b"x" * 300_000)
    data = locked.getvalue()
    path = SimpleNamespace(
        name="terkunci", open=lambda _: Interrupted(data), stat=lambda: SimpleNamespace(st_size=len(data))
    )

    with pytest.raises(KeyboardInterrupt):
        lock.unlock(cast("Path", path), tmp_path / "terbuka.zip", "seribu sungai")
