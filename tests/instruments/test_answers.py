"""Reading answers: what a form and a tablet may send, every way it can be wrong, and that nothing typed gets lost."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.answers import (
    NO_FACTS,
    Answer,
    AnswerFault,
    AnswerFaultCode,
    Facts,
    answer_value,
    is_poor,
    read_answers,
)
from pendamping.instruments.definition import Item, Proof
from tests.instruments.cases import FACTS, INSTRUMENTS, KL, TODAY, UK, UNHURRIED, answer, item, tiny, values_of

Code = AnswerFaultCode


def read(
    raw: object, *, stage: int = 3, facts: Facts = FACTS, on: dt.date = TODAY
) -> tuple[tuple[Answer, ...], tuple[AnswerFault, ...]]:
    return read_answers(raw, INSTRUMENTS, stage=stage, on=on, facts=facts)


def entry(value: object, proof: object = "dokumen_dilihat", note: object = "") -> dict[str, object]:
    return {"value": value, "proof": proof, "note": note}


def half_percent() -> Item:
    """KL-22, but asked with one decimal."""
    asked = item("KL-22")
    assert asked.number is not None
    return replace(asked, number=replace(asked.number, decimals=1))


# What is read ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item_id", "value", "read_as"),
    [
        ("KL-01", "yes", "yes"),
        ("KL-01", " no\n", "no"),
        ("KL-05", "2", "2"),
        ("KL-05", 0, "0"),
        ("KL-05", 3.0, "3"),
        ("KL-22", "12", "12"),
        ("KL-22", "+012", "12"),
        ("KL-22", "-0", "0"),
        ("KL-22", 40, "40"),
        ("KL-22", 40.0, "40"),
        ("KL-23", "-3", "-3"),
        ("KL-23", "-0", "0"),
        ("KL-23", -3, "-3"),
        ("TK-13", "1000000000", "1000000000"),
        ("KL-29", "2026-03-31", "2026-03-31"),
        ("KL-29", "1990-01-01", "1990-01-01"),
        ("KL-29", "not_done", "not_done"),
        ("KL-31", "accepted", "accepted"),
        ("KL-31", "missing", "missing"),
    ],
)
def test_a_value_is_read_into_its_one_spelling(item_id: str, value: object, read_as: str) -> None:
    answers, faults = read({item_id: entry(value)})

    assert faults == ()
    assert answers == (answer(item_id, read_as),)


@pytest.mark.parametrize(
    ("value", "read_as"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("12", "12"), (12.5, "12.5"), ("12,0", "12"), (1e2, "100")],
)
def test_a_comma_is_as_good_as_a_point(value: object, read_as: str) -> None:
    answers, faults = read_answers({"KL-22": entry(value)}, [tiny(half_percent())], stage=1, on=TODAY, facts=NO_FACTS)

    assert (answers, faults) == ((answer("KL-22", read_as),), ())


def test_not_applicable_is_an_answer_where_it_is_allowed_and_has_a_reason() -> None:
    answers, faults = read({"KL-05": entry("na", "", "Belum ada usaha")})

    assert faults == ()
    assert answers == (Answer("KL-05", "na", Proof.CLAIM, "Belum ada usaha"),)


@pytest.mark.parametrize("proof", ["", None, "  ", "klaim"])
def test_without_a_proof_an_answer_is_a_claim(proof: object) -> None:
    answers, _ = read({"KL-01": entry("yes", proof), "KL-02": {"value": "yes"}})

    assert [each.proof for each in answers] == [Proof.CLAIM, Proof.CLAIM]


@pytest.mark.parametrize("proof", list(Proof))
def test_every_proof_is_read(proof: Proof) -> None:
    answers, _ = read({"KL-01": entry("yes", proof.value)})

    assert answers[0].proof is proof


@pytest.mark.parametrize("value", ["", "  ", "\x00", None])
def test_an_item_without_a_value_is_untouched_even_with_a_proof_tapped(value: object) -> None:
    raw = {"KL-01": entry(value), "KL-99": entry(value), "KL-40": entry(value), "KL-02": {}, "KL-03": None}

    assert read(raw, stage=1) == ((), ())


def test_answers_come_in_the_order_of_the_instruments() -> None:
    raw = {"UK-01": entry("1"), "TK-01": entry("1"), "KL-03": entry("yes"), "KL-01": entry("yes")}

    answers, _ = read(raw)

    assert [each.item_id for each in answers] == ["KL-01", "KL-03", "TK-01", "UK-01"]


def test_a_note_keeps_its_lines_and_loses_what_nobody_typed() -> None:
    answers, _ = read({"KL-01": entry("yes", note=" satu\r\ndua\ttiga\x00\x1b[2J\ud800 é 🙂 \n")})

    assert answers[0].note == "satu\ndua tiga[2J é 🙂"


def test_a_note_may_have_a_thousand_characters() -> None:
    answers, faults = read({"KL-01": entry("yes", note="x" * 1_000)})

    assert (len(answers[0].note), faults) == (1_000, ())


def test_a_date_may_be_the_day_of_the_visit() -> None:
    answers, faults = read({"KL-29": entry(TODAY.isoformat())})

    assert (len(answers), faults) == (1, ())


@pytest.mark.parametrize("value", ["not_done", "na"])
def test_what_is_not_a_date_needs_no_fact(value: str) -> None:
    answers, faults = read({"KL-29": entry(value, note="Tahun buku pertama")}, facts=NO_FACTS)

    assert (len(answers), faults) == (1, ())


# What is refused ------------------------------------------------------------------------------------------------------

FAULTS: list[tuple[str, object, str, AnswerFaultCode, dict[str, str]]] = [
    ("KL-99", entry("yes"), "item", Code.UNKNOWN_ITEM, {}),
    ("KL-99", entry("", note="catatan"), "item", Code.UNKNOWN_ITEM, {}),
    ("KL-01", "yes", "item", Code.MALFORMED, {}),
    ("KL-01", ["yes"], "item", Code.MALFORMED, {}),
    ("KL-01", True, "item", Code.MALFORMED, {}),
    ("KL-01", entry("maybe"), "value", Code.NOT_A_CHOICE, {}),
    ("KL-01", entry("Yes"), "value", Code.NOT_A_CHOICE, {}),
    ("KL-01", entry(True), "value", Code.NOT_A_CHOICE, {}),
    ("KL-01", entry(1), "value", Code.NOT_A_CHOICE, {}),
    ("KL-01", entry(["yes"]), "value", Code.NOT_A_CHOICE, {}),
    ("KL-01", entry({"yes": 1}), "value", Code.NOT_A_CHOICE, {}),
    ("KL-05", entry("4"), "value", Code.NOT_A_CHOICE, {}),
    ("KL-05", entry(-1), "value", Code.NOT_A_CHOICE, {}),
    ("KL-05", entry(1.5), "value", Code.NOT_A_CHOICE, {}),
    ("KL-05", entry(True), "value", Code.NOT_A_CHOICE, {}),
    ("KL-05", entry(float("nan")), "value", Code.NOT_A_CHOICE, {}),
    ("KL-31", entry("missing_or_rejected"), "value", Code.NOT_A_CHOICE, {}),
    ("KL-22", entry("abc"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("1.234,5"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("1.000.000"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("1e3"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("NaN"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("Infinity"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("1_000"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("1 000"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("12,"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("\u0661\u0662"), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("9" * 10_000), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry(float("inf")), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry(float("nan")), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry(True), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry([12]), "value", Code.NOT_A_NUMBER, {}),
    ("KL-22", entry("12.5"), "value", Code.TOO_MANY_DECIMALS, {"decimals": "0"}),
    ("KL-22", entry("1.000"), "value", Code.TOO_MANY_DECIMALS, {"decimals": "0"}),
    ("KL-22", entry(12.5), "value", Code.TOO_MANY_DECIMALS, {"decimals": "0"}),
    ("KL-22", entry("-1"), "value", Code.BELOW_MINIMUM, {"minimum": "0"}),
    ("KL-23", entry("-1001"), "value", Code.BELOW_MINIMUM, {"minimum": "-1000"}),
    ("KL-22", entry("501"), "value", Code.ABOVE_MAXIMUM, {"maximum": "500"}),
    ("KL-22", entry("9" * 40), "value", Code.ABOVE_MAXIMUM, {"maximum": "500"}),
    ("KL-22", entry(1e300), "value", Code.ABOVE_MAXIMUM, {"maximum": "500"}),
    ("KL-22", entry(10**10_000), "value", Code.ABOVE_MAXIMUM, {"maximum": "500"}),
    ("TK-13", entry("1000000001"), "value", Code.ABOVE_MAXIMUM, {"maximum": "1000000000"}),
    ("KL-29", entry("31-03-2026"), "value", Code.NOT_A_DATE, {}),
    ("KL-29", entry("20260331"), "value", Code.NOT_A_DATE, {}),
    ("KL-29", entry("2026-W14-2"), "value", Code.NOT_A_DATE, {}),
    ("KL-29", entry("2026-02-30"), "value", Code.NOT_A_DATE, {}),
    ("KL-29", entry("0000-01-01"), "value", Code.NOT_A_DATE, {}),
    ("KL-29", entry(20260331), "value", Code.NOT_A_DATE, {}),
    ("KL-29", entry("2026-04-15"), "value", Code.DATE_IN_FUTURE, {"latest": "2026-04-14"}),
    ("KL-29", entry("1989-12-31"), "value", Code.DATE_TOO_EARLY, {"earliest": "1990-01-01"}),
    ("KL-01", entry("na", note="Belum"), "value", Code.NA_NOT_ALLOWED, {}),
    ("KL-22", entry("na", note="Belum"), "value", Code.NA_NOT_ALLOWED, {}),
    ("KL-05", entry("na"), "note", Code.NA_WITHOUT_REASON, {}),
    ("KL-05", entry("na", note=" \n\x00"), "note", Code.NA_WITHOUT_REASON, {}),
    ("KL-01", entry("yes", note="x" * 1_001), "note", Code.NOTE_TOO_LONG, {"maximum": "1000"}),
    ("KL-01", entry("yes", note=["x"]), "note", Code.MALFORMED, {}),
    ("KL-01", entry("", note="Ditunda"), "value", Code.NOTE_WITHOUT_VALUE, {}),
    ("KL-01", {"note": "Ditunda"}, "value", Code.NOTE_WITHOUT_VALUE, {}),
    ("KL-01", entry("yes", "sumpah"), "proof", Code.UNKNOWN_PROOF, {}),
    ("KL-01", entry("yes", ["foto"]), "proof", Code.UNKNOWN_PROOF, {}),
    ("KL-01", entry("yes", False), "proof", Code.UNKNOWN_PROOF, {}),
]


@pytest.mark.parametrize(("item_id", "given_entry", "field", "code", "params"), FAULTS)
def test_what_can_not_be_an_answer_is_a_fault_with_its_reason(
    item_id: str, given_entry: object, field: Any, code: AnswerFaultCode, params: dict[str, str]
) -> None:
    assert read({item_id: given_entry}) == ((), (AnswerFault(item_id, field, code, params),))


def test_every_code_is_met_by_a_test() -> None:
    met = {code for _, _, _, code, _ in FAULTS} | {Code.HIDDEN_ITEM, Code.MISSING_FACT}

    assert met == set(AnswerFaultCode)


@pytest.mark.parametrize("hidden", [entry("3"), entry("", note="catatan")])
def test_an_item_of_a_later_stage_can_not_be_answered(hidden: dict[str, object]) -> None:
    assert read({"KL-40": hidden}, stage=1) == ((), (AnswerFault("KL-40", "item", Code.HIDDEN_ITEM),))


def test_an_instrument_of_a_later_stage_can_not_be_answered() -> None:
    later = replace(KL, applies_from_stage=2)

    _, faults = read_answers({"KL-01": entry("yes")}, [later], stage=1, on=TODAY, facts=FACTS)

    assert faults == (AnswerFault("KL-01", "item", Code.HIDDEN_ITEM),)


@pytest.mark.parametrize(("item_id", "fact"), [("KL-09", "decree_on"), ("KL-29", "book_year_end")])
def test_a_date_needs_the_fact_that_it_counts_from(item_id: str, fact: str) -> None:
    _, faults = read({item_id: entry("2026-03-01")}, facts=NO_FACTS)

    assert faults == (AnswerFault(item_id, "value", Code.MISSING_FACT, {"fact": fact}),)


@pytest.mark.parametrize("raw", [None, [], "KL-01", 7, True])
def test_answers_that_are_no_mapping_are_one_fault(raw: object) -> None:
    assert read(raw) == ((), (AnswerFault("", "item", Code.MALFORMED),))


def test_all_faults_of_an_item_are_named_and_the_good_answers_kept() -> None:
    answers, faults = read({"KL-01": entry("maybe", "sumpah", "x" * 1_001), "KL-02": entry("yes"), 7: entry("yes")})

    assert [(fault.item_id, fault.field, fault.code) for fault in faults] == [
        ("KL-01", "value", Code.NOT_A_CHOICE),
        ("KL-01", "proof", Code.UNKNOWN_PROOF),
        ("KL-01", "note", Code.NOTE_TOO_LONG),
        ("7", "item", Code.UNKNOWN_ITEM),
    ]
    assert answers == (answer("KL-02", "yes"),)


# Whatever is sent -----------------------------------------------------------------------------------------------------

ITEMS = [asked for instrument in INSTRUMENTS for asked in instrument.items]
SPELLED = sorted({value for asked in ITEMS for value in values_of(asked)})
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(SPELLED)
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2)
)
PROOFS = st.one_of(st.sampled_from([*(proof.value for proof in Proof), "", None]), ANYTHING)
ENTRIES = st.one_of(
    st.fixed_dictionaries({"value": SCALARS, "proof": PROOFS, "note": st.text(max_size=5)}),
    st.fixed_dictionaries({}, optional={"value": ANYTHING, "proof": ANYTHING, "note": ANYTHING}),
    ANYTHING,
)
IDS = st.one_of(st.sampled_from([asked.id for asked in ITEMS]), st.sampled_from(["KL-99", ""]))


def is_typed(sent: object) -> bool:
    """Whether somebody entered something there."""
    return sent is not None and not (
        isinstance(sent, Mapping) and is_blank(sent.get("value")) and is_blank(sent.get("note"))
    )


def is_blank(content: object) -> bool:
    return content is None or (
        isinstance(content, str) and not any(letter.isprintable() and letter != " " for letter in content)
    )


@UNHURRIED
@given(raw=st.dictionaries(IDS, ENTRIES, max_size=6), stage=st.integers(1, 3), facts=st.sampled_from([FACTS, NO_FACTS]))
def test_whatever_is_sent_is_an_answer_that_can_be_scored_or_a_fault(
    raw: dict[str, Any], stage: int, facts: Facts
) -> None:
    answers, faults = read(raw, stage=stage, facts=facts)

    for each in answers:
        value = answer_value(item(each.item_id), each, facts)
        assert value is None or 0 <= value <= 10_000
    heard = {each.item_id for each in answers} | {fault.item_id for fault in faults}
    assert heard >= {item_id for item_id, sent in raw.items() if is_typed(sent)}


@UNHURRIED
@given(raw=st.dictionaries(IDS, ENTRIES, max_size=6))
def test_reading_what_was_read_changes_nothing(raw: dict[str, Any]) -> None:
    answers, _ = read(raw)

    again, faults = read({each.item_id: entry(each.value, each.proof.value, each.note) for each in answers})

    assert (again, faults) == (answers, ())


@UNHURRIED
@given(number=st.decimals(min_value=-1000, max_value=5000, places=0), comma=st.booleans())
def test_every_number_in_range_is_read_as_it_is(number: Decimal, comma: bool) -> None:
    asked = item("KL-23")
    assert asked.number is not None
    one_decimal = replace(asked, number=replace(asked.number, decimals=1))
    text = f"{number}{',' if comma else '.'}0"

    answers, faults = read_answers({"KL-23": entry(text)}, [tiny(one_decimal)], stage=1, on=TODAY, facts=NO_FACTS)

    assert faults == ()
    assert Decimal(answers[0].value) == number


# Poor answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item_id", "value", "expected"),
    [
        ("KL-01", "no", True),
        ("KL-01", "yes", False),
        ("KL-05", "1", True),
        ("KL-05", "2", False),
        ("KL-05", "na", False),
        ("KL-14", "0", True),
        ("KL-14", "1", False),
        ("TK-02", "7", False),
        ("TK-02", "8", True),
        ("KL-29", "not_done", True),
        ("KL-29", "2026-07-01", True),
        ("KL-29", "2026-06-30", False),
        ("TK-39", "2026-05-01", False),
        ("KL-31", "missing", True),
        ("KL-31", "accepted", False),
    ],
)
def test_an_answer_worth_less_than_a_half_is_poor(item_id: str, value: str, expected: bool) -> None:
    assert is_poor(item(item_id), answer(item_id, value), FACTS) is expected


def test_a_good_claim_is_not_poor_even_where_it_does_not_count() -> None:
    assert not is_poor(item("KL-02"), answer("KL-02", "yes", Proof.CLAIM))


def test_a_date_that_nobody_can_judge_is_not_poor() -> None:
    assert not is_poor(item("KL-29"), answer("KL-29", "2026-07-01"))
    assert is_poor(item("KL-29"), answer("KL-29", "not_done"))


def test_the_business_instrument_is_not_asked_while_a_cooperative_is_being_formed() -> None:
    _, faults = read({asked.id: entry(values_of(asked)[0]) for asked in UK.items}, stage=1)

    assert [fault.code for fault in faults] == [Code.HIDDEN_ITEM] * 25
