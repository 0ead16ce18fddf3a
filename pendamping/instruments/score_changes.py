"""What moved a score between two days, item by item, to the exact sum. Pure.

A score is no sum of its items: each section divides by what was answered in it. So the way from one day to the other
is walked in steps, and a move is the score after its step less the score before it. First come the steps that nobody
answered: another version, another stage, other dates of the cooperative, and each answer that has lapsed meanwhile.
Then the changed answers follow, one after the other in the instrument's order.

What a move amounts to can therefore depend on the steps before it (our proposal; splitting evenly over all orders would
be exact as well, and nobody could check it with a pencil). It does not where an item was answered on both days: such
changes leave every denominator alone, and each is worth the same in whatever order.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.assessment import Assessment, still_answers
from pendamping.instruments.definition import Instrument, Item


class Cause(StrEnum):
    VERSION = "version"
    """The instrument has another version: other weights, other items, answers that no longer answer what is asked."""
    STAGE = "stage"
    FACTS = "facts"
    """The cooperative's own dates, against which dates are measured, are others."""
    LAPSED = "lapsed"
    """Nobody answered anew, and the item's schedule has come round."""
    ANSWER = "answer"
    """Another answer, or another proof of the same."""
    RENEWED = "renewed"
    """The same answer was given again after it had lapsed."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step; `item` is None for those that no single item made."""

    cause: Cause
    points: Fraction
    item: Item | None = None
    before: Answer | None = None
    now: Answer | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """`change` is None, and there is nothing to tell, where one of the two days has no score."""

    change: Fraction | None
    steps: tuple[Move, ...]
    """In the order they were walked; steps that moved nothing are among them."""

    @property
    def by_size(self) -> tuple[Move, ...]:
        """Those that moved the score, the largest first."""
        return tuple(sorted((each for each in self.steps if each.points), key=lambda move: -abs(move.points)))


NOTHING_TO_TELL = Moves(None, ())


def moves(before: Assessment, now: Assessment) -> Moves:
    """What took the score from one day to another; the points of the steps add up to the change.

    Raises MissingFact, as `scoring.score` does.
    """
    first, last = before.score().value, now.score().value
    if first is None or last is None:
        return NOTHING_TO_TELL
    steps, at = [], first
    for move, after in _walk(before, now):
        # Nothing may be left to score half-way; the number then stays what it was until the next step.
        reached = after.score().value
        moved_to = at if reached is None else reached
        steps.append(replace(move, points=moved_to - at))
        at = moved_to
    return Moves(last - first, tuple(steps))


def _walk(before: Assessment, now: Assessment) -> Iterator[tuple[Move, Assessment]]:
    """Each step, with what is scored after it."""
    at = replace(before, facts_then=_facts_of_answers(before))
    if before.instrument != now.instrument:
        at = _on_version(at, before.instrument, now.instrument)
        yield Move(Cause.VERSION, Fraction()), at
    if before.stage != now.stage:
        at = replace(at, stage=now.stage)
        yield Move(Cause.STAGE, Fraction()), at
    changed = {item.id for item in now.instrument.items if not _is_same(at.answers, now.answers, item)}
    facts = _facts_of_answers(now)
    moved = {
        item.id: facts[item.id]
        for item in now.instrument.items
        if item.id in facts and item.id not in changed and _counts_from(item, at) != _counts_from(item, now)
    }
    if moved:
        at = replace(at, facts_then={**at.facts_then, **moved})
        yield Move(Cause.FACTS, Fraction()), at
    asked = [item for item in now.instrument.items if now.instrument.asks(item, now.stage)]
    for item in asked:
        if item.id not in changed and item.id in now.lapsed - at.lapsed:
            at = replace(at, lapsed=at.lapsed | {item.id})
            yield _of_item(Cause.LAPSED, item, before, now), at
    for item in asked:
        is_renewed = item.id in at.lapsed and item.id not in now.lapsed
        if item.id in changed or is_renewed:
            at = _answered(at, item, now, facts)
            yield _of_item(Cause.ANSWER if item.id in changed else Cause.RENEWED, item, before, now), at


def _facts_of_answers(assessment: Assessment) -> Mapping[str, Facts]:
    """What each answer is measured against, written out for every one of them."""
    return {item_id: assessment.facts_then.get(item_id, assessment.facts) for item_id in assessment.answers}


def _counts_from(item: Item, assessment: Assessment) -> dt.date | None:
    """The date from which a date item counts; None for any other."""
    if item.date_rule is None:
        return None
    return assessment.facts_then.get(item.id, assessment.facts).date_of(item.date_rule.reference)


def _on_version(at: Assessment, old: Instrument, new: Instrument) -> Assessment:
    """The same answers held against another version: those that do not answer it fall out."""
    then = {item.id: item for item in old.items}
    kept = {
        item.id: at.answers[item.id]
        for item in new.items
        if item.id in at.answers and item.id in then and still_answers(at.answers[item.id], then[item.id], item)
    }
    return replace(
        at,
        instrument=new,
        answers=kept,
        facts_then={item_id: at.facts_then[item_id] for item_id in kept},
        lapsed=at.lapsed & kept.keys(),
    )


def _is_same(before: Mapping[str, Answer], now: Mapping[str, Answer], item: Item) -> bool:
    """A note moves no score."""
    one, other = before.get(item.id), now.get(item.id)
    if one is None or other is None:
        return one is other
    return (one.value, one.proof) == (other.value, other.proof)


def _answered(at: Assessment, item: Item, now: Assessment, facts: Mapping[str, Facts]) -> Assessment:
    answers, facts_then = dict(at.answers), dict(at.facts_then)
    answers.pop(item.id, None)
    if item.id in now.answers:
        answers[item.id], facts_then[item.id] = now.answers[item.id], facts[item.id]
    lapsed = at.lapsed - {item.id} | ({item.id} & now.lapsed)
    return replace(at, answers=answers, facts_then=facts_then, lapsed=lapsed)


def _of_item(cause: Cause, item: Item, before: Assessment, now: Assessment) -> Move:
    return Move(cause, Fraction(), item, before.answers.get(item.id), now.answers.get(item.id))
