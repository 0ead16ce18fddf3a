import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import select

from pendamping.instruments.models import InstrumentVersion
from pendamping.progress.models import Standing, StandingScore
from pendamping.visits.evidence import Grade
from tests.breaking import Broken, add_row, misjudged, raw
from tests.make import Make

TODAY = dt.date(2026, 4, 14)


def add_standing(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "open_actions": 1,
        "next_due_on": TODAY,
        "refreshed_at": make.now,
    }
    add_row(make, Standing, **{**sound, **changed})


def add_score(make: Make, **changed: object) -> None:
    version_id = make.session.scalars(select(InstrumentVersion.id).where(InstrumentVersion.code == "KL")).one()
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "instrument_code": "KL",
        "version_id": version_id,
        "score": Decimal(50),
        "band_code": "cukup",
        "is_provisional": True,
        "answered": 1,
        "applicable": 40,
        "critical_unmet": [],
        "previous_score": Decimal(40),
        "measured_on": TODAY,
    }
    add_row(make, StandingScore, **{**sound, **changed})


BROKEN: Broken = {
    "ck_standing_open_actions_not_negative": lambda make: add_standing(make, open_actions=-1),
    "ck_standing_next_due_goes_with_open_actions": lambda make: add_standing(make, next_due_on=None),
    "ck_standing_last_visit_is_whole": lambda make: add_standing(make, last_visit_on=TODAY),
    "ck_standing_gate_is_whole": lambda make: add_standing(make, gate_met=3),
    "ck_standing_gate_met_within_count": lambda make: add_standing(make, gate_met=4, gate_count=3),
    "ck_standing_only_the_reached_is_proposed": lambda make: add_standing(
        make, gate_met=2, gate_count=3, awaits_stage_decision=True
    ),
    "ck_standing_lapsed_not_negative": lambda make: add_standing(make, lapsed=-1),
    "ck_standing_cash_differences_not_negative": lambda make: add_standing(make, cash_differences=-1),
    "ck_standing_quarter_fall_in_range": lambda make: add_standing(
        make, quarter_fall=Decimal(0), quarter_fall_code="KL"
    ),
    "ck_standing_quarter_fall_is_whole": lambda make: add_standing(make, quarter_fall=Decimal(5)),
    "ck_standing_grade": lambda make: add_standing(make, last_visit_grade=raw("hebat")),
    "ck_standing_grade_is_of_a_visit": lambda make: add_standing(make, last_visit_grade=Grade.WEAK),
    "fk_standing_cooperative_id_cooperative": lambda make: add_standing(make, cooperative_id=uuid.uuid4()),
    "fk_standing_last_visit_id_visit": lambda make: add_standing(make, last_visit_id=uuid.uuid4(), last_visit_on=TODAY),
    "ck_standing_score_score_in_range": lambda make: add_score(make, score=Decimal("-0.0001")),
    "ck_standing_score_previous_score_in_range": lambda make: add_score(make, previous_score=Decimal("100.0001")),
    "ck_standing_score_answered_within_applicable": lambda make: add_score(make, answered=41),
    "fk_standing_score_cooperative_id_cooperative": lambda make: add_score(make, cooperative_id=uuid.uuid4()),
    "fk_standing_score_version_id_instrument_version": lambda make: add_score(make, version_id=uuid.uuid4()),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_standing(make)
    add_score(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}
