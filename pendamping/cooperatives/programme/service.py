"""Verbs of the programme's frame: its years, what they carry over, the office's letterhead."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.service import AssignmentOverlaps, NotAFacilitator, assign
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.programme.models import Office, ProgrammeYear
from pendamping.cooperatives.programme.queries import DEFAULT_OFFICE, OfficeView
from pendamping.cooperatives.service import ONE_DAY
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.locks import locked_if_there, locking
from pendamping.kernel.words import N_

Row = TypeVar("Row", Cooperative, User)


class YearRunsBackward(DomainError):
    code = "year_runs_backward"
    status = 400
    explanation = N_("Hari terakhir tahun program harus sesudah hari pertamanya.")


class YearsOverlap(DomainError):
    code = "years_overlap"
    explanation = N_("Bertumpuk dengan tahun program %(year)s (%(from_)s sampai %(until)s).")


class AssignmentsOutside(DomainError):
    code = "assignments_outside"
    explanation = N_(
        "%(count)s penugasan akan berada di luar tahun program: "
        "yang paling awal mulai %(from_)s, yang paling akhir selesai %(until)s."
    )


class NotTheNextYear(DomainError):
    code = "not_the_next_year"
    explanation = N_("Yang dapat dibuka sekarang hanya tahun program %(year)s.")


class YearNotBegun(DomainError):
    """Our proposal: one year ahead is enough, and a slip of the finger opens no third."""

    code = "year_not_begun"
    explanation = N_("Tahun program %(year)s belum mulai. Tahun sesudahnya baru dapat dibuka setelah itu.")


@dataclass(frozen=True, slots=True)
class YearFrame:
    """What an admin sets of a programme year."""

    starts_on: dt.date
    ends_on: dt.date
    visits_per_month: int
    caseload_min: int
    caseload_max: int


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What became of the assignments that were to go on: how many go on, and how many cannot."""

    made: int = 0
    there_already: int = 0
    closed: int = 0


def frame_of(year: ProgrammeYear) -> YearFrame:
    return YearFrame(**{name: getattr(year, name) for name in YearFrame.__dataclass_fields__})


def next_frame(year: ProgrammeYear) -> YearFrame:
    """The twelve months after a year, with its targets."""
    starts_on = year.ends_on + ONE_DAY
    return YearFrame(
        starts_on=starts_on,
        ends_on=_a_year_later(starts_on) - ONE_DAY,
        visits_per_month=year.visits_per_month,
        caseload_min=year.caseload_min,
        caseload_max=year.caseload_max,
    )


def _a_year_later(day: dt.date) -> dt.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return dt.date(day.year + 1, 3, 1) if is_leap_day else day.replace(year=day.year + 1)


def change_year(session: Session, year: ProgrammeYear, frame: YearFrame, *, actor: Actor, now: dt.datetime) -> None:
    """Store the targets and dates that differ; the record keeps what they were.

    Raises:
        YearRunsBackward: it would end before it starts.
        YearsOverlap: another year has some of these days.
        AssignmentsOutside: assignments that lie within the year would no longer.
    """
    others = [each for each in _locked_years(session) if each.year != year.year]
    if frame.ends_on <= frame.starts_on:
        raise YearRunsBackward
    _refuse_overlap(others, frame)
    _refuse_outside(session, year, frame)
    before = {name: value for name, value in _fields(frame_of(year)).items() if value != getattr(frame, name)}
    if not before:
        return
    after = {name: getattr(frame, name) for name in before}
    for name, value in after.items():
        setattr(year, name, value)
    session.flush()
    audit.record(session, actor, "change_year", year, at=now, before=before, after=after)


def open_year(
    session: Session, number: int, *, today: dt.date, actor: Actor, now: dt.datetime
) -> tuple[ProgrammeYear, bool]:
    """Make the year after the last one, with the same targets. Said again, it finds what is there.

    Returns:
        The year, and True if this call made it.

    Raises:
        NotThere: there is no year to follow.
        NotTheNextYear: this is not the year after the last one.
        YearNotBegun: the last year itself lies ahead.
    """
    years = _locked_years(session)
    if there := next((each for each in years if each.year == number), None):
        return there, False
    if not years:
        raise NotThere
    last = years[-1]
    if number != last.year + 1:
        raise NotTheNextYear(year=str(last.year + 1))
    if last.starts_on > today:
        raise YearNotBegun(year=str(last.year))
    frame = next_frame(last)
    _refuse_overlap(years, frame)
    year = ProgrammeYear(year=number, **_fields(frame))
    session.add(year)
    session.flush()
    audit.record(session, actor, "open_year", year, at=now, after={"year": number, **_fields(frame)})
    return year, True


def carry_over(
    session: Session, assignments: Sequence[Assignment], year: ProgrammeYear, *, actor: Actor, now: dt.datetime
) -> CarriedOver:
    """Let the same facilitators go on throughout a year. What is there already, or cannot be, is counted and left.

    Args:
        assignments: those that run to the end of the year before.
    """
    cooperatives = _rows_of(session, Cooperative, {each.cooperative_id for each in assignments})
    people = _rows_of(session, User, {each.facilitator_id for each in assignments})
    outcomes = [
        _carry(session, each, cooperatives[each.cooperative_id], people[each.facilitator_id], year, actor, now)
        for each in sorted(assignments, key=lambda row: cooperatives[row.cooperative_id].code)
    ]
    return CarriedOver(outcomes.count("made"), outcomes.count("there_already"), outcomes.count("closed"))


def _rows_of(session: Session, table: type[Row], ids: set[uuid.UUID]) -> dict[uuid.UUID, Row]:
    return {row.id: row for row in session.scalars(select(table).where(table.id.in_(ids)))}


def _carry(
    session: Session,
    assignment: Assignment,
    cooperative: Cooperative,
    facilitator: User,
    year: ProgrammeYear,
    actor: Actor,
    now: dt.datetime,
) -> str:
    starts_on = max(year.starts_on, assignment.ends_on + ONE_DAY)
    if starts_on > year.ends_on:
        return "there_already"
    try:
        assign(session, cooperative, facilitator, starts_on=starts_on, ends_on=year.ends_on, actor=actor, now=now)
    except AssignmentOverlaps:
        return "there_already"
    except NotAFacilitator:
        return "closed"
    return "made"


def change_office(session: Session, city_code: str, wanted: OfficeView, *, actor: Actor, now: dt.datetime) -> None:
    """Store what differs of a city's letterhead; its row is made from the defaults where there is none."""
    office = locked_if_there(session, Office, city_code)
    if office is None:
        office = Office(city_code=city_code, **_fields(DEFAULT_OFFICE))
        session.add(office)
    before = {name: getattr(office, name) for name in _fields(wanted)}
    differing = {name: value for name, value in _fields(wanted).items() if value != before[name]}
    for name, value in differing.items():
        setattr(office, name, value)
    session.flush()
    if differing:
        was = {name: before[name] for name in differing}
        audit.record(session, actor, "change_office", office, at=now, before=was, after=differing)


def _fields(values: YearFrame | OfficeView) -> dict[str, object]:
    return {name: getattr(values, name) for name in values.__dataclass_fields__}


def _locked_years(session: Session) -> Sequence[ProgrammeYear]:
    """Every year, waiting for whoever changes one: that no two overlap is held here, not by a constraint."""
    return session.scalars(locking(select(ProgrammeYear).order_by(ProgrammeYear.year))).all()


def _refuse_overlap(years: Sequence[ProgrammeYear], frame: YearFrame) -> None:
    for each in years:
        if each.starts_on <= frame.ends_on and each.ends_on >= frame.starts_on:
            dates = {"from_": each.starts_on.isoformat(), "until": each.ends_on.isoformat()}
            raise YearsOverlap(year=str(each.year), **dates)


def _refuse_outside(session: Session, year: ProgrammeYear, frame: YearFrame) -> None:
    """Only what lies within the year is its own: an assignment across its borders was made so on purpose."""
    count, first, last = session.execute(
        select(func.count(), func.min(Assignment.starts_on), func.max(Assignment.ends_on)).where(
            Assignment.starts_on >= year.starts_on,
            Assignment.ends_on <= year.ends_on,
            (Assignment.starts_on < frame.starts_on) | (Assignment.ends_on > frame.ends_on),
        )
    ).one()
    if count:
        raise AssignmentsOutside(count=str(count), from_=first.isoformat(), until=last.isoformat())
