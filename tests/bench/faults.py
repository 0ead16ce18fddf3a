"""`./dev bench faults`: stories of the fault harness, one after the other, and what they lost, written down."""

import json
import os
import platform
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click

from tests.databases import postgresql_server
from tests.faults.office import Ground, PostgresqlGround, SqliteGround
from tests.faults.reckoning import as_json
from tests.faults.shrinking import shortened
from tests.faults.story import FAULT_RATE, Ending, Plot, play

REPOSITORY = Path(__file__).parents[2]
STATE = REPOSITORY / "instance" / "faults"
"""A line for each finished story; a run that was broken off goes on from here."""
REPORT = REPOSITORY / "docs" / "reports" / "faults.md"
PEOPLE = 8
STORY_RECORDS = 500
RESTORES = 1
"""In each story."""
COUNTED = ("lost", "doubled", "falsely_sent", "unsent")
BROKEN = ("receipt_before_commit", "upsert_that_overwrites", "id_checked_without_lock")
MOST_FINDINGS, FEW_SEEDS = 40, 6
SERVER_SIDE = {"kill": "SIGKILL to every process of the server", "lock": "database locked", "full": "disk full"}
SERVER_SIDE |= {"copy": "backed up while people write", "restore": "disk lost, put back from a copy made earlier"}
SERVER_SIDE |= {"clock": "the server's clock off by an hour, three days or a year"}
ON_THE_WAY = {
    "cut_before": "cut before the request",
    "cut_inside": "cut in the midst of the request (photos oftener)",
    "cut_after": "cut after the request",
    "cut_answer": "cut in the answer",
    "slow": "delayed",
    "twice": "sent twice at once",
    "again_later": "sent once more, later",
    "late": "arrives only after the tablet has asked again",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    records: int
    database: str
    seed: int
    kills: int
    """For each story of `STORY_RECORDS`."""
    minutes: float
    """No story begins after so many; 0: no end."""
    starts_over: bool


def report_faults(wanted: Wanted) -> int:
    """Play what is missing, write the report; 0 when nothing was lost and every broken server was caught."""
    STATE.mkdir(parents=True, exist_ok=True)
    state = STATE / f"{wanted.database}.jsonl"
    if wanted.starts_over:
        state.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="pendamping-faults-") as folder, _ground(wanted, Path(folder)) as ground:
        _play_on(wanted, ground, Path(folder), state)
        broken = _try_the_broken(wanted, ground, Path(folder))
    state.with_suffix(".about.json").write_text(json.dumps({"broken": broken, "asked": wanted.records, **_machine()}))
    written = report(STATE)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(written, encoding="utf-8")
    print(written)
    stories = _read(state)
    is_clean = not any(story["found"][name] for story in stories for name in COUNTED)
    return 0 if is_clean and all(broken.values()) else 1


@contextmanager
def _ground(wanted: Wanted, folder: Path) -> Iterator[Ground]:
    if wanted.database == "sqlite":
        yield SqliteGround(folder, people=PEOPLE)
        return
    with postgresql_server() as url:
        yield PostgresqlGround(url, folder, people=PEOPLE)


def _play_on(wanted: Wanted, ground: Ground, folder: Path, state: Path) -> None:
    began, done = time.monotonic(), len(_read(state))
    with click.progressbar(length=wanted.records, label=f"Records, {ground.kind}") as bar:
        bar.update(min(done * STORY_RECORDS, wanted.records))
        for number in range(done, wanted.records // STORY_RECORDS):
            if wanted.minutes and time.monotonic() - began > wanted.minutes * 60:
                break
            plot = Plot(seed=wanted.seed + number, records=STORY_RECORDS, kills=wanted.kills, restores=RESTORES)
            ending = _played(plot, ground, folder)
            short = [] if ending.found.is_clean else shortened(plot, ground, folder)[0]
            with state.open("a", encoding="utf-8") as file:
                file.write(json.dumps({**_line(ending), "short": short}) + "\n")
            bar.update(STORY_RECORDS)


def _played(plot: Plot, ground: Ground, folder: Path) -> Ending:
    with tempfile.TemporaryDirectory(dir=folder) as scene:
        return play(plot, ground, Path(scene))


def _try_the_broken(wanted: Wanted, ground: Ground, folder: Path) -> dict[str, bool]:
    """Whether the harness sees what it is there to see."""
    caught = {}
    for name in BROKEN:
        kills = 8 if name == "receipt_before_commit" else 0
        plot = Plot(wanted.seed, 150, kills, 0, 0, 0, fault_rate=0.5, batches=(1, 2, 4), broken=name)
        caught[name] = not _played(plot, ground, folder).found.is_clean
    return caught


def _line(ending: Ending) -> dict[str, Any]:
    return {
        "seed": ending.plot.seed,
        "records": ending.plot.records,
        "faults": dict(ending.faults),
        "found": as_json(ending.found),
        "recoveries": [round(each, 3) for each in ending.recoveries],
        "conflicts": ending.conflicts,
        "held": ending.held,
        "put_right": ending.put_right,
        "is_sound": ending.is_sound,
        "seconds": round(ending.seconds, 1),
    }


def _read(state: Path) -> list[dict[str, Any]]:
    """Finished stories; a line that was being written when the run was broken off does not count."""
    if not state.exists():
        return []
    lines = state.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _machine() -> dict[str, str]:
    cores, load = os.cpu_count(), os.getloadavg()[2]
    return {
        "machine": f"{cores} cores with a load of {load:.0f}, {platform.system()}, Python {platform.python_version()}"
    }


# The report -----------------------------------------------------------------------------------------------------------

INTRODUCTION = f"""# What the faults did

Written by `./dev bench faults`; do not edit. Tablets that follow the outbox's rules hand in records through a proxy
that harms {FAULT_RATE:.0%} of the requests, to a real server (gunicorn, two workers of four threads) that is killed,
locked, filled and set wrong by a seed. Then each tablet's journal is compared with the database, record by record,
photo by photo.

- **Lost**: neither whole at the office nor kept before its writer's eyes. **Doubled**: there more than once.
  **Falsely sent**: shown as sent by the tablet, while the office does not have it; asked at every kill, while the
  server lies dead, and at the end. **Unsent**: still waiting when nothing stands in the way any more.
- Records are visits with answers, actions and photos, plans, notes on actions, corrections, and the same visit written
  otherwise on two devices of one person.
- Not as in life: a locked database is waited for 1.5 s instead of 15. A full disk is a fake (SQLite: `max_page_count`;
  PostgreSQL and attachments: the very error, before anything is written). SIGKILL leaves the machine's own cache
  alone, so a power cut is not tried. The clock reads one day in April 2026. Equal seeds write equal records and ask
  for equal faults; threads and processes take their own turns.
"""


def report(folder: Path) -> str:
    """The page, from the lines of every database that has been tried."""
    parts = [INTRODUCTION]
    for kind in ("sqlite", "postgresql"):
        stories, about = _read(folder / f"{kind}.jsonl"), folder / f"{kind}.about.json"
        if stories and about.exists():
            parts.append(_part(kind, stories, json.loads(about.read_text())))
    return "\n".join(parts)


def _part(kind: str, stories: Sequence[dict[str, Any]], about: dict[str, Any]) -> str:
    faults = sum((Counter(story["faults"]) for story in stories), Counter[str]())
    records, minutes = sum(each["records"] for each in stories), sum(each["seconds"] for each in stories) / 60
    seeds = _seeds([story["seed"] for story in stories])
    counts = [sum(len(story["found"][counted]) for story in stories) for counted in COUNTED]
    broken = sum(not story["is_sound"] for story in stories)
    lines = [
        f"## {f'SQLite {sqlite3.sqlite_version}' if kind == 'sqlite' else 'PostgreSQL'}",
        "",
        f"{records:,} records of {about['asked']:,} that were asked for, in {len(stories)} stories, seeds {seeds}.",
        f"{about['machine']}; {minutes:.0f} minutes.",
        "",
        "| lost | doubled | falsely sent | unsent | databases found broken |",
        "|---|---|---|---|---|",
        f"| {' | '.join(map(str, counts))} | {broken} |",
        "",
        "| fault | times |",
        "|---|---|",
        *(f"| {words} | {faults[fault]:,} |" for fault, words in {**ON_THE_WAY, **SERVER_SIDE}.items()),
        "",
        *_remarks(stories, about),
        "",
    ]
    worst = [
        f"- seed {each['seed']}, {name}: {line}" for each in stories for name in COUNTED for line in each["found"][name]
    ]
    short = [
        f"- seed {each['seed']} goes wrong with: {', '.join(each['short'])}" for each in stories if each.get("short")
    ]
    return "\n".join([*lines, *worst[:MOST_FINDINGS], *short])


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) <= FEW_SEEDS:
        return ", ".join(map(str, seeds))
    return f"{min(seeds)} to {max(seeds)}"


def _remarks(stories: Sequence[dict[str, Any]], about: dict[str, Any]) -> list[str]:
    recoveries = [each for story in stories for each in story["recoveries"]] or [0.0]
    conflicts, held, put_right = (
        sum(story.get(name, 0) for story in stories) for name in ("conflicts", "held", "put_right")
    )
    worst = max(stories, key=lambda story: int(story["faults"].get("kill", 0)))
    return [
        f"- Most kills in one story: {worst['faults'].get('kill', 0)}, while {worst['records']} records came in.",
        f"- From a kill to the next record taken in: half within {median(recoveries):.1f} s, slowest "
        f"{max(recoveries):.1f} s.",
        f"- Written otherwise on two devices: {conflicts:,} records kept beside the ones that stand.",
        f"- Kept by the office until somebody decides, because their day had not come by its clock: {held:,}.",
        f"- Refused while a clock was wrong, and sent again by hand: {put_right:,}.",
        f"- Servers broken on purpose: {_broken(about['broken'])}.",
    ]


def _broken(caught: dict[str, bool]) -> str:
    if not caught:
        return "not tried here"
    return ", ".join(f"{name.replace('_', ' ')} {'caught' if seen else 'NOT CAUGHT'}" for name, seen in caught.items())
