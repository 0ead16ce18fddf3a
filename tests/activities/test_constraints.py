import datetime as dt
import uuid
from typing import Any

from pendamping.activities.models import (
    Activity,
    ActivityAction,
    ActivityKind,
    ActivityPhoto,
    ActivityPresence,
    ActivityStep,
)
from tests.breaking import Broken, add_row, after, misjudged, raw, removes, rewrites
from tests.make import Make


def add_activity(make: Make, **changed: object) -> uuid.UUID:
    id_ = uuid.uuid4()
    sound = {"id": id_, "city_code": "64.71", "author_id": make.user().id, "added_at": make.now}
    add_row(make, Activity, **{**sound, **changed})
    return id_


def add_step(make: Make, **changed: object) -> uuid.UUID:
    id_ = uuid.uuid4()
    sound = {
        "id": id_,
        "city_code": "64.71",
        "activity_id": changed.get("activity_id") or add_activity(make),
        "number": 1,
        "held_on": dt.date(2026, 4, 1),
        "kind": ActivityKind.TRAINING,
        "place": "Balai kota",
        "topic": "Pembukuan",
        "minutes": "",
        "reason": "",
        "author_id": make.user().id,
        "recorded_at": make.now,
    }
    add_row(make, ActivityStep, **{**sound, **changed})
    return id_


def add_presence(make: Make, **changed: object) -> None:
    sound: dict[str, Any] = {"city_code": "64.71", "cooperative_id": make.cooperative().id, "people": 1, "names": ""}
    step_id = changed.get("step_id") or add_step(make)
    add_row(make, ActivityPresence, **{**sound, "step_id": step_id, **changed})


def add_action(make: Make, **changed: object) -> None:
    draft = make.action_draft()
    make.visit(make.facilitator(), {}, actions=(draft,))
    sound = {
        "city_code": "64.71",
        "action_id": draft.id,
        "activity_id": changed.get("activity_id") or add_activity(make),
    }
    add_row(make, ActivityAction, **{**sound, **changed})


def add_photo(make: Make, **changed: object) -> None:
    sound = {
        "city_code": "64.71",
        "activity_id": changed.get("activity_id") or add_activity(make),
        "attachment_id": make.attachment(make.user()).id,
        "position": 0,
    }
    add_row(make, ActivityPhoto, **{**sound, **changed})


def add_one_step_twice(make: Make) -> None:
    activity_id = add_activity(make)
    add_step(make, activity_id=activity_id)
    add_step(make, activity_id=activity_id)


BROKEN: Broken = {
    "fk_activity_author_id_user": lambda make: add_activity(make, author_id=uuid.uuid4()),
    "uq_activity_step_activity_id_number": add_one_step_twice,
    "ck_activity_step_activitykind": lambda make: add_step(make, kind=raw("arisan")),
    "ck_activity_step_number_positive": lambda make: add_step(make, number=0, reason="Salah"),
    "ck_activity_step_place_is_given": lambda make: add_step(make, place=""),
    "ck_activity_step_topic_is_given": lambda make: add_step(make, topic=""),
    "ck_activity_step_a_correction_has_its_reason": lambda make: add_step(make, number=2),
    "fk_activity_step_activity_id_activity": lambda make: add_step(make, activity_id=uuid.uuid4()),
    "fk_activity_step_author_id_user": lambda make: add_step(make, author_id=uuid.uuid4()),
    "ck_activity_presence_somebody_came": lambda make: add_presence(make, people=0),
    "fk_activity_presence_step_id_activity_step": lambda make: add_presence(make, step_id=uuid.uuid4()),
    "fk_activity_presence_cooperative_id_cooperative": lambda make: add_presence(make, cooperative_id=uuid.uuid4()),
    "fk_activity_action_action_id_action": lambda make: add_action(make, action_id=uuid.uuid4()),
    "fk_activity_action_activity_id_activity": lambda make: add_action(make, activity_id=uuid.uuid4()),
    "ck_activity_photo_position_not_negative": lambda make: add_photo(make, position=-1),
    "fk_activity_photo_activity_id_activity": lambda make: add_photo(make, activity_id=uuid.uuid4()),
    "fk_activity_photo_attachment_id_attachment": lambda make: add_photo(make, attachment_id=uuid.uuid4()),
    "activity_is_append_only: update": after(add_activity, rewrites(Activity, city_code="64.72")),
    "activity_is_append_only: delete": after(add_activity, removes(Activity)),
    "activity_step_is_append_only: update": after(add_step, rewrites(ActivityStep, topic="Lain")),
    "activity_step_is_append_only: delete": after(add_step, removes(ActivityStep)),
    "activity_presence_is_append_only: update": after(add_presence, rewrites(ActivityPresence, people=9)),
    "activity_presence_is_append_only: delete": after(add_presence, removes(ActivityPresence)),
    "activity_action_is_append_only: update": after(add_action, rewrites(ActivityAction, city_code="64.72")),
    "activity_action_is_append_only: delete": after(add_action, removes(ActivityAction)),
    "activity_photo_is_append_only: update": after(add_photo, rewrites(ActivityPhoto, position=3)),
    "activity_photo_is_append_only: delete": after(add_photo, removes(ActivityPhoto)),
}


def test_the_database_refuses_what_the_table_says(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_presence(make)
    add_presence(make, step_id=add_step(make, number=2, reason="Salah hitung"))
    add_action(make)
    add_photo(make)
