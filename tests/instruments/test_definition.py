"""Reading instruments: what ships is sound, every rule of the file is held, and no document can break the reader."""

import contextlib
import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.definition import (
    ActionTemplate,
    DateReference,
    Direction,
    OwnerRole,
    ReviewFrequency,
    UnknownItem,
    Verification,
)
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid
from pendamping.instruments.reading.text import canonical_json, content_hash, read_yaml
from tests.instruments.cases import INSTRUMENTS, KL, NAMES, UK, UNHURRIED, document, item, yaml_text

ABSENT = object()


def faults_of(broken: object) -> list[tuple[str, str]]:
    with pytest.raises(InstrumentInvalid) as invalid:
        parse(broken)  # type: ignore[arg-type]
    assert str(invalid.value) == "\n".join(f"{fault.where}: {fault.reason}" for fault in invalid.value.faults)
    return [(fault.where, fault.reason) for fault in invalid.value.faults]


def broken_at(path: str, value: object) -> dict[str, object]:
    """The document with something else, or nothing, at the end of a path such as "KL-01/action_template/title_id"."""
    broken = document()
    content: Any = broken
    first, *steps = path.split("/")
    if first.startswith("KL-"):
        content = next(row for row in document_items(broken) if row["id"] == first)
    else:
        steps.insert(0, first)
    for step in steps[:-1]:
        content = content[_key(content, step)]
    if value is ABSENT:
        del content[_key(content, steps[-1])]
    else:
        content[_key(content, steps[-1])] = value
    return broken


def document_items(content: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = content["items"]
    return items


def _key(content: object, step: str) -> str | int:
    return int(step) if step.isdigit() and (isinstance(content, list) or int(step) in content) else step  # type: ignore[operator]


# What ships -----------------------------------------------------------------------------------------------------------


def test_the_three_shipped_instruments_can_be_read() -> None:
    assert [(each.code, each.version, len(each.items)) for each in INSTRUMENTS] == [
        ("KL", "0.3.0", 44),
        ("TK", "0.3.0", 40),
        ("UK", "0.3.0", 25),
    ]
    assert [sum(asked.is_critical for asked in each.items) for each in INSTRUMENTS] == [10, 10, 5]
    assert [each.applies_from_stage for each in INSTRUMENTS] == [1, 1, 2]


def test_an_item_is_read_whole() -> None:
    asked = item("KL-05")

    assert (asked.section, asked.label_id, asked.label_en) == ("KL-A", "Kesesuaian KBLI", "KBLI match")
    assert (
        asked.question_en == "How many of the running businesses are covered by the business codes (KBLI) on the NIB?"
    )
    assert asked.levels[0] == "Belum ada usaha berjalan yang tercakup"
    assert dict(asked.choices) == {"0": 0, "1": 3333, "2": 6667, "3": 10_000}
    assert (asked.weight, asked.is_critical, asked.applies_from_stage) == (2, False, 1)
    assert (asked.na_allowed, asked.na_when) == (True, "Belum ada usaha yang berjalan")
    assert (asked.review_frequency, asked.review_months) == (ReviewFrequency.YEARLY, (10,))
    assert asked.verification is Verification.SYSTEM_CHECK
    assert asked.action == ActionTemplate(
        title_id="Tambahkan kode usaha (KBLI) untuk usaha yang sudah berjalan",
        title_en="Add business codes (KBLI) for running businesses",
        default_due_days=asked.action.default_due_days,
        owner_role=OwnerRole.CHAIR,
        done_when_id="Lampiran NIB terbaru memuat kode KBLI semua usaha yang berjalan.",
    )
    assert asked.source_confidence.startswith("sure untuk Juklak")
    assert (asked.number, asked.date_rule) == (None, None)


def test_rules_of_numbers_and_dates_are_read_exactly() -> None:
    advance, annual_meeting, first_meeting = item("TK-13").number, item("KL-29").date_rule, item("KL-09").date_rule

    assert advance is not None
    assert (advance.unit, advance.direction) == ("rupiah", Direction.AT_MOST)
    assert (advance.minimum, advance.maximum, advance.decimals) == (Decimal(0), Decimal(10**9), 0)
    assert [value for _, value in advance.steps] == [10_000, 8_000, 4_000, 0]
    assert [edge for edge, _ in advance.steps] == [Decimal(edge) for edge in (0, 10_000, 100_000, 10**9)]
    assert annual_meeting is not None
    assert (annual_meeting.reference, annual_meeting.within_days) == (DateReference.BOOK_YEAR_END, None)
    assert annual_meeting.deadlines == ((3, 31, 10_000), (6, 30, 7_000))
    assert (annual_meeting.later_value, annual_meeting.not_done_value) == (3_000, 0)
    assert first_meeting is not None
    assert (first_meeting.within_days, first_meeting.within_value, first_meeting.deadlines) == (365, 10_000, ())


def test_bands_stand_best_first() -> None:
    assert [(band.code, band.minimum) for band in UK.bands] == [
        ("siap_bermitra", Decimal(80)),
        ("hampir_siap", Decimal(65)),
        ("perlu_persiapan", Decimal(45)),
        ("belum_siap", Decimal(0)),
    ]


def test_an_item_is_found_by_its_id_and_an_unknown_one_is_named() -> None:
    assert KL.item("KL-05") is item("KL-05")
    with pytest.raises(UnknownItem) as unknown:
        KL.item("TK-05")
    assert unknown.value.item_id == "TK-05"


def test_an_instrument_that_begins_at_a_stage_asks_nothing_before_it() -> None:
    later = parse(document() | {"instrument": {**document()["instrument"], "applies_from_stage": 3}})  # type: ignore[dict-item]

    assert KL.asks(item("KL-01"), 1)
    assert not KL.asks(item("KL-40"), 1)
    assert not any(later.asks(asked, 2) for asked in later.items)
    assert all(later.asks(asked, 3) for asked in later.items)


# Every rule of a file -------------------------------------------------------------------------------------------------

MISSING = "wajib diisi"
UNKNOWN = "tidak dikenal atau tidak berlaku di sini"
NOT_TEXT = "harus teks"
NOT_MAPPING = "harus berisi kunci dan isinya"
NOT_VALUE = "harus angka 0 sampai 1, paling banyak 4 desimal"
NOT_PERCENT = "harus angka 0 sampai 100, paling banyak 4 desimal"
NOT_WEIGHT = "harus bilangan bulat 1 sampai 100"
NOT_STAGE = "harus bilangan bulat 1 sampai 3"
NOT_STEPS = "harus daftar [ambang, nilai 0 sampai 1]"
NOT_DEADLINES = "harus daftar [bulan-hari, nilai], misalnya [03-31, 1.0]"
FALLING = "nilai harus turun dari 1 sampai 0"
ONE_KIND = "pakai tepat satu: within_days_365 atau on_or_before_mm_dd"
NA_WHEN = "na_when harus ada bila na_allowed true, dan hanya bila itu"
OFTEN = "review_months tidak dipakai bila review_frequency"
TYPES = "harus salah satu dari yes_no_na, scale_0_3, number, date, evidence_only"
CHECKS = "harus salah satu dari document_seen, system_check, observation, interview"
FREQUENCIES = "harus salah satu dari sekali, bulanan, triwulanan, semesteran, tahunan"
REFERENCES = "harus salah satu dari tanggal_sk_badan_hukum, akhir_tahun_buku"

BREAKS: list[tuple[str, object, str, str]] = [
    # the document and its head
    ("typo", 1, "berkas", f"typo {UNKNOWN}"),
    ("instrument", ABSENT, "berkas", f"instrument {MISSING}"),
    ("instrument", ["KL"], "berkas", f"instrument {NOT_MAPPING}"),
    ("scoring", "none", "berkas", f"scoring {NOT_MAPPING}"),
    ("instrument/version", 0.2, "instrument", "version harus teks paling panjang 20 huruf"),
    ("instrument/version", "1" * 21, "instrument", "version harus teks paling panjang 20 huruf"),
    ("instrument/title_en", "  ", "instrument", f"title_en {NOT_TEXT}"),
    ("instrument/code", "kl", "instrument", "code harus 2 sampai 8 huruf besar atau angka"),
    ("instrument/applies_from_stage", 4, "instrument", f"applies_from_stage {NOT_STAGE}"),
    ("instrument/applies_from_stag", 2, "instrument", f"applies_from_stag {UNKNOWN}"),
    ("instrument/\x1b[2J", 2, "instrument", f"'\\x1b[2J' {UNKNOWN}"),
    ("instrument/language", ["id"], "instrument", f"language {NOT_TEXT}"),
    ("scoring/rounding", 4, "scoring", f"rounding {NOT_TEXT}"),
    # what answers are worth
    ("scoring/answer_value/evidence_only", ABSENT, "scoring", f"answer_value.evidence_only {MISSING}"),
    ("scoring/answer_value/text", {}, "scoring", f"answer_value.text {UNKNOWN}"),
    ("scoring/answer_value/yes_no_na/no", ABSENT, "scoring", f"answer_value.yes_no_na.no {MISSING}"),
    ("scoring/answer_value/yes_no_na/no", -0.1, "scoring", f"answer_value.yes_no_na.no {NOT_VALUE}"),
    ("scoring/answer_value/yes_no_na/na", 0.0, "scoring", "answer_value.yes_no_na: na tidak bernilai: tulis null"),
    (
        *("scoring/answer_value/yes_no_na", {True: 1.0, False: 0.0}),
        *("scoring", "answer_value.yes_no_na: yes dan no harus ditulis dalam tanda kutip"),
    ),
    (
        *("scoring/answer_value/yes_no_na/yes", 0.5),
        *("scoring", "answer_value.yes_no_na: nilai harus naik dari 0 sampai 1 menurut urutan no, yes"),
    ),
    ("scoring/answer_value/scale_0_3/1", 0.33333, "scoring", f"answer_value.scale_0_3.1 {NOT_VALUE}"),
    ("scoring/answer_value/scale_0_3/4", 1.0, "scoring", f"answer_value.scale_0_3.4 {UNKNOWN}"),
    (
        *("scoring/answer_value/scale_0_3/1", 0.7),
        *("scoring", "answer_value.scale_0_3: nilai harus naik dari 0 sampai 1 menurut urutan 0, 1, 2, 3"),
    ),
    (
        *("scoring/answer_value/scale_0_3/2", 0.4),
        *("scoring", "answer_value.scale_0_3: nilai 0,5 atau lebih hanya untuk 2 dan 3"),
    ),
    # bands
    ("scoring/bands", [], "scoring", "bands harus daftar yang berisi"),
    ("scoring/bands/0", "siap", "pita ke-1", NOT_MAPPING),
    ("scoring/bands/0/min", 101, "pita siap", f"min {NOT_PERCENT}"),
    ("scoring/bands/0/min", 85.00001, "pita siap", f"min {NOT_PERCENT}"),
    ("scoring/bands/0/min", 70, "scoring", "min pita harus turun sampai 0"),
    ("scoring/bands/3/min", 1, "scoring", "min pita harus turun sampai 0"),
    ("scoring/bands/0/name_id", "Cukup Sehat", "pita siap", "name_id tidak boleh memakai kata Sehat"),
    ("scoring/bands/0/code", "belum_siap", "scoring", "code pita berulang"),
    ("scoring/bands/0/code", None, "pita ke-1", f"code {MISSING}"),
    ("scoring/bands/0/color", "red", "pita siap", f"color {UNKNOWN}"),
    # sections
    ("sections", {}, "berkas", "sections harus daftar yang berisi"),
    ("sections/0/name_en", None, "KL-A", f"name_en {MISSING}"),
    ("sections/0/weight", 20.5, "KL-A", f"weight {NOT_WEIGHT}"),
    ("sections/0/note", "x", "KL-A", f"note {UNKNOWN}"),
    ("sections/0/code", ["KL-A"], "seksi ke-1", f"code {NOT_TEXT}"),
    # items
    ("items", None, "berkas", f"items {MISSING}"),
    ("items/0", "KL-01", "butir ke-1", NOT_MAPPING),
    ("items/0/id", None, "butir ke-1", f"id {MISSING}"),
    ("items/0/id", "TK-01", "TK-01", "id harus KL- dan dua angka"),
    ("items/0/id", "KL-02", "KL-02", "id dipakai 2 kali"),
]

ITEM_BREAKS: list[tuple[str, object, str]] = [
    ("KL-01/label_id", "", f"label_id {NOT_TEXT}"),
    ("KL-01/question_id", ["Apakah?"], f"question_id {NOT_TEXT}"),
    ("KL-01/guidance", "\ud800", f"guidance {NOT_TEXT}"),
    ("KL-01/type", "ya_tidak", f"type {TYPES}"),
    ("KL-01/weight", 0, f"weight {NOT_WEIGHT}"),
    ("KL-01/weight", True, f"weight {NOT_WEIGHT}"),
    ("KL-01/critical", "no", "critical harus true atau false"),
    ("KL-01/na_allowed", None, f"na_allowed {MISSING}"),
    ("KL-01/na_when", "Kapan saja", NA_WHEN),
    ("KL-05/na_when", ABSENT, NA_WHEN),
    ("KL-01/applies_from_stage", 0, f"applies_from_stage {NOT_STAGE}"),
    ("KL-01/verification", "phone", f"verification {CHECKS}"),
    ("KL-02/verification", "interview", "butir critical perlu verification selain interview"),
    ("KL-01/levels", {}, f"levels {UNKNOWN}"),
    ("KL-01/weigth", 3, f"weigth {UNKNOWN}"),
    ("KL-01/source", "UU 25/1992", f"source {NOT_MAPPING}"),
    ("KL-01/source/confidence", "maybe", "source.confidence harus mulai dengan sure, likely atau unsure"),
    ("KL-01/source/url", "x", f"source.url {UNKNOWN}"),
    # when an item is asked again
    ("KL-01/review_frequency", "harian", f"review_frequency {FREQUENCIES}"),
    ("KL-01/review_months", [4], f"{OFTEN} sekali"),
    ("KL-40/review_months", [1], f"{OFTEN} bulanan"),
    ("KL-05/review_months", ABSENT, "review_months untuk tahunan harus berjarak 12 bulan, misalnya [1]"),
    ("KL-08/review_months", [4, 9], "review_months untuk semesteran harus berjarak 6 bulan, misalnya [1, 7]"),
    ("KL-22/review_months", [2, 5], "review_months untuk triwulanan harus berjarak 3 bulan, misalnya [1, 4, 7, 10]"),
    # what a poor answer offers
    ("KL-01/action_template", None, f"action_template {MISSING}"),
    ("KL-01/action_template/title_en", 3, f"action_template.title_en {NOT_TEXT}"),
    (
        "KL-01/action_template/default_due_days",
        181,
        "action_template.default_due_days harus bilangan bulat 1 sampai 180",
    ),
    ("KL-01/action_template/cost", 1, f"action_template.cost {UNKNOWN}"),
    # scales
    ("KL-05/levels", ABSENT, f"levels {MISSING}"),
    ("KL-05/levels/3", ABSENT, f"levels.3 {MISSING}"),
    ("KL-05/levels/4", "Lebih", f"levels.4 {UNKNOWN}"),
    ("KL-05/levels", dict(enumerate("abcA")), "levels: keempat tingkat harus berbeda"),
    # numbers
    ("KL-22/unit", ABSENT, f"unit {MISSING}"),
    ("KL-22/max", "500", "max harus angka"),
    ("KL-22/max", 10**12, "max harus angka"),
    ("KL-22/max", float("nan"), "max harus angka"),
    ("KL-22/max", 500.5, "min, max dan ambang paling banyak 0 desimal"),
    ("KL-22/decimals", 3, "decimals harus bilangan bulat 0 sampai 2"),
    ("KL-22/thresholds", ABSENT, f"thresholds {MISSING}"),
    ("KL-22/thresholds/direction", "up", "thresholds.direction harus salah satu dari at_least, at_most"),
    ("KL-22/thresholds/unit", "x", f"thresholds.unit {UNKNOWN}"),
    ("KL-22/thresholds/steps", [[0, 0.0], [10]], f"thresholds.steps {NOT_STEPS}"),
    ("KL-22/thresholds/steps", [[0, 0.0], [10, 1.5]], f"thresholds.steps {NOT_STEPS}"),
    ("KL-22/thresholds/steps", [[0, 0.0], [20, 0.5], [10, 1.0]], "ambang thresholds harus naik, antara min dan max"),
    ("KL-22/thresholds/steps", [[0, 0.0], [501, 1.0]], "ambang thresholds harus naik, antara min dan max"),
    ("KL-22/thresholds/steps", [[1, 0.0], [10, 1.0]], "ambang at_least yang pertama harus sama dengan min"),
    ("KL-22/thresholds/steps", [[0, 0.0], [10, 0.9]], "nilai at_least harus naik dari 0 sampai 1"),
    ("KL-22/thresholds/steps", [[0, 0.0], [1, 0.9], [2, 0.8], [3, 1.0]], "nilai at_least harus naik dari 0 sampai 1"),
    # dates
    ("KL-09/date_rule", [], f"date_rule {NOT_MAPPING}"),
    ("KL-09/date_rule/reference", "hari_ini", f"date_rule.reference {REFERENCES}"),
    ("KL-09/date_rule/on_or_before_mm_dd", [["03-31", 1.0]], f"date_rule: {ONE_KIND}"),
    ("KL-09/date_rule/within_days_365", ABSENT, f"date_rule: {ONE_KIND}"),
    ("KL-09/date_rule/within_days_365", "1", f"date_rule.within_days_365 {NOT_VALUE}"),
    ("KL-09/date_rule/within_days_365", 0.9, f"date_rule: {FALLING}"),
    ("KL-09/date_rule/not_done", 0.1, f"date_rule: {FALLING}"),
    ("KL-09/date_rule/later_but_done", ABSENT, f"date_rule.later_but_done {MISSING}"),
    ("KL-09/date_rule/within_days_30", 1.0, f"date_rule.within_days_30 {UNKNOWN}"),
    ("KL-29/date_rule/later_but_done", 0.8, f"date_rule: {FALLING}"),
    ("KL-29/date_rule/on_or_before_mm_dd/0/0", "06-30", "date_rule: tanggal on_or_before_mm_dd harus naik"),
    ("KL-29/date_rule/on_or_before_mm_dd/0/0", "02-29", f"date_rule.on_or_before_mm_dd {NOT_DEADLINES}"),
    ("KL-29/date_rule/on_or_before_mm_dd/0/0", 331, f"date_rule.on_or_before_mm_dd {NOT_DEADLINES}"),
]


@pytest.mark.parametrize(("path", "value", "where", "reason"), BREAKS)
def test_a_document_broken_in_one_place_has_that_one_fault(path: str, value: object, where: str, reason: str) -> None:
    assert faults_of(broken_at(path, value)) == [(where, reason)]


@pytest.mark.parametrize(("path", "value", "reason"), ITEM_BREAKS)
def test_an_item_broken_in_one_place_has_that_one_fault(path: str, value: object, reason: str) -> None:
    assert faults_of(broken_at(path, value)) == [(path.split("/")[0], reason)]


@pytest.mark.parametrize("key", sorted(document_items(document())[0]))
def test_no_key_of_an_item_may_be_left_out(key: str) -> None:
    broken = document()
    del document_items(broken)[0][key]

    assert [reason for _, reason in faults_of(broken)] == [f"{key} wajib diisi"]


def test_weights_must_add_up_in_every_section_and_over_all() -> None:
    broken = broken_at("KL-01/weight", 4)
    broken["sections"][1]["weight"] = 21  # type: ignore[index]

    assert faults_of(broken) == [
        ("sections", "bobot seksi berjumlah 101, harus 100"),
        ("KL-A", "bobot butir berjumlah 21, bobot seksi 20"),
        ("KL-B", "bobot butir berjumlah 20, bobot seksi 21"),
    ]


def test_an_item_of_an_unknown_section_is_named_and_missed_where_it_belongs() -> None:
    assert faults_of(broken_at("KL-01/section", "KL-Z")) == [
        ("KL-01", "seksi KL-Z tidak ada"),
        ("KL-A", "bobot butir berjumlah 17, bobot seksi 20"),
    ]


def test_two_sections_of_one_code_are_refused() -> None:
    assert ("KL-B", "code seksi dipakai 2 kali") in faults_of(broken_at("sections/0/code", "KL-B"))


def test_an_item_asked_once_can_not_be_not_applicable() -> None:
    broken = broken_at("KL-01/na_allowed", True)
    document_items(broken)[0]["na_when"] = "Kapan saja"

    reason = "butir yang ditanyakan sekali tidak boleh na_allowed: ia tidak akan ditanyakan lagi"
    assert faults_of(broken) == [("KL-01", reason)]


def test_a_number_to_keep_below_must_reach_its_maximum_and_fall() -> None:
    broken = broken_at("KL-22/thresholds/direction", "at_most")

    assert faults_of(broken) == [
        ("KL-22", "ambang at_most yang terakhir harus sama dengan max"),
        ("KL-22", "nilai at_most harus turun dari 1 sampai 0"),
    ]


def test_a_minimum_must_lie_below_the_maximum() -> None:
    assert ("KL-22", "min harus di bawah max") in faults_of(broken_at("KL-22/min", 500))


def test_there_must_be_a_third_band_to_cap_at() -> None:
    broken = document()
    del broken["scoring"]["bands"][:2]  # type: ignore[index]

    assert faults_of(broken) == [("scoring", "bands paling sedikit tiga: butir kritis membatasi pada pita ketiga")]


def test_every_fault_is_listed_in_one_go() -> None:
    broken = broken_at("KL-01/weight", "3")
    items = document_items(broken)
    items[1]["question_en"] = None
    items[4]["levels"] = []
    items[5]["action_template"]["owner_role"] = "satpam"
    del broken["scoring"]["bands"][0]["min"]  # type: ignore[index]

    assert [where for where, _ in faults_of(broken)] == ["KL-01", "KL-02", "KL-05", "KL-06", "pita siap"]


# No document can break the reader -------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(10**30), 1e308]),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["na", "yes", "0", "KL-01", "KL-A", "number", "date", "bulanan", "02-30", "at_most"]),
    st.binary(max_size=3),
    st.dates(),
)
KEYS = st.one_of(
    st.text(max_size=4), st.integers(-1, 4), st.booleans(), st.none(), st.sampled_from(["id", "min", "na"])
)
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)


def paths(content: object, *before: Any) -> Iterator[tuple[Any, ...]]:
    """Every way down into some content."""
    inner = dict(enumerate(content)) if isinstance(content, list) else content
    if isinstance(inner, dict):
        for key, part in inner.items():
            yield (*before, key)
            yield from paths(part, *before, key)


PATHS = {name: list(paths(document(name))) for name in NAMES}


def mutilate(content: Any, path: tuple[Any, ...], kind: str, junk: object) -> None:
    *steps, key = path
    for step in steps:
        content = content[step]
    match kind:
        case "replace":
            content[key] = junk
        case "remove":
            del content[key]
        case "wrap":
            content[key] = [content[key]]
        case "repeat" if isinstance(content, list):
            content.append(copy.deepcopy(content[key]))
        case "repeat":
            content[f"{key}_2"] = copy.deepcopy(content[key])


def refusal(attempt: Callable[[], object]) -> InstrumentInvalid | None:
    """Why something was refused, if it was; any other exception is a fault of the reader."""
    try:
        attempt()
    except InstrumentInvalid as invalid:
        return invalid
    return None


@UNHURRIED
@given(content=JUNK)
def test_whatever_is_no_instrument_is_refused_with_a_reason(content: object) -> None:
    with pytest.raises(InstrumentInvalid) as invalid:
        parse(content)  # type: ignore[arg-type]
    assert invalid.value.faults


@UNHURRIED
@given(data=st.data())
def test_a_document_mutilated_anywhere_is_read_or_refused_but_breaks_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    content = document(name)
    places = data.draw(st.lists(st.sampled_from(PATHS[name]), min_size=1, max_size=3, unique_by=lambda path: path[:3]))
    for place in places:
        kind = data.draw(st.sampled_from(["replace", "replace", "remove", "wrap", "repeat"]))
        with contextlib.suppress(LookupError, TypeError):  # an earlier cut may have taken this place away
            mutilate(content, place, kind, data.draw(JUNK))

    refused = refusal(lambda: parse(content))

    if refused is None:
        assert parse(json.loads(canonical_json(content))) == parse(content)
    else:
        assert refused.faults
        assert all(line.isprintable() for line in str(refused).split("\n"))


# From YAML to JSON and back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_document_and_its_canonical_json_are_the_same_instrument_with_the_same_hash(name: str) -> None:
    from_yaml = read_yaml(yaml_text(name))
    from_json = json.loads(canonical_json(from_yaml))

    assert parse(from_json) == parse(from_yaml)
    assert content_hash(from_json) == content_hash(from_yaml)
    assert len(content_hash(from_yaml)) == 64


def test_layout_order_and_spelling_of_numbers_do_not_change_the_hash() -> None:
    one = read_yaml("a: 1\nb: {x: 0.50, y: [1.0, -0.0]}\n7: teks\n")
    other = read_yaml("'7': 'teks'\nb:\n  y:\n  - 1\n  - 0\n  x: 0.5\na: 1.0 # catatan\n")

    assert canonical_json(one) == '{"7":"teks","a":1,"b":{"x":0.5,"y":[1,0]}}'
    assert content_hash(one) == content_hash(other)


def test_another_content_has_another_hash() -> None:
    assert content_hash({"a": 1}) != content_hash({"a": 2})
    assert content_hash({"a": 1}) != content_hash({"a": "1"})
    assert content_hash({"a": [1, 2]}) != content_hash({"a": [2, 1]})


def test_dates_are_written_as_iso_text_and_letters_as_they_are() -> None:
    assert canonical_json({"d": dt.date(2026, 4, 14), "t": "é"}) == '{"d":"2026-04-14","t":"é"}'


@pytest.mark.parametrize(
    "content",
    [
        {"a": float("nan")},
        {"a": float("inf")},
        {"a": 10**5000},
        {"a": b"x"},
        {"a": {1}},
        {"a": "\ud800"},
        {"\ud800": 1},
    ],
)
def test_what_can_not_stand_in_json_is_refused(content: Mapping[str, object]) -> None:
    with pytest.raises(InstrumentInvalid):
        content_hash(content)


def test_two_keys_that_would_be_one_in_json_are_refused() -> None:
    with pytest.raises(InstrumentInvalid, match="berulang"):
        canonical_json({1: "a", "1": "b"})  # type: ignore[dict-item]


# Reading YAML ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "baris 3, kolom 2", "bukan YAML yang sah (expected ',' or ']', but got ':')"),
        ("a: 1\n  b: 2\n", "baris 2, kolom 4", "bukan YAML yang sah (mapping values are not allowed here)"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "baris 4, kolom 3", "kunci c sudah ada"),
        ("1: a\n'1': b\n", "baris 2, kolom 1", "kunci 1 sudah ada"),
        ("a: &x 1\nb: *x\n", "baris 2, kolom 4", "bukan YAML yang sah (alias seperti *ini tidak dipakai)"),
        ("a: 1\nb: \x07\n", "baris 2, kolom 4", "huruf ini tidak boleh ada dalam YAML"),
        ("a: 1\n---\nb: 2\n", "baris 2, kolom 1", "bukan YAML yang sah (but found another document)"),
        ("a: 2026-02-30\n", "baris 1, kolom 4", "bukan YAML yang sah (day is out of range for month)"),
        ("a: !!int ''\n", "baris 1, kolom 4", "bukan YAML yang sah (string index out of range)"),
        ("", "berkas", "harus berisi kunci dan isinya"),
        ("- a\n", "berkas", "harus berisi kunci dan isinya"),
        ("[" * 500, "berkas", "susunannya terlalu dalam"),
        ("a: '" + "x" * 300_000 + "'", "berkas", "lebih panjang daripada 300000 huruf"),
    ],
)
def test_text_that_is_no_document_is_refused_with_its_place(text: str, where: str, reason: str) -> None:
    with pytest.raises(InstrumentInvalid) as invalid:
        read_yaml(text)
    assert invalid.value.faults == (InstrumentFault(where, reason),)


@pytest.mark.parametrize(
    "tag", ["!!bool x", "!!timestamp x", "!!float x", "!!python/name:os.system", "9" * 5_000, "? [a]"]
)
def test_odd_scalars_are_refused_like_any_other_fault(tag: str) -> None:
    with pytest.raises(InstrumentInvalid, match="baris 1"):
        read_yaml(f"a: {tag}\n")


def test_all_repeated_keys_are_named() -> None:
    with pytest.raises(InstrumentInvalid) as invalid:
        read_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert {fault.where for fault in invalid.value.faults} == {"baris 2, kolom 1", "baris 3, kolom 11"}


@UNHURRIED
@given(text=st.text(alphabet="ab:-[]{}&*!?|>'\"#%@, \n\t0\ud800\x00", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    refused = refusal(lambda: read_yaml(text))

    assert isinstance(read_yaml(text), Mapping) if refused is None else refused.faults
