"""Verbs of group activities and of goals: what each leaves on record."""

import datetime as dt
import uuid
from dataclasses import replace

from pendamping.activities import service as activities
from pendamping.activities.models import Activity, ActivityKind
from pendamping.activities.rules import Presence, Terms
from pendamping.kernel.audit import Actor
from pendamping.plans.goals import service as goals
from pendamping.plans.goals.models import Outcome, PlanGoal
from pendamping.plans.goals.rules import GoalTerms, Quarter
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make
from tests.operations.verbs_of_the_field import Verbs

ACTIVITY_ID, STEP_ID, GOAL_ID = (uuid.UUID(f"c0ffee00-0000-4000-8000-00000000004{number}") for number in (1, 2, 3))
TOLD: dict[str, object] = {
    "held_on": "2026-04-02",
    "kind": "pelatihan",
    "place": "Balai kota",
    "topic": "Buku kas",
    "came": {GRAHA_INDAH: 3},
}


def record_activity(make: Make, actor: Actor) -> Activity:
    cooperative = make.cooperative()
    return activities.record_activity(
        make.session,
        ACTIVITY_ID,
        _terms(make),
        cooperatives={cooperative.id: cooperative},
        author_id=make.facilitator().id,
        actor=actor,
        now=NOW,
    )


def correct_activity(make: Make, actor: Actor) -> None:
    cooperative, activity = make.cooperative(), record_activity(make, make.actor)
    activities.correct_activity(
        make.session,
        activity,
        replace(_terms(make), topic="Pajak"),
        reason="Salah topik",
        seen_number=1,
        step_id=STEP_ID,
        cooperatives={cooperative.id: cooperative},
        author_id=activity.author_id,
        actor=actor,
        now=NOW,
    )


def _terms(make: Make) -> Terms:
    came = (Presence(make.cooperative().id, 3, "Siti"),)
    return Terms(dt.date(2026, 4, 2), ActivityKind.TRAINING, "Balai kota", "Buku kas", "", came)


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


ACTIVITY_VERBS: Verbs = {
    "plans.set_goal": (
        set_goal,
        "set_goal",
        "plan_goal",
        None,
        {"quarter": "2026-2", "text": "Anggota 300", "measure": "angka.members", "target": 300},
    ),
    "plans.close_goal": (
        close_goal,
        "close_goal",
        "plan_goal",
        None,
        {"outcome": "belum", "value": 240, "note": "Kurang waktu"},
    ),
    "activities.record_activity": (record_activity, "record_activity", "activity", None, TOLD),
    "activities.correct_activity": (
        correct_activity,
        "correct_activity",
        "activity_step",
        {"number": 1, **TOLD},
        {"number": 2, "reason": "Salah topik", "topic": "Pajak"},
    ),
}
