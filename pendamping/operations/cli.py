"""`pendamping init` and `pendamping serve`: from an empty machine to a running office."""

import os
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import click
from flask import current_app

from pendamping.instruments.exchange.shipped_updates import Newer, newer_shipped
from pendamping.kernel.access import now
from pendamping.kernel.commands import command_actor, said_plainly
from pendamping.kernel.database import db, transaction
from pendamping.operations.backup.place import alone, this_place
from pendamping.operations.first_sign_in import make_first_admin, write_sign_in
from pendamping.operations.load import load_city
from pendamping.operations.schema import head_revision, migrate, refuse_newer, refuse_other_schema, revision
from pendamping.settings import Settings


@click.command("init")
@said_plainly
def init() -> None:
    """Siapkan basis data, muat kota, buat admin pertama. Dijalankan lagi, tidak mengubah apa pun.

    Versi instrumen yang lebih baru hanya diberitahukan; dinas yang menerbitkannya.
    """
    with alone(this_place()):
        _prepare()


def _prepare() -> None:
    _migrate()
    actor, settings = command_actor("init"), current_app.config["SETTINGS"]
    with transaction() as session:
        loaded = load_city(session, actor=actor, now=now())
        newer = newer_shipped(session)
        password = make_first_admin(session, actor=actor, now=now())
        # Before the commit: an admin whose password nobody can read would lock everybody out.
        path = _hand_over(settings, password) if password else None
    if not loaded.is_nothing:
        counts = (loaded.cooperatives, loaded.instruments, loaded.calendar_days)
        click.echo("Dimuat: {} koperasi, {} instrumen, {} hari libur.".format(*counts))
    for each in newer:
        click.echo(_announcement(each))
    if path:
        click.echo(f"Masuk pertama kali: nama pengguna dan kata sandi sekali pakai ada di {path}")


def _announcement(newer: Newer) -> str:
    file = f"{newer.code.lower()}-{newer.version}.yaml"
    return (
        f"Program membawa {newer.code} {newer.version} (yang terbit: {newer.published}). Bila hendak dipakai: "
        f"pendamping instrument shipped {newer.code} -o {file}, lalu "
        f"pendamping instrument publish {file} --from TANGGAL"
    )


def _hand_over(settings: Settings, password: str) -> Path:
    try:
        return write_sign_in(settings.instance, password, f"http://127.0.0.1:{settings.port}")
    except OSError as error:
        raise click.ClickException(f"{error.filename}: tidak dapat ditulis ({error.strerror})") from None


def _migrate() -> None:
    current = revision()
    if current == head_revision():
        return
    refuse_newer(current)
    if current is not None:
        _back_up(current)
    click.echo("Menyiapkan basis data ...")
    migrate()


def _back_up(revision: str) -> None:
    """Keep the SQLite file as it was before an upgrade; a PostgreSQL server has its own backups."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or url.database is None:
        return
    folder = current_app.config["SETTINGS"].instance / "cadangan"
    target = folder / f"sebelum-migrasi-dari-{revision}.sqlite3"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with closing(sqlite3.connect(url.database)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"{target}: cadangan tidak dapat dibuat ({error})") from None
    click.echo(f"Cadangan sebelum migrasi: {target}")


@click.command("serve")
@said_plainly
def serve() -> None:
    """Layani dengan gunicorn di 127.0.0.1, porta PORT (8000)."""
    port = current_app.config["SETTINGS"].port
    refuse_other_schema()
    _refuse_taken_port(port)
    click.echo(f"Pendamping melayani di http://127.0.0.1:{port} (hentikan dengan Ctrl+C)")
    os.execv(  # noqa: S606  # this process becomes the server
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "pendamping.app:create_app()",
            "--config=python:pendamping.operations.server",
            f"--bind=127.0.0.1:{port}",
        ],
    )


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(f"PORT: 127.0.0.1:{port} tidak dapat dipakai ({error.strerror})") from None
