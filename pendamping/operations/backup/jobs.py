"""Every night's copy, for the scheduler."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from pendamping.kernel.audit import Actor
from pendamping.kernel.words import N_
from pendamping.operations.backup.disk import room, sync
from pendamping.operations.backup.faults import BrokenDatabase, shortened
from pendamping.operations.backup.place import this_place
from pendamping.operations.backup.reading import sound_copy
from pendamping.operations.backup.rotation import to_keep
from pendamping.operations.backup.verbs import back_up
from pendamping.reminders.job_times import Daily
from pendamping.reminders.scheduler import Job

NIGHTLY = re.compile(r"pendamping-(\d{8}T\d{6}Z)\.zip")
FOR_RESCUE = ".rusak.zip"
SCHEDULER = Actor(None, "penjadwal")
NIGHTLY_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Night:
    """What a night brought: the new copy, and what it could not hold."""

    made: Path
    missing: int
    """Attachments that were lost or damaged already."""


def nightly(now: dt.datetime) -> str:
    """Tonight's copy as the scheduler's job, inside the app; says in a few words what it did.

    Raises:
        CopyFault: there is no new copy; the old ones are all there.
    """
    night = copy_of_the_night(actor=SCHEDULER, now=now)
    lost = f", {night.missing} lampiran hilang atau rusak" if night.missing else ""
    return f"{night.made.name}, {night.made.stat().st_size // 1024} kB{lost}"


NIGHTLY_COPY = Job("cadangan", N_("Membuat cadangan malam"), Daily(dt.time(2)), nightly)


def copy_of_the_night(*, actor: Actor, now: dt.datetime) -> Night:
    """Make tonight's copy in the instance's `cadangan/`, look through it, and let old ones go (`rotation.to_keep`).

    Only files that carry the name of a nightly copy are ever dropped, and none before the new one has been found to be
    whole; the new one stays, even if the clock is years behind. It is not locked: it lies where the office's data lies.
    Of a broken database one copy to rescue from is kept, under another name.

    Raises:
        CopyFault: there is no new copy that could be put back; the old ones are all there.
    """
    folder = nightly_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    made = folder / f"pendamping-{now.strftime(NIGHTLY_TIME)}.zip"
    with room(folder) as unproven:
        manifest = back_up(unproven / made.name, actor=actor, now=now)
        with sound_copy(unproven / made.name, ask_passphrase=lambda: None, folder=unproven):
            pass  # what cannot be read back is no copy
        if manifest.broken:
            rescued = _keep_for_rescue(unproven / made.name, folder)
            raise BrokenDatabase(what=shortened(manifest.broken), file=str(rescued))
        (unproven / made.name).replace(made)
        sync(folder)
    copies = nightly_copies(folder)
    kept = to_keep(copies.values())
    for path, made_at in copies.items():
        if made_at not in kept and path != made:
            path.unlink()
    return Night(made, len(manifest.missing_files))


def _keep_for_rescue(copy: Path, folder: Path) -> Path:
    """The newest only: of what can be saved it has most, and nights in a row must not fill the disk."""
    kept = copy.replace(folder / f"{copy.stem}{FOR_RESCUE}")
    sync(folder)
    for older in folder.glob(f"pendamping-*{FOR_RESCUE}"):
        if older != kept:
            older.unlink()
    return kept


def nightly_folder() -> Path:
    return this_place().instance / "cadangan"


def nightly_copies(folder: Path) -> dict[Path, dt.datetime]:
    """The nightly copies in a folder, each with the instant that its name says."""
    found = [(path, NIGHTLY.fullmatch(path.name)) for path in sorted(folder.glob("*"))]
    return {path: dt.datetime.strptime(match[1], NIGHTLY_TIME).replace(tzinfo=dt.UTC) for path, match in found if match}
