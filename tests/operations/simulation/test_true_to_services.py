"""The simulation folds and scores in memory; the services are the measure of it."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.instruments.answers import Answer as PlainAnswer
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.database import reading, transaction
from pendamping.operations.simulation.ground import instruments_of
from pendamping.operations.simulation.wanted import Wanted
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.service import refresh_standing
from pendamping.progress.stages.models import StandingDesignation
from pendamping.visits.log import append_answers, score_after
from pendamping.visits.models import Answer, CurrentAnswer, Visit, VisitScore
from pendamping.visits.service import IncomingVisit, Place, record_visit
from tests.conftest import ACTOR
from tests.operations.simulation.conftest import SMALL, simulated_on

DESIGNATIONS = ("percontohan", "gudang_gerai")
MADE_ANEW = {"refreshed_at"}


def columns(row: Any) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def standings(session: Session) -> dict[object, dict[str, object]]:
    plain = [(row.cooperative_id, columns(row)) for row in session.scalars(select(Standing))]
    scores = [
        ((row.cooperative_id, row.instrument_code), columns(row)) for row in session.scalars(select(StandingScore))
    ]
    designations = [
        ((row.cooperative_id, row.designation_code), columns(row))
        for row in session.scalars(select(StandingDesignation))
    ]
    return dict([*plain, *scores, *designations])


ODD = (
    Wanted(cooperatives=5, months=1, until=dt.date(2020, 1, 1), seed=2),
    Wanted(cooperatives=7, months=13, until=dt.date(2028, 2, 29), seed=4),
    Wanted(cooperatives=5, months=2, until=dt.date(2026, 3, 22), seed=5),
)
"""Before the instruments, over a leap day, and to the end of a week of holidays."""


@pytest.mark.parametrize("wanted", [SMALL, *ODD], ids=lambda wanted: str(wanted.until))
def test_standings_are_what_refreshing_would_make_of_them(app: Flask, wanted: Wanted) -> None:
    simulated_on(app, wanted)

    with app.app_context(), transaction() as session:
        simulated = standings(session)
        instruments = instruments_of(session, wanted)
        accompanied = select(Cooperative).where(Cooperative.id.in_(select(Standing.cooperative_id)))
        for cooperative in session.scalars(accompanied):
            refresh_standing(session, cooperative, instruments, today=wanted.until, now=wanted.now)
        session.expire_all()

        assert standings(session) == simulated
    assert len(simulated) == wanted.cooperatives * (1 + len(instruments) + len(DESIGNATIONS))


@dataclass(frozen=True)
class Stored:
    """A simulated visit, taken out of its database."""

    visit: dict[str, Any]
    answers: Sequence[dict[str, Any]]
    stage: Stage


def taken_out(session: Session, cooperative_id: uuid.UUID) -> list[Stored]:
    """A cooperative's visits in the order in which they came in."""
    visits = session.scalars(
        select(Visit).where(Visit.cooperative_id == cooperative_id).order_by(Visit.received_at)
    ).all()
    stages = dict(session.execute(select(VisitScore.visit_id, VisitScore.stage)).all())
    answers = session.scalars(select(Answer).where(Answer.cooperative_id == cooperative_id)).all()
    return [
        Stored(columns(visit), [columns(each) for each in answers if each.visit_id == visit.id], stages[visit.id])
        for visit in visits
    ]


def scores_of(session: Session, cooperative_id: uuid.UUID) -> dict[object, dict[str, object]]:
    rows = session.scalars(select(VisitScore).where(VisitScore.cooperative_id == cooperative_id))
    return {(row.visit_id, row.instrument_code, row.revision): columns(row) for row in rows}


def current_of(session: Session, cooperative_id: uuid.UUID) -> dict[str, tuple[uuid.UUID, str]]:
    rows = session.execute(
        select(CurrentAnswer.item_id, Answer.visit_id, Answer.value)
        .join(Answer, Answer.id == CurrentAnswer.answer_id)
        .where(CurrentAnswer.cooperative_id == cooperative_id)
    )
    return {item_id: (visit_id, value) for item_id, visit_id, value in rows}


def plain(row: dict[str, Any]) -> PlainAnswer:
    return PlainAnswer(row["item_id"], row["value"], row["proof"], row["note"])


@pytest.mark.parametrize("place", [0, 1, 3])
def test_recording_the_same_visits_leaves_the_same_answers_scores_and_papers(
    app: Flask, reset: Callable[[], None], place: int
) -> None:
    """The first cooperative was handed over, the second has a corrected visit."""
    simulated_on(app)
    with app.app_context():
        session = reading()
        standing = select(Standing.cooperative_id)
        found = select(Cooperative).where(Cooperative.id.in_(standing)).order_by(Cooperative.code)
        cooperative = columns(session.scalars(found).all()[place])
        id_ = cooperative["id"]
        assert isinstance(id_, uuid.UUID)
        stored, scores, current = taken_out(session, id_), scores_of(session, id_), current_of(session, id_)
        people = [columns(row) for row in session.scalars(select(User).where(User.cooperative_id.is_(None)))]
        assigned = [columns(row) for row in session.scalars(select(Assignment).where(Assignment.cooperative_id == id_))]
    reset()

    with app.app_context(), transaction() as session:
        known = {name: cooperative[name] for name in ("decree_on", "latitude", "longitude")}
        session.execute(update(Cooperative).where(Cooperative.id == id_).values(**known))
        session.add_all([User(**person) for person in people])
        session.flush()
        session.add_all([Assignment(**each) for each in assigned])
        session.flush()
        for each in stored:
            record(session, session.get_one(Cooperative, id_), each)

        assert scores_of(session, id_) == scores
        assert current_of(session, id_) == current
        distances = dict(session.execute(select(Visit.id, Visit.distance_m)).all())
        assert distances == {each.visit["id"]: each.visit["distance_m"] for each in stored}
    assert len(stored) > 5


def record(session: Session, cooperative: Cooperative, stored: Stored) -> None:
    """As it was recorded when it came in, and corrected later."""
    row, received_at = stored.visit, stored.visit["received_at"]
    cooperative.stage = stored.stage
    incoming = IncomingVisit(
        **{
            name: row[name]
            for name in (
                "id",
                "visited_on",
                "started",
                "ended",
                "mode",
                "purposes",
                "notes",
                "written_at",
                "body_sha256",
            )
        },
        people_met=[],
        place=Place(row["latitude"], row["longitude"], row["accuracy_m"]) if row["latitude"] is not None else None,
        instruments=instruments_on(session, SMALL.until),
        answers=[plain(each) for each in stored.answers if each["revision"] == 1],
    )
    office_day: dt.date = SMALL.until
    visit, is_new = record_visit(
        session,
        cooperative,
        incoming,
        facilitator_id=row["facilitator_id"],
        actor=ACTOR,
        today=office_day,
        now=received_at,
    )
    assert is_new
    corrected = [each for each in stored.answers if each["revision"] == 2]
    if corrected:
        visit.revision = 2
        made_at = corrected[0]["recorded_at"]
        append_answers(session, visit, incoming.instruments, [plain(each) for each in corrected], made_at)
        score_after(session, cooperative, visit, incoming.instruments, made_at)
