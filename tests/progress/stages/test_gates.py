"""Past quarters, and what a standing keeps: pure, so without any database."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from pendamping.instruments.stages import Quarter, ScoreOf
from pendamping.progress.stages.gates import (
    ScoreMark,
    has_next,
    history_of,
    history_since,
    last_day_of,
    past_quarters,
    quarters_asked,
)
from pendamping.progress.stages.standing import designation_columns, gate_columns
from tests.progress.stages.ready import MODEL

D = dt.date
FIRST, LAST = Quarter(2026, 1), Quarter(2025, 4)


@pytest.mark.parametrize(
    ("quarter", "last"),
    [
        (Quarter(2026, 1), D(2026, 3, 31)),
        (Quarter(2026, 2), D(2026, 6, 30)),
        (Quarter(2026, 3), D(2026, 9, 30)),
        (Quarter(2026, 4), D(2026, 12, 31)),
    ],
)
def test_a_quarter_ends_with_its_third_month(quarter: Quarter, last: dt.date) -> None:
    assert last_day_of(quarter) == last


def test_the_quarter_that_runs_is_not_past() -> None:
    assert past_quarters(3, on=D(2026, 3, 31)) == [Quarter(2025, 4), Quarter(2025, 3), Quarter(2025, 2)]
    assert past_quarters(1, on=D(2026, 4, 1)) == [Quarter(2026, 1)]
    assert past_quarters(0, on=D(2026, 4, 1)) == []


def test_only_the_last_stage_looks_back() -> None:
    assert [quarters_asked(MODEL, stage) for stage in (1, 2, 3)] == [0, 0, 2]


def mark(score: int, measured_on: dt.date, instrument: str = "KL") -> ScoreMark:
    return ScoreMark(instrument, Decimal(score), measured_on)


def test_at_the_end_of_a_quarter_stands_the_last_score_before_it() -> None:
    marks = [mark(60, D(2025, 12, 1)), mark(70, D(2025, 12, 31)), mark(80, D(2026, 1, 1)), mark(90, D(2026, 4, 1))]

    history = history_of(marks, [FIRST, LAST])

    assert history == {FIRST: {ScoreOf("KL"): Fraction(80)}, LAST: {ScoreOf("KL"): Fraction(70)}}


@pytest.mark.parametrize(("measured_on", "stands"), [(D(2025, 12, 1), True), (D(2025, 11, 30), False)])
def test_a_score_stands_for_120_days(measured_on: dt.date, stands: bool) -> None:
    assert bool(history_of([mark(70, measured_on)], [FIRST])[FIRST]) is stands
    assert (history_since([FIRST]) <= measured_on) is stands


def test_each_instrument_has_its_own() -> None:
    history = history_of([mark(60, D(2026, 3, 1)), mark(70, D(2026, 3, 2), "TK")], [FIRST])

    assert history[FIRST] == {ScoreOf("KL"): Fraction(60), ScoreOf("TK"): Fraction(70)}


def test_the_last_stage_has_none_after_it() -> None:
    assert [has_next(MODEL, stage) for stage in (1, 2, 3)] == [True, True, False]


def test_without_a_gate_a_standing_keeps_nothing_and_waits_for_nothing() -> None:
    columns = gate_columns(None, None, stage=1, rests=False)

    assert columns["gate_met"] is columns["gate_count"] is columns["gate_holds_until"] is None
    assert (columns["awaits_stage_decision"], columns["lapsed"]) == (False, 0)


def test_a_designation_that_was_decided_stays_known_without_criteria() -> None:
    columns = designation_columns(None, {"percontohan": D(2026, 4, 1)})

    assert columns == {
        "percontohan": {"missing_count": None, "criteria_count": None, "missing": [], "held_since": D(2026, 4, 1)}
    }
