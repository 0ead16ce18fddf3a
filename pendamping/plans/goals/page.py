"""Goals as plans show them: those of this quarter with how far they have come, and what became of the others."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.queries import figures_between
from pendamping.plans.goals.queries import GoalView, goals_of, goals_of_cooperative
from pendamping.plans.goals.rules import FIGURE, FIGURES, SCORE, Quarter, progress_percent, value_of
from pendamping.progress.queries import ScoreCell

KNOWN_WITHIN_MONTHS = 6


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal that stands open, with what its measure says now; `is_late` when its quarter has passed."""

    goal: GoalView
    value: int | None
    percent: float | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class GoalsView:
    open: Sequence[GoalLine]
    """The earliest quarter first."""
    closed: Sequence[GoalView]
    """The latest quarter first."""
    quarter: Quarter
    """The one that runs."""


def goals_view(session: Session, cooperative: Cooperative, scores: Sequence[ScoreCell], *, today: dt.date) -> GoalsView:
    """One query, and one more where a goal is measured by a monthly figure."""
    found, now = goals_of(session, goals_of_cooperative(cooperative.id)), Quarter.of(today)
    standing = [each for each in found if each.result is None]
    values = measured(session, cooperative, standing, scores, today=today)
    lines = [_line(each, values, now) for each in standing]
    return GoalsView(
        open=sorted(lines, key=lambda line: line.goal.terms.quarter),
        closed=[each for each in found if each.result is not None],
        quarter=now,
    )


def _line(goal: GoalView, values: Mapping[str, int], now: Quarter) -> GoalLine:
    value = value_of(goal.terms.measure, values)
    return GoalLine(goal, value, progress_percent(value, goal.terms.target), goal.terms.quarter < now)


def measured(
    session: Session,
    cooperative: Cooperative,
    goals: Sequence[GoalView],
    scores: Sequence[ScoreCell],
    *,
    today: dt.date,
) -> dict[str, int]:
    """What the measures of these goals say now, in whole units: the newest score, the newest figure on record."""
    values = {SCORE + each.instrument.code: int(each.score) for each in scores if each.score is not None}
    if any((each.terms.measure or "").startswith(FIGURE) for each in goals):
        this_month = Month.of(today)
        for each in reversed(
            figures_between(session, cooperative.id, this_month.minus(KNOWN_WITHIN_MONTHS), this_month)
        ):
            told = {FIGURE + name: getattr(each.figures, name) for name in FIGURES}
            values.update((measure, value) for measure, value in told.items() if value is not None)
    return values
