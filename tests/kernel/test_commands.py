"""Commands as people and scripts run them: each in a process of its own where that matters."""

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.accounts.passwords import is_password
from pendamping.app import create_app
from pendamping.cli import main
from pendamping.kernel.database import db, reading
from pendamping.settings import Settings

REPOSITORY = Path(__file__).parents[2]
PENDAMPING = str(Path(sys.executable).parent / "pendamping")

pytestmark = pytest.mark.xdist_group("commands")  # they share one instance


@dataclass
class Instance:
    """An instance folder, and commands run on it."""

    folder: Path

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "PENDAMPING_INSTANCE": str(self.folder), **settings}
        return subprocess.run([PENDAMPING, *arguments], env=environment, capture_output=True, text=True, check=False)

    @property
    def contents(self) -> dict[str, str]:
        """Every row of the database, and every other file."""
        with sqlite3.connect(self.folder / "pendamping.sqlite3") as connection:
            rows = "\n".join(connection.iterdump())
        connection.close()
        files = (path for path in self.folder.iterdir() if path.is_file() and "sqlite3" not in path.name)
        return {"rows": rows, **{path.name: path.read_text(encoding="utf-8") for path in files}}


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a command says when it refuses."""
    assert done.returncode not in (0, None)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, subprocess.CompletedProcess[str]]:
    instance = Instance(tmp_path_factory.mktemp("instance") / "new")
    return instance, instance.run("init")


@pytest.fixture
def instance(first_run: tuple[Instance, object]) -> Instance:
    return first_run[0]


def test_init_sets_up_a_city_and_says_where_the_first_sign_in_stands(
    first_run: tuple[Instance, subprocess.CompletedProcess[str]],
) -> None:
    instance, done = first_run
    file = instance.folder / "masuk-pertama.txt"

    assert (done.returncode, done.stderr) == (0, "")
    assert "34 koperasi, 3 instrumen, 25 hari libur" in done.stdout
    assert str(file) in done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "127.0.0.1:8000/masuk" in file.read_text(encoding="utf-8")


def test_the_first_password_is_the_admins_and_is_to_be_changed(instance: Instance) -> None:
    lines = (instance.folder / "masuk-pertama.txt").read_text(encoding="utf-8").splitlines()
    written = dict(line.split(": ", 1) for line in lines)
    app = create_app(Settings.from_environment({"PENDAMPING_INSTANCE": str(instance.folder)}))

    with app.app_context():
        (admin,) = reading().scalars(select(User)).all()
        db.session.remove()
        db.engine.dispose()

    assert (admin.username, admin.must_change_password) == (written["Nama pengguna"], True)
    assert is_password(admin.password_hash, written["Kata sandi sekali pakai"])


def test_init_run_again_changes_nothing_and_says_nothing(instance: Instance) -> None:
    before = instance.contents

    done = instance.run("init")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert instance.contents == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("user", "passwd", "siapa"), "Tidak ada akun bernama “siapa”."),
        (("assign", "64.71.99.9999", "admin", "--from", "2026-01-01"), "Kode “64.71.99.9999” tidak dikenal."),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(instance: Instance, arguments: tuple[str, ...], said: str) -> None:
    before = instance.contents

    assert complaint(instance.run(*arguments)) == f"Error: {said}"
    assert instance.contents == before


def test_serve_names_the_port_that_is_taken(instance: Instance) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        said = complaint(instance.run("serve", PORT=str(port)))

    assert said.startswith(f"Error: PORT: 127.0.0.1:{port} tidak dapat dipakai")


def test_serve_asks_for_init_first(tmp_path: Path) -> None:
    said = complaint(Instance(tmp_path).run("serve"))

    assert said == "Error: basis data belum disiapkan; jalankan dahulu: pendamping init"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands in this process, on an instance that is not set up."""
    for name in ("DATABASE_URL", "PORT", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PENDAMPING_INSTANCE", str(tmp_path))
    return CliRunner()


def refused(runner: CliRunner, *arguments: str) -> str:
    done = runner.invoke(main, arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


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
@pytest.mark.parametrize("command", [("init",), ("user", "list"), ("serve",)], ids=" ".join)
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], address: str, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    line = refused(runner, *command)

    assert line.startswith(said)
    assert "geheim" not in line


def test_a_database_that_was_never_set_up_asks_for_init(runner: CliRunner) -> None:
    assert "jalankan dahulu: pendamping init" in refused(runner, "user", "list")


@pytest.mark.parametrize(("name", "value"), [("PORT", "delapan"), ("SECRET_KEY", "pendek")])
def test_a_bad_setting_is_named(runner: CliRunner, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    assert refused(runner, "user", "list").startswith(f"Error: {name}: ")


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands(main)), ids=lambda path: " ".join(path) or "pendamping")
def test_help_needs_neither_settings_nor_a_database(monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...]) -> None:
    for name in ("PENDAMPING_INSTANCE", "DATABASE_URL", "PORT", "SECRET_KEY"):
        monkeypatch.setenv(name, "/dev/null/x")

    done = CliRunner().invoke(main, [*path, "--help"])

    assert (done.exit_code, done.stderr) == (0, "")
    assert "Usage: " in done.stdout


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A PATH with what `./dev` needs before it looks for Python, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "cat", "dirname", "git"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


def run_dev(path: Path, venv: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path), "PENDAMPING_VENV": str(venv)}
    return subprocess.run([REPOSITORY / "dev", "run"], env=environment, capture_output=True, text=True, check=False)


def test_an_old_python_is_named_in_one_line(bare_path: Path, tmp_path: Path) -> None:
    old = bare_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)

    said = complaint(run_dev(bare_path, tmp_path / "venv"))

    assert said.startswith("dev: Python 3.11 or newer is needed; python3 says: Python 3.9.2.")
    assert not (tmp_path / "venv").exists()


def test_no_python_at_all_is_said_in_one_line(bare_path: Path, tmp_path: Path) -> None:
    said = complaint(run_dev(bare_path, tmp_path / "venv"))

    assert said.startswith("dev: Python 3.11 or newer is needed; python3 says: ")
