import datetime as dt
import uuid

from pendamping.visits.models import VisitMode
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

TODAY = dt.date(2026, 4, 14)


def add_plan(make: Make, **changed: object) -> uuid.UUID:
    plan_id = uuid.uuid4()
    sound = {
        "id": plan_id,
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "facilitator_id": make.user().id,
        "planned_on": TODAY,
        "mode": VisitMode.FACE_TO_FACE,
        "agenda": "",
        "moves": 0,
        "created_at": make.now,
        "cancelled_because": "",
    }
    add_row(make, PlannedVisit, **{**sound, **changed})
    return plan_id


def add_move(make: Make, **changed: object) -> None:
    sound = {
        "planned_visit_id": changed.get("planned_visit_id") or add_plan(make),
        "number": 1,
        "city_code": "64.71",
        "from_on": TODAY,
        "to_on": TODAY,
        "reason": "",
        "author_id": make.user().id,
        "made_at": make.now,
    }
    add_row(make, PlannedVisitMove, **{**sound, **changed})


BROKEN: Broken = {
    "ck_planned_visit_visitmode": lambda make: add_plan(make, mode=raw("telepati")),
    "ck_planned_visit_cancelled_with_a_reason": lambda make: add_plan(make, cancelled_at=make.now),
    "fk_planned_visit_cooperative_id_cooperative": lambda make: add_plan(make, cooperative_id=uuid.uuid4()),
    "fk_planned_visit_facilitator_id_user": lambda make: add_plan(make, facilitator_id=uuid.uuid4()),
    "ck_planned_visit_move_number_positive": lambda make: add_move(make, number=0),
    "fk_planned_visit_move_planned_visit_id_planned_visit": lambda make: add_move(make, planned_visit_id=uuid.uuid4()),
    "fk_planned_visit_move_author_id_user": lambda make: add_move(make, author_id=uuid.uuid4()),
}

REWRITTEN: Broken = {
    "planned_visit_move_is_append_only: update": rewrites(PlannedVisitMove, reason="lain"),
    "planned_visit_move_is_append_only: delete": removes(PlannedVisitMove),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_move(make)


def test_a_reason_without_a_cancellation_is_refused_too(make: Make) -> None:
    broken: Broken = {
        "ck_planned_visit_cancelled_with_a_reason": lambda make: add_plan(make, cancelled_because="Hujan"),
    }

    assert misjudged(make, broken) == {}


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_database_rewrites_no_move(make: Make) -> None:
    add_move(make)

    assert misjudged(make, REWRITTEN) == {}
