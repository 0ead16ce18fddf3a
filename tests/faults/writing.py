"""What a tablet's person writes, by a seed: visits, plans, corrections, notes on actions; and what must come of it."""

import datetime as dt
import hashlib
import io
import json
import random
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

FIRST_DAY = dt.date(2026, 4, 14)
ITEMS = ("KL-01", "KL-02", "KL-03", "KL-04", "KL-06", "KL-07", "KL-10", "KL-11")
"""Answered with yes or no, at every stage."""
SHARES = (("visit", 0.62), ("schedule", 0.14), ("action_update", 0.10), ("correction", 0.08), ("rival", 0.06))
"""What share of the records is of which kind; `rival`: the same visit, written otherwise on a person's other device."""
PHOTO_SHARE = 0.25
SWAYING_SHARE = 0.3
"""Of plans and corrections: changed, changed back and changed again, each time for the same reason."""
MOVED_BY_DAYS = 100
HOURS = (6, 8, 10, 12, 14, 16, 18, 20)


@dataclass(frozen=True, slots=True)
class Photo:
    id: uuid.UUID
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """One finished record as it lies in an outbox, and the mark by which the database is searched for it."""

    kind: str
    id: uuid.UUID
    body: str
    mark: str
    base_sha256: str | None = None
    about: uuid.UUID | None = None
    """Of a correction, its visit."""
    needs: uuid.UUID | None = None
    """The visit or plan without which it cannot be taken in."""
    photos: tuple[Photo, ...] = ()
    answers: int = 0
    actions: tuple[uuid.UUID, ...] = ()
    is_rival: bool = False
    is_passed: bool = False
    """A later one of the same person says otherwise; of this one only the receipt is left."""
    planned_on: str | None = None
    """Of a plan's last version, the day on which it must stand."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()

    def as_sent(self) -> dict[str, Any]:
        """As it goes over the wire."""
        return {
            "v": 1,
            "kind": self.kind,
            "id": str(self.id),
            "base_sha256": self.base_sha256,
            "body": self.body,
        }


@dataclass(slots=True)
class Pen:
    """Writes for one person; the same seed writes the same."""

    rng: random.Random
    codes: tuple[str, ...]
    name: str
    count: int = 0
    plans: int = 0
    changes: int = 0
    _visits: list[Written] = field(default_factory=list)
    _corrected: set[uuid.UUID] = field(default_factory=set)

    def write(self, records: int) -> tuple[list[Written], list[Written]]:
        """So many records: those of the person's first tablet, and those of the second."""
        first: list[Written] = []
        second: list[Written] = []
        while len(first) + len(second) < records:
            kind = self.rng.choices([name for name, _ in SHARES], [share for _, share in SHARES])[0]
            if kind == "rival" and len(first) + len(second) + 2 <= records:
                one, other = self._rivals()
                first.append(one)
                second.append(other)
            else:
                one = self._one(kind)
                first.append(one)
                if len(first) + len(second) + 3 <= records and self.rng.random() < SWAYING_SHARE:
                    first += self._swaying(one)
        return _a_little_shuffled(first, self.rng), second

    def _one(self, kind: str) -> Written:
        match kind:
            case "schedule":
                return self._plan()
            case "action_update" if acted := [each for each in self._visits if each.actions]:
                return self._note(self.rng.choice(acted))
            case "correction" if free := [each for each in self._visits if each.id not in self._corrected]:
                return self._correction(self.rng.choice(free))
            case _:
                visit = self._visit(self._id())
                self._visits.append(visit)
                return visit

    def _swaying(self, one: Written) -> list[Written]:
        """Somebody cannot make up their mind: what was written is changed, changed back and changed again."""
        match one.kind:
            case "schedule":
                return self._moves(one)
            case "correction":
                return self._back_and_forth(one)
            case _:
                return []

    def _moves(self, plan: Written) -> list[Written]:
        there = json.loads(plan.body)
        elsewhere = dt.date.fromisoformat(there["planned_on"]) + dt.timedelta(days=MOVED_BY_DAYS)
        days = [elsewhere.isoformat(), there["planned_on"], elsewhere.isoformat()]
        moves = [plan]
        for day in days:
            said = {**there, "planned_on": day, "moved_because": "Hujan.", "written_at": self._hour()}
            moves.append(replace(plan, body=json.dumps(said), base_sha256=moves[-1].sha256, needs=plan.id))
        return [*moves[1:-1], replace(moves[-1], planned_on=days[-1])]

    def _back_and_forth(self, correction: Written) -> list[Written]:
        """Said once more, taken back, and said for the second time in the very words of the first."""
        said, before = json.loads(correction.body), self._mark()
        again, base = [], correction
        for notes in (before, said["notes"]):
            body = json.dumps({**said, "notes": notes, "written_at": self._hour()})
            base = replace(correction, id=self._id(), body=body, base_sha256=base.sha256, is_passed=notes == before)
            again.append(base)
        return again

    def _hour(self) -> str:
        """When a change is made: what tells two apart that say the same."""
        self.changes += 1
        return (dt.datetime(2026, 4, 14, tzinfo=dt.UTC) + dt.timedelta(seconds=self.changes)).isoformat()

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _mark(self) -> str:
        self.count += 1
        return f"{self.name}-{self.count:05d}-{self.rng.getrandbits(32):08x}"

    def _visit(self, visit_id: uuid.UUID, *, is_rival: bool = False) -> Written:
        mark, actions = self._mark(), [self._id() for _ in range(self.rng.random() < 0.5)]
        photos = [Photo(self._id(), _picture(self.rng)) for _ in range(self.rng.random() < PHOTO_SHARE)]
        items = self.rng.sample(ITEMS, self.rng.randint(1, len(ITEMS)))
        body = {
            "cooperative": self.rng.choice(self.codes),
            "visited_on": FIRST_DAY.isoformat(),
            "mode": "tatap_muka",
            "purposes": ["pemeriksaan"],
            "people_met": [{"name": "Siti Aminah", "role": "bendahara"}],
            "notes": mark,
            "answers": {item: {"value": "yes", "proof": "diamati", "note": mark} for item in items},
            "actions": [
                {"id": str(each), "title": f"Tindakan {mark}", "owner_role": "bendahara", "due_on": "2026-12-01"}
                for each in actions
            ],
            "photos": [str(photo.id) for photo in photos],
        }
        return Written(
            "visit",
            visit_id,
            json.dumps(body),
            mark,
            photos=tuple(photos),
            answers=len(items),
            actions=tuple(actions),
            is_rival=is_rival,
        )

    def _rivals(self) -> tuple[Written, Written]:
        """The same visit, written to the end on two devices of one person; the office keeps both, and one stands."""
        visit_id = self._id()
        return self._visit(visit_id, is_rival=True), self._visit(visit_id, is_rival=True)

    def _plan(self) -> Written:
        mark, day = self._mark(), FIRST_DAY + dt.timedelta(days=60 + self.plans // len(HOURS))
        starts = f"{HOURS[self.plans % len(HOURS)]:02d}:00"
        self.plans += 1
        body = {
            "cooperative": self.rng.choice(self.codes),
            "planned_on": day.isoformat(),
            "starts": starts,
            "mode": "tatap_muka",
            "agenda": mark,
        }
        return Written("schedule", self._id(), json.dumps(body), mark)

    def _note(self, visit: Written) -> Written:
        mark = self._mark()
        body = {"action": str(visit.actions[0]), "status": "berjalan", "note": mark}
        return Written("action_update", self._id(), json.dumps(body), mark, needs=visit.id)

    def _correction(self, visit: Written) -> Written:
        """Written over the very version that the visit had: as a record of its own, or as a second version of it."""
        self._corrected.add(visit.id)
        mark = self._mark()
        if self.rng.random() < 0.5:
            said: dict[str, Any] = {**json.loads(visit.body), "notes": mark, "reason": "Salah dengar."}
            return Written(
                "visit", visit.id, json.dumps(said), mark, base_sha256=visit.sha256, about=visit.id, needs=visit.id
            )
        body = {"visit": str(visit.id), "reason": "Salah dengar.", "notes": mark, "written_at": self._hour()}
        return Written(
            "correction", self._id(), json.dumps(body), mark, base_sha256=visit.sha256, about=visit.id, needs=visit.id
        )


def _a_little_shuffled(records: list[Written], rng: random.Random) -> list[Written]:
    """An update may lie before its visit: two tabs write, and a queue may be put together from two."""
    shuffled = list(records)
    for place in range(1, len(shuffled)):
        if rng.random() < 0.1:
            other = max(0, place - rng.randint(1, 8))
            shuffled[place], shuffled[other] = shuffled[other], shuffled[place]
    return shuffled


def _picture(rng: random.Random) -> bytes:
    """A small photo that no other photo is the same as."""
    image = Image.frombytes("RGB", (24, 16), rng.randbytes(24 * 16 * 3)).resize((96, 64), Image.Resampling.NEAREST)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
