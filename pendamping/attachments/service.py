"""Verbs of files: take one in, give it to a cooperative."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.attachments.models import Attachment
from pendamping.attachments.papers import says_pdf
from pendamping.attachments.pictures import MAX_BYTES, FileFacts, NotAPicture, facts_of_file
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.filestore import FileStore
from pendamping.kernel.words import N_


class AttachmentConflict(DomainError):
    code = "attachment_conflict"
    explanation = N_("Berkas dengan nomor ini sudah tersimpan. Yang tersimpan tidak diubah.")


class ForeignAttachment(DomainError):
    code = "foreign_attachment"
    status = 400
    explanation = N_("Foto atau berkas ini bukan kiriman Anda untuk koperasi ini. Tambahkan sekali lagi.")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Bytes that were opened, understood and put into the file store; no row knows of them yet."""

    sha256: str
    byte_size: int
    facts: FileFacts


def keep(store: FileStore, data: bytes) -> KeptFile:
    """Open a file and keep its bytes. Slow: call it before the transaction, which then is short.

    Raises:
        DomainError: it is no picture and no PDF, or too large (see `facts_of_file`); nothing is kept then.
    """
    return keep_opened(store, data, opened(data))


def opened(data: bytes) -> FileFacts:
    """What a file turned out to be, before anything is kept; raises what `keep` raises."""
    return facts_of_file(data)


def keep_opened(store: FileStore, data: bytes, facts: FileFacts) -> KeptFile:
    """Keep what was opened: where several files are sent, each is opened before the first is kept."""
    return KeptFile(store.put(data), len(data), facts)


def keep_picture(store: FileStore, data: bytes) -> KeptFile:
    """The same where only a picture will do.

    Raises:
        NotAPicture: it may be a sound PDF, but it is no photo.
    """
    if len(data) <= MAX_BYTES and says_pdf(data):
        raise NotAPicture
    return keep(store, data)


def receive(
    session: Session,
    attachment_id: uuid.UUID,
    file: KeptFile,
    *,
    uploader_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> tuple[Attachment, bool]:
    """Take a kept file in, once, however often it is sent; the first sending binds the id to its sender and its bytes.

    Returns:
        The attachment, and True if this call made it.

    Raises:
        AttachmentConflict: the id belongs to other bytes or another person.
    """
    stored = session.get(Attachment, attachment_id)
    if stored is not None:
        if (stored.sha256, stored.uploader_id) != (file.sha256, uploader_id):
            raise AttachmentConflict
        return stored, False
    attachment = Attachment(
        id=attachment_id,
        uploader_id=uploader_id,
        media_type=file.facts.media_type,
        byte_size=file.byte_size,
        sha256=file.sha256,
        width=file.facts.width,
        height=file.facts.height,
        taken_at=file.facts.taken_at,
        received_at=now,
    )
    session.add(attachment)
    session.flush()
    after = {"sha256": file.sha256, "media_type": attachment.media_type, "byte_size": file.byte_size}
    audit.record(session, actor, "receive_attachment", attachment, at=now, after=after)
    return attachment, True


def claim(session: Session, ids: Collection[uuid.UUID], *, cooperative: Cooperative, uploader_id: uuid.UUID) -> None:
    """Files named by a record of a cooperative belong to it from now on; those that have not arrived yet follow.

    Raises:
        ForeignAttachment: one was sent by somebody else, or belongs to another cooperative.
    """
    if not ids:
        return
    for attachment in session.scalars(select(Attachment).where(Attachment.id.in_(ids))):
        if attachment.uploader_id != uploader_id or attachment.cooperative_id not in (None, cooperative.id):
            raise ForeignAttachment
        attachment.cooperative_id, attachment.city_code = cooperative.id, cooperative.city_code
    session.flush()
