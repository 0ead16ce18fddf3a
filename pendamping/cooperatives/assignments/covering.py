"""Verbs of cover during leave."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment, LeaveCover
from pendamping.cooperatives.assignments.service import NotAFacilitator, SameFacilitator
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import runs_between
from pendamping.cooperatives.service import DatesRunBackward
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_


class CoverOutside(DomainError):
    code = "cover_outside"
    status = 400
    explanation = N_("Pengganti sementara hanya dalam masa penugasan: %(first)s sampai %(last)s.")


class CoversOverlap(DomainError):
    code = "covers_overlap"
    explanation = N_("Pada hari-hari itu sudah ada pengganti sementara: %(name)s sampai %(last)s.")


def cover_leave(
    session: Session,
    assignment: Assignment,
    cover: User,
    *,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> LeaveCover:
    """Let somebody stand in for some days of an assignment, which itself stays as it is.

    Raises:
        DatesRunBackward, CoverOutside: the days do not hold.
        SameFacilitator, NotAFacilitator: whoever shall cover cannot.
        CoversOverlap: somebody covers on one of these days already.
    """
    locked(session, Cooperative, assignment.cooperative_id)
    session.refresh(assignment)
    if starts_on > ends_on:
        raise DatesRunBackward
    if starts_on < assignment.starts_on or ends_on > assignment.ends_on:
        raise CoverOutside(first=assignment.starts_on.isoformat(), last=assignment.ends_on.isoformat())
    if cover.id == assignment.facilitator_id:
        raise SameFacilitator(name=cover.name)
    if cover.role is not Role.FACILITATOR or not cover.is_active:
        raise NotAFacilitator(name=cover.name)
    _refuse_overlap(session, assignment, starts_on, ends_on)
    row = LeaveCover(
        city_code=assignment.city_code,
        cooperative_id=assignment.cooperative_id,
        assignment_id=assignment.id,
        facilitator_id=cover.id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        made_at=now,
    )
    session.add(row)
    session.flush()
    after = {"assignment": assignment.id, "cover": cover.username, "from": starts_on, "until": ends_on}
    audit.record(session, actor, "cover_leave", row, at=now, after={**after, "reason": reason})
    return row


def _refuse_overlap(session: Session, assignment: Assignment, starts_on: dt.date, ends_on: dt.date) -> None:
    other = session.execute(
        select(User.name, LeaveCover.ends_on)
        .join(User, User.id == LeaveCover.facilitator_id)
        .where(
            LeaveCover.cooperative_id == assignment.cooperative_id,
            runs_between(starts_on, ends_on, LeaveCover),
        )
        .limit(1)
    ).first()
    if other is not None:
        raise CoversOverlap(name=other.name, last=other.ends_on.isoformat())


def end_cover(session: Session, cover: LeaveCover, *, today: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Whoever was away is back: today is the last day of the cover. One that has not begun keeps its first day."""
    locked(session, LeaveCover, cover.id)
    last = max(cover.starts_on, today)
    if last >= cover.ends_on:
        return
    before, cover.ends_on = cover.ends_on, last
    session.flush()
    audit.record(session, actor, "end_cover", cover, at=now, before={"until": before}, after={"until": last})
