"""Verbs of assignments: one or many at once, ended early, handed over. Nothing is ever deleted: what was stays on
record.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import runs_between
from pendamping.cooperatives.queries import programme_year_on
from pendamping.cooperatives.service import ONE_DAY, DatesRunBackward
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_


class AssignmentOverlaps(DomainError):
    code = "assignment_overlaps"
    explanation = N_("%(cooperative)s sudah didampingi %(facilitator)s dari %(from_)s sampai %(until)s.")


class NotAFacilitator(DomainError):
    code = "not_a_facilitator"
    status = 400
    explanation = N_("%(name)s bukan pendamping yang aktif.")


class AssignmentsRefused(DomainError):
    """Some of many assignments do not hold; `faults` says which and why, by the cooperative's code."""

    code = "assignments_refused"
    explanation = N_("Belum ada yang disimpan: perbaiki dahulu baris yang ditandai.")

    def __init__(self, faults: Mapping[str, DomainError]) -> None:
        super().__init__()
        self.faults = faults


class LastDayOutside(DomainError):
    code = "last_day_outside"
    status = 400
    explanation = N_("Hari terakhir harus antara %(first)s dan %(last)s.")


class VisitsAfterLastDay(DomainError):
    code = "visits_after_last_day"
    explanation = N_("%(name)s masih mencatat kunjungan pada %(date)s. Hari terakhirnya paling awal hari itu.")


class AssignmentIsOver(DomainError):
    code = "assignment_is_over"
    explanation = N_("Penugasan ini sudah berakhir pada %(date)s.")


class SameFacilitator(DomainError):
    code = "same_facilitator"
    status = 400
    explanation = N_("%(name)s sudah mendampingi koperasi ini. Pilih pendamping lain.")


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
    locked(session, Cooperative, cooperative.id)
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
    year = programme_year_on(session, day)
    return year.ends_on if year else dt.date(day.year, 12, 31)


def _refuse_overlap(session: Session, cooperative: Cooperative, starts_on: dt.date, ends_on: dt.date) -> None:
    overlapping = (
        select(Assignment, User.name)
        .join(User, User.id == Assignment.facilitator_id)
        .where(
            Assignment.cooperative_id == cooperative.id,
            runs_between(starts_on, ends_on),
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
class NewAssignment:
    cooperative: Cooperative
    facilitator: User
    starts_on: dt.date
    ends_on: dt.date


def assign_all(session: Session, wanted: Sequence[NewAssignment], *, actor: Actor, now: dt.datetime) -> int:
    """Store many assignments, or none; whoever accompanies a cooperative to that very day already is passed over.

    Returns:
        How many are new.

    Raises:
        AssignmentsRefused: with the fault of each cooperative whose assignment does not hold.
    """
    faults: dict[str, DomainError] = {}
    made = 0
    for new in sorted(wanted, key=lambda each: each.cooperative.code):  # one order of locks for everybody
        try:
            made += _assign_unless_there(session, new, actor, now)
        except DomainError as fault:
            faults[new.cooperative.code] = fault
    if faults:
        raise AssignmentsRefused(faults)
    return made


def _assign_unless_there(session: Session, new: NewAssignment, actor: Actor, now: dt.datetime) -> bool:
    locked(session, Cooperative, new.cooperative.id)
    if _there(session, new) is not None:
        return False
    assign(
        session,
        new.cooperative,
        new.facilitator,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        actor=actor,
        now=now,
    )
    return True


def _there(session: Session, new: NewAssignment) -> Assignment | None:
    return session.scalar(
        select(Assignment).where(
            Assignment.cooperative_id == new.cooperative.id,
            Assignment.facilitator_id == new.facilitator.id,
            Assignment.ends_on == new.ends_on,
        )
    )


def end_assignment(
    session: Session,
    assignment: Assignment,
    *,
    ends_on: dt.date,
    last_visit_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Let an assignment end earlier than it was to; one that has ended by then stays as it is.

    Args:
        last_visit_on: the facilitator's last visit to this cooperative within the assignment, which visits know.

    Raises:
        LastDayOutside: it would end before it began, or later than it was to.
        VisitsAfterLastDay: the facilitator has visited the cooperative after that day.
    """
    before = _shorten(session, assignment, ends_on, last_visit_on)
    if before != ends_on:
        audit.record(
            session, actor, "end_assignment", assignment, at=now, before={"until": before}, after={"until": ends_on}
        )


def hand_over(
    session: Session,
    assignment: Assignment,
    successor: User,
    *,
    ends_on: dt.date,
    last_visit_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> Assignment:
    """End an assignment on a day and give what is left of its time to somebody else. Said again, it changes nothing.

    Raises:
        SameFacilitator: the successor is who accompanies the cooperative already.
        LastDayOutside, VisitsAfterLastDay: as `end_assignment`; a day at least must be left for the successor.
        NotAFacilitator, AssignmentOverlaps: as `assign`.
    """
    if successor.id == assignment.facilitator_id:
        raise SameFacilitator(name=successor.name)
    cooperative = locked(session, Cooperative, assignment.cooperative_id)
    session.refresh(assignment)
    if assignment.ends_on == ends_on and (done := _successor(session, assignment, successor.id)):
        return done
    if ends_on == assignment.ends_on:
        raise LastDayOutside(first=assignment.starts_on.isoformat(), last=(ends_on - ONE_DAY).isoformat())
    until = _shorten(session, assignment, ends_on, last_visit_on)
    given = add_assignment(session, cooperative, successor, starts_on=ends_on + ONE_DAY, ends_on=until)
    after = {"until": ends_on, "successor": successor.username, "assignment": given.id}
    audit.record(session, actor, "hand_over", assignment, at=now, before={"until": until}, after=after)
    return given


def _shorten(session: Session, assignment: Assignment, ends_on: dt.date, last_visit_on: dt.date | None) -> dt.date:
    """Move the last day forward under the lock of the cooperative; returns the one before."""
    locked(session, Cooperative, assignment.cooperative_id)
    session.refresh(assignment)
    first, before = assignment.starts_on, assignment.ends_on
    if not first <= ends_on <= before:
        raise LastDayOutside(first=first.isoformat(), last=before.isoformat())
    if last_visit_on is not None and ends_on < last_visit_on <= before:
        facilitator = session.get_one(User, assignment.facilitator_id)
        raise VisitsAfterLastDay(name=facilitator.name, date=last_visit_on.isoformat())
    assignment.ends_on = ends_on
    session.flush()
    return before


def _successor(session: Session, assignment: Assignment, facilitator_id: uuid.UUID) -> Assignment | None:
    return session.scalar(
        select(Assignment).where(
            Assignment.cooperative_id == assignment.cooperative_id,
            Assignment.facilitator_id == facilitator_id,
            Assignment.starts_on == assignment.ends_on + ONE_DAY,
        )
    )
