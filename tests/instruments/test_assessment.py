"""Which earlier answers still count on a day, and how."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.assessment import assessment, still_answers
from pendamping.instruments.definition import Instrument, Proof, ReviewFrequency
from pendamping.instruments.scoring import Score
from tests.instruments.cases import FACTS, KL, answer, item, tiny

MONTHLY = replace(item("KL-01"), is_critical=True, review_frequency=ReviewFrequency.MONTHLY, review_months=())
ONCE = replace(MONTHLY, id="KL-02", is_critical=False, review_frequency=ReviewFrequency.ONCE)
PAIR = tiny(MONTHLY, ONCE)


@dataclass(frozen=True)
class Given:
    answer: Answer
    answered_on: dt.date


def given(item_id: str, value: str, on: dt.date, proof: Proof = Proof.DOCUMENT_SEEN) -> tuple[str, Given]:
    return item_id, Given(answer(item_id, value, proof), on)


def scored(*answers: tuple[str, Given], on: dt.date, instrument: Instrument = PAIR, facts: Facts = FACTS) -> Score:
    return assessment(instrument, dict(answers), stage=3, on=on, facts=facts).score()


def test_a_carried_answer_counts_in_full_until_its_schedule_comes_round() -> None:
    answers = given("KL-01", "yes", dt.date(2026, 3, 10)), given("KL-02", "yes", dt.date(2026, 3, 10))

    score = scored(*answers, on=dt.date(2026, 3, 31))

    assert (score.rounded, score.answered, score.applicable) == (Decimal(100), 2, 2)
    assert score.critical_unmet == ()


def test_from_the_day_it_comes_round_a_critical_answer_is_unproven_and_to_be_asked_again() -> None:
    answers = given("KL-01", "yes", dt.date(2026, 3, 10)), given("KL-02", "yes", dt.date(2026, 3, 10))

    score = scored(*answers, on=dt.date(2026, 4, 1))

    assert (score.critical_unmet, score.answered, score.is_provisional) == (("KL-01",), 1, True)
    lapsed, kept = (each for section in score.sections for each in section.items)
    assert (lapsed.value, lapsed.counted, lapsed.is_unproven, lapsed.is_lapsed) == (10_000, 0, True, True)
    assert (kept.counted, kept.is_lapsed) == (10_000, False)


def test_any_other_lapsed_answer_keeps_its_worth() -> None:
    ordinary = tiny(replace(MONTHLY, is_critical=False), ONCE)
    answers = given("KL-01", "yes", dt.date(2026, 3, 10)), given("KL-02", "yes", dt.date(2026, 3, 10))

    score = scored(*answers, on=dt.date(2026, 4, 1), instrument=ordinary)

    assert (score.rounded, score.answered, score.is_provisional) == (Decimal(100), 1, True)


def test_what_is_asked_once_never_lapses() -> None:
    score = scored(given("KL-02", "yes", dt.date(2020, 1, 5)), on=dt.date(2026, 4, 1), instrument=tiny(ONCE))

    assert (score.answered, score.is_provisional) == (1, False)


def test_not_applicable_leaves_the_denominator_however_old() -> None:
    optional = tiny(replace(MONTHLY, na_allowed=True))

    score = scored(given("KL-01", "na", dt.date(2025, 1, 5)), on=dt.date(2026, 4, 1), instrument=optional)

    assert (score.value, score.applicable, score.critical_unmet) == (None, 0, ())


@pytest.mark.parametrize(("on", "worth"), [(dt.date(2025, 12, 31), 3_000), (dt.date(2026, 1, 2), 3_000)])
def test_a_date_is_judged_by_the_book_year_of_its_own_day(on: dt.date, worth: int) -> None:
    """A general meeting held late in 2025 does not become an early one when the year 2025 ends."""
    facts = Facts(FACTS.decree_on, dt.date(on.year - 1, 12, 31))

    score = scored(
        given("KL-29", "2025-08-15", dt.date(2025, 9, 1)), on=on, instrument=tiny(item("KL-29")), facts=facts
    )

    assert score.sections[0].items[0].value == worth


def test_answers_of_other_instruments_are_left_out() -> None:
    answers = dict([given("TK-01", "2", dt.date(2026, 3, 1)), given("KL-01", "yes", dt.date(2026, 3, 1))])

    assert set(assessment(KL, answers, stage=1, on=dt.date(2026, 3, 2), facts=FACTS).answers) == {"KL-01"}


def test_an_answer_carries_over_to_an_item_that_is_asked_and_judged_alike() -> None:
    asked = item("KL-01")

    assert still_answers(answer("KL-01", "yes"), asked, replace(asked, weight=9, question_id="Ditulis ulang?"))
    assert not still_answers(answer("KL-05", "2"), item("KL-05"), replace(item("KL-05"), levels=("a", "b", "c", "d")))
    number = item("KL-22")
    assert number.number is not None
    moved = replace(number, number=replace(number.number, maximum=Decimal(7)))
    assert not still_answers(answer("KL-22", "5"), number, moved)


def test_not_applicable_carries_over_only_where_it_still_may_be_said() -> None:
    optional = replace(item("KL-05"), na_allowed=True)

    assert still_answers(answer("KL-05", "na"), optional, replace(optional, levels=("a", "b", "c", "d")))
    assert not still_answers(answer("KL-05", "na"), optional, replace(optional, na_allowed=False))
