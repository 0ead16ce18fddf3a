"""`pendamping doctor`: what somebody who looks after the server wants to know first."""

import datetime as dt
import platform
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from pendamping import __version__
from pendamping.kernel.audit import AuditEvent
from pendamping.operations.backup.jobs import nightly_copies, nightly_folder
from pendamping.operations.backup.keys import keys_of, open_to_others
from pendamping.operations.backup.place import Place
from pendamping.operations.backup.verbs import BACKED_UP
from pendamping.operations.schema import head_revision, revision
from pendamping.reminders import runs
from pendamping.reminders.models import RunOutcome
from pendamping.reminders.scheduler import jobs_of

MEGABYTE = 1024 * 1024
ROOM_BYTES = 1024 * MEGABYTE
"""Less than this, and photos may soon find no room (our proposal)."""
BACKUP_AGE = dt.timedelta(hours=36)
"""One night may be late; two are missing (our proposal)."""
COPIES_LOOKED_AT = 400
"""A year of nights."""
STILL_AFTER_MINUTES = 10
"""A scheduler that has done nothing for so long stands still."""
CLOCK_SLACK = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and whether a person has to do something."""

    about: str
    words: str
    needs_person: bool = False


def examine(session: Session, place: Place, *, now: dt.datetime) -> Iterator[Finding]:
    """Everything that can be said quickly; `health.health_of` takes longer and sees more."""
    yield Finding("Program", f"pendamping {__version__}, Python {platform.python_version()}")
    yield _server(session, place)
    current, head = revision(), head_revision()
    yield Finding("Skema", f"revisi {current}; program memerlukan {head}", current != head)
    yield _disk(place)
    if current == head:
        yield _clock(session, place, now)
        yield _scheduler(session, now)
        yield _last_copy(session, now)
        yield _keys(session, place)
    yield _privacy(place)


def _server(session: Session, place: Place) -> Finding:
    if place.kind == "sqlite":
        size = place.database.stat().st_size // MEGABYTE
        return Finding("Basis data", f"SQLite {sqlite3.sqlite_version}, {size} MB, {place.database}")
    size = (session.scalar(text("SELECT pg_database_size(current_database())")) or 0) // MEGABYTE
    return Finding("Basis data", f"PostgreSQL {session.scalar(text('SHOW server_version'))}, {size} MB")


def _disk(place: Place) -> Finding:
    free = shutil.disk_usage(place.instance).free
    words = f"{free // MEGABYTE} MB kosong di {place.instance}"
    if free >= ROOM_BYTES:
        return Finding("Ruang", words)
    return Finding("Ruang", f"{words}; kosongkan, sebelum foto tidak lagi muat", needs_person=True)


def _clock(session: Session, place: Place, now: dt.datetime) -> Finding:
    """A clock that went back is seen by what is already on record, and on PostgreSQL by the server's own."""
    newest = session.scalar(select(func.max(AuditEvent.at)))
    if newest is not None and newest > now + CLOCK_SLACK:
        return Finding("Jam", f"{now:%Y-%m-%d %H:%M} UTC, tetapi sudah ada catatan dari {newest:%Y-%m-%d %H:%M}", True)
    if place.kind != "sqlite":
        theirs: dt.datetime = session.scalars(select(func.clock_timestamp())).one()
        if abs(theirs - now) > CLOCK_SLACK:
            return Finding("Jam", f"{now:%Y-%m-%d %H:%M} UTC, di server basis data {theirs:%Y-%m-%d %H:%M}", True)
    return Finding("Jam", f"{now:%Y-%m-%d %H:%M} UTC")


def _scheduler(session: Session, now: dt.datetime) -> Finding:
    """It sends every minute, so a run is never old; and of each job the last run should not have failed."""
    if not current_app.config["SETTINGS"].has_scheduler:
        return Finding("Penjadwal", "dimatikan di sini (SCHEDULER=off)")
    last = runs.last_runs(session, jobs_of(current_app))
    if not last:
        return Finding("Penjadwal", "belum pernah berjalan; jalankan: pendamping serve", needs_person=True)
    minutes = int((now - max(run.started_at for run in last.values())).total_seconds() // 60)
    words = f"terakhir bekerja {minutes} menit yang lalu"
    failed = sorted(code for code, run in last.items() if run.outcome is RunOutcome.FAILED)
    if failed:
        words = f"{words}; gagal: {', '.join(failed)}, lihat halaman Pekerjaan"
    return Finding("Penjadwal", words, bool(failed) or minutes >= STILL_AFTER_MINUTES)


def _last_copy(session: Session, now: dt.datetime) -> Finding:
    last = session.scalar(select(func.max(AuditEvent.at)).where(AuditEvent.verb == BACKED_UP))
    folder = nightly_folder()
    kept = f"{len(nightly_copies(folder))} cadangan malam di {folder}"
    if last is None:
        return Finding("Cadangan", "belum pernah dibuat; jalankan: pendamping backup FILE", needs_person=True)
    hours = int((now - last).total_seconds() // 3600)
    words = f"terakhir {hours} jam yang lalu; {kept}"
    if now - last <= BACKUP_AGE:
        return Finding("Cadangan", words)
    return Finding("Cadangan", f"{words}; lihat apakah penjadwal berjalan", needs_person=True)


def _keys(session: Session, place: Place) -> Finding:
    """Nightly copies are not locked and hold no keys; without them everybody signs in once more after a restore."""
    names = keys_of(place.instance)
    if not names:
        return Finding("Kunci", "tidak ada di folder ini; SECRET_KEY datang dari luar")
    words = ", ".join(names)
    if others := open_to_others(place.instance):
        return Finding("Kunci", f"{words}; dapat dibaca orang lain, jalankan: chmod 600 {' '.join(others)}", True)
    made = select(AuditEvent.at, AuditEvent.after).where(AuditEvent.verb == BACKED_UP)
    for at, after in session.execute(made.order_by(AuditEvent.at.desc()).limit(COPIES_LOOKED_AT)):
        if set(names) <= set((after or {}).get("keys", ())):
            return Finding("Kunci", f"{words}; terakhir ikut dalam cadangan terkunci {at:%Y-%m-%d}")
    return Finding("Kunci", f"{words}; belum ikut dalam cadangan mana pun: pendamping backup FILE --passphrase")


def _privacy(place: Place) -> Finding:
    mode = stat.S_IMODE(place.instance.stat().st_mode)
    words = f"{place.instance} ({mode:04o})"
    if mode & 0o077 == 0:
        return Finding("Folder", words)
    return Finding("Folder", f"{words}; dapat dibaca orang lain, jalankan: chmod 700 {place.instance}", True)
