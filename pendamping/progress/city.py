"""The agency's figures: counted by the database over standings, whatever the number of cooperatives."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Region, Stage
from pendamping.cooperatives.policy import is_among, runs_on
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.statement_cache import built_once
from pendamping.kernel.tables import TEN_THOUSANDTHS
from pendamping.plans.models import OPEN_STATUSES, Action
from pendamping.progress.matters import SILENT_AFTER_DAYS, with_standings
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.narrowing import visited_in
from pendamping.progress.queries import DISTRICT_CODE_LENGTH
from pendamping.visits.evidence import Grade
from pendamping.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cooperatives there are, and of how many something holds."""

    cooperatives: int
    visited: int
    silent: int
    partners: int
    open_actions: int


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of an instrument's scores; `change` against the visits before, over those that have both."""

    code: str
    score: Decimal
    count: int
    provisional: int
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A cooperative, or in a wider region a city, with its score."""

    code: str
    name: str
    group_code: str
    group_name: str
    score: Decimal | None
    band_code: str | None
    count: int


@dataclass(frozen=True, slots=True)
class FacilitatorMonth:
    """How somebody's month goes; the day of the last visit is that of the caseload's, whoever made it."""

    id: uuid.UUID
    name: str
    cooperatives: int
    visits: int
    late_actions: int
    weak: int
    silent: int
    last_visit_on: dt.date | None


def counts(session: Session, cooperatives: Select[Cooperative], *, month: Month, today: dt.date) -> Counts:
    """One query, one pass over the cooperatives and their standings."""
    row = session.execute(_counting(cooperatives, month, today)).one()
    return Counts(*(int(each or 0) for each in row))


@built_once
def _counting(cooperatives: Select[Cooperative], month: Month, today: dt.date) -> Select[*tuple[Any, ...]]:
    visited = visited_in(month)
    if month == Month.of(today):  # a visit of this month is always the last one, or came before it in this month
        visited = and_(Standing.last_visit_on.is_not(None), Standing.last_visit_on >= month.first_day)
    silent_since = today - dt.timedelta(days=SILENT_AFTER_DAYS)
    silent = or_(Standing.last_visit_on.is_(None), Standing.last_visit_on < silent_since)
    return with_standings(cooperatives).with_only_columns(
        func.count(),
        func.sum(case((visited, 1), else_=0)),
        func.sum(case((silent, 1), else_=0)),
        func.sum(case((Cooperative.stage == Stage.PARTNERSHIP, 1), else_=0)),
        func.sum(Standing.open_actions),
    )


def means(session: Session, cooperatives: Select[Cooperative]) -> dict[str, Mean]:
    """The mean of each instrument's scores there are, by its code; one query."""
    return {
        code: Mean(code, _points(total, count), count, int(provisional), _points(moved, int(pairs)) if pairs else None)
        for code, total, count, provisional, moved, pairs in session.execute(_scored(cooperatives))
    }


@built_once
def _scored(cooperatives: Select[Cooperative]) -> Select[*tuple[Any, ...]]:
    score, before = cast(StandingScore.score, Integer), cast(StandingScore.previous_score, Integer)
    both = and_(StandingScore.score.is_not(None), StandingScore.previous_score.is_not(None))
    return (
        select(
            StandingScore.instrument_code,
            func.sum(score),
            func.count(),
            func.sum(case((StandingScore.is_provisional, 1), else_=0)),
            func.sum(case((both, score - before))),
            func.sum(case((both, 1), else_=0)),
        )
        .where(StandingScore.score.is_not(None), is_among(cooperatives, StandingScore.cooperative_id))
        .group_by(StandingScore.instrument_code)
    )


def _points(total: int | None, count: int) -> Decimal:
    return Decimal(int(total or 0)) / count / TEN_THOUSANDTHS


def late_actions(session: Session, cooperatives: Select[Cooperative], *, today: dt.date) -> int:
    """Open actions past their day; one query."""
    return session.scalar(_late(cooperatives, today)) or 0


@built_once
def _late(cooperatives: Select[Cooperative], today: dt.date) -> Select[int]:
    return select(func.count()).where(
        Action.status.in_(OPEN_STATUSES), Action.due_on < today, is_among(cooperatives, Action.cooperative_id)
    )


def tiles(session: Session, cooperatives: Select[Cooperative], code: str) -> list[Tile]:
    """Each cooperative with its score of one instrument, by kecamatan; one query."""
    return [Tile(*row, count=1) for row in session.execute(_scored_by_district(cooperatives, code))]


@built_once
def _scored_by_district(
    cooperatives: Select[Cooperative], code: str
) -> Select[str, str, str, str, Decimal | None, str | None]:
    district = aliased(Region)
    own = and_(StandingScore.cooperative_id == Cooperative.id, StandingScore.instrument_code == code)
    return (
        cooperatives.join(district, district.code == func.substr(Cooperative.code, 1, DISTRICT_CODE_LENGTH))
        .outerjoin(StandingScore, own)
        .with_only_columns(
            Cooperative.code,
            Cooperative.short_name,
            district.code,
            district.display_name,
            StandingScore.score,
            StandingScore.band_code,
        )
        .order_by(district.display_name, district.code, Cooperative.short_name, Cooperative.code)
    )


def city_tiles(session: Session, cooperatives: Select[Cooperative], code: str) -> list[Tile]:
    """Each city with the mean of one instrument, by province; one query."""
    return [
        Tile(
            code=row[0],
            name=row[1],
            group_code=row[2],
            group_name=row[3],
            score=_points(row.total, row.scored) if row.scored else None,
            band_code=None,
            count=row.cooperatives,
        )
        for row in session.execute(_scored_by_city(cooperatives, code))
    ]


@built_once
def _scored_by_city(cooperatives: Select[Cooperative], code: str) -> Select[*tuple[Any, ...]]:
    city, province = aliased(Region), aliased(Region)
    own = and_(StandingScore.cooperative_id == Cooperative.id, StandingScore.instrument_code == code)
    counted = (
        cooperatives.outerjoin(StandingScore, own)
        .with_only_columns(
            Cooperative.city_code.label("city_code"),
            func.sum(cast(StandingScore.score, Integer)).label("total"),
            func.count(StandingScore.score).label("scored"),
            func.count().label("cooperatives"),
        )
        .group_by(Cooperative.city_code)
        .subquery()
    )
    return (
        select(city.code, city.display_name, province.code, province.display_name, counted)
        .join(counted, counted.c.city_code == city.code)
        .join(province, province.code == city.parent_code)
        .order_by(province.display_name, city.display_name, city.code)
    )


def facilitator_months(
    session: Session,
    cooperatives: Select[Cooperative],
    *,
    month: Month,
    today: dt.date,
    limit: int,
    after: tuple[str, uuid.UUID] | None = None,
) -> list[FacilitatorMonth]:
    """Those who accompany some of the cooperatives today, by name, each with all that concerns these; one query.

    Args:
        after: the last name and id of the page before.
    """
    rows = session.execute(_months_of(cooperatives, month, today, limit, after))
    return [
        FacilitatorMonth(id_, name, count, int(made or 0), int(late_ or 0), int(weak or 0), int(silent_ or 0), last_on)
        for id_, name, count, made, late_, weak, silent_, last_on in rows
    ]


@built_once
def _months_of(
    cooperatives: Select[Cooperative], month: Month, today: dt.date, limit: int, after: tuple[str, uuid.UUID] | None
) -> Select[*tuple[Any, ...]]:
    chosen = cooperatives.with_only_columns(Cooperative.id).correlate(None)
    duty = and_(runs_on(today), Assignment.cooperative_id.in_(chosen))
    people = (
        select(User.id, User.name)
        .where(User.id.in_(select(Assignment.facilitator_id).where(duty)))
        .order_by(User.name, User.id)
        .limit(limit)
    )
    if after:
        people = people.where(or_(User.name > after[0], and_(User.name == after[0], User.id > after[1])))
    page = people.subquery()
    return (
        select(page.c.id, page.c.name, *_sums(month, today))
        .select_from(page)
        .join(Assignment, and_(Assignment.facilitator_id == page.c.id, duty))
        .outerjoin(Standing, Standing.cooperative_id == Assignment.cooperative_id)
        .group_by(page.c.id, page.c.name)
        .order_by(page.c.name, page.c.id)
    )


def _sums(month: Month, today: dt.date) -> tuple[ColumnElement[Any], ...]:
    """Over somebody's assignments: cooperatives, visits, late actions, weak evidence, silence, the last visit."""
    of_cooperative = Assignment.cooperative_id
    visits = select(func.count()).where(
        Visit.cooperative_id == of_cooperative,
        Visit.visited_on.between(month.first_day, month.last_day),
        ~Visit.is_addendum,
    )
    late = select(func.count()).where(
        Action.cooperative_id == of_cooperative, Action.status.in_(OPEN_STATUSES), Action.due_on < today
    )
    silent_since = today - dt.timedelta(days=SILENT_AFTER_DAYS)
    silent = or_(Standing.last_visit_on.is_(None), Standing.last_visit_on < silent_since)
    return (
        func.count(),
        func.sum(visits.correlate(Assignment).scalar_subquery()),
        func.sum(late.correlate(Assignment).scalar_subquery()),
        func.sum(case((Standing.last_visit_grade == Grade.WEAK, 1), else_=0)),
        func.sum(case((silent, 1), else_=0)),
        func.max(Standing.last_visit_on),
    )
