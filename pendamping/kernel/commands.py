"""What every command does alike: one clear line and a non-zero exit on anything wrong, and nothing changed then."""

import datetime as dt
import functools
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy.exc import DatabaseError, IntegrityError

from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.forms import OfficeDateField
from pendamping.kernel.i18n import translated

Command = TypeVar("Command", bound=Callable[..., Any])


@contextmanager
def plainly() -> Iterator[None]:
    """What the rules refuse inside becomes one line on standard error and exit 1."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(translated(error.explanation, **error.params)) from None
    except DatabaseError as error:
        raise click.ClickException(_about_database(error)) from None
    except UnicodeError:
        raise click.ClickException("masukan tidak terbaca; pakai UTF-8") from None
    except sqlite3.Error as error:  # where a command goes past SQLAlchemy
        raise click.ClickException(f"basis data tidak dapat dipakai: {error}") from None
    except BrokenPipeError:  # whoever read what was written has enough
        raise
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'berkas'}: {error.strerror or error}") from None


def said_plainly(command: Command) -> Command:
    """The whole command does so, and who tells it to stop lets it clear up first."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with plainly(), _ended_in_order():
            return command(*args, **kwargs)

    return wrapped  # type: ignore[return-value]


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """SIGTERM (systemd's, `timeout`'s) ends a command as Ctrl-C does: whatever it was making is taken away again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _frame: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def _about_database(error: DatabaseError) -> str:
    said = str(error.orig).strip().splitlines()[0] if error.orig else "?"
    if "no such table" in said or ("relation" in said and "does not exist" in said):
        return f"basis data belum disiapkan; jalankan dahulu: pendamping init ({said})"
    if "database is locked" in said:
        return "basis data sedang sibuk: proses lain menulis terlalu lama; coba lagi sebentar lagi"
    if isinstance(error, IntegrityError):
        return f"bertentangan dengan data yang sudah tersimpan: {said}"
    return f"DATABASE_URL: basis data tidak dapat dipakai: {said}"


class _InReach(click.DateTime):
    """A day or month of the office's calendar, as its forms take it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        moment: dt.datetime = super().convert(value, param, ctx)
        if not OfficeDateField.EARLIEST_YEAR <= moment.year <= OfficeDateField.LATEST_YEAR:
            years = f"{OfficeDateField.EARLIEST_YEAR} sampai {OfficeDateField.LATEST_YEAR}"
            self.fail(f"{value}: pakai tahun {years}", param, ctx)
        return moment


DAY = _InReach(["%Y-%m-%d"])
MONTH = _InReach(["%Y-%m"])


def command_actor(name: str) -> Actor:
    return Actor(None, f"perintah: {name}")


def read_password() -> str:
    """The first line of standard input; passwords are never arguments, where others could see them."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise click.ClickException("kata sandi kosong; kirim lewat masukan standar")
    return password


def ask_password() -> str:
    return str(click.prompt("Kata sandi", hide_input=True, confirmation_prompt="Ulangi kata sandi"))
