"""`pendamping score`: the scoring alone, for the agency's own checks and ours; no settings, no database."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, BinaryIO

import click

from pendamping.instruments.definition import Instrument
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid
from pendamping.instruments.reading.shipped import SHIPPED, shipped_text
from pendamping.instruments.reading.text import MAX_YAML_CHARACTERS, read_yaml
from pendamping.instruments.score_lines import LONGEST_LINE, LineRefused, score_line

REFUSALS_SAID = 20
"""With so many the rest is not read: they are most likely one mistake, made in every line."""

LARGE = 8_000_000
"""Bytes that take about two seconds; for a file of this size somebody who waits is shown how far it is."""


class Refused(click.ClickException):
    """What was handed over cannot be scored; nothing is written then."""

    exit_code = 2


@click.command("score")
@click.argument("code", type=click.Choice(list(SHIPPED)), metavar="KL|TK|UK")
@click.argument("lines", type=click.File("rb"), metavar="FILE")
@click.option("--instrument", "other", type=click.File("rb"), metavar="FILE.yaml", help="Nilai menurut berkas ini.")
def score(code: str, lines: BinaryIO, other: BinaryIO | None) -> None:
    """Nilai penilaian di FILE (atau - untuk masukan standar) menurut versi instrumen yang dikirim bersama program.

    FILE berisi satu penilaian tiap baris (JSON Lines), keluarannya satu skor tiap baris dengan urutan yang sama.
    Satu baris saja yang tidak sah membuat semuanya ditolak: tidak ada yang ditulis. Tidak memerlukan basis data.
    """
    try:
        instrument = _instrument(code, other)
        with TemporaryFile() as spool:  # standard output stays empty until every line has held
            _score_all(instrument, lines, spool)
            spool.seek(0)
            shutil.copyfileobj(spool, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise  # whoever reads has seen enough; click ends quietly
    except OSError as error:
        raise click.ClickException(f"tidak dapat membaca atau menulis: {error.strerror}") from None


def _score_all(instrument: Instrument, lines: BinaryIO, spool: IO[bytes]) -> None:
    """Raises Refused, naming what is wrong in the first lines that do not hold."""
    refusals: list[str] = []
    with _progress(lines) as advance:
        for number, line in enumerate(_bounded(lines), start=1):
            try:
                scored = score_line(instrument, line)
            except LineRefused as refused:
                refusals.extend(_at_line(number, fault) for fault in refused.faults)
                if len(refusals) > REFUSALS_SAID:
                    break
            else:
                spool.write(scored.encode("ascii") + b"\n")
            advance(len(line))
    if refusals:
        rest = ["... perbaiki ini dahulu; selebihnya tidak diperiksa"] if len(refusals) > REFUSALS_SAID else []
        raise Refused("\n".join([*refusals[:REFUSALS_SAID], *rest]))


def _at_line(number: int, fault: InstrumentFault) -> str:
    item = f", {fault.where}" if fault.where else ""
    return f"baris {number}{item}: {fault.reason}"


def _bounded(lines: BinaryIO) -> Iterator[bytes]:
    """The lines, of which one that is too long is the last: what follows it need not be a line at all."""
    while line := lines.readline(LONGEST_LINE + 1):
        yield line
        if len(line) > LONGEST_LINE:
            return


@contextmanager
def _progress(lines: BinaryIO) -> Iterator[Callable[[int], None]]:
    """Shows on a terminal how much of a large file is done; the amount is in bytes."""
    size = _size(lines)
    if size < LARGE or not sys.stderr.isatty():
        yield lambda amount: None
        return
    with click.progressbar(length=size, label="Menilai", file=sys.stderr, update_min_steps=size // 200) as bar:
        yield bar.update


def _size(lines: BinaryIO) -> int:
    """0 for what comes through a pipe: nobody knows its end."""
    try:
        state = os.fstat(lines.fileno())
    except OSError:
        return 0
    return state.st_size if stat.S_ISREG(state.st_mode) else 0


def _instrument(code: str, other: BinaryIO | None) -> Instrument:
    try:
        instrument = parse(read_yaml(_yaml_text(code, other)))
    except UnicodeDecodeError:
        raise Refused("instrumen: bukan UTF-8") from None
    except InstrumentInvalid as invalid:
        raise Refused("\n".join(f"instrumen, {fault}" for fault in invalid.faults)) from None
    if instrument.code != code:
        raise Refused(f"instrumen: berkas ini memuat {instrument.code}, bukan {code}")
    return instrument


def _yaml_text(code: str, other: BinaryIO | None) -> str:
    if other is None:
        return shipped_text(code)
    return other.read(4 * (MAX_YAML_CHARACTERS + 1)).decode("utf-8")
