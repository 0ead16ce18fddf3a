"""From what a cooperative is like to what is written down about it: value, proof, note."""

import datetime as dt
from decimal import Decimal

from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import (
    GOOD_VALUE,
    NOT_APPLICABLE,
    NOT_DONE,
    AnswerType,
    DateReference,
    Direction,
    Item,
    NumberRule,
    Proof,
    Verification,
)
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import Character
from pendamping.operations.simulation.sentences import GOOD_NOTES, POOR_NOTES

LEVELS = (0.28, 0.5, 0.76)
"""Quality from which a scale stands at 1, 2, 3."""
YES = 0.48
NOTED_WHEN_POOR, NOTED_WHEN_GOOD = 0.2, 0.05
SEEN_BY = {
    Verification.DOCUMENT_SEEN: (Proof.DOCUMENT_SEEN, Proof.PHOTO),
    Verification.SYSTEM_CHECK: (Proof.SYSTEM, Proof.DOCUMENT_SEEN),
    Verification.OBSERVATION: (Proof.OBSERVED, Proof.PHOTO),
    Verification.INTERVIEW: (Proof.DOCUMENT_SEEN, Proof.CLAIM),
}


def reply(item: Item, about: Character, day: dt.date, chance: Chance, *, is_remote: bool, verified: bool) -> Answer:
    """The answer to one item on one day.

    Args:
        verified: the facilitator came to look at exactly this and found it done: a good answer, with proof.
    """
    if item.na_when is not None and not verified and about.lacks(item, day, chance):
        return Answer(item.id, NOT_APPLICABLE, Proof.CLAIM, item.na_when)
    if verified and item.date_rule is not None:
        about.hold(_reference(item), day)
    quality = 1.0 if verified else about.quality(item, day, chance)
    value = _value(item, quality, about, day, chance)
    is_good = quality * 10_000 >= GOOD_VALUE
    proof = SEEN_BY[item.verification][0] if verified else _proof(item, is_good, is_remote, chance)
    note = "" if is_good and proof is Proof.CLAIM else _note(item, is_good, chance)
    return Answer(item.id, value, proof, note)


def _value(item: Item, quality: float, about: Character, day: dt.date, chance: Chance) -> str:
    match item.type:
        case AnswerType.YES_NO_NA:
            return "yes" if quality >= YES else "no"
        case AnswerType.SCALE:
            return str(sum(quality >= edge for edge in LEVELS))
        case AnswerType.NUMBER:
            assert item.number is not None
            return _number(item.number, quality, chance)
        case AnswerType.DATE:
            return _date(item, about, day)
        case AnswerType.EVIDENCE_ONLY:
            return "accepted" if quality >= YES else "missing"


def _number(rule: NumberRule, quality: float, chance: Chance) -> str:
    """Somewhere within the step that this quality reaches; the outer edges are further out than anybody gets."""
    steps = sorted(rule.steps, key=lambda step: step[1])
    place = max(place for place, (_, value) in enumerate(steps) if value <= quality * 10_000 + 1_000 or place == 0)
    edges = [int(edge) for edge, _ in steps]
    low, high = _at_least(edges, place) if rule.direction is Direction.AT_LEAST else _at_most(edges, place)
    number = chance.randint(max(low, int(rule.minimum)), min(high, int(rule.maximum)))
    if rule.unit == "rupiah":
        number -= number % 500
    return format(Decimal(number), "f")


def _at_least(edges: list[int], place: int) -> tuple[int, int]:
    if place + 1 < len(edges):
        following = edges[place + 1]
        return max(edges[place], following - 40), following - 1
    return edges[place], edges[place] + max(2, edges[place] // 5)


def _at_most(edges: list[int], place: int) -> tuple[int, int]:
    """Edges fall as steps get better; the best one begins at nothing."""
    if place + 1 < len(edges):
        better = edges[place + 1]
        return better + 1 if better < 1_000 else better + 500, min(edges[place], max(better, 1) * 4)
    return 0, edges[place]


def _date(item: Item, about: Character, day: dt.date) -> str:
    """Meetings were held on the days they were held, whatever the day on which somebody asks."""
    held = about.held_on(_reference(item), day)
    return NOT_DONE if held is None or held > day else held.isoformat()


def _reference(item: Item) -> DateReference:
    assert item.date_rule is not None
    return item.date_rule.reference


def _proof(item: Item, is_good: bool, is_remote: bool, chance: Chance) -> Proof:
    usual, other = SEEN_BY[item.verification]
    dice = chance.random()
    if dice < _claimed(item, is_good, is_remote):
        return Proof.CLAIM
    return other if dice > 0.93 and not is_remote else usual


def _claimed(item: Item, is_good: bool, is_remote: bool) -> float:
    """Facilitators know that a claim is worth nothing where it matters most."""
    share = 0.45 if is_remote else 0.12 if is_good else 0.3
    return share / 8 if item.is_critical and is_good else share


def _note(item: Item, is_good: bool, chance: Chance) -> str:
    share, pool = (NOTED_WHEN_GOOD, GOOD_NOTES) if is_good else (NOTED_WHEN_POOR, POOR_NOTES)
    return chance.choice(pool[item.verification]) if chance.happens(share) else ""
