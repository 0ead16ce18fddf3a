"""The evaluation of a city as a paper. Always Indonesian, whoever asks for it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from babel import dates
from flask_babel import force_locale
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Region, Stage
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.words import month_words
from pendamping.cooperatives.words import stage_word
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, decimal, language, long_date, short_date, signed, whole
from pendamping.progress import city_charts
from pendamping.progress.stages.words import designation_word
from pendamping.reports.evaluation.content import (
    CityTotals,
    CooperativeEvaluation,
    InstrumentEvaluation,
    Mean,
    Sum,
    totals_of,
)
from pendamping.reports.evaluation.gather import evaluated_cooperatives, stages_by_month
from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.paper import (
    ARROW,
    INSTRUMENTS,
    KINDS,
    UNKNOWN,
    EvaluationSheet,
    difference,
    frame_of,
    from_to,
    said,
)
from pendamping.reports.evaluation.partners import city_partners_section, partners_annex
from pendamping.reports.evaluation.periods import Period
from pendamping.reports.monthly.words import instrument_word
from pendamping.reports.papers import Line
from pendamping.reports.tables import PaperAnnex, PaperSection, PaperTable


def city_sheet(
    session: Session,
    cooperatives: Select[Cooperative],
    city_code: str,
    period: Period,
    issued: EvaluationPaper | None,
    *,
    today: dt.date,
) -> EvaluationSheet:
    """The evaluation of a city: its sums on the first pages, a row for each cooperative on the annexes."""
    with force_locale(DEFAULT_LANGUAGE):
        rows = evaluated_cooperatives(session, cooperatives, period, today=today)
        history = stages_by_month(session, cooperatives, period, today=today)
        totals = totals_of(rows, INSTRUMENTS)
        city = session.scalar(select(Region.display_name).where(Region.code == city_code)) or ""
        sheet = frame_of(session, city_code, period, issued, city, today)
        stages = _stages_section(totals, history)
        sections = [stages, _means_section(totals), _city_work(totals, len(rows)), _sums_section(totals, len(rows))]
        return replace(
            sheet,
            facts=list(_city_facts(totals, rows, period, today)),
            sections=[*sections, city_partners_section(totals, len(rows)), _designations_section(rows)],
            picture=_layers(history) if rows else None,
            picture_words=f"Grafik batang: koperasi menurut tahap pada akhir setiap bulan. {stages.lead}",
            picture_in=0,
            annexes=[_scores_annex(rows, totals), _figures_annex(rows, totals), partners_annex(rows)],
        )


def _city_facts(
    totals: CityTotals, rows: Sequence[CooperativeEvaluation], period: Period, today: dt.date
) -> Iterator[Line]:
    yield Line("Koperasi", whole(len(rows)))
    yield Line("Masa", f"{long_date(period.first)} – {long_date(period.until(today))}")
    yield Line("Kunjungan", f"{whole(totals.visits)} dari target {whole(totals.target)}")
    yield Line("Penetapan", f"{whole(totals.designations)} berlaku pada akhir")


def _stages_section(totals: CityTotals, history: Mapping[Month, Mapping[Stage, int]]) -> PaperSection:
    parts = [
        f"{stage_word(stage)} {from_to(whole(totals.stages_begin[stage]), whole(totals.stages_end[stage]))}"
        for stage in Stage
    ]
    head = ("Akhir bulan", *(stage_word(stage) for stage in Stage))
    rows = [(month_words(month), *(whole(counts[stage]) for stage in Stage)) for month, counts in history.items()]
    return PaperSection(
        "Tahap", f"Koperasi menurut tahap: {', '.join(parts)}.", [PaperTable("", head, rows, (1, 2, 3))]
    )


def _layers(history: Mapping[Month, Mapping[Stage, int]]) -> bytes:
    names = dates.get_month_names("abbreviated", locale=language())
    chart = city_charts.LayersChart(
        tuple(str(names[month.number]) for month in history),
        tuple(
            city_charts.Layer(stage_word(stage), tuple(counts[stage] for counts in history.values()))
            for stage in reversed(Stage)
        ),
    )
    return city_charts.draw(chart, city_charts.WIDE)


def _means_section(totals: CityTotals) -> PaperSection:
    rows = [(instrument_word(code), *_mean_words(totals.scores[code], decimal, signed)) for code in INSTRUMENTS]
    head = ("Instrumen", "Awal", "Akhir", "Perubahan", "Koperasi")
    lead = "Rata-rata koperasi yang dinilai pada awal dan akhir."
    return PaperSection("Skor", lead, [PaperTable("", head, rows, numbers=(1, 2, 3, 4))])


def _mean_words(mean: Mean | None, say: Callable[[Any], str], change: Callable[[Any], str]) -> tuple[str, ...]:
    if mean is None:
        return UNKNOWN, UNKNOWN, UNKNOWN, "0"
    return say(mean.begin), say(mean.end), change(mean.end - mean.begin), whole(mean.count)


def _city_work(totals: CityTotals, count: int) -> PaperSection:
    rows = [
        ("Kunjungan", whole(totals.visits), f"target {whole(totals.target)}"),
        ("Koperasi yang mencapai target", whole(totals.reached), f"dari {whole(count)}"),
        ("Tindakan disepakati", whole(totals.actions.agreed), ""),
        ("Tindakan terverifikasi", whole(totals.actions.verified), "termasuk yang disepakati sebelum masa ini"),
        ("Tindakan terlambat", whole(totals.actions.late), "terbuka dan lewat tenggat pada akhir masa ini"),
    ]
    return PaperSection(
        "Kunjungan dan tindakan", "", [PaperTable("", ("Hal", "Jumlah", "Keterangan"), rows, (1,), widest=2)]
    )


def _sums_section(totals: CityTotals, count: int) -> PaperSection:
    sums = ("members", "savings_idr", "turnover_idr", "surplus_idr")
    rows = [(KINDS[name][0], *_sum_words(getattr(totals, name), KINDS[name][1])) for name in sums]
    percent = _mean_words(totals.cashless, _percent, lambda value: f"{signed(value)}")
    rows.append(("Nontunai, rata-rata", *percent))
    head = ("Angka", "Awal", "Akhir", "Perubahan", "Koperasi")
    lead = f"Jumlah koperasi yang melaporkan awal dan akhir, dari {whole(count)} koperasi."
    return PaperSection("Angka", lead, [PaperTable("", head, rows, numbers=(1, 2, 3, 4))])


def _percent(value: Decimal) -> str:
    return f"{decimal(value)}%"


def _sum_words(found: Sum | None, say: Callable[[int], str]) -> tuple[str, ...]:
    if found is None:
        return UNKNOWN, UNKNOWN, UNKNOWN, "0"
    return say(found.begin), say(found.end), difference(say, found.begin, found.end), whole(found.count)


def _designations_section(rows: Sequence[CooperativeEvaluation]) -> PaperSection:
    """The designations of the city, by cooperative."""
    lines = [
        (
            row.name,
            designation_word(each.code),
            short_date(each.since),
            short_date(each.until) if each.until else "berlaku",
        )
        for row in rows
        for each in row.designations
    ]
    head = ("Koperasi", "Penetapan", "Sejak", "Sampai")
    return PaperSection(
        "Penetapan", "", [PaperTable("", head, lines, instead="Tidak ada penetapan pada akhir masa ini.")]
    )


def _scores_annex(rows: Sequence[CooperativeEvaluation], totals: CityTotals) -> PaperAnnex:
    head = (
        "Koperasi",
        "Tahap",
        *map(instrument_word, INSTRUMENTS),
        "Paling berubah",
        "Kunjungan",
        "Disepakati",
        "Terverifikasi",
        "Terlambat",
    )
    lines = [
        (
            row.name,
            from_to(stage_word(row.stage_begin), stage_word(row.stage_end)),
            *(_score_way(row.score(code)) for code in INSTRUMENTS),
            _most(row),
            f"{row.visits} / {row.target}",
            whole(row.actions.agreed),
            whole(row.actions.verified),
            whole(row.actions.late),
        )
        for row in rows
    ]
    lines.append(
        (
            "Kota",
            "",
            *(_mean_way(totals.scores[code]) for code in INSTRUMENTS),
            "rata-rata skor, jumlah lainnya",
            f"{whole(totals.visits)} / {whole(totals.target)}",
            whole(totals.actions.agreed),
            whole(totals.actions.verified),
            whole(totals.actions.late),
        )
    )
    return PaperAnnex(
        "Lampiran: tahap, skor, kunjungan, tindakan",
        [PaperTable("", head, lines, (2, 3, 4, 6, 7, 8, 9), widest=5, has_sum=True)],
    )


def _score_way(row: InstrumentEvaluation) -> str:
    end = decimal(row.end.score) if row.end else UNKNOWN
    return f"{decimal(row.begin.score)}{ARROW}{end}" if row.begin else end


def _mean_way(mean: Mean | None) -> str:
    return f"{decimal(mean.begin)}{ARROW}{decimal(mean.end)}" if mean else UNKNOWN


def _most(row: CooperativeEvaluation) -> str:
    moves = [(abs(move.change), each.code, move) for each in row.scores for move in each.moves]
    if not moves:
        return UNKNOWN
    _size, code, move = max(moves, key=lambda each: (each[0], each[1]))
    return f"{instrument_word(code)}, {move.name} {signed(move.change)}"


def _figures_annex(rows: Sequence[CooperativeEvaluation], totals: CityTotals) -> PaperAnnex:
    head = ("Koperasi", "Anggota", "Simpanan", "Omzet sebulan", "SHU tahun berjalan", "Nontunai")
    lines = [(row.name, *(_figure_way(row, name) for name in KINDS)) for row in rows]
    sums = [_sum_way(getattr(totals, name), KINDS[name][1]) for name in list(KINDS)[:4]]
    cashless = (
        f"{_percent(totals.cashless.begin)}{ARROW}{_percent(totals.cashless.end)}" if totals.cashless else UNKNOWN
    )
    lines.append(("Kota", *sums, cashless))
    return PaperAnnex("Lampiran: angka koperasi", [PaperTable("", head, lines, (1, 2, 3, 4, 5), has_sum=True)])


def _figure_way(row: CooperativeEvaluation, name: str) -> str:
    _label, say = KINDS[name]
    now = said(say, getattr(row.figures_end.figures, name)) if row.figures_end else UNKNOWN
    was = getattr(row.figures_begin.figures, name) if row.figures_begin else None
    return now if was is None else f"{say(was)}{ARROW}{now}"


def _sum_way(found: Sum | None, say: Callable[[int], str]) -> str:
    return f"{say(found.begin)}{ARROW}{say(found.end)}" if found else UNKNOWN
