"""What a new version would change if it were in force today: each cooperative's score by the old and by the new. Pure.

The answers of today are kept where they still answer the new item (`assessment.still_answers`); the others are open.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pendamping.instruments.answers import Answer, Facts
from pendamping.instruments.assessment import assessment, still_answers
from pendamping.instruments.definition import Band, Instrument, Item
from pendamping.instruments.scoring import Score


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and the item as it was asked then: by it one knows which versions the answer answers."""

    answer: Answer
    item: Item
    answered_on: dt.date


@dataclass(frozen=True, slots=True)
class Assessed:
    """One cooperative with its current answers."""

    code: str
    name: str
    stage: int
    on: dt.date
    """The day of the newest of them: the day of the score that people see."""
    facts: Facts
    """Of the cooperative on that day."""
    given: Mapping[str, Given]
    """By item."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A score by one version; all None where nothing is answered."""

    value: Decimal | None
    """0 to 100, four decimals."""
    band: Band | None
    band_rank: int | None
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class TriedRow:
    """One cooperative under both versions."""

    code: str
    name: str
    before: Tried
    after: Tried
    asked_again: tuple[str, ...]
    """Items whose answer counts now and would be open: they are judged otherwise, or may no longer be N/A."""

    @property
    def change(self) -> Decimal | None:
        """None where one of the two is no score."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def changes_score(self) -> bool:
        return self.before.value != self.after.value

    @property
    def changes_band(self) -> bool:
        """By what people read: a band that is only called otherwise has changed for them."""
        return _called(self.before.band) != _called(self.after.band)

    @property
    def is_touched(self) -> bool:
        return self.changes_score or self.changes_band or bool(self.asked_again)


def dry_run(old: Instrument, new: Instrument, cooperatives: Iterable[Assessed]) -> list[TriedRow]:
    """Every cooperative by both versions, the largest change first; one that loses or gains its score before all."""
    rows = [_row(old, new, each) for each in cooperatives]
    return sorted(rows, key=lambda row: (-_size(row), not row.changes_band, -len(row.asked_again), row.name, row.code))


def _row(old: Instrument, new: Instrument, cooperative: Assessed) -> TriedRow:
    counted = _counting(new, cooperative)
    asked = {item.id for item in new.items if new.asks(item, cooperative.stage)}
    again = tuple(item_id for item_id in _counting(old, cooperative) if item_id in asked and item_id not in counted)
    before, after = _scored(old, cooperative), _scored(new, cooperative)
    return TriedRow(cooperative.code, cooperative.name, _tried(before), _tried(after), again)


def _scored(instrument: Instrument, cooperative: Assessed) -> Score:
    """As the cooperative's pages score it: what has come round since it was answered proves nothing any more."""
    answers = _counting(instrument, cooperative)
    now = assessment(instrument, answers, stage=cooperative.stage, on=cooperative.on, facts=cooperative.facts)
    return now.score()


def _counting(instrument: Instrument, cooperative: Assessed) -> dict[str, Given]:
    """The answers that answer this version's items."""
    items = {item.id: item for item in instrument.items}
    return {
        item_id: given
        for item_id, given in cooperative.given.items()
        if item_id in items and still_answers(given.answer, given.item, items[item_id])
    }


def _tried(result: Score) -> Tried:
    return Tried(result.rounded, result.band, result.band_rank, result.is_provisional)


def _size(row: TriedRow) -> Decimal:
    if row.change is not None:
        return abs(row.change)
    return Decimal(1000) if row.changes_score else Decimal(0)


def _called(band: Band | None) -> str | None:
    return None if band is None else band.name_id
