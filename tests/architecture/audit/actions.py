"""What each step in the life of an action leaves on record, and what is said about plans."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from pendamping.accounts.models import User
from pendamping.kernel.audit import Actor
from pendamping.plans import dialogue, linking, moves, way_back
from pendamping.plans.models import Action, ActionStatus, PlanQuestion, UpdateKind
from pendamping.plans.service import add_action
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make
from tests.plans.lives import Plan

AGREED, REPORTED = "disepakati", "dilaporkan_selesai"


def by(author: User, actor: Actor) -> dict[str, Any]:
    return {"author_id": author.id, "actor": actor, "now": NOW}


def put_down(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    said = by(plan.facilitator, actor)
    moves.put_down(make.session, plan.agreed(), UpdateKind.NOTED, note="Baik", verb="note_progress", **said)


def agree(make: Make, actor: Actor) -> None:
    plan, proposed = Plan(make), make.action_draft()
    made = by(plan.facilitator, make.actor)
    add_action(make.session, make.cooperative(), proposed, is_agreed=False, items={}, **made)
    action = make.session.get_one(Action, proposed.id)
    moves.move_action(make.session, action, to=ActionStatus.AGREED, **by(plan.facilitator, actor))


def start(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    moves.start(make.session, plan.agreed(), **by(plan.officer, actor))


def note_progress(make: Make, actor: Actor) -> None:
    plan, status = Plan(make), ActionStatus.RUNNING
    moves.note_progress(make.session, plan.agreed(), status=status, note="Baik", **by(plan.facilitator, actor))


def report_done(make: Make, actor: Actor, plan: Plan | None = None) -> Action:
    plan = plan or Plan(make)
    action = plan.agreed()
    moves.report_done(make.session, action, note="Sudah", **by(plan.officer, actor))
    return action


def verify(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    moves.verify(make.session, plan.agreed(), note="Lengkap", items=plan.items, **by(plan.facilitator, actor))


def send_back(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    action = report_done(make, make.actor, plan)
    moves.send_back(make.session, action, reason="Belum ada", **by(plan.facilitator, actor))


def cancel(make: Make, actor: Actor, plan: Plan | None = None) -> Action:
    plan = plan or Plan(make)
    action = plan.agreed()
    moves.cancel(make.session, action, reason="Tidak perlu", **by(plan.facilitator, actor))
    return action


def reopen(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    action = cancel(make, make.actor, plan)
    moves.reopen(make.session, action, reason="Perlu juga", **by(plan.facilitator, actor))


def change_due(make: Make, actor: Actor) -> None:
    plan, june = Plan(make), dt.date(2026, 6, 1)
    moves.change_due(make.session, plan.agreed(), due_on=june, reason="Libur", **by(plan.facilitator, actor))


def join_action(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    action, visit = plan.agreed(None), make.visit(plan.facilitator)
    linking.join_action(make.session, visit, action.id, plan.items["KL-02"], **by(plan.facilitator, actor))


def link_items(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    linking.link_items(make.session, plan.agreed(None), [plan.items["KL-02"]], **by(plan.facilitator, actor))


def look_again(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    plan.agreed("KL-02")
    visit, instruments = make.visit(plan.facilitator, {"KL-02": ("yes", "dokumen_dilihat")}), make.draft().instruments
    said = by(plan.facilitator, actor)
    way_back.look_again(make.session, make.cooperative(), visit, instruments=instruments, **said)


def accept(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    dialogue.respond(make.session, plan.agreed(), agrees=True, **by(plan.officer, actor))


def dispute(make: Make, actor: Actor, plan: Plan | None = None) -> Action:
    plan = plan or Plan(make)
    action = plan.agreed()
    dialogue.respond(make.session, action, agrees=False, reason="Terlalu dekat", **by(plan.officer, actor))
    return action


def settle_dispute(make: Make, actor: Actor) -> None:
    plan = Plan(make)
    action = dispute(make, make.actor, plan)
    dialogue.settle_dispute(make.session, action, text="Tetap perlu", **by(plan.facilitator, actor))


def acknowledge_plan(make: Make, actor: Actor) -> None:
    dialogue.acknowledge_plan(make.session, make.cooperative(), **by(make.cooperative_user(), actor))


def ask(make: Make, actor: Actor) -> PlanQuestion:
    author = make.cooperative_user()
    return dialogue.ask(make.session, None, make.cooperative(), text="Kapan?", **by(author, actor))


def answer_question(make: Make, actor: Actor) -> None:
    question = ask(make, make.actor)
    dialogue.answer_question(make.session, question, text="Besok.", **by(make.facilitator(), actor))


def step(
    act: Callable[[Make, Actor], object],
    verb: str,
    *,
    to: str,
    was: str = AGREED,
    kind: str = "langkah",
    number: int = 2,
) -> AuditCase:
    """A case of the `number`th step in the life of an action."""
    before, after = {"status": was, "revision": number - 1}, {"status": to, "number": number, "kind": kind}
    return AuditCase(act, verb, "action", before=before, after=after)


CASES: Mapping[str, AuditCase] = {
    "plans.moves.put_down": step(put_down, "note_progress", to=AGREED, kind="kabar"),
    "plans.moves.move_action": step(agree, "agree_action", was="usulan", to=AGREED),
    "plans.moves.start": step(start, "note_progress", to="berjalan"),
    "plans.moves.note_progress": step(note_progress, "note_progress", to="berjalan"),
    "plans.moves.report_done": step(report_done, "report_action_done", to=REPORTED),
    "plans.moves.verify": step(verify, "verify_action", to="terverifikasi"),
    "plans.moves.send_back": step(send_back, "send_action_back", was=REPORTED, to="dikembalikan", number=3),
    "plans.moves.cancel": step(cancel, "cancel_action", to="dibatalkan"),
    "plans.moves.reopen": step(reopen, "reopen_action", was="dibatalkan", to=AGREED, number=3),
    "plans.moves.change_due": step(change_due, "change_action_due", to=AGREED, kind="tenggat"),
    "plans.linking.join_action": step(join_action, "link_items", to=AGREED, kind="kabar"),
    "plans.linking.link_items": step(link_items, "link_items", to=AGREED, kind="kabar"),
    "plans.way_back.look_again": step(look_again, "verify_action", to="terverifikasi"),
    "plans.dialogue.respond": step(accept, "accept_action", to=AGREED, kind="setuju"),
    "plans.dialogue.respond, that it does not agree": step(dispute, "dispute_action", to=AGREED, kind="tidak_setuju"),
    "plans.dialogue.settle_dispute": step(
        settle_dispute, "settle_dispute", to=AGREED, kind="keberatan_dijawab", number=3
    ),
    "plans.dialogue.acknowledge_plan": AuditCase(
        acknowledge_plan,
        "acknowledge_plan",
        "plan_acknowledgement",
        after={"cooperative": GRAHA_INDAH, "read_until": str(NOW)},
    ),
    "plans.dialogue.ask": AuditCase(ask, "ask_question", "plan_question", after={"action_id": None}),
    "plans.dialogue.answer_question": AuditCase(
        answer_question, "answer_question", "plan_question", after={"action_id": None}
    ),
}
