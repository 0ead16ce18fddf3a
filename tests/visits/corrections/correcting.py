"""How tests put a visit right: as its writer, with all that is not said left as it is stored."""

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import Proof
from pendamping.instruments.queries import published_by_id
from pendamping.visits.corrections.models import Correction
from pendamping.visits.corrections.queries import Change
from pendamping.visits.corrections.service import Corrected, correct_visit
from pendamping.visits.models import Attendance, Visit
from pendamping.visits.queries import scores_of_visit
from pendamping.visits.service import PersonMet
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make

CHANGES = (Change("Catatan", "", "Lain"),)
LATER = NOW + dt.timedelta(hours=1)
_bodies = itertools.count(1)


def as_stored(make: Make, visit: Visit, **changes: Any) -> Corrected:
    """The visit's header with some of it changed."""
    people = make.session.scalars(
        select(Attendance).where(Attendance.visit_id == visit.id).order_by(Attendance.position)
    )
    header: dict[str, Any] = {
        "visited_on": visit.visited_on,
        "started": visit.started,
        "ended": visit.ended,
        "mode": visit.mode,
        "purposes": visit.purposes,
        "people_met": [PersonMet(person.name, person.role) for person in people],
        "notes": visit.notes,
        "answers": (),
    }
    return Corrected(**{**header, **changes})


def correct(
    make: Make,
    visit: Visit,
    answers: Mapping[str, tuple[str, str] | tuple[str, str, str]] | None = None,
    *,
    author: User | None = None,
    reason: str = "Salah ketik.",
    changes: tuple[Change, ...] = CHANGES,
    base_revision: int | None = None,
    body: str | None = None,
    today: dt.date = TODAY,
    now: dt.datetime = LATER,
    **header: Any,
) -> Correction:
    """Each call is another correction, unless `body` says that it is the same one sent again."""
    given = {} if answers is None else answers
    plain = [Answer(item, value, Proof(proof), "".join(note)) for item, (value, proof, *note) in given.items()]
    versions = [row.version_id for row in scores_of_visit(make.session, visit.id)]
    return correct_visit(
        make.session,
        visit,
        as_stored(make, visit, answers=plain, **header),
        instruments=published_by_id(make.session, versions),
        reason=reason,
        changes=changes,
        base_revision=visit.revision if base_revision is None else base_revision,
        body_sha256=body or f"{next(_bodies):064}",
        author=author or make.session.get_one(User, visit.facilitator_id),
        actor=ACTOR,
        today=today,
        now=now,
    )
