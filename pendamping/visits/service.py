"""Verbs of visits: record one, all or nothing."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from pendamping.accounts.models import User
from pendamping.attachments.service import claim
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments import answers as instrument_answers
from pendamping.instruments.queries import PublishedInstrument
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.bulk import Row, append, known, read, table_of
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_
from pendamping.visits.batch_cache import BatchCache
from pendamping.visits.evidence import distance_m
from pendamping.visits.log import append_answers, score_after
from pendamping.visits.models import (
    Attendance,
    PaperCounter,
    Visit,
    VisitMode,
    VisitPhoto,
)
from pendamping.visits.queries import (
    is_month_locked,
)
from pendamping.visits.requests.service import answer_requests
from pendamping.visits.schedule.models import PlannedVisit


class VisitConflict(DomainError):
    code = "visit_conflict"
    explanation = N_("Kunjungan dengan nomor ini sudah tersimpan dengan isi yang lain. Yang tersimpan tidak diubah.")


class VisitInFuture(DomainError):
    code = "visit_in_future"
    status = 400
    explanation = N_("Tanggal kunjungan belum tiba.")


class MonthIsLocked(DomainError):
    code = "month_is_locked"
    explanation = N_("Laporan bulan ini sudah disetujui, jadi kunjungannya terkunci.")


class VisitsOverlap(DomainError):
    code = "visits_overlap"
    explanation = N_("Pada jam itu Anda tercatat di %(cooperative)s (%(started)s sampai %(ended)s).")


class OutsideAssignment(DomainError):
    code = "outside_assignment"
    status = 400
    explanation = N_("Pada tanggal ini koperasi belum atau tidak lagi menjadi dampingan Anda.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit was written: degrees, and the device's own estimate of its error in metres."""

    latitude: float
    longitude: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class PersonMet:
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class PhotoOfVisit:
    """A photo by the id of its attachment, which may arrive later; of one item, or of the visit as a whole."""

    attachment_id: uuid.UUID
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingVisit:
    """A visit as it comes in, already read and understood: `answers` have been held against `instruments`."""

    id: uuid.UUID
    visited_on: dt.date
    started: dt.time | None
    ended: dt.time | None
    mode: VisitMode
    purposes: Sequence[str]
    people_met: Sequence[PersonMet]
    notes: str
    place: Place | None
    written_at: dt.datetime
    instruments: Sequence[PublishedInstrument]
    answers: Sequence[instrument_answers.Answer]
    body_sha256: str
    photos: Sequence[PhotoOfVisit] = ()
    signature_id: uuid.UUID | None = None
    signed_by: str = ""
    planned_visit_id: uuid.UUID | None = None
    beside_id: uuid.UUID | None = None
    """The stored visit that this one tells otherwise: written twice, on two devices, and both are to be kept."""

    @property
    def attachment_ids(self) -> list[uuid.UUID]:
        signature = [self.signature_id] if self.signature_id else []
        return [photo.attachment_id for photo in self.photos] + signature


def record_visit(
    session: Session,
    cooperative: Cooperative,
    draft: IncomingVisit,
    *,
    facilitator_id: uuid.UUID,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
    is_vouched_for: bool = False,
    asked: BatchCache | None = None,
) -> tuple[Visit, bool]:
    """Store a visit with its answers and the scores after it, once, however often it is sent. One of a month that has
    been approved is an addendum: it makes no plan good and counts in none of that month's figures.

    Args:
        today: the office's date; a visit cannot lie after it.
        is_vouched_for: the head answers for it, which stands for an assignment on that day.
        asked: what the transaction has asked before, where other visits come in with it.

    Returns:
        The stored visit, and True if this call made it.

    Raises:
        VisitConflict: the id is stored already with other content or by somebody else.
        VisitInFuture: `visited_on` is after `today`.
        OutsideAssignment: the cooperative was not this facilitator's on that day.
        VisitsOverlap: the facilitator was elsewhere at that hour, which the visit beside which this one is kept is not.
        ForeignAttachment: a photo or the signature was sent by somebody else.
    """
    asked = asked or BatchCache()
    stored = None if draft.id in asked.new_visits else _stored(session, draft, facilitator_id)
    if stored is not None:
        return stored, False
    keep_days_still(session, facilitator_id)
    _refuse_bad_day(session, cooperative, draft, facilitator_id, today, asked, is_vouched_for=is_vouched_for)
    # Two visits to one cooperative at once: the fold and the standing are made one after the other.
    locked(session, Cooperative, cooperative.id)
    claim(session, draft.attachment_ids, cooperative=cooperative, uploader_id=facilitator_id)
    visit = _store(session, cooperative, draft, facilitator_id, now, asked)
    append_answers(session, visit, draft.instruments, draft.answers, now)
    items = [answer.item_id for answer in draft.answers]
    asked.was_answered(session, cooperative.id, items)
    answer_requests(session, visit, items, actor=actor, now=now)
    score_after(session, cooperative, visit, draft.instruments, now, fold=asked.fold(session, cooperative.id))
    _put_on_record(session, visit, cooperative, len(draft.answers), actor, now)
    return visit, True


def _stored(session: Session, draft: IncomingVisit, facilitator_id: uuid.UUID) -> Visit | None:
    stored = session.get(Visit, draft.id)
    if stored is not None and (stored.body_sha256, stored.facilitator_id) != (draft.body_sha256, facilitator_id):
        raise VisitConflict
    return stored


def _put_on_record(
    session: Session, visit: Visit, cooperative: Cooperative, answers: int, actor: Actor, now: dt.datetime
) -> None:
    after = {"cooperative": cooperative.code, "visited_on": visit.visited_on, "answers": answers}
    after |= {"is_addendum": True} if visit.is_addendum else {}
    audit.record(session, actor, "record_visit", visit, at=now, after={**after, "sha256": visit.body_sha256})


def _refuse_bad_day(
    session: Session,
    cooperative: Cooperative,
    draft: IncomingVisit,
    facilitator_id: uuid.UUID,
    today: dt.date,
    asked: BatchCache,
    *,
    is_vouched_for: bool,
) -> None:
    if draft.visited_on > today:
        raise VisitInFuture
    if not is_vouched_for and not is_assigned(session, cooperative, facilitator_id, draft.visited_on, asked=asked):
        raise OutsideAssignment
    refuse_overlap(
        session,
        facilitator_id,
        draft.visited_on,
        draft.started,
        draft.ended,
        visit_id=draft.id,
        beside_id=_kept_beside(session, cooperative, draft),
    )


def _kept_beside(session: Session, cooperative: Cooperative, draft: IncomingVisit) -> uuid.UUID | None:
    """Only a visit to the same cooperative can be this one, told otherwise."""
    named = session.get(Visit, draft.beside_id) if draft.beside_id else None
    return named.id if named is not None and named.cooperative_id == cooperative.id else None


def keep_days_still(session: Session, facilitator_id: uuid.UUID) -> None:
    """Visits of one facilitator, and the locks on their months, come one after the other: else two of them at the same
    hour, each to another cooperative, would not see each other.
    """
    locked(session, User, facilitator_id, key_share=True)


def refuse_locked_month(session: Session, facilitator_id: uuid.UUID, day: dt.date) -> None:
    """Raises MonthIsLocked when the facilitator's month of that day has been approved."""
    if is_month_locked(session, facilitator_id, day):
        raise MonthIsLocked


def refuse_overlap(
    session: Session,
    facilitator_id: uuid.UUID,
    visited_on: dt.date,
    started: dt.time | None,
    ended: dt.time | None,
    *,
    visit_id: uuid.UUID,
    beside_id: uuid.UUID | None = None,
) -> None:
    """Nobody is in two places at once; visits whose hours are not known overlap with none.

    Args:
        beside_id: one visit more that stands in nobody's way.

    Raises:
        VisitsOverlap: naming the other visit.
    """
    if started is None or ended is None:
        return
    other = session.execute(
        select(Visit.started, Visit.ended, Cooperative.short_name)
        .join(Cooperative, Cooperative.id == Visit.cooperative_id)
        .where(
            Visit.facilitator_id == facilitator_id,
            Visit.visited_on == visited_on,
            Visit.id.not_in([visit_id, beside_id or visit_id]),
            Visit.started < ended,
            Visit.ended > started,
        )
        .order_by(Visit.started)
        .limit(1)
    ).first()
    if other is not None:
        raise VisitsOverlap(
            cooperative=other.short_name, started=f"{other.started:%H.%M}", ended=f"{other.ended:%H.%M}"
        )


def _plan_behind(
    session: Session, cooperative: Cooperative, facilitator_id: uuid.UUID, draft: IncomingVisit
) -> uuid.UUID | None:
    """The planned visit that this one makes good: the one it names, else the one of that day.

    A visit is never refused over its plan: what is of others, done already, or unknown is simply not named.
    """
    whose, named = {"cooperative_id": cooperative.id, "facilitator_id": facilitator_id}, draft.planned_visit_id
    if named and (found := read(session, _named_plan(), {**whose, "named": named}).scalar()) is not None:
        return found
    return read(session, _plan_of_day(), {**whose, "day": draft.visited_on}).scalar()


@cache
def _open_plans() -> Select[uuid.UUID]:
    """Made once, as the others here, because every visit runs it, and making it takes longer than running it."""
    return select(PlannedVisit.id).where(
        PlannedVisit.cooperative_id == bindparam("cooperative_id"),
        PlannedVisit.facilitator_id == bindparam("facilitator_id"),
        ~exists().where(Visit.planned_visit_id == PlannedVisit.id),
    )


@cache
def _named_plan() -> Select[uuid.UUID]:
    return _open_plans().where(PlannedVisit.id == bindparam("named"))


@cache
def _plan_of_day() -> Select[uuid.UUID]:
    of_that_day = _open_plans().where(PlannedVisit.planned_on == bindparam("day"), PlannedVisit.cancelled_at.is_(None))
    return of_that_day.order_by(PlannedVisit.starts, PlannedVisit.id).limit(1)


def next_paper_number(session: Session, city_code: str, year: int) -> int:
    """The next paper of the city and year. The counter's row makes visits of one city wait for each other."""
    number = _counted_on(session, city_code, year)
    if number is None:
        try:
            with session.begin_nested():
                session.add(PaperCounter(city_code=city_code, year=year, last_number=1))
            return 1
        except IntegrityError:  # the year's first number has just been given to somebody else
            number = _counted_on(session, city_code, year)
    assert number is not None
    return number


def _counted_on(session: Session, city_code: str, year: int) -> int | None:
    return session.connection().scalar(_count_on(), {"of_city": city_code, "of_year": year})


@cache
def _count_on() -> ReturningUpdate[int]:
    counters = table_of(PaperCounter)
    of_that = (counters.c.city_code == bindparam("of_city"), counters.c.year == bindparam("of_year"))
    counted = update(counters).where(*of_that).values(last_number=counters.c.last_number + 1)
    return counted.returning(counters.c.last_number)


def is_assigned(
    session: Session,
    cooperative: Cooperative,
    facilitator_id: uuid.UUID,
    on: dt.date,
    *,
    asked: BatchCache | None = None,
) -> bool:
    """Whether the cooperative was this facilitator's on a day, or this facilitator stood in there."""
    spans = (asked or BatchCache()).accompanied(session, facilitator_id, cooperative.id)
    return any(on in span for span in spans)


def _store(
    session: Session,
    cooperative: Cooperative,
    draft: IncomingVisit,
    facilitator_id: uuid.UUID,
    now: dt.datetime,
    asked: BatchCache,
) -> Visit:
    """The visit's row, with who was met and what was photographed."""
    session.flush()
    is_addendum = asked.is_month_locked(session, facilitator_id, draft.visited_on)
    row = {
        **_row(draft, cooperative, facilitator_id, now),
        "is_addendum": is_addendum,
        "planned_visit_id": None if is_addendum else _plan_behind(session, cooperative, facilitator_id, draft),
        "number": next_paper_number(session, cooperative.city_code, draft.visited_on.year),
    }
    own = {"visit_id": draft.id, "city_code": cooperative.city_code}
    people = [
        {**own, "position": position, "name": person.name, "role": person.role}
        for position, person in enumerate(draft.people_met)
    ]
    photos = [
        {**own, "position": position, "attachment_id": photo.attachment_id, "item_id": photo.item_id}
        for position, photo in enumerate(draft.photos)
    ]
    append(session, Visit, row)
    append(session, Attendance, *people)
    append(session, VisitPhoto, *photos)
    return known(session, Visit, row)


def _row(draft: IncomingVisit, cooperative: Cooperative, facilitator_id: uuid.UUID, now: dt.datetime) -> Row:
    place = draft.place
    return {
        "id": draft.id,
        "cooperative_id": cooperative.id,
        "city_code": cooperative.city_code,
        "facilitator_id": facilitator_id,
        "visited_on": draft.visited_on,
        "number_year": draft.visited_on.year,
        "started": draft.started,
        "ended": draft.ended,
        "mode": draft.mode,
        "purposes": list(draft.purposes),
        "notes": draft.notes,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "accuracy_m": place.accuracy_m if place else None,
        "distance_m": _distance(cooperative, place),
        "signature_id": draft.signature_id,
        "signed_by": draft.signed_by,
        "written_at": draft.written_at,
        "received_at": now,
        "revision": 1,
        "body_sha256": draft.body_sha256,
    }


def _distance(cooperative: Cooperative, place: Place | None) -> float | None:
    if place is None or cooperative.latitude is None or cooperative.longitude is None:
        return None
    return round(distance_m(place.latitude, place.longitude, cooperative.latitude, cooperative.longitude), 1)
