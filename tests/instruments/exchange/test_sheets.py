"""An instrument as a workbook: it comes back the same, people can work with it, and nothing in it can do harm."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from pendamping.instruments.exchange.columns import ITEM_SHEET, LEGEND_TITLE, TABLES, Form
from pendamping.instruments.exchange.sheets import DoesNotFit, workbook_of
from pendamping.instruments.exchange.spreadsheet import read_workbook
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.text import content_hash
from tests.instruments.cases import NAMES, document
from tests.instruments.exchange.workbooks import MADE_AT, cell_at, opened, plain, row_of, workbook

TITLES = ["Instrumen", "Bagian", "Butir", "Skor", "Keterangan"]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_instrument_comes_back_from_its_workbook_the_same(name: str) -> None:
    back = read_workbook(workbook(name))

    assert parse(back) == parse(document(name))
    assert plain(back) == plain(document(name))
    assert content_hash(back) == content_hash(document(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_that_another_program_saved_again_is_the_same_instrument(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(workbook(name))
    book = opened(path.read_bytes())
    book.save(path)

    assert content_hash(read_workbook(path.read_bytes())) == content_hash(document(name))


@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_where_it_is_installed_saves_a_workbook_that_is_the_same_instrument(
    name: str, tmp_path: Path
) -> None:
    """Where it is not installed the test says so, by asserting just that."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("LibreOffice is not installed: its own way of saving a workbook is not tried here")
        assert not list(Path("/opt").glob("libreoffice*/program/soffice"))
        return
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "instrumen.xlsx"
    path.write_bytes(workbook(name))
    command = [office, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(path)]
    home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=home)

    assert content_hash(read_workbook((tmp_path / "instrumen.xlsx").read_bytes())) == content_hash(document(name))


def test_the_same_document_makes_the_same_file() -> None:
    assert workbook_of(document(), made_at=MADE_AT) == workbook_of(document(), made_at=MADE_AT)


def test_a_workbook_has_a_sheet_for_each_part_and_one_that_explains_every_column() -> None:
    book = opened(workbook())

    assert book.sheetnames == TITLES
    explained = {(row[0].value, row[1].value) for row in book[LEGEND_TITLE].iter_rows(min_row=2)}
    assert {(sheet.title, column.title) for sheet in TABLES for column in sheet.columns} <= explained
    assert all(cell.value for row in book[LEGEND_TITLE].iter_rows(min_row=2) for cell in row)


@pytest.mark.parametrize("sheet", TITLES)
def test_headers_stay_in_sight_and_long_texts_are_wrapped(sheet: str) -> None:
    worksheet = opened(workbook("kelembagaan"))[sheet]

    assert worksheet.freeze_panes == ("D2" if sheet == "Butir" else "B2")
    assert all(cell.alignment.wrap_text for row in worksheet.iter_rows() for cell in row if cell.value is not None)
    assert worksheet.column_dimensions["A"].width >= 9
    assert (worksheet.auto_filter.ref is None) == (sheet == LEGEND_TITLE)


def test_choices_are_offered_as_lists_also_in_rows_that_are_added() -> None:
    worksheet = opened(workbook())["Butir"]
    letters = {worksheet.cell(1, index).value: get_column_letter(index) for index in range(1, 40)}
    offered = {str(each.sqref).split(":")[0]: each.formula1 for each in worksheet.data_validations.dataValidation}
    chosen = [column for column in ITEM_SHEET.columns if column.form in (Form.WORD, Form.FLAG)]

    assert len(chosen) == 8
    for column in chosen:
        assert offered[f"{letters[column.title]}2"] == f'"{",".join(column.words.values())}"'
    assert offered[f"{letters['Bagian']}2"] == "Bagian!$A$2:$A$100"
    assert all(str(each.sqref).endswith("126") for each in worksheet.data_validations.dataValidation)


def test_numbers_are_numbers_and_rules_are_readable() -> None:
    book = opened(workbook("transparansi_keuangan"))
    row = row_of(book, "TK-13")

    assert cell_at(book, "Butir", row, "Bobot").value == 5
    assert cell_at(book, "Butir", row, "Ambang dan nilai").value == "0 = 1\n10000 = 0,8\n100000 = 0,4\n1000000000 = 0"
    assert cell_at(book, "Butir", row, "Arah ambang").value == "makin rendah makin baik"
    assert cell_at(book, "Butir", row, "Kritis").value == "ya"
    book = opened(workbook("kelembagaan"))
    row = row_of(book, "KL-29")
    assert cell_at(book, "Butir", row, "Batas tanggal dan nilai").value == "31 Maret = 1\n30 Juni = 0,7"
    assert cell_at(book, "Butir", row, "Bulan tinjau").value == "April"


def with_text(text: str) -> dict[str, Any]:
    changed = plain(document())
    changed["items"][0]["guidance"] = text
    return changed


@pytest.mark.parametrize(
    "text", ["=1+1", "+62 812", "-5 derajat", "@dinas", "'kutip", "'=x", "''", '=HYPERLINK("x")', "a\n=b", "2026", "ya"]
)
def test_a_text_that_a_spreadsheet_would_calculate_is_made_harmless_and_comes_back(text: str) -> None:
    content = workbook_of(with_text(text), made_at=MADE_AT)

    cell = cell_at(opened(content), "Butir", 2, "Panduan")
    assert cell.data_type == "s"
    assert not cell.value.startswith(("=", "+", "-", "@"))
    assert read_workbook(content)["items"][0]["guidance"] == text


@pytest.mark.parametrize("text", [" di depan", "di belakang ", "x" * 32_768, "a\rb", "\x07", "_x000D_"])
def test_what_a_cell_would_give_back_changed_does_not_go_out(text: str) -> None:
    with pytest.raises(DoesNotFit) as refused:
        workbook_of(with_text(text), made_at=MADE_AT)
    assert refused.value.params == {"code": "KL"}


def test_what_may_be_left_out_stays_out() -> None:
    bare = plain(document())
    for key in ("language", "review_cycle", "filled_by", "reviewed_by"):
        del bare["instrument"][key]
    bare["scoring"] = {
        "bands": bare["scoring"]["bands"],
        "answer_value": {
            "yes_no_na": {"yes": 1, "no": 0},
            "scale_0_3": {"0": 0, "1": 0.3, "2": 0.6667, "3": 1, "na": None},
            "evidence_only": {"accepted": 1, "missing_or_rejected": 0},
        },
    }
    back = read_workbook(workbook_of(bare, made_at=MADE_AT))

    assert json.dumps(plain(back), sort_keys=True) == json.dumps(bare, sort_keys=True)
