"""Shipped instruments as workbooks, and hands that edit them."""

import datetime as dt
import functools
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from pendamping.instruments.exchange.sheets import workbook_of
from pendamping.instruments.exchange.spreadsheet import read_workbook
from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.reading.text import canonical_json
from tests.instruments.cases import document

MADE_AT = dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)

Edit = Callable[[Workbook], object]


def plain(content: Mapping[str, object]) -> dict[str, Any]:
    """A document in the types of JSON, for comparing and for changing."""
    read: dict[str, Any] = json.loads(canonical_json(content))
    return read


@functools.cache
def workbook(name: str = "usaha_kemitraan") -> bytes:
    """The file of a shipped instrument."""
    return workbook_of(document(name), made_at=MADE_AT)


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def edited(edit: Edit, name: str = "usaha_kemitraan") -> bytes:
    """A shipped instrument after somebody had it open."""
    book = opened(workbook(name))
    edit(book)
    return saved(book)


def cell_at(book: Workbook, sheet: str, row: int, title: str) -> Any:
    """The cell of a row under the column with a title."""
    titles = [cell.value for cell in book[sheet][1]]
    return book[sheet].cell(row, titles.index(title) + 1)


def enters(sheet: str, row: int, title: str, value: object) -> Edit:
    def edit(book: Workbook) -> None:
        cell_at(book, sheet, row, title).value = value

    return edit


def row_of(book: Workbook, item_id: str) -> int:
    """The row of an item on the sheet Butir."""
    return next(row for row in range(2, book["Butir"].max_row + 1) if book["Butir"].cell(row, 1).value == item_id)


def changes(item_id: str, title: str, value: object) -> Edit:
    def edit(book: Workbook) -> None:
        cell_at(book, "Butir", row_of(book, item_id), title).value = value

    return edit


def all_of(*edits: Edit) -> Edit:
    def edit(book: Workbook) -> None:
        for each in edits:
            each(book)

    return edit


def faults_of(content: bytes) -> list[str]:
    with pytest.raises(InstrumentInvalid) as invalid:
        read_workbook(content)
    return [str(fault) for fault in invalid.value.faults]


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same file with other bytes in one of its parts, or with one part more."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, part)
    return file.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)
