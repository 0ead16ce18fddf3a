"""An export as a workbook: typed cells, a head that stays, filters, and a sheet that says what everything means.

Rows go to the disk as they come, so memory stays flat; what does not fit one sheet goes on in the next.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pendamping.reports.exports.cells import Row, is_risky
from pendamping.reports.exports.columns import Cell, Column, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS_OF_A_SHEET = 1_048_575
"""What a sheet holds below its head."""
LONGEST_TEXT = 32_767
"""What a cell holds."""
NOTES_SHEET = "Keterangan"
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "font_color": "#FFFFFF", "bg_color": "#0F5C6E", "border": 1}
_NUMBERS = {
    Cell.WHOLE: "0",
    Cell.POINTS: "0.0",
    Cell.RUPIAH: "#,##0",
    Cell.DATE: "dd/mm/yyyy",
    Cell.CLOCK: "hh:mm",
    Cell.INSTANT: "dd/mm/yyyy hh:mm",
}


def write_workbook(
    file: Path | IO[bytes],
    table: Table,
    batches: Iterable[Sequence[Row]],
    *,
    about: Sequence[str],
    made_at: dt.datetime,
    further: Sequence[tuple[Table, Sequence[Row]]] = (),
) -> int:
    """Write an export into a file; returns how many rows it has. A file that was begun is the caller's to remove.

    Args:
        about: what the sheet of explanations says of this very file, line by line.
        made_at: the instant that the file says it was made at.
        further: small tables for sheets of their own.
    """
    import xlsxwriter  # few requests need it

    target = str(file) if isinstance(file, Path) else file
    workbook = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    try:
        workbook.set_properties({"title": table.name, "created": made_at.replace(tzinfo=None)})
        count = _Sheets(workbook, table).fill(batches)
        for other, rows in further:
            _Sheets(workbook, other).fill([rows])
        _explain(workbook, [table, *(other for other, _ in further)], [*about, f"Baris: {count}"])
    finally:
        workbook.close()
    return count


class _Sheets:
    """The sheets of the rows."""

    def __init__(self, workbook: "Workbook", table: Table) -> None:
        self.workbook, self.table = workbook, table
        self.head = workbook.add_format(_HEAD)
        self.quoted = workbook.add_format({"quote_prefix": True})
        self.formats = [self._format(column) for column in table.columns]
        self.number = 0

    def _format(self, column: Column) -> "Format | None":
        code = _NUMBERS.get(column.cell)
        return self.workbook.add_format({"num_format": code}) if code else None

    def fill(self, batches: Iterable[Sequence[Row]]) -> int:
        sheet, row_number, count = self._begin(), 0, 0
        for batch in batches:
            for row in batch:
                if row_number == ROWS_OF_A_SHEET:
                    self._finish(sheet, row_number)
                    sheet, row_number = self._begin(), 0
                row_number += 1
                self._write(sheet, row_number, row)
            count += len(batch)
        self._finish(sheet, row_number)
        return count

    def _begin(self) -> "Worksheet":
        self.number += 1
        name = self.table.name.capitalize()
        sheet = self.workbook.add_worksheet(name if self.number == 1 else f"{name} {self.number}")
        for place, column in enumerate(self.table.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, self.head)
        sheet.freeze_panes(1, 2)
        return sheet

    def _finish(self, sheet: "Worksheet", rows: int) -> None:
        sheet.autofilter(0, 0, rows, len(self.table.columns) - 1)

    def _write(self, sheet: "Worksheet", number: int, row: Row) -> None:
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            self._put(sheet, number, place, value)

    def _put(self, sheet: "Worksheet", number: int, place: int, value: Any) -> None:
        match value:
            case bool():
                sheet.write_string(number, place, "ya" if value else "tidak")
            case str():
                sheet.write_string(number, place, value[:LONGEST_TEXT], self.quoted if is_risky(value) else None)
            case dt.datetime() | dt.date() | dt.time():
                sheet.write_datetime(number, place, value, self.formats[place])
            case _:
                sheet.write_number(number, place, value, self.formats[place])


def _explain(workbook: "Workbook", tables: Sequence[Table], about: Sequence[str]) -> None:
    sheet, head = workbook.add_worksheet(NOTES_SHEET), workbook.add_format(_HEAD)
    meanings = [table.meaning for table in tables]
    lines = [*meanings, *about, "Angka dan tanggal bertipe, waktu dalam WITA. Sel kosong berarti tidak tercatat."]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)
    first = len(lines) + 1
    for place, (words, width) in enumerate((("Kolom", 26), ("Arti", 80), ("Jenis", 24), ("Istilah SIMKOPDES", 20))):
        sheet.set_column(place, place, width)
        sheet.write_string(first, place, words, head)
    columns = [column for table in tables for column in table.columns]
    for number, column in enumerate(columns, start=first + 1):
        for place, words in enumerate((column.heading, column.meaning, column.cell.value, column.simkopdes)):
            sheet.write_string(number, place, words)
