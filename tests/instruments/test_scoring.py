"""Scores: each rule of the `scoring` block by an example, and what must hold for every set of answers."""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.answers import NO_FACTS, Answer
from pendamping.instruments.definition import Instrument, Item, Proof
from pendamping.instruments.scoring import Facts, ItemScore, ItemState, MissingFact, Score, answer_value, score
from tests.instruments.cases import (
    FACTS,
    INSTRUMENTS,
    KL,
    TK,
    UK,
    UNHURRIED,
    answer,
    best_of,
    item,
    random_answers,
    tiny,
    values_of,
    worth,
)

PLAIN = item("KL-01")
"""Asks yes or no, is not critical."""
CRITICAL = item("KL-02")


def numbered(template: Item, number: int, **changes: object) -> Item:
    return replace(template, id=f"KL-{number:02}", **changes)  # type: ignore[arg-type]


def items_of(count: int, template: Item = PLAIN) -> list[Item]:
    return [numbered(template, number) for number in range(1, count + 1)]


def scored(instrument: Instrument, *answers: Answer, stage: int = 3, facts: Facts = FACTS) -> Score:
    return score(instrument, {each.item_id: each for each in answers}, stage=stage, facts=facts)


def by_id(result: Score) -> dict[str, ItemScore]:
    return {each.item.id: each for section in result.sections for each in section.items}


def full(instrument: Instrument, proof: Proof = Proof.DOCUMENT_SEEN) -> dict[str, Answer]:
    """The best answer to everything."""
    return {each.id: answer(each.id, best_of(each), proof) for each in instrument.items}


# What one answer is worth ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item_id", "value", "expected"),
    [
        ("KL-01", "yes", 10_000),
        ("KL-01", "no", 0),
        ("KL-05", "0", 0),
        ("KL-05", "1", 3_333),
        ("KL-05", "2", 6_667),
        ("KL-05", "3", 10_000),
        ("KL-05", "na", None),
        ("KL-31", "accepted", 10_000),
        ("KL-31", "missing", 0),
        # at least: the highest edge reached
        ("KL-22", "0", 0),
        ("KL-22", "9", 0),
        ("KL-22", "10", 3_000),
        ("KL-22", "99", 8_500),
        ("KL-22", "100", 10_000),
        ("KL-22", "500", 10_000),
        ("KL-23", "-1000", 0),
        ("KL-23", "0", 0),
        ("KL-23", "1", 5_000),
        # at most: the lowest edge kept
        ("TK-02", "0", 10_000),
        ("TK-02", "1", 10_000),
        ("TK-02", "2", 8_000),
        ("TK-02", "365", 0),
        ("TK-13", "0", 10_000),
        ("TK-13", "1", 8_000),
        ("TK-13", "10001", 4_000),
        # within 365 days of the decree of 14 July 2025
        ("KL-09", "2025-07-13", 10_000),
        ("KL-09", "2026-07-14", 10_000),
        ("KL-09", "2026-07-15", 6_000),
        ("KL-09", "not_done", 0),
        # by a day of the year after the book year that ended on 31 December 2025
        ("KL-29", "2025-12-01", 10_000),
        ("KL-29", "2026-03-31", 10_000),
        ("KL-29", "2026-04-01", 7_000),
        ("KL-29", "2026-06-30", 7_000),
        ("KL-29", "2026-07-01", 3_000),
        ("KL-29", "2027-03-31", 3_000),
        ("KL-29", "not_done", 0),
        ("TK-39", "2026-04-30", 10_000),
        ("TK-39", "2026-05-01", 5_000),
    ],
)
def test_an_answer_is_worth_what_the_file_says(item_id: str, value: str, expected: int | None) -> None:
    assert answer_value(item(item_id), answer(item_id, value), FACTS) == expected


def test_the_year_of_a_deadline_follows_the_book_year() -> None:
    mid_year = Facts(book_year_end=dt.date(2024, 6, 30))

    assert answer_value(item("KL-29"), answer("KL-29", "2025-03-31"), mid_year) == 10_000
    assert answer_value(item("KL-29"), answer("KL-29", "2025-04-01"), mid_year) == 7_000


def test_a_year_with_a_29th_of_february_has_no_day_more() -> None:
    leap = Facts(decree_on=dt.date(2024, 1, 1))

    assert answer_value(item("KL-09"), answer("KL-09", "2024-12-31"), leap) == 10_000
    assert answer_value(item("KL-09"), answer("KL-09", "2025-01-01"), leap) == 6_000


@pytest.mark.parametrize(("item_id", "fact"), [("KL-09", "decree_on"), ("KL-29", "book_year_end")])
def test_a_date_without_the_one_it_counts_from_can_not_be_scored(item_id: str, fact: str) -> None:
    with pytest.raises(MissingFact) as missing:
        scored(KL, answer(item_id, "2026-03-01"), facts=NO_FACTS)
    assert (missing.value.item_id, missing.value.fact) == (item_id, fact)


def test_what_was_not_done_needs_no_date_to_count_from() -> None:
    assert scored(KL, answer("KL-09", "not_done"), answer("KL-29", "na"), facts=NO_FACTS).value == 0


def test_a_date_that_is_hidden_needs_no_fact() -> None:
    later = replace(KL, applies_from_stage=2)

    assert scored(later, answer("KL-09", "2026-03-01"), stage=1, facts=NO_FACTS).applicable == 0


# Proof ----------------------------------------------------------------------------------------------------------------


def test_a_claim_does_not_meet_a_critical_item() -> None:
    result = scored(tiny(CRITICAL), answer("KL-02", "yes", Proof.CLAIM))
    only = by_id(result)["KL-02"]

    assert (only.value, only.counted, only.is_unproven, only.is_critical_unmet) == (10_000, 0, True, True)
    assert (result.value, result.critical_unmet) == (Fraction(0), ("KL-02",))


@pytest.mark.parametrize("proof", [proof for proof in Proof if proof is not Proof.CLAIM])
def test_any_other_proof_meets_a_critical_item(proof: Proof) -> None:
    result = scored(tiny(CRITICAL), answer("KL-02", "yes", proof))

    assert (result.value, result.critical_unmet) == (Fraction(100), ())
    assert not by_id(result)["KL-02"].is_unproven


def test_an_answer_worth_exactly_a_half_needs_proof_like_any_good_one() -> None:
    half = tiny(replace(item("KL-14"), is_critical=True))
    claimed, seen = (scored(half, answer("KL-14", "1", proof)) for proof in (Proof.CLAIM, Proof.DOCUMENT_SEEN))

    assert (claimed.value, claimed.critical_unmet) == (Fraction(0), ("KL-14",))
    assert (seen.value, seen.critical_unmet) == (Fraction(50), ())


def test_a_claim_counts_for_any_other_item_but_is_marked() -> None:
    result = scored(tiny(PLAIN), answer("KL-01", "yes", Proof.CLAIM))
    only = by_id(result)["KL-01"]

    assert (result.value, only.counted, only.is_unproven) == (Fraction(100), 10_000, True)


@pytest.mark.parametrize(("value", "counted"), [("1", 3_333), ("2", 0), ("3", 0)])
def test_a_poor_claim_counts_as_it_is_and_needs_no_proof(value: str, counted: int) -> None:
    only = by_id(scored(tiny(item("KL-20")), answer("KL-20", value, Proof.CLAIM)))["KL-20"]

    assert (only.counted, only.is_unproven, only.is_critical_unmet) == (counted, counted == 0, True)


# Critical items and bands ---------------------------------------------------------------------------------------------


def test_an_unmet_critical_item_caps_the_band_at_the_third_and_leaves_the_score() -> None:
    instrument = tiny(numbered(PLAIN, 1, weight=90), numbered(CRITICAL, 2, weight=10))
    met = scored(instrument, answer("KL-01", "yes"), answer("KL-02", "yes"))
    unmet = scored(instrument, answer("KL-01", "yes"), answer("KL-02", "no"))

    assert (met.value, met.band_rank, met.is_capped) == (Fraction(100), 0, False)
    assert (unmet.value, unmet.band_rank, unmet.is_capped) == (Fraction(90), 2, True)
    assert unmet.band is instrument.bands[2]


def test_the_cap_never_lifts_a_band() -> None:
    result = scored(tiny(CRITICAL), answer("KL-02", "no"))

    assert (result.band_rank, result.is_capped) == (3, False)


def test_a_critical_item_not_yet_answered_is_not_unmet() -> None:
    result = scored(tiny(numbered(PLAIN, 1), CRITICAL), answer("KL-01", "yes"))

    assert (result.critical_unmet, result.band_rank) == ((), 0)


def test_a_critical_item_that_does_not_apply_is_not_unmet() -> None:
    assert scored(KL, answer("KL-29", "na")).critical_unmet == ()


def test_less_than_a_half_does_not_meet_a_critical_item_however_well_proven() -> None:
    assert scored(tiny(item("KL-20")), answer("KL-20", "1")).critical_unmet == ("KL-20",)
    assert scored(tiny(item("KL-20")), answer("KL-20", "2")).critical_unmet == ()


def test_unmet_critical_items_stand_in_the_order_of_the_instrument() -> None:
    answers = [answer(each.id, "no") for each in reversed(KL.items) if each.is_critical and "no" in each.choices]

    unmet = scored(KL, *answers).critical_unmet

    assert unmet == ("KL-02", "KL-03", "KL-04", "KL-07", "KL-10", "KL-13", "KL-34")


@pytest.mark.parametrize(
    ("good", "rank", "rounded"),
    [
        (8_500_000, 0, "85.0000"),
        (8_499_999, 1, "85.0000"),
        (7_000_000, 1, "70.0000"),
        (6_999_999, 2, "70.0000"),
        (5_000_000, 2, "50.0000"),
        (4_999_999, 3, "50.0000"),
        (0, 3, "0.0000"),
    ],
)
def test_bands_are_compared_before_rounding(good: int, rank: int, rounded: str) -> None:
    instrument = tiny(numbered(PLAIN, 1, weight=good), numbered(PLAIN, 2, weight=10_000_000 - good))

    result = scored(instrument, answer("KL-01", "yes"), answer("KL-02", "no"))

    assert result.value == Fraction(good, 100_000)
    assert (result.band_rank, str(result.rounded)) == (rank, rounded)


@pytest.mark.parametrize(("good", "rounded"), [(1, "0.0000"), (3, "0.0002"), (5, "0.0002"), (7, "0.0004")])
def test_halves_are_rounded_to_the_even_digit(good: int, rounded: str) -> None:
    instrument = tiny(numbered(PLAIN, 1, weight=good), numbered(PLAIN, 2, weight=2_000_000 - good))

    result = scored(instrument, answer("KL-01", "yes"), answer("KL-02", "no"))

    assert result.value == Fraction(good, 20_000)
    assert result.rounded == Decimal(rounded)


# Sections, N/A and what is missing ------------------------------------------------------------------------------------


def test_a_score_is_the_sections_by_their_weights() -> None:
    """KL-A: 3 of 5 answered points. KL-B: 0.6667 of what was answered. The other sections stay out."""
    result = scored(KL, answer("KL-01", "yes"), answer("KL-03", "no"), answer("KL-11", "yes"), answer("KL-12", "no"))
    legal, board = result.sections[0], result.sections[1]
    weights = {each.item.id: each.item.weight for each in board.items}
    expected = Fraction(100 * weights["KL-11"], weights["KL-11"] + weights["KL-12"])

    assert (legal.value, board.value) == (Fraction(60), expected)
    assert result.value == (60 * 20 + expected * 20) / 40
    assert [section.value for section in result.sections[2:]] == [None] * 5
    assert [section.share for section in result.sections[2:]] == [None] * 5


def test_a_section_keeps_its_weight_however_little_of_it_is_answered() -> None:
    without = scored(KL, answer("KL-01", "yes"), answer("KL-11", "no"))
    with_more = scored(KL, answer("KL-01", "yes"), answer("KL-02", "yes"), answer("KL-11", "no"))

    assert without.value == with_more.value == 50


@pytest.mark.parametrize(
    ("asked", "answered", "provisional"),
    [(10, 9, False), (10, 8, True), (19, 17, True), (20, 18, False), (1, 0, True), (44, 39, True), (44, 40, False)],
)
def test_a_score_is_provisional_below_nine_in_ten(asked: int, answered: int, provisional: bool) -> None:
    items = items_of(asked)

    result = scored(tiny(*items), *(answer(each.id, "yes") for each in items[:answered]))

    assert (result.answered, result.applicable) == (answered, asked)
    assert (result.is_provisional, result.is_complete) == (provisional, not provisional)


def test_not_applicable_is_neither_answered_nor_applicable() -> None:
    allowed = item("KL-05")
    items = [numbered(allowed, 1), *[numbered(PLAIN, number) for number in range(2, 11)]]

    result = scored(tiny(*items), answer("KL-01", "na"), *(answer(each.id, "yes") for each in items[1:9]))

    assert (result.answered, result.applicable, result.is_provisional) == (8, 9, True)
    assert by_id(result)["KL-01"].state is ItemState.NA


def test_unanswered_items_are_neither_a_no_nor_not_applicable() -> None:
    result = scored(KL, answer("KL-01", "yes"))

    assert (result.value, result.answered, result.applicable) == (Fraction(100), 1, 44)
    assert by_id(result)["KL-02"].state is ItemState.UNANSWERED


def test_with_nothing_answered_there_is_no_score_and_no_band() -> None:
    result = scored(KL)

    assert (result.value, result.rounded, result.band, result.band_rank) == (None, None, None, None)
    assert (result.answered, result.is_provisional, result.is_capped) == (0, True, False)


def test_with_nothing_applicable_a_score_is_complete_and_empty() -> None:
    everything_na = scored(tiny(item("KL-05")), answer("KL-05", "na"))
    too_early = scored(UK, stage=1)

    for result in (everything_na, too_early):
        assert (result.value, result.band, result.applicable) == (None, None, 0)
        assert result.is_complete


def test_items_of_a_later_stage_are_hidden_and_count_for_nothing() -> None:
    late = answer("KL-40", "0")

    now, later = scored(KL, answer("KL-01", "yes"), late, stage=1), scored(KL, answer("KL-01", "yes"), late, stage=2)

    assert (now.value, now.applicable, by_id(now)["KL-40"].state) == (Fraction(100), 39, ItemState.HIDDEN)
    assert (later.applicable, by_id(later)["KL-40"].state) == (44, ItemState.ANSWERED)
    assert later.value is not None
    assert later.value < 100


def test_an_instrument_of_a_later_stage_hides_all_its_items() -> None:
    result = score(replace(KL, applies_from_stage=2), full(KL), stage=1, facts=FACTS)

    assert {each.state for each in by_id(result).values()} == {ItemState.HIDDEN}
    assert (result.value, result.applicable, result.critical_unmet) == (None, 0, ())


def test_the_best_answers_make_a_hundred() -> None:
    for instrument in INSTRUMENTS:
        result = score(instrument, full(instrument), stage=3, facts=FACTS)
        assert (result.value, result.band_rank, result.critical_unmet) == (Fraction(100), 0, ())


def test_the_best_claims_make_no_more_than_the_third_band() -> None:
    for instrument in INSTRUMENTS:
        result = score(instrument, full(instrument, Proof.CLAIM), stage=3, facts=FACTS)
        assert result.band_rank == 2
        assert len(result.critical_unmet) == sum(each.is_critical for each in instrument.items)


def test_answers_to_other_instruments_may_be_among_them() -> None:
    assert score(KL, full(KL) | full(TK), stage=3, facts=FACTS) == score(KL, full(KL), stage=3, facts=FACTS)


# What holds for all answers -------------------------------------------------------------------------------------------

SETS = st.builds(
    lambda instrument, seed: (instrument, random_answers(instrument, random.Random(seed))),
    st.sampled_from(INSTRUMENTS),
    st.integers(0, 2**32),
)
STAGES = st.integers(1, 3)
AnswerSet = tuple[Instrument, dict[str, Answer]]


def with_answer(answers: Mapping[str, Answer], changed: Answer) -> dict[str, Answer]:
    return {**answers, changed.item_id: changed}


@UNHURRIED
@given(drawn=SETS, stage=STAGES)
def test_a_score_lies_between_0_and_100_and_is_explained_by_its_items(drawn: AnswerSet, stage: int) -> None:
    result = score(*drawn, stage=stage, facts=FACTS)

    total, weight = Fraction(), 0
    for section in result.sections:
        counted = [(each.counted, each.item.weight) for each in section.items if each.counted is not None]
        if counted:
            points = sum(Fraction(value, 10_000) * each for value, each in counted)
            assert section.value == 100 * points / sum(each for _, each in counted)
            total += section.value * section.section.weight
            weight += section.section.weight
    if result.value is None:
        assert (result.band, result.rounded, weight) == (None, None, 0)
    else:
        assert 0 <= result.value <= 100
        assert result.value == total / weight
        assert result.value == sum(section.share for section in result.sections if section.share is not None)


@UNHURRIED
@given(drawn=SETS, stage=STAGES)
def test_every_item_is_in_one_state_and_the_states_add_up(drawn: AnswerSet, stage: int) -> None:
    result = score(*drawn, stage=stage, facts=FACTS)
    states = [each.state for each in by_id(result).values()]

    assert len(states) == len(drawn[0].items)
    assert result.answered == states.count(ItemState.ANSWERED)
    assert result.applicable == result.answered + states.count(ItemState.UNANSWERED)
    for each in by_id(result).values():
        assert (each.value is None) == (each.counted is None) == (each.state is not ItemState.ANSWERED)


@UNHURRIED
@given(drawn=SETS, stage=STAGES)
def test_an_unproven_critical_item_counts_nothing(drawn: AnswerSet, stage: int) -> None:
    result = score(*drawn, stage=stage, facts=FACTS)

    for each in by_id(result).values():
        if each.is_unproven:
            assert each.counted == (0 if each.item.is_critical else each.value)
        else:
            assert each.counted == each.value
        assert each.is_critical_unmet == (each.item.id in result.critical_unmet)


@UNHURRIED
@given(drawn=SETS, stage=STAGES)
def test_a_band_is_the_best_reached_or_the_third_under_a_cap(drawn: AnswerSet, stage: int) -> None:
    result = score(*drawn, stage=stage, facts=FACTS)

    if result.value is not None:
        reached = [Fraction(band.minimum) <= result.value for band in drawn[0].bands].index(True)
        assert result.band_rank == (max(reached, 2) if result.critical_unmet else reached)
        assert result.is_capped == (result.band_rank != reached)
        assert result.band is drawn[0].bands[result.band_rank]


@UNHURRIED
@given(drawn=SETS, stage=STAGES, seed=st.integers(0, 2**32))
def test_the_order_of_answers_never_matters(drawn: AnswerSet, stage: int, seed: int) -> None:
    instrument, answers = drawn
    shuffled = list(answers.items())
    random.Random(seed).shuffle(shuffled)

    assert score(instrument, dict(shuffled), stage=stage, facts=FACTS) == score(
        instrument, answers, stage=stage, facts=FACTS
    )


@UNHURRIED
@given(drawn=SETS, stage=STAGES, seed=st.integers(0, 2**32))
def test_the_order_of_items_and_sections_never_matters(drawn: AnswerSet, stage: int, seed: int) -> None:
    instrument, answers = drawn
    chance = random.Random(seed)
    sections = [replace(each, items=tuple(chance.sample(each.items, len(each.items)))) for each in instrument.sections]
    chance.shuffle(sections)

    shuffled = score(replace(instrument, sections=tuple(sections)), answers, stage=stage, facts=FACTS)

    result = score(instrument, answers, stage=stage, facts=FACTS)
    assert (shuffled.value, shuffled.band, shuffled.answered) == (result.value, result.band, result.answered)
    assert set(shuffled.critical_unmet) == set(result.critical_unmet)


@UNHURRIED
@given(drawn=SETS, stage=STAGES, data=st.data())
def test_not_applicable_changes_nothing_but_leaving_the_item_out(
    drawn: AnswerSet, stage: int, data: st.DataObject
) -> None:
    instrument, answers = drawn
    left_out = data.draw(st.sampled_from([each for each in instrument.items if each.na_allowed]))
    without = {item_id: each for item_id, each in answers.items() if item_id != left_out.id}

    as_na = score(instrument, with_answer(answers, answer(left_out.id, "na")), stage=stage, facts=FACTS)
    unanswered = score(instrument, without, stage=stage, facts=FACTS)

    assert (as_na.value, as_na.band_rank, as_na.answered) == (
        unanswered.value,
        unanswered.band_rank,
        unanswered.answered,
    )
    assert [section.value for section in as_na.sections] == [section.value for section in unanswered.sections]
    assert unanswered.applicable - as_na.applicable == instrument.asks(left_out, stage)


@UNHURRIED
@given(drawn=SETS, stage=STAGES, data=st.data())
def test_a_better_proven_answer_never_lowers_the_score(drawn: AnswerSet, stage: int, data: st.DataObject) -> None:
    instrument, answers = drawn
    changed = data.draw(st.sampled_from(instrument.items))
    values = [value for value in values_of(changed) if value != "na"]
    worse, better = sorted(
        data.draw(st.tuples(*[st.sampled_from(values)] * 2)), key=lambda value: worth(changed, value)
    )

    low = score(instrument, with_answer(answers, answer(changed.id, worse)), stage=stage, facts=FACTS)
    high = score(instrument, with_answer(answers, answer(changed.id, better)), stage=stage, facts=FACTS)

    assert (low.value or 0) <= (high.value or 0)
    assert set(high.critical_unmet) <= set(low.critical_unmet)
    assert low.band_rank is None or high.band_rank is None or high.band_rank <= low.band_rank


@UNHURRIED
@given(drawn=SETS, stage=STAGES, data=st.data())
def test_a_proof_never_lowers_the_score(drawn: AnswerSet, stage: int, data: st.DataObject) -> None:
    instrument, answers = drawn
    changed = data.draw(st.sampled_from(instrument.items))
    value = data.draw(st.sampled_from(values_of(changed)))

    claimed = score(instrument, with_answer(answers, answer(changed.id, value, Proof.CLAIM)), stage=stage, facts=FACTS)
    proven = score(instrument, with_answer(answers, answer(changed.id, value, Proof.PHOTO)), stage=stage, facts=FACTS)

    assert (claimed.value or 0) <= (proven.value or 0)


@UNHURRIED
@given(drawn=SETS, stage=STAGES)
def test_answers_to_hidden_items_change_nothing(drawn: AnswerSet, stage: int) -> None:
    instrument, answers = drawn
    shown = {item_id: each for item_id, each in answers.items() if instrument.asks(instrument.item(item_id), stage)}

    result, expected = (score(instrument, each, stage=stage, facts=FACTS) for each in (answers, shown))

    assert (result.value, result.band, result.applicable) == (expected.value, expected.band, expected.applicable)
    assert result.critical_unmet == expected.critical_unmet


@UNHURRIED
@given(drawn=SETS, stage=STAGES)
def test_the_rounded_score_is_within_half_a_ten_thousandth(drawn: AnswerSet, stage: int) -> None:
    result = score(*drawn, stage=stage, facts=FACTS)

    if result.value is not None:
        assert result.rounded is not None
        assert abs(Fraction(result.rounded) - result.value) <= Fraction(1, 20_000)
        assert result.rounded.as_tuple().exponent == -4
