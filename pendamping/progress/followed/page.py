"""One item of one cooperative as its page shows it: where it stands, and everything that was ever said of it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.cooperatives.records.figures import Month
from pendamping.instruments.answers import Facts, MissingFact, answer_value
from pendamping.instruments.definition import GOOD_VALUE, NOT_APPLICABLE, Item, Proof
from pendamping.instruments.queries import PublishedInstrument, instruments_on, published_by_id
from pendamping.kernel.tables import TEN_THOUSANDTHS
from pendamping.progress.explained.page import ScoreItem, score_item
from pendamping.progress.explained.queries import current_score
from pendamping.progress.followed.queries import (
    ActionStory,
    ItemAtVisit,
    ItemPhoto,
    LoggedAnswer,
    actions_on_item,
    photos_of_item,
    visits_with_item,
)
from pendamping.progress.queries import InstrumentTitle, title_of
from pendamping.progress.series import YEAR_DAYS
from pendamping.visits.log import facts_of, facts_then
from pendamping.visits.words import answer_words

MONTHS_SHOWN = 12


class Look(StrEnum):
    """How an answer looks in the picture of the year."""

    GOOD = "good"
    UNPROVEN = "unproven"
    POOR = "poor"
    NA = "na"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of the log in the words of its version; `counted` is None for what takes no part in a score."""

    words: str
    proof: Proof
    note: str
    revision: int
    recorded_at: dt.datetime
    version: str
    counted: Decimal | None
    look: Look


@dataclass(frozen=True, slots=True)
class VisitLine:
    visit_id: uuid.UUID
    visited_on: dt.date
    facilitator_name: str
    answer: AnswerLine
    earlier: Sequence[AnswerLine]


@dataclass(frozen=True, slots=True)
class MonthMark:
    """A month of the year with its last answer."""

    month: Month
    look: Look


@dataclass(frozen=True, slots=True)
class ItemPage:
    cooperative: NameAndCode
    instrument: InstrumentTitle
    version: str
    item: Item
    is_removed: bool
    """No longer asked by the version in force; shown in the words of the one it was last answered on."""
    section_id: str
    section_en: str
    standing: ScoreItem | None
    """Where it stands in the score now; None where it takes no part."""
    as_of: dt.date
    months: Sequence[MonthMark]
    visits: Sequence[VisitLine]
    next_after: uuid.UUID | None
    """The visit after which older answers begin; None where there are none."""
    photos: Sequence[ItemPhoto]
    actions: Sequence[ActionStory]


def item_page(
    session: Session, cooperative: Cooperative, item_id: str, *, after: uuid.UUID | None, size: int, today: dt.date
) -> ItemPage | None:
    """None where neither the instruments in force nor the cooperative's own answers know the item.

    Args:
        after: the visit that the stretch before ended with; the first one shows the last year, and each later one
            whatever is older.
    """
    code = item_id.partition("-")[0]
    found = visits_with_item(session, cooperative.id, item_id, code, after=after, limit=size + 1)
    in_force = _asking(instruments_on(session, today), item_id)
    versions = {each.version_id: each for each in published_by_id(session, _versions(found))}
    published = in_force or (versions[found[0].answer.version_id] if found else None)
    if published is None:
        return None
    item = published.instrument.item(item_id)
    shown = found[:size] if after else _of_the_year(found, today)[:size]
    today_facts = facts_of(cooperative, today)
    lines = [_visit_line(each, versions, today_facts) for each in shown]
    section = next(each for each in published.instrument.sections if item in each.items)
    return ItemPage(
        cooperative=name_and_code(cooperative),
        instrument=title_of(published),
        version=published.instrument.version,
        item=item,
        is_removed=in_force is None,
        section_id=section.name_id,
        section_en=section.name_en,
        standing=_standing(session, cooperative, in_force, item_id, today),
        as_of=today,
        months=[] if after else _months(lines, today),
        visits=lines,
        next_after=shown[-1].visit_id if len(found) > len(shown) else None,
        photos=photos_of_item(session, cooperative.id, item_id),
        actions=actions_on_item(session, cooperative.id, item_id, today=today),
    )


def _asking(instruments: Sequence[PublishedInstrument], item_id: str) -> PublishedInstrument | None:
    asking = (each for each in instruments if any(item.id == item_id for item in each.instrument.items))
    return next(asking, None)


def _versions(found: Sequence[ItemAtVisit]) -> list[uuid.UUID]:
    return list({logged.version_id for each in found for logged in (each.answer, *each.earlier)})


def _of_the_year(found: Sequence[ItemAtVisit], today: dt.date) -> Sequence[ItemAtVisit]:
    """Those of the last year; the newest one however old it is."""
    since = today - dt.timedelta(days=YEAR_DAYS)
    return [each for each in found if each.visited_on >= since] or found[:1]


def _standing(
    session: Session, cooperative: Cooperative, published: PublishedInstrument | None, item_id: str, today: dt.date
) -> ScoreItem | None:
    if published is None:
        return None
    now = current_score(session, cooperative, published, today=today)
    scored = (each for section in now.score.sections for each in section.items if each.item.id == item_id)
    return next(
        (score_item(each, now.recorded.get(item_id) if each.answer else None, {}, now.day) for each in scored), None
    )


def _visit_line(at: ItemAtVisit, versions: Mapping[uuid.UUID, PublishedInstrument], today_facts: Facts) -> VisitLine:
    facts = facts_then(at.score) if at.score else today_facts
    lines = [_answer_line(each, versions, facts) for each in (at.answer, *at.earlier)]
    return VisitLine(at.visit_id, at.visited_on, at.facilitator_name, lines[0], lines[1:])


def _answer_line(logged: LoggedAnswer, versions: Mapping[uuid.UUID, PublishedInstrument], facts: Facts) -> AnswerLine:
    instrument = versions[logged.version_id].instrument
    item, answer = instrument.item(logged.answer.item_id), logged.answer
    look, counted = _worth(item, logged, facts)
    return AnswerLine(
        words=answer_words(item, answer),
        proof=answer.proof,
        note=answer.note,
        revision=logged.revision,
        recorded_at=logged.recorded_at,
        version=instrument.version,
        counted=None if counted is None else Decimal(counted) / TEN_THOUSANDTHS,
        look=look,
    )


def _worth(item: Item, logged: LoggedAnswer, facts: Facts) -> tuple[Look, int | None]:
    """How an answer looks, and what it counted at its own visit, in ten-thousandths."""
    if logged.answer.value == NOT_APPLICABLE:
        return Look.NA, None
    try:
        value = answer_value(item, logged.answer, facts) or 0
    except MissingFact:
        return Look.NONE, None
    if value < GOOD_VALUE:
        return Look.POOR, value
    if logged.answer.proof == Proof.CLAIM:
        return Look.UNPROVEN, 0 if item.is_critical else value
    return Look.GOOD, value


def _months(lines: Sequence[VisitLine], today: dt.date) -> list[MonthMark]:
    """The last twelve months, the oldest first."""
    last = {Month.of(each.visited_on): each.answer.look for each in reversed(lines)}
    months = [Month.of(today).minus(back) for back in reversed(range(MONTHS_SHOWN))]
    return [MonthMark(month, last.get(month, Look.NONE)) for month in months]
