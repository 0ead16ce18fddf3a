from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.models import SignInFailure, User
from pendamping.accounts.passwords import is_password
from pendamping.accounts.service import note_failed_sign_in
from pendamping.cli import main
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from tests import only
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, PASSWORD, Make

Run = Callable[..., Result]
NEW_PASSWORD = "sandi-yang-baru"
ADD = ("user", "add", "--username", "siti", "--name", "Siti Aminah", "--password-stdin", "--role")


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on this app; each takes and gives back a context of its own."""
    monkeypatch.setattr("pendamping.cli.create_app", lambda: app)

    def invoke(*arguments: str, entered: str | bytes = "") -> Result:
        return CliRunner().invoke(main, arguments, input=entered)

    return invoke


@pytest.fixture
def people(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        make.user(username="rahmat", name="Rahmat")
        make.user(Role.ADMIN, username="admin", name="Admin")
        make.user(username="tutup", name="Lama", deactivated_at=NOW)


def account(app: Flask, username: str) -> User:
    with app.app_context():
        return reading().scalars(select(User).where(User.username == username)).one()


def usernames(app: Flask) -> set[str]:
    with app.app_context():
        return set(reading().scalars(select(User.username)))


def test_a_person_who_is_added_signs_in_at_once(app: Flask, run: Run) -> None:
    done = run(*ADD, "facilitator", entered=PASSWORD + "\n")

    assert (done.exit_code, done.stdout, done.stderr) == (0, "Akun siti (facilitator) sudah dibuat.\n", "")
    user = account(app, "siti")
    assert (user.name, user.role, user.must_change_password) == ("Siti Aminah", Role.FACILITATOR, False)
    assert is_password(user.password_hash, PASSWORD)


def test_a_cooperatives_account_is_added_by_its_code_and_a_heads_region_by_its_own(app: Flask, run: Run) -> None:
    board = run(*ADD, "cooperative", "--cooperative", GRAHA_INDAH, entered=PASSWORD)
    head = run(*ADD, "agency_head", "--username", "kepala", "--scope", "64.71", entered=PASSWORD)

    assert (board.exit_code, head.exit_code) == (0, 0)
    assert account(app, "siti").cooperative_id is not None
    assert account(app, "kepala").scope_prefix == "64.71"


def test_what_a_command_does_is_on_record_as_the_commands(app: Flask, run: Run) -> None:
    run(*ADD, "admin", entered=PASSWORD)

    with app.app_context():
        event = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "add_user")).one()
    assert (event.actor_id, event.actor_name) == (None, "perintah: user add")
    assert PASSWORD not in str(event.after)


@only.on_sqlite
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("arguments", "entered", "said"),
    [
        ((*ADD, "facilitator"), "", "kata sandi kosong; kirim lewat masukan standar"),
        ((*ADD, "facilitator"), "pendek", "Kata sandi: 10 sampai 200 karakter."),
        ((*ADD, "facilitator", "--username", "a"), PASSWORD, "Nama pengguna: 3 sampai 40"),
        ((*ADD, "facilitator", "--username", "Rahmat"), PASSWORD, "Nama pengguna “rahmat” sudah dipakai."),
        ((*ADD, "facilitator", "--name", " "), PASSWORD, "Nama orang wajib diisi"),
        ((*ADD, "facilitator", "--scope", "64.71"), PASSWORD, "Wilayah hanya untuk"),
        ((*ADD, "facilitator", "--cooperative", GRAHA_INDAH), PASSWORD, "Akun koperasi, dan hanya akun koperasi"),
        ((*ADD, "agency_head", "--scope", "64.99"), PASSWORD, "Kode “64.99” tidak dikenal."),
        ((*ADD, "cooperative"), PASSWORD, "Akun koperasi, dan hanya akun koperasi"),
        ((*ADD, "cooperative", "--cooperative", "64.71.99.9999"), PASSWORD, "Kode “64.71.99.9999” tidak dikenal."),
        (("user", "passwd", "siapa", "--password-stdin"), PASSWORD, "Tidak ada akun bernama “siapa”."),
        (("user", "passwd", "rahmat", "--password-stdin"), "pendek", "Kata sandi: 10 sampai 200 karakter."),
        (("user", "passwd", "rahmat", "--password-stdin"), b"\xff\xfe-sandi-panjang", "masukan tidak terbaca"),
        (("user", "passwd", "\udcff"), PASSWORD, "masukan tidak terbaca; pakai UTF-8"),
        (("user", "deactivate", "siapa"), "", "Tidak ada akun bernama “siapa”."),
    ],
)
def test_what_does_not_hold_is_one_line_and_changes_nothing(
    app: Flask, run: Run, arguments: tuple[str, ...], entered: str | bytes, said: str
) -> None:
    done = run(*arguments, entered=entered)

    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: {said}")
    assert usernames(app) == {"rahmat", "admin", "tutup"}
    assert account(app, "rahmat").session_version == 1


@only.on_sqlite
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "arguments",
    [(*ADD, "raja"), ("user", "add", "--role", "admin"), (*ADD, "admin", "--password", PASSWORD), ("user", "passwd")],
)
def test_what_is_no_command_is_refused_and_changes_nothing(app: Flask, run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, entered=PASSWORD)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert usernames(app) == {"rahmat", "admin", "tutup"}


@pytest.mark.usefixtures("people")
def test_another_password_ends_sessions_and_lock(app: Flask, run: Run) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        for _ in range(5):
            note_failed_sign_in(make.session, username="rahmat", address="x", now=NOW)

    done = run("user", "passwd", "RAHMAT", "--password-stdin", entered=NEW_PASSWORD)

    assert (done.exit_code, done.stdout) == (0, "Kata sandi rahmat sudah diganti; semua sesinya berakhir.\n")
    user = account(app, "rahmat")
    assert is_password(user.password_hash, NEW_PASSWORD)
    assert user.session_version == 2
    with app.app_context():
        assert len(reading().scalars(select(SignInFailure)).all()) == 1  # the address's


@pytest.mark.usefixtures("people")
def test_a_password_that_is_asked_for_is_asked_twice_and_not_echoed(app: Flask, run: Run) -> None:
    done = run("user", "passwd", "rahmat", entered=f"salah-ketik-ini\nlain\n{NEW_PASSWORD}\n{NEW_PASSWORD}\n")

    assert done.exit_code == 0
    assert NEW_PASSWORD not in done.output
    assert is_password(account(app, "rahmat").password_hash, NEW_PASSWORD)


@pytest.mark.usefixtures("people")
def test_the_list_shows_everybody_and_no_secret(run: Run) -> None:
    done = run("user", "list")

    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows == [
        ["admin", "admin", "aktif", "semua", "Admin"],
        ["rahmat", "facilitator", "aktif", "semua", "Rahmat"],
        ["tutup", "facilitator", "ditutup", "semua", "Lama"],
    ]
    assert "argon2" not in done.stdout


@pytest.mark.usefixtures("people")
def test_an_account_is_closed_once_and_for_all(app: Flask, run: Run) -> None:
    first, second = run("user", "deactivate", "rahmat"), run("user", "deactivate", "rahmat")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == "Akun rahmat sudah ditutup.\n"
    assert account(app, "rahmat").is_active is False
