"""What group activities leave on record."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace

from pendamping.activities import service as activities
from pendamping.activities.models import Activity, ActivityKind
from pendamping.activities.rules import Presence, Terms
from pendamping.kernel.audit import Actor
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make

ACTIVITY_ID, STEP_ID = (uuid.UUID(f"c0ffee00-0000-4000-8000-00000000004{number}") for number in (1, 2))
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


CASES: Mapping[str, AuditCase] = {
    "activities.service.record_activity": AuditCase(record_activity, "record_activity", "activity", after=TOLD),
    "activities.service.correct_activity": AuditCase(
        correct_activity,
        "correct_activity",
        "activity_step",
        before={"number": 1, **TOLD},
        after={"number": 2, "reason": "Salah topik", "topic": "Pajak"},
    ),
}
