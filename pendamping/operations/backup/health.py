"""Whether a running office is whole: its database, its guards, what tablets handed in, its attachments."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pendamping.attachments.models import Attachment
from pendamping.field.models import Receipt
from pendamping.kernel.tables import Base
from pendamping.migrations.guards import APPEND_ONLY
from pendamping.operations.backup.place import Place
from pendamping.operations.backup.progress import Watched
from pendamping.operations.backup.sqlite import broken_sqlite
from pendamping.operations.schema import head_revision, revision
from pendamping.search.index import triggers

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Health:
    """How much was looked at, and what is wrong, in words."""

    tables: int
    rows: int
    files: int
    """Attachments; one that was handed in twice lies there once."""
    receipts: int
    found: list[str]


def health_of(session: Session, place: Place) -> Health:
    """Look through everything. Reads only; takes as long as reading all files takes."""
    if revision() != head_revision():
        found = [f"basis data pada revisi {revision()}, program memerlukan {head_revision()}"]
        return Health(0, 0, 0, 0, found)
    found = _integrity(session, place)
    try:
        return _looked_through(session, place, found)
    except DatabaseError:
        if not found:
            raise
        return Health(0, 0, 0, 0, found)  # so broken that nothing can be counted


def _looked_through(session: Session, place: Place, found: list[str]) -> Health:
    found = [*found, *_guards(session, place)]
    tables = Base.metadata.sorted_tables
    rows = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    receipts, changed = _receipts(session)
    lost = _attachments(session, place)
    files = sum(1 for _ in place.store.digests())
    return Health(len(tables), rows, files, receipts, [*found, *changed, *lost])


def _integrity(session: Session, place: Place) -> list[str]:
    if place.kind == "sqlite":
        driver: Any = session.connection().connection.dbapi_connection
        return broken_sqlite(driver)
    from pendamping.operations.backup.postgresql import broken_postgresql  # brings its driver along

    return broken_postgresql(session.connection())


def _guards(session: Session, place: Place) -> list[str]:
    """The triggers that keep the log a log and the search in step; who changes a database by hand may forget them."""
    if place.kind == "sqlite":
        there = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        wanted = {f"{table}_is_never_{word}" for table in APPEND_ONLY for word in ("updated", "deleted")}
        wanted |= {each.name for each in triggers()}
    else:
        query = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        there = set(session.scalars(query))
        wanted = {f"{table}_is_append_only" for table in APPEND_ONLY}
    return [f"penjaga {name} tidak ada" for name in sorted(wanted - there)]


def _receipts(session: Session) -> tuple[int, list[str]]:
    count, found = 0, []
    query = select(Receipt.record_id, Receipt.body, Receipt.sha256).execution_options(yield_per=AT_ONCE)
    for record_id, body, sha256 in session.execute(query):
        count += 1
        if hashlib.sha256(body.encode()).hexdigest() != sha256:
            found.append(f"tanda terima {record_id}: isinya berubah")
    return count, found


def _attachments(session: Session, place: Place) -> list[str]:
    rows = session.execute(select(Attachment.id, Attachment.sha256, Attachment.byte_size)).all()
    found = []
    with Watched("Memeriksa lampiran", sum(row.byte_size for row in rows)) as watched:
        for attachment_id, sha256, byte_size in rows:
            if reason := _wrong_with(place, sha256, byte_size):
                found.append(f"lampiran {attachment_id}: {reason}")
            watched.advance(byte_size)
    return found


def _wrong_with(place: Place, sha256: str, byte_size: int) -> str:
    try:
        data = place.store.read(sha256)
    except FileNotFoundError:
        return "berkasnya tidak ada"
    except OSError as error:
        return f"berkasnya tidak terbaca ({error.strerror})"
    if len(data) != byte_size or place.store.digest(data) != sha256:
        return "isi berkasnya berubah"
    return ""
