"""What a cooperative sees of its own stage: how many requirements are left, and what the agency has decided."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.plans.page import PlanPage
from pendamping.progress.stages.page import StageView, evaluated, stage_view
from pendamping.progress.stages.policy import visible_stage_decisions
from pendamping.progress.stages.queries import StageDecisionView, stage_history
from pendamping.visits.queries import current_answers


@dataclass(frozen=True, slots=True)
class OwnStage:
    """`gate` is None where the gates do not fit the instruments in force."""

    gate: StageView | None
    history: Sequence[StageDecisionView]


def own_stage(session: Session, cooperative: Cooperative, plan: PlanPage, user: User, *, today: dt.date) -> OwnStage:
    """Evaluated today, beside the actions of its plan."""
    found = evaluated(
        session,
        cooperative,
        instruments_on(session, today),
        answers=current_answers(session, cooperative.id),
        actions=plan.open,
        measured_on=max((cell.measured_on for cell in plan.scores if cell.measured_on), default=None),
        today=today,
    )
    return OwnStage(
        gate=stage_view(cooperative, found, rests=False) if found else None,
        history=stage_history(session, visible_stage_decisions(user, today=today)),
    )
