"""What is due: which items a visit opens on a day, and why; everything else is one tap away.

The rule stands at the head of each instrument's file. An item comes round on a day of one of its `review_months` on
which its last answer is older than half of its interval. From that day on it is due until it is answered, so that a
month without a visit loses nothing (our proposal; the files say nothing of a month that was missed).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from pendamping.instruments.answers import Answer, Facts, is_poor
from pendamping.instruments.definition import (
    NOT_APPLICABLE,
    AnswerType,
    DateReference,
    Instrument,
    Item,
    Proof,
    ReviewFrequency,
    Section,
)

INTERVAL_DAYS = {
    ReviewFrequency.MONTHLY: 30,
    ReviewFrequency.QUARTERLY: 91,
    ReviewFrequency.HALF_YEARLY: 182,
    ReviewFrequency.YEARLY: 365,
}
"""What is asked once has none: it is asked until it is fulfilled, and then no more."""

EVERY_MONTH = tuple(range(1, 13))

SECONDS = {
    AnswerType.YES_NO_NA: 60,
    AnswerType.SCALE: 90,
    AnswerType.NUMBER: 90,
    AnswerType.DATE: 60,
    AnswerType.EVIDENCE_ONLY: 60,
}
"""How long one item takes, its proof looked at (our proposal, to be measured in the field)."""

MOST_OF_FIRST_ASSESSMENT = 40
"""Items of a first assessment at one visit: about an hour (our proposal)."""


class Dated(Protocol):
    """An answer with the day of the visit that it was given on, such as `visits.queries.RecordedAnswer`."""

    @property
    def answer(self) -> Answer: ...

    @property
    def answered_on(self) -> dt.date: ...


class DueReason(StrEnum):
    """Why an item is opened, in the order in which reasons are shown."""

    NEVER_ANSWERED = "never_answered"
    CRITICAL_UNMET = "critical_unmet"
    """A critical item that is poor, or good by claim alone."""
    POOR = "poor"
    OPEN_ACTION = "open_action"
    ASKED_FOR = "asked_for"
    """By the head of the agency."""
    COME_ROUND = "come_round"


@dataclass(frozen=True, slots=True)
class DueItem:
    item: Item
    reasons: tuple[DueReason, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class SectionToOpen:
    """A section of a first assessment with those of its items that were never answered."""

    instrument: Instrument
    section: Section
    items: tuple[Item, ...]


def due_items(
    instrument: Instrument,
    answers: Mapping[str, Dated],
    *,
    on: dt.date,
    stage: int,
    facts: Facts,
    open_action_items: Collection[str] = (),
    asked_for: Collection[str] = (),
) -> tuple[DueItem, ...]:
    """The items of an instrument that a visit opens, in its order; what a later stage asks is never among them.

    Args:
        answers: the cooperative's newest ones, by item; those of other instruments may be among them.
        on: the day of the visit.
        stage: of the cooperative, 1 to 3.
        facts: of the cooperative on that day.
        open_action_items: ids of items with an action that is not yet verified or cancelled.
        asked_for: ids of items that the head wants looked at.
    """
    due = []
    for item in instrument.items:
        if not instrument.asks(item, stage):
            continue
        holding = _reasons_of_answer(item, answers.get(item.id), on=on, facts=facts)
        if item.id in open_action_items:
            holding.add(DueReason.OPEN_ACTION)
        if item.id in asked_for:
            holding.add(DueReason.ASKED_FOR)
        if holding:
            due.append(DueItem(item, tuple(reason for reason in DueReason if reason in holding)))
    return tuple(due)


def _reasons_of_answer(item: Item, last: Dated | None, *, on: dt.date, facts: Facts) -> set[DueReason]:
    if last is None:
        return {DueReason.NEVER_ANSWERED}
    then = facts_when_given(facts, last.answered_on)
    claims = {
        DueReason.CRITICAL_UNMET: is_critical_unmet(item, last.answer, then),
        DueReason.POOR: is_poor(item, last.answer, then),
        DueReason.COME_ROUND: is_expired(item, last.answered_on, on=on),
    }
    return {reason for reason, holds in claims.items() if holds}


def is_critical_unmet(item: Item, answer: Answer, facts: Facts) -> bool:
    """A critical item is met by a good answer that somebody has seen proof of, and by not being applicable.

    As `scoring.score` counts it (`critical_rule`): a good claim is worth nothing, and any other claim is poor.
    """
    if not item.is_critical or answer.value == NOT_APPLICABLE:
        return False
    return answer.proof == Proof.CLAIM or is_poor(item, answer, facts)


# When an item comes round ---------------------------------------------------------------------------------------------


def comes_round_on(item: Item, answered_on: dt.date) -> dt.date | None:
    """The first day on which an item that was answered well is asked again; None for what is asked once.

    It lies in one of the item's review months, never in the month of the answer itself, and more than half an
    interval after it.
    """
    interval = INTERVAL_DAYS.get(item.review_frequency)
    if interval is None:
        return None
    return _first_turn(interval, item.review_months or EVERY_MONTH, _follows_book_year(item), answered_on)


@lru_cache(maxsize=16_384)
def _first_turn(interval: int, months: tuple[int, ...], follows_book_year: bool, answered_on: dt.date) -> dt.date:
    """A page asks this of a hundred answers, several times over, and most of them share schedule and day."""
    earliest = answered_on + dt.timedelta(days=interval // 2 + 1)
    if follows_book_year:
        earliest = min(earliest, dt.date(answered_on.year + 1, 1, 1))
    day = max(earliest, _next_month(answered_on))
    while day.month not in months:
        day = _next_month(day)
    return day


def _follows_book_year(item: Item) -> bool:
    """Such a date says something about one book year only: the next year's is another date, however new the answer.

    Its deadlines are days of a calendar year (`date_rule`), so that is the year that counts.
    """
    return item.date_rule is not None and item.date_rule.reference is DateReference.BOOK_YEAR_END


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def expires_on(item: Item, answered_on: dt.date) -> dt.date | None:
    """The last day on which an answer and its proof count; None where they count for good (asked once)."""
    again_on = comes_round_on(item, answered_on)
    return None if again_on is None else again_on - dt.timedelta(days=1)


def is_expired(item: Item, answered_on: dt.date, *, on: dt.date) -> bool:
    """Whether an answer that is carried from an earlier visit must be asked again."""
    last_on = expires_on(item, answered_on)
    return last_on is not None and on > last_on


def facts_when_given(facts: Facts, answered_on: dt.date) -> Facts:
    """The facts that an answer was measured against on its own day.

    Else a general meeting held late would turn into one held early on the day on which the next book year ends.
    """
    end = facts.book_year_end
    if end is None or end < answered_on:
        return facts
    day = 28 if (end.month, end.day) == (2, 29) else end.day
    year = answered_on.year - (answered_on <= dt.date(answered_on.year, end.month, day))
    return replace(facts, book_year_end=dt.date(year, end.month, day))


# How long a visit takes, and a first assessment in parts --------------------------------------------------------------


def estimated_minutes(due: Iterable[DueItem]) -> int:
    """About how long a visit's questions take, in whole minutes, rounded up."""
    return -(-sum(SECONDS[each.item.type] for each in due) // 60)


def sections_of_first_assessment(
    instruments: Sequence[Instrument],
    answered: Collection[str],
    *,
    stage: int,
    most: int = MOST_OF_FIRST_ASSESSMENT,
) -> tuple[SectionToOpen, ...]:
    """The sections to open at this visit of a first assessment, whole and in order; none when it is over.

    One may be spread over several visits: the next one goes on where this one ended, and what was left out in a
    section begun is asked first.

    Args:
        instruments: in the order of a visit.
        answered: ids of all items that were ever answered.
        most: items to open; a section alone is opened however long it is.
    """
    opened: list[SectionToOpen] = []
    count = 0
    for instrument in instruments:
        for section in instrument.sections:
            items = _never_answered(instrument, section, answered, stage)
            if opened and count + len(items) > most:
                return tuple(opened)
            if items:
                opened.append(SectionToOpen(instrument, section, items))
                count += len(items)
    return tuple(opened)


def _never_answered(
    instrument: Instrument, section: Section, answered: Collection[str], stage: int
) -> tuple[Item, ...]:
    return tuple(item for item in section.items if instrument.asks(item, stage) and item.id not in answered)
