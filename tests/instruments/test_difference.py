"""What changed between two versions: nothing goes unnamed, nothing is named twice, and what answers survive it."""

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendamping.instruments.definition import AnswerType, Instrument, Item, ReviewFrequency
from pendamping.instruments.difference import Change, ChangeKind, Subject, carries_over, difference
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.nodes import InstrumentInvalid
from tests.instruments.cases import INSTRUMENTS, KL, NAMES, TK, UNHURRIED, document

Document = dict[str, Any]


def item_of(content: Document, item_id: str) -> Document:
    return next(each for each in content["items"] if each["id"] == item_id)


def changed(edit: Callable[[Document], object], name: str = "kelembagaan") -> Instrument:
    content: Document = document(name)
    edit(content)
    return parse(content)


def lines(old: Instrument, new: Instrument) -> list[tuple[str, str, str, object, object]]:
    return [(each.kind, each.subject_id, each.what, each.before, each.after) for each in difference(old, new)]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_an_instrument_does_not_differ_from_itself(instrument: Instrument) -> None:
    assert difference(instrument, copy.deepcopy(instrument)) == ()


ITEM_CHANGES: list[tuple[str, str, dict[str, Any], list[tuple[str, object, object]]]] = [
    ("kelembagaan", "KL-01", {"label_id": "Akta"}, [("label_id", "Akta pendirian", "Akta")]),
    ("kelembagaan", "KL-01", {"critical": True}, [("is_critical", False, True)]),
    ("kelembagaan", "KL-05", {"na_allowed": False, "na_when": None}, [
        ("na_allowed", True, False), ("na_when", "Belum ada usaha yang berjalan", None),
    ]),
    ("kelembagaan", "KL-05", {"review_months": [1]}, [("review_months", (10,), (1,))]),
    ("kelembagaan", "KL-05", {"review_frequency": "bulanan", "review_months": None}, [
        ("review_frequency", ReviewFrequency.YEARLY, ReviewFrequency.MONTHLY), ("review_months", (10,), ()),
    ]),
    ("kelembagaan", "KL-09", {"date_rule": {
        "reference": "akhir_tahun_buku", "on_or_before_mm_dd": [["03-31", 1.0]], "later_but_done": 0.6, "not_done": 0,
    }}, [
        ("date_rule.reference", "tanggal_sk_badan_hukum", "akhir_tahun_buku"),
        ("date_rule.within_days", 365, None),
        ("date_rule.within_value", Decimal(1), None),
        ("date_rule.deadlines", (), ((3, 31, Decimal(1)),)),
    ]),
    ("transparansi_keuangan", "TK-13", {"unit": "Rp", "thresholds": {
        "direction": "at_most", "steps": [[0, 1], [1_000_000_000, 0]],
    }}, [
        ("number.unit", "rupiah", "Rp"),
        ("number.steps",
         ((0, Decimal(1)), (10_000, Decimal("0.8")), (100_000, Decimal("0.4")), (10**9, Decimal(0))),
         ((0, Decimal(1)), (10**9, Decimal(0)))),
    ]),
    ("kelembagaan", "KL-01", {"type": "evidence_only"}, [("type", AnswerType.YES_NO_NA, AnswerType.EVIDENCE_ONLY)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "item_id", "update", "expected"), ITEM_CHANGES)
def test_each_content_of_an_item_that_changed_is_named_with_before_and_after(
    name: str, item_id: str, update: Document, expected: list[tuple[str, object, object]]
) -> None:
    def edit(content: Document) -> None:
        entry = item_of(content, item_id)
        for key, part in update.items():
            if part is None:
                del entry[key]
            else:
                entry[key] = part

    old = INSTRUMENTS[NAMES.index(name)]

    assert lines(old, changed(edit, name)) == [("changed", item_id, *each) for each in expected]


def test_a_level_is_named_by_its_number() -> None:
    new = changed(lambda content: item_of(content, "KL-05")["levels"].update({2: "Lebih dari separuh"}))

    before = "Separuh atau lebih tercakup, belum semua"
    assert lines(KL, new) == [("changed", "KL-05", "levels.2", before, "Lebih dari separuh")]


def test_another_weight_is_named_at_item_and_section() -> None:
    def edit(content: Document) -> None:
        item_of(content, "KL-01")["weight"] += 1
        item_of(content, "KL-10")["weight"] -= 1
        content["sections"][0]["weight"] += 1
        content["sections"][1]["weight"] -= 1

    assert lines(KL, changed(edit)) == [
        ("changed", "KL-A", "weight", 20, 21),
        ("changed", "KL-B", "weight", 20, 19),
        ("changed", "KL-01", "weight", 3, 4),
        ("changed", "KL-10", "weight", 4, 3),
    ]


def test_what_an_answer_is_worth_is_one_change_for_all_items_of_its_type() -> None:
    new = changed(lambda content: content["scoring"]["answer_value"]["scale_0_3"].update({1: 0.25}))

    assert difference(KL, new) == (
        Change(ChangeKind.CHANGED, Subject.ANSWER, "scale_0_3", "1", Decimal("0.3333"), Decimal("0.25")),
    )


def test_items_that_come_and_go_are_named_with_themselves() -> None:
    def edit(content: Document) -> None:
        item_of(content, "KL-01")["id"] = "KL-99"

    new = changed(edit)

    assert lines(KL, new) == [
        ("added", "KL-99", "", None, new.item("KL-99")),
        ("removed", "KL-01", "", KL.item("KL-01"), None),
    ]


def test_bands_and_sections_that_come_and_go_are_named() -> None:
    def edit(content: Document) -> None:
        content["scoring"]["bands"][0]["code"] = "sangat_siap"
        content["scoring"]["bands"][1]["min"] = 72.5
        content["sections"][0]["code"] = "KL-Z"
        for entry in content["items"]:
            entry["section"] = "KL-Z" if entry["section"] == "KL-A" else entry["section"]

    found = [line[:3] for line in lines(KL, changed(edit))]

    assert found[:5] == [
        ("added", "sangat_siap", ""),
        ("changed", "cukup_siap", "minimum"),
        ("removed", "siap", ""),
        ("added", "KL-Z", ""),
        ("removed", "KL-A", ""),
    ]
    assert found[5:] == [("moved", item.id, "section") for item in KL.sections[0].items]


def test_only_what_moved_itself_is_named_not_what_made_room() -> None:
    def edit(content: Document) -> None:
        content["items"].insert(0, content["items"].pop(4))
        content["sections"].append(content["sections"].pop(0))

    assert lines(KL, changed(edit)) == [("moved", "KL-A", "position", 1, 7), ("moved", "KL-05", "position", 5, 1)]


def test_facts_of_the_instrument_are_named() -> None:
    new = changed(lambda content: content["instrument"].update(version="0.4.0", applies_from_stage=2))

    assert lines(KL, new) == [
        ("changed", "KL", "version", "0.3.0", "0.4.0"),
        ("changed", "KL", "applies_from_stage", 1, 2),
    ]


# Nothing goes unnamed -------------------------------------------------------------------------------------------------


@UNHURRIED
@given(data=st.data())
def test_two_instruments_that_are_not_equal_differ_in_something_that_has_a_name(data: st.DataObject) -> None:
    content: Document = document("transparansi_keuangan")
    for entry in data.draw(
        st.lists(st.sampled_from(content["items"]), max_size=3, unique_by=lambda entry: entry["id"])
    ):
        key = data.draw(st.sampled_from(sorted(entry)))
        others = [other[key] for other in content["items"] if key in other]
        entry[key] = copy.deepcopy(data.draw(st.sampled_from(others)))
    if data.draw(st.booleans()):
        content["items"] = data.draw(st.permutations(content["items"]))
    try:
        new = parse(content)
    except InstrumentInvalid:
        new = TK

    found = difference(TK, new)

    assert bool(found) == (new != TK)
    assert len({(each.kind, each.subject, each.subject_id, each.what) for each in found}) == len(found)


# Which answers survive ------------------------------------------------------------------------------------------------


def versions(name: str, item_id: str, edit: Callable[[Document], object]) -> tuple[Item, Item]:
    old = INSTRUMENTS[NAMES.index(name)].item(item_id)
    content: Document = document(name)
    edit(item_of(content, item_id))
    faulty = content["items"].index(item_of(content, item_id))
    return old, parse(content).items[faulty]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_answers_to_an_item_that_stays_carry_over(instrument: Instrument) -> None:
    assert all(carries_over(item, copy.deepcopy(item)) for item in instrument.items)


@pytest.mark.parametrize(
    "update",
    [
        {"question_id": "Tercakup?"},
        {"critical": True},
        {"guidance": "Lihat NIB."},
        {"review_months": [1]},
        {"levels": {
            0: "belum ada usaha  berjalan yang tercakup.",
            1: "Kurang dari separuh usaha tercakup",
            2: "Separuh atau lebih tercakup, belum semua",
            3: "Semua usaha berjalan tercakup",
        }},
    ],
)  # fmt: skip
def test_answers_carry_over_when_an_item_is_only_worded_or_scheduled_otherwise(update: Document) -> None:
    assert carries_over(*versions("kelembagaan", "KL-05", lambda entry: entry.update(update)))


@pytest.mark.parametrize(
    ("name", "item_id", "edit"),
    [
        ("kelembagaan", "KL-01", lambda entry: entry.update(type="evidence_only")),
        ("kelembagaan", "KL-05", lambda entry: entry["levels"].update({3: "Semua usaha dan rencana tercakup"})),
        ("kelembagaan", "KL-09", lambda entry: entry["date_rule"].update(later_but_done=0.5)),
        ("kelembagaan", "KL-29", lambda entry: entry["date_rule"]["on_or_before_mm_dd"][1].__setitem__(0, "07-31")),
        ("transparansi_keuangan", "TK-13", lambda entry: entry["thresholds"]["steps"][1].__setitem__(0, 20_000)),
        ("transparansi_keuangan", "TK-13", lambda entry: entry.update(unit="ribu rupiah")),
    ],
)
def test_answers_do_not_carry_over_when_an_item_is_judged_otherwise(
    name: str, item_id: str, edit: Callable[[Document], object]
) -> None:
    assert not carries_over(*versions(name, item_id, edit))


def test_answers_do_not_carry_over_when_their_type_is_worth_something_else() -> None:
    new = changed(lambda content: content["scoring"]["answer_value"]["scale_0_3"].update({1: 0.25}))

    assert {item.type for item in KL.items if not carries_over(item, new.item(item.id))} == {AnswerType.SCALE}
