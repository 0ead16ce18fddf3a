"""`./dev bench exports`: very many answers as CSV, how fast and in how much memory."""

import datetime as dt
import os
import platform
import random
import resource
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from tests.bench.server import PENDAMPING
from tests.instruments.cases import INSTRUMENTS, values_of

AIM_RATE, AIM_MB = 50_000, 150
FIRST_DAY = dt.date(2026, 1, 2)
NOTES = ("", "", "", "Buku kas dilihat bersama bendahara.", "=SUM(A1:A9)", "Notulen; rapat ke-3, lengkap.")


def report_exports(folder: Path, environment: Mapping[str, str], *, answers: int) -> None:
    """The rows are made in bulk, straight into the file: this measures how they go out."""
    run = {**os.environ, **environment}
    subprocess.run([PENDAMPING, "init"], env=run, check=True, stdout=subprocess.DEVNULL)
    add = ("user", "add", "--role", "facilitator", "--username", "ratna", "--name", "Ratna", "--password-stdin")
    subprocess.run([PENDAMPING, *add], env=run, check=True, input="sandi-untuk-uji\n", text=True, capture_output=True)
    database = folder / "pendamping.sqlite3"
    made = _fill(database, answers)
    print(f"\n{os.cpu_count()} cores, Python {platform.python_version()}; {made} answers in the database\n")
    for form in ("csv",):
        _report(folder / f"jawaban.{form}", run, form, made)


def _report(file: Path, environment: Mapping[str, str], form: str, rows: int) -> None:
    command = [PENDAMPING, "export", "answers", "--format", form, "-o", str(file)]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said, memory = _said_in_how_much(command, environment)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert said.splitlines()[-1] == f"{rows} baris", said
    rate = rows / took
    print(f"{form:<6}{took:>7.1f} s   {busy:.1f} s of a core   {file.stat().st_size / 1e6:.0f} MB of file")
    print(f"{rate:>12,.0f} rows/s   aim: {AIM_RATE:,} or more, {'met' if rate >= AIM_RATE else 'MISSED'}")
    print(f"{rows / busy:>12,.0f} rows/s of a core that has nothing else to do")
    print(f"{memory:>12,.0f} MB at most   aim: below {AIM_MB}, {'met' if memory < AIM_MB else 'MISSED'}")


def _said_in_how_much(command: list[str], environment: Mapping[str, str]) -> tuple[str, float]:
    """What a command said, and its most memory in MB. Read while it runs: `ru_maxrss` of a child is never less than
    what its parent held when it began.
    """
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        most = 0.0
        while process.poll() is None:
            most = max(most, _peak_mb(process.pid))
            time.sleep(0.1)
        assert process.stdout is not None
        said = process.stdout.read()
    assert process.returncode == 0, said
    return said, most


def _peak_mb(pid: int) -> float:
    """0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) * 1.024 / 1000 for line in lines if line.startswith("VmHWM:")), 0.0)


def _fill(database: Path, answers: int) -> int:
    items = [(item.id, values_of(item)) for instrument in INSTRUMENTS for item in instrument.items]
    with closing(sqlite3.connect(database)) as connection, connection:
        cooperatives = [row[0] for row in connection.execute("SELECT id FROM cooperative ORDER BY code")]
        versions = dict(connection.execute("SELECT code, id FROM instrument_version"))
        (author,) = connection.execute("SELECT id FROM user WHERE role = 'facilitator'").fetchone()
        visits = list(_visits(-(-answers // len(items)), cooperatives, author))
        connection.executemany(_insert("visit", visits[0]), [tuple(each.values()) for each in visits])
        rows = _answers(visits, items, versions, answers)
        first = next(rows)
        connection.execute(_insert("answer", first), tuple(first.values()))
        connection.executemany(_insert("answer", first), (tuple(each.values()) for each in rows))
    return answers


def _insert(table: str, row: Mapping[str, object]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # our own names


def _visits(count: int, cooperatives: list[str], author: str) -> Iterator[dict[str, object]]:
    for number in range(count):
        on = FIRST_DAY + dt.timedelta(days=number // len(cooperatives) % 300)
        yield {
            "id": uuid.UUID(int=number + 1).hex,
            "city_code": "64.71",
            "cooperative_id": cooperatives[number % len(cooperatives)],
            "facilitator_id": author,
            "visited_on": on.isoformat(),
            "mode": "tatap_muka",
            "purposes": '["pemeriksaan"]',
            "notes": "",
            "signed_by": "",
            "number_year": on.year,
            "number": number + 1,
            "written_at": f"{on} 03:10:00.000000",
            "received_at": f"{on} 03:12:00.000000",
            "revision": 1,
            "body_sha256": "0" * 64,
        }


def _answers(
    visits: list[dict[str, object]], items: list[tuple[str, list[str]]], versions: Mapping[str, str], count: int
) -> Iterator[dict[str, object]]:
    chance = random.Random(1)
    for number in range(count):
        visit = visits[number // len(items)]
        item_id, values = items[number % len(items)]
        value = chance.choice(values)
        yield {
            "id": uuid.UUID(int=number + 1).hex,
            "city_code": "64.71",
            "visit_id": visit["id"],
            "cooperative_id": visit["cooperative_id"],
            "version_id": versions[item_id[:2]],
            "item_id": item_id,
            "value": value,
            "proof": chance.choice(("klaim", "dokumen_dilihat", "diamati")),
            "note": "Belum ada usaha." if value == "na" else chance.choice(NOTES),
            "answered_on": visit["visited_on"],
            "revision": 1,
            "recorded_at": visit["received_at"],
        }
