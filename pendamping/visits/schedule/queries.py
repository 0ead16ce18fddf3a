"""What pages and verbs read of the schedule."""

import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import accompanies, on_duty
from pendamping.cooperatives.queries import NameAndCode, programme_year_on
from pendamping.cooperatives.records.figures import Month
from pendamping.visits.models import Visit, VisitMode
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove

VISITS_PER_MONTH = 2
"""The target where no programme year says another."""
ENTRIES_SHOWN = 400
"""More than a month of a city; a wider region is narrowed to one facilitator."""


class PlanState(enum.StrEnum):
    """Where a plan stands on a day; nothing of this is stored."""

    AHEAD = "direncanakan"
    DONE = "selesai"
    MISSED = "terlewat"
    CANCELLED = "dibatalkan"


def state_of(planned_on: dt.date, *, is_done: bool, is_cancelled: bool, today: dt.date) -> PlanState:
    """A visit that was made is done, whatever was said of its plan; a plan whose day is past without one was missed."""
    if is_done:
        return PlanState.DONE
    if is_cancelled:
        return PlanState.CANCELLED
    return PlanState.MISSED if planned_on < today else PlanState.AHEAD


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """One line of the schedule: a plan, or a visit that was made, with the plan behind it if there was one."""

    plan_id: uuid.UUID | None
    visit_id: uuid.UUID | None
    cooperative: NameAndCode
    facilitator_name: str
    on: dt.date
    starts: dt.time | None
    mode: VisitMode
    agenda: str
    purposes: Sequence[str]
    is_moved: bool
    state: PlanState

    @property
    def is_settled(self) -> bool:
        return self.state in (PlanState.DONE, PlanState.CANCELLED)


def entries(
    session: Session,
    plans: Select[PlannedVisit],
    visits: Select[Visit],
    *,
    first: dt.date,
    last: dt.date,
    today: dt.date,
    facilitator_id: uuid.UUID | None = None,
) -> list[ScheduleEntry]:
    """What stands on the schedule between two days, both included, in the order of days and hours; one query.

    A visit stands on the day on which it was made, whichever day it was planned for. One entry more than
    `ENTRIES_SHOWN` says that there are more.
    """
    open_plans = _plans_without_visit(plans).where(PlannedVisit.planned_on.between(first, last))
    made = _visits_with_plan(visits).where(Visit.visited_on.between(first, last))
    if facilitator_id:
        open_plans = open_plans.where(PlannedVisit.facilitator_id == facilitator_id)
        made = made.where(Visit.facilitator_id == facilitator_id)
    rows = session.execute(union_all(open_plans, made).order_by("on", "starts").limit(ENTRIES_SHOWN + 1))
    found = [
        ScheduleEntry(
            plan_id=row.plan_id,
            visit_id=row.visit_id,
            cooperative=NameAndCode(row.code, row.short_name),
            facilitator_name=row.facilitator_name,
            on=row.on,
            starts=row.starts,
            mode=row.mode,
            agenda=row.agenda or "",
            purposes=row.purposes or (),
            is_moved=bool(row.moves),
            state=state_of(
                row.on, is_done=row.visit_id is not None, is_cancelled=row.cancelled_at is not None, today=today
            ),
        )
        for row in rows
    ]
    return sorted(found, key=lambda entry: (entry.on, entry.starts or dt.time.max, entry.cooperative.short_name))


def _plans_without_visit(plans: Select[PlannedVisit]) -> Select[*tuple[object, ...]]:
    made = aliased(Visit)
    return (
        plans.outerjoin(made, made.planned_visit_id == PlannedVisit.id)
        .join(Cooperative, Cooperative.id == PlannedVisit.cooperative_id)
        .join(User, User.id == PlannedVisit.facilitator_id)
        .where(made.id.is_(None))
        .with_only_columns(
            PlannedVisit.id.label("plan_id"),
            made.id.label("visit_id"),
            Cooperative.code,
            Cooperative.short_name,
            User.name.label("facilitator_name"),
            PlannedVisit.planned_on.label("on"),
            PlannedVisit.starts.label("starts"),
            PlannedVisit.mode,
            PlannedVisit.agenda,
            made.purposes,
            PlannedVisit.moves,
            PlannedVisit.cancelled_at,
        )
    )


def _visits_with_plan(visits: Select[Visit]) -> Select[*tuple[object, ...]]:
    return (
        visits.outerjoin(PlannedVisit, PlannedVisit.id == Visit.planned_visit_id)
        .join(Cooperative, Cooperative.id == Visit.cooperative_id)
        .join(User, User.id == Visit.facilitator_id)
        .with_only_columns(
            PlannedVisit.id.label("plan_id"),
            Visit.id.label("visit_id"),
            Cooperative.code,
            Cooperative.short_name,
            User.name.label("facilitator_name"),
            Visit.visited_on.label("on"),
            Visit.started.label("starts"),
            Visit.mode,
            PlannedVisit.agenda,
            Visit.purposes,
            PlannedVisit.moves,
            PlannedVisit.cancelled_at,
        )
    )


def entries_between(
    session: Session,
    plans: Select[PlannedVisit],
    visits: Select[Visit],
    *,
    facilitator_id: uuid.UUID,
    today: dt.date,
    last: dt.date,
) -> list[ScheduleEntry]:
    """A facilitator's days for their home, from today on: what is ahead and done, without what was cancelled."""
    found = entries(session, plans, visits, first=today, last=last, today=today, facilitator_id=facilitator_id)
    return [entry for entry in found if entry.state is not PlanState.CANCELLED]


def plans_ahead(session: Session, facilitator_id: uuid.UUID, *, today: dt.date, limit: int) -> Sequence[uuid.UUID]:
    """A facilitator's plans of this month and later that can still be moved or cancelled, the next one first."""
    own = select(PlannedVisit).where(PlannedVisit.facilitator_id == facilitator_id, PlannedVisit.cancelled_at.is_(None))
    still_open = _plans_without_visit(own).where(PlannedVisit.planned_on >= Month.of(today).first_day)
    found = still_open.with_only_columns(PlannedVisit.id).order_by(PlannedVisit.planned_on, PlannedVisit.id)
    return session.scalars(found.limit(limit)).all()


@dataclass(frozen=True, slots=True)
class DueEntry:
    """How a cooperative's visits of one month stand beside the target."""

    cooperative: NameAndCode
    facilitator_name: str | None
    made: int
    planned: int
    target: int
    last_visit_on: dt.date | None

    @property
    def missing(self) -> int:
        return max(self.target - self.made, 0)


def due_list(
    session: Session, cooperatives: Select[Cooperative], *, target: int, today: dt.date, limit: int
) -> list[DueEntry]:
    """Cooperatives by how far they are behind the month's target, the furthest first; one query.

    Visits count for the cooperative, whoever made them; plans count from today on.
    """
    month = Month.of(today)
    of_cooperative = Visit.cooperative_id == Cooperative.id
    made = select(func.count()).where(
        of_cooperative, Visit.visited_on.between(month.first_day, month.last_day), ~Visit.is_addendum
    )
    last_visit = select(func.max(Visit.visited_on)).where(of_cooperative, Visit.visited_on <= today)
    planned = select(func.count()).where(
        PlannedVisit.cooperative_id == Cooperative.id,
        PlannedVisit.planned_on.between(today, month.last_day),
        PlannedVisit.cancelled_at.is_(None),
        ~exists().where(Visit.planned_visit_id == PlannedVisit.id),
    )
    columns = [query.correlate(Cooperative).scalar_subquery() for query in (made, planned, last_visit)]
    query = (
        cooperatives.outerjoin(Assignment, on_duty(today))
        .outerjoin(User, User.id == Assignment.facilitator_id)
        .with_only_columns(Cooperative.code, Cooperative.short_name, User.name, *columns)
        .order_by(columns[0], columns[1], columns[2].nulls_first(), Cooperative.short_name, Cooperative.code)
        .limit(limit)
    )
    return [
        DueEntry(NameAndCode(code, short_name), name, made, planned, target, last_visit_on)
        for code, short_name, name, made, planned, last_visit_on in session.execute(query)
    ]


def visit_target(session: Session, day: dt.date) -> int:
    """Visits that each cooperative should have in the month of a day."""
    year = programme_year_on(session, day)
    return year.visits_per_month if year else VISITS_PER_MONTH


@dataclass(frozen=True, slots=True)
class MoveView:
    """One move of a plan, with who made it."""

    from_on: dt.date
    from_starts: dt.time | None
    to_on: dt.date
    to_starts: dt.time | None
    reason: str
    author_name: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as its page shows it, with the visit that it became."""

    plan: PlannedVisit
    cooperative: NameAndCode
    facilitator_name: str
    state: PlanState
    visit_id: uuid.UUID | None
    visited_on: dt.date | None


def plan_view(session: Session, plan: PlannedVisit, *, today: dt.date) -> PlanView:
    row = session.execute(
        select(Cooperative.code, Cooperative.short_name, User.name, Visit.id, Visit.visited_on)
        .select_from(Cooperative)
        .join(User, User.id == plan.facilitator_id)
        .outerjoin(Visit, Visit.planned_visit_id == plan.id)
        .where(Cooperative.id == plan.cooperative_id)
    ).one()
    code, short_name, facilitator_name, visit_id, visited_on = row
    is_cancelled = plan.cancelled_at is not None
    state = state_of(plan.planned_on, is_done=visit_id is not None, is_cancelled=is_cancelled, today=today)
    return PlanView(plan, NameAndCode(code, short_name), facilitator_name, state, visit_id, visited_on)


def moves_of(session: Session, plan_id: uuid.UUID) -> list[MoveView]:
    """Where a plan was moved, the newest first."""
    move = PlannedVisitMove
    rows = session.execute(
        select(move.from_on, move.from_starts, move.to_on, move.to_starts, move.reason, User.name, move.made_at)
        .join(User, User.id == move.author_id)
        .where(move.planned_visit_id == plan_id)
        .order_by(move.number.desc())
    )
    return [MoveView(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PlannedHour:
    starts: dt.time
    cooperative_name: str


def hours_of_day(
    session: Session, facilitator_id: uuid.UUID, day: dt.date, *, without: uuid.UUID | None = None
) -> list[PlannedHour]:
    """The hours at which a facilitator means to be somewhere on a day, but for one plan."""
    query = (
        select(PlannedVisit.starts, Cooperative.short_name)
        .join(Cooperative, Cooperative.id == PlannedVisit.cooperative_id)
        .where(
            PlannedVisit.facilitator_id == facilitator_id,
            PlannedVisit.planned_on == day,
            PlannedVisit.starts.is_not(None),
            PlannedVisit.cancelled_at.is_(None),
            ~exists().where(Visit.planned_visit_id == PlannedVisit.id),
        )
        .order_by(PlannedVisit.starts)
    )
    if without:
        query = query.where(PlannedVisit.id != without)
    return [PlannedHour(starts, name) for starts, name in session.execute(query) if starts is not None]


def is_done(session: Session, plan_id: uuid.UUID) -> bool:
    """Whether a visit has made the plan good."""
    return bool(session.scalar(select(exists().where(Visit.planned_visit_id == plan_id))))


def is_accompanied(session: Session, cooperative_id: uuid.UUID, facilitator_id: uuid.UUID, *, on: dt.date) -> bool:
    """Whether a cooperative is a facilitator's on a day, or this facilitator stands in there."""
    return bool(session.scalar(select(accompanies(facilitator_id, cooperative_id, on=on))))
