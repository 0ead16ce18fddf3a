"""Periods, ends, sums: by numbers worked out by hand."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.reports.evaluation.content import (
    ActionCounts,
    CooperativeEvaluation,
    Designation,
    FiguresSide,
    InstrumentEvaluation,
    Mean,
    ScoreSide,
    SectionMove,
    Sum,
    designations_at_end,
    ends_of,
    figures_at_ends,
    most_moved,
    stages_at_ends,
    totals_of,
)
from pendamping.reports.evaluation.periods import YearSpan, period_named, periods_of

YEAR = YearSpan(2026, dt.date(2026, 1, 1), dt.date(2026, 12, 15), visits_per_month=2)
LATE_YEAR = YearSpan(2025, dt.date(2025, 10, 1), dt.date(2025, 12, 31), visits_per_month=4)
FIRST, UNTIL = dt.date(2026, 1, 1), dt.date(2026, 6, 30)


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(2026, month, number)


def test_a_year_has_two_periods_and_one_that_begins_after_june_has_no_half() -> None:
    periods = periods_of([LATE_YEAR, YEAR], today=day(4, 14))

    assert [(each.name, each.first, each.last) for each in periods] == [
        ("2026-semester-1", day(1), day(6, 30)),
        ("2026-tahun", day(1), day(12, 15)),
        ("2025-tahun", dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
    ]
    assert period_named(periods, 2025, "semester-1") is None
    assert periods_of([YEAR], today=dt.date(2025, 12, 31)) == []


def test_the_target_counts_the_days_until_today() -> None:
    half, year, before = periods_of([LATE_YEAR, YEAR], today=day(12, 31))

    assert (half.target(day(4, 15)), half.target(day(12, 31))) == (7, 12)  # three months and half of April
    assert year.target(day(12, 31)) == 23  # 15 days of December are one visit
    assert before.target(day(12, 31)) == 12
    assert (half.is_over(day(6, 30)), half.is_over(day(7, 1))) == (False, True)
    assert half.months(day(2, 3)) == [Month(2026, 1), Month(2026, 2)]


def test_the_beginning_lies_before_the_period_if_anything_does() -> None:
    before, early, late = (dt.date(2025, 11, 3), "a"), (day(2), "b"), (day(5), "c")

    assert ends_of([before, early, late], first=FIRST) == ("a", "c")
    assert ends_of([early, late], first=FIRST) == ("b", "c")
    assert ends_of([late], first=FIRST) == (None, "c")
    assert ends_of([before], first=FIRST) == ("a", "a")
    assert ends_of([], first=FIRST) == (None, None)


def test_each_figure_comes_from_the_months_that_tell_of_it() -> None:
    sides = [
        FiguresSide(Month(2025, 11), Figures(members=90, savings_idr=1_000)),
        FiguresSide(Month(2026, 2), Figures(members=100, turnover_idr=500)),
        FiguresSide(Month(2026, 5), Figures(members=None, turnover_idr=700, savings_idr=1_500)),
    ]

    begin, end = figures_at_ends(sides, first=FIRST)

    assert begin == FiguresSide(Month(2026, 2), Figures(members=90, savings_idr=1_000, turnover_idr=500))
    assert end == FiguresSide(Month(2026, 5), Figures(members=100, savings_idr=1_500, turnover_idr=700))
    assert figures_at_ends([], first=FIRST) == (None, None)


def test_stages_are_taken_back_to_both_ends() -> None:
    decisions = [(day(3), Stage.FORMATION), (day(8), Stage.OPERATION)]

    ends = stages_at_ends(Stage.PARTNERSHIP, decisions, first=FIRST, until=UNTIL)

    assert ends == (Stage.FORMATION, Stage.OPERATION)
    assert stages_at_ends(Stage.OPERATION, [], first=FIRST, until=UNTIL) == (Stage.OPERATION, Stage.OPERATION)


def test_a_designation_is_told_if_it_was_held_within_the_period() -> None:
    decisions = [
        ("gudang_gerai", dt.date(2025, 3, 1), True),
        ("gudang_gerai", dt.date(2025, 9, 1), False),
        ("percontohan", dt.date(2025, 5, 1), True),
        ("percontohan", day(2), False),
        ("percontohan", day(4), True),
    ]

    assert designations_at_end(decisions, first=FIRST) == [Designation("percontohan", day(4))]
    assert designations_at_end(decisions[:4], first=FIRST) == [
        Designation("percontohan", dt.date(2025, 5, 1), until=day(2))
    ]


def test_two_sections_that_moved_most_are_named() -> None:
    begin = {"Izin": Decimal(40), "Rapat": Decimal(50), "Kas": Decimal(60), "Buku": None, "Arsip": Decimal(10)}
    end = {
        "Izin": Decimal("47.5"),
        "Rapat": Decimal(20),
        "Kas": Decimal(70),
        "Buku": Decimal(90),
        "Arsip": Decimal("10.04"),
    }

    assert most_moved(begin, end) == [SectionMove("Rapat", Decimal("-30.0")), SectionMove("Kas", Decimal("10.0"))]
    assert most_moved({"Arsip": Decimal(10)}, end) == []


def cooperative(**changed: Any) -> CooperativeEvaluation:
    sound: dict[str, Any] = {
        "id": uuid.UUID(int=1),
        "code": "64.71.03.1006",
        "name": "KKMP Graha Indah",
        "legal_name": "Koperasi Kelurahan Merah Putih Graha Indah",
        "ward": "Graha Indah",
        "district": "Balikpapan Utara",
        "stage_begin": Stage.FORMATION,
        "stage_end": Stage.OPERATION,
        "scores": (InstrumentEvaluation("KL", side("40", 1), side("52.5", 5), (SectionMove("Izin", Decimal("7.5")),)),),
        "visits": 12,
        "target": 12,
        "actions": ActionCounts(5, 3, 1),
        "figures_begin": FiguresSide(Month(2025, 12), Figures(100, 1_000_000, 500_000, None, 20)),
        "figures_end": FiguresSide(Month(2026, 6), Figures(130, 1_500_000, 700_000, -50_000, 41)),
        "designations": (Designation("percontohan", day(4)),),
    }
    return CooperativeEvaluation(**{**sound, **changed})


def side(score: str, month: int) -> ScoreSide:
    return ScoreSide(Decimal(score), "Perlu penguatan", False, day(month))


def test_a_city_sums_only_what_has_both_ends() -> None:
    other = cooperative(
        scores=(InstrumentEvaluation("KL", None, side("90", 5)),),
        stage_begin=Stage.OPERATION,
        visits=9,
        actions=ActionCounts(2, 1, 4),
        figures_begin=None,
        designations=(Designation("gudang_gerai", day(1), until=day(2)),),
    )

    totals = totals_of([cooperative(), other], ("KL", "TK"))

    assert totals.scores == {"KL": Mean(Decimal(40), Decimal("52.5"), 1), "TK": None}
    assert (totals.visits, totals.target, totals.reached) == (21, 24, 1)
    assert totals.actions == ActionCounts(7, 4, 5)
    assert (totals.members, totals.surplus_idr) == (Sum(100, 130, 1), None)
    assert totals.cashless == Mean(Decimal(20), Decimal(41), 1)
    assert (totals.stages_begin[Stage.FORMATION], totals.stages_end[Stage.OPERATION]) == (1, 2)
    assert totals.designations == 1
