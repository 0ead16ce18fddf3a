"""Verbs of instruments: publish a version."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.instruments.exchange.queries import versions_of
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.text import canonical_json, content_hash
from pendamping.instruments.succession import refuse_to_follow, refuse_too_early
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.locks import locking


def publish(
    session: Session,
    document: Mapping[str, object],
    *,
    position: int,
    effective_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> tuple[InstrumentVersion, bool]:
    """Publish an instrument from a day on; the same content published again is the version that is there.

    The only way in: whoever publishes, a page, a command or the loading of the city, is held to the same rules.

    Returns:
        The version, and True if this call made it.

    Raises:
        InstrumentInvalid: listing every fault with item and reason; nothing is stored then.
        VersionUnreadable, VersionNotHigher, AnswerTypeChanged: it cannot follow what is published.
        EffectiveTooEarly: its first day lies before that of a version it follows.
    """
    instrument = parse(document)
    sha256 = content_hash(document)
    hold_versions(session)
    stored = session.scalar(select(InstrumentVersion).where(InstrumentVersion.sha256 == sha256))
    if stored is not None:
        return stored, False
    versions = versions_of(session, instrument.code)
    refuse_to_follow(instrument, versions)
    refuse_too_early(versions, effective_on)
    version = InstrumentVersion(
        code=instrument.code,
        version=instrument.version,
        sha256=sha256,
        body=canonical_json(document),
        position=position,
        effective_on=effective_on,
        published_at=now,
    )
    session.add(version)
    session.flush()
    after = {"code": instrument.code, "version": instrument.version, "sha256": sha256, "effective_on": effective_on}
    audit.record(session, actor, "publish_instrument", version, at=now, after=after)
    return version, True


def hold_versions(session: Session) -> None:
    """Two that publish at once: the second waits here, and reads afterwards what the first has published."""
    session.execute(locking(select(InstrumentVersion.id)))
