"""Files that are no workbook, or one that would do harm; and whatever else may be in a file."""

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pendamping.instruments.exchange.package import (
    MAX_FILE_BYTES,
    NOT_A_WORKBOOK,
    OLD_OR_LOCKED,
    TOO_LARGE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
)
from pendamping.instruments.exchange.spreadsheet import read_workbook
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid
from tests.instruments.cases import UNHURRIED
from tests.instruments.exchange.workbooks import faults_of, opened, part_of, saved, with_part, workbook

# What is no workbook --------------------------------------------------------------------------------------------------


def fifty_thousand_rows() -> bytes:
    book = opened(workbook())
    for number in range(50_000):
        book["Butir"].append([f"UK-{number}", "UK-A"])
    return saved(book)


def bomb() -> bytes:
    """Small to send, 30 MB when it is taken apart."""
    sheet = part_of(workbook(), "xl/worksheets/sheet3.xml")
    return with_part(workbook(), "xl/worksheets/sheet3.xml", sheet + b" " * 30_000_000)


def many_parts() -> bytes:
    content = workbook()
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(300):
            archive.writestr(f"xl/media/{number}.txt", b"")
    return file.getvalue()


def laughing() -> bytes:
    """Entities that stand for gigabytes."""
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 20))
    return with_part(
        workbook(),
        "xl/sharedStrings.xml",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]><sst>&e19;</sst>",
    )


def sheet_with(found: bytes, put: bytes) -> bytes:
    sheet = part_of(workbook(), "xl/worksheets/sheet3.xml")
    assert found in sheet
    return with_part(workbook(), "xl/worksheets/sheet3.xml", sheet.replace(found, put, 1))


def merge_everything() -> bytes:
    return sheet_with(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: b"", f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: b"Kode;Bagian\nKL-01;KL-A\n", f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: b"PK\x03\x04" + b"x" * 200, f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 200, f"berkas: {OLD_OR_LOCKED}"),
        (lambda: workbook()[:-500], f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: b"x" * (MAX_FILE_BYTES + 1), f"berkas: {TOO_LARGE}"),
        (fifty_thousand_rows, f"Butir: {TOO_MANY_ROWS}"),
        (bomb, f"berkas: {TOO_LARGE}"),
        (many_parts, f"berkas: {TOO_LARGE}"),
        (laughing, f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: sheet_with(b'<row r="3"', b'<row r="99999999999"'), f"Butir: {TOO_MANY_ROWS}"),
        (lambda: sheet_with(b'<row r="3"', b'<row r="2"'), f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: sheet_with(b'<row r="3"', b'<row r="tiga"'), f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: sheet_with(b'<c r="A3"', b'<c r="XFD3"'), f"Butir: {TOO_MANY_COLUMNS}"),
        (lambda: sheet_with(b'<c r="A3"', b'<c r="A4"'), f"berkas: {NOT_A_WORKBOOK}"),
        (merge_everything, "Butir!A1: sel A1:XFD1048576 digabung; pisahkan lagi dan isi setiap sel"),
        (lambda: with_part(workbook(), "xl/styles.xml", b"<stylesheet>"), f"berkas: {NOT_A_WORKBOOK}"),
        (lambda: with_part(workbook(), "xl/sharedStrings.xml", b"<sst/>"), f"berkas: {NOT_A_WORKBOOK}"),
    ],
)
def test_what_is_no_workbook_for_an_instrument_is_refused_in_one_line(make: Callable[[], bytes], fault: str) -> None:
    assert faults_of(make()) == [fault]


def test_an_empty_workbook_lacks_every_sheet() -> None:
    book = Workbook()
    book["Sheet"].title = "Lembar1"

    assert faults_of(saved(book)) == [
        "Instrumen: lembar ini tidak ada",
        "Bagian: lembar ini tidak ada",
        "Butir: lembar ini tidak ada",
        "Skor: lembar ini tidak ada",
        "Lembar1: lembar ini tidak dikenal; hapus atau betulkan namanya",
    ]


# Nothing breaks the reader --------------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=12),
    st.sampled_from(
        [
            "=1+1",
            "#N/A",
            "'=x",
            "UK-01",
            "UK-A",
            "tanggal",
            "tingkat 0-3",
            "sekali",
            "ya",
            "1.000",
            "1 = 1",
            "31 Mei = 1",
        ]
    ),
)
SHEETS = ["Instrumen", "Bagian", "Butir", "Butir", "Butir", "Skor"]


def read_or_refused(content: bytes) -> tuple[dict[str, Any], tuple[InstrumentFault, ...]]:
    """The document or the faults; any other exception is a fault of the reader."""
    try:
        return read_workbook(content), ()
    except InstrumentInvalid as invalid:
        return {}, invalid.faults


@UNHURRIED
@given(data=st.data())
def test_cells_with_anything_in_them_are_read_or_refused_but_break_nothing(data: st.DataObject) -> None:
    book = opened(workbook())
    for _ in range(data.draw(st.integers(1, 6))):
        sheet = book[data.draw(st.sampled_from(SHEETS))]
        row = data.draw(st.integers(1, sheet.max_row + 2))
        column = data.draw(st.integers(1, sheet.max_column + 2))
        sheet.cell(row, column).value = data.draw(VALUES)

    read, faults = read_or_refused(saved(book))

    assert parse(read) if read else faults
    assert all(str(fault).isprintable() for fault in faults)


@pytest.mark.parametrize("seed", range(60))
def test_parts_with_damaged_bytes_are_read_or_refused_but_break_nothing(seed: int) -> None:
    choose = random.Random(seed)
    content = workbook()
    names = [
        "xl/worksheets/sheet3.xml",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "[Content_Types].xml",
    ]
    name = choose.choice(names)
    part = bytearray(part_of(content, name))
    for _ in range(choose.randint(1, 4)):
        place = choose.randrange(len(part))
        part[place : place + choose.randint(0, 6)] = bytes(
            choose.choice(b'<>"/019=xtrs ') for _ in range(choose.randint(0, 4))
        )

    read, faults = read_or_refused(with_part(content, name, bytes(part)))

    assert parse(read) if read else faults
