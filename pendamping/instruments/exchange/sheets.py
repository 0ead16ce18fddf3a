"""An instrument as a workbook that people can edit in any spreadsheet: typed cells, lists to choose from, a legend."""

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pendamping.instruments.exchange.columns import (
    ITEM_SHEET,
    LEGEND_TITLE,
    SECTION_SHEET,
    TABLES,
    Column,
    Form,
    Sheet,
    legend,
)
from pendamping.instruments.exchange.rows import Row, rows_of
from pendamping.instruments.exchange.spreadsheet import read_workbook
from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.reading.text import canonical_json, content_hash
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_ROWS_TO_ADD = 100
"""Rows below the last one in which the lists to choose from are offered as well."""
_FROZEN = {ITEM_SHEET.title: (1, 3)}
_HEADER = {
    "bold": True,
    "text_wrap": True,
    "valign": "top",
    "font_color": "#FFFFFF",
    "bg_color": "#0F5C4A",
    "border": 1,
}
_WHEN_WRONG = {"error_title": "Bukan pilihan", "error_message": "Pilih salah satu dari daftar."}
_BODY = {"text_wrap": True, "valign": "top"}


class DoesNotFit(DomainError):
    """A document holds something that a cell would give back changed, such as a text with blanks around it."""

    code = "instrument_does_not_fit"
    explanation = N_("Isi instrumen %(code)s tidak dapat disimpan sebagai XLSX tanpa berubah; pakai YAML.")


def workbook_of(document: Mapping[str, object], *, made_at: dt.datetime) -> bytes:
    """The file of a workbook that `read_workbook` reads as the same document.

    Args:
        document: as `parse` accepts it.
        made_at: the instant that the file says it was made at.

    Raises:
        DoesNotFit: it would not come back the same; then it does not go out.
    """
    plain = json.loads(canonical_json(document))
    content = _written(plain, made_at)
    try:
        is_same = content_hash(read_workbook(content)) == content_hash(document)
    except InstrumentInvalid:
        is_same = False
    if not is_same:
        raise DoesNotFit(code=str(plain["instrument"]["code"]))
    return content


def _written(document: Mapping[str, object], made_at: dt.datetime) -> bytes:
    import xlsxwriter  # only for the one command that writes workbooks

    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    workbook.set_properties({"title": "Instrumen", "created": made_at.replace(tzinfo=None)})
    header, body, text = (workbook.add_format(style) for style in (_HEADER, _BODY, {**_BODY, "num_format": "@"}))
    rows = rows_of(document)
    for sheet in TABLES:
        worksheet = _begin(workbook, sheet.title, [column.title for column in sheet.columns], header)
        for index, column in enumerate(sheet.columns):
            is_number = column.form in (Form.NUMBER, Form.VALUE)
            worksheet.set_column(index, index, column.width, body if is_number else text)
        for number, row in enumerate(rows[sheet.title], start=1):
            _write_row(worksheet, number, row, (body, text))
        _finish(worksheet, sheet, len(rows[sheet.title]))
    _write_legend(workbook, header, text)
    workbook.close()
    return file.getvalue()


def _begin(workbook: "Workbook", title: str, headings: Sequence[str], header: "Format") -> "Worksheet":
    worksheet = workbook.add_worksheet(title)
    for index, heading in enumerate(headings):
        worksheet.write_string(0, index, heading, header)
    worksheet.freeze_panes(*_FROZEN.get(title, (1, 1)))
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.repeat_rows(0)
    return worksheet


def _write_row(worksheet: "Worksheet", number: int, row: Row, formats: tuple["Format", "Format"]) -> None:
    body, text = formats
    for index, cell in enumerate(row):
        if isinstance(cell, str):
            worksheet.write_string(number, index, cell, text)
        elif cell is not None:
            worksheet.write_number(number, index, cell, body)


def _finish(worksheet: "Worksheet", sheet: Sheet, rows: int) -> None:
    last = rows + _ROWS_TO_ADD
    worksheet.autofilter(0, 0, rows, len(sheet.columns) - 1)
    for index, column in enumerate(sheet.columns):
        choices = _choices(sheet, column)
        if choices:
            worksheet.data_validation(1, index, last, index, {"validate": "list", "source": choices, **_WHEN_WRONG})


def _choices(sheet: Sheet, column: Column) -> "str | list[str] | None":
    """What a cell offers to choose from; sections are whatever stands on their own sheet."""
    if sheet is ITEM_SHEET and column.path == "section":
        return f"={SECTION_SHEET.title}!$A$2:$A${_ROWS_TO_ADD}"
    if column.path == "applies_from_stage":
        return ["1", "2", "3"]
    return list(column.words.values()) or None


def _write_legend(workbook: "Workbook", header: "Format", text: "Format") -> None:
    worksheet = _begin(workbook, LEGEND_TITLE, ("Lembar", "Kolom", "Cara mengisi", "Arti"), header)
    for index, width in enumerate((14, 26, 60, 70)):
        worksheet.set_column(index, index, width, text)
    for number, row in enumerate(legend(), start=1):
        _write_row(worksheet, number, row, (text, text))
