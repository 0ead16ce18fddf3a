"""The one verb that keeps standings true."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Score
from pendamping.kernel.locks import locked
from pendamping.plans.queries import open_summary
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.signs import cash_differences, deepest_fall, last_visit_grade, scores_a_quarter_before
from pendamping.progress.stages.standing import put_down_gates
from pendamping.visits.asked import Asked
from pendamping.visits.log import facts_of, score_columns
from pendamping.visits.models import Visit
from pendamping.visits.queries import last_visit_of, scores_before


def refresh_standing(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    *,
    today: dt.date,
    now: dt.datetime,
    asked: Asked | None = None,
) -> Standing:
    """Write down where a cooperative stands, from its current answers, its plan and its last visit.

    Call it in every transaction that changes one of them. The cost does not depend on the history's length.

    Args:
        asked: what the transaction has asked already.
    """
    # One after the other for each cooperative: what another transaction is about to store must not be missed.
    locked(session, Cooperative, cooperative.id)
    last_visit = last_visit_of(session, cooperative.id)
    open_actions, next_due_on = open_summary(session, cooperative.id)
    fold, day = (asked or Asked()).fold(session, cooperative.id), last_visit.visited_on if last_visit else today
    facts = facts_of(cooperative, day)
    scored = fold.scored(session, instruments, stage=cooperative.stage, on=day, facts=facts)

    standing = session.get(Standing, cooperative.id) or Standing(
        cooperative_id=cooperative.id, city_code=cooperative.city_code
    )
    with session.no_autoflush:  # nothing that is read from here on depends on what is put down
        standing.last_visit_id = last_visit.id if last_visit else None
        standing.last_visit_on = last_visit.visited_on if last_visit else None
        standing.open_actions, standing.next_due_on = open_actions, next_due_on
        standing.last_visit_grade = last_visit_grade(session, last_visit) if last_visit else None
        standing.cash_differences = cash_differences(session, cooperative.id)
        before = scores_a_quarter_before(session, last_visit, [each.instrument.code for each in instruments])
        fall = deepest_fall(before, {published.instrument.code: score.rounded for published, score in scored})
        standing.quarter_fall_code, standing.quarter_fall = fall or (None, None)
        standing.refreshed_at = now
        put_down_gates(session, standing, cooperative, instruments, answers=fold.answers, scored=scored, today=today)
        session.add(standing)
        _put_down(session, cooperative, _score_rows(session, scored, last_visit))
    session.flush()
    return standing


def _score_rows(
    session: Session, scored: Sequence[tuple[PublishedInstrument, Score]], last_visit: Visit | None
) -> dict[str, Mapping[str, object]]:
    """The columns of each instrument's row, by the instrument's code."""
    codes = [published.instrument.code for published, _ in scored]
    before = scores_before(session, last_visit, codes) if last_visit else {}
    rows: dict[str, Mapping[str, object]] = {}
    for (published, score), code in zip(scored, codes, strict=True):
        earlier = before.get(code)
        rows[code] = {
            "version_id": published.version_id,
            "previous_score": earlier.score if earlier else None,
            "measured_on": last_visit.visited_on if last_visit else None,
            **score_columns(score),
        }
    return rows


def _put_down(session: Session, cooperative: Cooperative, scores: Mapping[str, Mapping[str, object]]) -> None:
    stored = select(StandingScore).where(StandingScore.cooperative_id == cooperative.id)
    rows = {row.instrument_code: row for row in session.scalars(stored)}
    for code, columns in scores.items():
        row = rows.get(code) or StandingScore(
            cooperative_id=cooperative.id, city_code=cooperative.city_code, instrument_code=code
        )
        for column, value in columns.items():
            setattr(row, column, value)
        session.add(row)
