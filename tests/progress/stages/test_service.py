"""Deciding about stages and designations: on record, in effect, once; what the gates say follows every visit."""

import datetime as dt
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative, Stage
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import db, reading, transaction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role
from pendamping.progress.models import Standing
from pendamping.progress.service import refresh_standing
from pendamping.progress.stages.models import DesignationDecision, StageDecision, StandingDesignation, Verdict
from pendamping.progress.stages.queries import awaiting, by_decision
from pendamping.progress.stages.service import (
    DecidedMeanwhile,
    DecisionInFuture,
    DecisionTooEarly,
    NewDecision,
    NoSuchDesignation,
    NotOffered,
    SameStage,
    decide_stage,
)
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.only import on_sqlite
from tests.progress.stages.ready import enough_for, enough_for_designation

ONE_DAY = dt.timedelta(days=1)
LATER = NOW + dt.timedelta(hours=1)


def standing(make: Make, code: str = KARIANGAU) -> Standing:
    return make.session.get_one(Standing, make.cooperative(code).id)


def ready(make: Make, **changes: str | None) -> None:
    """KKMP Kariangau, at pembentukan, with everything that leads on to operasional."""
    make.visit(make.facilitator(KARIANGAU), enough_for(1, **changes), code=KARIANGAU)


def waiting(make: Make, today: dt.date = TODAY) -> list[str]:
    return [each.code for each in make.session.scalars(awaiting(select(Cooperative), today=today))]


# What a standing keeps ------------------------------------------------------------------------------------------------


def test_a_visit_that_fills_the_gate_proposes_the_next_stage_and_moves_nothing(make: Make) -> None:
    ready(make)

    kept = standing(make)
    assert (kept.gate_met, kept.gate_count, kept.awaits_stage_decision, kept.lapsed) == (16, 16, True, 0)
    assert waiting(make) == [KARIANGAU]
    assert make.cooperative(KARIANGAU).stage is Stage.FORMATION


@pytest.mark.parametrize(
    ("changes", "missing"), [({"KL_20": "1"}, 1), ({"KL_03": "yes klaim"}, 1), ({"KL_04": None, "KL_13": "no"}, 2)]
)
def test_a_standing_counts_what_is_missing(make: Make, changes: dict[str, str | None], missing: int) -> None:
    ready(make, **changes)

    kept = standing(make)
    assert kept.gate_met == 16 - missing
    assert not kept.awaits_stage_decision
    assert kept.gate_holds_until is None


def test_a_proposal_leaves_the_list_by_itself_when_its_answers_have_run_out(make: Make) -> None:
    ready(make)

    last = standing(make).gate_holds_until
    assert last is not None
    assert waiting(make, last) == [KARIANGAU]
    assert waiting(make, last + ONE_DAY) == []


def test_where_the_gates_do_not_fit_the_instruments_nothing_is_proposed_and_nothing_breaks(make: Make) -> None:
    make.short_instruments()
    make.visit(make.facilitator(KARIANGAU), {"KL-01": ("yes", "diamati")}, code=KARIANGAU)

    kept = standing(make)
    assert (kept.gate_met, kept.gate_count, kept.awaits_stage_decision) == (None, None, False)


# Deciding about a stage -----------------------------------------------------------------------------------------------


def test_a_promotion_moves_the_cooperative_and_keeps_what_the_gate_said(session: Session, make: Make) -> None:
    ready(make)
    head = make.user(Role.AGENCY_HEAD)

    decision = make.stage_decision(KARIANGAU, verdict=Verdict.PROMOTE, note="Lengkap", head=head)

    cooperative = make.cooperative(KARIANGAU)
    assert (cooperative.stage, cooperative.stage_confirmed_on) == (Stage.OPERATION, TODAY)
    assert (decision.number, decision.from_stage, decision.to_stage) == (1, Stage.FORMATION, Stage.OPERATION)
    assert (decision.gate_met, decision.gate_count, decision.missing) == (16, 16, [])
    assert (decision.decided_by_id, decision.note, decision.recorded_at) == (head.id, "Lengkap", NOW)
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "decide_stage")).one()
    assert event.before == {"stage": "pembentukan"}
    assert event.after is not None
    assert event.after["stage"] == "operasional"


def test_after_a_promotion_the_standing_is_of_the_new_stage(make: Make) -> None:
    ready(make)

    make.stage_decision(KARIANGAU, verdict=Verdict.PROMOTE)

    kept = standing(make)
    assert kept.gate_count == 20
    assert not kept.awaits_stage_decision
    assert waiting(make) == []


def test_a_confirmation_dates_the_stage_that_was_read_off_the_baseline(make: Make) -> None:
    make.stage_decision(verdict=Verdict.CONFIRM, decided_on=TODAY - ONE_DAY)

    assert make.cooperative().stage is Stage.OPERATION
    assert make.cooperative().stage_confirmed_on == TODAY - ONE_DAY


def test_another_stage_can_be_set_whatever_is_missing(make: Make) -> None:
    decision = make.stage_decision(verdict=Verdict.SET, stage=Stage.FORMATION, note="Gerai tutup")

    assert make.cooperative().stage is Stage.FORMATION
    assert decision.gate_met == 0
    assert "KL-40" in decision.missing


def test_not_yet_changes_nothing_and_lets_the_proposal_rest(make: Make) -> None:
    ready(make)

    make.stage_decision(KARIANGAU, verdict=Verdict.DECLINE, note="Tunggu RAT")

    cooperative = make.cooperative(KARIANGAU)
    assert (cooperative.stage, cooperative.stage_confirmed_on) == (Stage.FORMATION, None)
    assert waiting(make) == []


def test_a_resting_proposal_comes_back_with_the_next_answer(session: Session, make: Make) -> None:
    facilitator = make.facilitator(KARIANGAU)
    make.visit(facilitator, enough_for(1), code=KARIANGAU)
    make.stage_decision(KARIANGAU, verdict=Verdict.DECLINE)
    refresh_standing(session, make.cooperative(KARIANGAU), instruments_on(session, TODAY), today=TODAY, now=LATER)
    assert waiting(make) == []

    make.visit(facilitator, {"KL-05": ("3", "diamati")}, code=KARIANGAU, now=LATER)

    assert waiting(make) == [KARIANGAU]


def test_after_not_yet_a_promotion_is_still_possible(make: Make) -> None:
    ready(make)
    make.stage_decision(KARIANGAU, verdict=Verdict.DECLINE)

    make.stage_decision(KARIANGAU, verdict=Verdict.PROMOTE)

    assert make.cooperative(KARIANGAU).stage is Stage.OPERATION


@pytest.mark.parametrize("verdict", [Verdict.PROMOTE, Verdict.DECLINE])
def test_what_is_not_reached_is_neither_promoted_nor_declined(make: Make, verdict: Verdict) -> None:
    ready(make, KL_20="1")

    with pytest.raises(NotOffered):
        make.stage_decision(KARIANGAU, verdict=verdict)

    assert make.cooperative(KARIANGAU).stage is Stage.FORMATION


def test_a_stage_is_confirmed_once(make: Make) -> None:
    make.stage_decision(verdict=Verdict.CONFIRM)

    with pytest.raises(NotOffered):
        make.stage_decision(verdict=Verdict.CONFIRM)


@pytest.mark.parametrize("stage", [None, Stage.OPERATION])
def test_setting_the_stage_it_is_at_is_refused(make: Make, stage: Stage | None) -> None:
    with pytest.raises(SameStage):
        make.stage_decision(verdict=Verdict.SET, stage=stage)


def test_a_decision_is_not_dated_ahead(make: Make) -> None:
    with pytest.raises(DecisionInFuture):
        make.stage_decision(verdict=Verdict.CONFIRM, decided_on=TODAY + ONE_DAY)


def test_a_decision_is_not_dated_before_the_last_one(make: Make) -> None:
    make.stage_decision(verdict=Verdict.CONFIRM, decided_on=TODAY - ONE_DAY)

    with pytest.raises(DecisionTooEarly) as early:
        make.stage_decision(verdict=Verdict.SET, stage=Stage.FORMATION, decided_on=TODAY - 2 * ONE_DAY)
    same_day = make.stage_decision(verdict=Verdict.SET, stage=Stage.FORMATION, decided_on=TODAY - ONE_DAY)

    assert early.value.params == {"cooperative": "KKMP Graha Indah", "date": "2026-04-13"}
    assert same_day.number == 2


def decide(session: Session, head_id: object, note: str, *, seen_number: int = 0) -> StageDecision:
    from pendamping.accounts.models import User

    cooperative = session.scalars(select(Cooperative).where(Cooperative.code == GRAHA_INDAH)).one()
    return decide_stage(
        session,
        cooperative,
        NewDecision(Verdict.CONFIRM, TODAY, note),
        seen_number=seen_number,
        instruments=instruments_on(session, TODAY),
        decided_by=session.get_one(User, head_id),
        actor=ACTOR,
        today=TODAY,
        now=NOW,
    )


def test_the_same_decision_sent_twice_is_stored_once(session: Session, make: Make) -> None:
    head = make.user(Role.AGENCY_HEAD)

    first = decide(session, head.id, "Sesuai")
    again = decide(session, head.id, "Sesuai")

    assert again is first
    assert session.scalar(select(func.count()).select_from(StageDecision)) == 1


def test_whoever_has_not_seen_the_last_decision_is_told(session: Session, make: Make) -> None:
    decide(session, make.user(Role.AGENCY_HEAD).id, "Sesuai")

    with pytest.raises(DecidedMeanwhile):
        decide(session, make.user(Role.AGENCY_HEAD).id, "Juga sesuai")


def test_of_two_heads_at_once_one_decides_and_the_other_is_told(app: Flask) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        heads = [make.user(Role.AGENCY_HEAD).id for _ in range(2)]
    start, said = threading.Barrier(2), []

    def work(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction() as session:
                    decide(session, heads[number], f"Catatan {number}")
                said.append("decided")
            except DomainError as error:
                said.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["decided", "decided_meanwhile"]
    with app.app_context():
        assert reading().scalar(select(func.count()).select_from(StageDecision)) == 1


# A later failure ------------------------------------------------------------------------------------------------------


def test_a_later_failure_is_marked_and_never_moves_a_cooperative_back(make: Make) -> None:
    facilitator = make.facilitator(KARIANGAU)
    make.visit(facilitator, enough_for(1), code=KARIANGAU, visited_on=TODAY - ONE_DAY)
    make.stage_decision(KARIANGAU, verdict=Verdict.PROMOTE)
    assert standing(make).lapsed == 0

    make.visit(facilitator, {"KL-10": ("no", "diamati"), "KL-20": ("1", "diamati")}, code=KARIANGAU, now=LATER)

    assert standing(make).lapsed == 2
    assert make.cooperative(KARIANGAU).stage is Stage.OPERATION
    marked = by_decision(select(Cooperative), "tidak-terpenuhi", today=TODAY)
    assert [each.code for each in make.session.scalars(marked)] == [KARIANGAU]


def test_what_was_never_asked_or_is_only_claimed_is_no_failure(make: Make) -> None:
    make.visit(make.facilitator(), {"KL-03": ("yes", "klaim")})

    assert standing(make, GRAHA_INDAH).lapsed == 0


# Designations ---------------------------------------------------------------------------------------------------------


def beside(make: Make, code: str = GRAHA_INDAH, designation: str = "percontohan") -> StandingDesignation:
    return make.session.get_one(StandingDesignation, (make.cooperative(code).id, designation))


def test_the_criteria_only_propose(make: Make) -> None:
    make.visit(make.facilitator(), enough_for_designation("percontohan"))

    row = beside(make)
    assert (row.missing_count, row.criteria_count, row.missing, row.held_since) == (0, 13, [], None)


def test_a_standing_names_what_is_missing_for_each_designation(make: Make) -> None:
    make.visit(make.facilitator(), enough_for_designation("gudang_gerai", UK_12="1", UK_17="no"))

    row = beside(make, designation="gudang_gerai")
    assert (row.missing_count, row.missing[:2]) == (len(row.missing), ["UK-12", "UK-17"])


def test_a_stage_below_is_one_of_the_things_missing(make: Make) -> None:
    make.visit(make.facilitator(KARIANGAU), {"KL-02": ("yes", "diamati")}, code=KARIANGAU)

    assert beside(make, KARIANGAU).missing[0] == "tahap"


def test_several_are_designated_at_once_and_each_keeps_what_it_lacked(session: Session, make: Make) -> None:
    make.visit(make.facilitator(), enough_for_designation("percontohan", KL_40="0"))

    changed = make.designation(GRAHA_INDAH, KARIANGAU)

    assert changed == 2
    assert {beside(make, code).held_since for code in (GRAHA_INDAH, KARIANGAU)} == {TODAY}
    kept = {row.cooperative_id: row.missing for row in session.scalars(select(DesignationDecision))}
    assert kept[make.cooperative().id] == ["KL-40"]
    assert "tahap" in kept[make.cooperative(KARIANGAU).id]
    verbs = session.scalars(select(AuditEvent.verb).where(AuditEvent.verb == "decide_designation")).all()
    assert len(verbs) == 2


def test_a_designation_is_taken_back_and_both_decisions_stay(session: Session, make: Make) -> None:
    make.designation(decided_on=TODAY - ONE_DAY)

    make.designation(is_given=False, note="Gerai tutup")

    assert beside(make).held_since is None
    told = session.execute(
        select(DesignationDecision.number, DesignationDecision.is_given).order_by(DesignationDecision.number)
    )
    assert [tuple(row) for row in told] == [(1, True), (2, False)]


@pytest.mark.parametrize("is_given", [True, False])
def test_what_is_so_already_is_passed_over(session: Session, make: Make, is_given: bool) -> None:
    if is_given:
        make.designation()

    assert make.designation(is_given=is_given) == 0
    assert session.scalar(select(func.count()).select_from(DesignationDecision)) == int(is_given)


def test_one_day_that_does_not_hold_refuses_them_all(session: Session, make: Make) -> None:
    make.designation(KARIANGAU)
    make.designation(KARIANGAU, is_given=False)

    with pytest.raises(DecisionTooEarly) as early, session.begin_nested():
        make.designation(GRAHA_INDAH, KARIANGAU, decided_on=TODAY - ONE_DAY)

    assert early.value.params["cooperative"] == "KKMP Kariangau"
    assert session.scalar(select(func.count()).select_from(DesignationDecision)) == 2


def test_a_designation_is_not_dated_ahead(make: Make) -> None:
    with pytest.raises(DecisionInFuture):
        make.designation(decided_on=TODAY + ONE_DAY)


@pytest.mark.parametrize("code", ["perlu_perhatian", "entah", ""])
def test_what_follows_from_the_facts_is_given_by_nobody(make: Make, code: str) -> None:
    with pytest.raises(NoSuchDesignation):
        make.designation(designation_code=code)


# Quarters -------------------------------------------------------------------------------------------------------------


@on_sqlite
def test_the_last_gate_asks_for_scores_that_held_through_past_quarters(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    make.stage_decision(verdict=Verdict.SET, stage=Stage.PARTNERSHIP, decided_on=dt.date(2026, 1, 1))
    for day in (dt.date(2026, 1, 5), dt.date(2026, 4, 10)):
        make.visit(facilitator, enough_for(3), visited_on=day)

    decision = make.stage_decision(verdict=Verdict.SET, stage=Stage.OPERATION)

    # The first quarter of 2026 held; at the end of 2025 nothing had been measured.
    assert decision.missing == ["triwulan"]
