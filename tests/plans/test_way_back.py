"""A visit looks again at what was to be put right, and the plan says what it found."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.plans import moves
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from pendamping.progress.models import Standing
from pendamping.visits.opened import opened_on
from tests.make import Make
from tests.plans.lives import Plan

LATER = dt.date(2026, 4, 14)
GOOD, POOR, CLAIMED = ("yes", "dokumen_dilihat"), ("no", "diamati"), ("yes", "klaim")


def reported(plan: Plan, item_id: str = "KL-02") -> Action:
    action = plan.agreed(item_id)
    plan.now = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
    moves.report_done(plan.make.session, action, note="Sudah", **plan.by(plan.officer))
    return action


def test_what_was_reported_done_is_asked_again_and_a_good_answer_with_proof_verifies_it(
    session: Session, make: Make
) -> None:
    plan = Plan(make)
    action = reported(plan)
    due = opened_on(session, make.cooperative(), make.draft().instruments, on=LATER)
    assert due.actions["KL-02"].id == action.id

    visit = plan.visit({"KL-02": GOOD, "KL-01": POOR})

    (step,) = session.scalars(select(ActionUpdate).where(ActionUpdate.visit_id == visit.id))
    assert (action.status, step.status, step.author_id) == (
        ActionStatus.VERIFIED,
        ActionStatus.VERIFIED,
        plan.facilitator.id,
    )
    assert step.note.startswith("KL-02 ")
    assert step.note.endswith("baik dan terbukti.")
    assert session.get_one(Standing, action.cooperative_id).open_actions == 0


def test_a_poor_answer_sends_it_back_saying_why(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = reported(plan)

    plan.visit({"KL-02": (*POOR, "Halaman kedua kosong")})

    (step,) = session.scalars(select(ActionUpdate).where(ActionUpdate.status == ActionStatus.RETURNED))
    assert action.status is ActionStatus.RETURNED
    assert step.note.endswith("masih kurang. Halaman kedua kosong")
    assert session.get_one(Standing, action.cooperative_id).open_actions == 1


def test_a_mere_claim_and_another_item_change_nothing(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = reported(plan)

    plan.visit({"KL-02": CLAIMED, "KL-01": GOOD})

    assert (action.status, action.revision) == (ActionStatus.REPORTED_DONE, 2)


def test_an_action_on_two_items_waits_for_both(session: Session, make: Make) -> None:
    plan = Plan(make)
    draft = replace(make.action_draft("KL-02"), further_items=("KL-01",))
    first = make.visit(plan.facilitator, {"KL-02": POOR, "KL-01": POOR}, visited_on=dt.date(2026, 4, 1))
    (action,) = make.agree(first, plan.facilitator, draft)

    found = []
    for answers in ({"KL-02": GOOD}, {"KL-01": GOOD}):
        plan.visit(answers)
        found.append(action.status)

    assert found == [ActionStatus.AGREED, ActionStatus.VERIFIED]


def test_a_visit_that_comes_in_late_neither_refutes_a_later_report_nor_outdoes_a_newer_answer(
    session: Session, make: Make
) -> None:
    plan = Plan(make)
    action = plan.agreed()
    plan.now = dt.datetime(2026, 4, 10, tzinfo=dt.UTC)
    moves.report_done(session, action, note="Sudah", **plan.by(plan.officer))

    found = []
    for answer, day in ((POOR, dt.date(2026, 4, 8)), (GOOD, LATER), (POOR, dt.date(2026, 4, 12))):
        plan.visit({"KL-02": answer}, visited_on=day)
        found.append(action.status)

    assert found == [ActionStatus.REPORTED_DONE, ActionStatus.VERIFIED, ActionStatus.VERIFIED]


def test_what_was_agreed_at_the_visit_itself_is_not_verified_by_its_correction(session: Session, make: Make) -> None:
    plan = Plan(make)
    visit = plan.visit({"KL-01": POOR})
    (action,) = make.agree(visit, plan.facilitator, make.action_draft("KL-01"))

    plan.correct(visit, {"KL-01": GOOD})

    assert action.status is ActionStatus.AGREED


def test_a_correction_says_again_what_the_visit_says_of_the_plan(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = reported(plan)
    visit = plan.visit({"KL-02": GOOD})

    found = []
    for answer in (POOR, CLAIMED, GOOD):
        plan.correct(visit, {"KL-02": answer})
        found.append((action.status, session.get_one(Standing, action.cooperative_id).open_actions))

    assert found == [
        (ActionStatus.RETURNED, 1),
        (ActionStatus.REPORTED_DONE, 1),
        (ActionStatus.VERIFIED, 0),
    ]


def test_a_correction_leaves_alone_what_somebody_has_moved_since(session: Session, make: Make) -> None:
    plan = Plan(make)
    action = reported(plan)
    visit = plan.visit({"KL-02": POOR})
    moves.start(session, action, note="Kami lengkapi", **plan.by(plan.officer))

    plan.correct(visit, {"KL-02": CLAIMED})

    assert action.status is ActionStatus.RUNNING
