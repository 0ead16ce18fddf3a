"""What a cooperative is like and how it changes: the reason behind each of its answers."""

import datetime as dt
import enum
from dataclasses import dataclass, field

from pendamping.cooperatives.models import Stage
from pendamping.instruments.definition import DateReference, Item
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.wanted import Wanted

CRITICAL_BONUS = 0.2
"""What is critical is put right first."""


LIFT = 0.2
"""What an action that was done adds to its item."""


class Course(enum.Enum):
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


SLOPES = {Course.RISING: (0.06, 0.34), Course.STEADY: (-0.03, 0.05), Course.FALLING: (-0.5, -0.3)}


@dataclass(slots=True)
class Character:
    """A cooperative's quality between 0 and 1, item by item and day by day."""

    first: dt.date
    days: int
    level: float
    slope: float
    diligence: float
    """How much of what was agreed gets done, and how soon."""
    decree_on: dt.date
    stages: tuple[tuple[dt.date, Stage], ...]
    """The stage from each day on, the earliest first."""
    bylaws_after: int
    """Days from the decree to the meeting that set the by-laws."""
    annual_meeting: tuple[int, int] | None
    """Month and day of each year's meeting; None for one that holds none."""
    offsets: dict[str, float] = field(default_factory=dict)
    lifts: dict[str, float] = field(default_factory=dict)
    not_applicable: dict[str, bool] = field(default_factory=dict)

    def stage_on(self, day: dt.date) -> Stage:
        return next(stage for since, stage in reversed(self.stages) if since <= day)

    @property
    def stage(self) -> Stage:
        return self.stages[-1][1]

    def quality(self, item: Item, day: dt.date, chance: Chance) -> float:
        """Of one item on one day."""
        if item.id not in self.offsets:
            bonus = CRITICAL_BONUS if item.is_critical else 0.0
            self.offsets[item.id] = chance.gauss(bonus, 0.17)
        share = (day - self.first).days / self.days
        raw = self.level + self.slope * share + self.offsets[item.id] + self.lifts.get(item.id, 0.0)
        return min(1.0, max(0.0, raw + chance.gauss(0, 0.03)))

    def held_on(self, reference: DateReference, day: dt.date) -> dt.date | None:
        """When the meeting was, or will be, that a date item asks for."""
        if reference is DateReference.DECREE:
            return self.decree_on + dt.timedelta(days=self.bylaws_after)
        return dt.date(day.year, *self.annual_meeting) if self.annual_meeting else None

    def hold(self, reference: DateReference, day: dt.date) -> None:
        """The meeting has taken place by this day at the latest, because it was agreed on."""
        held = self.held_on(reference, day)
        if held is not None and held <= day:
            return
        if reference is DateReference.DECREE:
            self.bylaws_after = (day - self.decree_on).days
        else:
            self.annual_meeting = (day.month, min(day.day, 28))

    def lift(self, item_id: str | None) -> None:
        """What was agreed has been done: the item is good from now on."""
        if item_id is not None:
            self.lifts[item_id] = self.lifts.get(item_id, 0.0) + (LIFT if self.slope > 0 else LIFT / 2)

    def lacks(self, item: Item, day: dt.date, chance: Chance) -> bool:
        """Whether an item does not apply here on a day; what does not apply stays so, until the books are closed."""
        assert item.na_when is not None
        if "tahun buku" in item.na_when.lower() or "RAT pertama" in item.na_when or "tahun pajak" in item.na_when:
            return day.year <= self.decree_on.year
        share = 0.25 if self.stage is Stage.FORMATION else 0.1
        if item.id not in self.not_applicable:
            self.not_applicable[item.id] = chance.happens(share)
        return self.not_applicable[item.id]


def character(subject: Subject, wanted: Wanted, chance: Chance) -> Character:
    """Most rise, some stay, some fall."""
    course = chance.choices(list(Course), weights=(65, 20, 15))[0]
    days = max(1, (wanted.until - wanted.first).days)
    level = chance.uniform(0.26, 0.58) + (0.06 if subject.stage is Stage.OPERATION else 0.0)
    if course is Course.FALLING:
        level += 0.15
    oldest = min(dt.date(2025, 7, 14), wanted.first - dt.timedelta(days=60))
    return Character(
        first=wanted.first,
        days=days,
        level=level,
        slope=chance.uniform(*SLOPES[course]) * min(1.0, days / 270),
        diligence=chance.uniform(0.25, 0.6) if course is Course.FALLING else chance.uniform(0.5, 0.95),
        decree_on=oldest - chance.days(0, 75),
        stages=_stages(subject, course, wanted, days, chance),
        bylaws_after=chance.randint(120, 520),
        annual_meeting=(chance.randint(1, 6), chance.randint(5, 28)) if chance.happens(0.8) else None,
    )


def _stages(
    subject: Subject, course: Course, wanted: Wanted, days: int, chance: Chance
) -> tuple[tuple[dt.date, Stage], ...]:
    """Where the cooperative stood, and the step that the agency confirmed on the way, if it made one."""
    began = (dt.date.min, subject.stage)
    if course is not Course.RISING or not chance.happens(0.35):
        return (began,)
    step = Stage.PARTNERSHIP if subject.stage is Stage.OPERATION else Stage.OPERATION
    return began, (wanted.first + dt.timedelta(days=round(days * chance.uniform(0.4, 0.85))), step)


def stage_confirmed_on(person: Character, wanted: Wanted, chance: Chance) -> dt.date | None:
    """A step is confirmed on the day it is made; of the others the agency has looked at about half."""
    if len(person.stages) > 1:
        return person.stages[-1][0]
    days = max(1, (wanted.until - wanted.first).days)
    return wanted.first + dt.timedelta(days=chance.randrange(days)) if chance.happens(0.5) else None
