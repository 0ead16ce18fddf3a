import uuid

from sqlalchemy import select

from pendamping.instruments.drafting.models import InstrumentDraft
from pendamping.instruments.models import InstrumentVersion
from pendamping.kernel.roles import Role
from tests.breaking import Broken, add_row, misjudged
from tests.make import Make


def add_draft(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "code": "KL",
        "base_version_id": make.session.scalars(select(InstrumentVersion.id).limit(1)).one(),
        "document": {},
        "revision": 1,
        "created_at": make.now,
        "updated_at": make.now,
        "updated_by_id": make.user(Role.ADMIN).id,
    }
    add_row(make, InstrumentDraft, **{**sound, **changed})


def open_two_of_one_instrument(make: Make) -> None:
    add_draft(make)
    add_draft(make)


BROKEN: Broken = {
    "ck_instrument_draft_revision_positive": lambda make: add_draft(make, revision=0),
    "ck_instrument_draft_code_is_given": lambda make: add_draft(make, code=""),
    "uq_instrument_draft_code": open_two_of_one_instrument,
    "fk_instrument_draft_base_version_id_instrument_version": lambda make: add_draft(
        make, base_version_id=uuid.uuid4()
    ),
    "fk_instrument_draft_updated_by_id_user": lambda make: add_draft(make, updated_by_id=uuid.uuid4()),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_draft(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}
