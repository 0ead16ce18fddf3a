"""The shapes of what goes over the wire between a tablet and the office; what they mean is said in docs/offline.md."""

import contextlib
import datetime as dt
import enum
import hashlib
import uuid
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from pendamping.field.models import RecordKind
from pendamping.field.service import Received

MAX_RECORDS = 50
MAX_BODY_CHARACTERS = 512 * 1024
"""Of one record; a visit with every item answered at length has about a fifth of it."""
BODY_MEGABYTES = 8
"""Of one request."""
VERSIONS = frozenset({1})
"""Of bodies that are still read; one is let go 180 days after the release that wrote it last."""

BODY = (
    "A JSON document; hashed as it is. Of a visit, each of its `actions` may name by `joins` another action that puts "
    "its item right instead: by its id, or by its item where it is one of the same visit."
)
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="Hexadecimal SHA-256.")]


class Outcome(enum.StrEnum):
    CREATED = "created"
    MERGED = "merged"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    LATER = "later"

    @property
    def is_stored(self) -> bool:
        """What the record says stands at the office, by this sending of it or an earlier one."""
        return self in (Outcome.CREATED, Outcome.MERGED, Outcome.DUPLICATE)


class Record(Struct, forbid_unknown_fields=True):
    """One thing that was written on a tablet."""

    v: Annotated[int, Meta(ge=1, le=1_000_000, description="Version of the body's shape; 1.")]
    kind: Annotated[str, Meta(max_length=40, description="visit, schedule, action, action_update or correction.")]
    id: uuid.UUID
    body: Annotated[str, Meta(max_length=MAX_BODY_CHARACTERS, description=BODY)]
    base_sha256: Sha256 | None = None


class Batch(Struct, forbid_unknown_fields=True):
    """What a tablet hands in at once; each record is read by itself, so that a bad one harms no other."""

    records: Annotated[list[Raw], Meta(max_length=MAX_RECORDS)]


class Fault(Struct):
    """What is wrong: the form field that it is about (may be empty), a stable code, and words for the person."""

    path: str
    code: str
    message: str


IN_QUARANTINE = "in_quarantine"
"""Code of the fault of a record that is safe at the office and waits for the head."""


class Result(Struct):
    """What became of one record; results stand in the order of the records.

    missing: files that a stored visit names and that have not come from its author yet, so that a tablet which has not
        got them either knows that somebody must still send them. Tablets of older releases do not read it.
    """

    id: str | None
    outcome: Outcome
    sha256: Sha256 | None
    received_at: dt.datetime | None
    revision: int | None
    errors: list[Fault]
    missing: list[uuid.UUID] = []

    @property
    def is_held(self) -> bool:
        return any(fault.code == IN_QUARANTINE for fault in self.errors)


class Answer(Struct):
    results: list[Result]
    epoch: str
    receipts: int


class BadEnvelope(ValueError):
    """It is no batch of records; the message says where."""


def read_batch(data: bytes) -> list[Raw]:
    """The records of a request, each still as it came.

    Raises:
        BadEnvelope: it is JSON, but no batch of records.
        ValueError: it is no JSON, or no UTF-8.
    """
    data.decode()
    try:
        return msgspec.json.decode(data, type=Batch).records
    except msgspec.ValidationError as error:
        raise BadEnvelope(str(error)) from error
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def read_record(raw: Raw) -> Record:
    """Raises BadEnvelope: it is no record."""
    try:
        return msgspec.json.decode(raw, type=Record)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadEnvelope(str(error)) from error


def id_in(raw: Raw) -> str | None:
    """The id that something which is no record calls itself by, so that the tablet finds it again."""

    class Named(Struct):
        id: str

    try:
        return msgspec.json.decode(raw, type=Named).id[:100]
    except (msgspec.DecodeError, RecursionError):
        return None


def ids_in(raws: Iterable[Raw]) -> list[uuid.UUID]:
    """The ids of those that are records, each as often as it comes."""

    class Named(Struct):
        id: uuid.UUID

    found = []
    for raw in raws:
        with contextlib.suppress(msgspec.DecodeError, RecursionError):
            found.append(msgspec.json.decode(raw, type=Named).id)
    return found


def sha256_of(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def received(record: Record) -> Received:
    """Raises ValueError: the kind is not known here."""
    return Received(
        record.id, RecordKind(record.kind), record.v, record.body, sha256_of(record.body), record.base_sha256
    )


def read_body(text: str) -> dict[str, Any]:
    """The body of a record.

    Raises:
        ValueError: it is no JSON object, or nested without end.
    """
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
