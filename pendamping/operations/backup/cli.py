"""`pendamping backup`, `restore`, `verify`, `doctor`: the office's whole memory, and how it is."""

import secrets
import sys
from pathlib import Path

import click

from pendamping.kernel.access import now
from pendamping.kernel.commands import command_actor, read_password, said_plainly
from pendamping.kernel.database import reading
from pendamping.kernel.tables import Base
from pendamping.operations.backup import verbs
from pendamping.operations.backup.doctor import Finding, examine, left_over
from pendamping.operations.backup.faults import BrokenDatabase, shortened
from pendamping.operations.backup.health import health_of
from pendamping.operations.backup.keys import keys_named, keys_of
from pendamping.operations.backup.manifest import Manifest
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.reading import AskPassphrase
from pendamping.operations.schema import revision

FILE = click.Path(path_type=Path, dir_okay=False)
THERE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)

passphrase_stdin = click.option(
    "--passphrase-stdin", is_flag=True, help="Baca kata sandi cadangan dari masukan standar, bukan bertanya."
)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--passphrase", "asks", is_flag=True, help="Kunci cadangan dengan kata sandi; akan ditanyakan.")
@passphrase_stdin
@said_plainly
def backup(file: Path, asks: bool, passphrase_stdin: bool) -> None:
    """Salin semua isi kantor ke satu berkas FILE, sementara orang tetap bekerja."""
    passphrase = None
    if passphrase_stdin:
        passphrase = read_password()
    elif asks:
        passphrase = str(click.prompt("Kata sandi cadangan", hide_input=True, confirmation_prompt="Ulangi", err=True))
    manifest = verbs.back_up(file, actor=command_actor("backup"), now=now(), passphrase=passphrase)
    if manifest.broken:
        raise BrokenDatabase(what=shortened(manifest.broken), file=str(file))
    click.echo(f"Cadangan: {file} ({file.stat().st_size // 1024} kB), {_contents(manifest)}.")
    click.echo(_about_keys(manifest))
    if manifest.missing_files:
        count = len(manifest.missing_files)
        click.echo(f"Perhatian: {count} lampiran sudah hilang atau rusak di sini; lihat: pendamping verify", err=True)


@click.command("restore")
@click.argument("file", type=THERE)
@passphrase_stdin
@said_plainly
def restore(file: Path, passphrase_stdin: bool) -> None:
    """Pulihkan cadangan FILE ke tempat kosong: semuanya, atau tidak sama sekali.

    Tablet mengenali server yang dipulihkan dan menawarkan lagi kiriman yang mungkin belum ada di dalamnya.
    """
    for each in this_place().left_behind():
        click.echo(f"Perhatian: {each} sisa perintah yang terputus; tidak disentuh.", err=True)
    manifest = verbs.restore(
        file,
        ask_passphrase=_asking(file, from_stdin=passphrase_stdin),
        epoch=secrets.token_hex(16),
        actor=command_actor("restore"),
        now=now(),
    )
    click.echo(f"Dipulihkan dari {manifest.made_at:%Y-%m-%d %H:%M} UTC: {_contents(manifest)}.")
    if keys := keys_named(manifest):
        click.echo(f"Kunci kantor ikut dipulihkan: {', '.join(keys)}.")
    else:
        click.echo("Kunci kantor tidak ada di dalamnya: semua orang masuk sekali lagi; letakkan kembali bila ada.")


@click.command("verify")
@click.argument("file", type=THERE, required=False)
@passphrase_stdin
@said_plainly
def verify(file: Path | None, passphrase_stdin: bool) -> None:
    """Periksa cadangan FILE dengan memulihkannya di tempat lain; tanpa FILE, periksa kantor yang berjalan."""
    if file is None:
        health = health_of(reading(), this_place())
        found = health.found
        summary = f"{health.tables} tabel, {health.rows} baris, {health.files} berkas lampiran"
    else:
        manifest, found = verbs.verify_copy(file, ask_passphrase=_asking(file, from_stdin=passphrase_stdin))
        summary = f"dibuat {manifest.made_at:%Y-%m-%d %H:%M} UTC, {_contents(manifest)}"
    for line in found:
        click.echo(line, err=True)
    if found:
        raise click.ClickException(f"tidak utuh: {len(found)} temuan di atas")
    click.echo(f"Utuh: {summary}.")


@click.command("doctor")
@said_plainly
def doctor() -> None:
    """Bagaimana keadaannya: versi, ruang, jam, umur cadangan. Keluar dengan 1 bila ada yang perlu ditangani orang."""
    if revision() is None:
        _say(left_over(this_place()))
        raise click.ClickException("basis data belum disiapkan; jalankan dahulu: pendamping init")
    findings = list(examine(reading(), this_place(), now=now()))
    for each in findings:
        _say(each)
    if needing := [each.about for each in findings if each.needs_person]:
        raise click.ClickException(f"perlu ditangani: {', '.join(needing)}")


def _say(finding: Finding) -> None:
    click.echo(f"{'[!]' if finding.needs_person else '[ok]':<5}{finding.about + ':':<12}{finding.words}")


def _contents(manifest: Manifest) -> str:
    """Counted as `verify` counts the office: without the tables that a database makes for its search."""
    rows = [table.rows for name, table in manifest.database.tables.items() if name in Base.metadata.tables]
    return f"{len(rows)} tabel, {sum(rows)} baris, {len(manifest.files)} berkas lampiran"


def _about_keys(manifest: Manifest) -> str:
    if keys := keys_named(manifest):
        return f"Kunci kantor ikut di dalamnya: {', '.join(keys)}."
    left_out = keys_of(this_place().instance)
    if not left_out:
        return "Kunci kantor tidak ikut: tidak ada di folder ini."
    return f"Kunci kantor tidak ikut ({', '.join(left_out)}); hanya cadangan terkunci yang membawanya: --passphrase"


def _asking(file: Path, *, from_stdin: bool) -> AskPassphrase:
    """Asked only where a copy is locked; where nobody can be asked, the copy says what is missing."""

    def ask() -> str | None:
        if from_stdin:
            return read_password()
        if not sys.stdin.isatty():
            return None
        return str(click.prompt(f"Kata sandi {file.name}", hide_input=True, err=True))

    return ask
