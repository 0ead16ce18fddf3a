"""Who sees what was decided, who decides, and what there is to decide."""

import datetime as dt

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.instruments.stages import GateResult
from pendamping.kernel.roles import Role
from pendamping.progress.stages.models import DesignationDecision, StageDecision, Verdict


def visible_stage_decisions(user: User, *, today: dt.date) -> Select[StageDecision]:
    """The decisions about the cooperatives that a person sees today; a cooperative sees its own and only those."""
    return select(StageDecision).where(StageDecision.cooperative_id.in_(visible_cooperative_ids(user, today=today)))


def visible_designation_decisions(user: User, *, today: dt.date) -> Select[DesignationDecision]:
    own = visible_cooperative_ids(user, today=today)
    return select(DesignationDecision).where(DesignationDecision.cooperative_id.in_(own))


def can_decide(user: User) -> bool:
    """Only the head: whoever hands out the accounts must not also hand out the stages (our proposal)."""
    return user.role is Role.AGENCY_HEAD


def next_stage(stage: Stage) -> Stage | None:
    following = list(Stage)[stage.order :]
    return following[0] if following else None


def offered(stage: Stage, *, is_confirmed: bool, gate: GateResult | None, is_resting: bool) -> list[Verdict]:
    """What can be decided about a cooperative now, the likeliest first. `gate` is None where none could be read."""
    verdicts = []
    if gate is not None and gate.is_reached and next_stage(stage):
        verdicts.append(Verdict.PROMOTE)
        if not is_resting:
            verdicts.append(Verdict.DECLINE)
    if not is_confirmed:
        verdicts.append(Verdict.CONFIRM)
    return [*verdicts, Verdict.SET]
