"""Reading the stages: what ships is sound, every rule of the file is held, and no document can break the reader."""

import contextlib
import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.reading.nodes import InstrumentInvalid
from pendamping.instruments.reading.stages import parse_stages, shipped_stages
from pendamping.instruments.reading.text import read_yaml
from pendamping.instruments.stages import (
    Assessed,
    MinimumScore,
    Operator,
    ReachedStage,
    ScoreOf,
    StageModel,
    Sustained,
    key_of,
)
from tests.instruments.cases import INSTRUMENTS, KL, TK, UNHURRIED, item, yaml_text
from tests.instruments.test_definition import JUNK, mutilate, paths, refusal

ABSENT = object()
TAHAPAN: dict[str, Any] = dict(read_yaml(yaml_text("tahapan")))


def document() -> dict[str, Any]:
    """The shipped document to do with as one likes."""
    return copy.deepcopy(TAHAPAN)


def read(content: object) -> StageModel:
    return parse_stages(content, INSTRUMENTS)  # type: ignore[arg-type]


def faults_of(content: object) -> list[tuple[str, str]]:
    with pytest.raises(InstrumentInvalid) as invalid:
        read(content)
    return [(fault.where, fault.reason) for fault in invalid.value.faults]


def broken_at(path: str, value: object) -> dict[str, Any]:
    """The document with something else, or nothing, at the end of a path such as "stages/0/gate/must_hold/2/item"."""
    broken = document()
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    content: Any = broken
    for step in steps:
        content = content[step]
    if value is ABSENT:
        del content[last]
    else:
        content[last] = value
    return broken


# What ships -----------------------------------------------------------------------------------------------------------


def test_the_shipped_stages_can_be_read() -> None:
    model = shipped_stages(INSTRUMENTS)

    assert (model.code, model.version) == ("TAHAP", "0.3.0")
    assert [(each.order, each.code, each.name_id, each.name_en) for each in model.stages] == [
        (1, "pembentukan", "Pembentukan", "Formation"),
        (2, "operasional", "Operasional", "Operation"),
        (3, "kemitraan", "Kemitraan", "Partnership"),
    ]
    assert [len(each.gate.must_hold) for each in model.stages] == [12, 15, 12]
    assert model.source_confidence == "sure untuk nama tahap"
    assert model == read(document())


def test_conditions_are_read_exactly() -> None:
    outlets, meeting = (shipped_stages(INSTRUMENTS).stages[1].gate.must_hold[position] for position in (0, 3))

    assert (outlets.item, outlets.operator, outlets.wanted) == (item("KL-40"), Operator.AT_LEAST, Decimal(1))
    assert outlets.na_counts_as_unmet
    assert (meeting.item, meeting.operator, meeting.wanted) == (item("KL-29"), Operator.VALUE_AT_LEAST, Decimal("0.3"))
    assert not meeting.na_counts_as_unmet


def test_scores_and_quarters_are_read_exactly() -> None:
    first, _, last = shipped_stages(INSTRUMENTS).stages

    assert first.gate.min_scores == (
        MinimumScore(ScoreOf("KL", "KL-A"), Decimal(70)),
        MinimumScore(ScoreOf("KL", "KL-B"), Decimal(60)),
    )
    assert (first.gate.sustained, last.gate.sustained) == (None, Sustained(2))
    assert first.gate.assessed == (Assessed("KL", 120), Assessed("TK", 120))
    assert (last.gate.outcome_label_id, last.gate.outcome_label_en) == ("Kemitraan mantap", "Partnership established")


def test_designations_are_read_as_they_stand() -> None:
    pilot, _outlet, attention = shipped_stages(INSTRUMENTS).designations

    assert (pilot.code, pilot.name_id, pilot.name_en) == ("percontohan", "Koperasi percontohan", "Pilot cooperative")
    assert pilot.note_id.startswith("Penanda terpisah dari tahap")
    assert (attention.code, attention.name_en) == ("perlu_perhatian", "Needs attention")
    assert attention.criteria is None


def test_what_proposes_a_designation_is_read_as_a_gate_from_a_stage_on() -> None:
    pilot, outlet, _attention = shipped_stages(INSTRUMENTS).designations

    assert pilot.criteria is not None
    assert outlet.criteria is not None
    assert pilot.criteria.stage == ReachedStage(2)
    assert pilot.criteria.gate.must_hold[0].item == item("KL-02")
    assert pilot.criteria.gate.min_scores == (
        MinimumScore(ScoreOf("KL"), Decimal(75)),
        MinimumScore(ScoreOf("TK"), Decimal(70)),
    )
    assert pilot.criteria.gate.assessed == (Assessed("KL"), Assessed("TK"))
    assert [each.item.id for each in outlet.criteria.gate.must_hold][-1] == "UK-17"
    assert [key_of(each) for each in outlet.criteria.requirements] == [
        *("tahap", "KL-40", "KL-41", "KL-43", "KL-44", "TK-05", "UK-12", "UK-15", "UK-17"),
        *("skor:UK", "penilaian:KL", "penilaian:TK", "penilaian:UK"),
    ]


def test_a_designation_without_criteria_is_proposed_by_nothing() -> None:
    model = read(broken_at("designations/0/proposed_when", ABSENT))

    assert model.designations[0].criteria is None


# Every rule of the file -----------------------------------------------------------------------------------------------

MISSING = "wajib diisi"
UNKNOWN = "tidak dikenal atau tidak berlaku di sini"
NOT_TEXT = "harus teks"
NOT_MAPPING = "harus berisi kunci dan isinya"
NOT_PERCENT = "score harus angka di antara 0 dan 100, paling banyak 4 desimal"
NOT_VALUE = "value_at_least harus angka di atas 0 sampai 1, paling banyak 4 desimal"
NOT_LEVEL = "at_least harus angka di atas 0 sampai 3, paling banyak 0 desimal"
NOT_YES = "equals harus 'yes' dalam tanda kutip"
ONE_OPERATOR = "pakai tepat satu: equals, at_least, value_at_least"
NO_ITEM = "butir ini tidak ada"
NOT_BOTH_WAYS = "at_least hanya untuk angka yang makin besar makin baik; pakai value_at_least"

NO_SECTIONS = "gate: sustained hanya untuk skor instrumen, bukan seksi"
PILOT = "penanda percontohan"
NOT_A_STAGE = "proposed_when.stage harus bilangan bulat 1 sampai 3"
FIRST, SECOND, THIRD = "stages/0/gate", "stages/1/gate", "stages/2/gate"
KL_01, KL_20, KL_40 = (f"tahap {place}" for place in ("pembentukan, KL-01", "pembentukan, KL-20", "operasional, KL-40"))
KL_29, KL_25 = (f"tahap operasional, {item_id}" for item_id in ("KL-29", "KL-25"))

BREAKS: list[tuple[str, object, str, str]] = [
    # the document and its head
    ("typo", 1, "berkas", f"typo {UNKNOWN}"),
    ("model", ABSENT, "berkas", f"model {MISSING}"),
    ("model/version", "1" * 21, "model", "version harus teks paling panjang 20 huruf"),
    ("model/code", None, "model", f"code {MISSING}"),
    ("model/validity", 120, "model", f"validity {NOT_TEXT}"),
    ("model/valid", "x", "model", f"valid {UNKNOWN}"),
    ("model/source/confidence", "maybe", "model", "source.confidence harus mulai dengan sure, likely atau unsure"),
    ("model/source/url", "x", "model", f"source.url {UNKNOWN}"),
    ("model/operators/at_most", "paling banyak", "model", f"operators.at_most {UNKNOWN}"),
    ("model/operators/equals", ABSENT, "model", f"operators.equals {MISSING}"),
    # designations
    ("designations", ABSENT, "berkas", f"designations {MISSING}"),
    ("designations/0/note_id", ABSENT, "penanda percontohan", f"note_id {MISSING}"),
    ("designations/0/colour", "red", "penanda percontohan", f"colour {UNKNOWN}"),
    ("designations/0/proposed_when", "ya", PILOT, f"proposed_when {NOT_MAPPING}"),
    ("designations/0/proposed_when/stage", "mandiri", PILOT, NOT_A_STAGE),
    ("designations/0/proposed_when/stage", 4, PILOT, NOT_A_STAGE),
    ("designations/0/proposed_when/stage", ABSENT, PILOT, f"proposed_when.stage {MISSING}"),
    ("designations/0/proposed_when/must_hold", [], PILOT, "proposed_when.must_hold harus daftar yang berisi"),
    ("designations/0/proposed_when/must_hold/0/item", "KL-99", f"{PILOT}, KL-99", NO_ITEM),
    ("designations/0/proposed_when/must_hold/0/item", "UK-09", f"{PILOT}, UK-09", "baru ditanyakan mulai tahap 3"),
    ("designations/0/proposed_when/min_scores/0/score", 101, f"{PILOT}, skor KL", NOT_PERCENT),
    ("designations/0/proposed_when/until", "x", PILOT, f"proposed_when.until {UNKNOWN}"),
    ("designations/0/code", "perlu_perhatian", "berkas", "code penanda perlu_perhatian dipakai 2 kali"),
    ("stages/0/gate/sustained", {"consecutive_quarters": 1}, "tahap pembentukan", NO_SECTIONS),
    # stages
    ("stages", {}, "berkas", "stages harus daftar yang berisi"),
    ("stages/0", "pembentukan", "tahap ke-1", NOT_MAPPING),
    ("stages/0/order", 4, "tahap pembentukan", "order harus bilangan bulat 1 sampai 3"),
    ("stages/1/order", 1, "tahap operasional", "order harus 2: tahap disusun berurutan dari 1"),
    ("stages/1/code", "pembentukan", "berkas", "code tahap pembentukan dipakai 2 kali"),
    ("stages/0/name_en", "", "tahap pembentukan", f"name_en {NOT_TEXT}"),
    ("stages/0/note", "x", "tahap pembentukan", f"note {UNKNOWN}"),
    # gates
    (f"{FIRST}/must_hold/0", "KL-01", "tahap pembentukan, syarat ke-1", NOT_MAPPING),
    (f"{FIRST}/must_hold/0/item", ABSENT, "tahap pembentukan, syarat ke-1", f"item {MISSING}"),
    (f"{FIRST}/typo", 1, "tahap pembentukan", f"gate.typo {UNKNOWN}"),
    (f"{THIRD}/outcome_label_id", 3, "tahap kemitraan", f"gate.outcome_label_id {NOT_TEXT}"),
    (
        *(f"{THIRD}/sustained/consecutive_quarters", 0),
        *("tahap kemitraan", "gate.sustained.consecutive_quarters harus bilangan bulat 1 sampai 12"),
    ),
    (f"{THIRD}/sustained/months", 6, "tahap kemitraan", f"gate.sustained.months {UNKNOWN}"),
    (f"{THIRD}/min_scores", ABSENT, "tahap kemitraan", "gate: sustained perlu min_scores: yang bertahan adalah skor"),
    # items that there are not, or not yet
    (f"{FIRST}/must_hold/0/item", "KL-99", "tahap pembentukan, KL-99", NO_ITEM),
    (f"{FIRST}/must_hold/0/item", "XX-01", "tahap pembentukan, XX-01", "instrumen XX tidak ada"),
    (f"{FIRST}/must_hold/0/item", "KL", "tahap pembentukan, KL", NO_ITEM),
    (f"{FIRST}/must_hold/0/item", "KL-16", "tahap pembentukan, KL-16", "baru ditanyakan mulai tahap 2"),
    (f"{FIRST}/must_hold/0/item", "UK-06", "tahap pembentukan, UK-06", "baru ditanyakan mulai tahap 2"),
    (f"{FIRST}/must_hold/0/item", "KL-11", "tahap pembentukan", "gate: butir KL-11 ada 2 kali pada must_hold"),
    # operators
    (f"{FIRST}/must_hold/0/equals", ABSENT, KL_01, ONE_OPERATOR),
    (f"{FIRST}/must_hold/0/at_least", 1, KL_01, ONE_OPERATOR),
    (f"{FIRST}/must_hold/0/at_most", 1, KL_01, f"at_most {UNKNOWN}"),
    (f"{FIRST}/must_hold/0/equals", True, KL_01, NOT_YES),
    (f"{FIRST}/must_hold/0/equals", "no", KL_01, NOT_YES),
    (f"{FIRST}/must_hold/0/equals", None, KL_01, f"equals {MISSING}"),
    (f"{FIRST}/must_hold/8/at_least", 0, KL_20, NOT_LEVEL),
    (f"{FIRST}/must_hold/8/at_least", 4, KL_20, NOT_LEVEL),
    (f"{FIRST}/must_hold/8/at_least", 1.5, KL_20, NOT_LEVEL),
    (f"{FIRST}/must_hold/8/at_least", "2", KL_20, NOT_LEVEL),
    (
        f"{SECOND}/must_hold/4/at_least",
        101,
        KL_25,
        "at_least harus angka di atas 0 sampai 100, paling banyak 0 desimal",
    ),
    (f"{SECOND}/must_hold/3/value_at_least", 0, KL_29, NOT_VALUE),
    (f"{SECOND}/must_hold/3/value_at_least", 1.01, KL_29, NOT_VALUE),
    (f"{SECOND}/must_hold/3/value_at_least", 0.33333, KL_29, NOT_VALUE),
    (f"{SECOND}/must_hold/0/na_counts_as_unmet", "ya", KL_40, "na_counts_as_unmet harus true atau false"),
    # scores
    (f"{FIRST}/min_scores", [], "tahap pembentukan", "gate.min_scores harus daftar yang berisi"),
    (f"{FIRST}/min_scores/0/score", 100, "tahap pembentukan, skor KL-A", NOT_PERCENT),
    (f"{FIRST}/min_scores/0/score", 0, "tahap pembentukan, skor KL-A", NOT_PERCENT),
    (f"{FIRST}/min_scores/0/score", 70.00001, "tahap pembentukan, skor KL-A", NOT_PERCENT),
    (f"{FIRST}/min_scores/0/band", "siap", "tahap pembentukan, skor KL-A", f"band {UNKNOWN}"),
    (f"{FIRST}/min_scores/0/instrument", ABSENT, "tahap pembentukan, skor KL-A", f"instrument {MISSING}"),
    (f"{FIRST}/min_scores/0/instrument", "XX", "tahap pembentukan, skor KL-A", "instrumen XX tidak ada"),
    (
        *(f"{FIRST}/min_scores/0/instrument", "TK"),
        *("tahap pembentukan, skor KL-A", "seksi ini tidak ada pada instrumen TK"),
    ),
    (f"{FIRST}/min_scores/0/section", "KL-F", "tahap pembentukan, skor KL-F", "belum dinilai pada tahap 1"),
    (f"{FIRST}/min_scores/0/section", "KL-B", "tahap pembentukan", "gate: skor KL-B ada 2 kali pada min_scores"),
    (f"{SECOND}/min_scores/0/instrument", "TK", "tahap operasional", "gate: skor TK ada 2 kali pada min_scores"),
]


@pytest.mark.parametrize(("path", "value", "where", "reason"), BREAKS)
def test_a_document_broken_in_one_place_has_that_one_fault(path: str, value: object, where: str, reason: str) -> None:
    assert faults_of(broken_at(path, value)) == [(where, reason)]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"item": "KL-14", "equals": "yes"}, "equals hanya untuk butir yes_no_na, bukan number"),
        ({"item": "KL-01", "at_least": 1}, "at_least hanya untuk butir scale_0_3 dan number, bukan yes_no_na"),
        ({"item": "KL-31", "at_least": 1}, "at_least hanya untuk butir scale_0_3 dan number, bukan evidence_only"),
        ({"item": "KL-15", "value_at_least": 0.5}, "value_at_least hanya untuk butir number dan date, bukan scale_0_3"),
        ({"item": "TK-02", "at_least": 3}, NOT_BOTH_WAYS),
    ],
)
def test_an_operator_must_fit_its_item(rule: dict[str, object], reason: str) -> None:
    assert faults_of(broken_at(f"{FIRST}/must_hold/0", rule)) == [(f"tahap pembentukan, {rule['item']}", reason)]


@pytest.mark.parametrize(
    ("place", "highest"),
    [(f"{FIRST}/must_hold/8/at_least", 3), (f"{SECOND}/must_hold/4/at_least", 100)],
)
def test_a_gate_may_ask_for_the_highest_there_is(place: str, highest: int) -> None:
    gates = [stage.gate for stage in read(broken_at(place, highest)).stages]

    assert Decimal(highest) in [each.wanted for gate in gates for each in gate.must_hold]


@pytest.mark.parametrize(("least", "is_read"), [(80.5, True), (80.25, False)])
def test_a_least_number_may_have_as_many_decimals_as_its_item(least: float, is_read: bool) -> None:
    assert item("KL-25").number is not None
    finer = replace(item("KL-25"), number=replace(item("KL-25").number, decimals=1))  # type: ignore[type-var]
    sections = tuple(
        replace(section, items=tuple(finer if each.id == finer.id else each for each in section.items))
        for section in KL.sections
    )
    content = broken_at(f"{SECOND}/must_hold/4/at_least", least)

    refused = refusal(lambda: parse_stages(content, [replace(KL, sections=sections), *INSTRUMENTS[1:]]))

    reason = f"{KL_25}: at_least harus angka di atas 0 sampai 100, paling banyak 1 desimal"
    assert ([str(fault) for fault in refused.faults] if refused else []) == ([] if is_read else [reason])


def test_every_critical_item_stands_in_a_gate() -> None:
    broken = document()
    broken["stages"][0]["gate"]["must_hold"][1]["item"] = "KL-06"  # was KL-02

    assert faults_of(broken) == [("KL-02", "butir critical harus ada pada satu gerbang")]


def test_there_are_three_stages() -> None:
    broken = document()
    del broken["stages"][2]

    assert ("berkas", "stages harus tiga, bukan 2") in faults_of(broken)


def test_the_gates_are_read_against_the_instruments_in_force() -> None:
    with pytest.raises(InstrumentInvalid) as invalid:
        shipped_stages([KL, TK])

    assert {fault.reason for fault in invalid.value.faults} == {"instrumen UK tidak ada"}
    assert (
        len(invalid.value.faults) == 7 + 4
    )  # UK-01 and UK-07; UK-09, UK-22, UK-23, UK-14, the score; of the outlets UK-12, 15, 17, the score


def test_every_fault_is_listed_in_one_go() -> None:
    broken = broken_at(f"{FIRST}/must_hold/0/item", "KL-99")
    broken["stages"][1]["gate"]["must_hold"][4]["at_least"] = "80"
    broken["stages"][2]["gate"]["min_scores"][0]["score"] = None
    broken["designations"][2]["name_en"] = 4

    assert [where for where, _ in faults_of(broken)] == [
        "tahap pembentukan, KL-99",
        "tahap operasional, KL-25",
        "tahap kemitraan, skor KL",
        "penanda perlu_perhatian",
    ]


# No document can break the reader -------------------------------------------------------------------------------------

PATHS = list(paths(document()))


@UNHURRIED
@given(content=JUNK)
def test_whatever_is_no_model_is_refused_with_a_reason(content: object) -> None:
    refused = refusal(lambda: read(content))

    assert refused is not None
    assert refused.faults


@UNHURRIED
@given(data=st.data())
def test_a_document_mutilated_anywhere_is_read_or_refused_but_breaks_nothing(data: st.DataObject) -> None:
    content = document()
    for place in data.draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3)):
        kind = data.draw(st.sampled_from(["replace", "replace", "remove", "wrap", "repeat"]))
        with contextlib.suppress(LookupError, TypeError):  # an earlier cut may have taken this place away
            mutilate(content, place, kind, data.draw(JUNK))

    refused = refusal(lambda: read(content))

    if refused is None:
        assert [each.order for each in read(content).stages] == [1, 2, 3]
    else:
        assert all(line.isprintable() for line in str(refused).split("\n"))
