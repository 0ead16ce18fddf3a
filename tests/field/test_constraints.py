import uuid

from pendamping.field.models import Kept, Receipt, RecordKind, ServerEpoch
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

ID = uuid.UUID(int=7)


def add_receipt(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": make.cooperative().id,
        "user_id": make.user().id,
        "record_id": uuid.uuid4(),
        "kind": RecordKind.VISIT,
        "v": 1,
        "body": "{}",
        "sha256": "a" * 64,
        "content_sha256": None,
        "outcome": Kept.CREATED,
        "revision": 1,
        "received_at": make.now,
    }
    add_row(make, Receipt, **{**sound, **changed})


def add_the_same_twice(make: Make) -> None:
    add_receipt(make, record_id=ID)
    add_receipt(make, record_id=ID)


BROKEN: Broken = {
    "uq_receipt_record_id_sha256_outcome": add_the_same_twice,
    "ck_receipt_sha256_length": lambda make: add_receipt(make, sha256="a" * 63),
    "ck_receipt_content_sha256_length": lambda make: add_receipt(make, content_sha256="a"),
    "ck_receipt_v_positive": lambda make: add_receipt(make, v=0),
    "ck_receipt_revision_positive": lambda make: add_receipt(make, revision=0),
    "ck_receipt_recordkind": lambda make: add_receipt(make, kind=raw("surat")),
    "ck_receipt_kept": lambda make: add_receipt(make, outcome=raw("rejected")),
    "fk_receipt_cooperative_id_cooperative": lambda make: add_receipt(make, cooperative_id=uuid.uuid4()),
    "fk_receipt_user_id_user": lambda make: add_receipt(make, user_id=uuid.uuid4()),
    "ck_server_epoch_there_is_one": lambda make: add_row(make, ServerEpoch, id=2, value="a" * 32),
    "ck_server_epoch_value_is_long": rewrites(ServerEpoch, value="pendek"),
}

REWRITTEN: Broken = {
    "receipt_is_append_only: update": rewrites(Receipt, body="lain"),
    "receipt_is_append_only: delete": removes(Receipt),
}


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_receipts_are_never_changed_or_removed(make: Make) -> None:
    add_receipt(make)

    assert misjudged(make, REWRITTEN) == {}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_receipt(make, record_id=ID, content_sha256="b" * 64)
    add_receipt(make, record_id=ID, sha256="b" * 64, outcome=Kept.CONFLICT)
    add_receipt(make, record_id=ID, sha256="b" * 64, outcome=Kept.MERGED)
