import datetime as dt
import enum
import uuid
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Region
from pendamping.kernel.audit import Actor, AuditEvent, record
from pendamping.kernel.database import reading, transaction
from tests.conftest import ACTOR, NOW
from tests.make import Make


class Colour(enum.StrEnum):
    RED = "merah"


def last_event(session: Session, verb: str) -> AuditEvent:
    session.flush()
    session.expire_all()
    return session.scalars(select(AuditEvent).where(AuditEvent.verb == verb)).one()


def test_a_record_says_who_did_what_to_what_and_when(make: Make) -> None:
    user = make.user()

    record(make.session, Actor(user.id, user.name, "r1"), "try", user, at=NOW, before={"a": 1}, after={"a": 2})

    event = last_event(make.session, "try")
    assert (event.actor_id, event.actor_name, event.request_id) == (user.id, user.name, "r1")
    assert (event.subject_type, event.subject_id, event.at) == ("user", str(user.id), NOW)
    assert (event.before, event.after) == ({"a": 1}, {"a": 2})


def test_a_command_acts_without_being_a_person(make: Make) -> None:
    record(make.session, Actor(None, "perintah: init"), "try", make.user(), at=NOW)

    event = last_event(make.session, "try")
    assert (event.actor_id, event.actor_name) == (None, "perintah: init")


def test_what_has_no_id_is_known_by_its_code(make: Make) -> None:
    record(make.session, ACTOR, "try", make.session.get_one(Region, "64.71"), at=NOW)

    assert last_event(make.session, "try").subject_id == "64.71"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("teks", "teks"),
        (Colour.RED, "merah"),
        (Decimal("58.3300"), "58.3300"),
        (dt.date(2026, 4, 14), "2026-04-14"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ([dt.date(2026, 4, 14), 1], ["2026-04-14", 1]),
        ({"on": dt.date(2026, 4, 14)}, {"on": "2026-04-14"}),
    ],
)
def test_values_are_kept_so_that_any_program_can_read_them(make: Make, value: object, kept: object) -> None:
    record(make.session, ACTOR, "try", make.user(), at=NOW, after={"value": value})

    assert last_event(make.session, "try").after == {"value": kept}


def test_nothing_before_is_no_value_rather_than_a_json_null(make: Make) -> None:
    record(make.session, ACTOR, "try", make.user(), at=NOW)
    make.session.flush()

    empty = text("SELECT count(*) FROM audit_event WHERE verb = 'try' AND before IS NULL AND after IS NULL")
    assert make.session.scalar(empty) == 1


def test_a_change_that_fails_leaves_no_record(app: Flask) -> None:
    def change_and_fail() -> None:
        with transaction() as session:
            record(session, ACTOR, "try", session.get_one(Region, "64.71"), at=NOW)
            session.flush()
            raise RuntimeError

    with app.app_context():
        with pytest.raises(RuntimeError):
            change_and_fail()

        assert reading().scalars(select(AuditEvent).where(AuditEvent.verb == "try")).all() == []
