"""The log of answers: what is added to it, the fold that says what counts now, and what each instrument then scores."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.service import last_book_year_end
from pendamping.instruments import answers as instrument_answers
from pendamping.instruments.definition import DateReference
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Facts, Score
from pendamping.kernel.bulk import append
from pendamping.visits.folds import Fold
from pendamping.visits.models import Answer, CurrentAnswer, Visit, VisitScore
from pendamping.visits.queries import RecordedAnswer, answers_as_of, current_answers, newest_in_log


def facts_of(cooperative: Cooperative, on: dt.date, *, decree_on: dt.date | None = None) -> Facts:
    """The dates against which date items are measured on a day; `decree_on` for one that is only now being learnt."""
    return Facts(decree_on=cooperative.decree_on or decree_on, book_year_end=last_book_year_end(on))


def append_answers(
    session: Session,
    visit: Visit,
    instruments: Sequence[PublishedInstrument],
    answers: Sequence[instrument_answers.Answer],
    now: dt.datetime,
) -> None:
    """Add answers to the log under the visit's present revision, and fold them into the current ones."""
    version_ids = {item.id: each.version_id for each in instruments for item in each.instrument.items}
    rows = [
        {
            "id": uuid.uuid4(),
            "visit_id": visit.id,
            "cooperative_id": visit.cooperative_id,
            "city_code": visit.city_code,
            "version_id": version_ids[answer.item_id],
            "item_id": answer.item_id,
            "value": answer.value,
            "proof": answer.proof,
            "note": answer.note,
            "answered_on": visit.visited_on,
            "revision": visit.revision,
            "recorded_at": now,
        }
        for answer in answers
    ]
    session.flush()
    if rows:
        append(session, Answer, *rows)
        _fold(session, rows)


def _fold(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Let newer answers take the place of older ones; an answer that arrives late does not displace a newer one."""
    folded = [{**{name: row[name] for name in _KEPT_OF_ANSWER}, "answer_id": row["id"]} for row in rows]
    session.connection().execute(_take_their_place(session.get_bind().dialect.name), folded)


_KEPT_OF_ANSWER = ("cooperative_id", "city_code", "item_id", "answered_on", "recorded_at")


@cache
def _take_their_place(dialect: str) -> Insert:
    """By the same order as in `answers_as_of`: visits that come in together share their instant."""
    put = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(CurrentAnswer)
    order = ("answered_on", "recorded_at", "answer_id")
    newer = tuple_(*(put.excluded[name] for name in order)) >= tuple_(*(getattr(CurrentAnswer, name) for name in order))
    return put.on_conflict_do_update(
        index_elements=["cooperative_id", "item_id"], set_={name: put.excluded[name] for name in order}, where=newer
    )


def fold_again(session: Session, visit: Visit) -> None:
    """After a correction the newest answer may be another visit's: look into the log for every item of this visit."""
    items = set(session.scalars(select(Answer.item_id).where(Answer.visit_id == visit.id)))
    held = {
        row.item_id: row
        for row in session.scalars(
            select(CurrentAnswer)
            .where(CurrentAnswer.cooperative_id == visit.cooperative_id)
            .execution_options(populate_existing=True)
        )
    }
    for row in newest_in_log(session, visit.cooperative_id, items=items):
        current = held[row.item_id]
        current.answer_id, current.answered_on, current.recorded_at = row.id, row.answered_on, row.recorded_at
    session.flush()


def score_after(
    session: Session,
    cooperative: Cooperative,
    visit: Visit,
    instruments: Sequence[PublishedInstrument],
    now: dt.datetime,
    *,
    fold: Fold | None = None,
    first: VisitScore | None = None,
) -> None:
    """Write down what each instrument scores after the visit as it now stands, under the visit's present revision.

    Args:
        fold: of the cooperative, the visit's answers among its own; read here where the caller has none.
        first: of a visit that is put right, a score that it had before: the stage and the decree of then still count.
    """
    fold = _fold_after(session, visit, fold or Fold(current_answers(session, visit.cooperative_id)))
    stage = first.stage if first else cooperative.stage
    day = visit.visited_on
    facts = facts_when_put_right(first, cooperative, day) if first else facts_of(cooperative, day)
    rows = [
        {
            "visit_id": visit.id,
            "instrument_code": published.instrument.code,
            "revision": visit.revision,
            "cooperative_id": cooperative.id,
            "city_code": cooperative.city_code,
            "version_id": published.version_id,
            "stage": stage,
            "facts": facts_as_json(facts),
            "measured_on": visit.visited_on,
            "recorded_at": now,
            **score_columns(score),
        }
        for published, score in fold.scored(session, instruments, stage=stage, on=day, facts=facts)
    ]
    session.flush()
    append(session, VisitScore, *rows)


def scored_on(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    answers: Mapping[str, RecordedAnswer],
    *,
    on: dt.date,
) -> list[tuple[PublishedInstrument, Score]]:
    """What each instrument says of a cooperative on a day, at its present stage, by its newest answers up to then."""
    facts, stage = facts_of(cooperative, on), cooperative.stage
    return Fold(answers).scored(session, instruments, stage=stage, on=on, facts=facts)


def _fold_after(session: Session, visit: Visit, current: Fold) -> Fold:
    """The fold up to this visit. Only a visit that arrives late has to read the log for it."""
    if any(each.answered_on > visit.visited_on for each in current.answers.values()):
        return Fold(answers_as_of(session, visit.cooperative_id, visit.visited_on))
    return current


def score_columns(result: Score) -> Mapping[str, object]:
    """The part of a score that tables keep."""
    return {
        "score": result.rounded,
        "band_code": result.band.code if result.band else None,
        "is_provisional": result.is_provisional,
        "answered": result.answered,
        "applicable": result.applicable,
        "critical_unmet": list(result.critical_unmet),
    }


def facts_as_json(facts: Facts) -> dict[str, str | None]:
    dates = {reference: facts.date_of(reference) for reference in DateReference}
    return {reference.value: day.isoformat() if day else None for reference, day in dates.items()}


def facts_then(row: VisitScore) -> Facts:
    """The dates that a visit's answers were measured against, whatever the register says by now."""
    decree_on, book_year_end = (
        row.facts[reference] for reference in (DateReference.DECREE, DateReference.BOOK_YEAR_END)
    )
    return Facts(
        decree_on=dt.date.fromisoformat(decree_on) if decree_on else None,
        book_year_end=dt.date.fromisoformat(book_year_end) if book_year_end else None,
    )


def facts_when_put_right(
    row: VisitScore, cooperative: Cooperative, on: dt.date, *, decree_on: dt.date | None = None
) -> Facts:
    """The dates for a correction: the decree as it was known then, else as it has been learnt since; the new day's book
    year.
    """
    today = facts_of(cooperative, on, decree_on=decree_on)
    return Facts(decree_on=facts_then(row).decree_on or today.decree_on, book_year_end=today.book_year_end)
