"""Every night's copy, for the scheduler."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from pendamping.kernel.audit import Actor
from pendamping.kernel.words import N_
from pendamping.operations.backup.disk import room
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.reading import sound_copy
from pendamping.operations.backup.rotation import to_keep
from pendamping.operations.backup.verbs import back_up
from pendamping.reminders.schedule import Daily
from pendamping.reminders.scheduler import Job

NIGHTLY = re.compile(r"pendamping-(\d{8}T\d{6}Z)\.zip")
SCHEDULER = Actor(None, "penjadwal")
NIGHTLY_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Night:
    """What a night brought: the new copy, and the old ones that went."""

    made: Path
    dropped: list[Path]


def nightly(now: dt.datetime) -> str:
    """Tonight's copy as the scheduler's job, inside the app; says in a few words what it did.

    Raises:
        CopyFault: there is no new copy; the old ones are all there.
    """
    night = copy_of_the_night(actor=SCHEDULER, now=now)
    return f"{night.made.name}, {night.made.stat().st_size // 1024} kB"


NIGHTLY_COPY = Job("cadangan", N_("Membuat cadangan malam"), Daily(dt.time(2)), nightly)


def copy_of_the_night(*, actor: Actor, now: dt.datetime) -> Night:
    """Make tonight's copy in the instance's `cadangan/`, look through it, and let old ones go (`rotation.to_keep`).

    Only files that carry the name of a nightly copy are ever dropped, and none before the new one has been found to be
    whole; the new one stays, even if the clock is years behind. It is not locked: it lies where the office's data lies.

    Raises:
        CopyFault: there is no new copy; the old ones are all there.
    """
    folder = nightly_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    made = folder / f"pendamping-{now.strftime(NIGHTLY_TIME)}.zip"
    back_up(made, actor=actor, now=now)
    with room() as scratch, sound_copy(made, ask_passphrase=lambda: None, folder=scratch):
        pass  # what cannot be read back is no copy
    copies = nightly_copies(folder)
    kept = to_keep(copies.values())
    dropped = sorted(path for path, made_at in copies.items() if made_at not in kept and path != made)
    for path in dropped:
        path.unlink()
    return Night(made, dropped)


def nightly_folder() -> Path:
    return this_place().instance / "cadangan"


def nightly_copies(folder: Path) -> dict[Path, dt.datetime]:
    """The nightly copies in a folder, each with the instant that its name says."""
    found = [(path, NIGHTLY.fullmatch(path.name)) for path in sorted(folder.glob("*"))]
    return {path: dt.datetime.strptime(match[1], NIGHTLY_TIME).replace(tzinfo=dt.UTC) for path, match in found if match}
