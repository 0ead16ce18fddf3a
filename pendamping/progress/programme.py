"""How the programme has gone month by month: stages, visits, actions, figures; read for the agency's programme view."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, MonthlyFigures, Stage
from pendamping.cooperatives.policy import on_duty
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.queries import is_latest_revision, month_index
from pendamping.kernel.clock import office_date
from pendamping.plans.models import OPEN_STATUSES, Action, ActionStatus, ActionUpdate
from pendamping.progress.stages.models import StageDecision
from pendamping.visits.models import Visit

MONTHS_SHOWN = 12
WEEK = dt.timedelta(days=7)
AGES = (0, 14, 30, 90)
"""Days late up to which an open action stands in one row; the first is not late, the last has no end."""


@dataclass(frozen=True, slots=True)
class StageStep:
    """A decision that moved a cooperative from one stage to another."""

    on: dt.date
    from_stage: Stage
    to_stage: Stage


def months_until(today: dt.date) -> list[Month]:
    """The last twelve, the running one included, the oldest first."""
    return [Month.of(today).minus(back) for back in reversed(range(MONTHS_SHOWN))]


def stages_over(
    now: Mapping[Stage, int], steps: Iterable[StageStep], months: Sequence[Month]
) -> dict[Month, dict[Stage, int]]:
    """How many cooperatives stood in each stage at the end of each month: today's, with later steps taken back."""
    counts = Counter(now)
    left = sorted(steps, key=lambda step: step.on, reverse=True)
    found: dict[Month, dict[Stage, int]] = {}
    for month in reversed(months):
        while left and left[0].on > month.last_day:
            step = left.pop(0)
            counts[step.to_stage] -= 1
            counts[step.from_stage] += 1
        found[month] = {stage: counts[stage] for stage in Stage}
    return {month: found[month] for month in months}


def stage_history_of(
    session: Session, cooperatives: Select[Cooperative], *, today: dt.date
) -> dict[Month, dict[Stage, int]]:
    """Two queries."""
    now = cooperatives.with_only_columns(Cooperative.stage, func.count()).group_by(Cooperative.stage)
    months = months_until(today)
    moved = (
        cooperatives.join(StageDecision, StageDecision.cooperative_id == Cooperative.id)
        .where(StageDecision.from_stage != StageDecision.to_stage, StageDecision.decided_on >= months[0].first_day)
        .with_only_columns(StageDecision.decided_on, StageDecision.from_stage, StageDecision.to_stage)
    )
    steps = [StageStep(*row) for row in session.execute(moved)]
    return stages_over(dict(session.execute(now).all()), steps, months)


def visits_by_week(
    session: Session, cooperatives: Select[Cooperative], *, first: dt.date, today: dt.date
) -> list[tuple[dt.date, int]]:
    """(Monday, visits) of every week from the one of `first` to this one, without addenda; one query."""
    days = (
        cooperatives.join(Visit, Visit.cooperative_id == Cooperative.id)
        .where(Visit.visited_on.between(first, today), ~Visit.is_addendum)
        .with_only_columns(Visit.visited_on, func.count())
        .group_by(Visit.visited_on)
    )
    counts: Counter[dt.date] = Counter()
    for day, count in session.execute(days):
        counts[monday(day)] += count
    weeks = range((monday(today) - monday(first)).days // 7 + 1)
    return [(start, counts[start]) for start in (monday(first) + number * WEEK for number in weeks)]


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Running totals at the end of each month: agreed, reported done at least once, verified."""

    months: Sequence[Month]
    agreed: Sequence[int]
    reported: Sequence[int]
    verified: Sequence[int]


def burn_up(session: Session, cooperatives: Select[Cooperative], *, today: dt.date) -> BurnUp:
    """One query: the day of each action's agreement, and of the first step of each kind."""
    months = months_until(today)
    first_of = {
        status: func.min(ActionUpdate.made_at).filter(ActionUpdate.status == status)
        for status in (ActionStatus.REPORTED_DONE, ActionStatus.VERIFIED)
    }
    rows = session.execute(
        cooperatives.join(Action, Action.cooperative_id == Cooperative.id)
        .join(ActionUpdate, ActionUpdate.action_id == Action.id)
        .with_only_columns(Action.agreed_on, *first_of.values())
        .group_by(Action.id, Action.agreed_on)
    ).all()
    return BurnUp(
        months=months,
        agreed=_running((row[0] for row in rows), months),
        reported=_running((office_date(row[1] or row[2]) for row in rows if row[1] or row[2]), months),
        verified=_running((office_date(row[2]) for row in rows if row[2]), months),
    )


def _running(days: Iterable[dt.date], months: Sequence[Month]) -> list[int]:
    """What came before the first month counts from the beginning."""
    counts = Counter(max(Month.of(day), months[0]) for day in days)
    return list(accumulate(counts[month] for month in months))


def ages_of_open_actions(
    session: Session, cooperatives: Select[Cooperative], *, today: dt.date
) -> list[tuple[int | None, int]]:
    """(days late at most, open actions); the last row has no end. One query."""
    rows = session.execute(
        cooperatives.join(Action, Action.cooperative_id == Cooperative.id)
        .where(Action.status.in_(OPEN_STATUSES))
        .with_only_columns(Action.due_on, func.count())
        .group_by(Action.due_on)
    )
    counts: Counter[int | None] = Counter()
    for due_on, count in rows:
        late = (today - due_on).days
        counts[next((age for age in AGES if late <= age), None)] += count
    return [(age, counts[age]) for age in (*AGES, None)]


@dataclass(frozen=True, slots=True)
class CityFigures:
    """What cooperatives reported of themselves within the year: members at the first and the last month each of them
    has told of, and the share of cashless trade in that last month, as the mean of those who told.
    """

    cooperatives: int
    members_before: int
    members_now: int
    cashless_percent: int | None
    cashless_of: int


def city_figures(session: Session, cooperatives: Select[Cooperative], *, today: dt.date) -> CityFigures:
    """One query: of each month its last revision."""
    since = months_until(today)[0]
    rows = session.execute(
        cooperatives.join(MonthlyFigures, MonthlyFigures.cooperative_id == Cooperative.id)
        .where(month_index() >= since.index, is_latest_revision())
        .with_only_columns(Cooperative.id, MonthlyFigures.members, MonthlyFigures.cashless_percent)
        .order_by(MonthlyFigures.year, MonthlyFigures.month)
    )
    members: dict[uuid.UUID, tuple[int, int]] = {}
    cashless: dict[uuid.UUID, int] = {}
    for id_, count, percent in rows:
        if count is not None:
            members[id_] = (members.get(id_, (count, count))[0], count)
        if percent is not None:
            cashless[id_] = percent
    return CityFigures(
        cooperatives=len(members),
        members_before=sum(before for before, _now in members.values()),
        members_now=sum(now for _before, now in members.values()),
        cashless_percent=round(sum(cashless.values()) / len(cashless)) if cashless else None,
        cashless_of=len(cashless),
    )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The visits that somebody made in each of the last months, wherever they led; without addenda."""

    name: str
    cooperatives: int
    visits: Sequence[int]


def rhythms(session: Session, cooperatives: Select[Cooperative], *, today: dt.date, limit: int) -> list[Rhythm]:
    """Of those who accompany some of the cooperatives today, by name; two queries."""
    months = months_until(today)
    people = session.execute(
        cooperatives.join(Assignment, on_duty(today))
        .join(User, User.id == Assignment.facilitator_id)
        .with_only_columns(User.id, User.name, func.count())
        .group_by(User.id, User.name)
        .order_by(User.name, User.id)
        .limit(limit)
    ).all()
    days = session.execute(
        select(Visit.facilitator_id, Visit.visited_on, func.count())
        .where(
            Visit.facilitator_id.in_([row[0] for row in people]),
            Visit.visited_on.between(months[0].first_day, today),
            ~Visit.is_addendum,
        )
        .group_by(Visit.facilitator_id, Visit.visited_on)
    )
    counts: Counter[tuple[uuid.UUID, Month]] = Counter()
    for id_, day, count in days:
        counts[id_, Month.of(day)] += count
    return [Rhythm(name, held, [counts[id_, month] for month in months]) for id_, name, held in people]
