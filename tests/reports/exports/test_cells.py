"""Cells, columns and workbooks without a database."""

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendamping.reports.exports.cells import BOM, csv_chunks, is_risky, neutral
from pendamping.reports.exports.columns import TABLES, Cell, Column, Kind, Table
from pendamping.reports.exports.workbook import write_workbook

TABLE = Table(
    "uji",
    "Satu baris untuk setiap uji.",
    (
        Column("Teks", Cell.TEXT, "Apa saja."),
        Column("Banyak", Cell.WHOLE, "Berapa."),
        Column("Rupiah", Cell.RUPIAH, "Uang.", "simpanan"),
        Column("Hari", Cell.DATE, "Kapan."),
        Column("Jam", Cell.CLOCK, "Pukul berapa."),
        Column("Saat", Cell.INSTANT, "Kapan persis."),
        Column("Benar", Cell.YES_NO, "Ya atau tidak."),
    ),
)
HALF_PAST, MIDNIGHT = (dt.datetime.fromisoformat(f"2026-04-14T{each}") for each in ("09:30", "00:00"))
WHOLE = ("=1+1", 3, -5_000, dt.date(2026, 4, 14), dt.time(9, 5), HALF_PAST, True)
EMPTY: tuple[Any, ...] = ("", None, None, None, None, None, None)
NOON = HALF_PAST


def read_back(*rows: tuple[Any, ...], separator: str = ",") -> list[list[str]]:
    text = b"".join(csv_chunks(TABLE.columns, [list(rows)], separator=separator)).decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=separator))


PLAIN = ("=1+1", "+62812", "-5", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\tA")
BEHIND_WHAT_NOBODY_SEES = ("\u00a0=1", "\ufeff=1", "\u200b=1", "\x0b=1", "\u2028=1", " \u3000\u200b\uff20A1")
IN_WIDE_LETTERS = ("\uff1d1", "\uff0b62", "\uff0d5", "\uff20A", "\ufe661")


@pytest.mark.parametrize("text", PLAIN + BEHIND_WHAT_NOBODY_SEES + IN_WIDE_LETTERS)
def test_what_a_spreadsheet_could_take_for_a_formula_is_made_harmless(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert read_back((text, *EMPTY[1:]))[1][0] == f"'{text}"


@pytest.mark.parametrize("text", ["A=1", "\u00a0A", "'=1", "1-2", "\u2022 beras", "(-5)", "\u00a0"])
def test_what_no_spreadsheet_could_take_for_one_stays(text: str) -> None:
    assert read_back((text, *EMPTY[1:]))[1][0] == text


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_text_begins_a_formula_and_harmless_ones_stay_as_they_are(text: str) -> None:
    assert neutral(text).lstrip(" \n")[:1] not in {*"=+-@\t\r"}
    assert neutral(text) in (text, f"'{text}")
    assert is_risky(text) == (neutral(text) != text)


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_holds_every_value_and_leaves_empty_what_is_not_known(separator: str) -> None:
    head, whole, empty = read_back(WHOLE, EMPTY, separator=separator)

    assert head == ["Teks", "Banyak", "Rupiah", "Hari", "Jam", "Saat", "Benar"]
    assert whole == ["'=1+1", "3", "-5000", "2026-04-14", "09:05", "2026-04-14 09:30", "ya"]
    assert empty == [""] * 7


def test_quotes_separators_and_line_ends_come_back_as_they_were() -> None:
    text = 'Ketua berkata: "baik, besok";\nlalu pulang'

    assert read_back((text, *EMPTY[1:]), separator=";")[1][0] == text


def test_csv_without_rows_is_a_head_alone() -> None:
    assert len(read_back()) == 1


def workbook(*rows: tuple[Any, ...], about: tuple[str, ...] = ("Tahun: 2026",)) -> Any:
    file = io.BytesIO()
    count = write_workbook(file, TABLE, [list(rows)], about=about, made_at=NOON)
    assert count == len(rows)
    return openpyxl.load_workbook(file)


def test_a_workbook_has_typed_cells_a_head_that_stays_and_filters() -> None:
    book = workbook(WHOLE, EMPTY)
    sheet = book["Uji"]

    assert [cell.value for cell in sheet[2]] == [
        "=1+1", 3, -5_000, MIDNIGHT, dt.time(9, 5), HALF_PAST, "ya",
    ]  # fmt: skip
    assert sheet["A2"].data_type == "s"  # never a formula
    assert sheet["A2"].quotePrefix
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:G3")


def test_a_workbook_says_what_its_columns_mean() -> None:
    notes = [[cell.value for cell in row] for row in workbook(WHOLE)["Keterangan"].iter_rows()]

    assert ["Satu baris untuk setiap uji.", None, None, None] in notes
    assert ["Tahun: 2026", None, None, None] in notes
    assert ["Baris: 1", None, None, None] in notes
    assert ["Rupiah", "Uang.", "rupiah", "simpanan"] in notes


def test_a_workbook_without_rows_is_a_good_one() -> None:
    assert [cell.value for cell in workbook()["Uji"][1]] == [column.heading for column in TABLE.columns]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_column_has_a_heading_of_its_own_and_says_what_it_means(kind: Kind) -> None:
    columns = TABLES[kind].columns

    assert len({column.heading for column in columns}) == len(columns)
    assert all(column.meaning.endswith(".") for column in columns)
