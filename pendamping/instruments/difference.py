"""What changed from one version of an instrument to another, and which answers still mean the same.

Everything that `definition.Instrument` holds is compared, so no change between two different instruments goes unnamed.
What is only remarks in a document (`scoring.rounding` and the like) is in no instrument, and in no difference.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pendamping.instruments.definition import AnswerType, Band, DateRule, Instrument, Item, NumberRule, Section


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """To another section, or to another place in the order."""
    CHANGED = "changed"


class Subject(StrEnum):
    """What a change is about."""

    INSTRUMENT = "instrument"
    ANSWER = "answer"
    """What the answers of a type are worth, for all items of that type."""
    BAND = "band"
    SECTION = "section"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different; values from 0 to 1 are decimals, as people read them."""

    kind: ChangeKind
    subject: Subject
    subject_id: str
    what: str
    """The content that changed: `weight`, `levels.2`, `number.steps`; `section` or `position` for what moved."""
    before: object
    """None for what was not there; for what was removed, the thing itself."""
    after: object
    """None for what is no longer there; for what was added, the thing itself."""


Facts = Mapping[str, object]


def difference(old: Instrument, new: Instrument) -> tuple[Change, ...]:
    """Every change from one version to the next, in the order of the new one; empty when they are equal."""
    return (
        *_changed(Subject.INSTRUMENT, new.code, _instrument_facts(old), _instrument_facts(new)),
        *_answer_changes(old, new),
        *_changes(Subject.BAND, _by_code(old.bands), _by_code(new.bands), _band_facts),
        *_changes(Subject.SECTION, _by_code(old.sections), _by_code(new.sections), _section_facts),
        *_moved(Subject.SECTION, list(_by_code(old.sections)), list(_by_code(new.sections))),
        *_changes(Subject.ITEM, _by_id(old), _by_id(new), _item_facts),
        *_item_moves(old, new),
    )


def carries_over(old: Item, new: Item) -> bool:
    """Whether an answer given to the old item also answers the new one: it is asked and judged alike.

    Our proposal, to be confirmed by the agency: weight, critical mark, section, schedule and wording may change; the
    type, the levels, and the rules by which an answer is worth something may not. Capitals, gaps and the full stop of
    a level say nothing about its meaning. That an answer is "not applicable" needs `na_allowed` of the new item too.
    """
    return old is new or _judged(old) == _judged(new)


def _judged(item: Item) -> tuple[object, ...]:
    levels = tuple(" ".join(level.split()).rstrip(".").casefold() for level in item.levels)
    return item.type, levels, item.number, item.date_rule, dict(item.choices)


# Contents that are compared -------------------------------------------------------------------------------------------


def _instrument_facts(instrument: Instrument) -> Facts:
    names = ("code", "version", "title_id", "title_en", "applies_from_stage")
    return {name: getattr(instrument, name) for name in names}


def _band_facts(band: Band, _: Band) -> Facts:
    return {"name_id": band.name_id, "name_en": band.name_en, "minimum": band.minimum}


def _section_facts(section: Section, _: Section) -> Facts:
    return {"name_id": section.name_id, "name_en": section.name_en, "weight": section.weight}


_PLAIN = (
    "label_id",
    "label_en",
    "question_id",
    "question_en",
    "type",
    "weight",
    "is_critical",
    "na_allowed",
    "na_when",
    "applies_from_stage",
    "review_frequency",
    "review_months",
    "verification",
    "evidence",
    "guidance",
    "source_text",
    "source_confidence",
)
_ACTION = ("title_id", "title_en", "default_due_days", "owner_role", "done_when_id")


def _item_facts(item: Item, other: Item) -> Facts:
    """Of an item whose type changes, how answers were judged has nothing to be compared with."""
    facts: dict[str, object] = {name: getattr(item, name) for name in _PLAIN}
    if item.type is other.type:
        facts |= {f"levels.{level}": words for level, words in enumerate(item.levels)}
        facts |= _number_facts(item.number) if item.number else {}
        facts |= _date_facts(item.date_rule) if item.date_rule else {}
    return facts | {f"action.{name}": getattr(item.action, name) for name in _ACTION}


def _number_facts(rule: NumberRule) -> Facts:
    names = ("unit", "minimum", "maximum", "decimals", "direction")
    steps = tuple((edge, _worth(value)) for edge, value in rule.steps)
    return {**{f"number.{name}": getattr(rule, name) for name in names}, "number.steps": steps}


def _date_facts(rule: DateRule) -> Facts:
    return {
        "date_rule.reference": rule.reference,
        "date_rule.within_days": rule.within_days,
        "date_rule.within_value": None if rule.within_value is None else _worth(rule.within_value),
        "date_rule.deadlines": tuple((month, day, _worth(value)) for month, day, value in rule.deadlines),
        "date_rule.later_value": _worth(rule.later_value),
        "date_rule.not_done_value": _worth(rule.not_done_value),
    }


def _worth(value: int) -> Decimal:
    return Decimal(value).scaleb(-4).normalize()


# What is different ----------------------------------------------------------------------------------------------------


def _changed(subject: Subject, subject_id: str, old: Facts, new: Facts) -> Iterator[Change]:
    for what in dict.fromkeys([*new, *old]):
        before, after = old.get(what), new.get(what)
        if before != after:
            yield Change(ChangeKind.CHANGED, subject, subject_id, what, before, after)


def _changes(
    subject: Subject, old: Mapping[str, Any], new: Mapping[str, Any], facts: Callable[[Any, Any], Facts]
) -> Iterator[Change]:
    for subject_id, thing in new.items():
        if subject_id in old:
            before = old[subject_id]
            yield from _changed(subject, subject_id, facts(before, thing), facts(thing, before))
        else:
            yield Change(ChangeKind.ADDED, subject, subject_id, "", None, thing)
    for subject_id, thing in old.items():
        if subject_id not in new:
            yield Change(ChangeKind.REMOVED, subject, subject_id, "", thing, None)


def _answer_changes(old: Instrument, new: Instrument) -> Iterator[Change]:
    """All items of a type share what its answers are worth, so one change of that is one change, not forty."""
    before, after = _choices(old), _choices(new)
    for kind in AnswerType:
        if kind in before and kind in after:
            yield from _changed(Subject.ANSWER, kind, before[kind], after[kind])


def _choices(instrument: Instrument) -> dict[AnswerType, Facts]:
    return {item.type: {answer: _worth(value) for answer, value in item.choices.items()} for item in instrument.items}


def _by_code(things: Sequence[Any]) -> dict[str, Any]:
    return {thing.code: thing for thing in things}


def _by_id(instrument: Instrument) -> dict[str, Item]:
    return {item.id: item for item in instrument.items}


# What moved -----------------------------------------------------------------------------------------------------------


def _item_moves(old: Instrument, new: Instrument) -> Iterator[Change]:
    was_in = {item.id: item.section for item in old.items}
    for item in new.items:
        before = was_in.get(item.id, item.section)
        if before != item.section:
            yield Change(ChangeKind.MOVED, Subject.ITEM, item.id, "section", before, item.section)
    order = {section.code: [item.id for item in section.items] for section in old.sections}
    for section in new.sections:
        yield from _moved(Subject.ITEM, order.get(section.code, []), [item.id for item in section.items])


def _moved(subject: Subject, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """As few as explain the new order: what only makes room for others has not moved itself. Places count from 1."""
    stayed = _in_order(old, new)
    for place, each in enumerate(new, start=1):
        if each in old and each not in stayed:
            yield Change(ChangeKind.MOVED, subject, each, "position", old.index(each) + 1, place)


def _in_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The longest run of what stands in both, in the order of both."""
    rank = {each: place for place, each in enumerate(old)}
    longest: list[list[str]] = []
    for each in (each for each in new if each in rank):
        before = [run for run in longest if rank[run[-1]] < rank[each]]
        longest.append([*(max(before, key=len) if before else []), each])
    best = max(longest, key=len) if longest else []
    return set(best)
