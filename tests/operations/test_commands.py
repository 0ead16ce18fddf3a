"""The real commands, on instance folders of their own: what a newcomer types first, and what goes wrong then."""

import hashlib
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.app import create_app
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.exchange import shipped_updates
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.shipped import shipped_text
from pendamping.kernel.database import db, reading, transaction
from pendamping.kernel.roles import Role
from pendamping.kernel.tables import Base
from pendamping.operations import load
from pendamping.operations.cli import init
from pendamping.operations.first_sign_in import make_first_admin
from pendamping.settings import Settings
from tests.conftest import ACTOR, NOW, TODAY, app_on
from tests.databases import KINDS, PostgresqlDatabase, SqliteDatabase
from tests.make import Make
from tests.pages import Browser, Page

PENDAMPING = Path(sys.executable).parent / "pendamping"
REPOSITORY = Path(__file__).parents[2]
SIGN_IN_FILE = "masuk-pertama.txt"
Done = subprocess.CompletedProcess[str]


def run(*words: str | Path, **environment: str) -> Done:
    """Run a program to its end, with none of the settings that whoever runs the tests may have."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PENDAMPING_")}
    for name in ("DATABASE_URL", "SECRET_KEY", "PORT"):
        ours.pop(name, None)
    return subprocess.run(words, env={**ours, **environment}, capture_output=True, text=True, timeout=60, check=False)


def one_line(done: Done) -> str:
    """What a program that refuses says on standard error, and nothing else."""
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


# First start ----------------------------------------------------------------------------------------------------------


class Office:
    """An instance folder with its settings, on which `init` has run once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.first_start = self.command("init")

    @property
    def sign_in_file(self) -> Path:
        return Path(self.environment["PENDAMPING_INSTANCE"]) / SIGN_IN_FILE

    def command(self, *words: str, **environment: str) -> Done:
        return run(PENDAMPING, *words, **{**self.environment, **environment})

    @contextmanager
    def app(self) -> Iterator[Flask]:
        app = create_app(Settings.from_environment(self.environment), overrides={"TESTING": True})
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    def rows(self) -> dict[str, list[str]]:
        with self.app() as app, app.app_context():
            tables = Base.metadata.sorted_tables
            return {table.name: sorted(map(repr, reading().execute(select(table)))) for table in tables}


@pytest.fixture(scope="module", params=KINDS)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    environment = {"PENDAMPING_INSTANCE": str(tmp_path_factory.mktemp("office") / "instance")}
    if request.param == "sqlite":
        yield Office(environment)
    else:
        _, database = request.getfixturevalue("postgresql_app")
        with empty_database(database.url) as url:
            yield Office({**environment, "DATABASE_URL": url})


@contextmanager
def empty_database(url: URL) -> Iterator[str]:
    """One more database on the tests' own PostgreSQL, for as long as it is needed."""
    name = f"office_{uuid.uuid4().hex}"
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def test_the_first_start_loads_the_city_and_says_where_the_first_sign_in_is(office: Office) -> None:
    assert (office.first_start.returncode, office.first_start.stderr) == (0, "")
    assert office.first_start.stdout.splitlines() == [
        "Menyiapkan basis data ...",
        "Dimuat: 34 koperasi, 3 instrumen, 25 hari libur.",
        f"Masuk pertama kali: nama pengguna dan kata sandi sekali pakai ada di {office.sign_in_file}",
    ]


def test_the_first_sign_in_is_for_the_owner_of_the_server_alone(office: Office) -> None:
    address, username, password = office.sign_in_file.read_text(encoding="utf-8").splitlines()

    assert stat.S_IMODE(office.sign_in_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(office.sign_in_file.parent.stat().st_mode) == 0o700
    assert (address, username) == ("Alamat: http://127.0.0.1:8000/masuk", "Nama pengguna: admin")
    assert len(password.removeprefix("Kata sandi sekali pakai: ")) == 16
    assert password.split()[-1] not in office.first_start.stdout


def test_a_second_start_says_nothing_and_changes_nothing(office: Office) -> None:
    rows, sign_in = office.rows(), office.sign_in_file.read_bytes()

    again = office.command("init")

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert office.rows() == rows
    assert {name: len(rows[name]) for name in ("cooperative", "instrument_version", "user")} == {
        "cooperative": 34,
        "instrument_version": 3,
        "user": 1,
    }
    assert office.sign_in_file.read_bytes() == sign_in


def test_the_first_password_opens_nothing_but_its_own_change_and_is_worth_nothing_then(office: Office) -> None:
    password = office.sign_in_file.read_text(encoding="utf-8").split()[-1]
    change = {"current": password, "new": "sandi-yang-baru", "repeat": "sandi-yang-baru"}

    with office.app() as app:
        admin, stranger = (Browser(app, Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)) for _ in "12")
        first_page = sign_in(admin, password)
        before = admin.open("/koperasi")
        admin.send("/kata-sandi", {**first_page.fields(), **change})
        after = admin.open("/koperasi")
        again = sign_in(stranger, password)

    assert (first_page.heading, before.response.location) == ("Ganti kata sandi", "/kata-sandi")
    assert (after.status, again.status) == (200, 401)


def sign_in(browser: Browser, password: str) -> Page:
    return browser.send("/masuk", {**browser.open("/masuk").fields(), "username": "admin", "password": password})


def test_a_port_that_is_taken_is_named_in_one_line(office: Office) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        line = one_line(office.command("serve", PORT=str(port)))

    assert line.startswith(f"Error: PORT: 127.0.0.1:{port} tidak dapat dipakai")


# Before the first start, and with settings that lead nowhere ----------------------------------------------------------


SIGN_POST = "Error: basis data belum disiapkan; jalankan dahulu: pendamping init"


@pytest.mark.parametrize("words", [("serve",), ("user", "list")], ids=" ".join)
def test_before_the_first_start_commands_say_what_comes_first(tmp_path: Path, words: tuple[str, ...]) -> None:
    line = one_line(run(PENDAMPING, *words, PENDAMPING_INSTANCE=str(tmp_path)))

    assert line.startswith(SIGN_POST)


def test_an_empty_postgresql_says_what_comes_first(
    postgresql_app: tuple[Flask, PostgresqlDatabase], tmp_path: Path
) -> None:
    with empty_database(postgresql_app[1].url) as url:
        line = one_line(run(PENDAMPING, "user", "list", PENDAMPING_INSTANCE=str(tmp_path), DATABASE_URL=url))

    assert line.startswith(SIGN_POST)


def test_a_database_of_another_make_is_refused_by_name_without_its_password(tmp_path: Path) -> None:
    environment = {"PENDAMPING_INSTANCE": str(tmp_path), "DATABASE_URL": "mysql://dinas:geheim@127.0.0.1/koperasi"}

    line = one_line(run(PENDAMPING, "init", **environment))

    assert line == "Error: DATABASE_URL: 'mysql' is not supported; sqlite and postgresql are"


def test_a_database_out_of_reach_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        url = f"postgresql://dinas:geheim@127.0.0.1:{port}/koperasi"

        line = one_line(run(PENDAMPING, "init", PENDAMPING_INSTANCE=str(tmp_path), DATABASE_URL=url))

    assert line.startswith("Error: DATABASE_URL: basis data tidak dapat dipakai: ")
    assert f"port {port}" in line
    assert "geheim" not in line


# The first admin, an upgrade ------------------------------------------------------------------------------------------


def test_where_an_admin_is_there_already_no_other_is_made(session: Session, make: Make) -> None:
    make.user(Role.ADMIN, deactivated_at=NOW)

    assert make_first_admin(session, actor=ACTOR, now=NOW) is None


def test_a_first_sign_in_that_cannot_be_written_is_named_in_one_line_and_no_admin_is_made(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], instance=tmp_path))
    (tmp_path / SIGN_IN_FILE).mkdir()

    with app.app_context():
        done = CliRunner().invoke(init)

        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"Error: {tmp_path / SIGN_IN_FILE}: tidak dapat ditulis (")
        assert reading().scalar(select(func.count()).select_from(User)) == 0


def test_a_newer_instrument_is_announced_in_one_line_and_nothing_changes(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], instance=tmp_path))
    newer = shipped_text("TK").replace("  version: 0.3.0\n", "  version: 0.4.0\n")
    for place in (shipped_updates, load):
        monkeypatch.setattr(place, "shipped_text", lambda code: newer if code == "TK" else shipped_text(code))

    with app.app_context():
        first, again = (CliRunner().invoke(init) for _ in "12")
        published = reading().scalars(select(InstrumentVersion.version).order_by(InstrumentVersion.position)).all()

    line = (
        "Program membawa TK 0.4.0 (yang terbit: 0.3.0). Bila hendak dipakai: pendamping instrument shipped TK "
        "-o tk-0.4.0.yaml, lalu pendamping instrument publish tk-0.4.0.yaml --from TANGGAL"
    )
    assert first.stdout.splitlines()[:1] == [line]
    assert (again.exit_code, again.stdout, again.stderr) == (0, f"{line}\n", "")
    assert published == ["0.3.0", "0.3.0", "0.3.0"]


@pytest.fixture
def older_app(tmp_path: Path) -> Iterator[Flask]:
    """An office on SQLite that was set up before the newest migration."""
    app = app_on(SqliteDatabase(tmp_path).url, tmp_path)
    with app.app_context():
        flask_migrate.upgrade(revision="0001")
        yield app
        db.session.remove()
        db.engine.dispose()


def test_an_upgrade_keeps_the_database_as_it_was(older_app: Flask, tmp_path: Path) -> None:
    with transaction() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
        session.execute(text("INSERT INTO note VALUES ('sebelum migrasi')"))

    done = CliRunner().invoke(init)

    kept = tmp_path / "cadangan" / "sebelum-migrasi-dari-0001.sqlite3"
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [f"Cadangan sebelum migrasi: {kept}", "Menyiapkan basis data ..."]
    assert reading().scalar(select(func.count()).select_from(Cooperative)) == 34
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT words FROM note").fetchall() == [("sebelum migrasi",)]
        assert copy.execute("SELECT count(*) FROM cooperative").fetchone() == (0,)


def test_without_a_copy_of_the_database_there_is_no_upgrade(older_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "cadangan").touch()

    done = CliRunner().invoke(init)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "cadangan tidak dapat dibuat" in done.stderr
    assert reading().scalar(text("SELECT version_num FROM alembic_version")) == "0001"


# ./dev ----------------------------------------------------------------------------------------------------------------


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def dev(*words: str, **environment: str) -> Done:
    return run(REPOSITORY / "dev", *words, **environment)


@pytest.mark.parametrize("words", [("run",), ("test",), ("check",), ("sh", "true")], ids=" ".join)
def test_an_old_python_is_refused_with_what_is_needed_and_nothing_is_made(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    script = 'case "$1" in --version) echo "Python 3.10.12" ;; *) exit 1 ;; esac'
    old, venv = program(tmp_path / "bin" / "python3", script), tmp_path / "venv"
    path = f"{old.parent}:{os.environ['PATH']}"

    line = one_line(dev(*words, PATH=path, PENDAMPING_PYTHON="python3", PENDAMPING_VENV=str(venv)))

    assert line.startswith("dev: Python 3.11 or newer is needed; python3 says: Python 3.10.12.")
    assert not venv.exists()


def test_a_python_that_is_not_there_is_named_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "python3"

    line = one_line(dev("run", PENDAMPING_PYTHON=str(missing), PENDAMPING_VENV=str(tmp_path / "venv")))

    assert line.startswith(f"dev: Python 3.11 or newer is needed; {missing} says: ")


def test_an_environment_may_stand_anywhere(tmp_path: Path) -> None:
    lock = (REPOSITORY / "requirements" / "run.txt").read_bytes()
    stamp = hashlib.sha1(b"blob %d\0" % len(lock) + lock).hexdigest()
    program(tmp_path / "bin" / "salam", "echo halo dari sini")
    (tmp_path / "stamp-run").write_text(stamp, encoding="ascii")

    done = dev("sh", "salam", PENDAMPING_VENV=str(tmp_path))

    assert (done.returncode, done.stdout, done.stderr) == (0, "halo dari sini\n", "")


def test_dev_sh_without_a_command_says_what_is_missing() -> None:
    assert one_line(dev("sh")) == "dev: sh: name a command, e.g. ./dev sh pendamping --help"


def test_dev_answers_an_unknown_word_with_those_it_knows() -> None:
    done = dev("nonsense")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == dev("help").stdout + "dev: unknown word: nonsense\n"
