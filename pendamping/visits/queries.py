"""What pages and verbs read of visits and answers.

Selects that every visit runs when it comes in are made once (`@cache`): making one takes longer than running it.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments import answers as instrument_answers
from pendamping.kernel.bulk import read
from pendamping.kernel.clock import office_date
from pendamping.visits.evidence import EvidenceFacts, EvidenceGrade, grade
from pendamping.visits.models import Answer, CurrentAnswer, MonthLock, Visit, VisitMode, VisitPhoto, VisitScore


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An answer with where it comes from."""

    answer: instrument_answers.Answer
    visit_id: uuid.UUID
    answered_on: dt.date
    version_id: uuid.UUID
    """The version of the instrument that it was given on."""


_OF_RECORDED = (
    Answer.item_id,
    Answer.value,
    Answer.proof,
    Answer.note,
    Answer.visit_id,
    Answer.answered_on,
    Answer.version_id,
)
"""What `_recorded` reads: a hundred rows of columns take a third of the time of a hundred rows of the log."""


def _recorded(row: Answer | Row[*tuple[Any, ...]]) -> RecordedAnswer:
    return RecordedAnswer(
        instrument_answers.Answer(item_id=row.item_id, value=row.value, proof=row.proof, note=row.note),
        row.visit_id,
        row.answered_on,
        row.version_id,
    )


def current_answers(
    session: Session, cooperative_id: uuid.UUID, *, items: Collection[str] | None = None
) -> dict[str, RecordedAnswer]:
    """The newest answer to each item, or to some items; one query, whatever the history's length."""
    if items is None:
        rows = read(session, _current_answers(), {"cooperative_id": cooperative_id})
    else:
        rows = read(session, _current_answers_to(), {"cooperative_id": cooperative_id, "items": list(items)})
    return {row.item_id: _recorded(row) for row in rows}


@cache
def _current_answers() -> Select[*tuple[Any, ...]]:
    return (
        select(*_OF_RECORDED)
        .join(CurrentAnswer, CurrentAnswer.answer_id == Answer.id)
        .where(CurrentAnswer.cooperative_id == bindparam("cooperative_id"))
    )


@cache
def _current_answers_to() -> Select[*tuple[Any, ...]]:
    return _current_answers().where(CurrentAnswer.item_id.in_(bindparam("items", expanding=True)))


def current_answers_of(
    session: Session, cooperative_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[str, RecordedAnswer]]:
    """The same for several cooperatives, by the cooperative's id; one query. Those without any answer are absent."""
    rows = session.execute(
        select(CurrentAnswer.cooperative_id, *_OF_RECORDED)
        .join(CurrentAnswer, CurrentAnswer.answer_id == Answer.id)
        .where(CurrentAnswer.cooperative_id.in_(cooperative_ids))
    )
    found: dict[uuid.UUID, dict[str, RecordedAnswer]] = {}
    for row in rows:
        found.setdefault(row.cooperative_id, {})[row.item_id] = _recorded(row)
    return found


def answers_of_visits_until(
    session: Session, cooperative_ids: Select[uuid.UUID], *, until: dt.date
) -> dict[uuid.UUID, list[RecordedAnswer]]:
    """All answers of visits up to a day, the oldest first, each as its last correction says; one query for all of the
    cooperatives.
    """
    corrected = aliased(Answer)
    is_corrected = exists().where(
        corrected.visit_id == Answer.visit_id,
        corrected.item_id == Answer.item_id,
        corrected.revision > Answer.revision,
    )
    rows = session.execute(
        select(Answer.cooperative_id, *_OF_RECORDED)
        .where(Answer.cooperative_id.in_(cooperative_ids), Answer.answered_on <= until, ~is_corrected)
        .order_by(Answer.answered_on, Answer.recorded_at, Answer.id)
    )
    found: dict[uuid.UUID, list[RecordedAnswer]] = {}
    for row in rows:
        found.setdefault(row.cooperative_id, []).append(_recorded(row))
    return found


def answers_as_of(session: Session, cooperative_id: uuid.UUID, day: dt.date) -> dict[str, RecordedAnswer]:
    """The newest answer to each item among those of visits up to a day; reads the log, for visits that arrive late."""
    return {row.item_id: _recorded(row) for row in newest_in_log(session, cooperative_id, until=day)}


def answers_known_at(
    session: Session, visit: Visit, day: dt.date, *, known_at: dt.datetime
) -> dict[str, RecordedAnswer]:
    """The same for the cooperative of a visit as it stood in the log at an instant at which that visit's answers came
    in: without what came in afterwards. Visits that are sent together share their instant, and their papers' numbers
    tell which was first.
    """
    came_after = select(Visit.id).where(
        Visit.cooperative_id == visit.cooperative_id,
        Visit.number_year == visit.number_year,
        Visit.number > visit.number,
    )
    came_before = or_(
        Answer.recorded_at < known_at, and_(Answer.recorded_at == known_at, Answer.visit_id.not_in(came_after))
    )
    return {
        row.item_id: _recorded(row)
        for row in newest_in_log(session, visit.cooperative_id, until=day, among=came_before)
    }


def newest_in_log(
    session: Session,
    cooperative_id: uuid.UUID,
    *,
    until: dt.date | None = None,
    items: Collection[str] | None = None,
    among: ColumnElement[bool] | None = None,
) -> Sequence[Answer]:
    """For each item the answer that counts, straight from the log: of each visit what its last correction says, of the
    visits the latest.

    Args:
        until: leaves out visits after that day.
        items: only these; all when None.
        among: leaves out all other answers, as if they had never come in.
    """
    revisions = select(
        Answer,
        func.row_number()
        .over(partition_by=(Answer.visit_id, Answer.item_id), order_by=Answer.revision.desc())
        .label("age"),
    ).where(Answer.cooperative_id == cooperative_id)
    if among is not None:
        revisions = revisions.where(among)
    standing = revisions.subquery()
    each = aliased(Answer, standing)
    by_item = (each.answered_on.desc(), each.recorded_at.desc(), each.id.desc())
    ranked = select(each, func.row_number().over(partition_by=each.item_id, order_by=by_item).label("rank")).where(
        standing.c.age == 1
    )
    if until is not None:
        ranked = ranked.where(each.answered_on <= until)
    if items is not None:
        ranked = ranked.where(each.item_id.in_(items))
    inner = ranked.subquery()
    newest = aliased(Answer, inner)
    return session.scalars(select(newest).where(inner.c.rank == 1)).all()


def answers_of_visit(session: Session, visit_id: uuid.UUID) -> list[RecordedAnswer]:
    """The answers of a visit as they stand after its corrections."""
    rows = session.scalars(select(Answer).where(Answer.visit_id == visit_id).order_by(Answer.item_id, Answer.revision))
    return list({row.item_id: _recorded(row) for row in rows}.values())


def is_month_locked(session: Session, facilitator_id: uuid.UUID, day: dt.date) -> bool:
    """Whether the facilitator's month has been approved: nothing of it changes any more."""
    terms = {"facilitator_id": facilitator_id, "year": day.year, "month": day.month}
    return read(session, _locked_at(), terms).first() is not None


@cache
def _locked_at() -> Select[dt.datetime]:
    of_month = (MonthLock.year == bindparam("year"), MonthLock.month == bindparam("month"))
    return select(MonthLock.locked_at).where(MonthLock.facilitator_id == bindparam("facilitator_id"), *of_month)


def last_visit_of(session: Session, cooperative_id: uuid.UUID) -> Visit | None:
    return session.scalar(_last_visit(), {"cooperative_id": cooperative_id})


@cache
def _last_visit() -> Select[Visit]:
    return (
        select(Visit)
        .where(Visit.cooperative_id == bindparam("cooperative_id"))
        .order_by(Visit.visited_on.desc(), Visit.received_at.desc(), Visit.number.desc())
        .limit(1)
    )


def scores_of_visit(session: Session, visit_id: uuid.UUID) -> list[VisitScore]:
    """The scores after a visit, as they stand after its corrections."""
    rows = session.scalars(select(VisitScore).where(VisitScore.visit_id == visit_id).order_by(VisitScore.revision))
    return list({row.instrument_code: row for row in rows}.values())


def scores_before(session: Session, visit: Visit, codes: Iterable[str]) -> dict[str, VisitScore]:
    """What each of these instruments had scored after the visit before this one that scored it, by its code. One
    query, and each instrument's row is found by an index, however long the history.
    """
    wanted = tuple(codes)
    if not wanted:
        return {}
    return {row.instrument_code: row for row in session.scalars(_scores_before(wanted), place_in_time(visit))}


def place_in_time(visit: Visit) -> dict[str, Any]:
    """What `newest_before` takes of a visit."""
    return {name: getattr(visit, name) for name in ("cooperative_id", "visited_on", "received_at", "number")}


@cache
def _scores_before(codes: tuple[str, ...]) -> Select[VisitScore]:
    newest = (select(newest_before(code).subquery()) for code in codes)
    return select(aliased(VisitScore, union_all(*newest).subquery()))


def newest_before(code: str) -> Select[VisitScore]:
    """For each instrument of `scores_before`; takes the visit's cooperative, day, instant and number."""
    day: BindParameter[dt.date] = bindparam("visited_on")
    instant: BindParameter[dt.datetime] = bindparam("received_at")
    came_first = Visit.number < bindparam("number")  # sent together, they share their instant; their papers tell
    is_earlier = or_(
        Visit.visited_on < day,
        and_(Visit.visited_on == day, Visit.received_at < instant),
        and_(Visit.visited_on == day, Visit.received_at == instant, came_first),
    )
    return (
        select(VisitScore)
        .join(Visit, and_(Visit.id == VisitScore.visit_id, Visit.revision == VisitScore.revision))
        .where(
            VisitScore.cooperative_id == bindparam("cooperative_id"),
            VisitScore.instrument_code == code,
            VisitScore.measured_on <= day,
            is_earlier,
        )
        .order_by(VisitScore.measured_on.desc(), Visit.received_at.desc(), Visit.number.desc())
        .limit(1)
    )


def at_the_same_hours(session: Session, visit: Visit) -> Sequence[uuid.UUID]:
    """Visits kept beside this one: the same visit, written on another device and told otherwise."""
    if visit.started is None or visit.ended is None:
        return ()
    others = select(Visit.id).where(
        Visit.facilitator_id == visit.facilitator_id,
        Visit.visited_on == visit.visited_on,
        Visit.cooperative_id == visit.cooperative_id,
        Visit.id != visit.id,
        Visit.started < visit.ended,
        Visit.ended > visit.started,
    )
    return session.scalars(others.order_by(Visit.received_at, Visit.id)).all()


def photos_of_visit(session: Session, visit_id: uuid.UUID) -> list[tuple[uuid.UUID, str | None]]:
    """(attachment, item or None) in the order in which they were added; some may not have arrived yet."""
    rows = session.execute(
        select(VisitPhoto.attachment_id, VisitPhoto.item_id)
        .where(VisitPhoto.visit_id == visit_id)
        .order_by(VisitPhoto.position)
    )
    return [(attachment_id, item_id) for attachment_id, item_id in rows]


def cooperative_waiting_for(
    session: Session, attachment_id: uuid.UUID, *, facilitator_id: uuid.UUID
) -> Cooperative | None:
    """The cooperative of this facilitator's visit that named a file before it arrived; None where no visit did."""
    with_photo = select(VisitPhoto.visit_id).where(VisitPhoto.attachment_id == attachment_id)
    return session.scalar(
        select(Cooperative)
        .join(Visit, Visit.cooperative_id == Cooperative.id)
        .where(
            Visit.facilitator_id == facilitator_id, or_(Visit.signature_id == attachment_id, Visit.id.in_(with_photo))
        )
        .limit(1)
    )


def evidence_of(visit: Visit, photos_taken_at: Sequence[dt.datetime | None]) -> EvidenceGrade:
    """The grade of a stored visit with the photos that have arrived."""
    return grade(
        EvidenceFacts(
            visited_on=visit.visited_on,
            is_remote=visit.mode is VisitMode.REMOTE,
            has_place=visit.latitude is not None,
            accuracy_m=visit.accuracy_m,
            distance_m=visit.distance_m,
            is_signed=visit.signature_id is not None,
            photos_taken_at=photos_taken_at,
            written_at=visit.written_at,
            written_on=office_date(visit.written_at),
            received_at=visit.received_at,
        )
    )


@dataclass(frozen=True, slots=True)
class AddendumLine:
    """A visit that came in after its month had been approved."""

    visit_id: uuid.UUID
    cooperative_name: str
    facilitator_name: str
    visited_on: dt.date
    received_at: dt.datetime


def addenda(session: Session, visits: Select[Visit], *, limit: int = 20) -> list[AddendumLine]:
    """Those among `visits` that came in after their month had been approved, the last that came first."""
    rows = session.execute(
        visits.join(Cooperative, Cooperative.id == Visit.cooperative_id)
        .join(User, User.id == Visit.facilitator_id)
        .where(Visit.is_addendum)
        .order_by(Visit.received_at.desc(), Visit.id)
        .limit(limit)
        .with_only_columns(Visit.id, Cooperative.short_name, User.name, Visit.visited_on, Visit.received_at)
    )
    return [AddendumLine(*row) for row in rows]


def visit_counts(session: Session, visits: Select[Visit], *, first: dt.date, last: dt.date) -> dict[uuid.UUID, int]:
    """Visits of each cooperative among `visits` between two days, both included; without addenda to approved months."""
    counted = visits.where(Visit.visited_on.between(first, last), ~Visit.is_addendum)
    chosen = counted.with_only_columns(Visit.cooperative_id, func.count())
    return dict(session.execute(chosen.group_by(Visit.cooperative_id)).all())
