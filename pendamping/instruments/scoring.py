"""What all answers to an instrument are worth together: the `scoring` rules that stand in each instrument's file.

The score is exact: values are whole ten-thousandths, sums within a section are integers, and only sections are joined
by fractions. `Score` holds everything it was made from, so that each figure can be explained item by item.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from pendamping.instruments.answers import NO_FACTS, Answer, Facts, MissingFact, answer_value, is_poor
from pendamping.instruments.definition import FULL_VALUE, GOOD_VALUE, Band, Instrument, Item, Proof, Section

__all__ = [
    "NO_FACTS",
    "Facts",
    "ItemScore",
    "ItemState",
    "MissingFact",
    "Score",
    "SectionScore",
    "answer_value",
    "is_poor",
    "score",
]

NOTHING: Mapping[str, Facts] = MappingProxyType({})

CAPPED_RANK = 2
"""The third band is the best to be had while a critical item is unmet (`critical_rule`)."""


class ItemState(StrEnum):
    ANSWERED = "answered"
    NA = "na"
    UNANSWERED = "unanswered"
    HIDDEN = "hidden"
    """Not asked at this stage."""


class ItemScore(NamedTuple):
    """One item of a score; a named tuple, because each score makes a hundred and they take a third of the time."""

    item: Item
    answer: Answer | None
    state: ItemState
    value: int | None = None
    """What the answer is worth by itself, in ten-thousandths; None unless answered."""
    counted: int | None = None
    """What it counts for: the value, or 0 for a good answer to a critical item that nobody has seen proof of."""
    is_unproven: bool = False
    """A good answer, but only a claim, or one whose proof has lapsed."""
    is_critical_unmet: bool = False
    is_lapsed: bool = False
    """Carried from an earlier visit, and its schedule has come round since: it counts, but is no longer valid."""


@dataclass(frozen=True, slots=True)
class SectionScore:
    section: Section
    value: Fraction | None
    """0 to 100; None when nothing in it is answered."""
    items: tuple[ItemScore, ...]
    share: Fraction | None
    """The points of the total that come from this section: the shares add up to it."""


@dataclass(frozen=True, slots=True)
class Score:
    value: Fraction | None
    """0 to 100; None when nothing is answered."""
    band: Band | None
    band_rank: int | None
    """0 is the best band."""
    is_provisional: bool
    """Fewer than nine in ten of the applicable items have a valid answer (`unanswered_handling`)."""
    answered: int
    """Items with a valid answer: what has lapsed must be asked again."""
    applicable: int
    critical_unmet: tuple[str, ...]
    is_capped: bool
    """An unmet critical item has moved the band down."""
    sections: tuple[SectionScore, ...]

    @property
    def is_complete(self) -> bool:
        return not self.is_provisional

    @property
    def rounded(self) -> Decimal | None:
        """To four decimals, as it is stored. Not for comparing with a band: that was done before (`rounding`)."""
        return None if self.value is None else Decimal(round(self.value * 10_000)).scaleb(-4)


def score(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    *,
    stage: int,
    facts: Facts,
    facts_then: Mapping[str, Facts] = NOTHING,
    lapsed: Collection[str] = (),
) -> Score:
    """The score of a cooperative at a stage by its current answers; those of other instruments may be among them.

    Args:
        facts: against which dates are measured.
        facts_then: for items whose answers are measured against the facts of their own day, those facts.
        lapsed: items whose answers are no longer valid (`assessment` says which): they count what they are worth, but
            as good ones they prove nothing, and they are asked again before the score is complete.

    Raises:
        MissingFact: an answer is a date and the one it counts from is not known.
    """
    basis = _Basis(instrument, answers, stage, facts, facts_then, lapsed)
    tallies = [_tally(basis, section) for section in instrument.sections]
    items = [scored for tally in tallies for scored in tally.items]
    counting = sum(scored.state is ItemState.ANSWERED for scored in items)
    answered = counting - sum(scored.is_lapsed for scored in items)
    applicable = counting + sum(scored.state is ItemState.UNANSWERED for scored in items)
    unmet = tuple(scored.item.id for scored in items if scored.is_critical_unmet)
    value = _total(tallies)
    reached = None if value is None else _rank(instrument.bands, value)
    rank = max(reached, CAPPED_RANK) if reached is not None and unmet else reached
    return Score(
        value=value,
        band=None if rank is None else instrument.bands[rank],
        band_rank=rank,
        is_provisional=answered * 10 < applicable * 9,
        answered=answered,
        applicable=applicable,
        critical_unmet=unmet,
        is_capped=rank != reached,
        sections=_section_scores(tallies),
    )


class _Basis(NamedTuple):
    instrument: Instrument
    answers: Mapping[str, Answer]
    stage: int
    facts: Facts
    facts_then: Mapping[str, Facts]
    lapsed: Collection[str]


@dataclass(frozen=True, slots=True)
class _Tally:
    """The sums of one section over its answered items."""

    section: Section
    items: tuple[ItemScore, ...]
    points: int
    """Counted values times weights."""
    weight: int


def _tally(basis: _Basis, section: Section) -> _Tally:
    items = tuple(_score_item(basis, item) for item in section.items)
    points = weight = 0
    for scored in items:
        if scored.counted is not None:
            points += scored.counted * scored.item.weight
            weight += scored.item.weight
    return _Tally(section, items, points, weight)


def _score_item(basis: _Basis, item: Item) -> ItemScore:
    answer = basis.answers.get(item.id)
    if not basis.instrument.asks(item, basis.stage):
        return ItemScore(item, answer, ItemState.HIDDEN)
    if answer is None:
        return ItemScore(item, None, ItemState.UNANSWERED)
    value = answer_value(item, answer, basis.facts_then.get(item.id, basis.facts))
    if value is None:
        return ItemScore(item, answer, ItemState.NA)
    is_lapsed = item.id in basis.lapsed
    is_unproven = value >= GOOD_VALUE and (is_lapsed or answer.proof == Proof.CLAIM)
    counted = 0 if is_unproven and item.is_critical else value
    is_critical_unmet = item.is_critical and counted < GOOD_VALUE
    return ItemScore(item, answer, ItemState.ANSWERED, value, counted, is_unproven, is_critical_unmet, is_lapsed)


def _total(tallies: Sequence[_Tally]) -> Fraction | None:
    """The sections' values, each by the section's weight; over one denominator, so that a single fraction is made."""
    scored = [tally for tally in tallies if tally.weight]
    if not scored:
        return None
    common = math.lcm(*(tally.weight for tally in scored))
    points = sum(tally.points * tally.section.weight * (common // tally.weight) for tally in scored)
    return Fraction(100 * points, FULL_VALUE * common * _weight(scored))


def _weight(tallies: Sequence[_Tally]) -> int:
    """A section keeps its weight however few of its items are answered; with none it drops out."""
    return sum(tally.section.weight for tally in tallies if tally.weight)


def _section_scores(tallies: Sequence[_Tally]) -> tuple[SectionScore, ...]:
    total_weight = _weight(tallies)
    scores = []
    for tally in tallies:
        value = share = None
        if tally.weight:
            value = Fraction(100 * tally.points, FULL_VALUE * tally.weight)
            share = Fraction(100 * tally.points * tally.section.weight, FULL_VALUE * tally.weight * total_weight)
        scores.append(SectionScore(tally.section, value, tally.items, share))
    return tuple(scores)


def _rank(bands: Sequence[Band], value: Fraction) -> int:
    """The best band that the exact value reaches; the last begins at 0."""
    return next(rank for rank, band in enumerate(bands) if value >= Fraction(band.minimum))
