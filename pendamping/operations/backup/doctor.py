"""`pendamping doctor`: what somebody who looks after the server wants to know first."""

import datetime as dt
import platform
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from pendamping import __version__
from pendamping.kernel.audit import AuditEvent
from pendamping.operations.backup.archive import opened
from pendamping.operations.backup.faults import CopyFault
from pendamping.operations.backup.jobs import NIGHTLY_COPY, nightly_copies, nightly_folder
from pendamping.operations.backup.keys import keys_of, open_to_others
from pendamping.operations.backup.place import Place
from pendamping.operations.backup.verbs import BACKED_UP
from pendamping.operations.schema import head_revision, revision
from pendamping.reminders import runs
from pendamping.reminders.models import RunOutcome
from pendamping.reminders.scheduler import jobs_of, node_host

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


Made = list[tuple[dt.datetime, dict[str, Any]]]
"""When copies were made, and what the audit log says of each; the newest first."""


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
    yield left_over(place)
    if current == head:
        yield _clock(session, place, now)
        yield _scheduler(session, now)
        made = _copies_made(session)
        yield _last_copy(session, made, now)
        yield _keys(made, place)
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


def left_over(place: Place) -> Finding:
    """What interrupted commands left: it takes room, and holds what the office holds."""
    found = place.left_behind()
    if not found:
        return Finding("Sisa", "tidak ada")
    return Finding("Sisa", f"{', '.join(found)}; dari perintah yang terputus, berisi data kantor: hapuslah", True)


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


def _copies_made(session: Session) -> Made:
    made = select(AuditEvent.at, AuditEvent.after).where(AuditEvent.verb == BACKED_UP)
    rows = session.execute(made.order_by(AuditEvent.at.desc()).limit(COPIES_LOOKED_AT))
    return [(at, after or {}) for at, after in rows]


def _last_copy(session: Session, made: Made, now: dt.datetime) -> Finding:
    sound = [at for at, noted in made if not noted.get("broken")]
    _, newest = made[0] if made else (None, {})
    wrong = []
    if newest.get("broken"):
        wrong.append("basis data rusak ketika terakhir disalin, lihat: pendamping verify")
    if lost := newest.get("missing"):
        wrong.append(f"{lost} lampiran hilang atau rusak, lihat: pendamping verify")
    if not sound:
        return Finding("Cadangan", "; ".join(["belum pernah dibuat; jalankan: pendamping backup FILE", *wrong]), True)
    if now - sound[0] > BACKUP_AGE:
        wrong.append("lihat apakah penjadwal berjalan")
    copies = nightly_copies(nightly_folder())
    wrong += _wrong_with_nightly(session, copies)
    hours = int((now - sound[0]).total_seconds() // 3600)
    words = f"terakhir {hours} jam yang lalu; {len(copies)} cadangan malam di {nightly_folder()}"
    return Finding("Cadangan", "; ".join([words, *wrong]), bool(wrong))


def _wrong_with_nightly(session: Session, copies: dict[Path, dt.datetime]) -> Iterator[str]:
    """Whether the newest lies there and can be opened; to read it through takes `verify FILE`, and longer."""
    newest = max(copies, key=lambda path: copies[path], default=None)
    run = runs.last_runs(session, [NIGHTLY_COPY.code]).get(NIGHTLY_COPY.code)
    was_made_here = run is not None and run.outcome is RunOutcome.DONE and run.node.startswith(f"{node_host()}:")
    if run is not None and was_made_here and (newest is None or copies[newest] < run.started_at.replace(microsecond=0)):
        yield f"yang dibuat {run.started_at:%Y-%m-%d %H:%M} UTC tidak ada lagi di sana"
    if newest is not None:
        try:
            with opened(newest, newest.name):
                pass
        except (CopyFault, OSError):
            yield f"{newest.name} tidak terbaca, jalankan: pendamping verify {newest}"


def _keys(made: Made, place: Place) -> Finding:
    """Nightly copies are not locked and hold no keys; without them everybody signs in once more after a restore."""
    names = keys_of(place.instance)
    if not names:
        return Finding("Kunci", "tidak ada di folder ini; SECRET_KEY datang dari luar")
    words = ", ".join(names)
    if others := open_to_others(place.instance):
        return Finding("Kunci", f"{words}; dapat dibaca orang lain, jalankan: chmod 600 {' '.join(others)}", True)
    for at, noted in made:
        if set(names) <= set(noted.get("keys", ())):
            return Finding("Kunci", f"{words}; terakhir ikut dalam cadangan terkunci {at:%Y-%m-%d}")
    return Finding("Kunci", f"{words}; belum ikut dalam cadangan mana pun: pendamping backup FILE --passphrase")


def _privacy(place: Place) -> Finding:
    mode = stat.S_IMODE(place.instance.stat().st_mode)
    words = f"{place.instance} ({mode:04o})"
    if mode & 0o077 == 0:
        return Finding("Folder", words)
    return Finding("Folder", f"{words}; dapat dibaca orang lain, jalankan: chmod 700 {place.instance}", True)
