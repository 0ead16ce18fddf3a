"""What plans leave on record: actions, goals, and what is said about them."""

import uuid
from collections.abc import Mapping

from pendamping.kernel.audit import Actor
from pendamping.plans import service as plans
from pendamping.plans.goals import service as goals
from pendamping.plans.goals.models import Outcome, PlanGoal
from pendamping.plans.goals.rules import GoalTerms, Quarter
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW
from tests.make import Make

GOAL_ID = uuid.UUID("c0ffee00-0000-4000-8000-000000000043")


def agree_actions(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)
    items = {item.id: item for each in make.draft().instruments for item in each.instrument.items}
    draft = make.action_draft("KL-03")
    plans.agree_actions(make.session, visit, [draft], items=items, author_id=facilitator.id, actor=actor, now=NOW)


def add_action(make: Make, actor: Actor) -> None:
    facilitator, draft = make.facilitator(), make.action_draft()
    plans.add_action(
        make.session,
        make.cooperative(),
        draft,
        is_agreed=False,
        items={},
        author_id=facilitator.id,
        actor=actor,
        now=NOW,
    )


def set_goal(make: Make, actor: Actor) -> PlanGoal:
    terms, author_id = GoalTerms(Quarter(2026, 2), "Anggota 300", "angka.members", 300), make.facilitator().id
    return goals.set_goal(make.session, make.cooperative(), GOAL_ID, terms, author_id=author_id, actor=actor, now=NOW)


def close_goal(make: Make, actor: Actor) -> None:
    goal = set_goal(make, make.actor)
    goals.close_goal(
        make.session,
        goal,
        outcome=Outcome.MISSED,
        value=240,
        note="Kurang waktu",
        author_id=goal.author_id,
        actor=actor,
        now=NOW,
    )


CASES: Mapping[str, AuditCase] = {
    "plans.service.agree_actions": AuditCase(
        agree_actions,
        "agree_action",
        "action",
        after={"item": "KL-03", "title": "Rapikan buku kas", "due_on": "2026-05-05", "owner": "bendahara"},
    ),
    "plans.service.add_action": AuditCase(
        add_action,
        "propose_action",
        "action",
        after={"item": None, "title": "Rapikan buku kas", "due_on": "2026-05-05", "owner": "bendahara"},
    ),
    "plans.goals.service.set_goal": AuditCase(
        set_goal,
        "set_goal",
        "plan_goal",
        after={"quarter": "2026-2", "text": "Anggota 300", "measure": "angka.members", "target": 300},
    ),
    "plans.goals.service.close_goal": AuditCase(
        close_goal, "close_goal", "plan_goal", after={"outcome": "belum", "value": 240, "note": "Kurang waktu"}
    ),
}
