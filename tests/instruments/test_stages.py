"""Stage gates: each requirement of the shipped gates alone, worked by hand, and what must hold for any answers."""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.answers import NO_FACTS, Answer
from pendamping.instruments.definition import Item, Proof
from pendamping.instruments.reading.stages import shipped_stages
from pendamping.instruments.scoring import score
from pendamping.instruments.stages import (
    Assessed,
    Condition,
    Gate,
    GateResult,
    MinimumScore,
    Quarter,
    ReachedStage,
    ScoreOf,
    Scores,
    Sustained,
    UnknownStage,
    Unmet,
    UnmetReason,
    evaluate,
    evaluate_criteria,
    gate_of,
    holds_until,
    key_of,
    lapses,
    scores_by_name,
    valid_until,
)
from tests.instruments.cases import (
    FACTS,
    INSTRUMENTS,
    UNHURRIED,
    answer,
    best_of,
    item,
    random_answers,
    values_of,
    worth,
)
from tests.instruments.cases.dated import Given, facts_on

D = dt.date
MODEL = shipped_stages(INSTRUMENTS)
ON = D(2026, 8, 10)
ANSWERED = D(2026, 8, 1)
LAST_TWO_QUARTERS = (Quarter(2026, 2), Quarter(2026, 1))


def current(**changes: str | None) -> dict[str, Given]:
    """The best answer to everything with proof, but for `KL_01="no klaim"`; None was never answered."""
    answers = {
        each.id: Given(answer(each.id, best_of(each)), ANSWERED)
        for instrument in INSTRUMENTS
        for each in instrument.items
    }
    for name, change in changes.items():
        item_id = name.replace("_", "-")
        if change is None:
            del answers[item_id]
        else:
            value, *proof = change.split()
            answers[item_id] = Given(answer(item_id, value, Proof(proof[0] if proof else "foto")), ANSWERED)
    return answers


def scores(**changes: str | None) -> dict[ScoreOf, Fraction]:
    """Full marks everywhere, but for `KL="69.9999"` or `KL_A="70"`; None was never scored."""
    full = {ScoreOf(each.code): Fraction(100) for each in INSTRUMENTS}
    full |= {ScoreOf(each.code, section.code): Fraction(100) for each in INSTRUMENTS for section in each.sections}
    for name, change in changes.items():
        code, *section = name.split("_")
        of = ScoreOf(code, f"{code}-{section[0]}" if section else None)
        if change is None:
            del full[of]
        else:
            full[of] = Fraction(change)
    return full


def result_of(
    stage: int,
    answers: Mapping[str, Given] | None = None,
    now: Scores | None = None,
    history: Mapping[Quarter, Scores] | None = None,
    *,
    on: dt.date = ON,
) -> GateResult:
    """A gate by what is not as it should be; all else is."""
    return evaluate(
        gate_of(MODEL, stage),
        current() if answers is None else answers,
        scores() if now is None else now,
        dict.fromkeys(LAST_TWO_QUARTERS, scores()) if history is None else history,
        on=on,
        facts=facts_on(on),
    )


def named(unmet: Unmet) -> str:
    """What is missing, as one would say it."""
    match unmet.wanted:
        case Condition():
            return unmet.wanted.item.id
        case MinimumScore():
            return unmet.wanted.of.section or unmet.wanted.of.instrument
        case Sustained():
            return "sustained"
        case Assessed():
            return f"assessed {unmet.wanted.instrument}"
        case ReachedStage():
            return "stage"


def missing(result: GateResult) -> list[tuple[str, UnmetReason, object]]:
    assert result.is_reached == (result.unmet == ())
    assert result.met + len(result.unmet) == result.count
    return [(named(each), each.reason, each.found) for each in result.unmet]


# Each requirement alone -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """An item of a gate: the least answer that holds, the best that does not."""

    stage: int
    item_id: str
    holds: str
    fails: str
    is_critical: bool
    na_holds: bool = True

    @property
    def name(self) -> str:
        return self.item_id.replace("-", "_")


# fmt: off
ROWS = [
    # 1: what there must be before a cooperative works
    Row(1, "KL-01", "yes", "no", False), Row(1, "KL-02", "yes", "no", True), Row(1, "KL-03", "yes", "no", True),
    Row(1, "KL-04", "yes", "no", True), Row(1, "KL-07", "yes", "no", True), Row(1, "KL-10", "yes", "no", True),
    Row(1, "KL-11", "yes", "no", False), Row(1, "KL-13", "yes", "no", True), Row(1, "KL-20", "2", "1", True),
    Row(1, "TK-04", "yes", "no", True), Row(1, "TK-15", "yes", "no", True), Row(1, "KL-42", "1", "0", False),
    # 2: what must run before it takes partners; the meeting for 2025 is late after 30 June, which is worth 0.3
    Row(2, "KL-40", "1", "0", False, na_holds=False), Row(2, "KL-32", "yes", "no", False),
    Row(2, "KL-34", "yes", "no", True), Row(2, "KL-29", "2026-07-01", "not_done", True),
    Row(2, "KL-25", "80", "79", True), Row(2, "KL-38", "2", "1", False), Row(2, "TK-01", "2", "1", True),
    Row(2, "TK-03", "7", "6", True), Row(2, "TK-07", "2", "1", False), Row(2, "TK-08", "2", "1", True),
    Row(2, "TK-13", "10000", "10001", True), Row(2, "TK-19", "2", "1", True), Row(2, "TK-23", "yes", "no", True),
    Row(2, "UK-01", "2", "1", True), Row(2, "UK-07", "2", "1", True),
    # 3: partnership established
    Row(3, "UK-09", "yes", "no", True, na_holds=False), Row(3, "UK-22", "1", "0", True, na_holds=False),
    Row(3, "UK-23", "2", "1", False, na_holds=False), Row(3, "UK-14", "yes", "no", True),
    Row(3, "TK-29", "2", "1", False), Row(3, "TK-33", "2", "1", False, na_holds=False),
    Row(3, "TK-34", "2", "1", True), Row(3, "TK-37", "yes", "no", False), Row(3, "TK-38", "yes", "no", True),
    Row(3, "KL-29", "2026-06-30", "2026-07-01", True), Row(3, "KL-22", "20", "19", False),
    Row(3, "KL-23", "1", "0", False),
]
# fmt: on

EACH_ITEM = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.stage} {row.item_id}")


@pytest.mark.parametrize(("stage", "count"), [(1, 12 + 2 + 2), (2, 15 + 2 + 3), (3, 12 + 3 + 1 + 3)])
def test_whoever_lacks_nothing_reaches_the_gate(stage: int, count: int) -> None:
    result = result_of(stage)

    assert (result.is_reached, result.unmet, result.count, result.met) == (True, (), count, count)


def test_the_rows_above_are_all_that_the_gates_ask_of_items() -> None:
    asked = [(stage.order, each.item.id) for stage in MODEL.stages for each in stage.gate.must_hold]

    assert [(row.stage, row.item_id) for row in ROWS] == asked
    assert [row.is_critical for row in ROWS] == [item(row.item_id).is_critical for row in ROWS]


@EACH_ITEM
def test_the_least_answer_that_holds_is_enough(row: Row) -> None:
    assert missing(result_of(row.stage, current(**{row.name: row.holds}))) == []


@EACH_ITEM
def test_one_answer_below_is_all_that_is_missing(row: Row) -> None:
    assert missing(result_of(row.stage, current(**{row.name: row.fails}))) == [
        (row.item_id, UnmetReason.BELOW, row.fails)
    ]


@EACH_ITEM
def test_what_was_never_answered_is_not_met(row: Row) -> None:
    assert missing(result_of(row.stage, current(**{row.name: None}))) == [(row.item_id, UnmetReason.UNANSWERED, None)]


@EACH_ITEM
def test_a_claim_opens_a_gate_unless_the_item_is_critical(row: Row) -> None:
    unproven = [(row.item_id, UnmetReason.UNPROVEN, row.holds)] if row.is_critical else []

    assert missing(result_of(row.stage, current(**{row.name: f"{row.holds} klaim"}))) == unproven


@EACH_ITEM
@pytest.mark.parametrize("proof", ["foto", "klaim"])
def test_not_applicable_counts_as_met_unless_the_gate_says_otherwise(row: Row, proof: str) -> None:
    unmet = [] if row.na_holds else [(row.item_id, UnmetReason.BELOW, "na")]

    assert missing(result_of(row.stage, current(**{row.name: f"na {proof}"}))) == unmet


@pytest.mark.parametrize(
    ("stage", "changes", "of", "found"),
    [
        (1, {"KL_A": "69.9999"}, "KL-A", Fraction("69.9999")),
        (1, {"KL_A": None}, "KL-A", None),
        (1, {"KL_B": "59.9999"}, "KL-B", Fraction("59.9999")),
        (2, {"KL": "69.9999"}, "KL", Fraction("69.9999")),
        (2, {"TK": "59.9999"}, "TK", Fraction("59.9999")),
        (2, {"TK": None}, "TK", None),
        (3, {"KL": "79.9999"}, "KL", Fraction("79.9999")),
        (3, {"TK": "69.9999"}, "TK", Fraction("69.9999")),
        (3, {"UK": "64.9999"}, "UK", Fraction("64.9999")),
    ],
)
def test_one_score_below_is_all_that_is_missing(
    stage: int, changes: dict[str, str | None], of: str, found: Fraction | None
) -> None:
    assert missing(result_of(stage, now=scores(**changes))) == [(of, UnmetReason.SCORE_BELOW, found)]


@pytest.mark.parametrize(
    ("stage", "least"),
    [(1, {"KL_A": "70", "KL_B": "60"}), (2, {"KL": "70", "TK": "60"}), (3, {"KL": "80", "TK": "70", "UK": "65"})],
)
def test_a_score_that_just_reaches_its_minimum_is_enough(stage: int, least: dict[str, str]) -> None:
    history = dict.fromkeys(LAST_TWO_QUARTERS, scores(**least))

    assert missing(result_of(stage, now=scores(**least), history=history)) == []


def test_everything_missing_is_listed_in_the_order_of_the_gate() -> None:
    result = evaluate(gate_of(MODEL, 3), {}, {}, {}, on=ON, facts=NO_FACTS)

    items = [(row.item_id, UnmetReason.UNANSWERED, None) for row in ROWS if row.stage == 3]
    below = [(code, UnmetReason.SCORE_BELOW, None) for code in ("KL", "TK", "UK")]
    old = [(f"assessed {code}", UnmetReason.TOO_OLD, None) for code in ("KL", "TK", "UK")]
    assert missing(result) == [*items, *below, ("sustained", UnmetReason.NOT_SUSTAINED, 0), *old]
    assert result.met == 0


def test_what_is_missing_says_what_is_wanted() -> None:
    (unmet,) = result_of(2, current(TK_13="10001")).unmet

    assert isinstance(unmet.wanted, Condition)
    assert (unmet.wanted.item, unmet.wanted.operator, unmet.wanted.wanted) == (
        item("TK-13"),
        "value_at_least",
        Decimal("0.8"),
    )
    assert unmet.wanted.item.action.title_id.startswith("Telusuri")


def test_a_date_that_nobody_can_judge_is_not_met() -> None:
    gate = gate_of(MODEL, 2)

    result = evaluate(gate, current(), scores(), {}, on=ON, facts=replace(FACTS, book_year_end=None))

    assert missing(result) == [("KL-29", UnmetReason.BELOW, current()["KL-29"].answer.value)]


def test_a_model_has_a_gate_for_each_stage_and_no_other() -> None:
    assert [gate_of(MODEL, stage).outcome_label_en for stage in (1, 2, 3)] == [None, None, "Partnership established"]
    with pytest.raises(UnknownStage):
        gate_of(MODEL, 4)


# Sustained ------------------------------------------------------------------------------------------------------------

GOOD, POOR = scores(KL="80", TK="70", UK="65"), scores(UK="64.9999")


@pytest.mark.parametrize(
    ("history", "on", "held"),
    [
        ({(2026, 2): GOOD, (2026, 1): GOOD}, ON, None),
        ({(2026, 2): GOOD, (2026, 1): GOOD, (2025, 4): POOR}, D(2026, 9, 30), None),
        ({(2025, 4): GOOD, (2025, 3): GOOD}, D(2026, 2, 1), None),
        ({(2026, 2): GOOD}, ON, 1),
        ({(2026, 2): GOOD, (2026, 1): POOR}, ON, 1),
        ({(2026, 2): GOOD, (2026, 1): scores(UK=None)}, ON, 1),
        ({(2026, 2): GOOD, (2025, 4): GOOD}, ON, 1),  # a quarter without a score between them
        ({(2026, 2): POOR, (2026, 1): GOOD, (2025, 4): GOOD}, ON, 0),
        ({(2026, 3): GOOD, (2026, 2): GOOD}, ON, 1),  # the quarter that still runs does not count
        ({(2026, 3): GOOD, (2026, 2): GOOD}, D(2026, 10, 1), None),
        ({}, ON, 0),
    ],
)
def test_scores_must_have_held_at_the_end_of_two_quarters_on_end(
    history: dict[tuple[int, int], Scores], on: dt.date, held: int | None
) -> None:
    result = result_of(3, history={Quarter(*quarter): then for quarter, then in history.items()}, on=on)

    expected = [] if held is None else [("sustained", UnmetReason.NOT_SUSTAINED, held)]
    assert [each for each in missing(result) if each[0] == "sustained"] == expected


@pytest.mark.parametrize(
    ("day", "quarter", "before"),
    [
        (D(2026, 1, 1), (2026, 1), (2025, 4)),
        (D(2026, 3, 31), (2026, 1), (2025, 4)),
        (D(2026, 4, 1), (2026, 2), (2026, 1)),
        (D(2026, 12, 31), (2026, 4), (2026, 3)),
    ],
)
def test_quarters_are_those_of_the_calendar(day: dt.date, quarter: tuple[int, int], before: tuple[int, int]) -> None:
    assert Quarter.of(day) == quarter
    assert Quarter.of(day).before() == before


# How long an answer opens a gate --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "item_id", "answered_on", "last_on"),
    [
        (2, "TK-07", D(2026, 4, 14), D(2026, 6, 30)),  # monthly: May, and 30 days
        (1, "KL-20", D(2026, 3, 10), D(2026, 7, 30)),  # quarterly: June
        (3, "UK-22", D(2026, 1, 20), D(2026, 5, 30)),  # quarterly: April
        (1, "KL-13", D(2026, 4, 20), D(2026, 11, 30)),  # half-yearly: October
        (1, "KL-11", D(2025, 9, 15), D(2026, 10, 30)),  # yearly: September
        (1, "KL-11", D(2026, 6, 15), D(2027, 10, 30)),  # yearly: not yet this September, 92 days later
        (2, "KL-29", D(2026, 4, 10), D(2027, 5, 30)),  # yearly: April
        (2, "KL-29", D(2026, 12, 10), D(2027, 5, 30)),  # of a book year: this April, however new
    ],
)
def test_an_answer_opens_a_gate_until_30_days_after_the_month_of_its_review(
    stage: int, item_id: str, answered_on: dt.date, last_on: dt.date
) -> None:
    value = "2026-03-20" if item_id == "KL-29" else best_of(item(item_id))

    def on_its_day(on: dt.date) -> list[tuple[str, UnmetReason, object]]:
        answers = {each: last._replace(answered_on=on) for each, last in current().items()}
        answers["KL-29"] = Given(answer("KL-29", f"{on.year}-01-01"), on)
        answers[item_id] = Given(answer(item_id, value), answered_on)
        history = {Quarter.of(on).before(): GOOD, Quarter.of(on).before().before(): GOOD}
        return missing(result_of(stage, answers, history=history, on=on))

    assert valid_until(item(item_id), answered_on) == last_on
    assert on_its_day(last_on) == []
    assert on_its_day(last_on + dt.timedelta(days=1)) == [(item_id, UnmetReason.EXPIRED, value)]


def test_what_is_asked_once_and_fulfilled_never_expires() -> None:
    on = D(2036, 8, 10)
    answers = {each: last._replace(answered_on=on) for each, last in current().items()}
    answers["KL-02"] = Given(answer("KL-02", "yes"), D(2026, 1, 1))

    assert valid_until(item("KL-02"), D(2026, 1, 1)) is None
    assert missing(result_of(1, answers, on=on)) == []


def test_what_is_not_as_wanted_is_named_before_what_is_old() -> None:
    answers = current(KL_20="1")
    answers["KL-20"] = answers["KL-20"]._replace(answered_on=D(2025, 1, 1))

    assert missing(result_of(1, answers)) == [("KL-20", UnmetReason.BELOW, "1")]


def test_a_meeting_held_late_stays_late_when_the_next_book_year_ends() -> None:
    on = D(2027, 2, 1)
    answers = {each: last._replace(answered_on=on) for each, last in current().items()}
    answers["KL-29"] = Given(answer("KL-29", "2026-07-01"), D(2026, 9, 1))
    history = {Quarter(2026, 4): GOOD, Quarter(2026, 3): GOOD}

    result = result_of(3, answers, history=history, on=on)

    assert missing(result) == [("KL-29", UnmetReason.BELOW, "2026-07-01")]


def test_not_applicable_expires_like_any_other_answer() -> None:
    answers = current(TK_03="na")
    answers["TK-03"] = answers["TK-03"]._replace(answered_on=D(2026, 1, 2))  # quarterly: April, until 30 May

    assert missing(result_of(2, answers)) == [("TK-03", UnmetReason.EXPIRED, "na")]


@pytest.mark.parametrize(("days", "is_too_old"), [(0, False), (120, False), (121, True)])
def test_an_instrument_must_have_been_looked_at_within_120_days(days: int, is_too_old: bool) -> None:
    looked_on = ON - dt.timedelta(days=days)
    before = {each: last._replace(answered_on=D(2025, 1, 1)) for each, last in current().items()}
    answers = before | {each: last for each, last in current().items() if not each.startswith("TK-")}
    answers["TK-31"] = answers["TK-31"]._replace(answered_on=looked_on)

    result = result_of(1, answers)

    old = [each for each in missing(result) if each[1] is UnmetReason.TOO_OLD]
    assert old == ([("assessed TK", UnmetReason.TOO_OLD, looked_on)] if is_too_old else [])


def test_an_instrument_that_a_gate_asks_nothing_of_may_rest() -> None:
    assert [each.instrument for each in gate_of(MODEL, 1).assessed] == ["KL", "TK"]
    assert missing(result_of(1, {each: last for each, last in current().items() if not each.startswith("UK-")})) == []


# Scores as they come from scoring -------------------------------------------------------------------------------------


def test_scores_are_named_by_instrument_and_section_and_absent_where_nothing_is_answered() -> None:
    answers = {
        each: last.answer for each, last in current(KL_01="no").items() if each.startswith("KL-A") or each < "KL-10"
    }
    named_scores = scores_by_name(
        (each.code, score(each, answers, stage=1, facts=facts_on(ON))) for each in INSTRUMENTS
    )

    # stage 1 leaves KL-08 out: 18 points in KL-A, of which KL-01 loses 3
    assert named_scores == {ScoreOf("KL", "KL-A"): Fraction(100 * 15, 18), ScoreOf("KL"): Fraction(100 * 15, 18)}


# What must hold for any answers ---------------------------------------------------------------------------------------

STAGES = st.sampled_from([1, 2, 3])


def evaluated(stage: int, answers: Mapping[str, Answer]) -> GateResult:
    now = scores_by_name((each.code, score(each, answers, stage=stage, facts=FACTS)) for each in INSTRUMENTS)
    dated = {item_id: Given(each, ANSWERED) for item_id, each in answers.items()}
    return evaluate(
        gate_of(MODEL, stage), dated, now, dict.fromkeys(LAST_TWO_QUARTERS, scores()), on=ON, facts=facts_on(ON)
    )


def asked_of(gate: Gate) -> list[Item]:
    return [each.item for each in gate.must_hold]


@UNHURRIED
@given(stage=STAGES, seed=st.integers(0, 2**32), is_nearly_there=st.booleans(), data=st.data())
def test_a_better_proven_answer_never_makes_anything_missing(
    stage: int, seed: int, is_nearly_there: bool, data: st.DataObject
) -> None:
    chance = random.Random(seed)
    answers = {item_id: last.answer for item_id, last in current().items()}
    if not is_nearly_there:
        answers = {key: each for instrument in INSTRUMENTS for key, each in random_answers(instrument, chance).items()}
    asked = [each for instrument in INSTRUMENTS for each in instrument.items]
    changed = data.draw(st.sampled_from([*asked_of(gate_of(MODEL, stage)), *asked]))
    values = [value for value in values_of(changed) if value != "na"]
    worse, better = sorted(
        data.draw(st.tuples(*[st.sampled_from(values)] * 2)), key=lambda value: worth(changed, value)
    )

    before = evaluated(stage, answers | {changed.id: answer(changed.id, worse)})
    after = evaluated(stage, answers | {changed.id: answer(changed.id, better)})

    assert {named(each) for each in after.unmet} <= {named(each) for each in before.unmet}
    assert after.is_reached or not before.is_reached


@UNHURRIED
@given(stage=STAGES, seed=st.integers(0, 2**32))
def test_a_proof_never_makes_anything_missing(stage: int, seed: int) -> None:
    chance = random.Random(seed)
    answers = {key: each for instrument in INSTRUMENTS for key, each in random_answers(instrument, chance).items()}
    proven = {key: replace(each, proof=Proof.DOCUMENT_SEEN) for key, each in answers.items()}

    assert {named(each) for each in evaluated(stage, proven).unmet} <= {
        named(each) for each in evaluated(stage, answers).unmet
    }


@UNHURRIED
@given(stage=STAGES, days=st.integers(0, 900), more=st.integers(1, 400))
def test_time_alone_never_opens_the_way_through_a_gate_without_quarters(stage: int, days: int, more: int) -> None:
    """The book year moves on meanwhile, and with it what a date counts from."""
    gate = replace(gate_of(MODEL, stage), sustained=None)
    sooner, later = (
        evaluate(gate, current(), scores(), {}, on=on, facts=facts_on(on))
        for on in (ON + dt.timedelta(days=days), ON + dt.timedelta(days=days + more))
    )

    assert {named(each) for each in sooner.unmet} <= {named(each) for each in later.unmet}


# Behind, ahead and beside ---------------------------------------------------------------------------------------------


def test_what_a_gate_behind_asks_for_and_the_newest_answers_deny_has_failed() -> None:
    found = lapses(MODEL, 2, current(KL_10="no", KL_20="1"), on=ON, facts=facts_on(ON))

    assert [(each.stage.order, named(each.unmet), each.is_failure) for each in found] == [
        (1, "KL-10", True),
        (1, "KL-20", True),
    ]


@pytest.mark.parametrize("change", [None, "yes klaim"])
def test_what_was_never_asked_or_only_claimed_has_not_failed(change: str | None) -> None:
    (lapse,) = lapses(MODEL, 2, current(KL_03=change), on=ON, facts=facts_on(ON))

    assert not lapse.is_failure


def test_what_is_old_has_not_failed() -> None:
    on = D(2028, 1, 1)

    found = lapses(MODEL, 2, current(), on=on, facts=facts_on(on))

    assert found
    assert not any(each.is_failure for each in found)


def test_gates_ahead_and_the_present_one_do_not_count_as_behind() -> None:
    nothing: dict[str, Given] = {}

    counts = [len(lapses(MODEL, stage, nothing, on=ON, facts=facts_on(ON))) for stage in (1, 2, 3)]

    assert counts == [0, 12, 27]


@pytest.mark.parametrize("stage", [1, 2, 3])
def test_a_gate_holds_until_its_first_answer_runs_out_and_no_day_longer(stage: int) -> None:
    gate, answers = gate_of(MODEL, stage), current()
    last = holds_until(gate, answers)
    assert last is not None

    def reached(on: dt.date) -> bool:
        history = dict.fromkeys((Quarter.of(on).before(), Quarter.of(on).before().before()), scores())
        return evaluate(gate, answers, scores(), history, on=on, facts=facts_on(ON)).is_reached

    assert reached(last)
    assert not reached(last + dt.timedelta(days=1))


def test_a_designation_asks_for_a_stage_and_for_what_its_criteria_say() -> None:
    pilot = MODEL.designations[0].criteria
    assert pilot is not None

    def lacks(stage: int, **changes: str | None) -> list[tuple[str, UnmetReason, object]]:
        given = current(**changes)
        return missing(evaluate_criteria(pilot, given, scores(), {}, stage=stage, on=ON, facts=facts_on(ON)))

    assert lacks(2) == lacks(3) == []
    assert lacks(1) == [("stage", UnmetReason.STAGE_BELOW, 1)]
    assert lacks(1, KL_40="na") == [("stage", UnmetReason.STAGE_BELOW, 1), ("KL-40", UnmetReason.BELOW, "na")]


def test_every_requirement_has_a_name_of_its_own_for_the_record() -> None:
    for each in MODEL.stages:
        keys = [key_of(requirement) for requirement in each.gate.requirements]
        assert len(set(keys)) == len(keys)
