"""What would lift a score most: each item that is not at its best, answered at its best and with proof. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from pendamping.instruments.answers import Answer, Facts, MissingFact, answer_value
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import GOOD_VALUE, NOT_DONE, Band, Item, Proof
from pendamping.instruments.scoring import ItemScore, ItemState


class Shortfall(StrEnum):
    """Why an item is not at its best; the first that holds."""

    UNANSWERED = "unanswered"
    POOR = "poor"
    LAPSED = "lapsed"
    """A good answer whose schedule has come round."""
    UNPROVEN = "unproven"
    """A good answer, but only a claim."""
    BETTER = "better"
    """Good and proven, and there is a better answer."""


@dataclass(frozen=True, slots=True)
class Lift:
    """One item, and how many points the score would gain by it alone."""

    item: Item
    shortfall: Shortfall
    points: Fraction
    caps: bool
    """A critical item that is unmet: while it is, the band stays at the third."""


@dataclass(frozen=True, slots=True)
class Lifts:
    """The items that would lift a score, those that lift it most first; nothing while nothing is scored."""

    items: tuple[Lift, ...]
    band_if_met: Band | None
    """The band once all unmet critical items are met; None while there are none, or where it stays what it is."""

    @property
    def capping(self) -> tuple[Lift, ...]:
        return tuple(each for each in self.items if each.caps)


NOTHING_TO_LIFT = Lifts((), None)


def lifts(assessment: Assessment, *, on: dt.date) -> Lifts:
    """What would lift the score of an assessment.

    What cannot be mended is not among it: a date that lies behind stays what it is, only its proof may be missing; and
    what has not been done is held against the day `on`, not against a deadline that is over.
    """
    score = assessment.score()
    if score.value is None:
        return NOTHING_TO_LIFT
    found = []
    for scored in _short_of_best(each for section in score.sections for each in section.items):
        better = _at_best(assessment, [scored.item], on)
        reached = better.score().value if better else None
        points = reached - score.value if reached is not None else Fraction()
        if points > 0 or scored.is_critical_unmet:
            found.append(Lift(scored.item, _shortfall(scored), points, scored.is_critical_unmet))
    unmet = [each.item for each in found if each.caps]
    met = _at_best(assessment, unmet, on) if unmet else None
    band = met.score().band if met else None
    return Lifts(
        items=tuple(sorted(found, key=lambda lift: -lift.points)),
        band_if_met=band if band != score.band else None,
    )


def _short_of_best(items: Iterable[ItemScore]) -> Iterator[ItemScore]:
    for scored in items:
        if scored.state is ItemState.UNANSWERED or scored.state is ItemState.ANSWERED:
            yield scored


def _shortfall(scored: ItemScore) -> Shortfall:
    if scored.value is None:
        return Shortfall.UNANSWERED
    if scored.value < GOOD_VALUE:
        return Shortfall.POOR
    if scored.is_unproven:
        return Shortfall.LAPSED if scored.is_lapsed else Shortfall.UNPROVEN
    return Shortfall.BETTER


def _at_best(assessment: Assessment, items: Iterable[Item], on: dt.date) -> Assessment | None:
    """The same assessment with these items answered as well as can be, and proven; None where nobody can say how."""
    answers, facts_then = dict(assessment.answers), dict(assessment.facts_then)
    ids = set()
    for item in items:
        had = answers.get(item.id)
        facts = assessment.facts if had is None or had.value == NOT_DONE else facts_then.get(item.id, assessment.facts)
        try:
            best = max(_values(item, had, on), key=lambda value: _worth(item, value, facts))
        except MissingFact:
            return None
        answers[item.id], facts_then[item.id] = Answer(item.id, best, Proof.DOCUMENT_SEEN), facts
        ids.add(item.id)
    return replace(assessment, answers=answers, facts_then=facts_then, lapsed=assessment.lapsed - ids)


def _worth(item: Item, value: str, facts: Facts) -> int:
    return answer_value(item, Answer(item.id, value, Proof.DOCUMENT_SEEN), facts) or 0


def _values(item: Item, had: Answer | None, on: dt.date) -> list[str]:
    """What could be answered, as far as it matters for what an answer is worth."""
    if item.number is not None:
        return [format(edge, "f") for edge, _value in item.number.steps]
    if item.date_rule is None:
        return list(item.choices)
    return [on.isoformat()] if had is None or had.value == NOT_DONE else [had.value]
