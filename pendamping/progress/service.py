"""The one verb that keeps standings true."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Score
from pendamping.kernel.bulk import Row, put
from pendamping.kernel.locks import locked
from pendamping.plans.queries import open_summary
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.signs import Earlier, cash_differences, deepest_fall, last_visit_grade, scores_earlier
from pendamping.progress.stages.models import StandingDesignation
from pendamping.progress.stages.standing import gates_of
from pendamping.visits.batch_cache import BatchCache
from pendamping.visits.log import facts_of, score_columns
from pendamping.visits.models import Visit
from pendamping.visits.queries import last_visit_of

Scored = Sequence[tuple[PublishedInstrument, Score]]


def refresh_standing(
    session: Session,
    cooperative: Cooperative,
    instruments: Sequence[PublishedInstrument],
    *,
    today: dt.date,
    now: dt.datetime,
    asked: BatchCache | None = None,
) -> None:
    """Write down where a cooperative stands, from its current answers, its plan and its last visit.

    Call it in every transaction that changes one of them. The cost does not depend on the history's length.

    Args:
        asked: what the transaction has asked already.
    """
    session.flush()
    # One after the other for each cooperative: what another transaction is about to store must not be missed.
    locked(session, Cooperative, cooperative.id)
    own = {"cooperative_id": cooperative.id, "city_code": cooperative.city_code}
    last_visit = last_visit_of(session, cooperative.id)
    fold, day = (asked or BatchCache()).fold(session, cooperative.id), last_visit.visited_on if last_visit else today
    facts = facts_of(cooperative, day)
    scored = fold.scored(session, instruments, stage=cooperative.stage, on=day, facts=facts)
    earlier = scores_earlier(session, last_visit, [each.instrument.code for each in instruments])
    gates = gates_of(session, cooperative, instruments, answers=fold.answers, scored=scored, today=today)
    put(
        session,
        Standing,
        {
            **own,
            **_last_visit(session, last_visit),
            **_signs(session, cooperative, scored, earlier),
            **gates.columns,
            "refreshed_at": now,
        },
    )
    put(session, StandingScore, *({**own, **_score(each, earlier, last_visit)} for each in scored))
    put(
        session,
        StandingDesignation,
        *({**own, "designation_code": code, **columns} for code, columns in gates.designations.items()),
    )


def _last_visit(session: Session, visit: Visit | None) -> Row:
    return {
        "last_visit_id": visit.id if visit else None,
        "last_visit_on": visit.visited_on if visit else None,
        "last_visit_grade": last_visit_grade(session, visit) if visit else None,
    }


def _signs(session: Session, cooperative: Cooperative, scored: Scored, earlier: Earlier) -> Row:
    open_actions, next_due_on = open_summary(session, cooperative.id)
    fall: tuple[str | None, Decimal | None] = deepest_fall(
        earlier.quarter, {published.instrument.code: score.rounded for published, score in scored}
    ) or (None, None)
    return {
        "open_actions": open_actions,
        "next_due_on": next_due_on,
        "cash_differences": cash_differences(session, cooperative.id),
        "quarter_fall_code": fall[0],
        "quarter_fall": fall[1],
    }


def _score(scored: tuple[PublishedInstrument, Score], earlier: Earlier, last_visit: Visit | None) -> Row:
    published, score = scored
    return {
        "instrument_code": published.instrument.code,
        "version_id": published.version_id,
        "previous_score": earlier.last.get(published.instrument.code),
        "measured_on": last_visit.visited_on if last_visit else None,
        **score_columns(score),
    }
