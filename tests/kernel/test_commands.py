"""What every command does alike when it cannot do what it was told: one line, and no more."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import insert

from pendamping.cli import AT_ANY_REVISION, COMMANDS, WITHOUT_APP, main
from pendamping.kernel.commands import said_plainly
from pendamping.kernel.database import transaction
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.reminders.models import DayOff, DayOffKind
from tests.conftest import TODAY

SETTINGS = ("DATABASE_URL", "PORT", "SECRET_KEY")


def complaint(done: Result) -> str:
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """Runs commands on an instance that is not set up, and forgets what a command makes of its whole process."""
    umask = os.umask(0o022)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PENDAMPING_INSTANCE", str(tmp_path))
    yield CliRunner()
    os.umask(umask)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://siti:geheim@host/db", "Error: DATABASE_URL: 'mysql' is not supported"),
        ("nonsense", "Error: DATABASE_URL: is not a database address"),
        ("sqlite:////nowhere/at/all.sqlite3", "Error: DATABASE_URL: basis data tidak dapat dipakai: unable to open"),
        ("postgresql://siti:geheim@127.0.0.1:1/db", "Error: DATABASE_URL: basis data tidak dapat dipakai: connection"),
        (f"sqlite:///{__file__}", "Error: DATABASE_URL: basis data tidak dapat dipakai: file is not a database"),
    ],
)
@pytest.mark.parametrize(
    "command", ["init", "serve", "user list", "user passwd siti", "assign 64.71 siti --from 2026-01-01"]
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, command: str, address: str, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    line = complaint(runner.invoke(main, command.split()))

    assert line.startswith(said)
    assert "geheim" not in line


def test_a_database_that_was_never_set_up_asks_for_init(runner: CliRunner) -> None:
    assert "jalankan dahulu: pendamping init" in complaint(runner.invoke(main, ["user", "list"]))


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "delapan"), ("SECRET_KEY", "pendek"), ("PENDAMPING_INSTANCE", "/dev/null/x")]
)
def test_a_setting_that_cannot_be_used_is_named(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert complaint(runner.invoke(main, ["user", "list"])).startswith(f"Error: {name}: ")


class Taken(DomainError):
    explanation = "%(name)s sudah ada."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Taken(name="Siti"), "Error: Siti sudah ada."),
        (NotThere(), "Error: Halaman atau data ini tidak ada, atau bukan bagian Anda."),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "Error: masukan tidak terbaca; pakai UTF-8"),
        (OSError(28, "No space left on device"), "Error: berkas: No space left on device"),
        (PermissionError(13, "Permission denied", "/root/x"), "Error: /root/x: Permission denied"),
        (
            sqlite3.DatabaseError("file is not a database"),
            "Error: basis data tidak dapat dipakai: file is not a database",
        ),
    ],
)
def test_what_a_rule_refuses_is_said_in_its_own_words(app: Flask, error: Exception, said: str) -> None:
    @click.command
    @said_plainly
    def refuse() -> None:
        raise error

    with app.app_context():
        assert complaint(CliRunner().invoke(refuse)) == said


def test_what_the_database_refuses_is_one_line_and_nothing_is_stored(app: Flask) -> None:
    @click.command
    @said_plainly
    def add_twice() -> None:
        with transaction() as session:
            for _ in range(2):
                session.execute(insert(DayOff).values(on=TODAY, name="Libur", kind=DayOffKind.HOLIDAY))

    with app.app_context():
        line = complaint(CliRunner().invoke(add_twice))

        assert line.startswith("Error: bertentangan dengan data yang sudah tersimpan: ")
        with transaction() as session:
            assert session.get(DayOff, TODAY) is None


LOOKED_AFTER = [each for each in COMMANDS if each not in (*AT_ANY_REVISION, *WITHOUT_APP)]


@pytest.mark.parametrize("command", LOOKED_AFTER, ids=[str(each.name) for each in LOOKED_AFTER])
def test_a_database_of_a_later_program_is_left_alone(runner: CliRunner, tmp_path: Path, command: click.Command) -> None:
    with closing(sqlite3.connect(tmp_path / "pendamping.sqlite3")) as database, database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")

    line = complaint(runner.invoke(main, [str(command.name)]))

    assert line == "Error: basis data lebih baru daripada program ini (revisi 9999); mutakhirkan program"
