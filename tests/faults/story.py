"""One story, from the first record to the reckoning."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pendamping.kernel.filestore import FileStore
from tests.faults.office import SECRET, Ground, Office
from tests.faults.proxy import KINDS, Proxy
from tests.faults.reckoning import Reckoning, missing_receipts, reckon
from tests.faults.tablet import Entry, Tablet
from tests.faults.writing import Pen, Written

FAULT_RATE = 0.25
"""How many requests come to harm on the way."""
HOUR, DAY, YEAR = 3600.0, 86_400.0, 365 * 86_400.0
JUMPS = (HOUR, -HOUR, 3 * DAY, -3 * DAY, YEAR, -YEAR)
LAST_ROUNDS = 60
OFFLINE_SECONDS = 0.06
"""The longest that a tablet waits after a round without a network; at once would be a round in each breath."""
WRITE_SECONDS, AWAITED_SECONDS = 0.02, 2.0
"""How far a kill that waits for a write may fall into it; how long it waits for one."""
LOCK_SECONDS, FULL_SECONDS, OFF_SECONDS = 1.8, 0.5, 0.4


@dataclass(frozen=True, slots=True)
class Plot:
    """What a story is made of. Equal plots write the same and ask for the same faults; threads take their own turns."""

    seed: int
    records: int = 500
    kills: int = 20
    locks: int = 3
    full: int = 3
    jumps: int = 4
    restores: int = 0
    """How often the office's disk is lost and a copy that was made earlier in the story takes its place."""
    kills_writers: bool = False
    """A kill waits until a request that writes is under way, and falls somewhere into it."""
    fault_rate: float = FAULT_RATE
    batches: tuple[int, ...] = (1, 3, 8, 20, 50)
    """How many records a tablet sends at once; each tablet has its own habit."""
    broken: str = ""
    left_out: frozenset[str] = frozenset()
    """Which of its parts (`parts_of`) do not happen."""
    kinds: tuple[str, ...] = KINDS
    """Of faults on the way."""


@dataclass(slots=True)
class Ending:
    """How a story ended."""

    plot: Plot
    found: Reckoning
    faults: Counter[str]
    recoveries: list[float] = field(default_factory=list)
    """Seconds from each kill to the next record that was taken in."""
    kills_amid_writes: int = 0
    """Kills at which a request that writes was under way."""
    looked_for: int = 0
    """Acknowledged records that were looked for, at all kills together."""
    conflicts: int = 0
    held: int = 0
    """Records that the office keeps until somebody there decides, because their day had not come."""
    put_right: int = 0
    """Records that were refused while a clock was wrong, and sent again by hand."""
    is_sound: bool = True
    """The database itself, looked through at the end."""
    seconds: float = 0.0


class Progress:
    """How many records have been taken in, for whoever waits for a point in the story."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._changed = threading.Condition()
        self.count = 0
        self.is_over = False

    def add(self, count: int) -> None:
        with self._changed:
            self.count += count
            self._changed.notify_all()
        self._tell(count)

    def over(self) -> None:
        with self._changed:
            self.is_over = True
            self._changed.notify_all()

    def wait_for(self, count: float) -> bool:
        """False: the story was over before."""
        with self._changed:
            self._changed.wait_for(lambda: self.count >= count or self.is_over)
            return self.count >= count


def play(plot: Plot, ground: Ground, folder: Path, *, tell: Callable[[int], None] = lambda _count: None) -> Ending:
    """Play a story in a folder of its own.

    Args:
        tell: told how many records were taken in since the last time.
    """
    began = time.monotonic()
    office = Office(ground, folder, broken=plot.broken)
    proxy = Proxy(office.port)
    engine = create_engine(office.url, poolclass=NullPool)
    try:
        progress = Progress(tell)
        tablets = _tablets(plot, ground, proxy.port, progress)
        for tablet in tablets:
            tablet.sign_in(office.port)
        chaos = Chaos(plot, office, proxy, engine, tablets, progress)
        _live(plot, tablets, office, progress, chaos)
        proxy.settle()
        _come_to_rest(tablets, office)
        found = chaos.found
        with engine.connect() as connection:
            found.add(reckon(connection, FileStore(folder / "berkas"), tablets))
            is_sound = _is_sound(engine)
        entries = [entry for tablet in tablets for entry in tablet.entries]
        return Ending(
            plot,
            found,
            proxy.counts + chaos.counts,
            chaos.recoveries,
            kills_amid_writes=chaos.amid_writes,
            looked_for=chaos.looked_for,
            conflicts=sum(entry.problem == "conflict" for entry in entries),
            held=sum(entry.is_held for entry in entries),
            put_right=sum(entry.resent for entry in entries),
            is_sound=is_sound,
            seconds=time.monotonic() - began,
        )
    finally:
        office.close()
        proxy.close()
        engine.dispose()


def parts_of(plot: Plot, ground: Ground) -> list[str]:
    """What a story can be told without: each deed, each kind of fault on the way, each record."""
    deeds = [deed for _, deed in _deeds(plot)]
    ways = [f"on the way: {kind}" for kind in plot.kinds] if plot.fault_rate else []
    return [*deeds, *ways, *(each.mark for _, _, written in _queues(plot, ground) for each in written)]


def _queues(plot: Plot, ground: Ground) -> list[tuple[int, int, list[Written]]]:
    """(person, device, what is written there); what refers to a record that is left out is left out as well."""
    queues = []
    for number, (person, share) in enumerate(zip(ground.people, _shares(plot, len(ground.people)), strict=True)):
        rng = random.Random(f"{plot.seed}-{number}")
        written = Pen(rng, person.codes, f"s{plot.seed}p{number}").write(share)
        kept = [[each for each in device if each.mark not in plot.left_out] for device in written]
        first = {each.id for device in kept for each in device if each.needs is None}
        for device, some in enumerate(kept):
            queues.append((number, device, [each for each in some if each.needs is None or each.needs in first]))
    return queues


def _habit(plot: Plot, number: int, device: int) -> int:
    """How many records a device sends at once."""
    return random.Random(f"{plot.seed}-{number}-{device}-habit").choice(plot.batches)


def _shares(plot: Plot, people: int) -> list[int]:
    """How many records each person writes: fewer where they go one by one, so that all are busy until the end."""
    weights = [_habit(plot, number, 0) ** 0.5 for number in range(people)]
    ends = [round(plot.records * weight / sum(weights)) for weight in itertools.accumulate(weights)]
    return [end - begin for begin, end in itertools.pairwise([0, *ends])]


def _deeds(plot: Plot) -> list[tuple[float, str]]:
    """What is done to the office, and after which share of the records."""
    rng = random.Random(f"{plot.seed}-deeds")
    kinds = (("kill", plot.kills), ("lock", plot.locks), ("full", plot.full), ("clock", plot.jumps))
    deeds = [(rng.random() * 0.9, f"{name} {number}") for name, count in kinds for number in range(count)]
    for number in range(plot.restores):
        part = 0.8 / plot.restores
        deeds.append(((number + 0.1 + 0.4 * rng.random()) * part, f"copy {number}"))
        deeds.append(((number + 0.6 + 0.3 * rng.random()) * part, f"restore {number}"))
    happens = {deed for _, deed in deeds} - plot.left_out
    happens -= {f"restore {number}" for number in range(plot.restores) if f"copy {number}" not in happens}
    return sorted(each for each in deeds if each[1] in happens)


def _tablets(plot: Plot, ground: Ground, port: int, progress: Progress) -> list[Tablet]:
    tablets = []
    ways = frozenset(kind for kind in plot.kinds if f"on the way: {kind}" not in plot.left_out)
    for number, device, written in _queues(plot, ground):
        person = ground.people[number]
        if written:
            tablets.append(
                Tablet(
                    port=port,
                    person=(person.username, SECRET),
                    rng=random.Random(f"{plot.seed}-{number}-{device}"),
                    entries=[Entry(each) for each in written],
                    batch=_habit(plot, number, device),
                    fault_rate=plot.fault_rate,
                    kinds=plot.kinds,
                    faults=ways,
                    on_receipt=progress.add,
                )
            )
    return tablets


def _live(plot: Plot, tablets: list[Tablet], office: Office, progress: Progress, chaos: "Chaos") -> None:
    """Everybody at once: each tablet writes and sends, and whoever means harm does it."""
    with ThreadPoolExecutor(len(tablets) + 1) as pool:
        harm = pool.submit(chaos.run)
        sending = [pool.submit(_send, plot, tablet, office) for tablet in tablets]
        try:
            for each in sending:
                each.result()
        finally:
            progress.over()
        harm.result()


def _send(plot: Plot, tablet: Tablet, office: Office) -> None:
    """Records come into the outbox a few at a time; between rounds the tablet's clock goes on, or jumps."""
    waiting, tablet.entries = tablet.entries, []
    rng = random.Random(f"{plot.seed}-{tablet.person[0]}-{len(waiting)}")
    patience = 40 + 4 * len(waiting)
    while (waiting or not tablet.is_done) and patience:
        patience -= 1
        take = rng.randint(1, tablet.batch)
        with tablet.lock:
            tablet.entries += waiting[:take]
        del waiting[:take]
        tablet.now += rng.choice((60.0, 600.0))
        if plot.jumps and rng.random() < 0.02:
            tablet.now += rng.choice(JUMPS)
        if rng.random() < 0.02:
            tablet.forget_session()
        ended = tablet.drain(is_asked=rng.random() < 0.2)
        if ended == "signed_out":
            _sign_in(tablet, office)
        elif ended == "offline":
            time.sleep(rng.random() * OFFLINE_SECONDS)
        time.sleep(rng.random() * 0.01)
    with tablet.lock:
        tablet.entries += waiting


def _sign_in(tablet: Tablet, office: Office) -> None:
    try:
        tablet.sign_in(office.port)
    except (OSError, RuntimeError, HTTPException):
        time.sleep(0.05)  # the server lies dead; the next round tries again


def _come_to_rest(tablets: list[Tablet], office: Office) -> None:
    """A good network, a right clock, and a person who presses the button until nothing waits."""
    for _ in range(LAST_ROUNDS):
        for tablet in tablets:
            tablet.fault_rate = 0.0
            tablet.put_right()
            if tablet.drain(is_asked=True) == "signed_out":
                _sign_in(tablet, office)
        if all(tablet.is_done for tablet in tablets):
            return


class Chaos:
    """Kills, locks, fills and winds the clock, at points of the story that the seed chooses."""

    def __init__(
        self, plot: Plot, office: Office, proxy: Proxy, engine: Engine, tablets: list[Tablet], progress: Progress
    ) -> None:
        self._office, self._proxy, self._engine = office, proxy, engine
        self._tablets, self._progress = tablets, progress
        self._rng = random.Random(f"{plot.seed}-chaos")
        self._kills_writers = plot.kills_writers
        records = sum(len(tablet.entries) for tablet in tablets)
        self._deeds = [(share * records, deed) for share, deed in _deeds(plot)]
        self.counts: Counter[str] = Counter()
        self.recoveries: list[float] = []
        self.amid_writes = 0
        self.looked_for = 0
        self.found = Reckoning()

    def run(self) -> None:
        for point, deed in self._deeds:
            if not self._progress.wait_for(point) and deed.startswith(("lock", "full", "clock")):
                continue
            time.sleep(self._rng.random() * 0.08)
            self._do(deed)

    def _do(self, deed: str) -> None:
        name, _, number = deed.partition(" ")
        self.counts[name] += 1
        match name:
            case "copy":
                self._office.copy(self._copy(number))
            case "restore":
                self._kill(self._copy(number))
            case "kill":
                self._kill()
            case "lock":
                with self._office.locked():
                    time.sleep(LOCK_SECONDS)
            case "full":
                with self._office.without_room():
                    time.sleep(FULL_SECONDS)
            case _:
                with self._office.clock_off(self._rng.choice(JUMPS)):
                    time.sleep(OFF_SECONDS)

    def _copy(self, number: str) -> Path:
        return self._office.folder / f"salinan-{number}"

    def _await_write(self) -> None:
        until = time.monotonic() + AWAITED_SECONDS
        into = self._rng.random() * WRITE_SECONDS
        while time.monotonic() < until:
            if self._proxy.writes_under_way:
                time.sleep(into)
                if self._proxy.writes_under_way:
                    return
            time.sleep(0.001)

    def _kill(self, copy: Path | None = None) -> None:
        if self._kills_writers:
            self._await_write()
        began, before = time.monotonic(), self._progress.count
        self.amid_writes += self._proxy.writes_under_way > 0
        self._office.kill()
        with self._engine.connect() as connection:
            epoch = str(connection.execute(text("SELECT value FROM server_epoch")).scalar_one())
            acknowledged = [each for tablet in self._tablets for each in tablet.acknowledged(epoch)]
            self.looked_for += len(acknowledged)
            self.found.falsely_sent += missing_receipts(connection, acknowledged)
        if copy is not None:
            self._office.restore(copy)
        self._office.start()
        if self._progress.wait_for(before + 1):
            self.recoveries.append(time.monotonic() - began)


def _is_sound(engine: Engine) -> bool:
    """SQLite's own word, and no row without its parent; PostgreSQL has no such word: each row can be read."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            whole = connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            return whole and not connection.execute(text("PRAGMA foreign_key_check")).all()
        try:
            for table in inspect(connection).get_table_names():
                connection.execute(text(f'SELECT sum(length(each::text)) FROM "{table}" each'))
        except DBAPIError:
            return False
        return True
