"""`./dev bench faults`: stories of the fault harness, two at a time or more, and what they lost, written down."""

import json
import os
import platform
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import click

from tests.databases import postgresql_server
from tests.faults.catching import CATCHING
from tests.faults.office import MOTHERS, Ground, PostgresqlGround, SqliteGround
from tests.faults.reckoning import as_json
from tests.faults.shrinking import shortened
from tests.faults.story import FAULT_RATE, Ending, Plot, play

REPOSITORY = Path(__file__).parents[2]
STATE = REPOSITORY / "instance" / "faults"
"""A line for each finished story; a run that was broken off goes on from here."""
REPORT = REPOSITORY / "docs" / "reports" / "faults.md"
PEOPLE = 8
STORY_RECORDS = 2_000
RESTORES = 1
"""In each story."""
STORY, KILLED = "story", "killed"
"""The two parts of a run: what all faults do together, and SIGKILL by itself, over and over."""
KILLED_SEED, KILLED_RECORDS, KILLED_TIMES, KILLED_BATCHES = 1, 2_400, 200, (1, 2, 4)
"""Few records at once, so that the kills are through before the records are."""
MOST_SHORTENED = 12
"""How many shorter tellings of a story that went wrong are tried."""
COUNTED = ("lost", "doubled", "falsely_sent", "unsent")
MOST_FINDINGS = 40
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
    """For each story."""
    minutes: float
    """No story begins after so many; 0: no end."""
    starts_over: bool
    at_once: int
    """Stories; while one waits for a lock or a restored disk, another one goes on."""


def report_faults(wanted: Wanted) -> int:
    """Play what is missing, write the report; 0 when nothing was lost and every broken server was caught."""
    STATE.mkdir(parents=True, exist_ok=True)
    state = STATE / f"{wanted.database}.jsonl"
    if wanted.starts_over:
        state.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="pendamping-faults-") as folder, _ground(wanted, Path(folder)) as ground:
        _play_on(wanted, ground, Path(folder), state)
        broken = _try_the_broken(ground, Path(folder))
    state.with_suffix(".about.json").write_text(json.dumps({"broken": broken, "asked": wanted.records, **_machine()}))
    written = report(STATE)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(written, encoding="utf-8")
    print(written)
    is_clean = all(line["is_sound"] and not any(line["found"].values()) for line in _read(state))
    return 0 if is_clean and all(broken.values()) else 1


@contextmanager
def _ground(wanted: Wanted, folder: Path) -> Iterator[Ground]:
    if wanted.database == "sqlite":
        yield SqliteGround(folder, people=PEOPLE)
        return
    with postgresql_server() as url:
        yield PostgresqlGround(url, folder, people=PEOPLE)


def _play_on(wanted: Wanted, ground: Ground, folder: Path, state: Path) -> None:
    began = written = time.monotonic()
    playing: set[Future[dict[str, Any]]] = set()
    plots = _plots(wanted, _read(state))
    with (
        click.progressbar(length=wanted.records, label=f"Records, {ground.kind}") as bar,
        ProcessPoolExecutor(wanted.at_once, mp_context=MOTHERS) as pool,
    ):
        bar.update(min(_records(_read(state), STORY), wanted.records))
        while True:
            is_late = wanted.minutes and time.monotonic() - began > wanted.minutes * 60
            while len(playing) < wanted.at_once and not is_late and (following := next(plots, None)) is not None:
                playing.add(pool.submit(_told, *following, ground, folder))
            if not playing:
                return
            done, playing = wait(playing, return_when=FIRST_COMPLETED)
            for line in (each.result() for each in done):
                line["took"], written = round(time.monotonic() - written, 1), time.monotonic()
                with state.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
                bar.update(line["records"] if line["part"] == STORY else 0)


def _plots(wanted: Wanted, lines: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Plot]]:
    """What has not been played yet, and to which part it belongs."""
    if not any(line["part"] == KILLED for line in lines):
        kills = Plot(KILLED_SEED, KILLED_RECORDS, KILLED_TIMES, locks=0, full=0, jumps=0)
        yield KILLED, replace(kills, kills_writers=True, batches=KILLED_BATCHES)
    played = {line["seed"] for line in lines if line["part"] == STORY}
    missing, seed = wanted.records - _records(lines, STORY), wanted.seed
    while missing > 0:
        if seed not in played:
            records = min(STORY_RECORDS, missing)
            yield STORY, Plot(seed, records, wanted.kills, restores=RESTORES)
            missing -= records
        seed += 1


def _records(lines: Sequence[dict[str, Any]], part: str) -> int:
    return sum(int(line["records"]) for line in lines if line["part"] == part)


def _told(part: str, plot: Plot, ground: Ground, folder: Path) -> dict[str, Any]:
    """A story, in a process of its own, as a line."""
    ending = _played(plot, ground, folder)
    is_well = ending.found.is_clean
    short = [] if is_well else shortened(plot, ground, folder, most=MOST_SHORTENED, tellings=1)[0]
    return {"part": part, **_line(ending), "short": short}


def _played(plot: Plot, ground: Ground, folder: Path) -> Ending:
    with tempfile.TemporaryDirectory(dir=folder) as scene:
        return play(plot, ground, Path(scene))


def _try_the_broken(ground: Ground, folder: Path) -> dict[str, bool]:
    """Whether the harness sees what it is there to see."""
    return {name: not _played(plot, ground, folder).found.is_clean for name, plot in CATCHING.items()}


def _line(ending: Ending) -> dict[str, Any]:
    return {
        "seed": ending.plot.seed,
        "records": ending.plot.records,
        "faults": dict(ending.faults),
        "found": as_json(ending.found),
        "recoveries": [round(each, 3) for each in ending.recoveries],
        "kills_amid_writes": ending.kills_amid_writes,
        "looked_for": ending.looked_for,
        "conflicts": ending.conflicts,
        "held": ending.held,
        "put_right": ending.put_right,
        "is_sound": ending.is_sound,
        "seconds": round(ending.seconds, 1),
    }


def _read(state: Path) -> list[dict[str, Any]]:
    """Finished stories; not a line that was being written when the run was broken off, and none of an older build."""
    if not state.exists():
        return []
    lines = state.read_text(encoding="utf-8").splitlines(keepends=True)
    return [read for line in lines if line.endswith("\n") and "part" in (read := json.loads(line))]


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
- Not as in life: the server is warm when a story begins and after each kill; one that has just been loaded takes
  seconds longer for its first requests. A locked database is waited for 1.5 s instead of 15. A full disk is a fake
  (SQLite: `max_page_count`; PostgreSQL and attachments: the very error, before anything is written). SIGKILL leaves the
  machine's own cache alone, so a power cut is not tried. The clock reads one day in April 2026. Equal seeds write equal
  records and ask for equal faults; threads and processes take their own turns. Several stories are played at once.
"""


def report(folder: Path) -> str:
    """The page, from the lines of every database that has been tried."""
    parts = [INTRODUCTION]
    for kind in ("sqlite", "postgresql"):
        stories, about = _read(folder / f"{kind}.jsonl"), folder / f"{kind}.about.json"
        if stories and about.exists():
            parts.append(_part(kind, stories, json.loads(about.read_text())))
    return "\n".join(parts)


def _part(kind: str, lines: Sequence[dict[str, Any]], about: dict[str, Any]) -> str:
    stories = [line for line in lines if line["part"] == STORY]
    killed = [line for line in lines if line["part"] == KILLED]
    faults = sum((Counter(line["faults"]) for line in stories), Counter[str]())
    minutes = sum(line["took"] for line in lines) / 60
    seeds = _seeds([line["seed"] for line in stories])
    said = [
        f"## {f'SQLite {sqlite3.sqlite_version}' if kind == 'sqlite' else 'PostgreSQL'}",
        "",
        f"{_records(stories, STORY):,} records of {about['asked']:,} that were asked for; stories: {len(stories)}, of "
        f"seeds {seeds}.",
        f"{about['machine']}; {minutes:.0f} minutes.",
        "",
        *_counts(stories),
        "",
        "| fault | times |",
        "|---|---|",
        *(f"| {words} | {faults[fault]:,} |" for fault, words in {**ON_THE_WAY, **SERVER_SIDE}.items()),
        "",
        *_remarks(stories, about),
        "",
    ]
    if killed:
        said += [f"### SIGKILL {killed[0]['faults'].get('kill', 0)} times during writes", "", *_of_kills(killed), ""]
    return "\n".join([*said, *_findings(lines)])


def _counts(lines: Sequence[dict[str, Any]]) -> list[str]:
    counts = [sum(len(line["found"][counted]) for line in lines) for counted in COUNTED]
    broken = sum(not line["is_sound"] for line in lines)
    return [
        "| lost | doubled | falsely sent | unsent | databases found broken |",
        "|---|---|---|---|---|",
        f"| {' | '.join(map(str, counts))} | {broken} |",
    ]


def _of_kills(lines: Sequence[dict[str, Any]]) -> list[str]:
    """What is shown of the stories that are about kills, beside what comes to harm on the way."""
    amid, looked_for = (sum(line[name] for line in lines) for name in ("kills_amid_writes", "looked_for"))
    return [
        f"One story more, seed {lines[0]['seed']}: {_records(lines, KILLED):,} records, the same harm on the way.",
        "At each kill, while the server lay dead, every record that a tablet called sent was looked for; at the end",
        "the database was looked through.",
        "",
        *_counts(lines),
        "",
        f"- A request that writes was under way at {amid} of the kills.",
        f"- Acknowledged records that were looked for, all kills together: {looked_for:,}.",
        _recovered(lines),
    ]


def _recovered(lines: Sequence[dict[str, Any]]) -> str:
    recoveries = [each for line in lines for each in line["recoveries"]] or [0.0]
    return (
        f"- From a kill to the next record taken in, {len(recoveries):,} times: half within {median(recoveries):.1f} "
        f"s, slowest {max(recoveries):.1f} s."
    )


def _findings(lines: Sequence[dict[str, Any]]) -> list[str]:
    found = [
        f"- seed {line['seed']}, {name}: {what}" for line in lines for name in COUNTED for what in line["found"][name]
    ]
    short = [f"- seed {line['seed']} goes wrong with: {', '.join(line['short'])}" for line in lines if line["short"]]
    return [*found[:MOST_FINDINGS], *short]


def _seeds(seeds: Sequence[int]) -> str:
    """Each that was played: a run that was broken off may lack some in between."""
    runs: list[list[int]] = []
    for seed in sorted(seeds):
        if runs and seed == runs[-1][-1] + 1:
            runs[-1].append(seed)
        else:
            runs.append([seed])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _remarks(stories: Sequence[dict[str, Any]], about: dict[str, Any]) -> list[str]:
    conflicts, held, put_right, amid, looked_for = (
        sum(story[name] for story in stories)
        for name in ("conflicts", "held", "put_right", "kills_amid_writes", "looked_for")
    )
    return [
        f"- Kills, those of lost disks among them, at which a request that writes was under way: {amid:,}.",
        f"- Acknowledged records that were looked for, all kills together: {looked_for:,}.",
        _recovered(stories),
        f"- Written otherwise on two devices: {conflicts:,} records kept beside the ones that stand.",
        f"- Kept by the office until somebody decides, because their day had not come by its clock: {held:,}.",
        f"- Refused while a clock was wrong, and sent again by hand: {put_right:,}.",
        f"- Servers broken on purpose: {_broken(about['broken'])}.",
    ]


def _broken(caught: dict[str, bool]) -> str:
    if not caught:
        return "not tried here"
    return ", ".join(f"{name.replace('_', ' ')} {'caught' if seen else 'NOT CAUGHT'}" for name, seen in caught.items())
