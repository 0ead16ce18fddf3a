"""Values as cells: what a spreadsheet could take for a formula is made harmless. Pure."""

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pendamping.reports.exports.columns import Cell, Column

Row = tuple[Any, ...]

FORMULA_STARTS, COMMANDS = frozenset("=+-@"), "\t\r"
"""With these a cell becomes a formula or a command in common spreadsheets (OWASP, CSV injection)."""
BOM = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


def is_risky(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula, also behind what nobody sees and in wide letters."""
    for each in text:
        if each in COMMANDS:
            return True
        if each.isprintable() and not each.isspace():
            return unicodedata.normalize("NFKC", each) in FORMULA_STARTS
    return False


def neutral(text: str | None) -> str:
    """A text that a spreadsheet shows as it is: a risky one begins with an apostrophe."""
    if not text:
        return ""
    return "'" + text if is_risky(text) else text


def csv_chunks(columns: Sequence[Column], batches: Iterable[Sequence[Row]], *, separator: str = ",") -> Iterator[bytes]:
    """The file piece by piece: the head, then each batch. Spreadsheets set to this country expect semicolons."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([column.heading for column in columns])
    texts = [place for place, column in enumerate(columns) if column.cell is Cell.TEXT]
    shown = [(place, _SHOWN[column.cell]) for place, column in enumerate(columns) if column.cell in _SHOWN]
    yield _emptied(buffer)
    for batch in batches:
        writer.writerows(_plain(row, texts, shown) for row in batch)
        yield _emptied(buffer)


def _plain(row: Row, texts: Sequence[int], shown: Sequence[tuple[int, Callable[[Any], str]]]) -> list[Any]:
    """A row as CSV takes it. Written for millions of them: a look at the first character decides most."""
    cells = list(row)
    for place in texts:
        text = cells[place]
        if text and not text[0].isalnum():
            cells[place] = neutral(text)
    for place, show in shown:
        value = cells[place]
        if value is not None:
            cells[place] = show(value)
    return cells


def _emptied(buffer: io.StringIO) -> bytes:
    written = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return written


def _yes_no(value: bool) -> str:
    return "ya" if value else "tidak"


@lru_cache(maxsize=8_192)
def _day(value: dt.date) -> str:
    return value.isoformat()


@lru_cache(maxsize=8_192)
def _clock(value: dt.time) -> str:
    return f"{value:%H:%M}"


@lru_cache(maxsize=8_192)
def _instant(value: dt.datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


_SHOWN: Mapping[Cell, Callable[[Any], str]] = {
    Cell.YES_NO: _yes_no,
    Cell.DATE: _day,
    Cell.CLOCK: _clock,
    Cell.INSTANT: _instant,
}
