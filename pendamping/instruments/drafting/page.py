"""What the pages of instruments and their drafts show, gathered for their templates."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.definition import Instrument, Item
from pendamping.instruments.difference import Change, ChangeKind, Subject, carries_over, difference
from pendamping.instruments.drafting.dry_run import Assessed, Given, TriedRow, dry_run
from pendamping.instruments.drafting.queries import DraftView, all_drafts, cooperatives_to_try
from pendamping.instruments.exchange.queries import Version, all_versions, in_force
from pendamping.instruments.exchange.words import change_words, summary_words
from pendamping.instruments.queries import published_by_id
from pendamping.instruments.reading.document import examine
from pendamping.instruments.reading.nodes import InstrumentFault
from pendamping.instruments.reading.text import content_hash
from pendamping.instruments.succession import refuse_to_follow
from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import word
from pendamping.visits.log import facts_of
from pendamping.visits.queries import RecordedAnswer, current_answers_of

MOST_TRIED = 500
"""A dry run takes no more cooperatives than this: a page must be there at once."""


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """One instrument with all its versions; `now` is None where none is in force yet."""

    code: str
    now: Version | None
    to_come: Sequence[Version]
    older: Sequence[Version]
    """The newest first."""
    draft: DraftView | None

    @property
    def title(self) -> Instrument:
        newest = self.now or self.to_come[0]
        return newest.instrument


def instrument_lines(session: Session, *, today: dt.date) -> list[InstrumentLine]:
    drafts = all_drafts(session)
    return [_line(code, versions, drafts.get(code), today) for code, versions in all_versions(session).items()]


def _line(code: str, versions: Sequence[Version], draft: DraftView | None, today: dt.date) -> InstrumentLine:
    now = in_force(versions, today)
    begun = [each for each in versions if each.effective_on <= today and each is not now]
    return InstrumentLine(code, now, [each for each in versions if each.effective_on > today], begun[::-1], draft)


# What a draft changes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What is different about one item, in words, and whether the answers that are there still answer it."""

    item: Item
    lines: Sequence[str]
    keeps_answers: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that a draft changes, in words."""

    summary: str
    general: Sequence[str]
    changed: Sequence[ItemChanges]
    added: Sequence[Item]
    removed: Sequence[Item]

    @property
    def is_empty(self) -> bool:
        return not (self.general or self.changed or self.added or self.removed)

    @property
    def asked_again(self) -> Sequence[Item]:
        return [each.item for each in self.changed if not each.keeps_answers]


def differences(old: Instrument, new: Instrument) -> Differences:
    changes = difference(old, new)
    before, after = {item.id: item for item in old.items}, {item.id: item for item in new.items}
    of_item: dict[str, list[str]] = {}
    for change in changes:
        if change.subject is Subject.ITEM and change.kind in (ChangeKind.CHANGED, ChangeKind.MOVED):
            of_item.setdefault(change.subject_id, []).append(_without_subject(change))
        elif change.subject is Subject.ANSWER:
            for item in (each for each in new.items if each.type == change.subject_id and each.id in before):
                of_item.setdefault(item.id, [])
    return Differences(
        summary=summary_words(changes),
        general=[change_words(change) for change in changes if change.subject is not Subject.ITEM],
        changed=[
            ItemChanges(item, of_item[item.id], _keeps_answers(before[item.id], item))
            for item in new.items
            if item.id in of_item
        ],
        added=[item for item in new.items if item.id not in before],
        removed=[item for item in old.items if item.id not in after],
    )


def _without_subject(change: Change) -> str:
    """The item's code stands above its lines already."""
    return change_words(change).removeprefix(f"{change.subject_id}: ")


def _keeps_answers(old: Item, new: Item) -> bool:
    return carries_over(old, new) and (new.na_allowed or not old.na_allowed)


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft beside the version that it follows."""

    draft: DraftView
    instrument: Instrument
    faults: Sequence[InstrumentFault]
    """What does not hold together yet; it may be kept like this, and not be published."""
    follows: Version
    is_in_force: bool
    refusal: DomainError | None
    """Why it could not be published today, although it holds together."""
    differences: Differences

    @property
    def can_be_tried(self) -> bool:
        return not self.faults

    @property
    def can_be_published(self) -> bool:
        return not self.faults and self.refusal is None

    @property
    def sha256(self) -> str:
        return content_hash(self.draft.document)

    @property
    def section_weights(self) -> Mapping[str, int]:
        """What the items of each section weigh together."""
        return {each.code: sum(item.weight for item in each.items) for each in self.instrument.sections}


def draft_page(draft: DraftView, versions: Sequence[Version], *, today: dt.date) -> DraftPage:
    instrument, faults = examine(draft.document)
    follows = versions[-1]
    try:
        refuse_to_follow(instrument, versions)
    except DomainError as error:
        refusal: DomainError | None = error
    else:
        refusal = None
    return DraftPage(
        draft=draft,
        instrument=instrument,
        faults=faults,
        follows=follows,
        is_in_force=follows is in_force(versions, today),
        refusal=refusal,
        differences=differences(follows.instrument, instrument),
    )


def section_choices(draft: DraftView) -> list[tuple[str, str]]:
    """The sections in which an item of this draft can stand, for a form."""
    instrument, _faults = examine(draft.document)
    return [(each.code, f"{each.code} · {word(each, 'name')}") for each in instrument.sections]


# The dry run ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DryRun:
    """The cooperatives whose score, band or open items a draft would change."""

    rows: Sequence[TriedRow]
    tried: int
    total: int
    new_items: Sequence[Item]

    @property
    def is_sample(self) -> bool:
        return self.tried < self.total

    @property
    def untouched(self) -> int:
        return self.tried - len(self.rows)

    @property
    def scores_changed(self) -> int:
        return sum(row.changes_score for row in self.rows)

    @property
    def bands_changed(self) -> int:
        return sum(row.changes_band for row in self.rows)

    @property
    def answers_asked_again(self) -> int:
        return sum(len(row.asked_again) for row in self.rows)


def try_out(
    session: Session,
    old: Instrument,
    new: Instrument,
    visible: Select[Cooperative],
    *,
    today: dt.date,
    most: int = MOST_TRIED,
) -> DryRun:
    """Score every visible cooperative by its current answers under both versions; a few queries for all of them."""
    cooperatives, total = cooperatives_to_try(session, visible, most=most)
    answers = current_answers_of(session, [each.id for each in cooperatives])
    items = _items_then(session, answers)
    assessed = [_assessed(each, answers.get(each.id, {}), items, today) for each in cooperatives]
    rows = dry_run(old, new, assessed)
    known = {item.id for item in old.items}
    return DryRun(
        rows=[row for row in rows if row.is_touched],
        tried=len(cooperatives),
        total=total,
        new_items=[item for item in new.items if item.id not in known],
    )


def _assessed(
    cooperative: Cooperative,
    answers: Mapping[str, RecordedAnswer],
    items: Mapping[tuple[uuid.UUID, str], Item],
    today: dt.date,
) -> Assessed:
    on = max((each.answered_on for each in answers.values()), default=today)
    return Assessed(
        code=cooperative.code,
        name=cooperative.short_name,
        stage=cooperative.stage.order,
        on=on,
        facts=facts_of(cooperative, on),
        given={
            item_id: Given(each.answer, items[each.version_id, item_id], each.answered_on)
            for item_id, each in answers.items()
        },
    )


def _items_then(
    session: Session, answers: Mapping[uuid.UUID, Mapping[str, RecordedAnswer]]
) -> dict[tuple[uuid.UUID, str], Item]:
    """Each item as it was asked when it was answered, by version and code."""
    versions = {given.version_id for of_one in answers.values() for given in of_one.values()}
    return {
        (published.version_id, item.id): item
        for published in published_by_id(session, sorted(versions))
        for item in published.instrument.items
    }
