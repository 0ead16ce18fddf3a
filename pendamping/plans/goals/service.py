"""Verbs of goals: set one for a quarter, close it with its result. Both only add."""

import datetime as dt
import uuid
from dataclasses import asdict

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_
from pendamping.plans.goals.models import Outcome, PlanGoal, PlanGoalResult
from pendamping.plans.goals.queries import terms_of
from pendamping.plans.goals.rules import MOST_GOALS, GoalTerms, Quarter, may_be_set_for


class GoalConflict(DomainError):
    code = "goal_conflict"
    explanation = N_("Sasaran ini sudah tercatat pada koperasi lain. Buka halaman ini lagi.")


class QuarterIsOver(DomainError):
    code = "quarter_is_over"
    status = 400
    explanation = N_("Sasaran hanya untuk triwulan ini atau triwulan berikutnya.")


class TooManyGoals(DomainError):
    code = "too_many_goals"
    explanation = N_("Sudah ada tiga sasaran terbuka untuk triwulan ini. Tutup salah satunya dahulu.")


class GoalClosed(DomainError):
    code = "goal_closed"
    explanation = N_("Sasaran ini baru saja ditutup. Hasil yang tersimpan tidak diubah.")


def set_goal(
    session: Session,
    cooperative: Cooperative,
    goal_id: uuid.UUID,
    terms: GoalTerms,
    *,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> PlanGoal:
    """Set a goal, once, however often the form is sent.

    Raises:
        GoalConflict: the id belongs to another cooperative's.
        QuarterIsOver: it is for a quarter that has passed, or lies too far ahead.
        TooManyGoals: three stand open for the quarter.
    """
    locked(session, Cooperative, cooperative.id)
    stored = session.get(PlanGoal, goal_id)
    if stored is not None:
        if stored.cooperative_id != cooperative.id:
            raise GoalConflict
        return stored
    if not may_be_set_for(terms.quarter, today=office_date(now)):
        raise QuarterIsOver
    if _open_goals(session, cooperative, terms.quarter) >= MOST_GOALS:
        raise TooManyGoals
    goal = PlanGoal(
        id=goal_id,
        cooperative_id=cooperative.id,
        city_code=cooperative.city_code,
        year=terms.quarter.year,
        quarter=terms.quarter.number,
        text=terms.text,
        measure=terms.measure,
        target=terms.target,
        author_id=author_id,
        made_at=now,
    )
    session.add(goal)
    session.flush()
    after = {"cooperative": cooperative.code, **asdict(terms), "quarter": str(terms.quarter)}
    audit.record(session, actor, "set_goal", goal, at=now, after=after)
    return goal


def _open_goals(session: Session, cooperative: Cooperative, quarter: Quarter) -> int:
    is_closed = exists().where(PlanGoalResult.goal_id == PlanGoal.id)
    query = select(func.count()).where(
        PlanGoal.cooperative_id == cooperative.id,
        PlanGoal.year == quarter.year,
        PlanGoal.quarter == quarter.number,
        ~is_closed,
    )
    return session.scalar(query) or 0


def close_goal(
    session: Session,
    goal: PlanGoal,
    *,
    outcome: Outcome,
    value: int | None,
    note: str,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> PlanGoalResult:
    """Say what became of a goal, once.

    Args:
        value: what its measure says today.

    Raises:
        GoalClosed: somebody was quicker; the same result sent again is no fault.
    """
    locked(session, Cooperative, goal.cooperative_id)
    stored = session.get(PlanGoalResult, goal.id)
    if stored is not None:
        if (stored.outcome, stored.note, stored.author_id) == (outcome, note, author_id):
            return stored
        raise GoalClosed
    result = PlanGoalResult(
        goal_id=goal.id,
        city_code=goal.city_code,
        outcome=outcome,
        value=value if goal.measure else None,
        note=note,
        author_id=author_id,
        closed_at=now,
    )
    session.add(result)
    session.flush()
    after = {"outcome": outcome, "value": result.value, "note": note, "goal": terms_of(goal).text}
    audit.record(session, actor, "close_goal", goal, at=now, after=after)
    return result
