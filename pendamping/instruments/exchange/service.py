"""Verbs of edited instruments: publish the version that follows."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from pendamping.instruments.exchange.queries import next_position, versions_of
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.document import parse
from pendamping.instruments.service import hold_versions, publish
from pendamping.kernel.audit import Actor


def publish_next(
    session: Session, document: Mapping[str, object], *, effective_on: dt.date, actor: Actor, now: dt.datetime
) -> tuple[InstrumentVersion, bool]:
    """Publish an edited instrument as the version that follows its others; what is published already stays as it is.

    It keeps the place of its instrument among the others; a new instrument stands behind them.

    Returns:
        The version, and True if this call made it.

    Raises:
        InstrumentInvalid, CannotFollow: as `publish` does.
    """
    instrument = parse(document)
    hold_versions(session)
    versions = versions_of(session, instrument.code)
    position = versions[-1].position if versions else next_position(session)
    return publish(session, document, position=position, effective_on=effective_on, actor=actor, now=now)
