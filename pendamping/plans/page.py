"""A cooperative's improvement plan, gathered for the agency's page and for the cooperative's own."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.activities.queries import Origin, origins_of
from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.cooperatives.queries import NameAndCode, assignment_on, name_and_code
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.clock import office_date
from pendamping.plans.goals.page import GoalsView, goals_view
from pendamping.plans.models import ActionStatus
from pendamping.plans.queries import ActionView, finished_actions, open_actions, status_counts, updated_at
from pendamping.plans.story import QuestionView, questions_about_plan, questions_of
from pendamping.progress.queries import ScoreCell, standing_cells

QUESTIONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What, who, until when, and what proves it; `done_count` of `total_count` is verified, cancelled ones left out."""

    cooperative: NameAndCode
    stage: Stage
    stage_is_confirmed: bool
    facilitator_name: str | None
    updated_on: dt.date | None
    open: Sequence[ActionView]
    finished: Sequence[ActionView]
    done_count: int
    total_count: int
    scores: Sequence[ScoreCell]
    goals: GoalsView
    questions: Sequence[QuestionView]
    """About the plan as a whole, the newest first."""
    origins: Mapping[uuid.UUID, Origin]
    """By action: the group activity at which it was agreed, of those that were."""


def plan_page(session: Session, cooperative: Cooperative, *, today: dt.date) -> PlanPage:
    assignment = assignment_on(session, cooperative.id, on=today)
    scores = standing_cells(session, cooperative, instruments_on(session, today))
    counts = status_counts(session, cooperative.id)
    changed_at = updated_at(session, cooperative.id)
    return PlanPage(
        cooperative=name_and_code(cooperative),
        stage=cooperative.stage,
        stage_is_confirmed=cooperative.stage_confirmed_on is not None,
        facilitator_name=assignment.facilitator_name if assignment else None,
        updated_on=office_date(changed_at) if changed_at else None,
        open=open_actions(session, cooperative.id, today=today),
        finished=finished_actions(session, cooperative.id, today=today),
        done_count=counts.get(ActionStatus.VERIFIED, 0),
        total_count=sum(count for status, count in counts.items() if status is not ActionStatus.CANCELLED),
        scores=scores,
        goals=goals_view(session, cooperative, scores, today=today),
        questions=questions_of(session, questions_about_plan(cooperative.id), limit=QUESTIONS_SHOWN),
        origins=origins_of(session, cooperative.id),
    )
