"""Looks into the file of a workbook before anything opens it: how large it would grow, and what may not be in it."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.parsers import expat

from pendamping.instruments.exchange.book import column_number
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid, shown

MAX_FILE_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 25_000_000
MAX_PARTS = 200
MAX_ROW = 2_000
MAX_COLUMN = 200
"""Far beyond any instrument: it has at most a hundred items."""

FILE = "berkas"
NOT_A_WORKBOOK = "bukan buku kerja Excel (.xlsx) yang sah; simpan lagi sebagai .xlsx"
OLD_OR_LOCKED = "berformat .xls lama atau terkunci kata sandi; simpan sebagai .xlsx tanpa kata sandi"
TOO_LARGE = "terlalu besar untuk sebuah instrumen"
TOO_MANY_ROWS = f"lebih dari {MAX_ROW} baris; hapus baris di bawah isinya, juga yang kosong"
TOO_MANY_COLUMNS = f"lebih dari {MAX_COLUMN} kolom; hapus kolom di kanan isinya, juga yang kosong"

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class _Part:
    """What one XML part of a workbook has been seen to hold."""

    sheets: dict[str, str] = field(default_factory=dict)
    """Titles of sheets by the id of their relation, in the workbook's own part."""
    targets: dict[str, str] = field(default_factory=dict)
    """Parts by the id of their relation."""
    merged: list[str] = field(default_factory=list)
    row: int = 0
    """The number of the newest row."""
    too_much: str = ""
    """Why there is too much of it, if there is."""


class _TooMuch(Exception):
    """No need to read on."""


def look_into(content: bytes) -> list[tuple[str, str]]:
    """Let through only what can be opened without harm.

    Returns:
        The ranges of cells that are merged, each as the title of its sheet and "C3:C4".

    Raises:
        InstrumentInvalid: no workbook, or one that is too large, with the sheets that are.
    """
    if content.startswith(_OLE):
        raise refused(OLD_OR_LOCKED)
    if len(content) > MAX_FILE_BYTES:
        raise refused(TOO_LARGE)
    with any_trouble_refused():
        parts = _parts(content)
        titles = _titles(parts)
    named = [(titles.get(name, posixpath.basename(name)), part) for name, part in parts.items()]
    if faults := [InstrumentFault(shown(title), part.too_much) for title, part in named if part.too_much]:
        raise InstrumentInvalid(tuple(faults))
    return [(title, merged) for title, part in named for merged in part.merged]


def refused(reason: str) -> InstrumentInvalid:
    return InstrumentInvalid((InstrumentFault(FILE, reason),))


@contextmanager
def any_trouble_refused() -> Iterator[None]:
    """Whatever goes wrong while a stranger's file is taken apart means that it is no workbook.

    The libraries promise no list of what they raise: a damaged archive alone knows a dozen kinds of exception.
    """
    try:
        yield
    except InstrumentInvalid:
        raise
    except Exception as error:
        raise refused(NOT_A_WORKBOOK) from error


def _parts(content: bytes) -> dict[str, _Part]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        # An archive yields at most the size that it declares, so what is declared can be relied on.
        if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise refused(TOO_LARGE)
        if _WORKBOOK not in archive.namelist():
            raise refused(NOT_A_WORKBOOK)
        markup = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
        return {entry.filename: _look_at(archive.read(entry)) for entry in markup}


def _look_at(markup: bytes) -> _Part:
    part = _Part()

    def begin(name: str, attributes: dict[str, str]) -> None:
        _note(part, name.rpartition(" ")[2], attributes)

    def refuse_definitions(*_: object) -> None:
        raise refused(NOT_A_WORKBOOK)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse_definitions
    try:
        parser.Parse(markup, True)
    except _TooMuch as too_much:
        part.too_much = str(too_much)
    return part


def _note(part: _Part, name: str, attributes: dict[str, str]) -> None:
    match name:
        case "row":
            _note_row(part, attributes.get("r"))
        case "c":
            _note_cell(part, attributes.get("r", ""))
        case "mergeCell":
            part.merged.append(attributes.get("ref", ""))
        case "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            part.sheets[relation] = attributes.get("name", "")
        case "Relationship":
            part.targets[attributes.get("Id", "")] = attributes.get("Target", "")


def _note_row(part: _Part, number: str | None) -> None:
    """Rows stand in order; of two with one number a reader would drop the second in silence."""
    row = part.row + 1 if number is None else int(number)
    if row <= part.row:
        raise refused(NOT_A_WORKBOOK)
    if row > MAX_ROW:
        raise _TooMuch(TOO_MANY_ROWS)
    part.row = row


def _note_cell(part: _Part, reference: str) -> None:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return
    if int(found[2]) != part.row:
        raise refused(NOT_A_WORKBOOK)
    if column_number(found[1]) > MAX_COLUMN:
        raise _TooMuch(TOO_MANY_COLUMNS)


def _titles(parts: dict[str, _Part]) -> dict[str, str]:
    """The title of each sheet by the name of the part that holds it."""
    sheets = parts[_WORKBOOK].sheets if _WORKBOOK in parts else {}
    targets = parts[_RELATIONS].targets if _RELATIONS in parts else {}
    return {
        posixpath.normpath(posixpath.join("xl", targets[relation])).removeprefix("/"): title
        for relation, title in sheets.items()
        if relation in targets
    }
