"""Verbs of the schedule: plan a visit, move it, cancel it, say what it is about."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_
from pendamping.visits.models import VisitMode
from pendamping.visits.queries import is_month_locked
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove
from pendamping.visits.schedule.queries import PlannedHour, hours_of_day, is_accompanied, is_done
from pendamping.visits.service import MonthIsLocked, OutsideAssignment

PLANNED_MINUTES = 60
"""How long a planned visit is taken to last; our proposal, from the length of the visits seen in the field."""


class PlanConflict(DomainError):
    code = "plan_conflict"
    explanation = N_("Rencana dengan nomor ini sudah tersimpan dengan isi yang lain. Yang tersimpan tidak diubah.")


class PlanInPast(DomainError):
    code = "plan_in_past"
    status = 400
    explanation = N_("Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya.")


class PlansOverlap(DomainError):
    code = "plans_overlap"
    explanation = N_("Pukul %(starts)s hari itu sudah ada rencana kunjungan ke %(cooperative)s. Beri jarak satu jam.")


class PlanIsDone(DomainError):
    code = "plan_is_done"
    explanation = N_("Kunjungan ini sudah terlaksana, jadi rencananya tidak diubah lagi.")


class PlanIsCancelled(DomainError):
    code = "plan_is_cancelled"
    explanation = N_("Rencana ini sudah dibatalkan. Buat rencana baru bila kunjungan tetap perlu.")


class PlanIsLocked(DomainError):
    code = "plan_is_locked"
    explanation = N_("Laporan bulan rencana ini sudah disetujui, jadi rencananya tidak diubah lagi.")


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A visit that somebody means to make; the tablet makes `id`, `starts` is office time or None."""

    id: uuid.UUID
    planned_on: dt.date
    starts: dt.time | None
    mode: VisitMode
    agenda: str
    beside_id: uuid.UUID | None = None
    """The stored plan that this one tells otherwise: written twice, on two devices, and both are to be kept."""


def plan_visit(
    session: Session,
    cooperative: Cooperative,
    new: NewPlan,
    *,
    facilitator_id: uuid.UUID,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> PlannedVisit:
    """Put a visit on the schedule once, however often the plan is sent.

    Raises:
        PlanConflict: the id is stored already with other content or by somebody else.
        PlanInPast: the day is before `today`.
        OutsideAssignment: the cooperative is not this facilitator's on that day.
        MonthIsLocked: the facilitator's month has been approved.
        PlansOverlap: the facilitator means to be elsewhere at that hour; the plan beside which this one is kept is not
            elsewhere.
    """
    _wait_for_turn(session, facilitator_id)
    stored = session.get(PlannedVisit, new.id)
    if stored is not None:
        if not _is_same(session, stored, cooperative, new, facilitator_id):
            raise PlanConflict
        return stored
    _refuse_bad_day(session, cooperative.id, facilitator_id, new.planned_on, today)
    others = hours_of_day(session, facilitator_id, new.planned_on, without=_kept_beside(session, cooperative, new))
    _refuse_overlap(others, new.starts)
    plan = PlannedVisit(
        id=new.id,
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        facilitator_id=facilitator_id,
        planned_on=new.planned_on,
        starts=new.starts,
        mode=new.mode,
        agenda=new.agenda,
        created_at=now,
    )
    session.add(plan)
    session.flush()
    after = {"cooperative": cooperative.code, "planned_on": new.planned_on, "starts": new.starts}
    audit.record(session, actor, "plan_visit", plan, at=now, after=after)
    return plan


def move_visit(
    session: Session,
    plan: PlannedVisit,
    *,
    to_on: dt.date,
    to_starts: dt.time | None,
    reason: str,
    actor: Actor,
    author_id: uuid.UUID,
    today: dt.date,
    now: dt.datetime,
) -> None:
    """Let a planned visit take place on another day or at another hour; where it was stays on record.

    A plan that stands there already, as after a second tap, is left as it is.

    Raises:
        PlanIsDone, PlanIsCancelled: there is nothing left to move.
        PlanIsLocked: the month it would leave has been approved.
        PlanInPast, OutsideAssignment, MonthIsLocked, PlansOverlap: as for a new plan.
    """
    _wait_for_turn(session, plan.facilitator_id)
    _hold_open(session, plan)
    _refuse_bad_day(session, plan.cooperative_id, plan.facilitator_id, to_on, today)
    before = {"planned_on": plan.planned_on, "starts": plan.starts}
    if (plan.planned_on, plan.starts) == (to_on, to_starts):
        return
    others = hours_of_day(session, plan.facilitator_id, to_on, without=plan.id)
    _refuse_overlap(others, to_starts)
    plan.moves += 1
    session.add(
        PlannedVisitMove(
            planned_visit_id=plan.id,
            city_code=plan.city_code,
            number=plan.moves,
            from_on=plan.planned_on,
            from_starts=plan.starts,
            to_on=to_on,
            to_starts=to_starts,
            reason=reason,
            author_id=author_id,
            made_at=now,
        )
    )
    plan.planned_on, plan.starts = to_on, to_starts
    session.flush()
    after = {"planned_on": to_on, "starts": to_starts}
    audit.record(session, actor, "move_visit", plan, at=now, before=before, after=after)


def cancel_visit(session: Session, plan: PlannedVisit, *, because: str, actor: Actor, now: dt.datetime) -> None:
    """Say that a planned visit will not be made, and why; the plan stays on the schedule as cancelled.

    The same said twice, as by a second tap, is said once.

    Raises:
        PlanIsDone, PlanIsCancelled: there is nothing left to cancel.
        PlanIsLocked: its month has been approved.
    """
    try:
        _hold_open(session, plan)
    except PlanIsCancelled:
        if plan.cancelled_because != because:
            raise
        return
    plan.cancelled_at, plan.cancelled_because = now, because
    session.flush()
    before, after = {"is_cancelled": False}, {"is_cancelled": True, "because": because}
    audit.record(session, actor, "cancel_visit", plan, at=now, before=before, after=after)


def change_agenda(session: Session, plan: PlannedVisit, *, agenda: str, actor: Actor, now: dt.datetime) -> None:
    """Say anew what a planned visit is about; the record keeps what was said before.

    Raises:
        PlanIsDone, PlanIsCancelled: the visit is no longer ahead.
        PlanIsLocked: its month has been approved.
    """
    _hold_open(session, plan)
    if plan.agenda == agenda:
        return
    before = {"agenda": plan.agenda}
    plan.agenda = agenda
    session.flush()
    audit.record(session, actor, "change_agenda", plan, at=now, before=before, after={"agenda": agenda})


def _kept_beside(session: Session, cooperative: Cooperative, new: NewPlan) -> uuid.UUID | None:
    """Only a plan for the same cooperative can be this one, told otherwise."""
    named = session.get(PlannedVisit, new.beside_id) if new.beside_id else None
    return named.id if named is not None and named.cooperative_id == cooperative.id else None


def _is_same(
    session: Session, stored: PlannedVisit, cooperative: Cooperative, new: NewPlan, facilitator_id: uuid.UUID
) -> bool:
    """Whether a stored plan was made of just this; where it has been moved to since says nothing against it."""
    first = session.get(PlannedVisitMove, (stored.id, 1))
    made_for = (first.from_on, first.from_starts) if first else (stored.planned_on, stored.starts)
    return (made_for, stored.mode, stored.agenda, stored.cooperative_id, stored.facilitator_id) == (
        (new.planned_on, new.starts),
        new.mode,
        new.agenda,
        cooperative.id,
        facilitator_id,
    )


def _wait_for_turn(session: Session, facilitator_id: uuid.UUID) -> None:
    """Two plans of one facilitator at once, or one plan sent twice: the second sees what the first has stored."""
    locked(session, User, facilitator_id, key_share=True)


def _hold_open(session: Session, plan: PlannedVisit) -> None:
    """Take the plan as it stands now, and hold it while it is changed.

    Raises:
        PlanIsDone, PlanIsCancelled, PlanIsLocked: it may not be changed any more.
    """
    locked(session, PlannedVisit, plan.id)
    if is_done(session, plan.id):
        raise PlanIsDone
    if plan.cancelled_at is not None:
        raise PlanIsCancelled
    if is_month_locked(session, plan.facilitator_id, plan.planned_on):
        raise PlanIsLocked


def _refuse_bad_day(
    session: Session, cooperative_id: uuid.UUID, facilitator_id: uuid.UUID, on: dt.date, today: dt.date
) -> None:
    if on < today:
        raise PlanInPast
    if not is_accompanied(session, cooperative_id, facilitator_id, on=on):
        raise OutsideAssignment
    if is_month_locked(session, facilitator_id, on):
        raise MonthIsLocked


def _refuse_overlap(others: Sequence[PlannedHour], starts: dt.time | None) -> None:
    """Nobody is in two places at once; plans without an hour stand in nobody's way."""
    if starts is None:
        return
    for other in others:
        if abs(_minutes(other.starts) - _minutes(starts)) < PLANNED_MINUTES:
            raise PlansOverlap(starts=f"{other.starts:%H.%M}", cooperative=other.cooperative_name)


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute
