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
from pendamping.instruments.assessment import Assessment
from pendamping.instruments.definition import Item, Proof
from pendamping.instruments.due import comes_round_on, expires_on
from pendamping.instruments.lifting import Lift, Shortfall, lifts
from pendamping.instruments.queries import PublishedInstrument, instruments_on, published_by_id
from pendamping.instruments.score_changes import Move, moves
from pendamping.instruments.scoring import ItemScore, ItemState, Score, SectionScore
from pendamping.kernel.tables import TEN_THOUSANDTHS
from pendamping.plans.queries import ActionView, open_actions
from pendamping.progress.explained.queries import current_score, scores_before_visit
from pendamping.progress.explained.words import move_words
from pendamping.progress.queries import InstrumentTitle, ScoreCell, score_cell, title_of
from pendamping.visits.assessments import assessments
from pendamping.visits.log import facts_of
from pendamping.visits.models import Visit, VisitScore
from pendamping.visits.queries import RecordedAnswer, current_answers, scores_of_visit
from pendamping.visits.stored_scores import PastScore, came_later, past_scores
from pendamping.visits.words import answer_words

LIFTS_SHOWN = 5
ADVICE_SHOWN = 3
MOVES_SHOWN = 8
MOVES_OF_VISIT_SHOWN = 3
SMALLEST_SHOWN = Fraction(1, 20)
"""Points that are still seen with one digit after the comma."""


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
    is_carried: bool
    """From a visit before the one that the score was measured at."""
    version: str
    """The version of the instrument that the answer was given on, where it is another one."""
    is_critical_unmet: bool
    is_unproven: bool
    is_lapsed: bool
    """Already in this score; `expires_on` may have passed since it was measured."""
    expires_on: dt.date | None
    comes_round_on: dt.date | None


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
class MoveLine:
    """What moved the score; `size` is 0 to 100 of the largest move on the page."""

    item: Item | None
    words: str
    points: Decimal
    size: Decimal


@dataclass(frozen=True, slots=True)
class MovesView:
    """What moved a score since the visit before; `more` and `unmoved` say how many steps are not among the lines."""

    title: InstrumentTitle
    since: dt.date
    visit_id: uuid.UUID
    change: Decimal
    lines: Sequence[MoveLine]
    more: int
    unmoved: int
    """Items that were answered otherwise and left the score where it was."""


@dataclass(frozen=True, slots=True)
class LiftLine:
    item: Item
    shortfall: str
    points: Decimal
    caps: bool
    action: ActionView | None
    """What has been agreed about it and is not done yet."""


@dataclass(frozen=True, slots=True)
class LiftsView:
    """What would lift the score most, and the unmet critical items that cap its band."""

    best: Sequence[LiftLine]
    capping: Sequence[LiftLine]
    band_id: str
    band_en: str
    """The band once all critical items are met; empty where it would stay."""


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """An answer to that day which came in after the score had been stored."""

    item: Item
    words: str
    visit_id: uuid.UUID
    answered_on: dt.date


@dataclass(frozen=True, slots=True)
class ScorePage:
    cooperative: NameAndCode
    cell: ScoreCell
    version: str
    is_capped: bool
    as_of: dt.date
    """The day that validity is told for: today, or the day of the visit."""
    sections: Sequence[ScoreSection]
    moves: MovesView | None
    lifts: LiftsView | None
    """None for a score of the past."""
    visit_id: uuid.UUID | None = None
    """The visit after which this was the score; None for the score now."""
    late: Sequence[LateAnswer] = ()
    is_exact: bool = True


def score_page(
    session: Session, cooperative: Cooperative, published: PublishedInstrument, *, today: dt.date
) -> ScorePage:
    """The current score with every step of its arithmetic, what moved it, and what would lift it."""
    now = current_score(session, cooperative, published, today=today)
    code = now.published.instrument.code
    before = scores_before_visit(session, now.last_visit, codes=[code]).get(code) if now.last_visit else None
    actions = open_actions(session, cooperative.id, today=today)
    return ScorePage(
        cooperative=name_and_code(cooperative),
        cell=score_cell(
            now.published,
            now.stored,
            previous=now.stored.previous_score if now.stored else None,
            stage=cooperative.stage,
        ),
        version=now.published.instrument.version,
        is_capped=now.score.is_capped,
        as_of=today,
        sections=_sections(session, now.published, now.score, now.recorded, now.day),
        moves=moves_view(before, now.assessment, now.published, shown=MOVES_SHOWN) if before else None,
        lifts=_lifts(now.assessment, actions, today),
    )


def past_score_page(session: Session, visit: Visit, cooperative: Cooperative, code: str) -> ScorePage | None:
    """The score after a visit, as it was stored then; None where the visit left none of this instrument."""
    rows = [row for row in scores_of_visit(session, visit.id) if row.instrument_code == code]
    if not rows:
        return None
    (past,) = past_scores(session, visit, rows)
    row, published = past.row, past.published
    before = scores_before_visit(session, visit, codes=[code]).get(code)
    return ScorePage(
        cooperative=name_and_code(cooperative),
        cell=score_cell(published, row, previous=before.row.score if before else None, stage=row.stage),
        version=published.instrument.version,
        is_capped=past.score.is_capped,
        as_of=row.measured_on,
        sections=_sections(session, published, past.score, past.recorded, row.measured_on),
        moves=moves_view(before, past.assessment, published, shown=MOVES_SHOWN) if before else None,
        lifts=None,
        visit_id=visit.id,
        late=[_late(published, each) for each in came_later(session, past).values()],
        is_exact=past.is_exact,
    )


def _late(published: PublishedInstrument, recorded: RecordedAnswer) -> LateAnswer:
    item = published.instrument.item(recorded.answer.item_id)
    words = answer_words(item, recorded.answer)
    return LateAnswer(item, words, recorded.visit_id, recorded.answered_on)


def moves_of_visit(session: Session, visit: Visit, rows: Sequence[VisitScore]) -> list[MovesView]:
    """What moved each score since the visit before, short; nothing of instruments that were not scored then."""
    if not rows:
        return []
    before = scores_before_visit(session, visit, codes=[row.instrument_code for row in rows])
    if not before:
        return []
    views = [
        moves_view(before[past.row.instrument_code], past.assessment, past.published, shown=MOVES_OF_VISIT_SHOWN)
        for past in past_scores(session, visit, rows)
        if past.row.instrument_code in before
    ]
    return [view for view in views if view is not None]


def moves_view(before: PastScore, now: Assessment, published: PublishedInstrument, *, shown: int) -> MovesView | None:
    """None where one of the two has no score."""
    found = moves(before.assessment, now)
    if found.change is None:
        return None
    moving = found.by_size
    largest = abs(moving[0].points) if moving else Fraction(1)
    seen = [each for each in moving if abs(each.points) >= SMALLEST_SHOWN][:shown]
    return MovesView(
        title=title_of(published),
        since=before.row.measured_on,
        visit_id=before.row.visit_id,
        change=decimal_of(found.change),
        lines=[_line(each, before.assessment, now, largest) for each in seen],
        more=len(moving) - len(seen),
        unmoved=sum(not each.points and each.item is not None for each in found.steps),
    )


def _line(move: Move, before: Assessment, now: Assessment, largest: Fraction) -> MoveLine:
    size = decimal_of(100 * abs(move.points) / largest)
    return MoveLine(move.item, move_words(move, before, now), decimal_of(move.points), size)


def _lifts(assessment: Assessment, actions: Sequence[ActionView], today: dt.date) -> LiftsView:
    found = lifts(assessment, on=today)
    about = {action.item_id: action for action in reversed(actions) if action.item_id}
    band = found.band_if_met
    return LiftsView(
        best=[_lift(each, about) for each in found.items if each.points][:LIFTS_SHOWN],
        capping=[_lift(each, about) for each in found.capping],
        band_id=band.name_id if band else "",
        band_en=band.name_en if band else "",
    )


def _lift(lift: Lift, about: Mapping[str, ActionView]) -> LiftLine:
    return LiftLine(lift.item, lift.shortfall, decimal_of(lift.points), lift.caps, about.get(lift.item.id))


def _sections(
    session: Session,
    published: PublishedInstrument,
    score: Score,
    recorded: Mapping[str, RecordedAnswer],
    day: dt.date,
) -> list[ScoreSection]:
    other = {each.version_id for each in recorded.values()} - {published.version_id}
    versions = {each.version_id: each.instrument for each in published_by_id(session, list(other))}
    named = {id_: each.version for id_, each in versions.items() if each.code == published.instrument.code}
    sections = [_section(each, recorded, named, day) for each in score.sections]
    return [section for section in sections if section.items]


def _section(
    scored: SectionScore, recorded: Mapping[str, RecordedAnswer], versions: Mapping[uuid.UUID, str], day: dt.date
) -> ScoreSection:
    section = scored.section
    asked = [each for each in scored.items if each.state is not ItemState.HIDDEN]
    return ScoreSection(
        code=section.code,
        name_id=section.name_id,
        name_en=section.name_en,
        weight=section.weight,
        score=None if scored.value is None else decimal_of(scored.value),
        share=None if scored.share is None else decimal_of(scored.share),
        items=[score_item(each, recorded.get(each.item.id) if each.answer else None, versions, day) for each in asked],
    )


def score_item(
    scored: ItemScore, recorded: RecordedAnswer | None, versions: Mapping[uuid.UUID, str], day: dt.date
) -> ScoreItem:
    """One item as it stands in a score that was measured on a day."""
    counted = None if scored.counted is None else Decimal(scored.counted) / TEN_THOUSANDTHS
    item = scored.item
    return ScoreItem(
        item=item,
        state=scored.state,
        words=answer_words(item, recorded.answer) if recorded else "",
        proof=recorded.answer.proof if recorded else None,
        note=recorded.answer.note if recorded else "",
        value=None if scored.value is None else Decimal(scored.value) / TEN_THOUSANDTHS,
        counted=counted,
        weight=item.weight,
        points=None if counted is None else counted * item.weight,
        visit_id=recorded.visit_id if recorded else None,
        answered_on=recorded.answered_on if recorded else None,
        is_carried=recorded is not None and recorded.answered_on < day,
        version=versions.get(recorded.version_id, "") if recorded else "",
        is_critical_unmet=scored.is_critical_unmet,
        is_unproven=scored.is_unproven,
        is_lapsed=scored.is_lapsed,
        expires_on=expires_on(item, recorded.answered_on) if recorded else None,
        comes_round_on=comes_round_on(item, recorded.answered_on) if recorded else None,
    )


def decimal_of(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


# In the cooperative's own words ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """One thing that a cooperative can do; what nobody has asked it yet is never among them."""

    item: Item
    is_proof: bool
    """It is done already, and only the proof is missing."""
    caps: bool
    action: ActionView | None


def own_advice(
    session: Session, cooperative: Cooperative, actions: Sequence[ActionView], *, today: dt.date
) -> list[AdviceLine]:
    """What would lift a cooperative's scores most, over all instruments, the most first.

    Args:
        actions: those that are open.
    """
    current = current_answers(session, cooperative.id)
    if not current:
        return []
    day = max(each.answered_on for each in current.values())
    found = [
        lift
        for _published, assessment in assessments(
            session,
            instruments_on(session, today),
            current,
            stage=cooperative.stage,
            on=day,
            facts=facts_of(cooperative, day),
        )
        for lift in lifts(assessment, on=today).items
        if lift.points and lift.shortfall not in (Shortfall.UNANSWERED, Shortfall.BETTER)
    ]
    about = {action.item_id: action for action in reversed(actions) if action.item_id}
    return [
        AdviceLine(each.item, each.shortfall is not Shortfall.POOR, each.caps, about.get(each.item.id))
        for each in sorted(found, key=lambda lift: -lift.points)[:ADVICE_SHOWN]
    ]
