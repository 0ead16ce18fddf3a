"""What each export holds: its columns, what they mean, and what SIMKOPDES calls them. Pure; always Indonesian.

SIMKOPDES words are those of its published list of tables (profil_koperasi, wilayah, simpanan, anggota). Where none is
known the place stays empty: nothing is invented. Regions go by their official names, as the glossary asks of exports.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What can be exported; the value is the word of the command."""

    VISITS = "visits"
    ANSWERS = "answers"
    ACTIONS = "actions"
    FIGURES = "figures"


class Format(enum.StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class Cell(enum.Enum):
    """How a value is written down."""

    TEXT = "teks"
    CODE = "kode atau kata tetap"
    """Of our own making: no spreadsheet takes it for a formula."""
    WHOLE = "bilangan"
    POINTS = "angka, satu desimal"
    RUPIAH = "rupiah"
    DATE = "tanggal"
    CLOCK = "jam (WITA)"
    INSTANT = "tanggal dan jam (WITA)"
    YES_NO = "ya atau tidak"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. width: in characters, of a sheet.  simkopdes: what that system calls it, empty where it does not."""

    heading: str
    cell: Cell
    meaning: str
    simkopdes: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """One export. name: of the file and the sheet."""

    name: str
    meaning: str
    columns: Sequence[Column]


_PLACE = (
    Column("Kode wilayah", Cell.CODE, "Kode kelurahan menurut Kemendagri.", "kode_wilayah", 15),
    Column("Koperasi", Cell.TEXT, "Nama singkat koperasi.", "", 26),
    Column("NIK koperasi", Cell.TEXT, "Nomor induk koperasi; bukan nomor KTP.", "nik_koperasi", 18),
    Column("Kelurahan", Cell.TEXT, "Nama resmi kelurahan.", "wilayah", 20),
    Column("Kecamatan", Cell.TEXT, "Nama resmi kecamatan.", "wilayah", 20),
)
_RECORD = Column("Berita acara", Cell.CODE, "Nomor urut berita acara kunjungan dan tahunnya.", "", 13)

TABLES: Mapping[Kind, Table] = {
    Kind.VISITS: Table(
        "kunjungan",
        "Satu baris untuk setiap kunjungan, seperti keadaannya sesudah diperbaiki.",
        (
            *_PLACE,
            _RECORD,
            Column("Tanggal", Cell.DATE, "Hari kunjungan."),
            Column("Mulai", Cell.CLOCK, "Jam mulai; kosong bila tidak dicatat.", "", 9),
            Column("Selesai", Cell.CLOCK, "Jam selesai; kosong bila tidak dicatat.", "", 9),
            Column("Cara", Cell.CODE, "Tatap muka atau jarak jauh.", "", 12),
            Column("Tujuan", Cell.CODE, "Tujuan kunjungan, dipisah koma.", "", 26),
            Column("Pendamping", Cell.TEXT, "Yang berkunjung.", "", 24),
            Column("Orang ditemui", Cell.WHOLE, "Banyaknya orang yang dicatat namanya.", "", 10),
            Column(
                "Jarak (m)", Cell.WHOLE, "Dari letak koperasi yang tercatat; kosong bila salah satu belum diketahui."
            ),
            Column("Ditandatangani oleh", Cell.TEXT, "Pengurus yang menandatangani di tablet.", "", 22),
            Column("Catatan", Cell.TEXT, "Catatan kunjungan, kata demi kata.", "", 60),
            Column("Perbaikan", Cell.WHOLE, "Berapa kali kunjungan diperbaiki.", "", 10),
            Column("Ditulis", Cell.INSTANT, "Menurut jam tablet.", "", 17),
            Column("Diterima", Cell.INSTANT, "Saat sampai di server.", "", 17),
        ),
    ),
    Kind.ANSWERS: Table(
        "jawaban",
        "Satu baris untuk setiap butir yang dijawab pada setiap kunjungan; bila diperbaiki, jawaban yang terakhir.",
        (
            *_PLACE,
            _RECORD,
            Column("Tanggal", Cell.DATE, "Hari kunjungan."),
            Column("Pendamping", Cell.TEXT, "Yang menilai.", "", 24),
            Column("Instrumen", Cell.CODE, "Kode instrumen.", "", 10),
            Column("Versi", Cell.CODE, "Versi instrumen yang dipakai saat itu.", "", 8),
            Column("Butir", Cell.CODE, "Kode butir.", "", 8),
            Column("Nama butir", Cell.TEXT, "Nama butir pada versi itu.", "", 36),
            Column("Kritis", Cell.YES_NO, "Butir kritis membatasi pita skor bila belum terpenuhi.", "", 8),
            Column(
                "Nilai",
                Cell.TEXT,
                "Seperti tersimpan: yes, no, na; 0 sampai 3; angka; tanggal; accepted, missing.",
                "",
                12,
            ),
            Column("Jawaban", Cell.TEXT, "Nilai itu dengan kata.", "", 40),
            Column("Bukti", Cell.CODE, "Bagaimana jawabannya diketahui.", "", 17),
            Column("Catatan", Cell.TEXT, "Catatan pada butir.", "", 40),
            Column("Dicatat", Cell.INSTANT, "Saat jawaban ini sampai di server.", "", 17),
        ),
    ),
    Kind.ACTIONS: Table(
        "tindakan",
        "Satu baris untuk setiap tindakan dalam rencana perbaikan.",
        (
            *_PLACE,
            _RECORD,
            Column("Tindakan", Cell.TEXT, "Yang disepakati.", "", 44),
            Column("Butir", Cell.CODE, "Butir yang menyebabkannya; kosong bila tidak ada.", "", 8),
            Column("Nama butir", Cell.TEXT, "Nama butir saat disepakati.", "", 32),
            Column("Kritis", Cell.YES_NO, "Berasal dari butir kritis.", "", 8),
            Column("Penanggung jawab", Cell.CODE, "Jabatan yang mengerjakannya.", "", 22),
            Column("Disepakati", Cell.DATE, "Hari disepakati."),
            Column("Tenggat", Cell.DATE, "Hari terakhir."),
            Column("Status", Cell.CODE, "Keadaannya pada saat ekspor.", "", 18),
            Column("Selesai bila", Cell.TEXT, "Yang membuktikannya.", "", 44),
            Column("Terakhir berubah", Cell.INSTANT, "Saat langkah terakhirnya.", "", 17),
        ),
    ),
    Kind.FIGURES: Table(
        "angka",
        "Satu baris untuk setiap koperasi dan bulan; bila diperbaiki, angka yang terakhir. Kosong: belum diketahui.",
        (
            *_PLACE,
            Column("Tahun", Cell.WHOLE, "Tahun angkanya.", "", 8),
            Column("Bulan", Cell.WHOLE, "Bulan angkanya, 1 sampai 12.", "", 8),
            Column("Anggota", Cell.WHOLE, "Jumlah anggota pada akhir bulan.", "anggota", 10),
            Column("Simpanan (Rp)", Cell.RUPIAH, "Simpanan pokok dan wajib seluruhnya.", "simpanan", 18),
            Column("Omzet (Rp)", Cell.RUPIAH, "Volume usaha bulan itu.", "", 18),
            Column(
                "SHU tahun berjalan (Rp)",
                Cell.RUPIAH,
                "Sisa hasil usaha sejak awal tahun; rugi bernilai minus.",
                "",
                20,
            ),
            Column("Nontunai (%)", Cell.WHOLE, "Bagian transaksi yang tidak tunai.", "", 11),
            Column("Perbaikan", Cell.WHOLE, "Berapa kali angka bulan itu diperbaiki.", "", 10),
            Column("Dicatat oleh", Cell.TEXT, "Yang memasukkannya.", "", 24),
            Column("Dicatat", Cell.INSTANT, "Saat dimasukkan.", "", 17),
        ),
    ),
}
