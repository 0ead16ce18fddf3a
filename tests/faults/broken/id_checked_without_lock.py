"""Asks without a lock whether an id has come before, and gives a visit another id where its own is taken in between.

One tablet at a time it is right. The same request twice at once: both hear "not yet", and the visit is there twice.
"""

import json
import random
import time
import uuid
from collections.abc import Sequence

import msgspec
from msgspec import Raw
from sqlalchemy.orm import Session

from pendamping.field import routes
from pendamping.field.intake import batch
from pendamping.field.intake.batch import _result
from pendamping.field.intake.terms import Sender
from pendamping.field.queries import receipts_under
from pendamping.field.wire import Outcome, Record, Result, read_record, sha256_of
from pendamping.kernel.database import reading, transaction
from pendamping.visits.models import Visit

THINKS_SECONDS = (0.02, 0.8)
"""One request longer than another, so that they write one after the other where no lock makes them."""


def take_in(records: Sequence[Raw], sender: Sender) -> list[Result]:
    is_new = [not receipts_under(reading(), read_record(raw).id) for raw in records]
    reading().rollback()
    time.sleep(random.uniform(*THINKS_SECONDS))
    with transaction() as session:
        return [_one(session, raw, new, sender) for raw, new in zip(records, is_new, strict=True)]


def _one(session: Session, raw: Raw, is_new: bool, sender: Sender) -> Result:
    record = read_record(raw)
    if not is_new or record.kind != "visit" or record.base_sha256 or session.get(Visit, record.id) is None:
        return _result(session, raw, sender)
    result = _result(session, _under_another_id(record), sender)
    return Result(str(record.id), Outcome.CREATED, sha256_of(record.body), result.received_at, 1, [])


def _under_another_id(record: Record) -> Raw:
    body = json.loads(record.body)
    for action in body["actions"]:
        action["id"] = str(uuid.uuid4())
    other = Record(record.v, record.kind, uuid.uuid4(), json.dumps(body))
    return Raw(msgspec.json.encode(other))


def break_it() -> None:
    for module in (batch, routes):
        setattr(module, "take_in", take_in)  # noqa: B010  # what a module imports is not its own to the type checker
