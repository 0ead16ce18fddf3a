"""The commands about accounts and who accompanies which cooperative, as an admin on the server types them."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.accounts.passwords import is_password
from pendamping.accounts.service import note_failed_sign_in, refuse_when_locked
from pendamping.cli import main
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, PASSWORD, Make

NEW_PASSWORD = "sandi-yang-baru"
ALL_YEAR = ("--from", "2026-01-01", "--until", "2026-12-31")


class Terminal:
    """Runs one command after the other on the app, each in a context of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def run(self, *words: str, typed: str | bytes = "") -> Result:
        command, words = main.commands[words[0]], words[1:]
        with self.app.app_context():
            return CliRunner().invoke(command, words, input=typed)

    def says(self, *words: str, typed: str | bytes = "") -> str:
        """What a command prints that does what it should."""
        done = self.run(*words, typed=typed)
        assert (done.exit_code, done.stderr) == (0, ""), done.output
        return done.stdout

    def refuses(self, *words: str, typed: str | bytes = "") -> str:
        """The one line of a command that refuses, after a look at whether it has changed anything."""
        before = self.everything()
        done = self.run(*words, typed=typed)
        assert (done.exit_code, done.stdout) == (1, ""), done.output
        assert self.everything() == before
        (line,) = done.stderr.splitlines()
        return line

    def everything(self) -> list[list[str]]:
        with self.app.app_context():
            tables = (User.__table__, Assignment.__table__, AuditEvent.__table__)
            return [sorted(map(repr, reading().execute(select(table)))) for table in tables]

    def user(self, username: str) -> User:
        with self.app.app_context():
            return reading().scalars(select(User).where(User.username == username)).one()

    def recorded(self, actor_name: str) -> list[str]:
        with self.app.app_context():
            return list(reading().scalars(select(AuditEvent.verb).where(AuditEvent.actor_name == actor_name)))


@pytest.fixture
def terminal(app: Flask) -> Terminal:
    return Terminal(app)


@pytest.fixture
def ratna(app: Flask) -> User:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        return make.user(username="ratna", name="Ratna Dewi")


def adding(role: str = "facilitator", username: str = "budi", name: str = "Budi", *more: str) -> tuple[str, ...]:
    given = ("--role", role, "--username", username, "--name", name, *more)
    return ("user", "add", *given, "--password-stdin")


# Accounts -------------------------------------------------------------------------------------------------------------


def test_an_account_of_each_role_is_added_with_what_belongs_to_it(terminal: Terminal) -> None:
    added = {
        "budi": adding("facilitator", "budi"),
        "siti": adding("cooperative", "siti", "Siti", "--cooperative", GRAHA_INDAH),
        "kadis": adding("agency_head", "kadis", "Kepala Dinas", "--scope", "64.71"),
        "admin2": adding("admin", " Admin2 "),
    }

    said = {username: terminal.says(*words, typed=f"{PASSWORD}\n") for username, words in added.items()}

    users = {username: terminal.user(username) for username in added}
    assert said == {name: f"Akun {name} ({user.role}) sudah dibuat.\n" for name, user in users.items()}
    assert [user.role for user in users.values()] == [Role.FACILITATOR, Role.COOPERATIVE, Role.AGENCY_HEAD, Role.ADMIN]
    assert [user.scope_prefix for user in users.values()] == ["", "", "64.71", ""]
    assert users["siti"].cooperative_id is not None
    assert all(is_password(user.password_hash, PASSWORD) for user in users.values())
    assert terminal.recorded("perintah: user add") == ["add_user"] * 4


def test_a_password_from_standard_input_is_its_first_line(terminal: Terminal) -> None:
    terminal.says(*adding(), typed=f" {NEW_PASSWORD} \r\nbaris lain\n")

    assert is_password(terminal.user("budi").password_hash, f" {NEW_PASSWORD} ")


def test_without_the_option_the_password_is_asked_for_twice_and_never_shown(terminal: Terminal) -> None:
    words = adding()[:-1]

    said = terminal.run(*words, typed=f"{PASSWORD}\nsalah-ketik\n{NEW_PASSWORD}\n{NEW_PASSWORD}\n")

    assert said.exit_code == 0
    assert is_password(terminal.user("budi").password_hash, NEW_PASSWORD)
    assert PASSWORD not in said.output
    assert NEW_PASSWORD not in said.output


REFUSED_ACCOUNTS = [
    (adding(username="RATNA"), PASSWORD, "Nama pengguna “ratna” sudah dipakai."),
    (adding(username="b"), PASSWORD, "Nama pengguna: 3 sampai 40 huruf"),
    (adding(name=" "), PASSWORD, "Nama orang wajib diisi"),
    (adding(), "pendek", "Kata sandi: 10 sampai 200 karakter."),
    (adding(), "", "kata sandi kosong"),
    (adding("cooperative"), PASSWORD, "memerlukan kode koperasi"),
    (adding("cooperative", "budi", "Budi", "--cooperative", "64.71.03.9999"), PASSWORD, "Kode “64.71.03.9999”"),
    (adding("facilitator", "budi", "Budi", "--cooperative", GRAHA_INDAH), PASSWORD, "hanya akun koperasi"),
    (adding("facilitator", "budi", "Budi", "--scope", "64.71"), PASSWORD, "Wilayah hanya untuk kepala dinas"),
    (adding("admin", "budi", "Budi", "--scope", "64.72"), PASSWORD, "Kode “64.72” tidak dikenal."),
    (adding("admin", "budi", "Budi", "--scope", "64.7"), PASSWORD, "Kode “64.7” tidak dikenal."),
]


def test_an_account_that_breaks_a_rule_is_refused_in_one_line(terminal: Terminal, ratna: User) -> None:
    for words, password, reason in REFUSED_ACCOUNTS:
        line = terminal.refuses(*words, typed=f"{password}\n")

        assert line.startswith("Error: ")
        assert reason in line


def test_a_password_that_is_not_utf_8_is_refused_in_one_line(terminal: Terminal) -> None:
    line = terminal.refuses(*adding(), typed=b"sandi-\xff-panjang\n")

    assert line == "Error: masukan tidak terbaca; pakai UTF-8"


def test_another_password_ends_the_sessions_and_lifts_the_lock(terminal: Terminal, ratna: User) -> None:
    with terminal.app.app_context(), transaction() as session:
        for _ in range(5):
            note_failed_sign_in(session, username="ratna", address="203.0.113.7", now=NOW)

    said = terminal.says("user", "passwd", " Ratna ", "--password-stdin", typed=f"{NEW_PASSWORD}\n")

    assert said == "Kata sandi ratna sudah diganti; semua sesinya berakhir.\n"
    user = terminal.user("ratna")
    assert (is_password(user.password_hash, NEW_PASSWORD), user.session_version) == (True, 2)
    assert terminal.recorded("perintah: user passwd") == ["set_password"]
    with terminal.app.app_context():
        refuse_when_locked(reading(), username="ratna", address="203.0.113.7", now=NOW)


def test_a_password_for_nobody_or_a_bad_one_is_refused_in_one_line(terminal: Terminal, ratna: User) -> None:
    passwd = ("user", "passwd")

    lines = [
        terminal.refuses(*passwd, "tidak.ada", "--password-stdin", typed=f"{NEW_PASSWORD}\n"),
        terminal.refuses(*passwd, "ratna", "--password-stdin", typed="pendek\n"),
        terminal.refuses(*passwd, "ratna", "--password-stdin", typed="\n"),
    ]

    assert lines == [
        "Error: Tidak ada akun bernama “tidak.ada”.",
        "Error: Kata sandi: 10 sampai 200 karakter.",
        "Error: kata sandi kosong; kirim lewat masukan standar",
    ]


def test_the_list_shows_every_account_and_no_hash(terminal: Terminal, ratna: User) -> None:
    terminal.says(*adding("agency_head", "kadis", "Kepala Dinas", "--scope", "64.71"), typed=f"{PASSWORD}\n")
    terminal.says("user", "deactivate", "ratna")

    said = terminal.says("user", "list")

    assert [line.split(maxsplit=4) for line in said.splitlines()] == [
        ["kadis", "agency_head", "aktif", "64.71", "Kepala Dinas"],
        ["ratna", "facilitator", "ditutup", "semua", "Ratna Dewi"],
    ]
    assert "argon2" not in said


def test_an_account_is_closed_once_however_often_it_is_said(terminal: Terminal, ratna: User) -> None:
    said = [terminal.says("user", "deactivate", "ratna") for _ in range(2)]

    assert said == ["Akun ratna sudah ditutup.\n"] * 2
    assert terminal.user("ratna").deactivated_at == NOW
    assert terminal.recorded("perintah: user deactivate") == ["deactivate_user"]


def test_closing_nobodys_account_is_refused_in_one_line(terminal: Terminal, ratna: User) -> None:
    assert terminal.refuses("user", "deactivate", "tidak.ada") == "Error: Tidak ada akun bernama “tidak.ada”."


# Assignments ----------------------------------------------------------------------------------------------------------


def test_an_assignment_says_who_accompanies_what_until_when(terminal: Terminal, ratna: User) -> None:
    done = terminal.run("assign", GRAHA_INDAH, "Ratna", "--from", "2026-03-01")

    assert (done.exit_code, done.stdout) == (0, "KKMP Graha Indah: Ratna Dewi, 2026-03-01 sampai 2026-12-31.\n")
    assert terminal.recorded("perintah: assign") == ["assign"]


def test_an_unusual_caseload_is_warned_of_and_stored_all_the_same(terminal: Terminal, ratna: User) -> None:
    codes = [GRAHA_INDAH, KARIANGAU, MANGGAR, "64.71.01.1002", "64.71.01.1003", "64.71.01.1004"]

    done = [terminal.run("assign", code, "ratna", *ALL_YEAR) for code in codes]

    assert [each.exit_code for each in done] == [0] * 6
    warning = "Perhatian: Ratna Dewi mendampingi {} koperasi pada 2026-01-01; biasanya 4 sampai 5.\n"
    assert [each.stderr for each in done] == [
        warning.format(count) if count not in (4, 5) else "" for count in range(1, 7)
    ]


def test_an_assignment_that_breaks_a_rule_is_refused_in_one_line(terminal: Terminal, ratna: User) -> None:
    terminal.says(*adding("admin", "admin2"), typed=f"{PASSWORD}\n")
    terminal.says(*adding("facilitator", "budi"), typed=f"{PASSWORD}\n")
    terminal.run("assign", GRAHA_INDAH, "ratna", *ALL_YEAR)
    refused = {
        (GRAHA_INDAH, "budi", "--from", "2026-12-31"): (
            "KKMP Graha Indah sudah didampingi Ratna Dewi dari 2026-01-01 sampai 2026-12-31."
        ),
        ("64.71.03.9999", "ratna", *ALL_YEAR): "Kode “64.71.03.9999” tidak dikenal.",
        (KARIANGAU, "tidak.ada", *ALL_YEAR): "Tidak ada akun bernama “tidak.ada”.",
        (KARIANGAU, "admin2", *ALL_YEAR): "Budi bukan pendamping yang aktif.",
        (KARIANGAU, "ratna", "--from", "2026-06-30", "--until", "2026-06-01"): (
            "Tanggal selesai harus sama dengan atau sesudah tanggal mulai."
        ),
    }

    said = {words: terminal.refuses("assign", *words) for words in refused}

    assert said == {words: f"Error: {reason}" for words, reason in refused.items()}


def test_a_date_that_is_none_is_refused_with_the_way_to_write_one(terminal: Terminal, ratna: User) -> None:
    done = terminal.run("assign", GRAHA_INDAH, "ratna", "--from", "2026-02-30")

    assert done.exit_code == 2
    assert "'2026-02-30' does not match the format '%Y-%m-%d'" in done.stderr


# Help -----------------------------------------------------------------------------------------------------------------


def paths(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from paths(inner, (*path, name))


@pytest.mark.parametrize("path", list(paths(main)), ids=" ".join)
def test_every_command_explains_itself_without_settings_or_a_database(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "delapan ribu")
    monkeypatch.setenv("PENDAMPING_INSTANCE", str(tmp_path / "instance"))

    done = CliRunner().invoke(main, [*path, "--help"])

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: {' '.join(('pendamping', *path))} ")
    assert not (tmp_path / "instance").exists()
