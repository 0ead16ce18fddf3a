"""The one verb that keeps standings true."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import score
from pendamping.plans.queries import open_summary
from pendamping.progress.models import Standing, StandingScore
from pendamping.visits.models import Visit
from pendamping.visits.queries import current_answers, earlier_score, last_visit_of, plain
from pendamping.visits.service import facts_of, score_columns


def refresh_standing(
    session: Session,
    cooperative: Cooperative,
    instruments: list[PublishedInstrument],
    *,
    today: dt.date,
    now: dt.datetime,
) -> Standing:
    """Write down where a cooperative stands, from its current answers, its plan and its last visit.

    Call it in every transaction that changes one of them. The cost does not depend on the history's length.
    """
    last_visit = last_visit_of(session, cooperative.id)
    standing = session.get(Standing, cooperative.id)
    if standing is None:
        standing = Standing(cooperative_id=cooperative.id, city_code=cooperative.city_code)
        session.add(standing)
    standing.last_visit_id = last_visit.id if last_visit else None
    standing.last_visit_on = last_visit.visited_on if last_visit else None
    standing.open_actions, standing.next_due_on = open_summary(session, cooperative.id)
    standing.refreshed_at = now
    _refresh_scores(session, cooperative, instruments, last_visit, today)
    session.flush()
    return standing


def _refresh_scores(
    session: Session,
    cooperative: Cooperative,
    instruments: list[PublishedInstrument],
    last_visit: Visit | None,
    today: dt.date,
) -> None:
    answers = plain(current_answers(session, cooperative.id))
    facts = facts_of(cooperative, last_visit.visited_on if last_visit else today)
    rows = {
        row.instrument_code: row
        for row in session.scalars(select(StandingScore).where(StandingScore.cooperative_id == cooperative.id))
    }
    for published in instruments:
        code = published.instrument.code
        row = rows.get(code)
        if row is None:
            row = StandingScore(cooperative_id=cooperative.id, city_code=cooperative.city_code, instrument_code=code)
            session.add(row)
        result = score(published.instrument, answers, stage=cooperative.stage.order, facts=facts)
        before = earlier_score(session, cooperative.id, code, than=last_visit) if last_visit else None
        row.version_id = published.version_id
        row.previous_score = before.score if before else None
        row.measured_on = last_visit.visited_on if last_visit else None
        for column, value in score_columns(result).items():
            setattr(row, column, value)
