"""What pages read of assignments."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment, Handover, HandoverState, LeaveCover
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import runs_between, runs_on
from pendamping.cooperatives.queries import programme_year_on
from pendamping.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One assignment with the names that it ties together."""

    id: uuid.UUID
    cooperative_id: uuid.UUID
    cooperative_code: str
    cooperative_name: str
    facilitator_id: uuid.UUID
    facilitator_name: str
    facilitator_is_active: bool
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class Load:
    """How many cooperatives a facilitator accompanies on a day."""

    facilitator_id: uuid.UUID
    name: str
    count: int


def assignment_lines(session: Session, assignments: Select[Assignment]) -> list[AssignmentLine]:
    """The assignments of a select with their names, by cooperative and day."""
    query = (
        assignments.join(Cooperative, Cooperative.id == Assignment.cooperative_id)
        .join(User, User.id == Assignment.facilitator_id)
        .add_columns(Cooperative, User)
        .order_by(Cooperative.short_name, Cooperative.code, Assignment.starts_on)
    )
    return [_line(*row) for row in session.execute(query)]


def _line(assignment: Assignment, cooperative: Cooperative, facilitator: User) -> AssignmentLine:
    return AssignmentLine(
        id=assignment.id,
        cooperative_id=cooperative.id,
        cooperative_code=cooperative.code,
        cooperative_name=cooperative.short_name,
        facilitator_id=facilitator.id,
        facilitator_name=facilitator.name,
        facilitator_is_active=facilitator.is_active,
        starts_on=assignment.starts_on,
        ends_on=assignment.ends_on,
    )


def overlapping(assignments: Select[Assignment], first: dt.date, last: dt.date) -> Select[Assignment]:
    """Those that run on at least one day of a time."""
    return assignments.where(runs_between(first, last))


def of_cooperatives(assignments: Select[Assignment], cooperative_ids: Iterable[uuid.UUID]) -> Select[Assignment]:
    return assignments.where(Assignment.cooperative_id.in_(list(cooperative_ids)))


def loads_on(session: Session, people: Select[User], *, on: dt.date) -> list[Load]:
    """What each active facilitator among `people` accompanies on a day, whichever region it lies in; by name."""
    query = (
        people.where(User.role == Role.FACILITATOR, User.deactivated_at.is_(None))
        .outerjoin(Assignment, (Assignment.facilitator_id == User.id) & runs_on(on))
        .with_only_columns(User.id, User.name, func.count(Assignment.id))
        .group_by(User.id, User.name)
        .order_by(User.name, User.id)
    )
    return [Load(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many cooperatives a facilitator accompanies on a day, beside what the programme wants."""

    count: int
    minimum: int
    maximum: int

    @property
    def is_usual(self) -> bool:
        return self.minimum <= self.count <= self.maximum


def caseload_of(session: Session, facilitator_id: uuid.UUID, *, on: dt.date) -> Caseload:
    """For the warning after an assignment: 4 to 5 in Balikpapan's programme of 2026."""
    year = programme_year_on(session, on)
    count = session.scalar(
        select(func.count()).select_from(Assignment).where(Assignment.facilitator_id == facilitator_id, runs_on(on))
    )
    return Caseload(count or 0, year.caseload_min if year else 4, year.caseload_max if year else 5)


def counts_from(session: Session, facilitator_ids: Collection[uuid.UUID], *, on: dt.date) -> dict[uuid.UUID, int]:
    """How many cooperatives each of these people accompanies on a day or will later."""
    query = (
        select(Assignment.facilitator_id, func.count(Assignment.cooperative_id.distinct()))
        .where(Assignment.facilitator_id.in_(list(facilitator_ids)), Assignment.ends_on >= on)
        .group_by(Assignment.facilitator_id)
    )
    return dict(session.execute(query).all())


def by_cooperative(lines: Iterable[AssignmentLine]) -> dict[uuid.UUID, list[AssignmentLine]]:
    found: dict[uuid.UUID, list[AssignmentLine]] = {}
    for line in lines:
        found.setdefault(line.cooperative_id, []).append(line)
    return found


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A hand-over with the names that it ties together."""

    id: uuid.UUID
    assignment_id: uuid.UUID
    cooperative_id: uuid.UUID
    cooperative_code: str
    cooperative_name: str
    former_id: uuid.UUID
    former_name: str
    successor_id: uuid.UUID
    successor_name: str
    ends_on: dt.date
    note: str
    state: HandoverState
    answer: str
    proposed_at: dt.datetime
    effective_at: dt.datetime | None

    @property
    def waits_for_tablet(self) -> bool:
        return self.state is HandoverState.ACCEPTED and self.effective_at is None

    @property
    def is_open(self) -> bool:
        return self.state is HandoverState.PROPOSED or self.waits_for_tablet


def handover_lines(session: Session, handovers: Select[Handover], *, limit: int = 100) -> list[HandoverLine]:
    """The hand-overs of a select, those that still wait first; one query."""
    former, successor = aliased(User), aliased(User)
    query = (
        handovers.join(Cooperative, Cooperative.id == Handover.cooperative_id)
        .join(former, former.id == Handover.former_id)
        .join(successor, successor.id == Handover.successor_id)
        .add_columns(Cooperative.code, Cooperative.short_name, former.name, successor.name)
        .order_by(Handover.effective_at.is_not(None), Handover.proposed_at.desc(), Handover.id)
        .limit(limit)
    )
    return [_handover_line(*row) for row in session.execute(query)]


def _handover_line(handover: Handover, code: str, name: str, former: str, successor: str) -> HandoverLine:
    return HandoverLine(
        id=handover.id,
        assignment_id=handover.assignment_id,
        cooperative_id=handover.cooperative_id,
        cooperative_code=code,
        cooperative_name=name,
        former_id=handover.former_id,
        former_name=former,
        successor_id=handover.successor_id,
        successor_name=successor,
        ends_on=handover.ends_on,
        note=handover.note,
        state=handover.state,
        answer=handover.answer,
        proposed_at=handover.proposed_at,
        effective_at=handover.effective_at,
    )


def still_open() -> ColumnElement[bool]:
    """That a hand-over waits for somebody."""
    return Handover.effective_at.is_(None) & (Handover.state != HandoverState.DECLINED)


@dataclass(frozen=True, slots=True)
class CoverLine:
    """Who stands in, until when, and why."""

    id: uuid.UUID
    facilitator_name: str
    starts_on: dt.date
    ends_on: dt.date
    reason: str


def cover_lines(session: Session, covers: Select[LeaveCover], *, limit: int = 20) -> list[CoverLine]:
    """The covers of a select, the latest first."""
    rows = session.execute(
        covers.join(User, User.id == LeaveCover.facilitator_id)
        .order_by(LeaveCover.starts_on.desc(), LeaveCover.id)
        .limit(limit)
        .with_only_columns(LeaveCover.id, User.name, LeaveCover.starts_on, LeaveCover.ends_on, LeaveCover.reason)
    )
    return [CoverLine(*row) for row in rows]
