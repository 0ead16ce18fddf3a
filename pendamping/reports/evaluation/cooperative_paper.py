"""The evaluation of one cooperative as a paper. Always Indonesian, whoever asks for it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from flask_babel import force_locale
from sqlalchemy import Select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.records.figures import Figures
from pendamping.cooperatives.records.words import month_words
from pendamping.cooperatives.words import stage_word
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, decimal, long_date, rupiah, signed, whole
from pendamping.progress import charts
from pendamping.progress.queries import year_of_scores
from pendamping.progress.stages.words import designation_word
from pendamping.progress.words import trend_chart
from pendamping.reports.evaluation.content import (
    CooperativeEvaluation,
    FiguresSide,
    ScoreSide,
)
from pendamping.reports.evaluation.gather import evaluated_cooperatives
from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.paper import (
    KINDS,
    UNKNOWN,
    EvaluationSheet,
    difference,
    frame_of,
    from_to,
    moves_words,
    said,
)
from pendamping.reports.evaluation.partners import partners_section
from pendamping.reports.evaluation.periods import Period
from pendamping.reports.evaluation.words import period_words
from pendamping.reports.monthly.words import instrument_word
from pendamping.reports.papers import Line
from pendamping.reports.tables import PaperSection, PaperTable


def cooperative_sheet(
    session: Session,
    cooperatives: Select[Cooperative],
    city_code: str,
    period: Period,
    issued: EvaluationPaper | None,
    *,
    today: dt.date,
) -> EvaluationSheet:
    """The evaluation of the one cooperative that `cooperatives` finds."""
    with force_locale(DEFAULT_LANGUAGE):
        (found,) = evaluated_cooperatives(session, cooperatives, period, today=today)
        sheet = frame_of(session, city_code, period, issued, found.name, today)
        picture = _trend(session, found, period, today)
        scores = _scores_section(found)
        work, figures = _work_section(found), _figures_section(found)
        sections = [_summary(found), scores, work, figures, partners_section(found), _designations(found)]
        return replace(
            sheet,
            facts=list(_facts(found, period, today)),
            sections=sections,
            picture=picture,
            picture_words=f"Grafik skor {found.name} selama {period_words(period)}: {scores.lead}",
            picture_in=1,
        )


def _facts(row: CooperativeEvaluation, period: Period, today: dt.date) -> Iterator[Line]:
    yield Line("Koperasi", row.legal_name)
    yield Line("Masa", f"{long_date(period.first)} – {long_date(period.until(today))}")
    yield Line("Tempat", f"Kel. {row.ward}, Kec. {row.district}")
    yield Line("Tahap", from_to(stage_word(row.stage_begin), stage_word(row.stage_end)))


def _summary(row: CooperativeEvaluation) -> PaperSection:
    if row.stage_begin is row.stage_end:
        stage = f"Tahap {stage_word(row.stage_end)} pada awal dan akhir."
    else:
        stage = f"Dari tahap {stage_word(row.stage_begin)} ke tahap {stage_word(row.stage_end)}."
    return PaperSection("Tahap", stage)


def _scores_section(row: CooperativeEvaluation) -> PaperSection:
    rows = [
        (
            instrument_word(each.code),
            _score_words(each.begin),
            _score_words(each.end),
            UNKNOWN if each.change is None else signed(each.change),
            moves_words(each) or UNKNOWN,
        )
        for each in row.scores
    ]
    head = ("Instrumen", "Awal", "Akhir", "Perubahan", "Bagian yang paling berubah")
    known = [f"{instrument_word(each.code)} {signed(each.change)}" for each in row.scores if each.change is not None]
    lead = f"Perubahan skor: {', '.join(known)}." if known else "Belum ada dua penilaian yang dapat dibandingkan."
    return PaperSection("Skor", lead, [PaperTable("", head, rows, numbers=(3,), instead="Belum ada skor.", widest=4)])


def _score_words(side: ScoreSide | None) -> str:
    if side is None:
        return UNKNOWN
    provisional = ", sementara" if side.is_provisional else ""
    return f"{decimal(side.score)} · {side.band}{provisional}\n{long_date(side.on)}"


def _work_section(row: CooperativeEvaluation) -> PaperSection:
    actions = row.actions
    rows = [
        ("Kunjungan", whole(row.visits), f"target {whole(row.target)}"),
        ("Tindakan disepakati", whole(actions.agreed), ""),
        ("Tindakan terverifikasi", whole(actions.verified), "termasuk yang disepakati sebelum masa ini"),
        ("Tindakan terlambat", whole(actions.late), "terbuka dan lewat tenggat pada akhir masa ini"),
    ]
    lead = f"{whole(row.visits)} dari target {whole(row.target)} kunjungan."
    return PaperSection(
        "Kunjungan dan tindakan", lead, [PaperTable("", ("Hal", "Jumlah", "Keterangan"), rows, (1,), widest=2)]
    )


def _figures_section(row: CooperativeEvaluation) -> PaperSection:
    begin, end = row.figures_begin, row.figures_end
    if end is None:
        return PaperSection("Angka", "Belum ada angka bulanan yang dilaporkan.")
    head = ("Angka", "Awal", "Akhir", "Perubahan")
    rows = [_figure_row(name, begin, end) for name in KINDS]
    start = f"Awal: {month_words(begin.month)}; akhir" if begin else "Akhir"
    lead = f"{start}: {month_words(end.month)}."
    return PaperSection("Angka", lead, [PaperTable("", head, rows, numbers=(1, 2, 3))])


def _figure_row(name: str, begin: FiguresSide | None, end: FiguresSide) -> tuple[str, str, str, str]:
    label, say = KINDS[name]
    was, now = getattr(begin.figures if begin else Figures(), name), getattr(end.figures, name)
    return label, said(say, was), said(say, now), difference(say if say is rupiah else whole, was, now)


def _designations(row: CooperativeEvaluation) -> PaperSection:
    rows = [
        (designation_word(each.code), long_date(each.since), long_date(each.until) if each.until else "masih berlaku")
        for each in row.designations
    ]
    head = ("Penetapan", "Sejak", "Sampai")
    return PaperSection(
        "Penetapan", "", [PaperTable("", head, rows, instead="Tidak ada penetapan pada akhir masa ini.")]
    )


def _trend(session: Session, row: CooperativeEvaluation, period: Period, today: dt.date) -> bytes | None:
    until = period.until(today)
    year = year_of_scores(session, row.id, instruments_on(session, until), today=until)
    within = [
        replace(each, points=tuple(point for point in each.points if period.first <= point.on <= until))
        for each in year.series
    ]
    if not any(each.points for each in within):
        return None
    return charts.score_trend(trend_chart(tuple(within), first=period.first, last=until, is_narrow=False), charts.WIDE)
