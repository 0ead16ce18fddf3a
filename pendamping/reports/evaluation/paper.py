"""An evaluation as a paper, of one cooperative or of a city. Always Indonesian, whoever asks for it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from babel import dates
from flask_babel import force_locale
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Region, Stage
from pendamping.cooperatives.programme.queries import OfficeView, office_of
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.words import month_words
from pendamping.cooperatives.words import stage_word
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.i18n import DEFAULT_LANGUAGE, decimal, language, long_date, rupiah, short_date, signed, whole
from pendamping.progress import charts, city_charts
from pendamping.progress.queries import year_of_scores
from pendamping.progress.stages.words import designation_word
from pendamping.progress.words import trend_chart
from pendamping.reports.evaluation.content import (
    CityTotals,
    CooperativeEvaluation,
    FiguresSide,
    InstrumentEvaluation,
    Mean,
    ScoreSide,
    Sum,
    totals_of,
)
from pendamping.reports.evaluation.gather import evaluated_cooperatives, stages_by_month
from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.periods import Period
from pendamping.reports.evaluation.words import period_words
from pendamping.reports.gather import letterhead_of
from pendamping.reports.monthly.words import instrument_word
from pendamping.reports.papers import Letterhead, Line, Signature, paper_number
from pendamping.reports.tables import PaperAnnex, PaperSection, PaperTable
from pendamping.reports.typesetting import typeset

CODE, VISIT_CODE = "EV", "BA"
UNKNOWN = "–"
DRAFT = "Konsep, belum diterbitkan"
INSTRUMENTS = ("KL", "TK", "UK")
ARROW = " → "


@dataclass(frozen=True, slots=True)
class EvaluationSheet:
    """Everything that the paper says; laid out by `papers/evaluation.typ`. picture_in: the section with the chart."""

    letterhead: Letterhead
    title: str
    subject: str
    number_words: str
    dated: dt.date
    facts: Sequence[Line]
    sections: Sequence[PaperSection]
    picture: bytes | None
    picture_words: str
    picture_in: int
    signed_at: str
    head: Signature
    remarks: Sequence[Line]
    annexes: Sequence[PaperAnnex] = ()


def evaluation_pdf(sheet: EvaluationSheet) -> bytes:
    return typeset("evaluation", sheet, dated=sheet.dated)


def evaluation_number(paper: EvaluationPaper, period: Period, office: OfficeView) -> str:
    """0412/EV-KKMP/VI/2026: from the city's one count of papers, with the month in which the period ends. The office's
    code is that of its berita acara, with EV in the place of BA; our proposal.
    """
    head, dash, rest = office.number_code.partition("-")
    code = f"{CODE}{dash}{rest}" if head == VISIT_CODE else office.number_code
    return paper_number(paper.number, code, month=period.last.month, year=paper.number_year)


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
        frame = _frame(session, city_code, period, issued, found.name, today)
        picture = _trend(session, found, period, today)
        scores = _scores_section(found)
        sections = [_summary(found), scores, _work_section(found), _figures_section(found), _designations(found)]
        return replace(
            frame,
            facts=list(_facts(found, period, today)),
            sections=sections,
            picture=picture,
            picture_words=f"Grafik skor {found.name} selama {period_words(period)}: {scores.lead}",
            picture_in=1,
        )


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
        frame = _frame(session, city_code, period, issued, city, today)
        stages = _stages_section(totals, history)
        sections = [stages, _means_section(totals), _city_work(totals, len(rows)), _sums_section(totals, len(rows))]
        return replace(
            frame,
            facts=list(_city_facts(totals, rows, period, today)),
            sections=[*sections, _moved_section(rows)],
            picture=_layers(history) if rows else None,
            picture_words=f"Grafik batang: koperasi menurut tahap pada akhir setiap bulan. {stages.lead}",
            picture_in=0,
            annexes=[_scores_annex(rows, totals), _figures_annex(rows, totals)],
        )


def _frame(
    session: Session, city_code: str, period: Period, issued: EvaluationPaper | None, subject: str, today: dt.date
) -> EvaluationSheet:
    """What both papers have in common."""
    office = office_of(session, city_code)
    city = session.scalar(select(Region.display_name).where(Region.code == city_code)) or ""
    head = session.get_one(User, issued.issued_by_id).name if issued else ""
    place = city.removeprefix("Kota ").removeprefix("Kabupaten ")
    return EvaluationSheet(
        letterhead=letterhead_of(office),
        title=f"Evaluasi {period_words(period).lower()}",
        subject=subject,
        number_words=f"Nomor: {evaluation_number(issued, period, office)}" if issued else DRAFT,
        dated=issued.issued_on if issued else today,
        facts=(),
        sections=(),
        picture=None,
        picture_words="",
        picture_in=0,
        signed_at=f"{place}, {long_date(issued.issued_on)}" if issued else place,
        head=Signature(head, "" if issued else "belum diterbitkan"),
        remarks=list(_remarks(period, today)),
    )


def _remarks(period: Period, today: dt.date) -> Iterator[Line]:
    yield Line(
        "Awal dan akhir",
        "awal ialah catatan terakhir sebelum hari pertama masa ini, atau yang pertama di dalamnya; akhir ialah catatan "
        "terakhir sampai hari penutup. Tanda – berarti tidak tercatat.",
    )
    if not period.is_over(today):
        yield Line("Sementara", f"masa ini belum berakhir; dihitung sampai {long_date(today)}.")


# A cooperative --------------------------------------------------------------------------------------------------------


def _facts(row: CooperativeEvaluation, period: Period, today: dt.date) -> Iterator[Line]:
    yield Line("Koperasi", row.legal_name)
    yield Line("Masa", f"{short_date(period.first)} – {short_date(period.until(today))}")
    yield Line("Tempat", f"Kel. {row.ward}, Kec. {row.district}")
    yield Line("Tahap", _from_to(stage_word(row.stage_begin), stage_word(row.stage_end)))


def _from_to(begin: str, end: str) -> str:
    return end if begin == end else f"{begin}{ARROW}{end}"


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
            _moves(each) or UNKNOWN,
        )
        for each in row.scores
    ]
    head = ("Instrumen", "Awal", "Akhir", "Perubahan", "Bagian yang paling berubah")
    known = [f"{instrument_word(each.code)} {signed(each.change)}" for each in row.scores if each.change is not None]
    lead = f"Perubahan skor: {', '.join(known)}." if known else "Belum ada dua penilaian yang dapat dibandingkan."
    return PaperSection("Skor", lead, [PaperTable("", head, rows, numbers=(3,), instead="Belum ada skor.")])


def _score_words(side: ScoreSide | None) -> str:
    if side is None:
        return UNKNOWN
    provisional = ", sementara" if side.is_provisional else ""
    return f"{decimal(side.score)} · {side.band}{provisional} ({short_date(side.on)})"


def _moves(row: InstrumentEvaluation) -> str:
    return "; ".join(f"{move.name} {signed(move.change)}" for move in row.moves)


def _work_section(row: CooperativeEvaluation) -> PaperSection:
    actions = row.actions
    rows = [
        ("Kunjungan", whole(row.visits), f"target {whole(row.target)}"),
        ("Tindakan disepakati", whole(actions.agreed), ""),
        ("Tindakan terverifikasi", whole(actions.verified), "termasuk yang disepakati sebelum masa ini"),
        ("Tindakan terlambat", whole(actions.late), "terbuka dan lewat tenggat pada akhir masa ini"),
    ]
    lead = f"{whole(row.visits)} dari target {whole(row.target)} kunjungan."
    return PaperSection("Kunjungan dan tindakan", lead, [PaperTable("", ("Hal", "Jumlah", "Keterangan"), rows, (1,))])


KINDS: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "members": ("Anggota", whole),
    "savings_idr": ("Simpanan", rupiah),
    "turnover_idr": ("Omzet sebulan", rupiah),
    "surplus_idr": ("SHU tahun berjalan", rupiah),
    "cashless_percent": ("Transaksi nontunai", lambda value: f"{value}%"),
}


def _figures_section(row: CooperativeEvaluation) -> PaperSection:
    begin, end = row.figures_begin, row.figures_end
    if end is None:
        return PaperSection("Angka", "Belum ada angka bulanan yang dilaporkan.")
    head = ("Angka", _month_of("Awal", begin), _month_of("Akhir", end), "Perubahan")
    rows = [_figure_row(name, begin, end) for name in KINDS]
    return PaperSection("Angka", "", [PaperTable("", head, rows, numbers=(1, 2, 3))])


def _month_of(word: str, side: FiguresSide | None) -> str:
    return f"{word} ({month_words(side.month)})" if side else word


def _figure_row(name: str, begin: FiguresSide | None, end: FiguresSide) -> tuple[str, str, str, str]:
    label, say = KINDS[name]
    was, now = getattr(begin.figures if begin else Figures(), name), getattr(end.figures, name)
    return label, _said(say, was), _said(say, now), _difference(say, was, now)


def _said(say: Callable[[int], str], value: int | None) -> str:
    return UNKNOWN if value is None else say(value)


def _difference(say: Callable[[int], str], was: int | None, now: int | None) -> str:
    if was is None or now is None:
        return UNKNOWN
    return f"+{say(now - was)}" if now > was else say(now - was)


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


# A city ---------------------------------------------------------------------------------------------------------------


def _city_facts(
    totals: CityTotals, rows: Sequence[CooperativeEvaluation], period: Period, today: dt.date
) -> Iterator[Line]:
    yield Line("Koperasi", whole(len(rows)))
    yield Line("Masa", f"{short_date(period.first)} – {short_date(period.until(today))}")
    yield Line("Kunjungan", f"{whole(totals.visits)} dari target {whole(totals.target)}")
    yield Line("Penetapan", f"{whole(totals.designations)} berlaku pada akhir")


def _stages_section(totals: CityTotals, history: Mapping[Month, Mapping[Stage, int]]) -> PaperSection:
    parts = [
        f"{stage_word(stage)} {_from_to(whole(totals.stages_begin[stage]), whole(totals.stages_end[stage]))}"
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
    return PaperSection("Kunjungan dan tindakan", "", [PaperTable("", ("Hal", "Jumlah", "Keterangan"), rows, (1,))])


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
    return say(found.begin), say(found.end), _difference(say, found.begin, found.end), whole(found.count)


def _moved_section(rows: Sequence[CooperativeEvaluation]) -> PaperSection:
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
            _from_to(stage_word(row.stage_begin), stage_word(row.stage_end)),
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
        "Lampiran: tahap, skor, kunjungan, tindakan", [PaperTable("", head, lines, (2, 3, 4, 6, 7, 8, 9))]
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
    return PaperAnnex("Lampiran: angka koperasi", [PaperTable("", head, lines, (1, 2, 3, 4, 5))])


def _figure_way(row: CooperativeEvaluation, name: str) -> str:
    _label, say = KINDS[name]
    now = _said(say, getattr(row.figures_end.figures, name)) if row.figures_end else UNKNOWN
    was = getattr(row.figures_begin.figures, name) if row.figures_begin else None
    return now if was is None else f"{say(was)}{ARROW}{now}"


def _sum_way(found: Sum | None, say: Callable[[int], str]) -> str:
    return f"{say(found.begin)}{ARROW}{say(found.end)}" if found else UNKNOWN
