"""Verbs of the register: facts, people, assignments."""

import calendar
import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Assignment, Cooperative, Officer, ProgrammeYear
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.once import sent_before
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_

ONE_DAY = dt.timedelta(days=1)


class AssignmentOverlaps(DomainError):
    code = "assignment_overlaps"
    explanation = N_("%(cooperative)s sudah didampingi %(facilitator)s dari %(from_)s sampai %(until)s.")


class NotAFacilitator(DomainError):
    code = "not_a_facilitator"
    status = 400
    explanation = N_("%(name)s bukan pendamping yang aktif.")


class DatesRunBackward(DomainError):
    code = "dates_run_backward"
    status = 400
    explanation = N_("Tanggal selesai harus sama dengan atau sesudah tanggal mulai.")


class FactIsNeeded(DomainError):
    code = "fact_is_needed"
    status = 400
    explanation = N_("Tanggal SK boleh diperbaiki, tetapi tidak dapat dikosongkan lagi: skor memakainya.")


@dataclass(frozen=True, slots=True)
class CooperativeFacts:
    """What the register knows of a cooperative beyond its place and name; None where it is not known yet."""

    legal_name: str
    legal_name_is_verified: bool
    decree_number: str | None
    decree_on: dt.date | None
    registration_number: str | None
    npwp: str | None
    nib: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class NewOfficer:
    name: str
    role: OwnerRole
    phone: str | None
    term_starts_on: dt.date | None
    term_ends_on: dt.date | None


def change_facts(
    session: Session, cooperative: Cooperative, facts: CooperativeFacts, *, actor: Actor, now: dt.datetime
) -> None:
    """Store the facts that differ; the record keeps what they were.

    Raises:
        FactIsNeeded: the date of the decree was known and would be lost.
    """
    if cooperative.decree_on and not facts.decree_on:
        raise FactIsNeeded
    wanted = {name: getattr(facts, name) for name in CooperativeFacts.__dataclass_fields__}
    before = {name: getattr(cooperative, name) for name, value in wanted.items() if getattr(cooperative, name) != value}
    if not before:
        return
    for name in before:
        setattr(cooperative, name, wanted[name])
    session.flush()
    audit.record(
        session,
        actor,
        "change_facts",
        cooperative,
        at=now,
        before=before,
        after={name: wanted[name] for name in before},
    )


def add_officer(
    session: Session,
    cooperative: Cooperative,
    new: NewOfficer,
    *,
    actor: Actor,
    now: dt.datetime,
    officer_id: uuid.UUID | None = None,
) -> Officer:
    """Put a person on the cooperative's list for one term; once, however often it is sent.

    Raises:
        DatesRunBackward: the term ends before it starts.
        SentByAnother: the id stands for another person.
    """
    own = {"cooperative_id": cooperative.id, "name": new.name, "role": new.role}
    if stored := sent_before(session, Officer, officer_id, **own):
        return stored
    if new.term_starts_on and new.term_ends_on and new.term_ends_on < new.term_starts_on:
        raise DatesRunBackward
    fields = {name: getattr(new, name) for name in NewOfficer.__dataclass_fields__}
    officer = Officer(
        id=officer_id or uuid.uuid4(), cooperative_id=cooperative.id, city_code=cooperative.city_code, **fields
    )
    session.add(officer)
    session.flush()
    audit.record(
        session, actor, "add_officer", officer, at=now, after={"cooperative": cooperative.code, "role": new.role}
    )
    return officer


def end_officer_term(session: Session, officer: Officer, *, on: dt.date, actor: Actor, now: dt.datetime) -> None:
    """A person leaves the board: the row stays, its term ends `on`, or on the day it began if that is later.

    A term that has ended by then stays as it is.
    """
    ends_on = max(on, officer.term_starts_on or on)
    before = officer.term_ends_on
    if before is not None and before <= ends_on:
        return
    officer.term_ends_on = ends_on
    session.flush()
    audit.record(
        session,
        actor,
        "end_officer_term",
        officer,
        at=now,
        before={"term_ends_on": before},
        after={"term_ends_on": ends_on},
    )


def assign(
    session: Session,
    cooperative: Cooperative,
    facilitator: User,
    *,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Assignment:
    """Let a facilitator accompany a cooperative from a day to a day (to the end of that programme year when not said).

    Raises:
        NotAFacilitator: the account is of another role or closed.
        DatesRunBackward: it would end before it starts.
        AssignmentOverlaps: somebody accompanies the cooperative in that time already.
    """
    ends_on = ends_on or _end_of_programme_year(session, starts_on)
    assignment = add_assignment(session, cooperative, facilitator, starts_on=starts_on, ends_on=ends_on)
    after = {"cooperative": cooperative.code, "facilitator": facilitator.username, "from": starts_on, "until": ends_on}
    audit.record(session, actor, "assign", assignment, at=now, after=after)
    return assignment


def add_assignment(
    session: Session, cooperative: Cooperative, facilitator: User, *, starts_on: dt.date, ends_on: dt.date
) -> Assignment:
    """The row of an assignment, for the verbs that put it on record; raises what `assign` raises."""
    if facilitator.role is not Role.FACILITATOR or not facilitator.is_active:
        raise NotAFacilitator(name=facilitator.name)
    if ends_on < starts_on:
        raise DatesRunBackward
    session.get_one(Cooperative, cooperative.id, with_for_update=True, populate_existing=True)
    _refuse_overlap(session, cooperative, starts_on, ends_on)
    assignment = Assignment(
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        facilitator_id=facilitator.id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(assignment)
    session.flush()
    return assignment


def _end_of_programme_year(session: Session, day: dt.date) -> dt.date:
    covering = select(ProgrammeYear.ends_on).where(ProgrammeYear.starts_on <= day, ProgrammeYear.ends_on >= day)
    return session.scalar(covering) or dt.date(day.year, 12, 31)


def _refuse_overlap(session: Session, cooperative: Cooperative, starts_on: dt.date, ends_on: dt.date) -> None:
    overlapping = (
        select(Assignment, User.name)
        .join(User, User.id == Assignment.facilitator_id)
        .where(
            Assignment.cooperative_id == cooperative.id,
            Assignment.starts_on <= ends_on,
            Assignment.ends_on >= starts_on,
        )
        .limit(1)
    )
    if (row := session.execute(overlapping).first()) is not None:
        assignment, facilitator_name = row
        raise AssignmentOverlaps(
            cooperative=cooperative.short_name,
            facilitator=facilitator_name,
            from_=assignment.starts_on.isoformat(),
            until=assignment.ends_on.isoformat(),
        )


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
    year = session.scalar(select(ProgrammeYear).where(ProgrammeYear.starts_on <= on, ProgrammeYear.ends_on >= on))
    count = session.scalar(
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.facilitator_id == facilitator_id, Assignment.starts_on <= on, Assignment.ends_on >= on)
    )
    return Caseload(count or 0, year.caseload_min if year else 4, year.caseload_max if year else 5)


def last_book_year_end(on: dt.date) -> dt.date:
    """The end of the last book year before a day; articles of association usually close it on 31 December."""
    return dt.date(on.year - 1, 12, 31)


def month_bounds(day: dt.date) -> tuple[dt.date, dt.date]:
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
