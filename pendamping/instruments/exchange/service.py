"""Verbs of edited instruments: publish the version that follows."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.instruments.definition import Instrument
from pendamping.instruments.exchange.queries import Version, next_position, versions_of
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.text import content_hash
from pendamping.instruments.service import publish
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

_NUMBERED = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})*")


class VersionUnreadable(DomainError):
    code = "version_unreadable"
    explanation = N_("Nomor versi “%(version)s” harus angka dan titik, misalnya 0.3.0.")


class VersionNotHigher(DomainError):
    code = "version_not_higher"
    explanation = N_("Versi %(version)s tidak lebih tinggi daripada versi %(latest)s yang sudah terbit.")


class AnswerTypeChanged(DomainError):
    """Old answers stand under the item's id; under another type nobody could read them."""

    code = "answer_type_changed"
    explanation = N_("Jenis jawaban berubah pada %(items)s. Beri butir itu kode yang belum pernah dipakai.")


class EffectiveTooEarly(DomainError):
    """It would never be in force: the version before it would still be the newer one."""

    code = "effective_too_early"
    explanation = N_("Versi %(latest)s berlaku sejak %(day)s; versi sesudahnya tidak dapat berlaku lebih awal.")


def publish_next(
    session: Session, document: Mapping[str, object], *, effective_on: dt.date, actor: Actor, now: dt.datetime
) -> tuple[InstrumentVersion, bool]:
    """Publish an edited instrument as the version that follows its others; what is published already stays as it is.

    Returns:
        The version, and True if this call made it.

    Raises:
        InstrumentInvalid: listing every fault; nothing is stored then.
        VersionUnreadable, VersionNotHigher, AnswerTypeChanged: it cannot follow what is published.
        EffectiveTooEarly: its first day lies before that of a version it follows.
    """
    instrument = parse(document)
    # Two offices at once: the second waits here, and reads below what the first has published.
    session.execute(select(InstrumentVersion.id).with_for_update())
    versions = versions_of(session, instrument.code)
    if content_hash(document) not in {version.sha256 for version in versions}:
        refuse_to_follow(instrument, versions)
        _refuse_too_early(versions, effective_on)
    position = versions[-1].position if versions else next_position(session)
    return publish(session, document, position=position, effective_on=effective_on, actor=actor, now=now)


def refuse_to_follow(instrument: Instrument, versions: Sequence[Version]) -> None:
    """Say why an instrument cannot follow what is published of it, whatever the day; silent when it can.

    Raises:
        VersionUnreadable, VersionNotHigher, AnswerTypeChanged
    """
    number = _number(instrument.version)
    if number is None:
        raise VersionUnreadable(version=instrument.version)
    for version in versions:
        if number <= (_number(version.instrument.version) or ()):
            raise VersionNotHigher(version=instrument.version, latest=version.instrument.version)
    types = {item.id: item.type for version in versions for item in version.instrument.items}
    changed = [item.id for item in instrument.items if types.get(item.id, item.type) is not item.type]
    if changed:
        raise AnswerTypeChanged(items=", ".join(changed))


def _number(version: str) -> tuple[int, ...] | None:
    """0.10 comes after 0.9, and 1.0 is no other number than 1."""
    if not _NUMBERED.fullmatch(version):
        return None
    parts = [int(part) for part in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _refuse_too_early(versions: Sequence[Version], effective_on: dt.date) -> None:
    for version in reversed(versions):
        if effective_on < version.effective_on:
            raise EffectiveTooEarly(latest=version.instrument.version, day=version.effective_on.isoformat())
