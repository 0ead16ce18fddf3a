"""One change to the document of a draft: each takes a document and gives a new one; nothing is changed in place."""

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

Document = dict[str, Any]
Edit = Callable[[Document], Document]

MOST_ITEMS = 99
"""An item's code ends in two digits."""


class SectionNotEmpty(DomainError):
    code = "section_not_empty"
    explanation = N_("Bagian %(section)s masih berisi butir: pindahkan atau hapus butirnya dahulu.")


class CodeTaken(DomainError):
    code = "code_taken"
    explanation = N_("Kode %(taken)s sudah dipakai.")


class NoCodeLeft(DomainError):
    code = "no_code_left"
    explanation = N_("Semua kode butir %(instrument)s sudah pernah dipakai.")


def with_facts(facts: Mapping[str, object]) -> Edit:
    """Facts of the instrument itself: version, titles, stage."""

    def edit(document: Document) -> Document:
        return {**document, "instrument": {**document["instrument"], **facts}}

    return edit


def with_bands(bands: Sequence[Mapping[str, object]]) -> Edit:
    def edit(document: Document) -> Document:
        return {**document, "scoring": {**document["scoring"], "bands": [dict(band) for band in bands]}}

    return edit


def with_section(section: Mapping[str, object], *, is_new: bool) -> Edit:
    """The section of this code as it now is; a new one stands behind the others.

    Raises (when it is made): CodeTaken.
    """

    def edit(document: Document) -> Document:
        return {**document, "sections": _put(document["sections"], "code", section, is_new)}

    return edit


def without_section(code: str) -> Edit:
    """Raises (when it is made): SectionNotEmpty."""

    def edit(document: Document) -> Document:
        if any(item["section"] == code for item in document["items"]):
            raise SectionNotEmpty(section=code)
        return {**document, "sections": [each for each in document["sections"] if each["code"] != code]}

    return edit


def with_item(item: Mapping[str, object], *, is_new: bool) -> Edit:
    """The item of this code as it now is; one that is new to its section stands behind the others there.

    Raises (when it is made): CodeTaken.
    """

    def edit(document: Document) -> Document:
        before = {each["id"]: each["section"] for each in document["items"]}
        items = _put(document["items"], "id", item, is_new)
        if before.get(item["id"]) != item["section"]:
            items = _moved_behind(items, item)
        return {**document, "items": items}

    return edit


def without_item(item_id: str) -> Edit:
    def edit(document: Document) -> Document:
        return {**document, "items": [each for each in document["items"] if each["id"] != item_id]}

    return edit


def replaced_by(other: Mapping[str, object]) -> Edit:
    """A file that was edited elsewhere, whole."""
    return lambda _document: copy.deepcopy(dict(other))


def _put(entries: Sequence[Document], key: str, entry: Mapping[str, object], is_new: bool) -> list[Document]:
    """The same one added again, by a second press, is there already."""
    there = next((each for each in entries if each[key] == entry[key]), None)
    if is_new and there is not None and there != entry:
        raise CodeTaken(taken=str(entry[key]))
    if there is None:
        return [*entries, dict(entry)]
    return [dict(entry) if each is there else each for each in entries]


def _moved_behind(items: Sequence[Document], item: Mapping[str, object]) -> list[Document]:
    others = [each for each in items if each["id"] != item["id"]]
    places = [place for place, each in enumerate(others, start=1) if each["section"] == item["section"]]
    behind = places[-1] if places else len(others)
    return [*others[:behind], dict(item), *others[behind:]]


def free_code(document: Document, used: frozenset[str]) -> str:
    """The first code that no item has, and none ever had: old answers lie in the log under the codes of then.

    Raises NoCodeLeft.
    """
    code = document["instrument"]["code"]
    taken = used | {item["id"] for item in document["items"]}
    highest = max((int(each[-2:]) for each in taken if each[-2:].isdecimal()), default=0)
    ahead = [f"{code}-{number:02}" for number in (*range(highest + 1, MOST_ITEMS + 1), *range(1, highest))]
    found = next((each for each in ahead if each not in taken), None)
    if found is None:
        raise NoCodeLeft(instrument=code)
    return found


def may_be_code(typed: str | None, instrument: str) -> bool:
    """Whether this can be an item's code: KL-45."""
    return re.fullmatch(rf"{re.escape(instrument)}-[0-9][0-9]", typed or "") is not None


def changed_parts(old: Document, new: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a change was before and after it, by item, section or fact, for the audit log; only what is different."""
    before, after = _parts(old), _parts(new)
    changed = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in changed}, {name: after.get(name) for name in changed}


def _parts(document: Document) -> dict[str, Any]:
    facts = {f"instrument.{name}": content for name, content in document["instrument"].items()}
    rules = {f"scoring.{name}": content for name, content in document["scoring"].items()}
    sections = {f"section {each['code']}": each for each in document["sections"]}
    items = {str(each["id"]): each for each in document["items"]}
    order = {"order": [[each["section"], each["id"]] for each in document["items"]]}
    return {**facts, **rules, **sections, **items, **order}
