"""Lives through one cooperative's visits, in the order in which they came in."""

import datetime as dt
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import Item, Proof
from pendamping.operations.simulation.agenda import PlaceSeen, Trip, done_in_order_of_receipt
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.checklist import items_of_visit
from pendamping.operations.simulation.history import History
from pendamping.operations.simulation.joining import join
from pendamping.operations.simulation.lives import Lives
from pendamping.operations.simulation.names import POSTS
from pendamping.operations.simulation.photos import Darkroom
from pendamping.operations.simulation.replies import reply
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.sentences import (
    ADDED,
    CLOSINGS,
    CORRECTED_BECAUSE,
    FIRST_OPENINGS,
    OPENINGS,
    REMOTE,
    TOPICS,
)
from pendamping.operations.simulation.talk import Talk
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.evidence import distance_m
from pendamping.visits.models import Attendance, Purpose, Visit, VisitMode

METRES_PER_DEGREE = 111_320
PHOTOGRAPHED = 3
"""The last visits of each cooperative have photos."""
CORRECTED_EVERY, ADDED_EVERY = 5, 8
"""One cooperative in so many has a visit that was corrected, or one with an addendum."""
YES_NO = {"yes": "Ya", "no": "Belum"}
"""As the visit's page puts them."""


@dataclass(slots=True)
class Visiting:
    """One cooperative's visits, and what is still to be done along with them."""

    history: History
    lives: Lives
    talk: Talk
    board: Sequence[Row]
    """Its officers' rows."""
    darkroom: Darkroom
    chance: Chance
    now: dt.datetime
    locked_before: dt.date
    """The first day of the first month that is still open."""
    wants_correction: bool
    wants_addendum: bool
    rounds: int = 3
    """Visits over which the first assessment is spread."""
    links: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    """The planned visit behind each visit."""

    @property
    def rows(self) -> Rows:
        return self.history.rows

    def live(self, trips: Sequence[Trip]) -> None:
        done = list(done_in_order_of_receipt(trips))
        for place, trip in enumerate(done):
            following = done[place + 1].received_at if place + 1 < len(done) else self.now
            row = self._visit(trip, place)
            answers = self._answer(trip, place, is_last=place == len(done) - 1)
            if place >= len(done) - PHOTOGRAPHED and not trip.is_remote:
                photographed = [item.id for item, answer in answers if answer.proof is Proof.PHOTO]
                self.darkroom.photos(trip, photographed)
            if self.wants_correction and place >= self.rounds:
                self._correct(trip, row, answers, following)
            if self.wants_addendum and trip.on < self.locked_before:
                self._add(trip)
        self.lives.close(self.now)
        self.talk.close(done, self.lives.all, self.now)

    def _answer(self, trip: Trip, place: int, *, is_last: bool) -> list[tuple[Item, Answer]]:
        history, chance = self.history, self.chance
        found = self.lives.look(trip)
        rounds_left = max(0, self.rounds - place)
        items = items_of_visit(history, trip.on, chance, rounds_left=rounds_left, found=found)
        answers = [
            (
                item,
                reply(item, history.about, trip.on, chance, is_remote=trip.is_remote, verified=item.id in found),
            )
            for item in items
        ]
        history.append(trip, answers, chance)
        self.lives.hear(trip, history)
        newest = (history.current[item.id] for item in items)
        poor = [each.item for each in newest if each.answered_on == trip.on and history.is_poor(each)]
        self.lives.agree(trip, poor)
        if is_last:
            join(self.lives, trip, poor)
        return answers

    def _visit(self, trip: Trip, place: int) -> Row:
        subject = self.history.subject
        latitude, longitude, accuracy = self._seen(trip)
        people = self._people(trip)
        is_signed = trip.is_signed and bool(people)
        return self.rows.add(
            Visit,
            id=trip.id,
            city_code=subject.city_code,
            cooperative_id=subject.id,
            facilitator_id=trip.facilitator.id,
            visited_on=trip.on,
            started=trip.started,
            ended=trip.ended,
            mode=VisitMode.REMOTE if trip.is_remote else VisitMode.FACE_TO_FACE,
            purposes=self._purposes(place),
            notes=self._notes(trip, place),
            latitude=latitude,
            longitude=longitude,
            accuracy_m=accuracy,
            distance_m=self._distance(latitude, longitude),
            planned_visit_id=self.links.get(trip.id),
            signature_id=self.darkroom.signature(trip, people[0]["name"]) if is_signed else None,
            signed_by=people[0]["name"] if is_signed else "",
            number_year=trip.on.year,
            number=trip.number,
            written_at=trip.written_at,
            received_at=trip.received_at,
            revision=1,
            body_sha256=self.chance.sha256(),
        )

    def _people(self, trip: Trip) -> list[Row]:
        board = [each for each in self.board if each["term_starts_on"] <= trip.on <= each["term_ends_on"]]
        met = self.chance.some(board, 1, 4)
        return [
            self.rows.add(
                Attendance,
                visit_id=trip.id,
                position=position,
                city_code=self.history.subject.city_code,
                name=each["name"],
                role=POSTS[each["role"]],
            )
            for position, each in enumerate(met)
        ]

    def _purposes(self, place: int) -> list[str]:
        chance = self.chance
        purposes = [Purpose.CHECK]
        if place and chance.happens(0.6):
            purposes.append(Purpose.FOLLOW_UP)
        if chance.happens(0.15):
            purposes.append(chance.choice([Purpose.TRAINING, Purpose.MEETING, Purpose.PARTNERSHIP]))
        return [str(each) for each in purposes]

    def _notes(self, trip: Trip, place: int) -> str:
        chance = self.chance
        if place and chance.happens(0.12):
            return ""
        openings = FIRST_OPENINGS if place == 0 else REMOTE if trip.is_remote else OPENINGS
        parts = [chance.choice(openings), *chance.some(TOPICS, 1, 2), chance.choice(CLOSINGS)]
        return " ".join(part for part in parts if part)

    def _seen(self, trip: Trip) -> tuple[float, float, float] | tuple[None, None, None]:
        """Where the tablet took itself to be: degrees, and its own estimate of its error in metres."""
        if trip.place is PlaceSeen.NOWHERE or self.history.place is None:
            return None, None, None
        metres, accuracy = self._error(trip.place)
        direction = self.chance.uniform(0, 2 * math.pi)
        latitude, longitude = self.history.place
        north, east = math.cos(direction) * metres, math.sin(direction) * metres
        return (
            round(latitude + north / METRES_PER_DEGREE, 6),
            round(longitude + east / METRES_PER_DEGREE, 6),
            round(accuracy, 1),
        )

    def _error(self, place: PlaceSeen) -> tuple[float, float]:
        chance = self.chance
        match place:
            case PlaceSeen.FAR:
                return chance.uniform(1_200, 7_000), chance.uniform(8, 40)
            case PlaceSeen.VAGUE:
                return chance.uniform(50, 400), chance.uniform(250, 900)
            case _:
                return chance.uniform(3, 140), chance.uniform(5, 35)

    def _distance(self, latitude: float | None, longitude: float | None) -> float | None:
        if latitude is None or longitude is None or self.history.place is None:
            return None
        return round(distance_m(latitude, longitude, *self.history.place), 1)

    def _correct(self, trip: Trip, row: Row, answers: Sequence[tuple[Item, Answer]], following: dt.datetime) -> None:
        """Something was tapped wrongly and is put right within hours; waits for a visit that leaves time for it."""
        made_at = trip.received_at + self.chance.minutes(60, 240)
        acted_on = {life.item.id for life in self.lives.all if life.item}
        wrong = [pair for pair in answers if pair[1].value in YES_NO and pair[0].id not in acted_on]
        if not wrong or made_at >= min(following, self.now):
            return
        item, before = self.chance.choice(wrong)
        after = Answer(item.id, "no" if before.value == "yes" else "yes", before.proof, before.note)
        notes = f"{row['notes']} {self.chance.choice(TOPICS)}".strip()
        changes = [
            {"field": f"{item.id} {item.label_id}", "before": YES_NO[before.value], "after": YES_NO[after.value]},
            {"field": "Catatan kunjungan", "before": row["notes"], "after": notes},
        ]
        row["revision"], row["notes"] = 2, notes
        self._put_down(trip, CorrectionKind.CORRECTION, self.chance.choice(CORRECTED_BECAUSE), changes, made_at)
        self.history.correct(trip, [(item, after)], made_at, self.chance)
        self.wants_correction = False

    def _add(self, trip: Trip) -> None:
        made_at = min(trip.received_at + self.chance.days(45, 50), self.now - dt.timedelta(hours=4))
        self._put_down(trip, CorrectionKind.ADDENDUM, ADDED, [], made_at)
        self.wants_addendum = False

    def _put_down(
        self, trip: Trip, kind: CorrectionKind, reason: str, changes: list[dict[str, str]], made_at: dt.datetime
    ) -> None:
        self.rows.add(
            Correction,
            id=self.chance.id(),
            city_code=self.history.subject.city_code,
            visit_id=trip.id,
            number=1,
            kind=kind,
            reason=reason,
            changes=changes,
            body_sha256=self.chance.sha256(),
            author_id=trip.facilitator.id,
            made_at=made_at,
        )
