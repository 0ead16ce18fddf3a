"""The verbs that move an action: each step once, in its order, with its reason, its author and its record."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.attachments.service import ForeignAttachment
from pendamping.instruments.definition import Verification
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role
from pendamping.plans import dialogue, moves
from pendamping.plans.dialogue import AlreadyAnswered, NothingAnswered, NothingAsked, NothingDisputed
from pendamping.plans.models import Action, ActionStatus, ActionUpdate, PlanQuestion, Priority, UpdateKind
from pendamping.plans.moves import (
    ActionChanged,
    ActionNotGoing,
    DueInThePast,
    DueUnchanged,
    NeedsAVisit,
    ProofMissing,
    ReasonMissing,
    StepNotAllowed,
    TooManyProofs,
)
from pendamping.plans.queries import updated_at
from pendamping.plans.service import ActionConflict, add_action
from pendamping.plans.story import action_detail
from pendamping.plans.waiting import disputes, proofs_waiting, questions_waiting, waiting_counts
from tests.conftest import TODAY
from tests.make import Make
from tests.plans.lives import Plan


def test_a_whole_life_is_told_from_its_first_step_to_its_last(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = plan.agreed(due_on=dt.date(2026, 5, 5))
    photo = make.attachment(plan.officer, code=None)

    dialogue.respond(session, action, agrees=False, reason="Notaris libur", **plan.by(plan.officer))
    (dispute,) = disputes(session, select(Action), today=TODAY)
    dialogue.settle_dispute(session, action, text="Kita mundurkan", **plan.by(plan.facilitator))
    moves.change_due(session, action, due_on=dt.date(2026, 5, 20), reason="Notaris libur", **plan.by(plan.facilitator))
    moves.start(session, action, note="Sudah ke notaris", **plan.by(plan.officer))
    moves.report_done(session, action, note="Selesai", attachments=[photo.id], **plan.by(plan.officer))
    (proof,) = proofs_waiting(session, select(Action), today=TODAY)
    moves.send_back(session, action, reason="Halaman kedua belum ada", **plan.by(plan.facilitator))
    moves.report_done(session, action, note="Lengkap", **plan.by(plan.officer))
    moves.verify(session, action, note="Akta lengkap", items=plan.items, **plan.by(plan.facilitator))

    told = action_detail(session, action, today=TODAY)
    assert [(step.kind, step.status) for step in reversed(told.steps)] == [
        (UpdateKind.MOVED, ActionStatus.AGREED),
        (UpdateKind.DISPUTED, ActionStatus.AGREED),
        (UpdateKind.SETTLED, ActionStatus.AGREED),
        (UpdateKind.DUE_CHANGED, ActionStatus.AGREED),
        (UpdateKind.MOVED, ActionStatus.RUNNING),
        (UpdateKind.MOVED, ActionStatus.REPORTED_DONE),
        (UpdateKind.MOVED, ActionStatus.RETURNED),
        (UpdateKind.MOVED, ActionStatus.REPORTED_DONE),
        (UpdateKind.MOVED, ActionStatus.VERIFIED),
    ]
    assert (dispute.note, dispute.author_name) == ("Notaris libur", plan.officer.name)
    assert (proof.note, [each.id for each in proof.proofs]) == ("Selesai", [photo.id])
    moved = next(step for step in told.steps if step.kind is UpdateKind.DUE_CHANGED)
    assert (moved.due_before, moved.due_after) == (dt.date(2026, 5, 5), dt.date(2026, 5, 20))
    assert (told.action.due_changes, told.action.revision, told.action.is_disputed) == (1, 9, False)
    assert (told.finding and told.finding.value, told.action.status_at) == ("no", plan.now)
    recorded = select(AuditEvent.verb).where(AuditEvent.subject_type == "action", AuditEvent.verb != "agree_action")
    assert session.scalars(recorded.order_by(AuditEvent.at)).all() == [
        "dispute_action",
        "settle_dispute",
        "change_action_due",
        "note_progress",
        "report_action_done",
        "send_action_back",
        "report_action_done",
        "verify_action",
    ]


def refused_steps(
    session: Session, plan: Plan, action: Action
) -> dict[str, tuple[type[DomainError], Callable[[], object]]]:
    officer, facilitator = plan.officer, plan.facilitator
    foreign = plan.make.attachment(facilitator, code=None)
    head = plan.make.user(Role.AGENCY_HEAD)
    return {
        "a facilitator reports done": (
            StepNotAllowed,
            lambda: moves.report_done(session, action, note="Beres", **plan.by(facilitator)),
        ),
        "a cooperative verifies": (
            StepNotAllowed,
            lambda: moves.verify(session, action, note="Beres", items=plan.items, **plan.by(officer)),
        ),
        "a cooperative moves the day": (
            StepNotAllowed,
            lambda: moves.change_due(session, action, due_on=TODAY, reason="Lama", **plan.by(officer)),
        ),
        "what was not reported goes back": (
            StepNotAllowed,
            lambda: moves.send_back(session, action, reason="Belum", **plan.by(facilitator)),
        ),
        "an open one is taken up again": (
            StepNotAllowed,
            lambda: moves.reopen(session, action, reason="Lagi", **plan.by(facilitator)),
        ),
        "a facilitator agrees for the cooperative": (
            StepNotAllowed,
            lambda: dialogue.respond(session, action, agrees=True, **plan.by(facilitator)),
        ),
        "given up without a reason": (
            ReasonMissing,
            lambda: moves.cancel(session, action, reason=" ", **plan.by(facilitator)),
        ),
        "disputed without a reason": (
            ReasonMissing,
            lambda: dialogue.respond(session, action, agrees=False, **plan.by(officer)),
        ),
        "verified without a word": (
            ReasonMissing,
            lambda: moves.verify(session, action, note="", items=plan.items, **plan.by(facilitator)),
        ),
        "a dispute that nobody raised": (
            NothingDisputed,
            lambda: dialogue.settle_dispute(session, action, text="Ya", **plan.by(facilitator)),
        ),
        "the same day": (
            DueUnchanged,
            lambda: moves.change_due(session, action, due_on=action.due_on, reason="x", **plan.by(facilitator)),
        ),
        "a day gone by": (
            DueInThePast,
            lambda: moves.change_due(
                session, action, due_on=TODAY - dt.timedelta(days=1), reason="x", **plan.by(facilitator)
            ),
        ),
        "an old page": (
            ActionChanged,
            lambda: moves.cancel(session, action, reason="x", **plan.by(facilitator, seen_revision=7)),
        ),
        "a photo that has not come": (
            ProofMissing,
            lambda: moves.report_done(session, action, note="x", attachments=[uuid.uuid4()], **plan.by(officer)),
        ),
        "somebody else's photo": (
            ForeignAttachment,
            lambda: moves.report_done(session, action, note="x", attachments=[foreign.id], **plan.by(officer)),
        ),
        "two hundred photos": (
            TooManyProofs,
            lambda: moves.report_done(
                session, action, note="x", attachments=[uuid.uuid4() for _ in range(200)], **plan.by(officer)
            ),
        ),
        "a question without words": (
            NothingAsked,
            lambda: dialogue.ask(session, action, plan.make.cooperative(), text=" ", **plan.by(officer)),
        ),
        "somebody whose role moves nothing": (
            StepNotAllowed,
            lambda: moves.start(session, action, **plan.by(head)),
        ),
    }


def test_what_breaks_a_rule_is_refused_and_leaves_nothing(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = plan.agreed()
    outcomes = {}

    for name, (error, step) in refused_steps(session, plan, action).items():
        nested = session.begin_nested()
        try:
            step()
            outcomes[name] = "accepted"
        except error:
            pass
        except DomainError as other:
            outcomes[name] = other.code
        nested.rollback()

    assert outcomes == {}
    session.refresh(action)
    assert (action.status, action.revision) == (ActionStatus.AGREED, 1)
    assert session.scalar(select(func.count()).select_from(ActionUpdate)) == 1


def test_a_step_sent_twice_is_one_and_its_id_is_nobody_elses(session: Session, make: Make) -> None:
    plan = Plan(make)
    action, step_id = plan.agreed(), uuid.uuid4()
    step = plan.by(plan.officer, update_id=step_id, seen_revision=1)

    first = moves.start(session, action, note="Mulai", **step)
    again = moves.start(session, action, note="Mulai", **step)

    assert (again is first, action.revision) == (True, 2)
    with pytest.raises(ActionConflict):
        moves.cancel(session, action, reason="x", **plan.by(plan.facilitator, update_id=step_id))


def test_of_two_people_with_the_same_page_the_second_is_told(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = plan.agreed()
    moves.start(session, action, note="Mulai", **plan.by(plan.officer, seen_revision=1))

    with pytest.raises(ActionChanged):
        moves.cancel(session, action, reason="Tidak jadi", **plan.by(plan.facilitator, seen_revision=1))

    assert (action.status, action.revision) == (ActionStatus.RUNNING, 2)


def test_what_was_cancelled_can_be_taken_up_again_and_what_was_verified_goes_back(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = plan.agreed()
    dialogue.respond(session, action, agrees=False, reason="Tidak perlu", **plan.by(plan.officer))

    moves.cancel(session, action, reason="Tidak perlu", **plan.by(plan.facilitator))
    assert (action.status, action.is_disputed) == (ActionStatus.CANCELLED, False)
    moves.reopen(session, action, reason="Ternyata perlu", **plan.by(plan.facilitator))
    moves.verify(session, action, note="Buku lengkap", items=plan.items, **plan.by(plan.facilitator))
    moves.send_back(session, action, reason="Bukunya milik koperasi lain", **plan.by(plan.facilitator))

    assert action.status is ActionStatus.RETURNED
    moves.report_done(session, action, note="Sudah", **plan.by(plan.officer))
    with pytest.raises(ActionNotGoing):
        moves.note_progress(session, action, status=ActionStatus.RUNNING, note="x", **plan.by(plan.facilitator))


def test_what_must_be_seen_is_not_verified_from_afar(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = plan.agreed()
    items = {"KL-02": replace(plan.items["KL-02"], verification=Verification.OBSERVATION)}

    with pytest.raises(NeedsAVisit):
        moves.verify(session, action, note="Foto papan", items=items, **plan.by(plan.facilitator))


def test_a_question_is_asked_once_and_answered_once(session: Session, make: Make) -> None:
    plan = Plan(make)
    action, id_ = plan.agreed(), uuid.uuid4()
    about = make.cooperative()
    question = dialogue.ask(session, action, about, text="Formulirnya?", question_id=id_, **plan.by(plan.officer))
    assert (
        dialogue.ask(session, action, about, text="Formulirnya?", question_id=id_, **plan.by(plan.officer)) is question
    )
    (waiting,) = questions_waiting(session, select(PlanQuestion))
    assert waiting_counts(session, select(Action), select(PlanQuestion)).questions == 1

    with pytest.raises(NothingAnswered):
        dialogue.answer_question(session, question, text=" ", **plan.by(plan.facilitator))
    dialogue.answer_question(session, question, text="Di laci.", **plan.by(plan.facilitator))
    dialogue.answer_question(session, question, text="Di laci.", **plan.by(plan.facilitator))
    with pytest.raises(AlreadyAnswered):
        dialogue.answer_question(session, question, text="Di lemari.", **plan.by(plan.facilitator))

    assert (waiting.text, waiting.action_title) == ("Formulirnya?", action.title)
    (told,) = action_detail(session, action, today=TODAY).questions
    assert (told.answer, told.answered_by_name) == ("Di laci.", plan.facilitator.name)
    assert questions_waiting(session, select(PlanQuestion)) == []


def test_a_plan_is_read_up_to_a_change(session: Session, make: Make) -> None:
    plan = Plan(make)
    plan.agreed()

    dialogue.acknowledge_plan(session, make.cooperative(), read_until=make.now, **plan.by(plan.officer))

    assert dialogue.last_read_until(session, make.cooperative().id) == make.now
    assert updated_at(session, make.cooperative().id) == make.now
    verbs = session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_type == "plan_acknowledgement")).all()
    assert verbs == ["acknowledge_plan"]


def test_between_visits_an_action_is_proposed_until_the_cooperative_says_yes(session: Session, make: Make) -> None:
    plan = Plan(make)
    draft = replace(make.action_draft("KL-02"), further_items=("KL-05", "KL-02", "KL-99"), owner_name="Siti Aminah")
    action = add_action(
        session, make.cooperative(), draft, is_agreed=False, items=plan.items, **plan.by(plan.facilitator)
    )
    assert (action.status, action.visit_id, action.item_ids) == (ActionStatus.PROPOSED, None, ("KL-02", "KL-05"))

    dialogue.respond(session, action, agrees=True, **plan.by(plan.officer))

    assert action.status is ActionStatus.AGREED
    told = action_detail(session, action, today=TODAY)
    assert (told.action.owner_name, told.action.priority, told.finding) == ("Siti Aminah", Priority.PRESSING, None)
    assert [each.item_id for each in told.further_items] == ["KL-05"]
