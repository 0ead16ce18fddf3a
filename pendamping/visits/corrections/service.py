"""Verbs of corrections: put a visit right inside its window, add to it afterwards, close a month."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.answers import Answer
from pendamping.instruments.queries import PublishedInstrument
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.corrections.policy import Remedy, remedy_for
from pendamping.visits.corrections.queries import Change
from pendamping.visits.log import append_answers, fold_again, score_after
from pendamping.visits.models import Attendance, MonthLock, Visit, VisitMode
from pendamping.visits.queries import answers_of_visit, is_month_locked, scores_of_visit
from pendamping.visits.service import (
    OutsideAssignment,
    PersonMet,
    VisitInFuture,
    is_assigned,
    keep_days_still,
    refuse_locked_month,
    refuse_overlap,
)


class WindowIsClosed(DomainError):
    code = "window_is_closed"
    explanation = N_("Masa perbaikan kunjungan ini sudah lewat. Tulis catatan tambahan.")


class VisitChanged(DomainError):
    code = "visit_changed"
    explanation = N_("Kunjungan ini sudah diperbaiki dari tempat lain. Periksa isinya yang terbaru, lalu simpan lagi.")


class MonthAhead(DomainError):
    code = "month_ahead"
    explanation = N_("Bulan itu belum dimulai.")


class NothingChanged(DomainError):
    code = "nothing_changed"
    status = 400
    explanation = N_("Belum ada yang diubah.")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A visit as it ought to read: its header, and the answers that differ from those on record."""

    visited_on: dt.date
    started: dt.time | None
    ended: dt.time | None
    mode: VisitMode
    purposes: Sequence[str]
    people_met: Sequence[PersonMet]
    notes: str
    answers: Sequence[Answer]


def correct_visit(
    session: Session,
    visit: Visit,
    corrected: Corrected,
    *,
    instruments: Sequence[PublishedInstrument],
    reason: str,
    changes: Sequence[Change],
    base_revision: int,
    body_sha256: str,
    author: User,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> Correction:
    """Put a visit right, once, however often that is sent. What stood there before stays on record: the header's old
    words in the correction, the old answers and scores in their logs.

    Args:
        instruments: the versions the visit was answered on.
        changes: what differs, in words for people.
        base_revision: the revision that the author had before them.

    Raises:
        WindowIsClosed: it is too late, the month has been approved, or the visit is somebody else's.
        VisitChanged: another correction came first.
        NothingChanged: there is nothing to put right.
        VisitInFuture, OutsideAssignment, MonthIsLocked, VisitsOverlap: the new day or hours do not hold.
    """
    cooperative = _held(session, visit)
    was_before_the_author = visit.revision == base_revision
    if not was_before_the_author and (stored := _sent_before(session, visit, body_sha256)) is not None:
        return stored
    _refuse_late_or_stale(session, visit, author, base_revision, today)
    if not changes:
        raise NothingChanged
    _refuse_bad_day(session, visit, corrected, today)
    before = {"revision": visit.revision, "visited_on": visit.visited_on}
    moved_from = visit.visited_on
    first_score = scores_of_visit(session, visit.id)[0]
    visit.revision += 1
    _write_header(session, visit, corrected)
    # A visit that moves to another day takes all its answers along: the log orders them by the day they were given.
    answers = corrected.answers if moved_from == visit.visited_on else _whole(session, visit, corrected.answers)
    append_answers(session, visit, instruments, answers, now)
    fold_again(session, visit)
    score_after(session, cooperative, visit, instruments, now, first=first_score)
    return _put_down(
        session, visit, CorrectionKind.CORRECTION, reason, changes, body_sha256, author, actor, now, before=before
    )


def add_addendum(
    session: Session, visit: Visit, text: str, *, body_sha256: str, author: User, actor: Actor, now: dt.datetime
) -> Correction:
    """Add words to a visit that is closed, once, however often they are sent; nothing of it changes."""
    locked(session, Cooperative, visit.cooperative_id)
    if (stored := _sent_before(session, visit, body_sha256)) is not None:
        return stored
    return _put_down(session, visit, CorrectionKind.ADDENDUM, text, (), body_sha256, author, actor, now)


def lock_month(
    session: Session, facilitator: User, month: dt.date, *, actor: Actor, now: dt.datetime
) -> tuple[MonthLock, bool]:
    """Close a facilitator's month: its visits are corrected no more and none is added. True if it was open before.

    Raises:
        MonthAhead: it has not begun.
    """
    if (month.year, month.month) > (office_date(now).year, office_date(now).month):
        raise MonthAhead
    keep_days_still(session, facilitator.id)
    lock = session.get(MonthLock, (facilitator.id, month.year, month.month))
    if lock is not None:
        return lock, False
    lock = MonthLock(facilitator_id=facilitator.id, year=month.year, month=month.month, locked_at=now)
    session.add(lock)
    session.flush()
    after = {"facilitator": facilitator.username, "month": f"{month:%Y-%m}"}
    audit.record(session, actor, "lock_month", lock, at=now, after=after)
    return lock, True


def _held(session: Session, visit: Visit) -> Cooperative:
    """Nobody else changes the visit, its day or its cooperative from now on; what was read before is read again."""
    keep_days_still(session, visit.facilitator_id)
    cooperative = locked(session, Cooperative, visit.cooperative_id)
    session.refresh(visit)
    return cooperative


def _refuse_late_or_stale(session: Session, visit: Visit, author: User, base_revision: int, today: dt.date) -> None:
    is_locked = is_month_locked(session, visit.facilitator_id, visit.visited_on)
    if remedy_for(visit, author, today=today, is_locked=is_locked) is not Remedy.CORRECTION:
        raise WindowIsClosed
    if visit.revision != base_revision:
        raise VisitChanged


def _sent_before(session: Session, visit: Visit, body_sha256: str) -> Correction | None:
    """What a second tap has sent again: the page that was open names its revision, so another correction differs."""
    same = select(Correction).where(Correction.visit_id == visit.id, Correction.body_sha256 == body_sha256)
    return session.scalar(same.limit(1))


def _refuse_bad_day(session: Session, visit: Visit, corrected: Corrected, today: dt.date) -> None:
    if corrected.visited_on > today:
        raise VisitInFuture
    cooperative = session.get_one(Cooperative, visit.cooperative_id)
    if not is_assigned(session, cooperative, visit.facilitator_id, corrected.visited_on):
        raise OutsideAssignment
    refuse_locked_month(session, visit.facilitator_id, corrected.visited_on)
    hours = corrected.visited_on, corrected.started, corrected.ended
    if hours != (visit.visited_on, visit.started, visit.ended):  # hours that stand may stand beside a visit told twice
        refuse_overlap(session, visit.facilitator_id, *hours, visit_id=visit.id)


def _write_header(session: Session, visit: Visit, corrected: Corrected) -> None:
    visit.visited_on = corrected.visited_on
    visit.started, visit.ended = corrected.started, corrected.ended
    visit.mode, visit.purposes, visit.notes = corrected.mode, list(corrected.purposes), corrected.notes
    session.execute(delete(Attendance).where(Attendance.visit_id == visit.id))
    session.add_all(
        Attendance(visit_id=visit.id, position=position, city_code=visit.city_code, name=person.name, role=person.role)
        for position, person in enumerate(corrected.people_met)
    )
    session.flush()


def _whole(session: Session, visit: Visit, changed: Sequence[Answer]) -> list[Answer]:
    own = {each.answer.item_id: each.answer for each in answers_of_visit(session, visit.id)}
    return list({**own, **{answer.item_id: answer for answer in changed}}.values())


def _put_down(
    session: Session,
    visit: Visit,
    kind: CorrectionKind,
    reason: str,
    changes: Sequence[Change],
    body_sha256: str,
    author: User,
    actor: Actor,
    now: dt.datetime,
    *,
    before: dict[str, object] | None = None,
) -> Correction:
    last = session.scalar(select(func.max(Correction.number)).where(Correction.visit_id == visit.id))
    correction = Correction(
        id=uuid.uuid5(visit.id, f"{kind}:{(last or 0) + 1}"),
        visit_id=visit.id,
        city_code=visit.city_code,
        number=(last or 0) + 1,
        kind=kind,
        reason=reason,
        changes=[{"field": each.field, "before": each.before, "after": each.after} for each in changes],
        body_sha256=body_sha256,
        author_id=author.id,
        made_at=now,
    )
    session.add(correction)
    session.flush()
    after = {"number": correction.number, "revision": visit.revision, "fields": [each.field for each in changes]}
    verb = "correct_visit" if kind is CorrectionKind.CORRECTION else "add_addendum"
    audit.record(session, actor, verb, visit, at=now, before=before, after=after)
    return correction
