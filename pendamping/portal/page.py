"""What a cooperative sees of itself, gathered for its pages: stage, progress, visits, and what it has read."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.plans.dialogue import last_read_until
from pendamping.plans.page import PlanPage
from pendamping.plans.queries import updated_at
from pendamping.progress.page import TrendView, trend_view
from pendamping.progress.queries import ScoreCell, standing_cells, year_of_scores
from pendamping.progress.stages.page import StageView, evaluated, stage_view
from pendamping.progress.stages.policy import visible_stage_decisions
from pendamping.progress.stages.queries import StageDecisionView, stage_history
from pendamping.visits.models import Visit, VisitMode
from pendamping.visits.policy import visible_visits
from pendamping.visits.queries import current_answers
from pendamping.visits.schedule.models import PlannedVisit

VISITS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class PlanReading:
    """How far a plan has been read; both None where nothing has changed or nobody has read it."""

    changed_at: dt.datetime | None
    read_until: dt.datetime | None

    @property
    def is_read(self) -> bool:
        return bool(self.changed_at and self.read_until and self.read_until >= self.changed_at)


def reading_of(session: Session, cooperative: Cooperative) -> PlanReading:
    return PlanReading(updated_at(session, cooperative.id), last_read_until(session, cooperative.id))


@dataclass(frozen=True, slots=True)
class OwnProgress:
    cells: Sequence[ScoreCell]
    trend: TrendView | None


def own_progress(session: Session, cooperative: Cooperative, *, today: dt.date) -> OwnProgress:
    """Where the cooperative stands, and a year of how it came there."""
    instruments = instruments_on(session, today)
    year = year_of_scores(session, cooperative.id, instruments, today=today)
    return OwnProgress(
        cells=standing_cells(session, cooperative, instruments),
        trend=trend_view(cooperative.code, cooperative.short_name, year.series, today=today),
    )


@dataclass(frozen=True, slots=True)
class OwnVisit:
    id: uuid.UUID
    visited_on: dt.date
    mode: VisitMode
    facilitator_name: str


@dataclass(frozen=True, slots=True)
class OwnPlannedVisit:
    planned_on: dt.date
    starts: dt.time | None
    mode: VisitMode
    agenda: str
    facilitator_name: str


@dataclass(frozen=True, slots=True)
class OwnVisits:
    """What is planned, the nearest first, and what was, the newest first."""

    ahead: Sequence[OwnPlannedVisit]
    past: Sequence[OwnVisit]


def own_visits(session: Session, cooperative: Cooperative, user: User, *, today: dt.date) -> OwnVisits:
    past = (
        visible_visits(user, today=today)
        .join(User, User.id == Visit.facilitator_id)
        .where(Visit.cooperative_id == cooperative.id)
        .order_by(Visit.visited_on.desc(), Visit.started.desc(), Visit.id)
        .limit(VISITS_SHOWN)
        .add_columns(User.name)
    )
    is_made = exists().where(Visit.planned_visit_id == PlannedVisit.id)
    ahead = (
        select(PlannedVisit, User.name)
        .join(User, User.id == PlannedVisit.facilitator_id)
        .where(
            PlannedVisit.cooperative_id == cooperative.id,
            PlannedVisit.planned_on >= today,
            PlannedVisit.cancelled_at.is_(None),
            ~is_made,
        )
        .order_by(PlannedVisit.planned_on, PlannedVisit.starts, PlannedVisit.id)
        .limit(VISITS_SHOWN)
    )
    return OwnVisits(
        ahead=[
            OwnPlannedVisit(row.planned_on, row.starts, row.mode, row.agenda, name)
            for row, name in session.execute(ahead)
        ],
        past=[OwnVisit(row.id, row.visited_on, row.mode, name) for row, name in session.execute(past)],
    )


@dataclass(frozen=True, slots=True)
class OwnStage:
    """`gate` is None where the gates do not fit the instruments in force."""

    gate: StageView | None
    history: Sequence[StageDecisionView]


def own_stage(session: Session, cooperative: Cooperative, plan: PlanPage, user: User, *, today: dt.date) -> OwnStage:
    """Evaluated today, beside the actions of its plan."""
    found = evaluated(
        session,
        cooperative,
        instruments_on(session, today),
        answers=current_answers(session, cooperative.id),
        actions=plan.open,
        measured_on=max((cell.measured_on for cell in plan.scores if cell.measured_on), default=None),
        today=today,
    )
    return OwnStage(
        gate=stage_view(cooperative, found, rests=False) if found else None,
        history=stage_history(session, visible_stage_decisions(user, today=today)),
    )
