"""Papers to be set, and what was set, read back."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from pendamping.reports.papers import (
    ActionLine,
    FindingLine,
    ImprovementPlanPaper,
    Letterhead,
    Line,
    ScoreLine,
    Signature,
    VisitRecord,
)
from tests.pictures import photo

LETTERHEAD = Letterhead(
    "Pemerintah Kota Balikpapan",
    "Dinas Koperasi, Usaha Mikro, Kecil, Menengah dan Perindustrian",
    "Jalan Contoh No. 1, Balikpapan 76111",
    "Telepon (0542) 000000",
)
SCORES = (
    ScoreLine("Kesiapan kelembagaan", "62,5", "Perlu penguatan", "+8,0 sejak kunjungan sebelumnya"),
    ScoreLine("Transparansi keuangan", "48,1", "Belum terbuka · sementara", "−1,2 sejak kunjungan sebelumnya"),
    ScoreLine("Usaha dan kemitraan", "–", "belum dinilai", ""),
)
FINDINGS = (
    FindingLine("Rekening bank koperasi", "Belum", "Klaim", "Masih memakai rekening pribadi bendahara.", True),
    FindingLine("Pencocokan kas", "Dicocokkan, tetapi tidak teratur dan tanpa berita acara", "Diamati", "", False),
    FindingLine("Laporan kas dipampang", "Belum", "Diamati", "", False),
    FindingLine("Rapat pengurus", "2 kali per triwulan", "Dokumen dilihat", "Notulen Februari tidak ada.", False),
)
ACTIONS = (
    ActionLine("Buka rekening atas nama koperasi", "Bendahara", "5 Mei 2026", "Buku tabungan sudah dilihat.", True),
    ActionLine("Cocokkan kas tiap akhir pekan", "Bendahara", "28 April 2026", "Berita acara dua pekan ada.", False),
    ActionLine("Tempel laporan kas Maret di papan", "Sekretaris", "21 April 2026", "Foto papan pengumuman.", False),
    ActionLine("Jadwalkan rapat pengurus bulanan", "Ketua", "30 April 2026", "Notulen dan daftar hadir ada.", False),
)
NOTE = (
    "Buku kas sudah rapi sejak Januari, tetapi penerimaan dari unit sembako masih dicatat di buku tersendiri. "
    "Disepakati bahwa mulai pekan ini kedua buku digabung dan dicocokkan bersama setiap hari Sabtu sore. "
    "Gudang sudah dibersihkan dan siap dipakai; masih menunggu kiriman beras yang dijanjikan pada awal Mei. "
    "Bendahara meminta pelatihan singkat tentang aplikasi pembukuan, dan pendamping akan menjadwalkannya bersama "
    "dua koperasi tetangga. Pengawas belum dapat hadir karena sakit; ia akan ditemui pada kunjungan yang berikut, "
    "dan hasil pemeriksaannya untuk triwulan pertama akan dibawa serta."
)


def visit_record(**fields: Any) -> VisitRecord:
    """An ordinary visit: three people met, twelve items answered, four actions, a note of some 600 characters."""
    ordinary: dict[str, Any] = {
        "letterhead": LETTERHEAD,
        "number": "0012/BA-KKMP/IV/2026",
        "cooperative": "KKMP Graha Indah",
        "opening": "Pada hari Selasa, 14 April 2026, pendamping Ratna Wulandari berkunjung ke Koperasi Kelurahan Merah "
        "Putih Graha Indah dan mencatat yang berikut.",
        "dated": dt.date(2026, 4, 14),
        "facts": (
            Line("Koperasi", "KKMP Graha Indah"),
            Line("Pendamping", "Ratna Wulandari"),
            Line("Waktu", "14 April 2026, 09.30 sampai 11.00 WITA"),
            Line("Cara", "Tatap muka, 120 m dari koperasi"),
            Line("Tempat", "Kel. Graha Indah, Kec. Balikpapan Utara"),
            Line("Tujuan", "Pemeriksaan, Tindak lanjut"),
        ),
        "people_met": (
            Line("Siti Aminah", "Bendahara"),
            Line("H. Muhammad Yusuf", "Ketua"),
            Line("Dewi Lestari", "Sekretaris"),
        ),
        "scores": SCORES,
        "answered": 12,
        "findings": FINDINGS,
        "actions": ACTIONS,
        "notes": NOTE,
        "signed_at": "Balikpapan, 14 April 2026, pukul 11.00 WITA",
        "facilitator": Signature("Ratna Wulandari"),
        "officer": Signature("Siti Aminah", "Bendahara", photo(size=(400, 160))),
        "remarks": (
            Line("Keterangan", "Bukti cukup: tanpa foto"),
            Line("Diperbaiki", "2 kali, terakhir 2 Mei 2026: salah tulis"),
        ),
        "photos": (),
    }
    return VisitRecord(**{**ordinary, **fields})


def plan_paper(**fields: Any) -> ImprovementPlanPaper:
    """A plan with four open actions."""
    ordinary: dict[str, Any] = {
        "letterhead": LETTERHEAD,
        "cooperative": "KKMP Graha Indah",
        "place": "Kelurahan Graha Indah, Kecamatan Balikpapan Utara",
        "dated": dt.date(2026, 4, 14),
        "as_of": "Keadaan 14 April 2026",
        "scores": SCORES,
        "actions": ACTIONS,
        "elsewhere": "pada halaman Rencana perbaikan",
        "signed_at": "Balikpapan, ...............",
        "chair": Signature("H. Muhammad Yusuf", "KKMP Graha Indah"),
        "facilitator": Signature("Ratna Wulandari"),
    }
    return ImprovementPlanPaper(**{**ordinary, **fields})


class Paper:
    """A PDF, read back."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(pdf))
        self.pages = [_text(page.extract_text()) for page in self.reader.pages]
        self.text = " ".join(self.pages)
        self.root: Any = self.reader.trailer["/Root"]

    def has(self, words: str) -> bool:
        return words in self.text

    def elements(self) -> list[DictionaryObject]:
        """Every element of the tag tree, in the order in which it is read out."""
        return list(_elements(self.root["/StructTreeRoot"]["/K"]))

    def tags(self) -> list[str]:
        return [str(each["/S"]) for each in self.elements()]

    def alternatives(self) -> list[str]:
        """The words that stand for pictures."""
        return [str(each["/Alt"]) for each in self.elements() if "/Alt" in each]


def _text(extracted: str) -> str:
    return " ".join(extracted.replace("\u200b", "").split())


def _elements(node: Any) -> Iterator[DictionaryObject]:
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from _elements(each)
    elif isinstance(node, DictionaryObject) and "/S" in node:
        yield node
        yield from _elements(node.get("/K"))
