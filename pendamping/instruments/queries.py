"""Instruments in force on a day, and any version by its hash."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from pendamping.instruments.definition import Instrument
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.document import parse
from pendamping.kernel.bulk import read


@dataclass(frozen=True, slots=True)
class PublishedInstrument:
    """An instrument together with the version it stands in."""

    version_id: uuid.UUID
    sha256: str
    effective_on: dt.date
    instrument: Instrument


def instruments_on(session: Session, day: dt.date) -> list[PublishedInstrument]:
    """The version of each instrument that is in force on a day, in the order of a visit.

    One query; the texts themselves are read once for each process, since they cannot change.
    """
    newest = {row.code: row for row in read(session, _effective(), {"day": day})}
    return [
        PublishedInstrument(row.id, row.sha256, row.effective_on, instrument_by_hash(session, row.sha256))
        for row in newest.values()
    ]


@cache
def _effective() -> Select[str, str, uuid.UUID, dt.date]:
    """Made once, because nearly every request runs it."""
    return (
        select(InstrumentVersion.code, InstrumentVersion.sha256, InstrumentVersion.id, InstrumentVersion.effective_on)
        .where(InstrumentVersion.effective_on <= bindparam("day"))
        .order_by(InstrumentVersion.position, InstrumentVersion.effective_on, InstrumentVersion.published_at)
    )


def published_by_hash(session: Session, hashes: Sequence[str]) -> list[PublishedInstrument]:
    """The versions that a visit is pinned to; hashes nobody published are simply absent."""
    return [each for _, each in sorted(_published(session, InstrumentVersion.sha256.in_(hashes)), key=_place)]


_versions: dict[uuid.UUID, tuple[int, PublishedInstrument]] = {}


def published_by_id(session: Session, ids: Sequence[uuid.UUID]) -> list[PublishedInstrument]:
    """The versions that stored answers and scores name, in the order of a visit.

    Asks the database once for each version and process, because a published version never changes.
    """
    if unknown := [id_ for id_ in ids if id_ not in _versions]:
        found = _published(session, InstrumentVersion.id.in_(unknown))
        _versions.update({each.version_id: (position, each) for position, each in found})
    return [each for _, each in sorted((_versions[id_] for id_ in set(ids) if id_ in _versions), key=_place)]


def _place(found: tuple[int, PublishedInstrument]) -> tuple[int, dt.date]:
    position, published = found
    return position, published.effective_on


def _published(session: Session, which: ColumnElement[bool]) -> list[tuple[int, PublishedInstrument]]:
    """Each with its place among the instruments of a visit."""
    columns = (
        InstrumentVersion.id,
        InstrumentVersion.sha256,
        InstrumentVersion.effective_on,
        InstrumentVersion.position,
    )
    return [
        (
            row.position,
            PublishedInstrument(row.id, row.sha256, row.effective_on, instrument_by_hash(session, row.sha256)),
        )
        for row in session.execute(select(*columns).where(which))
    ]


_memory: dict[str, Instrument] = {}


def instrument_by_hash(session: Session, sha256: str) -> Instrument:
    """The instrument of a published version; remembered by the process, because a published version never changes."""
    if sha256 not in _memory:
        body = session.scalars(select(InstrumentVersion.body).where(InstrumentVersion.sha256 == sha256)).one()
        _memory[sha256] = parse(json.loads(body))
    return _memory[sha256]
