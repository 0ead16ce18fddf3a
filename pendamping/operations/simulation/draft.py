"""A visit that somebody has begun to write down and not sent yet."""

import datetime as dt
import uuid
from collections.abc import Sequence

from pendamping.instruments.definition import AnswerType
from pendamping.instruments.queries import PublishedInstrument
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.names import person
from pendamping.operations.simulation.rows import Rows
from pendamping.operations.simulation.wanted import Wanted
from pendamping.visits.drafts.models import Draft
from pendamping.visits.models import Purpose, VisitMode

ANSWERED = 6


def unfinished_visit(
    subject: Subject,
    author_id: uuid.UUID,
    instruments: Sequence[PublishedInstrument],
    wanted: Wanted,
    rows: Rows,
    chance: Chance,
) -> None:
    """Header, one person met, the first few answers: as the form would have sent it."""
    id_, updated_at = chance.id(), wanted.now - chance.minutes(240, 420)
    fields = [
        ["id", str(id_)],
        ["visited_on", (wanted.until - dt.timedelta(days=1)).isoformat()],
        ["started", "15:30"],
        ["mode", str(VisitMode.FACE_TO_FACE)],
        ["purposes", str(Purpose.CHECK)],
        ["people_met-0-name", person(chance)],
        ["people_met-0-role", "Bendahara"],
        ["notes", "Baru sempat sampai buku kas; dilanjutkan nanti malam."],
        *([f"instruments-{each.instrument.code}", each.sha256] for each in instruments),
    ]
    asked = (item for item in instruments[0].instrument.items if instruments[0].instrument.asks(item, 1))
    simple = [item for item in asked if item.type is AnswerType.YES_NO_NA][:ANSWERED]
    for item in simple:
        fields.append([f"answers-{item.id}-value", chance.choice(("yes", "yes", "no"))])
        fields.append([f"answers-{item.id}-proof", "dokumen_dilihat"])
    rows.add(
        Draft,
        id=id_,
        city_code=subject.city_code,
        author_id=author_id,
        cooperative_id=subject.id,
        fields=fields,
        revision=2,
        created_at=updated_at - dt.timedelta(minutes=25),
        updated_at=updated_at,
    )
