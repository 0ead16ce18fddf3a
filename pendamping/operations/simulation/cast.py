"""Who and where: cities with their cooperatives, the people who accompany them, and from when to when."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pendamping.cooperatives.models import Stage
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.days import ONE_DAY
from pendamping.operations.simulation.wanted import Wanted

REAL_CITY_SIZE = 34
CASELOAD = 5
"""Seven facilitators for 34: six carry five cooperatives, one carries four."""
PROVINCES = ("98", "99")
"""No province has these codes, so no simulated place can be taken for a real one."""
CITIES_PER_PROVINCE = 99
WARDS_PER_DISTRICT = 9
HAND_OVER_AT = 0.6
"""So far into the year one cooperative changes its facilitator."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was known of a cooperative before the first visit."""

    members: int
    savings_idr: int
    turnover_idr: int
    has_npwp: bool
    has_nib: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """A cooperative that is to have a year. One of a simulated place is made together with its region."""

    id: uuid.UUID
    code: str
    ward_name: str
    short_name: str
    stage: Stage
    baseline: Baseline
    is_new: bool = False

    @property
    def city_code(self) -> str:
        return self.code[:5]


@dataclass(frozen=True, slots=True)
class City:
    """A city, real or simulated, with the cooperatives that take part."""

    code: str
    subjects: Sequence[Subject]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Facilitator:
    id: uuid.UUID
    number: int
    """Counted over all cities, from 0."""


@dataclass(frozen=True, slots=True)
class Duty:
    """An assignment to be."""

    facilitator: Facilitator
    starts_on: dt.date
    ends_on: dt.date

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Year:
    """A programme year."""

    starts_on: dt.date
    ends_on: dt.date


def cities(real: Sequence[Subject], wanted: Wanted, chance: Chance) -> Iterator[City]:
    """The real city first; where more cooperatives are wanted than it has, simulated ones until there are enough."""
    taken = real[: wanted.cooperatives]
    yield City(taken[0].city_code, taken, is_new=False)
    missing = wanted.cooperatives - len(taken)
    size = max(REAL_CITY_SIZE, -(-missing // (len(PROVINCES) * CITIES_PER_PROVINCE)))
    number = len(taken)
    codes = (f"{province}.{city:02}" for province in reversed(PROVINCES) for city in range(1, CITIES_PER_PROVINCE + 1))
    for code in codes:
        if missing <= 0:
            return
        count = min(size, missing)
        yield City(code, [_new_subject(code, place, number + place + 1, chance) for place in range(count)], is_new=True)
        number, missing = number + count, missing - count


def _new_subject(city_code: str, place: int, number: int, chance: Chance) -> Subject:
    district, ward = divmod(place, WARDS_PER_DISTRICT)
    stage = Stage.OPERATION if chance.happens(0.6) else Stage.FORMATION
    members = chance.randint(30, 220)
    return Subject(
        id=chance.id(),
        code=f"{city_code}.{district + 1:02}.{1001 + ward}",
        ward_name=f"Simulasi {number}",
        short_name=f"KKMP Simulasi {number}",
        stage=stage,
        baseline=Baseline(
            members=members,
            savings_idr=members * chance.randint(10, 40) * 10_000,
            turnover_idr=chance.randint(1, 90) * 1_000_000 if stage is Stage.OPERATION else 0,
            has_npwp=chance.happens(0.95),
            has_nib=chance.happens(0.8),
        ),
        is_new=True,
    )


def facilitators(city: City, first_number: int, chance: Chance) -> list[Facilitator]:
    """As many as a city of this size needs; two at least, so that there is somebody to hand over to."""
    count = max(2, -(-len(city.subjects) // CASELOAD))
    return [Facilitator(chance.id(), first_number + number) for number in range(count)]


LEFT_PLACE, LEFT_DAYS_AGO = 11, 12
"""The cooperative at this place of a city has been without a facilitator for so many days."""


def duties(
    city: City, people: Sequence[Facilitator], years: Sequence[Year], wanted: Wanted
) -> dict[uuid.UUID, list[Duty]]:
    """Who accompanies each cooperative of a city in each programme year; the first one is handed over in between, and
    in a city as large as the real one another has lost its facilitator a few days ago.
    """
    caseloads = {subject.id: people[place // CASELOAD] for place, subject in enumerate(city.subjects)}
    handed_over = city.subjects[0].id
    on = wanted.first + (wanted.until - wanted.first) * HAND_OVER_AT
    found: dict[uuid.UUID, list[Duty]] = {}
    for id_, person in caseloads.items():
        whole = [Duty(person, max(year.starts_on, wanted.first), year.ends_on) for year in years]
        found[id_] = list(_handed_over(whole, people[-1], on)) if id_ == handed_over else whole
    if len(city.subjects) > LEFT_PLACE and not city.is_new:
        left = city.subjects[LEFT_PLACE].id
        found[left] = _until(found[left], wanted.until - dt.timedelta(days=LEFT_DAYS_AGO))
    return found


def _until(duties: Sequence[Duty], last: dt.date) -> list[Duty]:
    """The duties as far as they reach up to a day; all of them where nothing would be left."""
    kept = [
        Duty(duty.facilitator, duty.starts_on, min(duty.ends_on, last)) for duty in duties if duty.starts_on <= last
    ]
    return kept or list(duties)


def _handed_over(duties: Sequence[Duty], successor: Facilitator, on: dt.date) -> Iterator[Duty]:
    for duty in duties:
        if duty.ends_on < on:
            yield duty
        elif duty.starts_on >= on:
            yield Duty(successor, duty.starts_on, duty.ends_on)
        else:
            yield Duty(duty.facilitator, duty.starts_on, on - ONE_DAY)
            yield Duty(successor, on, duty.ends_on)


def on_duty(duties: Sequence[Duty], day: dt.date) -> Facilitator | None:
    return next((duty.facilitator for duty in duties if duty.covers(day)), None)
