"""An evaluation as a workbook: a row for each cooperative, the stages by month, and what everything means."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from flask_babel import force_locale
from sqlalchemy import Select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.words import stage_word
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, long_date, signed
from pendamping.progress.stages.words import designation_word
from pendamping.reports.evaluation.content import (
    FIGURES,
    CityTotals,
    CooperativeEvaluation,
    FiguresSide,
    InstrumentEvaluation,
    totals_of,
)
from pendamping.reports.evaluation.gather import evaluated_cooperatives, stages_by_month
from pendamping.reports.evaluation.paper import INSTRUMENTS
from pendamping.reports.evaluation.partners import SHEET, sheet_rows
from pendamping.reports.evaluation.periods import Period
from pendamping.reports.evaluation.words import period_words
from pendamping.reports.exports.cells import Row
from pendamping.reports.exports.columns import Cell, Column, Table
from pendamping.reports.exports.workbook import write_workbook
from pendamping.reports.monthly.words import instrument_word

_WHOLE_OR_RUPIAH = {"members": Cell.WHOLE, "cashless_percent": Cell.WHOLE}
_FIGURE_WORDS = {
    "members": ("Anggota", "Jumlah anggota pada akhir bulan itu", "anggota"),
    "savings_idr": ("Simpanan (Rp)", "Simpanan pokok dan wajib seluruhnya", "simpanan"),
    "turnover_idr": ("Omzet (Rp)", "Volume usaha bulan itu", ""),
    "surplus_idr": ("SHU tahun berjalan (Rp)", "Sisa hasil usaha sejak awal tahun; rugi bernilai minus", ""),
    "cashless_percent": ("Nontunai (%)", "Bagian transaksi yang tidak tunai", ""),
}


def write_evaluation(
    file: Path | IO[bytes],
    session: Session,
    cooperatives: Select[Cooperative],
    period: Period,
    *,
    subject: str,
    number: str,
    is_city: bool,
    today: dt.date,
    made_at: dt.datetime,
) -> int:
    """Write the evaluation of these cooperatives; returns how many rows the first sheet has. Always Indonesian.

    Args:
        subject: the city's or the cooperative's name.
        number: of the issued paper, or empty.
        is_city: adds a row of sums and a sheet of stages by month.
    """
    with force_locale(DEFAULT_LANGUAGE):
        found = evaluated_cooperatives(session, cooperatives, period, today=today)
        rows = [_row(each) for each in found]
        further: list[tuple[Table, Sequence[Row]]] = [(SHEET, sheet_rows(found))]
        if is_city:
            rows.append(_totals_row(totals_of(found, INSTRUMENTS)))
            further.append(_stages(stages_by_month(session, cooperatives, period, today=today)))
        about = list(_about(subject, number, period, is_city, today))
        return write_workbook(file, _table(), [rows], about=about, made_at=made_at, further=further)


def _about(subject: str, number: str, period: Period, is_city: bool, today: dt.date) -> Iterator[str]:
    yield f"{subject}, {period_words(period)}: {long_date(period.first)} sampai {long_date(period.until(today))}."
    yield f"Nomor: {number}" if number else "Konsep, belum diterbitkan."
    if not period.is_over(today):
        yield "Sementara: masa ini belum berakhir."
    yield "Awal: catatan terakhir sebelum hari pertama masa ini, atau yang pertama di dalamnya."
    yield "Akhir: catatan terakhir sampai hari penutup."
    if is_city:
        yield (
            "Baris terakhir: jumlah; untuk skor dan nontunai rata-rata. Awal dan akhir hanya dihitung dari "
            "koperasi yang mencatat keduanya."
        )


def _table() -> Table:
    return Table("evaluasi", "Satu baris untuk setiap koperasi: awal dan akhir masa evaluasi.", tuple(_columns()))


def _columns() -> Iterator[Column]:
    yield Column("Kode wilayah", Cell.CODE, "Kode kelurahan menurut Kemendagri.", "kode_wilayah", 15)
    yield Column("Koperasi", Cell.TEXT, "Nama singkat koperasi.", "", 26)
    yield Column("Kecamatan", Cell.TEXT, "Nama kecamatan.", "wilayah", 20)
    yield Column("Tahap awal", Cell.CODE, "Tahap sebelum hari pertama.", "", 14)
    yield Column("Tahap akhir", Cell.CODE, "Tahap sesudah hari terakhir.", "", 14)
    for code in INSTRUMENTS:
        name = instrument_word(code)
        yield Column(f"{name} awal", Cell.POINTS, f"Skor {name} pada awal, 0 sampai 100.", "", 11)
        yield Column(f"{name} pita awal", Cell.TEXT, "Pita skor itu menurut versi instrumennya.", "", 20)
        yield Column(f"{name} dinilai awal", Cell.DATE, "Hari kunjungan yang meninggalkan skor awal.", "", 12)
        yield Column(f"{name} akhir", Cell.POINTS, f"Skor {name} pada akhir.", "", 11)
        yield Column(f"{name} pita akhir", Cell.TEXT, "Pita skor itu menurut versi instrumennya.", "", 20)
        yield Column(f"{name} dinilai akhir", Cell.DATE, "Hari kunjungan yang meninggalkan skor akhir.", "", 12)
        yield Column(f"{name} sementara", Cell.YES_NO, "Skor akhir belum lengkap jawabannya.", "", 12)
        yield Column(f"{name} berubah", Cell.POINTS, "Akhir dikurangi awal.", "", 11)
        yield Column(f"{name} paling berubah", Cell.TEXT, "Bagian yang nilainya sendiri paling berubah.", "", 40)
    yield Column("Kunjungan", Cell.WHOLE, "Kunjungan dalam masa ini.", "", 11)
    yield Column("Target", Cell.WHOLE, "Kunjungan menurut tahun program sampai hari terakhir.", "", 9)
    yield Column("Disepakati", Cell.WHOLE, "Tindakan yang disepakati dalam masa ini.", "", 11)
    yield Column("Terverifikasi", Cell.WHOLE, "Tindakan yang diverifikasi dalam masa ini.", "", 12)
    yield Column("Terlambat", Cell.WHOLE, "Tindakan terbuka dan lewat tenggat pada akhir masa ini.", "", 11)
    for name in FIGURES:
        words, meaning, simkopdes = _FIGURE_WORDS[name]
        cell = _WHOLE_OR_RUPIAH.get(name, Cell.RUPIAH)
        yield Column(f"{words} awal", cell, f"{meaning}, pada bulan awal.", simkopdes, 17)
        yield Column(f"{words} akhir", cell, f"{meaning}, pada bulan akhir.", simkopdes, 17)
    yield Column(
        "Bulan angka awal",
        Cell.DATE,
        "Bulan terakhir di antara angka awal; setiap angka dari bulan yang mencatatnya.",
        "",
        13,
    )
    yield Column(
        "Bulan angka akhir",
        Cell.DATE,
        "Bulan terakhir di antara angka akhir; setiap angka dari bulan yang mencatatnya.",
        "",
        13,
    )
    yield Column("Penetapan", Cell.TEXT, "Yang berlaku pada akhir masa ini.", "", 40)


def _row(row: CooperativeEvaluation) -> Row:
    scores = [cell for code in INSTRUMENTS for cell in _score_cells(row.score(code))]
    figures = [_value(side, name) for name in FIGURES for side in (row.figures_begin, row.figures_end)]
    months = [side.month.first_day if side else None for side in (row.figures_begin, row.figures_end)]
    return (
        row.code,
        row.name,
        row.district,
        stage_word(row.stage_begin),
        stage_word(row.stage_end),
        *scores,
        row.visits,
        row.target,
        row.actions.agreed,
        row.actions.verified,
        row.actions.late,
        *figures,
        *months,
        ", ".join(designation_word(each.code) for each in row.designations if each.until is None),
    )


def _score_cells(row: InstrumentEvaluation) -> tuple[Any, ...]:
    begin, end = row.begin, row.end
    return (
        *((begin.score, begin.band, begin.on) if begin else (None, None, None)),
        *((end.score, end.band, end.on, end.is_provisional) if end else (None, None, None, None)),
        row.change,
        "; ".join(f"{move.name} {signed(move.change)}" for move in row.moves),
    )


def _value(side: FiguresSide | None, name: str) -> int | None:
    value: int | None = getattr(side.figures, name) if side else None
    return value


def _totals_row(totals: CityTotals) -> Row:
    scores: list[Any] = []
    for code in INSTRUMENTS:
        mean = totals.scores[code]
        both = (mean.begin, mean.end, mean.end - mean.begin) if mean else (None, None, None)
        scores += [both[0], None, None, both[1], None, None, None, both[2], None]
    sums = [getattr(totals, name) for name in FIGURES[:-1]] + [totals.cashless]
    figures = [value for each in sums for value in ((each.begin, each.end) if each else (None, None))]
    actions = totals.actions
    work = (totals.visits, totals.target, actions.agreed, actions.verified, actions.late)
    return (None, "Kota", None, None, None, *scores, *work, *figures, None, None, None)


def _stages(history: Mapping[Month, Mapping[Stage, int]]) -> tuple[Table, Sequence[Row]]:
    columns = [Column("Akhir bulan", Cell.DATE, "Hari pertama bulan yang dihitung pada akhirnya.", "", 13)]
    columns += [
        Column(stage_word(stage), Cell.WHOLE, f"Koperasi di tahap {stage_word(stage)} pada akhir bulan itu.", "", 14)
        for stage in Stage
    ]
    rows = [(month.first_day, *(counts[stage] for stage in Stage)) for month, counts in history.items()]
    return Table("tahap per bulan", "Koperasi menurut tahap pada akhir setiap bulan.", tuple(columns)), rows
