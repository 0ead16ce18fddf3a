import uuid

from pendamping.plans.goals.models import Outcome, PlanGoal, PlanGoalResult
from tests.breaking import Broken, add_row, after, misjudged, raw, removes, rewrites
from tests.make import Make


def add_goal(make: Make, **changed: object) -> uuid.UUID:
    id_ = uuid.uuid4()
    sound = {
        "id": id_,
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "year": 2026,
        "quarter": 2,
        "text": "Semua anggota mempunyai buku simpanan",
        "measure": "angka.members",
        "target": 0,
        "author_id": make.user().id,
        "made_at": make.now,
    }
    add_row(make, PlanGoal, **{**sound, **changed})
    return id_


def add_result(make: Make, **changed: object) -> None:
    sound = {
        "city_code": "64.71",
        "goal_id": changed.get("goal_id") or add_goal(make),
        "outcome": Outcome.REACHED,
        "value": None,
        "note": "Sesuai",
        "author_id": make.user().id,
        "closed_at": make.now,
    }
    add_row(make, PlanGoalResult, **{**sound, **changed})


BROKEN: Broken = {
    "ck_plan_goal_quarter_is_one": lambda make: add_goal(make, quarter=5),
    "ck_plan_goal_year_in_reach": lambda make: add_goal(make, year=1944),
    "ck_plan_goal_text_is_given": lambda make: add_goal(make, text=""),
    "ck_plan_goal_target_goes_with_measure": lambda make: add_goal(make, measure=None),
    "ck_plan_goal_target_not_negative": lambda make: add_goal(make, target=-1),
    "fk_plan_goal_cooperative_id_cooperative": lambda make: add_goal(make, cooperative_id=uuid.uuid4()),
    "fk_plan_goal_author_id_user": lambda make: add_goal(make, author_id=uuid.uuid4()),
    "ck_plan_goal_result_outcome": lambda make: add_result(make, outcome=raw("entah")),
    "ck_plan_goal_result_note_is_given": lambda make: add_result(make, note=""),
    "fk_plan_goal_result_goal_id_plan_goal": lambda make: add_result(make, goal_id=uuid.uuid4()),
    "fk_plan_goal_result_author_id_user": lambda make: add_result(make, author_id=uuid.uuid4()),
    "plan_goal_is_append_only: update": after(add_goal, rewrites(PlanGoal, text="Lain")),
    "plan_goal_is_append_only: delete": after(add_goal, removes(PlanGoal)),
    "plan_goal_result_is_append_only: update": after(add_result, rewrites(PlanGoalResult, note="Lain")),
    "plan_goal_result_is_append_only: delete": after(add_result, removes(PlanGoalResult)),
}


def test_the_database_refuses_what_the_table_says(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_goal(make, measure=None, target=None)
    add_result(make)
