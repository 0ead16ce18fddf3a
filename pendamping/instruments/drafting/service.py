"""Verbs of drafts: start one, change it, let it go, publish it."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.instruments.drafting.edits import Edit, changed_parts, with_facts
from pendamping.instruments.drafting.models import InstrumentDraft
from pendamping.instruments.exchange.queries import document_of, versions_of
from pendamping.instruments.exchange.service import publish_next
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.text import canonical_json, content_hash
from pendamping.instruments.succession import next_number
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.locks import locking
from pendamping.kernel.words import N_


class DraftChanged(DomainError):
    code = "instrument_draft_changed"
    explanation = N_("Draf ini sudah diubah dari tempat lain sesudah halaman Anda dibuka.")


class DraftGone(DomainError):
    code = "instrument_draft_gone"
    explanation = N_("Draf ini sudah tidak ada: sudah diterbitkan atau dibuang.")


class StartsInPast(DomainError):
    """Visits of that day were made on another version."""

    code = "version_starts_in_past"
    explanation = N_("Pilih hari ini atau sesudahnya.")


class NothingNew(DomainError):
    code = "draft_is_published"
    explanation = N_("Isi draf ini sama dengan versi %(version)s yang sudah terbit.")


def start_draft(
    session: Session, code: str, *, author_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> tuple[InstrumentDraft, bool]:
    """Begin the next version with what the last one says, under the next number; the draft that is open, if one is.

    The last one is the version in force, or one that has been published from a later day on: the draft follows it.

    Returns:
        The draft, and True if this call made it.

    Raises:
        NotThere: no such instrument was ever published.
    """
    draft = _held(session, code)
    if draft is not None:
        return draft, False
    versions = versions_of(session, code)
    if not versions:
        raise NotThere
    document = document_of(session, versions[-1])
    draft = InstrumentDraft(
        code=code,
        base_version_id=versions[-1].id,
        document=with_facts({"version": next_number(versions[-1].instrument.version)})(document),
        created_at=now,
        updated_at=now,
        updated_by_id=author_id,
    )
    session.add(draft)
    session.flush()
    after = {"code": code, "base": versions[-1].instrument.version}
    audit.record(session, actor, "start_instrument_draft", draft, at=now, after=after)
    return draft, True


def change_draft(
    session: Session,
    code: str,
    edit: Edit,
    *,
    known_revision: int,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> InstrumentDraft:
    """Make one change. What changes nothing, such as the same form sent twice, is no change.

    Args:
        edit: from `edits`; makes the new document of the one that is there.
        known_revision: the revision that the writer saw.

    Raises:
        DraftGone: it has been published or discarded meanwhile.
        DraftChanged: somebody else has changed it since; nothing is overwritten.
        CodeTaken, SectionNotEmpty: as the edit says.
    """
    draft = _held(session, code)
    if draft is None:
        raise DraftGone
    document = edit(draft.document)
    if document == draft.document:
        return draft
    if draft.revision != known_revision:
        raise DraftChanged
    before, after = changed_parts(draft.document, document)
    draft.document = document
    draft.revision += 1
    draft.updated_at, draft.updated_by_id = now, author_id
    session.flush()
    audit.record(session, actor, "change_instrument_draft", draft, at=now, before=before, after=after)
    return draft


def discard_draft(session: Session, code: str, *, known_revision: int, actor: Actor, now: dt.datetime) -> bool:
    """Let a draft go; the audit log keeps the whole of it. True if there was one.

    Raises:
        DraftChanged: somebody else has changed it since.
    """
    draft = _held(session, code)
    if draft is None:
        return False
    if draft.revision != known_revision:
        raise DraftChanged
    before = {"code": code, "revision": draft.revision, "document": canonical_json(draft.document)}
    audit.record(session, actor, "discard_instrument_draft", draft, at=now, before=before)
    session.delete(draft)
    session.flush()
    return True


def publish_draft(
    session: Session,
    code: str,
    *,
    sha256: str,
    effective_on: dt.date,
    today: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> tuple[InstrumentVersion, bool]:
    """Publish a draft from a day on; it is gone then. Published twice at once, it is one version.

    Args:
        sha256: the hash of the content that was looked through; what has changed since is not published unseen.

    Returns:
        The version, and True if this call made it.

    Raises:
        DraftGone: it has been discarded, or another content was published of it.
        DraftChanged: it is no longer what was looked through.
        StartsInPast: the day is over.
        NothingNew: this very content has been published before.
        InstrumentInvalid, CannotFollow: as `publish` does.
    """
    draft = _held(session, code)
    if draft is None:
        stored = session.scalar(select(InstrumentVersion).where(InstrumentVersion.sha256 == sha256))
        if stored is None or stored.code != code:
            raise DraftGone
        return stored, False
    if content_hash(draft.document) != sha256:
        raise DraftChanged
    if effective_on < today:
        raise StartsInPast
    version, is_new = publish_next(session, draft.document, effective_on=effective_on, actor=actor, now=now)
    if not is_new:
        raise NothingNew(version=version.version)
    session.delete(draft)
    session.flush()
    return version, True


def _held(session: Session, code: str) -> InstrumentDraft | None:
    """The draft as it is now; others who want to change it wait."""
    return session.scalar(locking(select(InstrumentDraft).where(InstrumentDraft.code == code)))
