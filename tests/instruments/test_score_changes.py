"""What moved a score: two days worked out with a pencil, and that the steps always add up."""

import datetime as dt
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import Instrument, Proof, Section
from pendamping.instruments.score_changes import Cause, Moves, moves
from tests.instruments.cases import (
    FACTS,
    INSTRUMENTS,
    KL,
    UNHURRIED,
    answer,
    item,
    random_answers,
    tiny,
)

YES, SEEN, CLAIM = "yes", Proof.DOCUMENT_SEEN, Proof.CLAIM
HEAVY = replace(item("KL-01"), weight=3, is_critical=False)
LIGHT = replace(item("KL-02"), weight=1, is_critical=False)
CRITICAL = replace(item("KL-03"), weight=4, is_critical=True)
THREE = tiny(HEAVY, LIGHT, CRITICAL)


def assessment(*answers: Answer, instrument: Instrument = THREE, lapsed: str = "", stage: int = 3) -> Assessment:
    return Assessment(
        instrument, {each.item_id: each for each in answers}, stage, FACTS, lapsed=frozenset(lapsed.split())
    )


def told(found: Moves) -> list[tuple[str, str | None, Fraction]]:
    return [(each.cause, each.item.id if each.item else None, each.points) for each in found.steps]


def test_by_hand_two_answers_that_were_there_on_both_days_are_worth_their_own_weights() -> None:
    """Weights 3, 1 and 4: from 3/8 to 5/8 of a hundred, one item down by 3/8 and one up by 4/8, one up by 1/8."""
    before = assessment(answer("KL-01", YES), answer("KL-02", "no"), answer("KL-03", "no"))
    now = assessment(answer("KL-01", "no"), answer("KL-02", YES), answer("KL-03", YES))

    found = moves(before, now)

    assert found.change == 25
    assert told(found) == [
        ("answer", "KL-01", Fraction(-75, 2)),
        ("answer", "KL-02", Fraction(25, 2)),
        ("answer", "KL-03", Fraction(50)),
    ]
    assert [each.item.id for each in found.by_size if each.item] == ["KL-03", "KL-01", "KL-02"]


def test_by_hand_a_new_answer_is_held_against_the_score_before_it() -> None:
    """From 3 of 3 to 3 of 4 (25 points down) to 7 of 8 (12.5 up)."""
    before = assessment(answer("KL-01", YES))
    now = assessment(answer("KL-01", YES), answer("KL-02", "no"), answer("KL-03", YES))

    assert told(moves(before, now)) == [("answer", "KL-02", Fraction(-25)), ("answer", "KL-03", Fraction(25, 2))]


def test_a_proof_that_lapses_moves_the_score_before_the_answers_do() -> None:
    before = assessment(answer("KL-01", "no"), answer("KL-03", YES))
    now = assessment(answer("KL-01", YES), answer("KL-03", YES), lapsed="KL-03")

    found = moves(before, now)

    assert told(found) == [("lapsed", "KL-03", Fraction(-400, 7)), ("answer", "KL-01", Fraction(300, 7))]
    assert found.change == Fraction(-100, 7)


def test_the_same_answer_proven_again_after_it_had_lapsed_is_a_move_of_its_own() -> None:
    before = assessment(answer("KL-01", "no"), answer("KL-03", YES), lapsed="KL-03")
    now = assessment(answer("KL-01", "no"), answer("KL-03", YES))

    assert told(moves(before, now)) == [("renewed", "KL-03", Fraction(400, 7))]


def test_a_claim_that_is_proven_moves_a_critical_item_and_no_other() -> None:
    before = assessment(answer("KL-01", YES, CLAIM), answer("KL-03", YES, CLAIM))
    now = assessment(answer("KL-01", YES, SEEN), answer("KL-03", YES, SEEN))

    found = moves(before, now)

    assert told(found) == [("answer", "KL-01", Fraction(0)), ("answer", "KL-03", Fraction(400, 7))]
    assert [each.item.id for each in found.by_size if each.item] == ["KL-03"]


def test_another_version_is_one_step_and_what_it_no_longer_asks_falls_out_in_it() -> None:
    heavier = tiny(replace(HEAVY, weight=1), CRITICAL)
    before = assessment(answer("KL-01", YES), answer("KL-02", "no"), answer("KL-03", "no"))
    now = assessment(answer("KL-01", YES), answer("KL-03", YES), instrument=heavier)

    assert told(moves(before, now)) == [("version", None, Fraction(-35, 2)), ("answer", "KL-03", Fraction(80))]


def test_another_stage_is_one_step() -> None:
    later = tiny(HEAVY, replace(LIGHT, applies_from_stage=2))
    answers = answer("KL-01", YES), answer("KL-02", "no")

    before, now = (assessment(*answers, instrument=later, stage=stage) for stage in (1, 2))

    assert told(moves(before, now)) == [("stage", None, Fraction(-25))]


def test_other_dates_of_the_cooperative_are_one_step_and_leave_a_changed_answer_to_itself() -> None:
    dated = next(each for each in KL.items if each.date_rule is not None)
    instrument = tiny(replace(dated, is_critical=False), LIGHT)
    assert dated.date_rule is not None
    late, early = Facts(dt.date(2026, 1, 1), dt.date(2025, 12, 31)), Facts(dt.date(2020, 1, 1), dt.date(2019, 12, 31))
    given_on = answer(dated.id, "2026-01-10")
    before = Assessment(instrument, {dated.id: given_on, "KL-02": answer("KL-02", YES)}, 3, early)
    now = replace(before, facts=late)
    answered = replace(now, answers={**now.answers, dated.id: answer(dated.id, "not_done")})

    assert [cause for cause, *_ in told(moves(before, now))] == ["facts"]
    assert [cause for cause, *_ in told(moves(before, answered))] == ["answer"]


def test_without_a_score_on_either_day_there_is_nothing_to_tell() -> None:
    answered = assessment(answer("KL-01", YES))

    assert (
        moves(assessment(), answered)
        == moves(answered, assessment())
        == moves(assessment(), assessment())
        == Moves(None, ())
    )


def test_while_nothing_is_scored_in_between_the_number_stays_until_the_next_step() -> None:
    """The only answer falls out with the old version, and another item is answered."""
    before = assessment(answer("KL-01", YES), instrument=tiny(HEAVY))
    now = assessment(answer("KL-02", "no"), instrument=tiny(LIGHT))

    assert told(moves(before, now)) == [("version", None, Fraction(0)), ("answer", "KL-02", Fraction(-100))]


def test_a_note_is_no_change() -> None:
    before = assessment(answer("KL-01", YES, note="lama"))

    assert moves(before, assessment(answer("KL-01", YES, note="baru"))).steps == ()


def changed_instrument(instrument: Instrument, chance: random.Random) -> Instrument:
    """Another version: some items gone, some with other weights."""
    sections = tuple(
        Section(
            each.code,
            each.name_id,
            each.name_en,
            each.weight,
            tuple(
                replace(one, weight=chance.choice([one.weight, 1, 5]))
                for one in each.items
                if chance.random() < 0.9 or one is each.items[0]
            ),
        )
        for each in instrument.sections
    )
    return replace(instrument, version="9.9.9", sections=sections)


def random_sitting(instrument: Instrument, answers: dict[str, Answer], chance: random.Random) -> Assessment:
    kept = {each.id: answers[each.id] for each in instrument.items if each.id in answers}
    lapsed = frozenset(item_id for item_id in kept if chance.random() < 0.3)
    return Assessment(instrument, kept, chance.choice([1, 2, 3]), FACTS, lapsed=lapsed)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.code)
@UNHURRIED
@given(seed=st.integers(0, 2**32))
def test_steps_add_up_to_the_change_and_name_only_what_changed(instrument: Instrument, seed: int) -> None:
    chance = random.Random(seed)
    old, new = random_answers(instrument, chance), random_answers(instrument, chance)
    share = chance.choice([0.0, 0.1, 0.5, 1.0])
    mixed = {id_: new.get(id_, each) if chance.random() < share else each for id_, each in old.items()}
    mixed |= {id_: each for id_, each in new.items() if id_ not in old and chance.random() < share}
    asked_now = changed_instrument(instrument, chance) if chance.random() < 0.3 else instrument
    before, now = random_sitting(instrument, old, chance), random_sitting(asked_now, mixed, chance)

    found = moves(before, now)

    first, last = before.score().value, now.score().value
    if first is None or last is None:
        assert found == Moves(None, ())
        return
    assert found.change == last - first == sum((each.points for each in found.steps), Fraction())
    for each in found.steps:
        if each.item is None:
            continue
        id_ = each.item.id
        was, became = before.answers.get(id_), now.answers.get(id_)
        assert asked_now.asks(each.item, now.stage)
        match each.cause:
            case Cause.ANSWER:
                assert was is None or became is None or (was.value, was.proof) != (became.value, became.proof)
            case Cause.LAPSED:
                assert id_ in now.lapsed - before.lapsed
            case Cause.RENEWED:
                assert id_ in before.lapsed - now.lapsed
    named = [each.item.id for each in found.steps if each.item]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.code)
@UNHURRIED
@given(seed=st.integers(0, 2**32))
def test_where_every_item_was_answered_on_both_days_the_order_does_not_matter(
    instrument: Instrument, seed: int
) -> None:
    """Each alone is worth what it is worth in the row."""
    chance = random.Random(seed)
    before, now = (
        {
            each.id: answer(each.id, chance.choice(list(each.choices)), chance.choice(list(Proof)))
            for each in instrument.items
            if each.choices
        }
        for _day in range(2)
    )
    first, last = (Assessment(instrument, answers, 3, FACTS) for answers in (before, now))
    start = first.score().value

    for each in moves(first, last).steps:
        assert each.item is not None
        alone = replace(first, answers={**before, each.item.id: now[each.item.id]}).score().value
        assert alone is not None
        assert start is not None
        assert each.points == alone - start
