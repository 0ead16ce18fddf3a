"""`pendamping user ...`: accounts from the command line."""

import click
from sqlalchemy import select

from pendamping.accounts import service
from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Region
from pendamping.kernel.access import now
from pendamping.kernel.commands import ask_password, command_actor, read_password, said_plainly
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_
from pendamping.reminders import personal

user_cli = click.Group("user", help="Akun: tambah, ganti kata sandi, daftar, tutup.")

password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Baca kata sandi dari masukan standar, bukan bertanya."
)


class UnknownUser(DomainError):
    code = "unknown_user"
    explanation = N_("Tidak ada akun bernama “%(username)s”.")


class UnknownCode(DomainError):
    code = "unknown_code"
    explanation = N_("Kode “%(code)s” tidak dikenal.")


@user_cli.command("add")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True, help="Peran.")
@click.option("--username", required=True, help="Nama pengguna: huruf kecil, angka, titik, garis.")
@click.option("--name", required=True, help="Nama orang, seperti di layar.")
@click.option("--cooperative", "code", help="Kode kelurahan koperasi; hanya untuk peran cooperative.")
@click.option("--scope", default="", help="Awalan kode wilayah yang dilihat, misalnya 64.71; tanpa ini semuanya.")
@password_stdin
@said_plainly
def add(role: str, username: str, name: str, code: str | None, scope: str, password_stdin: bool) -> None:
    """Tambah akun. Orangnya langsung dapat masuk dengan kata sandi yang diberikan."""
    password = read_password() if password_stdin else ask_password()
    cooperative_id = _cooperative(code).id if code else None
    if scope and reading().get(Region, scope) is None:
        raise UnknownCode(code=scope)
    new = service.NewUser(username, name, Role(role), password, scope_prefix=scope, cooperative_id=cooperative_id)
    with transaction() as session:
        user = service.add_user(session, new, actor=command_actor("user add"), now=now())
    click.echo(f"Akun {user.username} ({user.role}) sudah dibuat.")


@user_cli.command("passwd")
@click.argument("username")
@password_stdin
@said_plainly
def passwd(username: str, password_stdin: bool) -> None:
    """Ganti kata sandi akun; semua sesinya berakhir."""
    user = find_user(username)
    password = read_password() if password_stdin else ask_password()
    with transaction() as session:
        service.set_password(session, user, password, actor=command_actor("user passwd"), now=now())
        personal.end_what_needs_no_sign_in(session, user.id, actor=command_actor("user passwd"), now=now())
    click.echo(f"Kata sandi {user.username} sudah diganti; semua sesinya berakhir.")


@user_cli.command("list")
@said_plainly
def list_() -> None:
    """Daftar semua akun."""
    for user in reading().scalars(select(User).order_by(User.role, User.username)):
        state = "aktif" if user.is_active else "ditutup"
        click.echo(f"{user.username:<24} {user.role:<12} {state:<8} {user.scope_prefix or 'semua':<14} {user.name}")


@user_cli.command("deactivate")
@click.argument("username")
@said_plainly
def deactivate(username: str) -> None:
    """Tutup akun. Yang pernah dicatatnya tetap ada."""
    user = find_user(username)
    with transaction() as session:
        service.deactivate_user(session, user, actor=command_actor("user deactivate"), now=now())
    click.echo(f"Akun {user.username} sudah ditutup.")


def find_user(username: str) -> User:
    user = reading().scalar(select(User).where(User.username == username.strip().lower()))
    if user is None:
        raise UnknownUser(username=username)
    return user


def _cooperative(code: str) -> Cooperative:
    cooperative = reading().scalar(select(Cooperative).where(Cooperative.code == code))
    if cooperative is None:
        raise UnknownCode(code=code)
    return cooperative
