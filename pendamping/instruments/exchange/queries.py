"""Published versions as they leave the house: one instrument through its versions, and the document of each."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from pendamping.instruments.definition import Instrument
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.queries import instrument_by_hash


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of an instrument and its place among the others."""

    id: uuid.UUID
    sha256: str
    position: int
    effective_on: dt.date
    instrument: Instrument


def versions_of(session: Session, code: str) -> list[Version]:
    """Every published version of an instrument, in the order in which they come into force."""
    return [version for _, version in _versions(session, InstrumentVersion.code == code)]


def all_versions(session: Session) -> dict[str, list[Version]]:
    """The published versions of every instrument, by its code, in the order of a visit; one query."""
    found: dict[str, list[Version]] = {}
    for code, version in _versions(session, true()):
        found.setdefault(code, []).append(version)
    return dict(sorted(found.items(), key=lambda each: each[1][-1].position))


def _versions(session: Session, which: ColumnElement[bool]) -> list[tuple[str, Version]]:
    rows = session.execute(
        select(
            InstrumentVersion.code,
            InstrumentVersion.id,
            InstrumentVersion.sha256,
            InstrumentVersion.position,
            InstrumentVersion.effective_on,
        )
        .where(which)
        .order_by(InstrumentVersion.effective_on, InstrumentVersion.published_at)
    )
    return [
        (row.code, Version(row.id, row.sha256, row.position, row.effective_on, instrument_by_hash(session, row.sha256)))
        for row in rows
    ]


def in_force(versions: Sequence[Version], on: dt.date) -> Version | None:
    """The version with which visits of a day begin, as `instruments_on` has it."""
    return next((version for version in reversed(versions) if version.effective_on <= on), None)


def document_of(session: Session, version: Version) -> dict[str, Any]:
    """The document of a published version, remarks included."""
    body = session.scalars(select(InstrumentVersion.body).where(InstrumentVersion.id == version.id)).one()
    document: dict[str, Any] = json.loads(body)
    return document


def next_position(session: Session) -> int:
    """The place of an instrument that is new: behind all others."""
    positions = session.scalars(select(InstrumentVersion.position)).all()
    return max(positions, default=-1) + 1
