"""The planned visits behind a year: kept, moved, missed, called off, and those still ahead."""

import datetime as dt
import uuid
from collections.abc import Sequence

from pendamping.operations.simulation.agenda import Outcome, Trip
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import OfficeCalendar, at
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.sentences import AGENDAS, CANCELLED_BECAUSE, MOVED_BECAUSE
from pendamping.operations.simulation.wanted import Wanted
from pendamping.visits.models import VisitMode
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove

MOVED = 0.12


def planned_visits(
    subject: Subject, trips: Sequence[Trip], days: OfficeCalendar, wanted: Wanted, rows: Rows, chance: Chance
) -> dict[uuid.UUID, uuid.UUID]:
    """Make the planned visits of a cooperative; returns the one behind each visit that was made."""
    links = {}
    for trip in trips:
        if not trip.is_planned:
            continue
        row = _planned(subject, trip, wanted, rows, chance)
        if trip.outcome is Outcome.DONE:
            links[trip.id] = row["id"]
        if trip.outcome is Outcome.CANCELLED:
            row["cancelled_at"] = max(at(trip.on, dt.time(7, 10)), row["created_at"] + dt.timedelta(minutes=5))
            row["cancelled_because"] = chance.choice(CANCELLED_BECAUSE)
        elif chance.happens(MOVED) and trip.on != wanted.until:
            _move(row, trip, days, wanted, rows, chance)
    return links


def _planned(subject: Subject, trip: Trip, wanted: Wanted, rows: Rows, chance: Chance) -> Row:
    created_at = at(min(trip.on, wanted.until) - chance.days(3, 16), dt.time(16)) + chance.minutes(0, 200)
    return rows.add(
        PlannedVisit,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        facilitator_id=trip.facilitator.id,
        planned_on=trip.on,
        starts=trip.started if chance.happens(0.8) or trip.on == wanted.until else None,
        mode=VisitMode.REMOTE if trip.is_remote else VisitMode.FACE_TO_FACE,
        agenda=_agenda(trip, wanted, chance),
        moves=0,
        created_at=created_at,
        cancelled_at=None,
        cancelled_because="",
    )


def _agenda(trip: Trip, wanted: Wanted, chance: Chance) -> str:
    """Three visits on one day, side by side on the first page, are about three things."""
    return AGENDAS[trip.started.hour % len(AGENDAS)] if trip.on == wanted.until else chance.choice(AGENDAS)


def _move(row: Row, trip: Trip, days: OfficeCalendar, wanted: Wanted, rows: Rows, chance: Chance) -> None:
    """It was first meant for a working day shortly before or after."""
    near = days.working_days(trip.on - dt.timedelta(days=4), trip.on + dt.timedelta(days=4))
    others = [day for day in near if day not in (trip.on, wanted.until) and at(day, dt.time(7)) > row["created_at"]]
    if not others:
        return
    first = chance.choice(others)
    row["moves"] = 1
    rows.add(
        PlannedVisitMove,
        planned_visit_id=row["id"],
        number=1,
        city_code=row["city_code"],
        from_on=first,
        from_starts=row["starts"],
        to_on=trip.on,
        to_starts=row["starts"],
        reason=chance.choice(MOVED_BECAUSE),
        author_id=trip.facilitator.id,
        made_at=min(row["created_at"] + chance.minutes(60, 2000), wanted.now - dt.timedelta(minutes=30)),
    )
