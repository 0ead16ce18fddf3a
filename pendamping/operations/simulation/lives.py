"""What becomes of the actions that were agreed: begun, disputed, put off, reported, looked at, given back, let go."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from pendamping.instruments.definition import Item
from pendamping.kernel.clock import office_date
from pendamping.kernel.roles import Role
from pendamping.operations.simulation.agenda import Trip
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.character import Character
from pendamping.operations.simulation.days import at
from pendamping.operations.simulation.history import History
from pendamping.operations.simulation.photos import Darkroom
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.sentences import (
    CANCELLED,
    DISPUTED,
    OWN_ACTIONS,
    PUT_OFF,
    REPORTED,
    SEEN_FROM_AFAR,
    SETTLED,
    STARTED,
)
from pendamping.plans.life import Look, after_visit, look, may_be_verified_from_afar, may_move
from pendamping.plans.models import (
    OPEN_STATUSES,
    Action,
    ActionDueChange,
    ActionProof,
    ActionStatus,
    ActionUpdate,
    Priority,
    UpdateKind,
)

MOST_OPEN, MOST_A_VISIT = 9, 3
AGREED_WHEN_CRITICAL, AGREED_OTHERWISE = 0.65, 0.2
LET_GO, EVER_BEGUN = 0.1, 0.7
LOOKED_AT, FOUND_DONE = 0.85, 0.75
DISPUTED_SHARE, DISPUTED_NOW_SHARE, PUT_OFF_SHARE, FROM_AFAR_SHARE, PROPOSED_SHARE = 0.06, 0.3, 0.15, 0.25, 0.12
RECENT_DAYS = 12
"""What was said last still waits for an answer, so that there is something to see."""
PROOFS_LAST_DAYS = 60
"""Reports of the last days carry a file; those of before are told, so that a city's year fits on a small disk."""
OFFICE_HOURS = (8 * 60, 20 * 60)
LATER = dt.timedelta(minutes=1)
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(slots=True)
class Ahead:
    """Something that is still going to happen to an action, if it can by then."""

    at: dt.datetime
    kind: UpdateKind
    note: str
    is_by_cooperative: bool
    to: ActionStatus | None = None
    days: int = 0
    """By how many days the due date is moved."""


@dataclass(slots=True)
class Life:
    """One action with what is still going to happen to it."""

    row: Row
    item: Item | None
    facilitator_id: uuid.UUID
    steps: int = 0
    last_at: dt.datetime = NEVER
    ahead: list[Ahead] = field(default_factory=list)

    @property
    def status(self) -> ActionStatus:
        status = self.row["status"]
        assert isinstance(status, ActionStatus)
        return status

    @property
    def since(self) -> dt.datetime:
        since = self.row["status_at"]
        assert isinstance(since, dt.datetime)
        return since

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    def can(self, ahead: Ahead) -> bool:
        """Whether the rules let it happen as things stand."""
        match ahead.kind:
            case UpdateKind.MOVED | UpdateKind.NOTED if ahead.to is not None:
                role = Role.COOPERATIVE if ahead.is_by_cooperative else Role.FACILITATOR
                return may_move(role, self.status, ahead.to)
            case UpdateKind.SETTLED:
                return bool(self.row["is_disputed"])
            case UpdateKind.DISPUTED | UpdateKind.ACCEPTED:
                return self.is_open and self.status is not ActionStatus.REPORTED_DONE
            case _:
                return self.is_open


@dataclass(slots=True)
class Lives:
    """The plan of one cooperative."""

    subject: Subject
    about: Character
    account_id: uuid.UUID
    """The cooperative's own account."""
    rows: Rows
    chance: Chance
    darkroom: Darkroom
    now: dt.datetime
    all: list[Life] = field(default_factory=list)

    @property
    def open_due(self) -> list[dt.date]:
        return [life.row["due_on"] for life in self.all if life.is_open]

    def pass_until(self, instant: dt.datetime) -> None:
        """Let happen what people do between two visits."""
        for life in self.all:
            while life.ahead and life.ahead[0].at < instant:
                ahead = life.ahead.pop(0)
                if life.can(ahead):
                    self._happen(life, ahead)

    def look(self, trip: Trip) -> set[str]:
        """What the facilitator finds put right when looking at what was reported done; it is asked about today."""
        self.pass_until(at(trip.on, trip.started))
        found = set()
        for life in self.all:
            was_reported = life.status is ActionStatus.REPORTED_DONE and life.since < at(trip.on, trip.started)
            if life.item is None or not was_reported or not self.chance.happens(LOOKED_AT):
                continue
            if self.chance.happens(FOUND_DONE):
                self.about.lift(life.item.id)
                found.add(life.item.id)
        return found

    def hear(self, trip: Trip, history: History) -> None:
        """What the visit's answers make of the plan, by the rule of the way back."""
        for life in self.all:
            item = life.item
            answer = history.current.get(item.id) if item else None
            if item is None or answer is None or life.row["agreed_on"] > trip.on:
                continue
            if (answer.answered_on, answer.recorded_at) != (trip.on, trip.received_at):
                continue  # a later visit has spoken about it
            seen = look(item, answer.answer, history.facts(trip.on))
            was_before = life.since <= at(trip.on, trip.ended)
            after = after_visit(life.status, {item.id: seen}, asked={item.id}, was_before=was_before)
            if after is not None:
                self._step(
                    life,
                    UpdateKind.MOVED,
                    trip.received_at,
                    _told(item, seen, answer.answer.note),
                    trip.facilitator.id,
                    to=after,
                    visit_id=trip.id,
                )
                self._try_again(life, trip)

    def _try_again(self, life: Life, trip: Trip) -> None:
        if life.status is ActionStatus.RETURNED and self.chance.happens(0.6 + self.about.diligence / 2):
            again = trip.received_at + self.chance.days(5, 25)
            life.ahead = [self._report(again)]

    def agree(self, trip: Trip, poor: list[Item]) -> None:
        """Some of what was found poor becomes an action; never two on one item, never more than anybody can carry."""
        busy = {life.item.id for life in self.all if life.item and life.is_open}
        agreed = 0
        for item in sorted(poor, key=lambda each: not each.is_critical):
            wanted = AGREED_WHEN_CRITICAL if item.is_critical else AGREED_OTHERWISE
            is_full = agreed == MOST_A_VISIT or len(self.open_due) >= MOST_OPEN
            if item.id not in busy and not is_full and self.chance.happens(wanted):
                self._agree(trip, item)
                agreed += 1
        if self.chance.happens(PROPOSED_SHARE) and len(self.open_due) < MOST_OPEN:
            self._propose(trip)

    def note(self, life: Life, trip: Trip, words: str) -> None:
        """What a visit adds to an action that it does not move."""
        self._step(life, UpdateKind.NOTED, trip.received_at, words, trip.facilitator.id, visit_id=trip.id)

    def _agree(self, trip: Trip, item: Item) -> None:
        due_on = trip.on + dt.timedelta(days=item.action.default_due_days)
        life = self._new(trip, item, ActionStatus.AGREED, trip.on, due_on, trip.received_at)
        life.ahead = sorted(
            [*self._future(trip.received_at, due_on), *self._talk(trip.received_at, due_on)], key=lambda each: each.at
        )

    def _propose(self, trip: Trip) -> None:
        """Thought of between this visit and the next; the cooperative says yes, or has not answered yet."""
        made_at = self._in_office_hours(trip.received_at + self.chance.days(2, 9))
        if made_at >= self.now - dt.timedelta(days=1):
            return
        on = office_date(made_at)
        life = self._new(trip, None, ActionStatus.PROPOSED, on, on + self.chance.days(21, 60), made_at)
        if self.chance.happens(0.8):
            accepted = Ahead(made_at + self.chance.days(1, 6), UpdateKind.ACCEPTED, "", True, ActionStatus.AGREED)
            rest = self._future(accepted.at, life.row["due_on"], from_afar_share=1.0)
            life.ahead = sorted([accepted, *rest], key=lambda each: each.at)

    def _new(
        self,
        trip: Trip,
        item: Item | None,
        status: ActionStatus,
        agreed_on: dt.date,
        due_on: dt.date,
        made_at: dt.datetime,
    ) -> Life:
        title, owner, done_when = (
            (item.action.title_id, item.action.owner_role, item.action.done_when_id)
            if item
            else self.chance.choice(OWN_ACTIONS)
        )
        is_critical = bool(item and item.is_critical)
        row: Row = {
            "id": self.chance.id(),
            "city_code": self.subject.city_code,
            "cooperative_id": self.subject.id,
            "visit_id": trip.id if item else None,
            "item_id": item.id if item else None,
            "item_label_id": item.label_id if item else None,
            "item_label_en": item.label_en if item else None,
            "is_critical": is_critical,
            "title": title,
            "priority": int(Priority.PRESSING if is_critical else Priority.USUAL),
            "owner_role": owner,
            "owner_name": "",
            "due_on": due_on,
            "due_changes": 0,
            "done_when": done_when,
            "status": status,
            "status_at": made_at,
            "is_disputed": False,
            "revision": 1,
            "agreed_on": agreed_on,
            "created_at": made_at,
        }
        life = Life(row, item, trip.facilitator.id)
        self.all.append(life)
        self._step(life, UpdateKind.MOVED, made_at, "", trip.facilitator.id)
        return life

    def _future(
        self, agreed_at: dt.datetime, due_on: dt.date, *, from_afar_share: float = FROM_AFAR_SHARE
    ) -> Iterator[Ahead]:
        """Who is diligent begins soon and is done in time; who is not begins late, if at all.

        Args:
            from_afar_share: how many are looked at between two visits; what no item asks for is looked at only so.
        """
        if self.chance.happens(LET_GO):
            yield self._drop(agreed_at + self.chance.days(3, 25))
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
            yield self._drop(due + self.chance.days(60, 120))
            return
        yield Ahead(begun, UpdateKind.MOVED, self.chance.choice(STARTED), True, ActionStatus.RUNNING)
        done = self._in_office_hours(due + dt.timedelta(days=late))
        report = self._report(max(done, begun + self.chance.minutes(60, 2000)))
        yield report
        if self.chance.happens(from_afar_share):
            checked = self._in_office_hours(report.at + self.chance.days(1, 5))
            yield Ahead(checked, UpdateKind.MOVED, self.chance.choice(SEEN_FROM_AFAR), False, ActionStatus.VERIFIED)

    def _talk(self, agreed_at: dt.datetime, due_on: dt.date) -> Iterator[Ahead]:
        """What is said about it meanwhile: that it is not agreed with, that it has to wait."""
        is_recent = agreed_at > self.now - dt.timedelta(days=RECENT_DAYS)
        if self.chance.happens(DISPUTED_NOW_SHARE if is_recent else DISPUTED_SHARE):
            disputed_at = self._in_office_hours(agreed_at + self.chance.days(1, 4))
            yield Ahead(disputed_at, UpdateKind.DISPUTED, self.chance.choice(DISPUTED), True)
            settled_at = self._in_office_hours(disputed_at + self.chance.days(*((6, 14) if is_recent else (1, 9))))
            yield Ahead(settled_at, UpdateKind.SETTLED, self.chance.choice(SETTLED), False)
        if self.chance.happens(PUT_OFF_SHARE):
            put_off_at = self._in_office_hours(at(due_on, dt.time()) - self.chance.days(1, 5))
            days = self.chance.choice((7, 14, 21))
            yield Ahead(
                max(put_off_at, agreed_at + LATER),
                UpdateKind.DUE_CHANGED,
                self.chance.choice(PUT_OFF),
                False,
                days=days,
            )

    def _drop(self, instant: dt.datetime) -> Ahead:
        return Ahead(instant, UpdateKind.MOVED, self.chance.choice(CANCELLED), False, ActionStatus.CANCELLED)

    def _report(self, instant: dt.datetime) -> Ahead:
        return Ahead(instant, UpdateKind.MOVED, self.chance.choice(REPORTED), True, ActionStatus.REPORTED_DONE)

    def _in_office_hours(self, instant: dt.datetime) -> dt.datetime:
        return instant.replace(hour=0, minute=0, second=0) + self.chance.minutes(*OFFICE_HOURS)

    def _happen(self, life: Life, ahead: Ahead) -> None:
        is_from_afar = ahead.to is ActionStatus.VERIFIED
        if is_from_afar and life.item and not may_be_verified_from_afar([life.item]):
            return
        before = life.row["due_on"]
        if ahead.kind is UpdateKind.DUE_CHANGED:
            life.row["due_on"] = max(before, office_date(ahead.at)) + dt.timedelta(days=ahead.days)
            life.row["due_changes"] += 1
        if ahead.kind in (UpdateKind.DISPUTED, UpdateKind.SETTLED, UpdateKind.ACCEPTED):
            life.row["is_disputed"] = ahead.kind is UpdateKind.DISPUTED
        author = self.account_id if ahead.is_by_cooperative else life.facilitator_id
        update = self._step(life, ahead.kind, ahead.at, ahead.note, author, to=ahead.to)
        if ahead.kind is UpdateKind.DUE_CHANGED:
            self.rows.add(
                ActionDueChange,
                update_id=update["id"],
                city_code=self.subject.city_code,
                due_before=before,
                due_after=life.row["due_on"],
            )
        if ahead.to is ActionStatus.REPORTED_DONE and ahead.at > self.now - dt.timedelta(days=PROOFS_LAST_DAYS):
            self._prove(life, update)

    def _prove(self, life: Life, update: Row) -> None:
        lines = [str(life.row["title"]), str(life.row["done_when"])]
        attachment_id = self.darkroom.proof(lines, uploader_id=self.account_id, received_at=update["made_at"])
        self.rows.add(
            ActionProof,
            action_update_id=update["id"],
            city_code=self.subject.city_code,
            attachment_id=attachment_id,
            position=0,
        )

    def _step(
        self,
        life: Life,
        kind: UpdateKind,
        made_at: dt.datetime,
        note: str,
        author_id: uuid.UUID,
        *,
        to: ActionStatus | None = None,
        visit_id: uuid.UUID | None = None,
    ) -> Row:
        made_at = max(made_at, life.last_at + LATER) if life.steps else made_at
        life.steps, life.last_at = life.steps + 1, made_at
        life.row["revision"] = life.steps
        if to is not None and to is not life.status:
            life.row["status"], life.row["status_at"] = to, made_at
        if not life.is_open:
            life.ahead, life.row["is_disputed"] = [], False
        return self.rows.add(
            ActionUpdate,
            id=self.chance.id(),
            city_code=self.subject.city_code,
            action_id=life.row["id"],
            number=life.steps,
            kind=kind,
            status=life.status,
            note=note,
            visit_id=visit_id,
            author_id=author_id,
            made_at=made_at,
        )

    def close(self, now: dt.datetime) -> None:
        """Let the rest of the time pass, and put the actions down as they stand then."""
        self.pass_until(now)
        for life in self.all:
            self.rows.add(Action, **life.row)


def _told(item: Item, seen: Look, note: str) -> str:
    """As the way back says it."""
    words = "baik dan terbukti" if seen is Look.PROVEN else "masih kurang"
    sentence = f"{item.id} {item.label_id}: {words}."
    return f"{sentence} {note}" if note else sentence
