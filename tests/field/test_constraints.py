import uuid

from pendamping.field.copies.models import CopyImport, Signature
from pendamping.field.models import Kept, Receipt, RecordKind, ServerEpoch
from pendamping.field.quarantine.models import HeldRecord, QuarantineDecision, Verdict, WhyHeld
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


def add_held(make: Make, **changed: object) -> None:
    cooperative = make.cooperative()
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "cooperative_id": cooperative.id,
        "author_id": make.user().id,
        "record_id": uuid.uuid4(),
        "kind": RecordKind.VISIT,
        "v": 1,
        "base_sha256": None,
        "body": "{}",
        "sha256": "a" * 64,
        "why": WhyHeld.FUTURE,
        "brought_by": "Ratna",
        "held_at": make.now,
    }
    add_row(make, HeldRecord, **{**sound, **changed})


def hold_the_same_twice(make: Make) -> None:
    author_id = make.user().id
    for _ in range(2):
        add_held(make, record_id=ID, author_id=author_id)


def add_decision(make: Make, times: int = 1, **changed: object) -> None:
    held_id = uuid.uuid4()
    add_held(make, id=held_id)
    sound = {
        "held_id": held_id,
        "verdict": Verdict.RETURNED,
        "reason": "Salah hari.",
        "decided_by_id": make.user().id,
        "decided_at": make.now,
    }
    for _ in range(times):
        add_row(make, QuarantineDecision, id=uuid.uuid4(), **{**sound, **changed})


def add_import(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "file_sha256": "a" * 64,
        "author_id": make.user().id,
        "signature": Signature.SIGNED,
        "brought_by": "Admin",
        "records": 3,
        "stored": 1,
        "held": 1,
        "refused": 1,
        "files": 0,
        "imported_at": make.now,
    }
    add_row(make, CopyImport, **{**sound, **changed})


BROKEN: Broken = {
    "ck_copy_import_file_sha256_length": lambda make: add_import(make, file_sha256="a"),
    "ck_copy_import_somebody_brought_it": lambda make: add_import(make, brought_by=""),
    "ck_copy_import_counts_not_negative": lambda make: add_import(make, files=-1),
    "ck_copy_import_counts_fit": lambda make: add_import(make, stored=2),
    "ck_copy_import_signature": lambda make: add_import(make, signature=raw("entah")),
    "fk_copy_import_author_id_user": lambda make: add_import(make, author_id=uuid.uuid4()),
    "uq_held_record_author_id_record_id_sha256": hold_the_same_twice,
    "ck_held_record_sha256_length": lambda make: add_held(make, sha256="a"),
    "ck_held_record_v_positive": lambda make: add_held(make, v=0),
    "ck_held_record_city_goes_with_cooperative": lambda make: add_held(make, city_code=None),
    "ck_held_record_somebody_brought_it": lambda make: add_held(make, brought_by=""),
    "ck_held_record_recordkind": lambda make: add_held(make, kind=raw("surat")),
    "ck_held_record_whyheld": lambda make: add_held(make, why=raw("entah")),
    "fk_held_record_cooperative_id_cooperative": lambda make: add_held(make, cooperative_id=uuid.uuid4()),
    "fk_held_record_author_id_user": lambda make: add_held(make, author_id=uuid.uuid4()),
    "uq_quarantine_decision_held_id": lambda make: add_decision(make, times=2),
    "ck_quarantine_decision_a_return_has_its_reason": lambda make: add_decision(make, reason=""),
    "ck_quarantine_decision_verdict": lambda make: add_decision(make, verdict=raw("entah")),
    "fk_quarantine_decision_held_id_held_record": lambda make: add_decision(make, held_id=uuid.uuid4()),
    "fk_quarantine_decision_decided_by_id_user": lambda make: add_decision(make, decided_by_id=uuid.uuid4()),
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
    "held_record_is_append_only: update": rewrites(HeldRecord, body="lain"),
    "held_record_is_append_only: delete": removes(HeldRecord),
    "copy_import_is_append_only: update": rewrites(CopyImport, stored=0),
    "copy_import_is_append_only: delete": removes(CopyImport),
    "quarantine_decision_is_append_only: update": rewrites(QuarantineDecision, reason="lain"),
    "quarantine_decision_is_append_only: delete": removes(QuarantineDecision),
}


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_what_came_in_is_never_changed_or_removed(make: Make) -> None:
    add_receipt(make)
    add_decision(make)
    add_import(make)

    assert misjudged(make, REWRITTEN) == {}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_receipt(make, record_id=ID, content_sha256="b" * 64)
    add_receipt(make, record_id=ID, sha256="b" * 64, outcome=Kept.CONFLICT)
    add_receipt(make, record_id=ID, sha256="b" * 64, outcome=Kept.MERGED)
    add_held(make, city_code=None, cooperative_id=None)
    add_decision(make, verdict=Verdict.ACCEPTED, reason="")
