import datetime as dt
import uuid

from pendamping.cooperatives.models import Stage
from pendamping.kernel.roles import Role
from pendamping.progress.stages.models import DesignationDecision, StageDecision, StandingDesignation, Verdict
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

TODAY = dt.date(2026, 4, 14)


def add_stage_decision(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "number": 1,
        "verdict": Verdict.PROMOTE,
        "from_stage": Stage.FORMATION,
        "to_stage": Stage.OPERATION,
        "decided_on": TODAY,
        "note": "Lengkap",
        "decided_by_id": make.user(Role.AGENCY_HEAD).id if "decided_by_id" not in changed else None,
        "recorded_at": make.now,
        "gate_met": 16,
        "gate_count": 16,
        "missing": [],
    }
    add_row(make, StageDecision, **{**sound, **changed})


def add_designation_decision(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "designation_code": "percontohan",
        "number": 1,
        "is_given": True,
        "decided_on": TODAY,
        "note": "SK 12",
        "decided_by_id": make.user(Role.AGENCY_HEAD).id if "decided_by_id" not in changed else None,
        "recorded_at": make.now,
        "criteria_met": 3,
        "criteria_count": 4,
        "missing": ["KL-40"],
    }
    add_row(make, DesignationDecision, **{**sound, **changed})


def add_standing_designation(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "designation_code": "percontohan",
        "missing_count": 1,
        "criteria_count": 4,
        "missing": ["KL-40"],
        "held_since": None,
    }
    add_row(make, StandingDesignation, **{**sound, **changed})


def twice(make: Make) -> None:
    add_stage_decision(make)
    add_stage_decision(make)


def designated_twice(make: Make) -> None:
    add_designation_decision(make)
    add_designation_decision(make)


BROKEN: Broken = {
    "ck_stage_decision_number_positive": lambda make: add_stage_decision(make, number=0),
    "ck_stage_decision_note_is_given": lambda make: add_stage_decision(make, note=""),
    "ck_stage_decision_verdict": lambda make: add_stage_decision(make, verdict=raw("turun"), to_stage=Stage.FORMATION),
    "ck_stage_decision_from_stage": lambda make: add_stage_decision(
        make, verdict=Verdict.SET, from_stage=raw("mandiri")
    ),
    "ck_stage_decision_to_stage": lambda make: add_stage_decision(make, verdict=Verdict.SET, to_stage=raw("mandiri")),
    "ck_stage_decision_verdict_fits_stages": lambda make: add_stage_decision(make, to_stage=Stage.PARTNERSHIP),
    "ck_stage_decision_gate_is_whole": lambda make: add_stage_decision(make, gate_count=None),
    "ck_stage_decision_gate_met_within_count": lambda make: add_stage_decision(make, gate_met=17),
    "uq_stage_decision_cooperative_id_number": twice,
    "fk_stage_decision_cooperative_id_cooperative": lambda make: add_stage_decision(make, cooperative_id=uuid.uuid4()),
    "fk_stage_decision_decided_by_id_user": lambda make: add_stage_decision(make, decided_by_id=uuid.uuid4()),
    "ck_designation_decision_number_positive": lambda make: add_designation_decision(make, number=0),
    "ck_designation_decision_note_is_given": lambda make: add_designation_decision(make, note=""),
    "ck_designation_decision_designation_is_named": lambda make: add_designation_decision(make, designation_code=""),
    "ck_designation_decision_criteria_are_whole": lambda make: add_designation_decision(make, criteria_met=None),
    "ck_designation_decision_criteria_met_within_count": lambda make: add_designation_decision(make, criteria_met=-1),
    "uq_designation_decision_cooperative_id_designation_code_number": designated_twice,
    "fk_designation_decision_cooperative_id_cooperative": lambda make: add_designation_decision(
        make, cooperative_id=uuid.uuid4()
    ),
    "fk_designation_decision_decided_by_id_user": lambda make: add_designation_decision(
        make, decided_by_id=uuid.uuid4()
    ),
    "ck_standing_designation_missing_count_not_negative": lambda make: add_standing_designation(make, missing_count=-1),
    "ck_standing_designation_criteria_are_whole": lambda make: add_standing_designation(make, criteria_count=None),
    "ck_standing_designation_missing_within_criteria": lambda make: add_standing_designation(make, missing_count=5),
    "fk_standing_designation_cooperative_id_cooperative": lambda make: add_standing_designation(
        make, cooperative_id=uuid.uuid4()
    ),
}

REWRITTEN: Broken = {
    "stage_decision_is_append_only: update": rewrites(StageDecision, note="Lain"),
    "stage_decision_is_append_only: delete": removes(StageDecision),
    "designation_decision_is_append_only: update": rewrites(DesignationDecision, note="Lain"),
    "designation_decision_is_append_only: delete": removes(DesignationDecision),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_stage_decision(make)
    add_designation_decision(make)
    add_standing_designation(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_database_refuses_to_rewrite_decisions(make: Make) -> None:
    add_stage_decision(make)
    add_designation_decision(make)

    assert misjudged(make, REWRITTEN) == {}


def test_each_verdict_goes_with_its_stages(make: Make) -> None:
    first, second, third = Stage
    add_stage_decision(make, number=1)
    add_stage_decision(make, number=2, from_stage=second, to_stage=third)
    add_stage_decision(make, number=3, verdict=Verdict.SET, from_stage=third, to_stage=first)
    for number, verdict in enumerate((Verdict.CONFIRM, Verdict.DECLINE), start=4):
        add_stage_decision(make, number=number, verdict=verdict, from_stage=first, to_stage=first)
    wrong = {
        "backwards": (Verdict.PROMOTE, second, first),
        "two at once": (Verdict.PROMOTE, first, third),
        "nowhere": (Verdict.SET, first, first),
        "confirmed away": (Verdict.CONFIRM, first, second),
        "declined away": (Verdict.DECLINE, first, second),
    }
    rule = "ck_stage_decision_verdict_fits_stages"

    for verdict, before, after in wrong.values():
        broken: Broken = {
            rule: lambda make, verdict=verdict, before=before, after=after: add_stage_decision(  # type: ignore[misc]
                make, number=9, verdict=verdict, from_stage=before, to_stage=after
            )
        }
        assert misjudged(make, broken) == {}
