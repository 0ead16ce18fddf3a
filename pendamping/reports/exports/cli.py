"""`pendamping export`: the same files on the server, without a limit."""

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy import select

from pendamping.cooperatives.models import Cooperative
from pendamping.kernel.access import now
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.commands import command_actor, said_plainly
from pendamping.kernel.database import reading, transaction
from pendamping.reports.exports.cells import Row, csv_chunks
from pendamping.reports.exports.columns import TABLES, Format, Kind
from pendamping.reports.exports.forms import EARLIEST_YEAR, LATEST_YEAR
from pendamping.reports.exports.queries import Place, batches_of, places_of
from pendamping.reports.exports.service import record_export
from pendamping.reports.exports.words import vocabulary_of
from pendamping.reports.exports.workbook import write_workbook

PATIENCE_SECONDS = 2.0
"""A bar that comes sooner only flickers."""
SEPARATORS = {"koma": ",", "titik-koma": ";"}


@click.command("export")
@click.argument("kind", type=click.Choice([str(kind) for kind in Kind]))
@click.option("--format", "form", type=click.Choice([str(each) for each in Format]), required=True)
@click.option("--year", type=click.IntRange(EARLIEST_YEAR, LATEST_YEAR), help="Hanya tahun ini; tanpa ini semuanya.")
@click.option("--separator", type=click.Choice(list(SEPARATORS)), default="koma", show_default=True, help="Untuk CSV.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Berkas tujuan.")
@said_plainly
def export(kind: str, form: str, year: int | None, separator: str, output: Path) -> None:
    """Tulis visits, answers, actions, atau figures ke satu berkas; baris terakhir menyebut banyaknya.

    Berkas baru ada bila seluruhnya jadi; yang lama dengan nama itu diganti saat itu juga.
    """
    places = places_of(reading(), select(Cooperative))
    with _whole_or_nothing(output) as file:
        with transaction() as session:
            record_export(
                session,
                Kind(kind),
                form=Format(form),
                year=year,
                cooperatives=len(places),
                actor=command_actor("export"),
                now=now(),
            )
        count = _write(file, Kind(kind), Format(form), places, year, SEPARATORS[separator])
    click.echo(f"{count} baris")


@contextlib.contextmanager
def _whole_or_nothing(output: Path) -> Iterator[IO[bytes]]:
    """A file beside the wanted one that takes its place once it is whole; if anything goes wrong, nothing stays."""
    output = output.resolve()  # what a link points to is written anew, not the link
    if output.exists() and not output.is_file():
        raise click.ClickException(f"{output}: bukan berkas biasa")
    try:
        descriptor, unfinished = tempfile.mkstemp(dir=output.parent, prefix=".belum-")
    except OSError as error:
        raise click.ClickException(f"{output}: tidak dapat ditulis ({error.strerror})") from None
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
        Path(unfinished).replace(output)
    except OSError as error:
        raise click.ClickException(f"{output}: tidak dapat ditulis ({error.strerror})") from None
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _write(file: IO[bytes], kind: Kind, form: Format, places: Sequence[Place], year: int | None, separator: str) -> int:
    counted = _Counted(len(places))
    with counted:
        batches = counted.through(batches_of(reading(), kind, places, vocabulary_of(reading()), year=year))
        if form is Format.CSV:
            file.writelines(csv_chunks(TABLES[kind].columns, batches, separator=separator))
        else:
            made_at = now().astimezone(OFFICE_TZ)
            about = [f"Tahun: {year or 'semua'}", f"Dibuat: {made_at:%Y-%m-%d %H:%M} WITA"]
            write_workbook(file, TABLES[kind], batches, about=about, made_at=made_at)
    return counted.rows


class _Counted:
    """Counts rows on their way, and shows a bar once that takes longer than people wait for."""

    def __init__(self, places: int) -> None:
        self.rows = 0
        self._began = time.monotonic()
        self._places = places
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> "_Counted":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def through(self, batches: Iterator[tuple[int, list[Row]]]) -> Iterator[list[Row]]:
        for done, rows in batches:
            yield rows
            self.rows += len(rows)
            self._show(done)

    def _show(self, done: int) -> None:
        if self._bar is None and time.monotonic() - self._began > PATIENCE_SECONDS:
            self._bar = click.progressbar(length=self._places, label="Mengekspor koperasi", file=sys.stderr)
            self._bar.render_progress()
        if self._bar is not None:
            self._bar.update(done - self._done)
            self._done = done
