import datetime as dt
import uuid

from pendamping.kernel.roles import Role
from pendamping.progress.asking.models import Kind, LastLook, Reply, Step, Verb
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

TODAY = dt.date(2026, 4, 14)


def add_step(make: Make, **changed: object) -> uuid.UUID:
    step_id = uuid.uuid4()
    sound = {
        "id": step_id,
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "facilitator_id": make.user().id if "facilitator_id" not in changed else None,
        "kind": Kind.SILENT,
        "verb": Verb.ASK,
        "text": "Apa kendalanya?",
        "author_id": make.user(Role.AGENCY_HEAD).id if "author_id" not in changed else None,
        "made_at": make.now,
        "made_on": TODAY,
        "quiet_until": None,
    }
    add_row(make, Step, **{**sound, **changed})
    return step_id


def add_reply(make: Make, **changed: object) -> None:
    step_id = add_step(make) if "step_id" not in changed else None
    sound = {
        "step_id": step_id,
        "city_code": "64.71",
        "text": "Besok",
        "author_id": make.user().id if "author_id" not in changed else None,
        "made_at": make.now,
    }
    add_row(make, Reply, **{**sound, **changed})


BROKEN: Broken = {
    "ck_attention_step_is_about_something": lambda make: add_step(
        make, cooperative_id=None, facilitator_id=None, verb=Verb.WATCH, quiet_until=TODAY
    ),
    "ck_attention_step_is_asked_of_somebody": lambda make: add_step(make, facilitator_id=None),
    "ck_attention_step_visits_are_somewhere": lambda make: add_step(make, cooperative_id=None, verb=Verb.ASK_VISIT),
    "ck_attention_step_quiet_while_watched": lambda make: add_step(make, quiet_until=TODAY),
    "ck_attention_step_question_is_given": lambda make: add_step(make, text=""),
    "ck_attention_step_kind": lambda make: add_step(make, kind=raw("cuaca")),
    "ck_attention_step_verb": lambda make: add_step(make, verb=raw("marah")),
    "fk_attention_step_author_id_user": lambda make: add_step(make, author_id=uuid.uuid4()),
    "fk_attention_step_cooperative_id_cooperative": lambda make: add_step(make, cooperative_id=uuid.uuid4()),
    "fk_attention_step_facilitator_id_user": lambda make: add_step(make, facilitator_id=uuid.uuid4()),
    "ck_attention_reply_text_is_given": lambda make: add_reply(make, text=""),
    "fk_attention_reply_author_id_user": lambda make: add_reply(make, author_id=uuid.uuid4()),
    "fk_attention_reply_step_id_attention_step": lambda make: add_reply(make, step_id=uuid.uuid4()),
    "fk_last_look_user_id_user": lambda make: add_row(make, LastLook, user_id=uuid.uuid4(), looked_at=make.now),
}

REWRITTEN: Broken = {
    "attention_step_is_append_only: update": rewrites(Step, text="Lain"),
    "attention_step_is_append_only: delete": removes(Step),
    "attention_reply_is_append_only: update": rewrites(Reply, text="Lain"),
    "attention_reply_is_append_only: delete": removes(Reply),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_step(make, verb=Verb.WATCH, text="", quiet_until=TODAY, facilitator_id=None)
    add_reply(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_nothing_that_was_said_is_rewritten(make: Make) -> None:
    add_reply(make)

    assert misjudged(make, REWRITTEN) == {}
