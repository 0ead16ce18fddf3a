"""What a queue of records takes: over HTTP by tablets at once, beside the same rows written to SQLite alone."""

import http.client
import json
import re
import sqlite3
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.names import FACILITATORS, password
from tests.bench.measure import signed_in
from tests.bench.server import serving
from tests.bench.year import SEED, live_through

TABLETS = len(FACILITATORS)
BATCH = 50
OWN_CODE = re.compile(r"/koperasi/([0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4})/kunjungan/baru")
ITEMS = ("KL-01", "KL-02", "KL-03", "KL-04", "KL-06", "KL-07", "KL-10", "KL-11")
"""Answered with yes or no, at every stage."""
GROWING = ("visit", "attendance", "answer", "visit_score", "action", "action_update", "audit_event", "receipt")
"""Tables that a visit adds rows to; what is only brought up to date is left out, in favour of the raw run."""


@dataclass(frozen=True, slots=True)
class Run:
    """How long it took to hand in so many records, and each request by itself."""

    records: int
    seconds: float
    request_ms: Sequence[float]

    @property
    def rate(self) -> float:
        return self.records / self.seconds

    @property
    def p95(self) -> float:
        return sorted(self.request_ms)[int(len(self.request_ms) * 0.95)]


class Tablet:
    """One facilitator's tablet with a session of its own."""

    def __init__(self, url: str, username: str, secret: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc)
        cookie = signed_in(self._connection, username, secret)
        self._connection.request("GET", "/api/v1/session", headers={"Cookie": cookie})
        answer = self._connection.getresponse()
        cookie = (answer.headers["Set-Cookie"] or cookie).split(";")[0]
        said = json.loads(answer.read())
        self._headers = {"Cookie": cookie, "X-CSRF-Token": said["csrf_token"], "Content-Type": "application/json"}
        self._day = said["server_time"][:10]
        self._connection.request("GET", "/", headers={"Cookie": cookie})
        self.sent_away = 0
        self._codes = sorted(set(OWN_CODE.findall(self._connection.getresponse().read().decode())))

    def record(self, number: int) -> dict[str, object]:
        """A visit without hours: nobody is in two places at once, and here are many on one day."""
        answers = {item: {"value": "yes", "proof": "diamati", "note": f"Contoh {number}"} for item in ITEMS}
        body = {
            "cooperative": self._codes[number % len(self._codes)],
            "visited_on": self._day,
            "mode": "tatap_muka",
            "purposes": ["pemeriksaan"],
            "people_met": [{"name": "Siti Aminah", "role": "bendahara"}, {"name": "Rahmat", "role": "ketua"}],
            "notes": "Buku kas diperiksa bersama bendahara. " * 5,
            "answers": answers,
            "actions": [
                {"id": str(uuid.uuid4()), "title": "Rapikan buku kas", "owner_role": "bendahara", "due_on": self._day}
            ],
        }
        return {"v": 1, "kind": "visit", "id": str(uuid.uuid4()), "body": json.dumps(body)}

    def hang_up(self) -> None:
        """The next request connects anew."""
        self._connection.close()

    def hand_in(self, records: Sequence[dict[str, object]]) -> float:
        """Milliseconds until the receipts are there."""
        data = json.dumps({"records": records})
        began = time.perf_counter()
        said = self._ask(data)
        took = (time.perf_counter() - began) * 1000
        refused = [each for each in said.get("results", [said]) if each.get("outcome") != "created"]
        if refused:
            raise RuntimeError(f"not taken in: {refused[0]}")
        return took

    def _ask(self, data: str) -> dict[str, list[dict[str, object]]]:
        """Once more when the server says that it is busy, after as long as it says; that counts into the time."""
        while True:
            self._connection.request("POST", "/api/v1/records", body=data, headers=self._headers)
            answer = self._connection.getresponse()
            said: dict[str, list[dict[str, object]]] = json.loads(answer.read())
            if answer.status != 503:
                return said
            self.sent_away += 1
            time.sleep(float(answer.headers["Retry-After"]))
            self.hang_up()


def report_records(folder: Path, environment: dict[str, str], *, records: int, cooperatives: int) -> None:
    """Print how many records a second come in, singly and in batches, and how many rows a second SQLite alone takes.

    Args:
        records: for each tablet and round.
    """
    live_through(environment, cooperatives=cooperatives, months=12)
    database = folder / "pendamping.sqlite3"
    with serving(environment) as url:
        secret = password(Chance(SEED))
        tablets = [Tablet(url, username, secret) for username, _ in FACILITATORS]
        _round(tablets, 2, at_once=1)  # what a process does only once is not counted
        before = _last_rows(database)
        single = _round(tablets, records, at_once=1)
        batched = _round(tablets, records, at_once=BATCH)
    raw = _raw(database, folder / "raw.sqlite3", before, (single.records, batched.records))
    print(f"\n{TABLETS} tablets at once, SQLite, a simulated year of {cooperatives} cooperatives behind; visits of")
    print(f"{len(ITEMS)} answers and one action each")
    print(f"sent away and asked again: {sum(tablet.sent_away for tablet in tablets)} requests\n")
    print(f"{'':<28}{'records/s':>12}{'p50 ms':>10}{'p95 ms':>10}")
    for name, run in (("single", single), (f"batches of {BATCH}", batched)):
        middle = sorted(run.request_ms)[len(run.request_ms) // 2]
        print(f"{name + ', over HTTP':<28}{run.rate:>12.0f}{middle:>10.1f}{run.p95:>10.1f}")
    for name, rate, run in (("single", raw[0], single), (f"batches of {BATCH}", raw[1], batched)):
        print(f"{name + ', rows alone':<28}{rate:>12.0f}   {rate / run.rate:.1f} times as many")


def _round(tablets: Sequence[Tablet], records: int, *, at_once: int) -> Run:
    """Every tablet hands in its queue; the queues are written before the clock runs."""
    queues = [[tablet.record(number) for number in range(records)] for tablet in tablets]

    def drain(tablet: Tablet, queue: list[dict[str, object]]) -> list[float]:
        tablet.hang_up()  # the server lets go of a line that is silent for two seconds
        return [tablet.hand_in(queue[first : first + at_once]) for first in range(0, len(queue), at_once)]

    began = time.perf_counter()
    with ThreadPoolExecutor(len(tablets)) as pool:
        took = list(pool.map(drain, tablets, queues))
    return Run(records * len(tablets), time.perf_counter() - began, [each for mine in took for each in mine])


def _last_rows(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return {
            table: connection.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0] for table in GROWING
        }


def _raw(database: Path, copy: Path, before: dict[str, int], rounds: tuple[int, int]) -> list[float]:
    """The rows of both rounds once more into the same tables: parts of a record in one transaction, then of fifty."""
    with sqlite3.connect(database) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    rates = []
    with sqlite3.connect(copy, isolation_level=None) as connection:
        _prepare(connection, before)
        rows = {
            table: connection.execute(f"SELECT * FROM taken_{table} ORDER BY rowid").fetchall() for table in GROWING
        }
        done, total = 0, sum(rounds)
        for records, at_once in zip(rounds, (1, BATCH), strict=True):
            began = time.perf_counter()
            for first in range(done, done + records, at_once):
                connection.execute("BEGIN IMMEDIATE")
                for table, found in rows.items():
                    share = slice(len(found) * first // total, len(found) * min(first + at_once, total) // total)
                    _insert(connection, table, found[share])
                connection.execute("COMMIT")
            rates.append(records / (time.perf_counter() - began))
            done += records
    return rates


def _prepare(connection: sqlite3.Connection, before: dict[str, int]) -> None:
    """Set the rounds' rows aside and take them out again, with the pragmas of the product and without its guards."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    for table, last in before.items():
        connection.execute(f"CREATE TEMP TABLE taken_{table} AS SELECT * FROM {table} WHERE rowid > {last}")
        connection.execute(f"DELETE FROM {table} WHERE rowid > {last}")


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
