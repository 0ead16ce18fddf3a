"""Which files the visits of a batch still wait for: a tablet may not have what its visit names, because the visit was
begun on another one, and must not say that all of it has arrived.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Raw
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.attachments.models import Attachment
from pendamping.field.models import RecordKind
from pendamping.field.wire import Outcome, Result, read_body, read_record
from pendamping.kernel.ids import uuid_or_none

STORED = frozenset({Outcome.CREATED, Outcome.MERGED, Outcome.DUPLICATE})
ASKED_AT_ONCE = 500


def name_missing(session: Session, records: Sequence[Raw], results: Sequence[Result], *, author_id: uuid.UUID) -> None:
    """Say of each visit that is stored which of its files have not come from its author."""
    named = {
        place: list(files_named(record.body))
        for place, (raw, result) in enumerate(zip(records, results, strict=True))
        if result.outcome in STORED and (record := read_record(raw)).kind == RecordKind.VISIT
    }
    there = _there(session, sorted({each for ids in named.values() for each in ids}), author_id)
    for place, ids in named.items():
        results[place].missing = [each for each in ids if each not in there]


def files_named(text: str) -> Iterator[uuid.UUID]:
    """The photos, photos of items and signature that the body of a stored visit names, each once."""
    body = read_body(text)
    answers = body.get("answers")
    answered = answers.values() if isinstance(answers, Mapping) else []
    lists = [body.get("photos"), *(each.get("photos") for each in answered if isinstance(each, Mapping))]
    texts: list[Any] = [each for ids in lists if isinstance(ids, list) for each in ids]
    found = (uuid_or_none(each) for each in [*texts, body.get("signature")] if isinstance(each, str))
    yield from dict.fromkeys(each for each in found if each is not None)


def _there(session: Session, ids: Sequence[uuid.UUID], author_id: uuid.UUID) -> set[uuid.UUID]:
    own = select(Attachment.id).where(Attachment.uploader_id == author_id)
    there: set[uuid.UUID] = set()
    for first in range(0, len(ids), ASKED_AT_ONCE):
        there.update(session.scalars(own.where(Attachment.id.in_(ids[first : first + ASKED_AT_ONCE]))))
    return there
