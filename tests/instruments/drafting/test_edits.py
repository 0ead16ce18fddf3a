"""One change to a document at a time: what it makes of it, and that the document it began with stays as it was."""

import copy
from typing import Any

import pytest

from pendamping.instruments.drafting import edits
from pendamping.instruments.drafting.edits import CodeTaken, NoCodeLeft, SectionNotEmpty
from pendamping.instruments.reading.document import parse
from pendamping.instruments.succession import next_number
from tests.instruments.editions import edition


@pytest.fixture
def document() -> dict[str, Any]:
    return edition()


def item_of(document: dict[str, Any], item_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["items"] if each["id"] == item_id)
    return found


def order_in(document: dict[str, Any], section: str) -> list[str]:
    return [each["id"] for each in document["items"] if each["section"] == section]


def test_no_edit_changes_the_document_it_is_given(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    first = item_of(document, "KL-01")
    for edit in (
        edits.with_facts({"title_id": "Lain"}),
        edits.with_bands([{"code": "satu"}]),
        edits.with_section({"code": "KL-A", "weight": 1}, is_new=False),
        edits.with_section({"code": "KL-Z", "weight": 1}, is_new=True),
        edits.with_item({**first, "section": "KL-C"}, is_new=False),
        edits.with_item({**first, "id": "KL-98"}, is_new=True),
        edits.without_item("KL-01"),
        edits.replaced_by(edition("0.5.0")),
    ):
        assert edit(document) != before
        assert document == before


def test_an_item_keeps_its_place_and_a_moved_one_stands_behind_the_others_of_its_section(
    document: dict[str, Any],
) -> None:
    first = item_of(document, "KL-02")

    stayed = edits.with_item({**first, "weight": 9}, is_new=False)(document)
    moved = edits.with_item({**first, "section": "KL-C"}, is_new=False)(document)

    assert order_in(stayed, "KL-A") == order_in(document, "KL-A")
    assert order_in(moved, "KL-A") == [each for each in order_in(document, "KL-A") if each != "KL-02"]
    assert order_in(moved, "KL-C") == [*order_in(document, "KL-C"), "KL-02"]
    assert [section.code for section in parse(document).sections] == [each["code"] for each in moved["sections"]]


def test_the_same_item_added_twice_is_added_once_and_another_under_its_code_is_refused(
    document: dict[str, Any],
) -> None:
    new = {**item_of(document, "KL-02"), "id": "KL-98"}
    add = edits.with_item(new, is_new=True)

    assert add(add(document)) == add(document)
    with pytest.raises(CodeTaken) as refused:
        edits.with_item({**new, "weight": 9}, is_new=True)(add(document))
    assert refused.value.params == {"taken": "KL-98"}


def test_only_an_empty_section_goes(document: dict[str, Any]) -> None:
    with_new = edits.with_section({"code": "KL-Z", "name_id": "Baru", "name_en": "New", "weight": 1}, is_new=True)

    assert edits.without_section("KL-Z")(with_new(document)) == document
    with pytest.raises(SectionNotEmpty):
        edits.without_section("KL-A")(document)


def test_a_new_item_gets_a_code_that_nobody_ever_had(document: dict[str, Any]) -> None:
    highest = max(int(each["id"][-2:]) for each in document["items"])

    assert edits.free_code(document, frozenset()) == f"KL-{highest + 1:02}"
    assert edits.free_code(document, frozenset({"KL-80"})) == "KL-81"
    gone = edits.without_item("KL-02")(document)
    assert edits.free_code(gone, frozenset({"KL-99", "KL-02"})) == f"KL-{missing_below(gone, {2}):02}"
    every = frozenset(f"KL-{number:02}" for number in range(1, 100))
    with pytest.raises(NoCodeLeft):
        edits.free_code(document, every)


def missing_below(document: dict[str, Any], used: set[int]) -> int:
    taken = {int(each["id"][-2:]) for each in document["items"]} | used
    return next(number for number in range(1, 100) if number not in taken)


@pytest.mark.parametrize("typed", ["KL-1", "KL-100", "TK-01", "", None, "KL-0x", "KL-01\n"])
def test_what_is_no_code_is_none(typed: str | None) -> None:
    assert not edits.may_be_code(typed, "KL")
    assert edits.may_be_code("KL-01", "KL")


def test_the_log_gets_only_what_changed(document: dict[str, Any]) -> None:
    changed = edits.with_item({**item_of(document, "KL-01"), "weight": 9}, is_new=False)(document)
    changed = edits.with_facts({"version": "0.5.0"})(changed)

    before, after = edits.changed_parts(document, changed)

    assert set(before) == set(after) == {"instrument.version", "KL-01"}
    assert (before["KL-01"]["weight"], after["KL-01"]["weight"]) == (3, 9)
    assert edits.changed_parts(document, document) == ({}, {})
    assert set(edits.changed_parts(document, edits.without_item("KL-01")(document))[1]) == {"KL-01", "order"}


@pytest.mark.parametrize(
    ("version", "follows"),
    [("0.2.0", "0.3.0"), ("0.2.7", "0.3.0"), ("1", "2"), ("1.9", "1.10"), ("1.0.0.4", "1.1.0.0"), ("rc", "rc")],
)
def test_a_draft_begins_with_the_next_number(version: str, follows: str) -> None:
    assert next_number(version) == follows
