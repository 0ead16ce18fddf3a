"""What decisions on a cooperative, and questions about it, leave on record."""

from collections.abc import Mapping

from pendamping.kernel.audit import Actor
from pendamping.kernel.roles import Role
from pendamping.progress.asking import service as asking
from tests.architecture.audit.cases import AuditCase, acting
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make


def decide_stage(make: Make, actor: Actor) -> None:
    Make(make.session, now=make.now, today=make.today, actor=actor).stage_decision()


def decide_designations(make: Make, actor: Actor) -> None:
    Make(make.session, now=make.now, today=make.today, actor=actor).designation()


def act_on(make: Make, actor: Actor) -> None:
    make.facilitator()
    acting(make, actor).asked()


def answer(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator()
    asking.answer(make.session, make.asked(), text="Banjir.", author_id=facilitator.id, actor=actor, now=NOW)


def mark_seen(make: Make, actor: Actor) -> None:
    asking.mark_seen(make.session, make.user(Role.AGENCY_HEAD), seen_at=NOW, actor=actor, now=NOW)


CASES: Mapping[str, AuditCase] = {
    "progress.stages.service.decide_stage": AuditCase(
        decide_stage,
        "decide_stage",
        "stage_decision",
        before={"stage": "operasional"},
        after={"cooperative": GRAHA_INDAH, "verdict": "dikonfirmasi", "stage": "operasional", "on": "2026-04-14"},
    ),
    "progress.stages.service.decide_designations": AuditCase(
        decide_designations,
        "decide_designation",
        "designation_decision",
        after={"cooperative": GRAHA_INDAH, "designation": "percontohan", "is_given": True, "on": "2026-04-14"},
    ),
    "progress.asking.service.act_on": AuditCase(
        act_on,
        "act_on_attention",
        "attention_step",
        after={"verb": "tanya", "kind": "lama-tidak-dikunjungi", "cooperative": GRAHA_INDAH, "text": "Apa kendalanya?"},
    ),
    "progress.asking.service.answer": AuditCase(
        answer, "answer_attention", "attention_reply", after={"text": "Banjir."}
    ),
    "progress.asking.service.mark_seen": AuditCase(
        mark_seen, "see_desk", "last_look", before={"at": None}, after={"at": str(NOW)}
    ),
}
