"""What becomes of the actions that were agreed: begun, reported, looked at, given back, let go, or never touched."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from pendamping.instruments.definition import Item
from pendamping.operations.simulation.agenda import Trip
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import Character
from pendamping.operations.simulation.days import at
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.sentences import CANCELLED, REPORTED, RETURNED, STARTED, VERIFIED
from pendamping.plans.models import OPEN_STATUSES, Action, ActionStatus, ActionUpdate, Priority, UpdateKind

MOST_OPEN, MOST_A_VISIT = 9, 3
AGREED_WHEN_CRITICAL, AGREED_OTHERWISE = 0.65, 0.2
LET_GO, EVER_BEGUN = 0.03, 0.7
LOOKED_AT, FOUND_DONE = 0.85, 0.75
OFFICE_HOURS = (8 * 60, 20 * 60)


@dataclass(slots=True)
class Life:
    """One action with what is still going to happen to it."""

    row: Row
    item: Item
    since: dt.datetime
    """When it came into its present state."""
    steps: int = 0
    ahead: list[tuple[dt.datetime, ActionStatus]] = field(default_factory=list)

    @property
    def status(self) -> ActionStatus:
        status = self.row["status"]
        assert isinstance(status, ActionStatus)
        return status

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


@dataclass(slots=True)
class Lives:
    """The plan of one cooperative."""

    subject: Subject
    about: Character
    account_id: uuid.UUID
    """The cooperative's own account."""
    rows: Rows
    chance: Chance
    all: list[Life] = field(default_factory=list)

    @property
    def open_due(self) -> list[dt.date]:
        return [life.row["due_on"] for life in self.all if life.is_open]

    def pass_until(self, instant: dt.datetime) -> None:
        """Let happen what the cooperative does by itself."""
        for life in self.all:
            while life.ahead and life.ahead[0][0] < instant:
                made_at, status = life.ahead.pop(0)
                pool = {ActionStatus.RUNNING: STARTED, ActionStatus.REPORTED_DONE: REPORTED}.get(status, CANCELLED)
                author = life.row["author_id"] if status is ActionStatus.CANCELLED else self.account_id
                self._step(life, status, made_at, self.chance.choice(pool), author)

    def look(self, trip: Trip) -> set[str]:
        """At a visit the facilitator looks at what was reported done; returns the items that were found put right."""
        self.pass_until(at(trip.on, trip.started))
        found = set()
        for life in self.all:
            was_reported = life.status is ActionStatus.REPORTED_DONE and life.since < at(trip.on, trip.started)
            if not was_reported or not self.chance.happens(LOOKED_AT):
                continue
            if self.chance.happens(FOUND_DONE):
                self._step(
                    life, ActionStatus.VERIFIED, trip.received_at, self.chance.choice(VERIFIED), trip.facilitator.id
                )
                self.about.lift(life.item.id)
                found.add(life.item.id)
            else:
                self._step(
                    life, ActionStatus.RETURNED, trip.received_at, self.chance.choice(RETURNED), trip.facilitator.id
                )
                if self.chance.happens(0.6 + self.about.diligence / 2):
                    again = trip.received_at + self.chance.days(5, 25)
                    life.ahead = [(again, ActionStatus.REPORTED_DONE)]
        return found

    def agree(self, trip: Trip, poor: list[Item]) -> None:
        """Some of what was found poor becomes an action; never two on one item, never more than anybody can carry."""
        busy = {life.item.id for life in self.all if life.is_open}
        agreed = 0
        for item in sorted(poor, key=lambda each: not each.is_critical):
            wanted = AGREED_WHEN_CRITICAL if item.is_critical else AGREED_OTHERWISE
            is_full = agreed == MOST_A_VISIT or len(self.open_due) >= MOST_OPEN
            if item.id not in busy and not is_full and self.chance.happens(wanted):
                self._agree(trip, item)
                agreed += 1

    def _agree(self, trip: Trip, item: Item) -> None:
        due_on = trip.on + dt.timedelta(days=item.action.default_due_days)
        row: Row = {
            "id": self.chance.id(),
            "city_code": self.subject.city_code,
            "cooperative_id": self.subject.id,
            "visit_id": trip.id,
            "item_id": item.id,
            "item_label_id": item.label_id,
            "item_label_en": item.label_en,
            "is_critical": item.is_critical,
            "title": item.action.title_id,
            "priority": int(Priority.PRESSING if item.is_critical else Priority.USUAL),
            "owner_role": item.action.owner_role,
            "owner_name": "",
            "due_on": due_on,
            "due_changes": 0,
            "done_when": item.action.done_when_id,
            "status": ActionStatus.AGREED,
            "status_at": trip.received_at,
            "is_disputed": False,
            "revision": 1,
            "agreed_on": trip.on,
            "created_at": trip.received_at,
        }
        life = Life({**row, "author_id": trip.facilitator.id}, item, trip.received_at)
        life.ahead = sorted(self._future(trip.received_at, due_on))
        self.all.append(life)
        self._step(life, ActionStatus.AGREED, trip.received_at, "", trip.facilitator.id)

    def _future(self, agreed_at: dt.datetime, due_on: dt.date) -> Iterator[tuple[dt.datetime, ActionStatus]]:
        """Who is diligent begins soon and is done in time; who is not begins late, if at all."""
        if self.chance.happens(LET_GO):
            yield agreed_at + self.chance.days(3, 25), ActionStatus.CANCELLED
            return
        due = at(due_on, dt.time())
        span = max(4, (due - agreed_at).days)
        if self.chance.happens(0.1 + self.about.diligence):
            begun = self._in_office_hours(agreed_at + self.chance.days(1, max(2, span // 2)))
            late = self.chance.randint(-span // 3, round(30 * (1 - self.about.diligence)))
        elif self.chance.happens(EVER_BEGUN):
            begun = self._in_office_hours(due + self.chance.days(4, 40))
            late = self.chance.randint(20, 75)
        else:
            yield due + self.chance.days(60, 120), ActionStatus.CANCELLED
            return
        yield begun, ActionStatus.RUNNING
        done = self._in_office_hours(due + dt.timedelta(days=late))
        yield max(done, begun + self.chance.minutes(60, 2000)), ActionStatus.REPORTED_DONE

    def _in_office_hours(self, instant: dt.datetime) -> dt.datetime:
        return instant.replace(hour=0, minute=0, second=0) + self.chance.minutes(*OFFICE_HOURS)

    def _step(
        self,
        life: Life,
        status: ActionStatus,
        made_at: dt.datetime,
        note: str,
        author_id: uuid.UUID,
        *,
        visit_id: uuid.UUID | None = None,
    ) -> None:
        life.steps += 1
        if status is not life.status or life.steps == 1:
            life.row["status"], life.row["status_at"], life.since = status, made_at, made_at
        life.row["revision"] = life.steps
        if status not in OPEN_STATUSES:
            life.ahead = []
        self.rows.add(
            ActionUpdate,
            id=self.chance.id(),
            city_code=self.subject.city_code,
            action_id=life.row["id"],
            number=life.steps,
            kind=UpdateKind.MOVED,
            status=status,
            note=note,
            visit_id=visit_id,
            author_id=author_id,
            made_at=made_at,
        )

    def close(self, now: dt.datetime) -> None:
        """Let the rest of the time pass, and put the actions down as they stand then."""
        self.pass_until(now)
        for life in self.all:
            self.rows.add(Action, **{name: value for name, value in life.row.items() if name != "author_id"})
