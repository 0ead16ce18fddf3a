"""A day of reminders for a city, and for ten thousand cooperatives with a year behind them."""

import datetime as dt
import os
import resource
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.orm import configure_mappers

from pendamping.app import create_app
from pendamping.kernel.database import transaction
from pendamping.reminders.service import remind, settle
from pendamping.settings import Settings
from tests.bench.server import PENDAMPING

USUAL_DAY, FULLEST_DAY = dt.date(2026, 4, 14), dt.date(2026, 7, 3)
"""An ordinary Tuesday; and a week before the quarterly report, which every cooperative hears of."""
SIZES = ((34, 0.2), (10_000, 10.0))
"""Cooperatives, and the seconds that computing a day of theirs stays below."""
MOST_MEGABYTES = 300
PER_FACILITATOR = 5
STAMP = "2026-01-01 00:00:00.000000"
NAMESPACE = uuid.UUID(int=64)


def report_reminders(folder: Path) -> None:
    print("seconds of this process (in brackets by the wall, without waiting for a processor that others use)")
    print(f"{'cooperatives':>13}{'day':>12}{'reminders':>11}{'compute':>16}{'again':>16}{'settle':>16}{'MB':>6}")
    for cooperatives, aim in SIZES:
        instance = folder / str(cooperatives)
        instance.mkdir()
        environment = {**os.environ, "PENDAMPING_INSTANCE": str(instance)}
        environment.pop("DATABASE_URL", None)
        subprocess.run([PENDAMPING, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
        file = instance / "pendamping.sqlite3"
        _fill(file, cooperatives)
        for day in (USUAL_DAY, FULLEST_DAY):
            _report(instance, file, environment, cooperatives, day, aim)


def _report(
    instance: Path, file: Path, environment: dict[str, str], cooperatives: int, day: dt.date, aim: float
) -> None:
    subprocess.run(
        [PENDAMPING, "remind", "--on", str(day), "--dry-run"], env=environment, check=True, capture_output=True
    )
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    now = dt.datetime.combine(day, dt.time(0, 30), dt.UTC)
    settings = Settings(instance, URL.create("sqlite", database=str(file)), "k" * 64)
    app = create_app(settings, clock=lambda: now)
    seconds: list[list[float]] = []
    made = 0
    configure_mappers()  # as a server has done long before seven in the morning
    for work in (remind, remind, settle):
        with app.app_context(), transaction() as session:
            began = _clocks()
            if work is settle:
                settle(session, now=now, today=day)
            else:
                made = max(made, remind(session, day, now=now).reminders)
            seconds.append([now_ - then for now_, then in zip(_clocks(), began, strict=True)])
    computed = seconds[0][0]
    is_met = computed < aim and megabytes < MOST_MEGABYTES
    print(
        f"{cooperatives:>13}{day!s:>12}{made:>11}"
        + "".join(f"{own:>8.2f} ({wall - queued:>5.2f})" for own, wall, queued in seconds)
        + f"{megabytes:>6.0f}"
        f"   aim: below {aim} s and {MOST_MEGABYTES} MB, {'met' if is_met else 'MISSED'}"
    )


def _clocks() -> tuple[float, float, float]:
    """Seconds on a processor, by the wall, and in the queue for a processor (0 where the system does not say)."""
    own, wall = time.process_time(), time.perf_counter()
    said = Path("/proc/self/schedstat")
    queued = int(said.read_text().split()[1]) / 1e9 if said.exists() else 0.0
    return own, wall, queued


# A year of rows, put in without the services: what is measured is only reading them -----------------------------------


def _fill(file: Path, cooperatives: int) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute("DELETE FROM baseline")
        database.execute("DELETE FROM cooperative")
        for table, rows in _rows(cooperatives).items():
            first = next(iter(rows))
            columns = ", ".join(first)
            places = ", ".join(f":{name}" for name in first)
            sentence = f"INSERT INTO {table} ({columns}) VALUES ({places})"
            database.execute(sentence, first)
            database.executemany(sentence, rows)
        database.commit()


def _id(kind: str, *numbers: int) -> str:
    return uuid.uuid5(NAMESPACE, f"{kind}{numbers}").hex


def _rows(cooperatives: int) -> dict[str, Iterator[dict[str, object]]]:
    numbers = range(cooperatives)
    return {
        "cooperative": iter(_cooperative(each) for each in numbers),
        "user": iter([*_users(cooperatives)]),
        "assignment": iter(_assignment(each) for each in numbers),
        "standing": iter(_standing(each) for each in numbers),
        "planned_visit": iter(_plan(each, number) for each in numbers for number in range(24)),
        "action": iter(_action(each, number) for each in numbers for number in range(30)),
        "document": iter(_document(each, number) for each in numbers for number in range(4)),
        "officer": iter(_officer(each, number) for each in numbers for number in range(5)),
        "current_answer": iter(_answer(each, number) for each in numbers for number in range(1, 31)),
    }


def _base(kind: str, each: int, *more: int) -> dict[str, object]:
    return {"id": _id(kind, each, *more), "city_code": "90.01", "cooperative_id": _id("coop", each)}


def _cooperative(each: int) -> dict[str, object]:
    code = f"90.01.{each // 1000:02}.{each % 10000:04}"
    return {
        "id": _id("coop", each),
        "city_code": "90.01",
        "code": code,
        "short_name": f"KKMP {each}",
        "legal_name": f"KKMP {each}",
        "legal_name_is_verified": 0,
        "stage": "operasional",
    }


def _users(cooperatives: int) -> Iterable[dict[str, object]]:
    for each in range(cooperatives):
        yield _user(f"kkmp{each}", "cooperative", _id("coop", each))
    for each in range(-(-cooperatives // PER_FACILITATOR)):
        yield _user(f"pendamping{each}", "facilitator", None)
    yield _user("kepala", "agency_head", None)


def _user(name: str, role: str, cooperative_id: str | None) -> dict[str, object]:
    return {
        "id": _id(name),
        "username": name,
        "name": name,
        "role": role,
        "scope_prefix": "",
        "cooperative_id": cooperative_id,
        "password_hash": "x",
        "must_change_password": 0,
        "session_version": 1,
        "language": "id",
        "created_at": STAMP,
    }


def _assignment(each: int) -> dict[str, object]:
    facilitator = _id(f"pendamping{each // PER_FACILITATOR}")
    return {**_base("as", each), "facilitator_id": facilitator, "starts_on": "2026-01-01", "ends_on": "2026-12-31"}


def _standing(each: int) -> dict[str, object]:
    last = USUAL_DAY - dt.timedelta(days=each % 40)
    row = {**_base("st", each), "last_visit_id": _id("v", each), "last_visit_on": str(last), "open_actions": 0}
    row.pop("id")
    return {**row, "awaits_stage_decision": 0, "lapsed": 0, "refreshed_at": STAMP}


def _day(each: int, number: int, apart: int) -> str:
    return str(dt.date(2026, 1, 1) + dt.timedelta(days=(number * apart + each * 7) % 365))


def _plan(each: int, number: int) -> dict[str, object]:
    return {
        **_base("plan", each, number),
        "facilitator_id": _id(f"pendamping{each // PER_FACILITATOR}"),
        "planned_on": _day(each, number, 15),
        "mode": "tatap_muka",
        "agenda": "",
        "moves": 0,
        "created_at": STAMP,
        "cancelled_because": "",
    }


def _action(each: int, number: int) -> dict[str, object]:
    """Most are verified: a year leaves far more behind than it leaves open."""
    return {
        **_base("action", each, number),
        "visit_id": _id("v", each),
        "is_critical": 0,
        "title": "Rapikan buku kas",
        "owner_role": "bendahara",
        "due_on": _day(each, number, 12),
        "done_when": "",
        "status": "disepakati" if number % 5 == 0 else "terverifikasi",
        "status_at": STAMP,
        "agreed_on": "2026-01-01",
        "created_at": STAMP,
    }


def _document(each: int, number: int) -> dict[str, object]:
    return {
        **_base("doc", each, number),
        "kind": "nib",
        "title": "NIB",
        "number": "",
        "expires_on": _day(each, number, 91),
        "added_by_id": _id("kepala"),
        "added_at": STAMP,
    }


def _officer(each: int, number: int) -> dict[str, object]:
    ends_on = _day(each, number, 73) if number == 0 else "2030-06-30"
    roles = ("ketua", "sekretaris", "bendahara", "wakil_ketua_usaha", "pengawas")
    return {**_base("off", each, number), "name": "Siti", "role": roles[number], "term_ends_on": ends_on}


def _answer(each: int, number: int) -> dict[str, object]:
    return {
        "city_code": "90.01",
        "cooperative_id": _id("coop", each),
        "item_id": f"TK-{number:02}",
        "answer_id": _id("an", each, number),
        "answered_on": _day(each, number, 1),
        "recorded_at": STAMP,
    }
