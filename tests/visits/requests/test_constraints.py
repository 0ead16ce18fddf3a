import datetime as dt
import uuid

from pendamping.visits.requests.models import ItemRequest
from tests.breaking import Broken, add_row, misjudged
from tests.make import Make


def add_request(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "item_id": "KL-01",
        "note": "Mohon dilihat.",
        "asked_by": make.user().id,
        "asked_at": make.now,
    }
    add_row(make, ItemRequest, **{**sound, **changed})


def add_two_open(make: Make) -> None:
    add_request(make)
    add_request(make)


BROKEN: Broken = {
    "ck_item_request_note_is_given": lambda make: add_request(make, note=""),
    "ck_item_request_answered_is_closed": lambda make: add_request(make, visit_id=make.visit(make.facilitator()).id),
    "fk_item_request_cooperative_id_cooperative": lambda make: add_request(make, cooperative_id=uuid.uuid4()),
    "fk_item_request_asked_by_user": lambda make: add_request(make, asked_by=uuid.uuid4()),
    "fk_item_request_visit_id_visit": lambda make: add_request(make, visit_id=uuid.uuid4(), closed_at=make.now),
}


def test_the_database_refuses_what_the_table_says(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_request(make, closed_at=make.now)
    add_request(make, closed_at=make.now + dt.timedelta(hours=1))
    add_request(make)


def test_only_one_request_for_an_item_is_open(make: Make) -> None:
    found = misjudged(make, {"ix_item_request_once_open": add_two_open})

    said = found.get("ix_item_request_once_open", "")  # SQLite names the columns, PostgreSQL the index
    assert not found or "UNIQUE constraint failed: item_request.cooperative_id, item_request.item_id" in said
