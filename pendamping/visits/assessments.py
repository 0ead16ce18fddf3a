"""From the log of answers to what each instrument is scored from."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Stage
from pendamping.instruments.answers import Facts
from pendamping.instruments.assessment import Assessment, assessment, still_answers
from pendamping.instruments.definition import Item
from pendamping.instruments.queries import PublishedInstrument, published_by_id
from pendamping.visits.queries import RecordedAnswer


@dataclass(frozen=True, slots=True)
class Held:
    """The answers of a cooperative, held against the versions of today: which of them still answer what is asked."""

    standing: Mapping[str, RecordedAnswer]
    """Those that do, by item."""
    outdated: Mapping[str, tuple[Item, RecordedAnswer]]
    """Those to items that are asked or judged otherwise by now, with the item as it was then."""


def held_against(
    session: Session, instruments: Sequence[PublishedInstrument], recorded: Mapping[str, RecordedAnswer]
) -> Held:
    """Part the newest answers of a cooperative by whether they still count; those to removed items are in neither.

    Asks the database only when some were given on another version, and then for its name alone: texts of versions are
    remembered by the process.
    """
    asked = {item.id: (each.version_id, item) for each in instruments for item in each.instrument.items}
    known = {item_id: each for item_id, each in recorded.items() if item_id in asked}
    items_then = _items_then(session, {each.version_id for each in known.values()} - {id_ for id_, _ in asked.values()})
    standing: dict[str, RecordedAnswer] = {}
    outdated: dict[str, tuple[Item, RecordedAnswer]] = {}
    for item_id, each in known.items():
        version_id, item = asked[item_id]
        given_to = item if each.version_id == version_id else items_then[each.version_id, item_id]
        if still_answers(each.answer, given_to, item):
            standing[item_id] = each
        else:
            outdated[item_id] = (given_to, each)
    return Held(standing, outdated)


def _items_then(session: Session, version_ids: Iterable[uuid.UUID]) -> dict[tuple[uuid.UUID, str], Item]:
    ids = list(version_ids)
    found = published_by_id(session, ids) if ids else []
    return {(each.version_id, item.id): item for each in found for item in each.instrument.items}


def assessments(
    session: Session,
    instruments: Sequence[PublishedInstrument],
    recorded: Mapping[str, RecordedAnswer],
    *,
    stage: Stage,
    on: dt.date,
    facts: Facts,
) -> list[tuple[PublishedInstrument, Assessment]]:
    """What each instrument is scored from on a day, in their order.

    Args:
        recorded: the cooperative's newest answers up to that day.
        facts: of the cooperative on that day.
    """
    standing = held_against(session, instruments, recorded).standing
    return [
        (each, assessment(each.instrument, standing, stage=stage.order, on=on, facts=facts)) for each in instruments
    ]
