"""What pages and verbs read of visits and answers."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.instruments import answers as instrument_answers
from pendamping.visits.models import Answer, CurrentAnswer, MonthLock, Visit, VisitScore


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An answer with where it comes from."""

    answer: instrument_answers.Answer
    visit_id: uuid.UUID
    answered_on: dt.date


def _recorded(row: Answer) -> RecordedAnswer:
    return RecordedAnswer(
        instrument_answers.Answer(item_id=row.item_id, value=row.value, proof=row.proof, note=row.note),
        row.visit_id,
        row.answered_on,
    )


def current_answers(session: Session, cooperative_id: uuid.UUID) -> dict[str, RecordedAnswer]:
    """The newest answer to each item; one query, whatever the history's length."""
    rows = session.scalars(
        select(Answer)
        .join(CurrentAnswer, CurrentAnswer.answer_id == Answer.id)
        .where(CurrentAnswer.cooperative_id == cooperative_id)
    )
    return {row.item_id: _recorded(row) for row in rows}


def answers_as_of(session: Session, cooperative_id: uuid.UUID, day: dt.date) -> dict[str, RecordedAnswer]:
    """The newest answer to each item among those of visits up to a day; reads the log, for visits that arrive late."""
    ranked = (
        select(
            Answer,
            func.row_number()
            .over(
                partition_by=Answer.item_id,
                order_by=(Answer.answered_on.desc(), Answer.recorded_at.desc(), Answer.id.desc()),
            )
            .label("rank"),
        )
        .where(Answer.cooperative_id == cooperative_id, Answer.answered_on <= day)
        .subquery()
    )
    newest = aliased(Answer, ranked)
    return {row.item_id: _recorded(row) for row in session.scalars(select(newest).where(ranked.c.rank == 1))}


def answers_of_visit(session: Session, visit_id: uuid.UUID) -> list[RecordedAnswer]:
    """The answers of a visit as they stand after its corrections."""
    rows = session.scalars(select(Answer).where(Answer.visit_id == visit_id).order_by(Answer.item_id, Answer.revision))
    return list({row.item_id: _recorded(row) for row in rows}.values())


def is_month_locked(session: Session, facilitator_id: uuid.UUID, day: dt.date) -> bool:
    """Whether the facilitator's month has been approved: nothing of it changes any more."""
    return session.get(MonthLock, (facilitator_id, day.year, day.month)) is not None


def plain(recorded: Mapping[str, RecordedAnswer]) -> dict[str, instrument_answers.Answer]:
    """Only the answers, as scoring takes them."""
    return {item_id: each.answer for item_id, each in recorded.items()}


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as a list shows it."""

    id: uuid.UUID
    visited_on: dt.date
    facilitator_name: str
    mode: str
    purposes: Sequence[str]


def recent_visits(session: Session, cooperative_id: uuid.UUID, *, since: dt.date, limit: int) -> list[VisitLine]:
    rows = session.execute(
        select(Visit.id, Visit.visited_on, User.name, Visit.mode, Visit.purposes)
        .join(User, User.id == Visit.facilitator_id)
        .where(Visit.cooperative_id == cooperative_id, Visit.visited_on >= since)
        .order_by(Visit.visited_on.desc(), Visit.received_at.desc())
        .limit(limit)
    )
    return [VisitLine(*row) for row in rows]


def last_visit_of(session: Session, cooperative_id: uuid.UUID) -> Visit | None:
    return session.scalar(
        select(Visit)
        .where(Visit.cooperative_id == cooperative_id)
        .order_by(Visit.visited_on.desc(), Visit.received_at.desc(), Visit.id.desc())
        .limit(1)
    )


def scores_of_visit(session: Session, visit_id: uuid.UUID) -> list[VisitScore]:
    """The scores after a visit, as they stand after its corrections."""
    rows = session.scalars(select(VisitScore).where(VisitScore.visit_id == visit_id).order_by(VisitScore.revision))
    return list({row.instrument_code: row for row in rows}.values())


def earlier_score(
    session: Session, cooperative_id: uuid.UUID, instrument_code: str, *, than: Visit
) -> VisitScore | None:
    """The score that an instrument had after the visit before `than`."""
    return session.scalar(
        select(VisitScore)
        .where(
            VisitScore.cooperative_id == cooperative_id,
            VisitScore.instrument_code == instrument_code,
            VisitScore.visit_id != than.id,
            VisitScore.measured_on <= than.visited_on,
        )
        .order_by(
            VisitScore.measured_on.desc(),
            VisitScore.recorded_at.desc(),
            VisitScore.visit_id.desc(),
            VisitScore.revision.desc(),
        )
        .limit(1)
    )


def visit_counts(visits: Select[Visit], session: Session, *, first: dt.date, last: dt.date) -> dict[uuid.UUID, int]:
    """Visits of each cooperative among `visits` between two days, both included."""
    chosen = visits.where(Visit.visited_on.between(first, last)).with_only_columns(Visit.cooperative_id, func.count())
    return dict(session.execute(chosen.group_by(Visit.cooperative_id)).all())
