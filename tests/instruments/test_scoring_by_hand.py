"""Scoring against the hand-worked tables of `hand_worked.py`, and each answer's value against its item's rule."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
import yaml

from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import Instrument, Proof
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.text import read_yaml
from pendamping.instruments.scoring import Facts, MissingFact, Score, score
from tests.instruments.hand_worked import (
    BOOK_YEAR_END,
    CASES,
    CLAIM,
    DECREE_ON,
    GOOD,
    SEEN,
    WORKED,
    Case,
    WorkedExample,
)

FILES = {"KL": "kelembagaan.yaml", "TK": "transparansi_keuangan.yaml", "UK": "usaha_kemitraan.yaml"}
TEXTS = {code: (files("pendamping.instruments") / "files" / name).read_text("utf-8") for code, name in FILES.items()}
RAW: dict[str, dict[str, Any]] = {code: yaml.safe_load(text) for code, text in TEXTS.items()}
FACTS = Facts(decree_on=DECREE_ON, book_year_end=BOOK_YEAR_END)
GOOD_DAY = "2026-01-15"  # within 365 days of the decree and before 31 March 2026

HAND_CASES = [(code, case) for code, cases in CASES.items() for case in cases]

# fmt: off
# One item answered alone, with proof, at stage 3: what it counts, in ten-thousandths.
ITEM_VALUES: dict[str, dict[str, int]] = {
    "KL-01": {"yes": 10000, "no": 0},
    "KL-02": {"yes": 10000, "no": 0},
    "KL-05": {"0": 0, "1": 3333, "2": 6667, "3": 10000},
    "KL-09": {
        DECREE_ON.isoformat(): 10000,
        "2026-07-14": 10000,  # day 365
        "2026-07-15": 6000,
        "not_done": 0,
    },
    "KL-14": {"0": 0, "1": 5000, "2": 10000, "25": 10000},
    "KL-18": {"0": 0, "1": 3000, "2": 3000, "3": 7000, "4": 7000, "5": 10000},
    "KL-20": {"0": 0, "1": 3333, "2": 6667, "3": 10000},
    "KL-22": {"9": 0, "10": 3000, "39": 3000, "40": 6000, "74": 6000, "75": 8500, "99": 8500, "100": 10000,
              "101": 10000},
    "KL-23": {"-1000": 0, "-1": 0, "0": 0, "1": 5000, "19": 5000, "20": 10000},
    "KL-25": {"49": 0, "50": 3000, "79": 3000, "80": 6000, "94": 6000, "95": 8500, "99": 8500, "100": 10000},
    "KL-26": {"0": 0, "1": 6000, "2": 10000},
    "KL-28": {"9": 0, "10": 3000, "29": 3000, "30": 7000, "49": 7000, "50": 10000},
    "KL-29": {
        "2026-03-31": 10000,
        "2026-04-01": 7000,
        "2026-06-30": 7000,
        "2026-07-01": 3000,
        "2027-03-31": 3000,
        "not_done": 0,
    },
    "KL-31": {"accepted": 10000, "missing": 0},
    "KL-40": {"0": 0, "1": 6000, "2": 8500, "3": 10000},
    "TK-02": {"0": 10000, "1": 10000, "2": 8000, "3": 8000, "4": 5000, "7": 5000, "8": 2000, "30": 2000, "31": 0,
              "365": 0},
    "TK-03": {"0": 0, "3": 0, "4": 3000, "6": 3000, "7": 6000, "8": 6000, "9": 8500, "10": 10000},
    "TK-04": {"yes": 10000, "no": 0},
    "TK-07": {"0": 0, "1": 3333, "2": 6667, "3": 10000},
    "TK-13": {"0": 10000, "1": 8000, "10000": 8000, "10001": 4000, "100000": 4000, "100001": 0, "1000000000": 0},
    "TK-21": {"29": 0, "30": 3000, "59": 3000, "60": 6000, "79": 6000, "80": 8500, "94": 8500, "95": 10000},
    "TK-39": {"2026-04-30": 10000, "2026-05-01": 5000, "2027-04-30": 5000, "not_done": 0},
    "UK-06": {"yes": 10000, "no": 0},
    "UK-07": {"0": 0, "1": 3333, "2": 6667, "3": 10000},
    "UK-16": {"0": 0, "7": 0, "8": 4000, "15": 4000, "16": 7000, "21": 7000, "22": 10000, "31": 10000},
    "UK-18": {"24": 0, "25": 3000, "59": 3000, "60": 6000, "89": 6000, "90": 8500, "99": 8500, "100": 10000,
              "500": 10000},
    "UK-19": {"19": 0, "20": 4000, "39": 4000, "40": 7000, "59": 7000, "60": 10000},
    "UK-20": {"0": 0, "1": 4000, "2": 4000, "3": 7000, "4": 7000, "5": 10000},
    "UK-22": {"0": 0, "1": 6000, "2": 8500, "3": 10000, "100": 10000},
}
ITEM_CASES = [(item, value, counted) for item, values in ITEM_VALUES.items() for value, counted in values.items()]
# fmt: on

# Dates against other facts: (item, day, decree, book year's end, counted).
DATE_CASES = [
    pytest.param("KL-09", "2024-07-13", dt.date(2023, 7, 14), None, 10000, id="day 365 of a leap year is the 13th"),
    pytest.param("KL-09", "2024-07-14", dt.date(2023, 7, 14), None, 6000, id="the same day a year on is day 366 there"),
    pytest.param(
        "KL-29", "2027-03-31", None, dt.date(2026, 12, 31), 10000, id="31 March of the next book year's meeting"
    ),
    pytest.param(
        "KL-29", "2027-04-01", None, dt.date(2026, 12, 31), 7000, id="1 April of the next book year's meeting"
    ),
    pytest.param("KL-29", "2025-03-31", None, dt.date(2024, 12, 31), 10000, id="31 March of the book year before"),
    pytest.param("TK-39", "2025-05-01", None, dt.date(2024, 12, 31), 5000, id="1 May of the book year before is late"),
    pytest.param("KL-09", "not_done", None, None, 0, id="not done needs no decree date"),
    pytest.param("KL-29", "not_done", None, None, 0, id="not done needs no book year"),
]


@pytest.mark.parametrize(("code", "case"), HAND_CASES, ids=[f"{code}: {case.claim}" for code, case in HAND_CASES])
def test_score_is_what_the_pencil_says(code: str, case: Case, instruments: dict[str, Instrument]) -> None:
    result = score(instruments[code], answers_of(code, case), stage=case.stage, facts=FACTS)

    assert {s: section_values(result)[s] for s in case.sections} == case.sections
    assert result.value == case.score
    assert result.rounded == (None if case.rounded is None else Decimal(case.rounded))
    assert band_code(result) == case.band
    assert f"{result.answered}/{result.applicable}" == case.answered_of_applicable
    assert (result.is_provisional, result.is_complete) == (case.is_provisional, not case.is_provisional)
    assert result.critical_unmet == tuple(case.unmet.split())


@pytest.mark.parametrize(("item_id", "value", "counted"), ITEM_CASES)
def test_one_answer_counts_what_the_file_says(
    item_id: str, value: str, counted: int, instruments: dict[str, Instrument]
) -> None:
    result = score(instruments[item_id[:2]], {item_id: answer(item_id, value)}, stage=3, facts=FACTS)

    assert counted_of(result, item_id) == ("answered", counted, counted)
    assert result.value == Fraction(counted, 100)
    is_unmet = raw_items(item_id[:2])[item_id]["critical"] and counted < 5000
    assert result.critical_unmet == ((item_id,) if is_unmet else ())


@pytest.mark.parametrize(("item_id", "day", "decree_on", "book_year_end", "counted"), DATE_CASES)
def test_dates_are_measured_from_the_facts(
    item_id: str,
    day: str,
    decree_on: dt.date | None,
    book_year_end: dt.date | None,
    counted: int,
    instruments: dict[str, Instrument],
) -> None:
    facts = Facts(decree_on=decree_on, book_year_end=book_year_end)

    result = score(instruments[item_id[:2]], {item_id: answer(item_id, day)}, stage=2, facts=facts)

    assert counted_of(result, item_id)[2] == counted


@pytest.mark.parametrize(
    ("item_id", "facts"),
    [
        pytest.param(
            "KL-09", Facts(decree_on=None, book_year_end=BOOK_YEAR_END), id="by-laws without the decree's date"
        ),
        pytest.param(
            "KL-29", Facts(decree_on=DECREE_ON, book_year_end=None), id="annual meeting without the book year"
        ),
        pytest.param("TK-39", Facts(decree_on=DECREE_ON, book_year_end=None), id="tax return without the book year"),
    ],
)
def test_a_date_whose_fact_is_missing_is_refused(
    item_id: str, facts: Facts, instruments: dict[str, Instrument]
) -> None:
    with pytest.raises(MissingFact):
        score(instruments[item_id[:2]], {item_id: answer(item_id, GOOD_DAY)}, stage=2, facts=facts)


@pytest.mark.parametrize("value", [None, "na"])
def test_a_missing_fact_no_answer_needs_is_not_missed(value: str | None, instruments: dict[str, Instrument]) -> None:
    given = {"KL-01": answer("KL-01", "yes")} | ({} if value is None else {"KL-29": answer("KL-29", value)})

    result = score(instruments["KL"], given, stage=2, facts=Facts(decree_on=None, book_year_end=None))

    assert result.value == 100


@pytest.mark.parametrize("proof", sorted(proof for proof in Proof if proof != CLAIM))
def test_every_proof_but_a_claim_proves_a_critical_answer(proof: Proof, instruments: dict[str, Instrument]) -> None:
    result = score(instruments["KL"], {"KL-02": Answer("KL-02", "yes", proof, "")}, stage=1, facts=FACTS)

    assert result.value == 100
    assert result.critical_unmet == ()


def test_a_critical_claim_keeps_its_value_and_counts_nothing(instruments: dict[str, Instrument]) -> None:
    given = {"KL-02": answer("KL-02", "yes klaim"), "KL-01": answer("KL-01", "yes klaim")}

    result = score(instruments["KL"], given, stage=1, facts=FACTS)

    assert counted_of(result, "KL-02") == ("answered", 10000, 0)
    assert counted_of(result, "KL-01") == ("answered", 10000, 10000)
    assert result.value == Fraction(50)  # 3 of 3 + 3


def test_items_not_judged_say_why(instruments: dict[str, Instrument]) -> None:
    given = {"KL-05": answer("KL-05", "na"), "KL-40": answer("KL-40", "3")}

    result = score(instruments["KL"], given, stage=1, facts=FACTS)

    assert counted_of(result, "KL-05") == ("na", None, None)
    assert counted_of(result, "KL-40") == ("hidden", None, None)
    assert counted_of(result, "KL-01") == ("unanswered", None, None)


@pytest.mark.parametrize(("value", "counted", "unmet"), [("2026-07-01", 5000, ()), ("2026-07-01 klaim", 0, ("KL-29",))])
def test_exactly_half_is_good(value: str, counted: int, unmet: tuple[str, ...]) -> None:
    """No critical item of ours can count 0.5, so a late annual meeting is given it here."""
    instrument = parse(read_yaml(TEXTS["KL"].replace("later_but_done: 0.3", "later_but_done: 0.5")))

    result = score(instrument, {"KL-29": answer("KL-29", value)}, stage=2, facts=FACTS)

    assert (counted_of(result, "KL-29")[2], result.critical_unmet) == (counted, unmet)


@pytest.mark.parametrize("code", ["KL", "TK", "UK"])
def test_worked_example_scores_as_written(code: str, instruments: dict[str, Instrument]) -> None:
    example: WorkedExample = WORKED[code]
    given = {item: Answer(item, value, Proof(proof), note) for item, (value, proof, note) in example.answers.items()}

    result = score(instruments[code], given, stage=example.stage, facts=FACTS)

    assert result.rounded == example.score
    assert f"{example.score:.1f}".replace(".", ",") == example.shown
    assert result.band is not None
    assert result.band.name_id == example.band_name
    assert result.is_provisional is example.is_provisional
    assert result.critical_unmet == example.critical_unmet
    assert (result.answered, result.applicable) == (example.answered, example.applicable)


@pytest.fixture(scope="module")
def instruments() -> dict[str, Instrument]:
    return {code: parse(read_yaml(text)) for code, text in TEXTS.items()}


def answers_of(code: str, case: Case) -> dict[str, Answer]:
    """The case's answers, last item first: their order must not matter."""
    words = best_answers(code, case.stage) if case.start == GOOD else {}
    words |= dict(changes(code, case.but))
    return {item: answer(item, value) for item, value in reversed(words.items()) if value != "blank"}


def answer(item_id: str, words: str) -> Answer:
    """An answer with proof; "yes klaim" has none, nor has N/A, which has its reason."""
    value, _, proof = words.partition(" ")
    if value == "na":
        return Answer(item_id, value, Proof(CLAIM), "Belum ada.")
    return Answer(item_id, value, Proof(proof or SEEN), "")


def changes(code: str, but: str) -> Iterator[tuple[str, str]]:
    for change in filter(None, map(str.strip, but.split(","))):
        target, value = change.split(" ", 1)
        items = [item for item, raw in raw_items(code).items() if target in (item, raw["section"])]
        assert items, f"no such item or section: {target}"
        yield from ((item, value) for item in items)


def best_answers(code: str, stage: int) -> dict[str, str]:
    return {item: best_value(raw) for item, raw in raw_items(code).items() if raw["applies_from_stage"] <= stage}


def best_value(raw: dict[str, Any]) -> str:
    if raw["type"] == "number":
        return str(next(limit for limit, value in raw["thresholds"]["steps"] if value == 1.0))
    return {"yes_no_na": "yes", "scale_0_3": "3", "date": GOOD_DAY, "evidence_only": "accepted"}[raw["type"]]


def raw_items(code: str) -> dict[str, dict[str, Any]]:
    return {raw["id"]: raw for raw in RAW[code]["items"]}


def section_values(result: Score) -> dict[str, Fraction | None]:
    return {section.section.code: section.value for section in result.sections}


def counted_of(result: Score, item_id: str) -> tuple[str, int | None, int | None]:
    item = next(item for section in result.sections for item in section.items if item.item.id == item_id)
    return str(item.state), item.value, item.counted


def band_code(result: Score) -> str | None:
    return None if result.band is None else result.band.code
