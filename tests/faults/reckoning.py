"""The reckoning: every tablet's journal beside the database, record by record."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from pendamping.kernel.filestore import FileStore
from tests.faults.tablet import Entry, Tablet
from tests.faults.writing import Photo, Written

HELD_TABLE = "held_record"
ACCEPTED = frozenset({"created", "merged", "duplicate"})


@dataclass(slots=True)
class Reckoning:
    """What is wrong, each as a line that names the record; all empty when nothing is."""

    lost: list[str] = field(default_factory=list)
    """In no form at the office, though the tablet no longer keeps it for the person to see."""
    doubled: list[str] = field(default_factory=list)
    """At the office more than once."""
    falsely_sent: list[str] = field(default_factory=list)
    """Shown as sent by the tablet, while the office does not have it, or has something else in its place."""
    unsent: list[str] = field(default_factory=list)
    """Still waiting, though nothing stands in the way any more."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.falsely_sent or self.unsent)

    def add(self, other: "Reckoning") -> None:
        self.lost += other.lost
        self.doubled += other.doubled
        self.falsely_sent += other.falsely_sent
        self.unsent += other.unsent


@dataclass(slots=True)
class Stored:
    """What the database holds of a story, by what the records are found by."""

    receipts: Counter[tuple[uuid.UUID, str]]
    """Accepted ones, by record and digest."""
    conflicts: set[tuple[uuid.UUID, str]]
    held: set[tuple[uuid.UUID, str]]
    """Kept word for word until somebody decides."""
    visits: dict[uuid.UUID, str]
    """The notes of each visit."""
    marks: Counter[str]
    """How often a mark stands in a table where it should stand once."""
    answers: Counter[uuid.UUID]
    actions: set[uuid.UUID]
    updates: dict[uuid.UUID, str]
    plans: dict[uuid.UUID, str]
    attachments: dict[uuid.UUID, str]
    days: dict[uuid.UUID, str] = field(default_factory=dict)
    """On which each plan stands."""


def stored(connection: Connection) -> Stored:
    """Read everything that stories write."""
    receipts, conflicts = Counter[tuple[uuid.UUID, str]](), set()
    for record_id, sha256, outcome in _rows(connection, "SELECT record_id, sha256, outcome FROM receipt"):
        if outcome in ACCEPTED:
            receipts[_id(record_id), sha256] += 1
        else:
            conflicts.add((_id(record_id), sha256))
    held = set()
    if inspect(connection).has_table(HELD_TABLE):
        rows = _rows(connection, f"SELECT record_id, sha256 FROM {HELD_TABLE}")
        held = {(_id(record_id), sha256) for record_id, sha256 in rows}
    visits = {_id(key): notes for key, notes in _rows(connection, "SELECT id, notes FROM visit")}
    updates = {_id(key): note for key, note in _rows(connection, "SELECT id, note FROM action_update")}
    planned = list(_rows(connection, "SELECT id, agenda, planned_on FROM planned_visit"))
    plans = {_id(key): agenda for key, agenda, _ in planned}
    days = {_id(key): str(day) for key, _, day in planned}
    titles = {_id(key): title for key, title in _rows(connection, "SELECT id, title FROM action")}
    attachments = {_id(key): sha256 for key, sha256 in _rows(connection, "SELECT id, sha256 FROM attachment")}
    answers = Counter(_id(key) for (key,) in _rows(connection, "SELECT visit_id FROM answer WHERE revision = 1"))
    marks = Counter([*visits.values(), *(each for each in updates.values() if each), *plans.values(), *titles.values()])
    return Stored(receipts, conflicts, held, visits, marks, answers, set(titles), updates, plans, attachments, days)


def _rows(connection: Connection, query: str) -> Iterable[Any]:
    return connection.execute(text(query))


def _id(value: Any) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def missing_receipts(connection: Connection, acknowledged: Sequence[Written]) -> list[str]:
    """What tablets call sent and the office does not know; asked while the server lies dead."""
    known = {
        (_id(record_id), sha256)
        for record_id, sha256 in _rows(connection, "SELECT record_id, sha256 FROM receipt WHERE outcome <> 'conflict'")
    }
    return [f"{each.mark}: acknowledged, not stored" for each in acknowledged if (each.id, each.sha256) not in known]


def reckon(connection: Connection, files: FileStore, tablets: Sequence[Tablet]) -> Reckoning:
    """Compare journals and database when everything has come to rest."""
    return compared(stored(connection), files, tablets)


def compared(there: Stored, files: FileStore, tablets: Sequence[Tablet]) -> Reckoning:
    found = Reckoning()
    followers = _followers(tablets, there)
    for tablet in tablets:
        held = {entry.written.id for entry in tablet.entries if entry.is_held}
        for entry in tablet.entries:
            if entry.is_held or entry.written.needs in held:
                _reckon_held(entry, there, found)
            else:
                _reckon_one(entry, there, followers, files, found)
    found.doubled += [f"{mark}: stands {count} times" for mark, count in there.marks.items() if count > 1]
    found.doubled += [f"{key[0]}: {count} receipts" for key, count in there.receipts.items() if count > 1]
    return found


def _followers(tablets: Sequence[Tablet], there: Stored) -> dict[uuid.UUID, set[str]]:
    """The marks of corrections that were taken in, by the visit that they put right."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for tablet in tablets:
        for entry in tablet.entries:
            written = entry.written
            if written.about is not None and there.receipts[written.id, written.sha256]:
                found[written.about].add(written.mark)
    return found


def _reckon_held(entry: Entry, there: Stored, found: Reckoning) -> None:
    """What waits for a decision at the office is kept on both sides and shown as waiting, with what follows it."""
    written = entry.written
    if entry.is_received or entry.state == "sent":
        found.falsely_sent.append(f"{written.mark}: sent, while what it needs waits for a decision")
    if entry.is_held and (written.id, written.sha256) not in there.held:
        found.lost.append(f"{written.mark}: said to be held, but is not")


def _reckon_one(
    entry: Entry, there: Stored, followers: dict[uuid.UUID, set[str]], files: FileStore, found: Reckoning
) -> None:
    written = entry.written
    fault = _fault(written, there, followers, files)
    if entry.state == "sent":
        if fault:
            found.falsely_sent.append(f"{written.mark}: {fault}")
            found.lost.append(f"{written.mark}: {fault}")
    elif entry.state == "needs_attention":
        is_kept_by_both = (written.id, written.sha256) in there.conflicts
        if entry.problem == "conflict" and not is_kept_by_both:
            found.lost.append(f"{written.mark}: the office has not kept the other side of a conflict")
        elif entry.problem == "conflict" and not written.is_rival:
            found.unsent.append(f"{written.mark}: a conflict that nobody made")
        elif entry.problem != "conflict":
            found.unsent.append(f"{written.mark}: {entry.problem}")
    else:
        found.unsent.append(f"{written.mark}: still waiting")


def _fault(written: Written, there: Stored, followers: dict[uuid.UUID, set[str]], files: FileStore) -> str:
    """What is wrong with a record at the office; empty when it is all there."""
    if not there.receipts[written.id, written.sha256]:
        return "no receipt"
    if lacking := [photo for photo in written.photos if not _has_photo(photo, there, files)]:
        return f"photo {lacking[0].id} is not there"
    match written.kind:
        case "schedule":
            if written.planned_on and there.days.get(written.id) != written.planned_on:
                return f"the plan stands on {there.days.get(written.id)}"
            return "" if there.plans.get(written.id) == written.mark else "the plan says something else"
        case "action_update":
            return "" if there.updates.get(written.id) == written.mark else "the note says something else"
        case _:
            return _fault_of_visit(written, there, followers)


def _fault_of_visit(written: Written, there: Stored, followers: dict[uuid.UUID, set[str]]) -> str:
    visit_id = written.about or written.id
    notes = there.visits.get(visit_id)
    if notes is None:
        return "no visit"
    if (
        notes != written.mark
        and not written.is_passed
        and (written.about is not None or notes not in followers[visit_id])
    ):
        return f"the visit says {notes}"
    if written.about is None and there.answers[visit_id] != written.answers:
        return f"{there.answers[visit_id]} answers instead of {written.answers}"
    if not set(written.actions) <= there.actions:
        return "an action is missing"
    return ""


def _has_photo(photo: Photo, there: Stored, files: FileStore) -> bool:
    path: Path = files.path(photo.sha256)
    return there.attachments.get(photo.id) == photo.sha256 and path.exists() and path.read_bytes() == photo.data


def as_json(found: Reckoning) -> dict[str, list[str]]:
    return {name: list(getattr(found, name)) for name in ("lost", "doubled", "falsely_sent", "unsent")}
