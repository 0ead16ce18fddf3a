"""Partnerships within an evaluation, in words: for the papers and for the workbook. Always Indonesian."""

from collections.abc import Sequence

from pendamping.cooperatives.partnerships.models import PartnershipStatus
from pendamping.cooperatives.partnerships.words import STATUS_WORDS
from pendamping.kernel.i18n import rupiah, short_date, whole
from pendamping.reports.evaluation.content import CityTotals, CooperativeEvaluation, Partner
from pendamping.reports.evaluation.paper import UNKNOWN
from pendamping.reports.exports.cells import Row
from pendamping.reports.exports.columns import Cell, Column, Table
from pendamping.reports.tables import PaperAnnex, PaperSection, PaperTable

HEAD = ("Mitra", "Barang atau jasa", "Status", "Sejak", "Nilai sebulan")
NOBODY = "Tidak ada kemitraan yang tercatat."


def partners_section(row: CooperativeEvaluation) -> PaperSection:
    """Of one cooperative: with whom, what, how far, how much."""
    lines = [_line(each) for each in row.partners]
    return PaperSection("Kemitraan", "", [PaperTable("", HEAD, lines, numbers=(4,), instead=NOBODY, widest=1)])


def city_partners_section(totals: CityTotals, count: int) -> PaperSection:
    """Of a city: how many partnerships have come how far, and the share that trades with a BUMN."""
    share = f" ({round(100 * totals.with_bumn / count)}%)" if count else ""
    lead = f"{whole(totals.with_bumn)} dari {whole(count)} koperasi{share} bermitra dengan BUMN dan berjalan."
    lines = [(str(STATUS_WORDS[status]), whole(totals.partners[status])) for status in PartnershipStatus]
    lines.append(("Nilai sebulan yang berjalan", rupiah(totals.value_idr)))
    return PaperSection("Kemitraan", lead, [PaperTable("", ("Hal", "Jumlah"), lines, numbers=(1,))])


def partners_annex(rows: Sequence[CooperativeEvaluation]) -> PaperAnnex:
    lines = [(row.name, *_line(each)) for row in rows for each in row.partners]
    table = PaperTable("", ("Koperasi", *HEAD), lines, numbers=(5,), instead=NOBODY, widest=2)
    return PaperAnnex("Lampiran: kemitraan", [table])


def _line(partner: Partner) -> tuple[str, ...]:
    return (
        f"{partner.name} (BUMN)" if partner.is_bumn else partner.name,
        partner.goods or UNKNOWN,
        _status(partner),
        short_date(partner.since) if partner.since else UNKNOWN,
        UNKNOWN if partner.value_idr is None else rupiah(partner.value_idr),
    )


def _status(partner: Partner) -> str:
    words = str(STATUS_WORDS[partner.status])
    if not partner.is_verified:
        return f"{words}, data awal, perlu verifikasi"
    is_expired = partner.status is PartnershipStatus.RUNNING and not partner.is_running
    return f"{words}, perjanjian berakhir" if is_expired else words


SHEET = Table(
    "kemitraan",
    "Satu baris untuk setiap kemitraan, seperti keadaannya pada akhir masa evaluasi.",
    (
        Column("Kode wilayah", Cell.CODE, "Kode kelurahan menurut Kemendagri.", "kode_wilayah", 15),
        Column("Koperasi", Cell.TEXT, "Nama singkat koperasi.", "", 26),
        Column("Mitra", Cell.TEXT, "Nama mitra.", "", 26),
        Column("BUMN", Cell.YES_NO, "Mitra adalah badan usaha milik negara.", "", 8),
        Column("Barang atau jasa", Cell.TEXT, "Yang diperdagangkan atau direncanakan.", "", 36),
        Column("Status", Cell.CODE, "Sejauh mana kemitraannya.", "", 24),
        Column("Sejak", Cell.DATE, "Hari pertama status itu.", "", 12),
        Column("Sampai", Cell.DATE, "Hari terakhir perjanjian; kosong bila tidak ada.", "", 12),
        Column("Nilai sebulan (Rp)", Cell.RUPIAH, "Nilai perdagangan sebulan menurut pendamping.", "", 18),
        Column("Terverifikasi", Cell.YES_NO, "Tidak: baru dari berita, belum ditanyakan.", "", 12),
    ),
)


def sheet_rows(rows: Sequence[CooperativeEvaluation]) -> list[Row]:
    return [
        (
            row.code,
            row.name,
            each.name,
            each.is_bumn,
            each.goods,
            str(STATUS_WORDS[each.status]),
            each.since,
            each.until,
            each.value_idr,
            each.is_verified,
        )
        for row in rows
        for each in row.partners
    ]
