import datetime as dt
import uuid

from pendamping.instruments.definition import OwnerRole
from pendamping.plans.models import (
    Action,
    ActionDueChange,
    ActionItem,
    ActionProof,
    ActionStatus,
    ActionUpdate,
    PlanAcknowledgement,
    PlanQuestion,
)
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
        "status_at": make.now,
        "agreed_on": dt.date(2026, 4, 14),
        "created_at": make.now,
    }
    add_row(make, Action, **{**sound, **changed})
    return action_id


def add_update(make: Make, **changed: object) -> uuid.UUID:
    update_id = uuid.uuid4()
    sound = {
        "id": update_id,
        "action_id": changed.get("action_id") or add_action(make),
        "city_code": "64.71",
        "number": 1,
        "status": ActionStatus.AGREED,
        "note": "",
        "author_id": make.user().id,
        "made_at": make.now,
    }
    add_row(make, ActionUpdate, **{**sound, **changed})
    return update_id


def add_item(make: Make, **changed: object) -> None:
    sound = {
        "action_id": changed.get("action_id") or add_action(make),
        "city_code": "64.71",
        "item_id": "KL-05",
        "item_label_id": "Buku tamu",
        "item_label_en": "Guest book",
    }
    add_row(make, ActionItem, **{**sound, **changed})


def add_due_change(make: Make, **changed: object) -> None:
    sound = {
        "update_id": changed.get("update_id") or add_update(make),
        "city_code": "64.71",
        "due_before": dt.date(2026, 5, 5),
        "due_after": dt.date(2026, 5, 12),
    }
    add_row(make, ActionDueChange, **{**sound, **changed})


def add_proof(make: Make, **changed: object) -> None:
    sound = {
        "action_update_id": changed.get("action_update_id") or add_update(make),
        "city_code": "64.71",
        "attachment_id": changed.get("attachment_id") or make.attachment(make.user()).id,
        "position": 0,
    }
    add_row(make, ActionProof, **{**sound, **changed})


def add_acknowledgement(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "read_until": make.now,
        "author_id": make.user().id,
        "made_at": make.now,
    }
    add_row(make, PlanAcknowledgement, **{**sound, **changed})


def add_question(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "text": "Formulirnya di mana?",
        "author_id": make.user().id,
        "asked_at": make.now,
    }
    add_row(make, PlanQuestion, **{**sound, **changed})


def take_the_first_step_twice(make: Make) -> None:
    action_id = add_action(make)
    add_update(make, action_id=action_id)
    add_update(make, action_id=action_id, status=ActionStatus.RUNNING)


BROKEN: Broken = {
    "ck_action_ownerrole": lambda make: add_action(make, owner_role=raw("raja")),
    "ck_action_actionstatus": lambda make: add_action(make, status=raw("terlambat")),
    "ck_action_title_is_given": lambda make: add_action(make, title=""),
    "ck_action_due_after_agreed": lambda make: add_action(make, due_on=dt.date(2026, 4, 13)),
    "ck_action_priority_is_known": lambda make: add_action(make, priority=4),
    "ck_action_revision_positive": lambda make: add_action(make, revision=0),
    "ck_action_due_changes_not_negative": lambda make: add_action(make, due_changes=-1),
    "ck_action_only_open_ones_are_disputed": lambda make: add_action(
        make, status=ActionStatus.VERIFIED, is_disputed=True
    ),
    "fk_action_visit_id_visit": lambda make: add_action(make, visit_id=uuid.uuid4()),
    "fk_action_cooperative_id_cooperative": lambda make: add_action(make, cooperative_id=uuid.uuid4()),
    "ck_action_update_actionstatus": lambda make: add_update(make, status=raw("terlambat")),
    "ck_action_update_number_positive": lambda make: add_update(make, number=0),
    "uq_action_update_action_id_number": take_the_first_step_twice,
    "fk_action_update_action_id_action": lambda make: add_update(make, action_id=uuid.uuid4()),
    "fk_action_update_author_id_user": lambda make: add_update(make, author_id=uuid.uuid4()),
    "ck_action_update_updatekind": lambda make: add_update(make, kind=raw("lain")),
    "fk_action_update_visit_id_visit": lambda make: add_update(make, visit_id=uuid.uuid4()),
    "fk_action_item_action_id_action": lambda make: add_item(make, action_id=uuid.uuid4()),
    "ck_action_due_change_it_moves": lambda make: add_due_change(make, due_after=dt.date(2026, 5, 5)),
    "fk_action_due_change_update_id_action_update": lambda make: add_due_change(make, update_id=uuid.uuid4()),
    "ck_action_proof_position_not_negative": lambda make: add_proof(make, position=-1),
    "fk_action_proof_action_update_id_action_update": lambda make: add_proof(make, action_update_id=uuid.uuid4()),
    "fk_action_proof_attachment_id_attachment": lambda make: add_proof(make, attachment_id=uuid.uuid4()),
    "ck_plan_acknowledgement_nothing_is_read_ahead": lambda make: add_acknowledgement(
        make, read_until=make.now + dt.timedelta(seconds=1)
    ),
    "fk_plan_acknowledgement_author_id_user": lambda make: add_acknowledgement(make, author_id=uuid.uuid4()),
    "fk_plan_acknowledgement_cooperative_id_cooperative": lambda make: add_acknowledgement(
        make, cooperative_id=uuid.uuid4()
    ),
    "ck_plan_question_something_is_asked": lambda make: add_question(make, text=""),
    "ck_plan_question_answer_is_whole": lambda make: add_question(make, answer="Di balai."),
    "ck_plan_question_answer_says_something": lambda make: add_question(
        make, answer="", answered_at=make.now, answered_by_id=make.user().id
    ),
    "fk_plan_question_action_id_action": lambda make: add_question(make, action_id=uuid.uuid4()),
    "fk_plan_question_answered_by_id_user": lambda make: add_question(
        make, answer="Ya.", answered_at=make.now, answered_by_id=uuid.uuid4()
    ),
    "fk_plan_question_author_id_user": lambda make: add_question(make, author_id=uuid.uuid4()),
    "fk_plan_question_cooperative_id_cooperative": lambda make: add_question(make, cooperative_id=uuid.uuid4()),
}

REWRITTEN: Broken = {
    "action_update_is_append_only: update": rewrites(ActionUpdate, note="lain"),
    "action_update_is_append_only: delete": removes(ActionUpdate),
    "action_due_change_is_append_only: update": rewrites(ActionDueChange, due_after=dt.date(2026, 6, 1)),
    "action_due_change_is_append_only: delete": removes(ActionDueChange),
    "action_proof_is_append_only: update": rewrites(ActionProof, position=1),
    "action_proof_is_append_only: delete": removes(ActionProof),
    "plan_acknowledgement_is_append_only: update": rewrites(PlanAcknowledgement, city_code="64.72"),
    "plan_acknowledgement_is_append_only: delete": removes(PlanAcknowledgement),
}


def add_everything(make: Make) -> None:
    action_id = add_action(make)
    update_id = add_update(make, action_id=action_id)
    add_item(make, action_id=action_id)
    add_due_change(make, update_id=update_id)
    add_proof(make, action_update_id=update_id)
    add_acknowledgement(make)
    add_question(make)


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_everything(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_database_rewrites_no_log(make: Make) -> None:
    add_everything(make)

    assert misjudged(make, REWRITTEN) == {}
