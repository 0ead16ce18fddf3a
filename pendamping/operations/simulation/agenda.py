"""When a city's facilitators go where: two visits a month to each cooperative, with the lapses of real life.

Nobody is in two places at once; the papers are numbered in the order in which visits came in.
"""

import datetime as dt
import enum
import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pendamping.operations.simulation.cast import City, Duty, Facilitator, on_duty
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import OfficeCalendar, at, halves, months
from pendamping.operations.simulation.wanted import Wanted

MORNING, AFTERNOON = dt.time(8, 15), dt.time(13, 15)
SLOTS = (MORNING, AFTERNOON)
LATEST_START = 75
"""Minutes after the beginning of the slot."""
SILENT = 2
"""So many cooperatives have not been visited for more than thirty days at the end."""
MISSED, CANCELLED, UNPLANNED, REMOTE = 0.04, 0.03, 0.12, 0.07
UNSIGNED, MISSED_IN_A_BAD_MONTH = 0.13, 0.65
STEADY_DAYS = 40
"""At the end nobody else lapses: the silent ones stand out."""
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
TODAYS_STARTS = (dt.time(8, 30), dt.time(11, 0), dt.time(14, 0))


class Outcome(enum.Enum):
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    AHEAD = "ahead"


class PlaceSeen(enum.Enum):
    """What the tablet knew of where it was."""

    NEAR = "near"
    FAR = "far"
    VAGUE = "vague"
    NOWHERE = "nowhere"


@dataclass(slots=True)
class Trip:
    """A visit that was made, was to be made, or is still to be made."""

    id: uuid.UUID
    facilitator: Facilitator
    on: dt.date
    started: dt.time
    ended: dt.time
    outcome: Outcome
    is_planned: bool
    is_remote: bool = False
    is_signed: bool = True
    place: PlaceSeen = PlaceSeen.NEAR
    written_at: dt.datetime = NEVER
    received_at: dt.datetime = NEVER
    number: int = 0
    """The paper's, within the city and the year of the visit."""


@dataclass(slots=True)
class _Rhythm:
    """A cooperative's habits: the weekday and half of the day that suit it."""

    weekday: int
    slot: dt.time
    silent_from: dt.date | None = None


@dataclass(slots=True)
class Agenda:
    """The trips of a city by cooperative, in the order of their days."""

    trips: Mapping[uuid.UUID, list[Trip]]
    last_numbers: Mapping[int, int] = field(default_factory=dict)
    """The last paper's number of each year."""


def agenda(
    city: City, duties: Mapping[uuid.UUID, Sequence[Duty]], days: OfficeCalendar, wanted: Wanted, chance: Chance
) -> Agenda:
    """Plan and live through the whole time for one city."""
    rhythms = _rhythms(city, wanted, chance)
    bad_month = _bad_month(city, duties, wanted, chance)
    taken: set[tuple[uuid.UUID, dt.date, dt.time]] = set()
    trips: dict[uuid.UUID, list[Trip]] = {subject.id: [] for subject in city.subjects}
    for start, end in halves(wanted.first, wanted.days_ahead_end):
        working = [day for day in days.working_days(start, end) if day != wanted.until]
        order = [subject.id for subject in city.subjects]
        chance.shuffle(order)
        for id_ in order:
            trip = _trip(rhythms[id_], duties[id_], working, taken, wanted, chance)
            if trip is not None:
                _live(trip, rhythms[id_], bad_month, wanted, chance)
                trips[id_].append(trip)
    _plan_today(city, duties, rhythms, trips, wanted, chance)
    for each in trips.values():
        each.sort(key=lambda trip: (trip.on, trip.started))
    return Agenda(trips, _number_papers(trips))


def _rhythms(city: City, wanted: Wanted, chance: Chance) -> dict[uuid.UUID, _Rhythm]:
    rhythms = {subject.id: _Rhythm(chance.randrange(5), chance.choice(SLOTS)) for subject in city.subjects}
    for subject in chance.sample(list(city.subjects[1:]), min(SILENT, len(city.subjects) - 1)):
        rhythms[subject.id].silent_from = wanted.until - chance.days(34, 52)
    return rhythms


def _bad_month(
    city: City, duties: Mapping[uuid.UUID, Sequence[Duty]], wanted: Wanted, chance: Chance
) -> tuple[uuid.UUID, dt.date] | None:
    """One facilitator and one month in which little was done; never of the last two."""
    chosen = list(months(wanted.first, wanted.until - dt.timedelta(days=STEADY_DAYS + 31)))[1:]
    person = duties[chance.choice(city.subjects).id][-1].facilitator
    return (person.id, chance.choice(chosen)) if chosen else None


def _trip(
    rhythm: _Rhythm,
    duties: Sequence[Duty],
    working: Sequence[dt.date],
    taken: set[tuple[uuid.UUID, dt.date, dt.time]],
    wanted: Wanted,
    chance: Chance,
) -> Trip | None:
    """The best free half-day of a fortnight; None in one without any, such as the rest of a week of holidays."""
    free = [
        (_liking(rhythm, day, slot, chance), day, slot, person)
        for day, slot in itertools.product(working, SLOTS)
        if (person := on_duty(duties, day)) is not None and (person.id, day, slot) not in taken
    ]
    if not free:
        return None
    _, day, slot, person = max(free, key=lambda each: each[0])
    taken.add((person.id, day, slot))
    starts = _later(slot, 15 * chance.randint(0, LATEST_START // 15))
    outcome = Outcome.AHEAD if day >= wanted.until else Outcome.DONE
    ended = _later(starts, 5 * chance.randint(15, 28))
    return Trip(chance.id(), person, day, starts, ended, outcome, is_planned=not chance.happens(UNPLANNED))


def _liking(rhythm: _Rhythm, day: dt.date, slot: dt.time, chance: Chance) -> float:
    return 1.2 * (day.weekday() == rhythm.weekday) + 0.8 * (slot == rhythm.slot) + chance.random() * 2


def _later(time: dt.time, minutes: int) -> dt.time:
    return (dt.datetime.combine(dt.date.min, time) + dt.timedelta(minutes=minutes)).time()


def _live(
    trip: Trip, rhythm: _Rhythm, bad_month: tuple[uuid.UUID, dt.date] | None, wanted: Wanted, chance: Chance
) -> None:
    """Decide what became of a trip, and how well it is attested."""
    if trip.outcome is Outcome.AHEAD:
        trip.is_planned = True
        return
    if rhythm.silent_from is not None and trip.on >= rhythm.silent_from:
        trip.outcome = Outcome.CANCELLED if chance.happens(0.5) else Outcome.MISSED
    elif (wanted.until - trip.on).days > STEADY_DAYS:
        trip.outcome = _lapse(bad_month == (trip.facilitator.id, trip.on.replace(day=1)), chance)
    if trip.outcome is not Outcome.DONE:
        trip.is_planned = True
        return
    trip.is_remote = chance.happens(REMOTE)
    _attest(trip, chance)
    _send(trip, wanted, chance)


def _lapse(is_bad_month: bool, chance: Chance) -> Outcome:
    dice = chance.random()
    if dice < (MISSED_IN_A_BAD_MONTH if is_bad_month else MISSED):
        return Outcome.MISSED
    return Outcome.CANCELLED if dice > 1 - CANCELLED else Outcome.DONE


def _attest(trip: Trip, chance: Chance) -> None:
    if trip.is_remote:
        trip.is_signed, trip.place = False, PlaceSeen.NOWHERE
        return
    trip.is_signed = not chance.happens(UNSIGNED)
    dice = chance.random()
    if dice < 0.07:
        trip.place = PlaceSeen.NOWHERE
    elif dice < 0.11:
        trip.place = PlaceSeen.FAR
    elif dice < 0.16:
        trip.place = PlaceSeen.VAGUE


def _send(trip: Trip, wanted: Wanted, chance: Chance) -> None:
    """Most are written on the spot and arrive within minutes; some days later, some wait for a signal."""
    on_the_spot = at(trip.on, trip.ended) + chance.minutes(1, 20)
    written, received = on_the_spot, on_the_spot + chance.minutes(0, 4)
    dice = chance.random()
    if dice < 0.05:
        written = on_the_spot + chance.days(3, 6)
        received = written + chance.minutes(1, 30)
    elif dice < 0.08:
        received = written + dt.timedelta(days=6) + chance.minutes(1, 90)
    elif dice < 0.28:
        received = at(trip.on, dt.time(18, 30)) + chance.minutes(0, 180)
    if received >= wanted.now:
        written, received = on_the_spot, on_the_spot + chance.minutes(1, 9)
    trip.written_at, trip.received_at = written, received


def _plan_today(
    city: City,
    duties: Mapping[uuid.UUID, Sequence[Duty]],
    rhythms: Mapping[uuid.UUID, _Rhythm],
    trips: Mapping[uuid.UUID, list[Trip]],
    wanted: Wanted,
    chance: Chance,
) -> None:
    """Two or three visits for each facilitator on the last day, which is today for whoever looks at it."""
    caseloads: dict[uuid.UUID, list[tuple[uuid.UUID, Facilitator]]] = defaultdict(list)
    for subject in city.subjects:
        person = on_duty(duties[subject.id], wanted.until)
        if person is not None and rhythms[subject.id].silent_from is None:
            caseloads[person.id].append((subject.id, person))
    for caseload in caseloads.values():
        for (id_, person), starts in zip(chance.some(caseload, 2, 3), TODAYS_STARTS, strict=False):
            ended = _later(starts, 90)
            trips[id_].append(Trip(chance.id(), person, wanted.until, starts, ended, Outcome.AHEAD, is_planned=True))


def _number_papers(trips: Mapping[uuid.UUID, Sequence[Trip]]) -> dict[int, int]:
    done = (trip for each in trips.values() for trip in each if trip.outcome is Outcome.DONE)
    last: dict[int, int] = defaultdict(int)
    for trip in sorted(done, key=lambda trip: (trip.received_at, trip.id)):
        last[trip.on.year] += 1
        trip.number = last[trip.on.year]
    return dict(last)


def done_in_order_of_receipt(trips: Sequence[Trip]) -> Iterator[Trip]:
    """The visits that were made, as the office learnt of them."""
    return iter(sorted((trip for trip in trips if trip.outcome is Outcome.DONE), key=lambda trip: trip.received_at))
