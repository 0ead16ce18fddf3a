"""What stands where in the workbook of an instrument: its sheets, their columns, and the words that cells are in.

Writing, reading and the explanations on the sheet Keterangan all go by these tables. The workbook is Indonesian: it is
edited by the agency, whatever language the screens are in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from babel.dates import get_month_names

from pendamping.instruments.definition import (
    AnswerType,
    DateReference,
    Direction,
    OwnerRole,
    ReviewFrequency,
    Verification,
)


class Form(StrEnum):
    """How a content is written in a cell."""

    TEXT = "teks"
    NUMBER = "angka"
    WORD = "pilihan"
    FLAG = "ya atau tidak"
    MONTHS = "nama bulan, dipisahkan koma, misalnya April, Oktober"
    STEPS = "satu baris untuk tiap ambang, misalnya 60 = 0,6"
    DEADLINES = "satu baris untuk tiap batas, misalnya 31 Maret = 1"
    VALUE = "angka 0 sampai 1, atau tanpa nilai"


NO_VALUE = "tanpa nilai"
"""For an answer that is not judged; what YAML writes as null."""

MONTHS = tuple(get_month_names("wide", locale="id").values())
FLAG_WORDS: dict[str, str] = {"true": "ya", "false": "tidak"}
TYPE_WORDS: dict[str, str] = {
    AnswerType.YES_NO_NA: "ya/tidak",
    AnswerType.SCALE: "tingkat 0-3",
    AnswerType.NUMBER: "angka",
    AnswerType.DATE: "tanggal",
    AnswerType.EVIDENCE_ONLY: "bukti",
}
FREQUENCY_WORDS: dict[str, str] = {frequency: str(frequency) for frequency in ReviewFrequency}
ROLE_WORDS: dict[str, str] = {role: role.replace("_", " ") for role in OwnerRole}
VERIFICATION_WORDS: dict[str, str] = {
    Verification.DOCUMENT_SEEN: "dokumen dilihat",
    Verification.SYSTEM_CHECK: "dicek di sistem",
    Verification.OBSERVATION: "diamati",
    Verification.INTERVIEW: "wawancara",
}
DIRECTION_WORDS: dict[str, str] = {
    Direction.AT_LEAST: "makin tinggi makin baik",
    Direction.AT_MOST: "makin rendah makin baik",
}
REFERENCE_WORDS: dict[str, str] = {
    DateReference.DECREE: "tanggal SK badan hukum",
    DateReference.BOOK_YEAR_END: "akhir tahun buku",
}

BAND = "band"
RULE_WORDS: dict[str, str] = {
    BAND: "pita",
    AnswerType.YES_NO_NA: TYPE_WORDS[AnswerType.YES_NO_NA],
    AnswerType.SCALE: TYPE_WORDS[AnswerType.SCALE],
    AnswerType.EVIDENCE_ONLY: TYPE_WORDS[AnswerType.EVIDENCE_ONLY],
}
"""What a row of the sheet Skor is about: a band, or what an answer of a type is worth."""
ANSWER_WORDS: dict[str, str] = {
    "yes": "ya",
    "no": "tidak",
    "na": "tidak berlaku",
    "accepted": "diterima",
    "missing_or_rejected": "tidak ada atau ditolak",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one fact on the sheet Instrumen."""

    path: str
    """Where its content stands in the document, below its row: `action_template.title_id`."""
    title: str
    meaning: str
    width: int = 18
    form: Form = Form.TEXT
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The word of each code, for a choice."""


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    columns: tuple[Column, ...]

    def column(self, path: str) -> Column:
        return next(column for column in self.columns if column.path == path)

    def index(self, path: str) -> int:
        return self.columns.index(self.column(path))


FACTS = (
    Column("instrument.code", "Kode", "2 sampai 8 huruf besar atau angka; awal kode semua butir"),
    Column("instrument.version", "Versi", "Naikkan sebelum diterbitkan, misalnya 0.3.0"),
    Column("instrument.title_id", "Judul", "Nama instrumen di layar"),
    Column("instrument.title_en", "Judul (Inggris)", "Nama instrumen bila layar berbahasa Inggris"),
    Column("instrument.applies_from_stage", "Mulai tahap", "1, 2 atau 3; kosong berarti 1", form=Form.NUMBER),
    Column("instrument.language", "Bahasa", "Boleh kosong"),
    Column("instrument.review_cycle", "Siklus tinjau", "Penjelasan; boleh kosong"),
    Column("instrument.filled_by", "Diisi oleh", "Penjelasan; boleh kosong"),
    Column("instrument.reviewed_by", "Ditinjau oleh", "Penjelasan; boleh kosong"),
    Column("scoring.answer_value.number", "Nilai angka", "Penjelasan; nilainya dihitung dari ambang pada Butir"),
    Column("scoring.answer_value.date", "Nilai tanggal", "Penjelasan; nilainya dihitung dari batas pada Butir"),
    Column("scoring.item_score", "Skor butir", "Penjelasan cara menghitung; tidak mengubah hitungan"),
    Column("scoring.section_score", "Skor bagian", "Penjelasan cara menghitung; tidak mengubah hitungan"),
    Column("scoring.total_score", "Skor total", "Penjelasan cara menghitung; tidak mengubah hitungan"),
    Column("scoring.na_handling", "Aturan tidak berlaku", "Penjelasan; tidak mengubah hitungan"),
    Column("scoring.unanswered_handling", "Aturan belum dijawab", "Penjelasan; tidak mengubah hitungan"),
    Column("scoring.stage_rule", "Aturan tahap", "Penjelasan; tidak mengubah hitungan"),
    Column("scoring.evidence_rule", "Aturan bukti", "Penjelasan; tidak mengubah hitungan"),
    Column("scoring.critical_rule", "Aturan butir kritis", "Penjelasan; tidak mengubah hitungan"),
    Column("scoring.rounding", "Pembulatan", "Penjelasan; tidak mengubah hitungan"),
    Column("scoring.naming_caution", "Catatan nama pita", "Penjelasan; boleh kosong"),
)

FACT_SHEET = Sheet(
    "Instrumen",
    (
        Column("fact", "Fakta", "Nama fakta; lihat daftarnya di bawah", 26),
        Column("content", "Isi", "Isi fakta itu", 110),
    ),
)

SECTION_SHEET = Sheet(
    "Bagian",
    (
        Column("code", "Kode", "Kode bagian, misalnya KL-A", 12),
        Column("name_id", "Nama", "Nama bagian di layar", 44),
        Column("name_en", "Nama (Inggris)", "Nama bagian bila layar berbahasa Inggris", 44),
        Column("weight", "Bobot", "Sama dengan jumlah bobot butirnya; semua bagian berjumlah 100", 10, Form.NUMBER),
    ),
)

_LEVELS = tuple(
    Column(f"levels.{level}", f"Tingkat {level}", f"Keadaan pada tingkat {level}; hanya untuk tingkat 0-3", 30)
    for level in range(4)
)

ITEM_SHEET = Sheet(
    "Butir",
    (
        Column("id", "Kode", "Kode instrumen, tanda hubung, dua angka: KL-01. Tidak dipakai ulang untuk hal lain", 9),
        Column("section", "Bagian", "Kode bagian dari lembar Bagian", 9),
        Column("label_id", "Judul", "Beberapa kata yang menyebut butir ini", 26),
        Column("question_id", "Pertanyaan", "Satu kalimat tanya", 44),
        Column("type", "Jenis jawaban", "Tidak dapat diganti untuk kode yang sama", 13, Form.WORD, TYPE_WORDS),
        Column("weight", "Bobot", "Bilangan bulat 1 sampai 100", 8, Form.NUMBER),
        Column(
            "critical", "Kritis", "Ya bila pita dibatasi selama butir ini tidak terpenuhi", 8, Form.FLAG, FLAG_WORDS
        ),
        Column(
            "na_allowed", "Boleh tidak berlaku", "Ya bila jawaban tidak berlaku diterima", 10, Form.FLAG, FLAG_WORDS
        ),
        Column("na_when", "Tidak berlaku bila", "Diisi bila boleh tidak berlaku, dan hanya bila itu", 30),
        Column("applies_from_stage", "Mulai tahap", "Ditanyakan mulai tahap 1, 2 atau 3", 8, Form.NUMBER),
        Column(
            "review_frequency",
            "Jarak tinjau",
            "Seberapa sering ditanyakan lagi",
            12,
            Form.WORD,
            FREQUENCY_WORDS,
        ),
        Column(
            "review_months",
            "Bulan tinjau",
            "Bulan ditanyakan lagi, berjarak sama; kosong bila sekali atau bulanan",
            22,
            Form.MONTHS,
        ),
        Column(
            "verification",
            "Cara memeriksa",
            "Butir kritis perlu cara selain wawancara",
            16,
            Form.WORD,
            VERIFICATION_WORDS,
        ),
        Column("evidence", "Bukti", "Apa yang dilihat sebagai bukti", 32),
        Column("guidance", "Panduan", "Petunjuk bagi pendamping", 50),
        *_LEVELS,
        Column("unit", "Satuan", "Satuan angkanya, misalnya persen; hanya untuk angka", 12),
        Column("min", "Angka terkecil", "Angka terkecil yang diterima; hanya untuk angka", 12, Form.NUMBER),
        Column("max", "Angka terbesar", "Angka terbesar yang diterima; hanya untuk angka", 14, Form.NUMBER),
        Column("decimals", "Desimal", "Angka di belakang koma: 0, 1 atau 2; hanya untuk angka", 9, Form.NUMBER),
        Column(
            "thresholds.direction",
            "Arah ambang",
            "Angka yang baik itu tinggi atau rendah; hanya untuk angka",
            22,
            Form.WORD,
            DIRECTION_WORDS,
        ),
        Column(
            "thresholds.steps",
            "Ambang dan nilai",
            "Ambang naik, tiap ambang dengan nilainya 0 sampai 1; hanya untuk angka",
            18,
            Form.STEPS,
        ),
        Column(
            "date_rule.reference",
            "Tanggal acuan",
            "Tanggal koperasi yang menjadi awal hitungan; hanya untuk tanggal",
            22,
            Form.WORD,
            REFERENCE_WORDS,
        ),
        Column(
            "date_rule.within_days_365",
            "Nilai dalam 365 hari",
            "Nilai bila terlaksana dalam 365 hari sejak acuan; isi ini atau batas tanggal",
            12,
            Form.NUMBER,
        ),
        Column(
            "date_rule.on_or_before_mm_dd",
            "Batas tanggal dan nilai",
            "Batas pada tahun setelah acuan, tiap batas dengan nilainya; isi ini atau nilai dalam 365 hari",
            20,
            Form.DEADLINES,
        ),
        Column("date_rule.later_but_done", "Nilai bila lewat", "Nilai bila terlaksana sesudahnya", 10, Form.NUMBER),
        Column("date_rule.not_done", "Nilai bila belum", "Nilai bila belum terlaksana", 10, Form.NUMBER),
        Column("action_template.title_id", "Tindakan", "Tindakan yang diusulkan bila jawabannya kurang", 36),
        Column(
            "action_template.default_due_days", "Tenggat (hari)", "Lama tenggat usulan, 1 sampai 180", 10, Form.NUMBER
        ),
        Column(
            "action_template.owner_role",
            "Penanggung jawab",
            "Jabatan yang menjalankan tindakan",
            20,
            Form.WORD,
            ROLE_WORDS,
        ),
        Column("action_template.done_when_id", "Selesai bila", "Satu kalimat yang membuktikan tindakan selesai", 40),
        Column("source.text", "Sumber", "Dasar butir ini: peraturan, pasal, atau usulan kami", 44),
        Column("source.confidence", "Keyakinan sumber", "Diawali sure, likely atau unsure", 24),
        Column("label_en", "Judul (Inggris)", "Terjemahan judul", 26),
        Column("question_en", "Pertanyaan (Inggris)", "Terjemahan pertanyaan", 44),
        Column("action_template.title_en", "Tindakan (Inggris)", "Terjemahan tindakan", 36),
    ),
)

RULE_SHEET = Sheet(
    "Skor",
    (
        Column("kind", "Untuk", "Pita, atau jenis jawaban yang dinilai", 14, Form.WORD, RULE_WORDS),
        Column("code", "Kode", "Kode pita, atau jawabannya", 24),
        Column("name_id", "Nama", "Nama pita di layar; tanpa kata Sehat", 30),
        Column("name_en", "Nama (Inggris)", "Nama pita bila layar berbahasa Inggris", 30),
        Column("value", "Nilai", "Skor terkecil pita itu, atau nilai jawaban 0 sampai 1", 14, Form.VALUE),
    ),
)

TABLES = (FACT_SHEET, SECTION_SHEET, ITEM_SHEET, RULE_SHEET)
"""The sheets that are read back, in their order."""
LEGEND_TITLE = "Keterangan"
"""Explains every column; whatever is written on it is not read."""


def legend() -> Iterator[tuple[str, str, str, str]]:
    """Sheet, column, how to fill it in, and what it means: the rows of Keterangan."""
    for sheet in TABLES:
        for column in sheet.columns:
            yield sheet.title, column.title, _wanted(column), column.meaning
        if sheet is FACT_SHEET:
            for fact in FACTS:
                yield sheet.title, f"Fakta {fact.title}", _wanted(fact), fact.meaning


def _wanted(column: Column) -> str:
    return f"salah satu: {', '.join(column.words.values())}" if column.form is Form.WORD else str(column.form)
