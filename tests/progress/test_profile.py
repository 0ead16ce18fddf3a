"""Sections now and then: the numbers of the pure scoring, laid side by side."""

from decimal import Decimal

from pendamping.instruments.answers import NO_FACTS, Answer
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import Instrument, Proof
from pendamping.progress.profile import SectionRow, sections_of
from tests.instruments.cases import INSTRUMENTS

KL, _TK, UK = INSTRUMENTS
OPERATION = 2


def assessment(instrument: Instrument = KL, stage: int = OPERATION, **values: str) -> Assessment:
    """Answers by item, `KL_01="yes"`, each seen with one's own eyes."""
    answers = {}
    for name, value in values.items():
        item = name.replace("_", "-")
        answers[item] = Answer(item, value, Proof.OBSERVED, "alasan")
    return Assessment(instrument, answers, stage, NO_FACTS)


def row(code: str, now: Assessment, before: Assessment | None = None) -> SectionRow:
    return next(each for each in sections_of(now, before) if each.code == code)


def test_a_section_counts_its_own_answers_alone() -> None:
    now = assessment(KL_01="yes", KL_03="no")

    legal = row("KL-A", now)

    weights = {item.id: item.weight for item in KL.items}
    expected = Decimal(100 * weights["KL-01"]) / (weights["KL-01"] + weights["KL-03"])
    assert legal.now is not None
    assert abs(legal.now - expected) < Decimal("0.000001")
    assert (legal.answered, legal.before, legal.change) == (2, None, None)
    assert row("KL-B", now).now is None


def test_then_and_now_make_a_change() -> None:
    legal = row("KL-A", assessment(KL_01="yes"), assessment(KL_01="no"))

    assert (legal.now, legal.before, legal.change) == (Decimal(100), Decimal(0), Decimal(100))


def test_a_section_that_was_not_scored_then_has_no_change() -> None:
    organisation = row("KL-B", assessment(KL_10="yes"), assessment(KL_01="no"))

    assert (organisation.now, organisation.before, organisation.change) == (Decimal(100), None, None)


def test_an_answer_that_does_not_apply_is_not_counted() -> None:
    legal = row("KL-A", assessment(KL_01="yes", KL_03="na"))

    assert (legal.now, legal.answered) == (Decimal(100), 1)


def test_an_instrument_that_is_not_asked_yet_has_no_sections() -> None:
    assert sections_of(assessment(UK, stage=1), None) == []
    assert [each.code for each in sections_of(assessment(UK, stage=3), None)] == [each.code for each in UK.sections]
