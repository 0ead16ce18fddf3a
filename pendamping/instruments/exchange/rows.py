"""A sound document laid out in the rows of its workbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pendamping.instruments.exchange.cells import Cell, cell_of
from pendamping.instruments.exchange.columns import (
    ANSWER_WORDS,
    BAND,
    FACT_SHEET,
    FACTS,
    ITEM_SHEET,
    RULE_SHEET,
    RULE_WORDS,
    SECTION_SHEET,
    Sheet,
)

Row = Sequence[Cell | None]

_ABSENT = object()
_ANSWERS = {answer: rank for rank, answer in enumerate(ANSWER_WORDS)}


def rows_of(document: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The rows below the header of every sheet, by its title.

    Args:
        document: as `parse` accepts it, with texts as keys: as canonical JSON is read.
    """
    return {
        FACT_SHEET.title: list(_facts(document)),
        SECTION_SHEET.title: [_row(SECTION_SHEET, section) for section in document["sections"]],
        ITEM_SHEET.title: [_row(ITEM_SHEET, item) for item in document["items"]],
        RULE_SHEET.title: list(_rules(document["scoring"])),
    }


def _facts(document: Mapping[str, Any]) -> Iterator[Row]:
    for fact in FACTS:
        content = _at(document, fact.path)
        if content is not _ABSENT:
            yield [fact.title, cell_of(fact, content)]


def _rules(scoring: Mapping[str, Any]) -> Iterator[Row]:
    for band in scoring["bands"]:
        yield _row(RULE_SHEET, {**band, "kind": BAND, "value": band["min"]})
    for kind in RULE_WORDS:
        values = scoring["answer_value"].get(kind, {})
        for answer in sorted(values, key=lambda answer: (_ANSWERS.get(answer, len(_ANSWERS)), answer)):
            yield _row(RULE_SHEET, {"kind": kind, "code": ANSWER_WORDS.get(answer, answer), "value": values[answer]})


def _row(sheet: Sheet, entry: Mapping[str, Any]) -> Row:
    contents = [(column, _at(entry, column.path)) for column in sheet.columns]
    return [None if content is _ABSENT else cell_of(column, content) for column, content in contents]


def _at(entry: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(entry, Mapping) or key not in entry:
            return _ABSENT
        entry = entry[key]
    return entry
