import datetime as dt
import uuid

from pendamping.instruments.definition import OwnerRole
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make


def add_action(make: Make, **changed: object) -> uuid.UUID:
    action_id = uuid.uuid4()
    sound = {
        "id": action_id,
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "visit_id": make.visit(make.facilitator()).id,
        "is_critical": False,
        "title": "Rapikan buku kas",
        "owner_role": OwnerRole.TREASURER,
        "due_on": dt.date(2026, 5, 5),
        "done_when": "",
        "status": ActionStatus.AGREED,
        "agreed_on": dt.date(2026, 4, 14),
        "created_at": make.now,
    }
    add_row(make, Action, **{**sound, **changed})
    return action_id


def add_update(make: Make, **changed: object) -> None:
    sound = {
        "action_id": changed.get("action_id") or add_action(make),
        "city_code": "64.71",
        "number": 1,
        "status": ActionStatus.AGREED,
        "note": "",
        "author_id": make.user().id,
        "made_at": make.now,
    }
    add_row(make, ActionUpdate, **{**sound, **changed})


def take_the_first_step_twice(make: Make) -> None:
    action_id = add_action(make)
    add_update(make, action_id=action_id)
    add_update(make, action_id=action_id, status=ActionStatus.RUNNING)


BROKEN: Broken = {
    "ck_action_ownerrole": lambda make: add_action(make, owner_role=raw("raja")),
    "ck_action_actionstatus": lambda make: add_action(make, status=raw("terlambat")),
    "ck_action_title_is_given": lambda make: add_action(make, title=""),
    "ck_action_due_after_agreed": lambda make: add_action(make, due_on=dt.date(2026, 4, 13)),
    "fk_action_visit_id_visit": lambda make: add_action(make, visit_id=uuid.uuid4()),
    "fk_action_cooperative_id_cooperative": lambda make: add_action(make, cooperative_id=uuid.uuid4()),
    "ck_action_update_actionstatus": lambda make: add_update(make, status=raw("terlambat")),
    "ck_action_update_number_positive": lambda make: add_update(make, number=0),
    "uq_action_update_action_id_number": take_the_first_step_twice,
    "fk_action_update_action_id_action": lambda make: add_update(make, action_id=uuid.uuid4()),
    "fk_action_update_author_id_user": lambda make: add_update(make, author_id=uuid.uuid4()),
}

REWRITTEN: Broken = {
    "action_update_is_append_only: update": rewrites(ActionUpdate, note="lain"),
    "action_update_is_append_only: delete": removes(ActionUpdate),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_update(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_database_rewrites_no_log(make: Make) -> None:
    add_update(make)

    assert misjudged(make, REWRITTEN) == {}
