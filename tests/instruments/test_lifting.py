"""What would lift a score, worked out by hand, and that it always holds."""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import Band, DateReference, Instrument, Proof
from pendamping.instruments.lifting import Lifts, lifts
from tests.instruments.cases import FACTS, INSTRUMENTS, TODAY, UNHURRIED, answer, item, random_answers, tiny

YES, CLAIM = "yes", Proof.CLAIM
HEAVY = replace(item("KL-01"), weight=3, is_critical=False)
LIGHT = replace(item("KL-02"), weight=1, is_critical=False)
CRITICAL = replace(item("KL-03"), weight=4, is_critical=True)
THREE = tiny(HEAVY, LIGHT, CRITICAL)
DATED = replace(
    next(
        each
        for instrument in INSTRUMENTS
        for each in instrument.items
        if each.date_rule is not None and each.date_rule.reference is DateReference.BOOK_YEAR_END
    ),
    is_critical=False,
    weight=1,
)


def of(*answers: Answer, instrument: Instrument = THREE, lapsed: str = "", facts: Facts = FACTS) -> Lifts:
    assessment = Assessment(
        instrument, {each.item_id: each for each in answers}, 3, facts, lapsed=frozenset(lapsed.split())
    )
    return lifts(assessment, on=TODAY)


def told(found: Lifts) -> list[tuple[str, str, Fraction, bool]]:
    return [(each.item.id, each.shortfall, each.points, each.caps) for each in found.items]


def test_by_hand_each_item_alone_at_its_best() -> None:
    """Weights 3, 1, 4. Now: nothing of 3 and 4 of 7 only claimed: 0. The unanswered one would make it 1 of 8."""
    found = of(answer("KL-01", "no"), answer("KL-03", YES, CLAIM))

    assert told(found) == [
        ("KL-03", "unproven", Fraction(400, 7), True),
        ("KL-01", "poor", Fraction(300, 7), False),
        ("KL-02", "unanswered", Fraction(100, 8), False),
    ]
    assert [each.item.id for each in found.capping] == ["KL-03"]


def test_the_band_that_stands_behind_the_unmet_critical_items_is_named() -> None:
    bands = (Band("a", "A", "A", Decimal(80)), Band("b", "B", "B", Decimal(60)), Band("c", "C", "C", Decimal(0)))
    instrument = tiny(HEAVY, LIGHT, CRITICAL, bands=bands)
    everything = answer("KL-01", YES), answer("KL-02", YES)

    assert of(*everything, answer("KL-03", "no"), instrument=instrument).band_if_met == bands[0]
    assert of(*everything, answer("KL-03", YES), instrument=instrument).band_if_met is None


def test_a_lapsed_proof_and_a_claim_lift_only_where_they_hold_a_score_down() -> None:
    answers = answer("KL-01", YES, CLAIM), answer("KL-02", YES), answer("KL-03", YES)

    assert told(of(*answers, lapsed="KL-02 KL-03")) == [("KL-03", "lapsed", Fraction(50), True)]


def test_nothing_lifts_what_is_full_or_not_scored_at_all() -> None:
    assert of(answer("KL-01", YES), answer("KL-02", YES), answer("KL-03", YES)) == Lifts((), None)
    assert of() == Lifts((), None)


def test_what_does_not_apply_cannot_be_lifted() -> None:
    instrument = tiny(replace(HEAVY, na_allowed=True), LIGHT)

    assert told(of(answer("KL-01", "na"), answer("KL-02", YES), instrument=instrument)) == []


def test_a_date_that_was_late_cannot_be_mended_and_one_not_done_is_held_against_today() -> None:
    instrument = tiny(DATED, LIGHT)
    assert DATED.date_rule is not None
    facts = Facts(FACTS.decree_on, dt.date(2024, 12, 31))
    done_today = DATED.date_rule.value_of(TODAY, dt.date(2024, 12, 31))

    late = of(answer(DATED.id, "2026-03-01"), answer("KL-02", YES), instrument=instrument, facts=facts)
    not_done = of(answer(DATED.id, "not_done"), answer("KL-02", YES), instrument=instrument, facts=facts)

    assert told(late) == []
    gained = Fraction(done_today - DATED.date_rule.not_done_value, 200)
    assert [points for _id, _why, points, _caps in told(not_done)] == ([gained] if gained else [])


def test_a_date_that_nobody_can_judge_is_left_out() -> None:
    assert told(of(answer("KL-02", YES), instrument=tiny(DATED, LIGHT), facts=Facts())) == []


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.code)
@UNHURRIED
@given(seed=st.integers(0, 2**32))
def test_a_lift_is_never_a_loss_and_never_beyond_full_points(instrument: Instrument, seed: int) -> None:
    chance = random.Random(seed)
    answers = random_answers(instrument, chance)
    lapsed = frozenset(item_id for item_id in answers if chance.random() < 0.2)
    assessment = Assessment(instrument, answers, chance.choice([1, 2, 3]), FACTS, lapsed=lapsed)
    score = assessment.score()

    found = lifts(assessment, on=TODAY)

    assert all(each.points >= 0 for each in found.items)
    assert [each.points for each in found.items] == sorted((each.points for each in found.items), reverse=True)
    if score.value is None:
        assert found == Lifts((), None)
        return
    assert {each.item.id for each in found.capping} == set(score.critical_unmet)
    assert all(score.value + each.points <= 100 for each in found.items)
