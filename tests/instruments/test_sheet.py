"""The page scores as the server does: the same answers go through `scoring.js` and through `scoring.score`."""

import datetime as dt
import json
import os
import random
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from pendamping.instruments.answers import NO_FACTS, Answer, answer_value, is_poor
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import GOOD_VALUE, Band, Instrument, Item, Proof, Section
from pendamping.instruments.scoring import Facts, score
from pendamping.instruments.sheet import scoring_sheet
from tests.instruments.cases import FACTS, INSTRUMENTS, KL, TK, UK, answer, item, random_answers, tiny, values_of

CASES = 300
YEAR_BEFORE = Facts(FACTS.decree_on, dt.date(2024, 12, 31))

Json = dict[str, Any]


def sheet_of(
    instrument: Instrument,
    *,
    stage: int = 3,
    carried: Mapping[str, Answer] | None = None,
    facts: Facts = FACTS,
    facts_then: Mapping[str, Facts] | None = None,
    lapsed: Iterable[str] = (),
) -> Json:
    assessment = Assessment(instrument, carried or {}, stage, facts, facts_then or {}, frozenset(lapsed))
    sheet: Json = scoring_sheet([assessment])
    (only,) = sheet["instruments"]
    return dict(only)


def rule_of(item_id: str, facts: Facts = FACTS) -> Json:
    instrument = next(each for each in INSTRUMENTS if item_id in {asked.id for asked in each.items})
    return next(each["rule"] for each in sheet_of(instrument, facts=facts)["items"] if each["id"] == item_id)


# The sheet itself -----------------------------------------------------------------------------------------------------


def test_each_kind_of_item_has_its_rule() -> None:
    assert rule_of("KL-01") == {"kind": "choice", "values": {"yes": 10_000, "no": 0}}
    assert rule_of("KL-05") == {"kind": "choice", "values": {"0": 0, "1": 3333, "2": 6667, "3": 10_000}}
    assert rule_of("KL-31") == {"kind": "choice", "values": {"accepted": 10_000, "missing": 0}}
    assert rule_of("TK-13") == {
        "kind": "number",
        "direction": "at_most",
        "steps": [[0, 10_000], [10_000, 8_000], [100_000, 4_000], [1_000_000_000, 0]],
        "decimals": 0,
        "min": 0,
        "max": 1_000_000_000,
    }


def test_dates_are_resolved_so_that_the_page_needs_no_calendar_rules() -> None:
    assert rule_of("KL-09") == {"kind": "date", "limits": [["2026-07-14", 10_000]], "later": 6_000, "not_done": 0}
    assert rule_of("KL-29") == {
        "kind": "date",
        "limits": [["2026-03-31", 10_000], ["2026-06-30", 7_000]],
        "later": 3_000,
        "not_done": 0,
    }


def test_a_date_that_nobody_can_judge_has_no_limits() -> None:
    assert rule_of("KL-09", NO_FACTS)["limits"] is None


def test_only_items_of_the_stage_are_on_the_sheet() -> None:
    assert [len(sheet_of(each, stage=1)["items"]) for each in INSTRUMENTS] == [39, 31, 0]
    assert [len(sheet_of(each, stage=2)["items"]) for each in INSTRUMENTS] == [44, 40, 20]
    assert [len(sheet_of(each, stage=3)["items"]) for each in INSTRUMENTS] == [44, 40, 25]


def test_sections_bands_and_weights_are_those_of_the_instrument() -> None:
    sheet = sheet_of(UK)

    assert sheet["code"] == "UK"
    assert sheet["sections"][0] == {"code": "UK-A", "weight": 26}
    assert sheet["bands"][0] == {
        "code": "siap_bermitra",
        "minimum": 80,
        "name_id": "Siap bermitra",
        "name_en": "Partnership-ready",
    }
    assert sheet["items"][0] | {"rule": None} == {
        "id": "UK-01",
        "section": "UK-A",
        "weight": 7,
        "critical": True,
        "rule": None,
    }


def test_answers_that_stand_are_carried_if_the_instrument_and_the_stage_ask_them() -> None:
    carried = {each: answer(each, "yes", Proof.PHOTO, "catatan") for each in ("KL-01", "KL-99", "TK-04")}
    carried["KL-40"] = answer("KL-40", "2")

    assert sheet_of(KL, stage=1, carried=carried)["carried"] == {"KL-01": {"value": "yes", "proof": "foto"}}
    assert list(sheet_of(KL, stage=2, carried=carried)["carried"]) == ["KL-01", "KL-40"]


def test_what_has_lapsed_is_marked_and_a_date_keeps_the_worth_of_its_own_day() -> None:
    carried = {"KL-01": answer("KL-01", "yes", Proof.PHOTO), "KL-29": answer("KL-29", "2025-06-30", Proof.PHOTO)}
    then = {"KL-29": Facts(FACTS.decree_on, dt.date(2024, 12, 31))}

    sheet = sheet_of(KL, carried=carried, facts_then=then, lapsed=["KL-01"])

    assert sheet["carried"] == {
        "KL-01": {"value": "yes", "proof": "foto", "lapsed": True},
        "KL-29": {"value": "2025-06-30", "proof": "foto", "worth": 7_000},
    }


def test_the_sheet_is_ready_for_json_with_the_instruments_in_their_order() -> None:
    sheet: Json = scoring_sheet([Assessment(each, {}, 3, FACTS) for each in INSTRUMENTS])

    assert json.loads(json.dumps(sheet)) == sheet
    assert [each["code"] for each in sheet["instruments"]] == ["KL", "TK", "UK"]


# The same in the browser ----------------------------------------------------------------------------------------------

RUN = """
async ({ module, cases }) => {
  const { scoreInstrument, isPoor, isGood } = await import(module);
  return cases.map(({ sheet, answers }) => ({
    score: scoreInstrument(sheet, answers),
    poor: sheet.items.filter((item) => isPoor(item, answers[item.id])).map((item) => item.id),
    good: sheet.items.filter((item) => isGood(item, answers[item.id])).map((item) => item.id),
  }));
}
"""
ON_NODE = f"""
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const input = JSON.parse(Buffer.concat(chunks).toString("utf8"));
process.stdout.write(JSON.stringify(await ({RUN})(input)));
"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run_in_javascript(cases: list[Json]) -> list[Json]:
    """What `scoring.js` makes of each case, in Node or else in a Chromium."""
    script = (resources.files("pendamping") / "static/js/visit/scoring.js").read_bytes()
    given = {"module": f"data:text/javascript;base64,{b64encode(script).decode()}", "cases": cases}
    node, browser = shutil.which("node"), _browser()
    if node is not None:
        return _on_node(node, given)
    if browser is not None:
        return _in_browser(browser, given)
    pytest.fail("scoring.js cannot be run: install Node, or a Chromium (name it in PENDAMPING_CHROMIUM).")


def _browser() -> str | None:
    named = os.environ.get("PENDAMPING_CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _on_node(node: str, given: Json) -> list[Json]:
    command = [node, "--input-type=module", "--eval", ON_NODE]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answered: list[Json] = json.loads(done.stdout)
    return answered


def _in_browser(browser: str, given: Json) -> list[Json]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        answered: list[Json] = chromium.new_page().evaluate(RUN, given)
        chromium.close()
    return answered


# Answers to compare by ------------------------------------------------------------------------------------------------

ODD_BANDS = tuple(
    Band(code, code, code, Decimal(minimum))
    for code, minimum in (("a", "85.5"), ("b", "62.25"), ("c", "33.3333"), ("d", "0"))
)
UNREADABLE = ("", "  ", None, "abc", "1.000", "1.234,5", "1e3", "2026-02-30", "maybe", "9999999999999")


def made_up(chance: random.Random) -> Instrument:
    """An instrument of odd weights, odd bands and numbers with decimals, which none of the shipped ones has."""
    items = chance.sample([asked for each in INSTRUMENTS for asked in each.items], 12)
    parts = [items[:5], items[5:6], items[6:]]
    sections = tuple(
        Section(
            code=f"KL-{code}",
            name_id=code,
            name_en=code,
            weight=chance.randint(1, 60),
            items=tuple(
                replace(
                    finer(asked),
                    section=f"KL-{code}",
                    weight=chance.randint(1, 100),
                    is_critical=chance.random() < 0.5,
                    applies_from_stage=1,
                )
                for asked in part
            ),
        )
        for code, part in zip("ABC", parts, strict=True)
    )
    return Instrument("KL", "1", "Rekaan", "Made up", 1, sections, ODD_BANDS)


def finer(asked: Item) -> Item:
    """The same number, asked with two decimals and edges between whole numbers."""
    if asked.number is None:
        return asked
    first, *inner, last = asked.number.steps
    steps = (first, *((edge + Decimal("0.25"), value) for edge, value in inner), last)
    return replace(asked, number=replace(asked.number, decimals=2, steps=steps))


def typed(asked: Item, each: Answer, chance: random.Random) -> Json:
    """An answer as a page has it: a claim may be unsaid, a number may have a comma or be a number."""
    value: object = each.value
    if asked.number is not None and each.value != "na":
        value = chance.choice([each.value, each.value.replace(".", ","), f" {each.value} ", float(each.value)])
    proof = chance.choice(["", None, "klaim"]) if each.proof is Proof.CLAIM else each.proof.value
    return {"value": value, "proof": proof}


def drawn_case(chance: random.Random) -> tuple[Json, Json]:
    """What the page is given, and what it must make of it."""
    instrument = chance.choice([*INSTRUMENTS, made_up(chance)])
    facts, stage = chance.choice([FACTS, FACTS, NO_FACTS]), chance.choice([1, 2, 3])
    carried, entered = (
        {
            item_id: each
            for item_id, each in random_answers(instrument, chance).items()
            if facts is FACTS or instrument.item(item_id).date_rule is None
        }
        for _ in range(2)
    )
    lapsed = {item_id for item_id in carried if chance.random() < 0.3}
    then = {each.id: YEAR_BEFORE for each in instrument.items if each.date_rule and each.id in carried}
    answers = {item_id: typed(instrument.item(item_id), each, chance) for item_id, each in entered.items()}
    for asked in instrument.items:
        if asked.id not in answers and chance.random() < 0.5:
            answers[asked.id] = {"value": chance.choice(UNREADABLE), "proof": "foto"}
    sheet = sheet_of(instrument, stage=stage, carried=carried, facts=facts, facts_then=then, lapsed=lapsed)
    case = {"sheet": sheet, "answers": answers}
    return case, expected_of(instrument, carried, entered, stage=stage, facts=facts, facts_then=then, lapsed=lapsed)


def expected_of(
    instrument: Instrument,
    carried: Mapping[str, Answer],
    entered: Mapping[str, Answer],
    *,
    stage: int,
    facts: Facts,
    facts_then: Mapping[str, Facts] | None = None,
    lapsed: Iterable[str] = (),
) -> Json:
    """What is entered goes before what is carried, and is valid."""
    result = score(
        instrument,
        {**carried, **entered},
        stage=stage,
        facts=facts,
        facts_then={item_id: then for item_id, then in (facts_then or {}).items() if item_id not in entered},
        lapsed=set(lapsed) - entered.keys(),
    )
    asked = [each for each in instrument.items if instrument.asks(each, stage) and each.id in entered]
    values = {each.id: answer_value(each, entered[each.id], facts) for each in asked}
    return {
        "score": {
            "value": None if result.rounded is None else float(result.rounded),
            "band": result.band and result.band.code,
            "provisional": result.is_provisional,
            "answered": result.answered,
            "applicable": result.applicable,
            "criticalUnmet": list(result.critical_unmet),
        },
        "poor": [each.id for each in asked if is_poor(each, entered[each.id], facts)],
        "good": [item_id for item_id, value in values.items() if value is not None and value >= GOOD_VALUE],
    }


def at_the_edge(good: int, whole: int) -> tuple[Json, Json]:
    """A score of exactly 100 * good / whole."""
    plain = item("KL-01")
    instrument = tiny(replace(plain, weight=good), replace(plain, id="KL-02", weight=whole - good))
    entered = {"KL-01": answer("KL-01", "yes"), "KL-02": answer("KL-02", "no")}
    answers = {item_id: {"value": each.value, "proof": each.proof.value} for item_id, each in entered.items()}
    expected = expected_of(instrument, {}, entered, stage=1, facts=FACTS)
    return {"sheet": sheet_of(instrument), "answers": answers}, expected


EDGES = [
    *((good, 10_000_000) for good in (8_500_000, 8_499_999, 7_000_000, 6_999_999, 5_000_000, 4_999_999, 1)),
    *((good, 2_000_000) for good in (1, 3, 5, 7)),
    *((good, 3) for good in (1, 2)),
]


@pytest.fixture(scope="module")
def compared() -> list[tuple[Json, Json, Json]]:
    """(case, expected, what the page made of it), all in one run of JavaScript."""
    chance = random.Random(20260414)
    pairs = [*(drawn_case(chance) for _ in range(CASES)), *(at_the_edge(good, whole) for good, whole in EDGES)]
    made = run_in_javascript([case for case, _ in pairs])
    return [(case, expected, result) for (case, expected), result in zip(pairs, made, strict=True)]


@pytest.mark.parametrize("part", ["score", "poor", "good"])
def test_the_page_and_the_server_agree(compared: list[tuple[Json, Json, Json]], part: str) -> None:
    for case, expected, result in compared:
        assert result[part] == expected[part], json.dumps(case)


def test_the_cases_reach_every_corner(compared: list[tuple[Json, Json, Json]]) -> None:
    scores = [expected["score"] for _, expected, _ in compared]

    assert {each["provisional"] for each in scores} == {True, False}
    assert {band.code for band in (*KL.bands, *TK.bands, *UK.bands, *ODD_BANDS)} <= {each["band"] for each in scores}
    assert any(each["value"] is None for each in scores)
    assert any(each["criticalUnmet"] for each in scores)


def test_every_value_of_every_item_is_judged_alike() -> None:
    cases, expected = [], []
    for instrument in INSTRUMENTS:
        depth = max(len(values_of(asked)) for asked in instrument.items)
        for turn in range(depth):
            entered = {
                asked.id: answer(asked.id, values_of(asked)[turn % len(values_of(asked))]) for asked in instrument.items
            }
            answers = {item_id: {"value": each.value, "proof": each.proof.value} for item_id, each in entered.items()}
            cases.append({"sheet": sheet_of(instrument), "answers": answers})
            expected.append(expected_of(instrument, {}, entered, stage=3, facts=FACTS))

    assert run_in_javascript(cases) == expected
