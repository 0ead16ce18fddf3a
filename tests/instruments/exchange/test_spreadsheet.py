"""Reading a workbook that people had in their hands: right, or refused whole with every fault at its cell."""

import datetime as dt

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from pendamping.instruments.exchange.cells import A_DATE, NO_DOTS
from pendamping.instruments.exchange.spreadsheet import A_FORMULA, AN_ERROR, read_workbook
from pendamping.instruments.reading.text import content_hash
from tests.instruments.cases import document
from tests.instruments.exchange.workbooks import (
    Edit,
    all_of,
    cell_at,
    changes,
    edited,
    enters,
    faults_of,
    plain,
)

UK_HASH = content_hash(document("usaha_kemitraan"))

# Edits that change nothing --------------------------------------------------------------------------------------------


def hide_rows(book: Workbook) -> None:
    for row in range(3, 9):
        book["Butir"].row_dimensions[row].hidden = True


def swap_columns(book: Workbook) -> None:
    sheet = book["Butir"]
    for row in range(1, sheet.max_row + 1):
        left, right = sheet.cell(row, 3), sheet.cell(row, 20)
        left.value, right.value = right.value, left.value


def leave_rows_empty(book: Workbook) -> None:
    book["Butir"].insert_rows(2, 3)
    book["Butir"].insert_rows(10, 2)
    book["Butir"].cell(3, 4).value = "   "
    book["Skor"].insert_rows(3)


def write_numbers_as_text(book: Workbook) -> None:
    for row in range(2, book["Butir"].max_row + 1):
        for title in ("Bobot", "Mulai tahap", "Tenggat (hari)"):
            cell = cell_at(book, "Butir", row, title)
            cell.value = f" {cell.value} "
    cell_at(book, "Skor", 2, "Nilai").value = "80,0"
    cell_at(book, "Bagian", 2, "Bobot").value = str(cell_at(book, "Bagian", 2, "Bobot").value)


def surround_with_blanks(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = f"  {cell.value}\xa0\n"


def shout(book: Workbook) -> None:
    for title in ("Jenis jawaban", "Kritis", "Jarak tinjau", "Cara memeriksa", "Penanggung jawab"):
        for row in range(2, book["Butir"].max_row + 1):
            cell = cell_at(book, "Butir", row, title)
            cell.value = str(cell.value).upper()


def write_codes(book: Workbook) -> None:
    words = {"ya/tidak": "yes_no_na", "tingkat 0-3": "scale_0_3", "angka": "number", "bukti": "evidence_only"}
    for row in range(2, book["Butir"].max_row + 1):
        kind, flag = cell_at(book, "Butir", row, "Jenis jawaban"), cell_at(book, "Butir", row, "Kritis")
        kind.value, flag.value = words.get(kind.value, kind.value), flag.value == "ya"


def rename_sheets_a_little(book: Workbook) -> None:
    book["Butir"].title = "butir "
    book["Skor"].title = "SKOR "


@pytest.mark.parametrize(
    "edit",
    [
        hide_rows,
        swap_columns,
        leave_rows_empty,
        write_numbers_as_text,
        surround_with_blanks,
        shout,
        write_codes,
        rename_sheets_a_little,
        lambda book: book.move_sheet("Skor", -3),
        lambda book: book.remove(book["Keterangan"]),
        enters("Keterangan", 2, "Arti", "=1+1"),
    ],
)
def test_what_says_the_same_is_the_same_instrument(edit: Edit) -> None:
    assert content_hash(read_workbook(edited(edit))) == UK_HASH


def test_an_edit_is_read_at_its_place() -> None:
    read = read_workbook(
        edited(
            all_of(
                enters("Instrumen", 3, "Isi", 0.3),
                changes("UK-01", "Judul", 2026),
                changes("UK-01", "Bulan tinjau", None),
                changes("UK-01", "Jarak tinjau", "bulanan"),
                changes("UK-02", "Panduan", "baris satu\r\nbaris dua"),
            )
        )
    )

    expected = plain(document("usaha_kemitraan"))
    expected["instrument"]["version"] = "0.3"
    first, second = expected["items"][:2]
    first |= {"label_id": "2026", "review_frequency": "bulanan"}
    first.pop("review_months", None)
    second["guidance"] = "baris satu\nbaris dua"
    assert plain(read) == expected


@pytest.mark.parametrize("text", ["1 = 1; 1000 = 0,5 ; 1000000000=0", "1=1\n\n1000 = 0.5\n1000000000 = 0"])
def test_thresholds_may_be_written_as_people_write_them(text: str) -> None:
    text = text.replace("1 = 1", "0 = 1", 1).replace("1=1", "0=1", 1)
    read = read_workbook(edited(changes("TK-13", "Ambang dan nilai", text), "transparansi_keuangan"))

    (item,) = [each for each in read["items"] if each["id"] == "TK-13"]
    assert item["thresholds"]["steps"] == [[0, 1], [1000, 0.5], [1_000_000_000, 0]]


@pytest.mark.parametrize("text", ["31 mar = 1; 30 JUNI = 0,7", "03-31 = 1\n06-30 = 0,7"])
def test_deadlines_may_be_written_as_people_write_them(text: str) -> None:
    read = read_workbook(edited(changes("KL-29", "Batas tanggal dan nilai", text), "kelembagaan"))

    assert content_hash(read) == content_hash(document("kelembagaan"))


@pytest.mark.parametrize("months", [4, "4", "apr", " April "])
def test_months_may_be_written_as_people_write_them(months: object) -> None:
    read = read_workbook(edited(changes("KL-29", "Bulan tinjau", months), "kelembagaan"))

    assert content_hash(read) == content_hash(document("kelembagaan"))


# Faults at their cells ------------------------------------------------------------------------------------------------

ONE_FAULT: list[tuple[Edit, str]] = [
    (enters("Butir", 2, "Bobot", "tiga"), "Butir!F2: Bobot harus bilangan bulat 1 sampai 100"),
    (enters("Butir", 2, "Bobot", 3.5), "Butir!F2: Bobot harus bilangan bulat 1 sampai 100"),
    (enters("Butir", 2, "Bobot", None), "Butir!F2: Bobot wajib diisi"),
    (enters("Butir", 2, "Bobot", "=1+1"), f"Butir!F2: {A_FORMULA}"),
    (enters("Butir", 2, "Bobot", ArrayFormula("F2:F3", "=SUM(A1:A2)")), f"Butir!F2: {A_FORMULA}"),
    (enters("Butir", 2, "Bobot", "#REF!"), f"Butir!F2: {AN_ERROR}"),
    (enters("Butir", 2, "Bobot", dt.date(2026, 1, 3)), f"Butir!F2: {A_DATE}"),
    (enters("Butir", 2, "Judul", dt.datetime.combine(dt.date(2026, 1, 3), dt.time(9, 30))), f"Butir!C2: {A_DATE}"),
    (enters("Butir", 2, "Judul", dt.time(9, 30)), f"Butir!C2: {A_DATE}"),
    (enters("Butir", 2, "Judul", True), "Butir!C2: harus teks"),
    (enters("Butir", 2, "Judul", "  "), "Butir!C2: Judul wajib diisi"),
    (enters("Butir", 2, "Tenggat (hari)", "1.000"), f"Butir!AF2: {NO_DOTS}"),
    (enters("Butir", 2, "Kode", "UK-1"), "Butir!A2: Kode harus UK- dan dua angka"),
    (
        enters("Butir", 2, "Jarak tinjau", "mingguan"),
        "Butir!K2: “Jarak tinjau” harus salah satu dari sekali, bulanan, triwulanan, semesteran, tahunan",
    ),
    (
        enters("Butir", 2, "Kritis", "mungkin"),
        "Butir!G2: Kritis harus ya atau tidak",
    ),
    (
        enters("Butir", 2, "Cara memeriksa", "ditebak"),
        "Butir!M2: “Cara memeriksa” harus salah satu dari dokumen dilihat, dicek di sistem, diamati, wawancara",
    ),
    (
        enters("Butir", 2, "Tidak berlaku bila", "Kapan saja"),
        "Butir!I2: “Tidak berlaku bila” harus ada bila “Boleh tidak berlaku” ya, dan hanya bila itu",
    ),
    (enters("Butir", 2, "Satuan", "rupiah"), "Butir!T2: Satuan tidak berlaku di sini; kosongkan"),
    (enters("Butir", 2, "Arah ambang", "entah"), "Butir!X2: ambang tidak berlaku di sini; kosongkan"),
    (
        enters("Butir", 2, "Keyakinan sumber", "yakin"),
        "Butir!AJ2: “Keyakinan sumber” harus mulai dengan sure, likely atau unsure",
    ),
    (enters("Butir", 2, "Judul (Inggris)", None), "Butir!AK2: “Judul (Inggris)” wajib diisi"),
    (enters("Bagian", 2, "Nama", None), "Bagian!B2: Nama wajib diisi"),
    (enters("Bagian", 2, "Bobot", "banyak"), "Bagian!D2: Bobot harus bilangan bulat 1 sampai 100"),
    (enters("Skor", 2, "Nilai", 101), "Skor!E2: Nilai harus angka 0 sampai 100, paling banyak 4 desimal"),
    (enters("Skor", 2, "Nama", "Sehat"), "Skor!C2: Nama tidak boleh memakai kata Sehat"),
    (enters("Skor", 3, "Nilai", 90), "Skor: nilai pita harus turun sampai 0"),
    (enters("Skor", 3, "Kode", "siap_bermitra"), "Skor: kode pita berulang"),
    (enters("Skor", 6, "Nilai", "satu"), "Skor!E6: Nilai harus angka 0 sampai 1, paling banyak 4 desimal"),
    (enters("Skor", 6, "Nilai", 0.5), "Skor!E6: ya/tidak: nilai harus naik dari 0 sampai 1 menurut urutan tidak, ya"),
    (enters("Skor", 8, "Nilai", 0), "Skor!E8: ya/tidak: tidak berlaku tidak bernilai: tulis tanpa nilai"),
    (enters("Skor", 6, "Nama", "Ya"), "Skor!C6: hanya untuk pita"),
    (enters("Skor", 7, "Kode", "ya"), "Skor!B7: jawaban ya sudah ada"),
    (enters("Skor", 6, "Kode", None), "Skor!B6: wajib diisi"),
    (enters("Skor", 6, "Untuk", "entah"), "Skor!A6: harus salah satu dari pita, ya/tidak, tingkat 0-3, bukti"),
    (enters("Instrumen", 2, "Isi", "u"), "Instrumen!B2: Kode harus 2 sampai 8 huruf besar atau angka"),
    (enters("Instrumen", 4, "Isi", None), "Instrumen!B4: Judul wajib diisi"),
    (enters("Instrumen", 4, "Isi", dt.date(2026, 1, 1)), f"Instrumen!B4: {A_DATE}"),
    (enters("Instrumen", 6, "Isi", 4), "Instrumen!B6: “Mulai tahap” harus bilangan bulat 1 sampai 3"),
    (enters("Instrumen", 7, "Fakta", "Warna"), "Instrumen!A7: fakta Warna tidak dikenal"),
    (enters("Instrumen", 7, "Fakta", "Kode"), "Instrumen!A7: fakta Kode sudah ada pada A2"),
    (lambda book: book["Instrumen"].delete_rows(4), "Instrumen: Judul wajib diisi"),
    (lambda book: book["Skor"].delete_rows(2, 4), "Skor: pita harus berisi paling sedikit satu baris"),
    (lambda book: book.remove(book["Bagian"]), "Bagian: lembar ini tidak ada"),
    (lambda book: book.remove(book["Butir"]), "Butir: lembar ini tidak ada"),
    (lambda book: book.remove(book["Skor"]), "Skor: lembar ini tidak ada"),
    (lambda book: book.remove(book["Instrumen"]), "Instrumen: lembar ini tidak ada"),
    (lambda book: book.create_sheet("Catatan"), "Catatan: lembar ini tidak dikenal; hapus atau betulkan namanya"),
    (lambda book: book["Butir"].delete_cols(6), "Butir!1: kolom Bobot tidak ada"),
    (lambda book: book["Skor"].delete_cols(1), "Skor!1: kolom Untuk tidak ada"),
    (lambda book: book["Instrumen"].delete_cols(1), "Instrumen!1: kolom Fakta tidak ada"),
    (lambda book: book["Instrumen"].delete_cols(2), "Instrumen!1: kolom Isi tidak ada"),
    (lambda book: book["Butir"].cell(1, 50, "Warna"), "Butir!AX1: kolom Warna tidak dikenal"),
    (lambda book: book["Butir"].cell(1, 50, " bobot"), "Butir!AX1: kolom Bobot sudah ada pada F1"),
    (lambda book: book["Butir"].cell(5, 50, "catatan"), "Butir!AX5: ada isi di bawah kolom tanpa judul"),
    (
        lambda book: book["Butir"].merge_cells("C3:D5"),
        "Butir!C3: sel C3:D5 digabung; pisahkan lagi dan isi setiap sel",
    ),
]


@pytest.mark.parametrize(("edit", "fault"), ONE_FAULT)
def test_a_slip_is_named_at_its_cell_and_nothing_else_is(edit: Edit, fault: str) -> None:
    assert faults_of(edited(edit)) == [fault]


RULES: list[tuple[str, str, Edit, list[str]]] = [
    (
        "kelembagaan",
        "an unknown section",
        changes("KL-01", "Bagian", "KL-Z"),
        ["Bagian!D2: bobot butir berjumlah 17, bobot seksi 20", "Butir!B2: seksi KL-Z tidak ada"],
    ),
    (
        "kelembagaan",
        "weights that do not add up",
        all_of(changes("KL-01", "Bobot", 4), enters("Bagian", 3, "Bobot", 21)),
        [
            "Bagian!D1: bobot seksi berjumlah 101, harus 100",
            "Bagian!D2: bobot butir berjumlah 21, bobot seksi 20",
            "Bagian!D3: bobot butir berjumlah 20, bobot seksi 21",
        ],
    ),
    (
        "kelembagaan",
        "an id that stands twice",
        changes("KL-03", "Kode", "KL-02"),
        ["Butir!A3: Kode dipakai 2 kali", "Butir!A4: Kode dipakai 2 kali"],
    ),
    (
        "kelembagaan",
        "one of two equal ids with another fault",
        all_of(changes("KL-03", "Panduan", None), changes("KL-03", "Kode", "KL-02")),
        [
            "Butir!A3: Kode dipakai 2 kali",
            "Butir!O3: Panduan wajib diisi (atau Butir!O4)",
            "Butir!A4: Kode dipakai 2 kali",
        ],
    ),
    (
        "kelembagaan",
        "a column with another title",
        enters("Butir", 1, "Desimal", "Desimal?"),
        ["Butir!1: kolom Desimal tidak ada", "Butir!W1: kolom 'Desimal?' tidak dikenal"],
    ),
    (
        "kelembagaan",
        "levels that are alike",
        changes("KL-05", "Tingkat 1", "Semua usaha berjalan tercakup"),
        ["Butir!P6: tingkat: keempat tingkat harus berbeda"],
    ),
    (
        "kelembagaan",
        "months that do not fit the frequency",
        changes("KL-08", "Bulan tinjau", "April"),
        [
            "Butir!L9: “Bulan tinjau” untuk semesteran harus berjarak 6 bulan, misalnya Januari, Juli",
        ],
    ),
    (
        "kelembagaan",
        "months that nobody can read",
        changes("KL-08", "Bulan tinjau", "kapan-kapan"),
        ["Butir!L9: harus nama bulan, dipisahkan koma, misalnya April, Oktober"],
    ),
    (
        "kelembagaan",
        "both kinds of date rule",
        changes("KL-09", "Batas tanggal dan nilai", "31 Maret = 1"),
        ["Butir!Z10: “aturan tanggal”: pakai tepat satu: “Nilai dalam 365 hari” atau “Batas tanggal dan nilai”"],
    ),
    (
        "kelembagaan",
        "no kind of date rule, because its cell is a formula",
        changes("KL-09", "Nilai dalam 365 hari", "=1"),
        [f"Butir!AA10: {A_FORMULA}"],
    ),
    (
        "kelembagaan",
        "a day that no year has",
        changes("KL-29", "Batas tanggal dan nilai", "31 Juni = 1"),
        ["Butir!AB30: “Batas tanggal dan nilai” harus satu baris untuk tiap batas, misalnya 31 Maret = 1"],
    ),
    (
        "kelembagaan",
        "deadlines without values",
        changes("KL-29", "Batas tanggal dan nilai", "31 Maret"),
        ["Butir!AB30: harus satu baris untuk tiap batas, misalnya 31 Maret = 1"],
    ),
    (
        "transparansi_keuangan",
        "dots between thousands",
        changes("TK-13", "Ambang dan nilai", "0 = 1\n10.000 = 0,8\n1000000000 = 0"),
        [f"Butir!Y14: {NO_DOTS}"],
    ),
    (
        "transparansi_keuangan",
        "thresholds that fall",
        changes("TK-13", "Ambang dan nilai", "1000000000 = 1\n0 = 0"),
        [
            "Butir!Y14: ambang ambang harus naik, antara “Angka terkecil” dan “Angka terbesar”",
            "Butir!Y14: ambang makin rendah makin baik yang terakhir harus sama dengan “Angka terbesar”",
        ],
    ),
    (
        "transparansi_keuangan",
        "a smallest number above the largest",
        all_of(changes("TK-13", "Angka terkecil", 2_000_000_000)),
        [
            "Butir!U14: “Angka terkecil” harus di bawah “Angka terbesar”",
            "Butir!Y14: ambang ambang harus naik, antara “Angka terkecil” dan “Angka terbesar”",
        ],
    ),
    (
        "transparansi_keuangan",
        "a number without its rule",
        all_of(changes("TK-13", "Ambang dan nilai", None), changes("TK-13", "Arah ambang", None)),
        ["Butir!X14: “Arah ambang” wajib diisi", "Butir!Y14: “Ambang dan nilai” wajib diisi"],
    ),
    (
        "kelembagaan",
        "faults on every sheet",
        all_of(
            enters("Instrumen", 5, "Isi", None),
            enters("Bagian", 2, "Nama", None),
            changes("KL-01", "Bukti", None),
            changes("KL-04", "Penanggung jawab", "satpam"),
            enters("Skor", 2, "Kode", None),
        ),
        [
            "Instrumen!B5: “Judul (Inggris)” wajib diisi",
            "Bagian!B2: Nama wajib diisi",
            "Butir!N2: Bukti wajib diisi",
            "Butir!AG5: “Penanggung jawab” harus salah satu dari ketua, wakil ketua usaha, wakil ketua anggota, "
            "sekretaris, bendahara, pengawas, pengurus, pendamping, dinas",
            "Skor!B2: Kode wajib diisi",
        ],
    ),
]


@pytest.mark.parametrize(("name", "_what", "edit", "faults"), RULES, ids=[rule[1] for rule in RULES])
def test_a_rule_that_is_broken_is_told_in_the_terms_of_the_workbook(
    name: str, _what: str, edit: Edit, faults: list[str]
) -> None:
    assert faults_of(edited(edit, name)) == faults


def test_a_row_with_one_word_in_it_lacks_all_that_every_item_has() -> None:
    found = faults_of(edited(enters("Butir", 28, "Judul", "sendirian")))

    assert len(found) == 21
    assert all(" wajib diisi" in fault and fault.partition(":")[0].endswith("28") for fault in found)
