"""A tablet: the rules of static/js/field/outbox.js and sync.js, driven over HTTP. Its journal is the outbox itself."""

import base64
import hashlib
import http.client
import json
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench.measure import signed_in
from tests.faults.proxy import KINDS, luck
from tests.faults.writing import Photo, Written

STORED = frozenset({"created", "merged", "duplicate"})
NOT_SIGNED_IN, UNREADABLE = frozenset({401, 403}), frozenset({400, 413, 422})
REFUSALS = frozenset({409, 413, 415, 422})
STALE_TOKENS = frozenset({"bad_csrf", "stale_page"})
HELD = "in_quarantine"
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
NO_TURN_IS_LATER = 3_600.0
"""What is put off for longer was put off by a clock that was wrong."""
MOST_BYTES, FEWEST_BYTES, GROWTH = 96_000, 300, 1.25
"""Of one batch: half as many after no answer, more again after each that came."""
MOST_TIMEOUTS = 2
TIMEOUT_SECONDS = 10.0
MOST_RESENT = 3
"""A person who is refused three times with a right clock gives up; the record counts as unsent."""


class Stop(Exception):
    """A round ended early: no network, or signed out."""


class NoAnswer(Stop):
    """The line broke, or took too long."""

    def __init__(self, *, is_timeout: bool) -> None:
        super().__init__("offline")
        self.is_timeout = is_timeout


@dataclass(slots=True, eq=False)
class Entry:
    """A record in the outbox, with what the tablet believes of it."""

    written: Written
    state: str = "waiting"
    is_received: bool = False
    epoch: str = ""
    """Which of the office's memories confirmed it."""
    problem: str = ""
    tries: int = 0
    next_at: float = 0.0
    breaks: int = 0
    """How often it was sent alone and no answer came."""
    resent: int = 0
    is_held: bool = False
    """The office has it, and somebody there has to decide; the tablet goes on showing it as waiting."""


@dataclass(slots=True)
class Kept:
    """A photo in the outbox; `raw`: it could not be made smaller, and goes as it is once the office has its visit."""

    photo: Photo
    state: str
    tries: int = 0
    next_at: float = 0.0
    breaks: int = 0


@dataclass
class Tablet:
    """One device of one person.

    Args:
        now: the tablet's own clock, seconds; it may jump.
        rng: decides the tablet's luck.
        kinds: of faults that its luck chooses from.
        faults: those of them that do befall it; the others are chosen in vain.
        on_receipt: told whenever the office has taken something in.
    """

    port: int
    person: tuple[str, str]
    rng: random.Random
    entries: list[Entry]
    batch: int
    fault_rate: float
    kinds: tuple[str, ...] = KINDS
    faults: frozenset[str] = frozenset(KINDS)
    on_receipt: Callable[[int], None] = lambda _count: None
    now: float = 0.0
    known: tuple[str, int] | None = None
    photos: dict[str, Kept] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    room: float = MOST_BYTES
    _timeouts: int = 0
    _cookie: str = ""
    _token: str = ""

    def __post_init__(self) -> None:
        for entry in self.entries:
            self.photos |= {str(photo.id): Kept(photo, _state_of(photo)) for photo in entry.written.photos}

    # Signing in happens before the story begins, and whenever the office does not know who asks.

    def sign_in(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        try:
            self._cookie = signed_in(connection, *self.person)
        finally:
            connection.close()

    def forget_session(self) -> None:
        """The session has expired, or somebody signed out elsewhere."""
        self._cookie = "pendamping=expired"

    def acknowledged(self, epoch: str) -> list[Written]:
        """What the tablet says that the office, as far as that remembers, has."""
        with self.lock:
            return [entry.written for entry in self.entries if entry.is_received and entry.epoch == epoch]

    @property
    def is_done(self) -> bool:
        held = {entry.written.id for entry in self.entries if entry.is_held}
        return all(entry.state != "waiting" or entry.is_held or entry.written.needs in held for entry in self.entries)

    def put_right(self) -> None:
        """The person opens what was refused while clocks were wrong, and sends it as it is."""
        for entry in self.entries:
            if entry.state == "needs_attention" and entry.problem != "conflict" and entry.resent < MOST_RESENT:
                entry.state, entry.problem, entry.next_at = "waiting", "", 0.0
                entry.resent += 1

    def drain(self, *, is_asked: bool = False) -> str:
        """One round; `is_asked`: somebody pressed the button."""
        self._timeouts = 0
        try:
            self._greet()
            self._send_records(is_asked)
            self._settle()
            self._free_raw_photos()
            self._send_photos(is_asked)
            self._settle()
        except Stop as stop:
            return str(stop)
        return "done"

    def _greet(self) -> None:
        status, said = self._ask("GET", "/api/v1/session")
        if status in NOT_SIGNED_IN:
            raise Stop("signed_out")
        if status != 200 or "csrf_token" not in said:
            raise Stop("offline")
        self._token = said["csrf_token"]
        self._offer_again(said["epoch"], said["receipts"])

    def _offer_again(self, epoch: str, receipts: int) -> None:
        """Where the office knows less than it did, in the midst of a round as well: it was put back from a copy."""
        known, self.known = self.known, (epoch, receipts)
        if known is None or (known[0] == epoch and receipts >= known[1]):
            return
        with self.lock:
            for entry in self.entries:
                if entry.is_received or entry.problem == "conflict":
                    entry.state, entry.is_received, entry.problem = "waiting", False, ""
                entry.is_held, entry.next_at = False, 0.0
                for photo in entry.written.photos:
                    if self.photos[str(photo.id)].state == "sent":
                        self.photos[str(photo.id)].state = "waiting"

    def _send_records(self, is_asked: bool) -> None:
        tried: set[Entry] = set()
        while batch := self._next([each for each in self._due(is_asked) if each not in tried]):
            try:
                self._send_batch(batch)
            except NoAnswer as error:
                self._broke_off(error, batch[0] if len(batch) == 1 else None)
                if len(batch) > 1:
                    continue  # a smaller one
            tried.update(batch)

    def _due(self, is_asked: bool) -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.state == "waiting" and not entry.is_received and (is_asked or self._is_turn(entry))
        ]

    def _next(self, due: Sequence[Entry]) -> list[Entry]:
        """In order, no more than the line carries; what broke it by itself goes last, and alone."""
        batch: list[Entry] = []
        size = 0
        for entry in sorted(due, key=lambda each: each.breaks):
            size += len(entry.written.body)
            is_full = len(batch) == self.batch or size > self.room or entry.breaks or (batch and batch[0].breaks)
            if batch and is_full:
                break
            batch.append(entry)
        return batch

    def _broke_off(self, error: NoAnswer, lone: Entry | Kept | None) -> None:
        self._timeouts += 1
        self.room = max(self.room / 2, FEWEST_BYTES)
        if lone is not None:
            if error.is_timeout:
                self._postpone(lone)
            lone.breaks += 1
        if not error.is_timeout or self._timeouts >= MOST_TIMEOUTS:
            raise error

    def _send_batch(self, batch: Sequence[Entry]) -> None:
        records = [each.written.as_sent() for each in batch]
        status, said = self._with_token("POST", "/api/v1/records", json.dumps({"records": records}).encode())
        if status == 200 and isinstance(said.get("results"), list):
            self._take(batch, said)
        elif status not in UNREADABLE:
            self.room = max(self.room / 2, FEWEST_BYTES)
            for entry in batch:
                self._postpone(entry)
        elif len(batch) > 1:
            half = (len(batch) + 1) // 2
            self._send_batch(batch[:half])
            self._send_batch(batch[half:])
        else:
            self._answered(batch[0], {"outcome": "rejected", "errors": [{"code": said.get("code", str(status))}]})

    def _take(self, batch: Sequence[Entry], said: dict[str, Any]) -> None:
        self.room = min(self.room * GROWTH, MOST_BYTES)
        unread = list(said["results"])
        for entry in batch:
            found = next((each for each in unread if each.get("id") == str(entry.written.id)), None)
            if found is not None:
                unread.remove(found)
            self._send_once_more((found or {}).get("missing", []))
            self._answered(entry, found or {}, said["epoch"])
        self._offer_again(said["epoch"], said["receipts"])
        self.on_receipt(sum(entry.is_received for entry in batch))

    def _send_once_more(self, missing: Sequence[str]) -> None:
        """Photos that the office has not got, though it once confirmed them."""
        for each in missing:
            if each in self.photos and self.photos[each].state == "sent":
                self.photos[each].state = "waiting"

    def _answered(self, entry: Entry, result: dict[str, Any], epoch: str = "") -> None:
        outcome, codes = result.get("outcome"), [str(each.get("code")) for each in result.get("errors") or []]
        entry.breaks = 0
        is_these_bytes = result.get("sha256") == entry.written.sha256
        with self.lock:
            if outcome in STORED and is_these_bytes:
                entry.is_held, entry.epoch = False, epoch
                entry.is_received, entry.problem, entry.tries, entry.next_at = True, "", 0, 0.0
            elif outcome in STORED or outcome in ("conflict", "rejected"):
                entry.state, entry.is_held = "needs_attention", False
                entry.problem = "conflict" if outcome == "conflict" else ",".join(codes)
            else:
                entry.is_held |= HELD in codes and is_these_bytes and bool(result.get("received_at"))
                self._postpone(entry)

    def _is_turn(self, each: Entry | Kept) -> bool:
        return not self.now < each.next_at <= self.now + NO_TURN_IS_LATER

    def _postpone(self, entry: Entry | Kept) -> None:
        entry.next_at = self.now + min(FIRST_PAUSE * 2**entry.tries, LONGEST_PAUSE)
        entry.tries = min(entry.tries + 1, 16)

    def _settle(self) -> None:
        with self.lock:
            for entry in self.entries:
                if entry.state == "waiting" and entry.is_received:
                    states = [self.photos[str(photo.id)].state for photo in entry.written.photos]
                    if "refused" in states:
                        entry.state, entry.problem = "needs_attention", "photo_refused"
                    elif all(each == "sent" for each in states):
                        entry.state = "sent"

    def _free_raw_photos(self) -> None:
        for entry in self.entries:
            if entry.is_received or entry.is_held or entry.problem == "conflict":
                for photo in entry.written.photos:
                    if self.photos[str(photo.id)].state == "raw":
                        self.photos[str(photo.id)].state = "waiting"

    def _send_photos(self, is_asked: bool) -> None:
        lying = [self.photos[str(photo.id)] for entry in self.entries for photo in entry.written.photos]
        for kept in sorted(lying, key=lambda each: each.breaks):
            if kept.state != "waiting" or not (is_asked or self._is_turn(kept)):
                continue
            try:
                status, said = self._with_token("PUT", f"/api/v1/attachments/{kept.photo.id}", kept.photo.data)
            except NoAnswer as error:
                self._broke_off(error, kept)
                continue
            kept.breaks = 0
            if status in (200, 201) and (said.get("id"), said.get("byte_size")) == (
                str(kept.photo.id),
                len(kept.photo.data),
            ):
                kept.state = "sent"
            elif status in REFUSALS:
                kept.state = "refused"
            else:
                self._postpone(kept)

    def _with_token(self, method: str, path: str, data: bytes) -> tuple[int, dict[str, Any]]:
        status, said = self._ask(method, path, data)
        if status == 400 and said.get("code") in STALE_TOKENS:
            self._greet()
            status, said = self._ask(method, path, data)
        if status in NOT_SIGNED_IN:
            raise Stop("signed_out")
        return status, said

    def _ask(self, method: str, path: str, data: bytes | None = None) -> tuple[int, dict[str, Any]]:
        """Raises NoAnswer: the line broke, which says nothing about what arrived."""
        headers = {"Cookie": self._cookie, "X-CSRF-Token": self._token, "Connection": "close"}
        if method == "PUT":
            digest = base64.b64encode(hashlib.sha256(data or b"").digest()).decode()
            headers |= {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{digest}:"}
        elif data is not None:
            headers["Content-Type"] = "application/json"
        fault = luck(self.rng, rate=self.fault_rate, is_file=method == "PUT", kinds=self.kinds)
        if fault is not None and fault.kind in self.faults:
            headers["X-Fault"] = fault.header
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body=data, headers=headers)
            answer = connection.getresponse()
            raw = answer.read()
            if answer.headers["Set-Cookie"]:
                self._cookie = answer.headers["Set-Cookie"].split(";")[0]
            said = json.loads(raw)
            return answer.status, said if isinstance(said, dict) else {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(is_timeout=isinstance(error, TimeoutError)) from None
        finally:
            connection.close()


def _state_of(photo: Photo) -> str:
    """Of every fourth photo there was no room to make it smaller; which, is said by its id."""
    return "raw" if photo.id.int % 4 == 0 else "waiting"
