"""A score opened into its sections and items: which answer counts how much, since when, and with what proof."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.definition import Item, Proof
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.instruments.scoring import ItemScore, ItemState, SectionScore, score
from pendamping.kernel.tables import TEN_THOUSANDTHS
from pendamping.progress.models import StandingScore
from pendamping.progress.queries import ScoreCell, score_cell
from pendamping.visits.queries import RecordedAnswer, current_answers, last_visit_of, plain
from pendamping.visits.service import facts_of
from pendamping.visits.words import answer_words


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item's part in a score. `value` and `counted` run from 0 to 1; `points` is counted times weight."""

    item: Item
    state: ItemState
    words: str
    proof: Proof | None
    note: str
    value: Decimal | None
    counted: Decimal | None
    weight: int
    points: Decimal | None
    visit_id: uuid.UUID | None
    answered_on: dt.date | None
    is_critical_unmet: bool
    is_unproven: bool


@dataclass(frozen=True, slots=True)
class ScoreSection:
    """One section's score, and `share`: its points of the total."""

    code: str
    name_id: str
    name_en: str
    weight: int
    score: Decimal | None
    share: Decimal | None
    items: Sequence[ScoreItem]


@dataclass(frozen=True, slots=True)
class ScorePage:
    cooperative: NameAndCode
    cell: ScoreCell
    version: str
    is_capped: bool
    sections: Sequence[ScoreSection]


def score_page(
    session: Session, cooperative: Cooperative, published: PublishedInstrument, *, today: dt.date
) -> ScorePage:
    """Work the current score out again from the current answers and keep every step of the arithmetic.

    Until the next visit a number stays the one of the version it was made by, and is explained by that version.
    """
    stored = session.get(StandingScore, (cooperative.id, published.instrument.code))
    if stored is not None and stored.version_id != published.version_id:
        (published,) = published_by_id(session, [stored.version_id])
    current = current_answers(session, cooperative.id)
    last_visit = last_visit_of(session, cooperative.id)
    facts = facts_of(cooperative, last_visit.visited_on if last_visit else today)
    result = score(published.instrument, plain(current), stage=cooperative.stage.order, facts=facts)
    previous = stored.previous_score if stored else None
    sections = [_section(each, current) for each in result.sections]
    return ScorePage(
        cooperative=name_and_code(cooperative),
        cell=score_cell(published, stored, previous=previous, stage=cooperative.stage),
        version=published.instrument.version,
        is_capped=result.is_capped,
        sections=[section for section in sections if section.items],
    )


def _section(scored: SectionScore, current: Mapping[str, RecordedAnswer]) -> ScoreSection:
    section = scored.section
    return ScoreSection(
        code=section.code,
        name_id=section.name_id,
        name_en=section.name_en,
        weight=section.weight,
        score=_decimal(scored.value),
        share=_decimal(scored.share),
        items=[_item(each, current.get(each.item.id)) for each in scored.items if each.state is not ItemState.HIDDEN],
    )


def _item(scored: ItemScore, recorded: RecordedAnswer | None) -> ScoreItem:
    counted = None if scored.counted is None else Decimal(scored.counted) / TEN_THOUSANDTHS
    return ScoreItem(
        item=scored.item,
        state=scored.state,
        words=answer_words(scored.item, recorded.answer) if recorded else "",
        proof=recorded.answer.proof if recorded else None,
        note=recorded.answer.note if recorded else "",
        value=None if scored.value is None else Decimal(scored.value) / TEN_THOUSANDTHS,
        counted=counted,
        weight=scored.item.weight,
        points=None if counted is None else counted * scored.item.weight,
        visit_id=recorded.visit_id if recorded else None,
        answered_on=recorded.answered_on if recorded else None,
        is_critical_unmet=scored.is_critical_unmet,
        is_unproven=scored.is_unproven,
    )


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
