"""`pendamping instrument ...`: take an instrument out, look at an edited or a shipped one, publish it."""

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from pendamping.instruments.definition import Instrument
from pendamping.instruments.difference import difference
from pendamping.instruments.exchange.files import read_file
from pendamping.instruments.exchange.package import MAX_FILE_BYTES
from pendamping.instruments.exchange.queries import Version, document_of, in_force, versions_of
from pendamping.instruments.exchange.service import publish_next
from pendamping.instruments.exchange.words import change_words, summary_words
from pendamping.instruments.exchange.yaml_text import yaml_of
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.reading.shipped import SHIPPED, shipped_text
from pendamping.instruments.reading.text import content_hash, read_yaml
from pendamping.instruments.succession import refuse_to_follow
from pendamping.kernel.access import now
from pendamping.kernel.clock import office_date
from pendamping.kernel.commands import DAY, command_actor, said_plainly
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import long_date, translated
from pendamping.kernel.words import N_

FILE = click.Path(path_type=Path)

instrument_cli = click.Group("instrument", help="Instrumen: keluarkan, periksa, terbitkan.")


class UnknownInstrument(DomainError):
    code = "unknown_instrument"
    explanation = N_("Tidak ada instrumen %(code)s yang berlaku hari ini; yang ada: %(known)s.")


class NotShipped(DomainError):
    code = "not_shipped"
    explanation = N_("Program tidak membawa instrumen %(code)s; yang ada: %(known)s.")


class FileUnreadable(DomainError):
    code = "file_unreadable"
    explanation = N_("%(file)s: tidak dapat dibaca (%(reason)s).")


class FileUnwritable(DomainError):
    code = "file_unwritable"
    explanation = N_("%(file)s: tidak dapat ditulis (%(reason)s).")


class Faulty(click.ClickException):
    """A file with faults: each on a line of its own, and an exit code that says so."""

    exit_code = 2

    def __init__(self, path: Path, invalid: InstrumentInvalid) -> None:
        faults = "\n".join(str(fault) for fault in invalid.faults)
        super().__init__(f"{path.name}: {len(invalid.faults)} kesalahan\n{faults}")


@instrument_cli.command("export")
@click.argument("code")
@click.option("--format", "format_", type=click.Choice(["xlsx", "yaml"]), required=True, help="Bentuk berkas.")
@click.option("-o", "path", type=FILE, required=True, help="Berkas yang ditulis.")
@said_plainly
def export(code: str, format_: str, path: Path) -> None:
    """Tulis versi instrumen CODE yang berlaku hari ini, misalnya KL, ke sebuah berkas untuk disunting."""
    versions = versions_of(reading(), code.upper())
    version = in_force(versions, office_date(now()))
    if version is None:
        in_use = instruments_on(reading(), office_date(now()))
        raise UnknownInstrument(code=code, known=", ".join(each.instrument.code for each in in_use) or "-")
    document = document_of(reading(), version)
    _write(path, _workbook(document) if format_ == "xlsx" else yaml_of(document).encode())
    click.echo(f"{_title(version.instrument)}: {len(version.instrument.items)} butir ditulis ke {path}.")


def _title(instrument: Instrument) -> str:
    return f"{instrument.code} {instrument.version}"


def _workbook(document: Mapping[str, object]) -> bytes:
    from pendamping.instruments.exchange.sheets import workbook_of  # brings in what only this command needs

    return workbook_of(document, made_at=now())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a full disk leaves no half of a file, and what was there before stays."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise FileUnwritable(file=str(path), reason=error.strerror or str(error)) from None


@instrument_cli.command("shipped")
@click.argument("code")
@click.option("-o", "path", type=FILE, required=True, help="Berkas yang ditulis.")
@said_plainly
def shipped(code: str, path: Path) -> None:
    """Tulis versi instrumen CODE yang dibawa program, misalnya KL, sebagai YAML untuk dilihat lalu diterbitkan."""
    if code.upper() not in SHIPPED:
        raise NotShipped(code=code, known=", ".join(SHIPPED))
    text = shipped_text(code.upper())
    instrument = parse(read_yaml(text))
    _write(path, text.encode())
    click.echo(f"{_title(instrument)}: {len(instrument.items)} butir ditulis ke {path}.")


@instrument_cli.command("check")
@click.argument("path", metavar="FILE", type=FILE)
@said_plainly
def check(path: Path) -> None:
    """Periksa berkas FILE (YAML atau XLSX): semua kesalahannya, lalu apa yang berubah. Tidak menyimpan apa pun."""
    document = _read(path)
    instrument = parse(document)
    versions = versions_of(reading(), instrument.code)
    click.echo(f"{_title(instrument)}: {len(instrument.items)} butir, tanpa kesalahan.")
    same = next((each for each in versions if each.sha256 == content_hash(document)), None)
    if same is not None:
        click.echo(f"Isinya sama dengan versi {same.instrument.version} yang sudah terbit.")
        return
    _say_difference(versions, instrument)
    try:
        refuse_to_follow(instrument, versions)
    except DomainError as error:
        click.echo(f"Belum dapat diterbitkan: {translated(error.explanation, **error.params)}")


def _say_difference(versions: Sequence[Version], instrument: Instrument) -> None:
    version = in_force(versions, office_date(now()))
    if version is None:
        click.echo(f"Belum ada versi {instrument.code} yang berlaku hari ini.")
        return
    changes = difference(version.instrument, instrument)
    if not changes:
        click.echo(f"Dibanding versi {version.instrument.version} yang berlaku: hanya keterangan yang berubah.")
        return
    click.echo(f"Dibanding versi {version.instrument.version} yang berlaku: {summary_words(changes)}.")
    for change in changes:
        click.echo(f"- {change_words(change)}")


@instrument_cli.command("publish")
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--from", "effective", type=DAY, required=True, help="Hari pertama berlaku, misalnya 2026-09-01.")
@said_plainly
def publish(path: Path, effective: dt.datetime) -> None:
    """Terbitkan berkas FILE sebagai versi berikutnya. Versi yang sudah terbit tidak pernah berubah."""
    document = _read(path)

    def work(session: Session) -> tuple[InstrumentVersion, bool]:
        actor = command_actor("instrument publish")
        return publish_next(session, document, effective_on=effective.date(), actor=actor, now=now())

    version, is_new = retry_on_conflict(work)
    state = "terbit" if is_new else "sudah terbit"
    click.echo(f"{version.code} {version.version} {state}, berlaku mulai {long_date(version.effective_on)}.")


def _read(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise FileUnreadable(file=str(path), reason=error.strerror or str(error)) from None
    try:
        return read_file(path.name, content)
    except InstrumentInvalid as invalid:
        raise Faulty(path, invalid) from None
