"""What pages read of goals."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.plans.goals.models import Outcome, PlanGoal, PlanGoalResult
from pendamping.plans.goals.rules import GoalTerms, Quarter

GOALS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class ResultView:
    """With what a goal was closed."""

    outcome: Outcome
    value: int | None
    note: str
    author_name: str
    closed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with its result; None while it stands open."""

    id: uuid.UUID
    terms: GoalTerms
    author_name: str
    made_at: dt.datetime
    result: ResultView | None


def goals_of(session: Session, goals: Select[PlanGoal], *, limit: int = GOALS_SHOWN) -> list[GoalView]:
    """Those among `goals`, the latest quarter first; one query."""
    closer = aliased(User)
    rows = session.execute(
        goals.join(User, User.id == PlanGoal.author_id)
        .outerjoin(PlanGoalResult, PlanGoalResult.goal_id == PlanGoal.id)
        .outerjoin(closer, closer.id == PlanGoalResult.author_id)
        .add_columns(User.name, PlanGoalResult, closer.name)
        .order_by(PlanGoal.year.desc(), PlanGoal.quarter.desc(), PlanGoal.made_at, PlanGoal.id)
        .limit(limit)
    )
    return [
        GoalView(
            id=goal.id,
            terms=terms_of(goal),
            author_name=author_name,
            made_at=goal.made_at,
            result=ResultView(result.outcome, result.value, result.note, closer_name, result.closed_at)
            if result
            else None,
        )
        for goal, author_name, result, closer_name in rows
    ]


def goals_of_cooperative(cooperative_id: uuid.UUID) -> Select[PlanGoal]:
    return select(PlanGoal).where(PlanGoal.cooperative_id == cooperative_id)


def terms_of(goal: PlanGoal) -> GoalTerms:
    return GoalTerms(Quarter(goal.year, goal.quarter), goal.text, goal.measure, goal.target)
