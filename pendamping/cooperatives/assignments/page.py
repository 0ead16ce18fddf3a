"""What the admin's pages about assignments show: a whole programme year, one assignment, one cooperative's history."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.people.page import planned_visits_of
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.policy import choosable_facilitators, visible_assignments
from pendamping.cooperatives.assignments.queries import (
    AssignmentLine,
    Load,
    assignment_lines,
    by_cooperative,
    loads_on,
    of_cooperatives,
    overlapping,
)
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.cooperatives.queries import by_name
from pendamping.cooperatives.service import ONE_DAY
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere
from pendamping.kernel.ids import uuid_or_none
from pendamping.plans.models import OPEN_STATUSES, Action
from pendamping.plans.policy import visible_actions
from pendamping.visits.models import Visit

ROWS_ON_A_SCREEN = 120
"""A city at once: each row is a part of the form, which takes 300 at most."""


@dataclass(frozen=True, slots=True)
class YearRow:
    """A cooperative and who accompanies it within the year; `open_from` is the day from which nobody does."""

    cooperative: Cooperative
    lines: Sequence[AssignmentLine]
    open_from: dt.date | None


@dataclass(frozen=True, slots=True)
class YearPage:
    year: ProgrammeYear
    rows: Sequence[YearRow]
    loads: Sequence[Load]
    next_code: str | None

    @property
    def open_codes(self) -> list[str]:
        return [row.cooperative.code for row in self.rows if row.open_from]


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """One assignment, and what goes on at its cooperative whoever accompanies it."""

    line: AssignmentLine
    open_actions: int
    planned_visits: int
    last_visit_on: dt.date | None
    people: Sequence[tuple[uuid.UUID, str]]


def year_shown(session: Session, asked: str | None, *, today: dt.date) -> ProgrammeYear | None:
    """The programme year that was asked for; else the one that runs, else the last there is."""
    years = years_of(session)
    by_number = {str(year.year): year for year in years}
    if asked in by_number:
        return by_number[asked]
    running = (year for year in years if year.starts_on <= today <= year.ends_on)
    return next(running, years[0] if years else None)


def years_of(session: Session) -> Sequence[ProgrammeYear]:
    return session.scalars(select(ProgrammeYear).order_by(ProgrammeYear.year.desc())).all()


def year_page(session: Session, admin: User, year: ProgrammeYear, *, after: str | None, today: dt.date) -> YearPage:
    """Every cooperative of the admin's region in one programme year; the same few queries for any number."""
    cooperatives = session.scalars(
        by_name(visible_cooperatives(admin, today=today), after=after, size=ROWS_ON_A_SCREEN)
    ).all()
    shown = cooperatives[:ROWS_ON_A_SCREEN]
    within = overlapping(visible_assignments(admin, today=today), year.starts_on, year.ends_on)
    lines = by_cooperative(assignment_lines(session, of_cooperatives(within, [each.id for each in shown])))
    rows = [YearRow(each, mine := lines.get(each.id, []), _open_from(mine, year)) for each in shown]
    has_more = len(cooperatives) > len(shown)
    return YearPage(
        year=year,
        rows=rows,
        loads=loads_on(session, choosable_facilitators(admin, today=today), on=year.ends_on),
        next_code=shown[-1].code if has_more else None,
    )


def _open_from(lines: Sequence[AssignmentLine], year: ProgrammeYear) -> dt.date | None:
    if not lines:
        return year.starts_on
    last = max(line.ends_on for line in lines)
    return last + ONE_DAY if last < year.ends_on else None


def people_to_choose(
    session: Session, admin: User, *, also: Iterable[str] = (), today: dt.date
) -> Mapping[uuid.UUID, User]:
    """The facilitators who can be chosen, by name; `also` ids that were chosen before their account was closed."""
    closed = {each for each in map(uuid_or_none, also) if each}
    query = (
        choosable_facilitators(admin, today=today)
        .where(User.deactivated_at.is_(None) | User.id.in_(closed))
        .order_by(User.name, User.id)
    )
    return {user.id: user for user in session.scalars(query)}


def assignment_or_404(admin: User, assignment_id: uuid.UUID, *, today: dt.date) -> Assignment:
    assignment = reading().scalar(visible_assignments(admin, today=today).where(Assignment.id == assignment_id))
    if assignment is None:
        raise NotThere
    return assignment


def hand_over_page(session: Session, admin: User, assignment: Assignment, *, today: dt.date) -> HandOverPage:
    (line,) = assignment_lines(session, select(Assignment).where(Assignment.id == assignment.id))
    actions = visible_actions(admin, today=today).where(Action.cooperative_id == line.cooperative_id)
    people = people_to_choose(session, admin, today=today)
    return HandOverPage(
        line=line,
        open_actions=open_action_count(session, actions),
        planned_visits=planned_visits_of(
            session, line.facilitator_id, after=today - ONE_DAY, cooperative_id=line.cooperative_id
        ),
        last_visit_on=last_visit_of(session, assignment),
        people=[(id_, user.name) for id_, user in people.items() if id_ != line.facilitator_id],
    )


def open_action_count(session: Session, actions: Select[Action]) -> int:
    """How many actions of a select are still to be done."""
    still = actions.where(Action.status.in_(OPEN_STATUSES)).with_only_columns(func.count(Action.id))
    return session.scalar(still) or 0


def last_visit_of(session: Session, assignment: Assignment) -> dt.date | None:
    """The facilitator's last visit to the cooperative within the assignment: it does not end before that."""
    query = select(func.max(Visit.visited_on)).where(
        Visit.cooperative_id == assignment.cooperative_id,
        Visit.facilitator_id == assignment.facilitator_id,
        Visit.visited_on <= assignment.ends_on,
        Visit.visited_on >= assignment.starts_on,
    )
    return session.scalar(query)


def history(session: Session, cooperative: Cooperative) -> list[AssignmentLine]:
    """Who accompanied a cooperative, accompanies it and will, the latest first."""
    own = select(Assignment).where(Assignment.cooperative_id == cooperative.id)
    return assignment_lines(session, own)[::-1]
