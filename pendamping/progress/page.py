"""A score opened into its sections and items: which answer counts how much, since when, and with what proof."""

import calendar
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask import url_for
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.instruments.definition import Item, Proof
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.instruments.scoring import ItemScore, ItemState, SectionScore, score
from pendamping.kernel.tables import TEN_THOUSANDTHS
from pendamping.progress.charts import NARROW, WIDE, TrendChart, height_of
from pendamping.progress.drawn import digest_of
from pendamping.progress.models import StandingScore
from pendamping.progress.profile import SectionRow, Sitting, sections_of
from pendamping.progress.queries import InstrumentTitle, ScoreCell, YearOfScores, score_cell, title_of
from pendamping.progress.series import YEAR_DAYS, ScorePoint, ScoreSeries, trend_of
from pendamping.progress.words import trend_chart, trend_sentence
from pendamping.visits.log import facts_of, facts_then
from pendamping.visits.queries import RecordedAnswer, answers_as_of, current_answers, last_visit_of, plain
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


@dataclass(frozen=True, slots=True)
class TrendView:
    """A year of scores as a page shows it: the sentence, the drawing for two widths, the numbers, newest first."""

    sentence: str
    has_provisional: bool
    wide_url: str
    wide_size: tuple[int, int]
    narrow_url: str
    narrow_size: tuple[int, int]
    series: Sequence[ScoreSeries]
    rows: Sequence["TrendRow"]


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One visit's scores, in the order of the series; None where an instrument was not scored."""

    on: dt.date
    visit_id: uuid.UUID
    points: Sequence[ScorePoint | None]


def trend_view(code: str, series: tuple[ScoreSeries, ...], *, today: dt.date) -> TrendView | None:
    """None while nothing was scored."""
    wide, narrow = (year_chart(series, today=today, is_narrow=each) for each in (False, True))
    if wide is None or narrow is None:
        return None
    shown = [each for each in series if each.points]
    return TrendView(
        sentence=trend_sentence(trend_of(shown), today=today),
        has_provisional=any(point.is_provisional for each in shown for point in each.points),
        wide_url=url_for("progress.score_chart", code=code, digest=digest_of(wide, WIDE)),
        wide_size=(WIDE.width, height_of(wide, WIDE)),
        narrow_url=url_for("progress.score_chart", code=code, digest=digest_of(narrow, NARROW), lebar="sempit"),
        narrow_size=(NARROW.width, height_of(narrow, NARROW)),
        series=shown,
        rows=_trend_rows(shown),
    )


def year_chart(series: tuple[ScoreSeries, ...], *, today: dt.date, is_narrow: bool) -> TrendChart | None:
    """Whole months, so that the same visits are the same drawing all month long; None while nothing was scored."""
    if not any(each.points for each in series):
        return None
    first = (today - dt.timedelta(days=YEAR_DAYS)).replace(day=1)
    last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return trend_chart(series, first=first, last=last, is_narrow=is_narrow)


def _trend_rows(series: Sequence[ScoreSeries]) -> list[TrendRow]:
    visits: dict[uuid.UUID, dict[str, ScorePoint]] = {}
    for each in series:
        for point in each.points:
            visits.setdefault(point.visit_id, {})[each.code] = point
    rows = [
        TrendRow(max(point.on for point in points.values()), visit_id, [points.get(each.code) for each in series])
        for visit_id, points in visits.items()
    ]
    return sorted(rows, key=lambda row: row.on, reverse=True)


@dataclass(frozen=True, slots=True)
class ProfileView:
    """One instrument's sections now; `since` is the day of the first visit of the year that they are held against."""

    title: InstrumentTitle
    since: dt.date | None
    sections: Sequence[SectionRow]


def section_profile(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    year: YearOfScores,
    *,
    answers: Mapping[str, RecordedAnswer],
    today: dt.date,
) -> list[ProfileView]:
    """Every section of every instrument, from the current answers and those of then; one query, or two when an
    instrument has had an older version within the year.
    """
    versions = _versions(session, instruments, year)
    current = plain(answers)
    since = min((row.measured_on for row in year.first.values()), default=None)
    until = max((row.measured_on for row in year.last.values()), default=None)
    then = plain(answers_as_of(session, cooperative.id, since)) if since else {}
    facts = facts_of(cooperative, until or today)
    views = []
    for published in instruments:
        code = published.instrument.code
        first, last = year.first.get(code), year.last.get(code)
        instrument = versions[last.version_id].instrument if last else published.instrument
        before = None
        if first and last and first.measured_on == since and first.visit_id != last.visit_id:
            before = Sitting(versions[first.version_id].instrument, then, first.stage.order, facts_then(first))
        sections = sections_of(Sitting(instrument, current, cooperative.stage.order, facts), before)
        if sections:
            views.append(ProfileView(title_of(published), since if before else None, sections))
    return views


def _versions(
    session: Session, instruments: Sequence[PublishedInstrument], year: YearOfScores
) -> dict[uuid.UUID, PublishedInstrument]:
    known = {each.version_id: each for each in instruments}
    if older := {row.version_id for row in (*year.first.values(), *year.last.values())} - known.keys():
        known |= {each.version_id: each for each in published_by_id(session, list(older))}
    return known
