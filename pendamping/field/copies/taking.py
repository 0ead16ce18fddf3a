"""Takes a copied queue in: its files, then its records, by the way of every record, with its author as their author."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec import Raw
from sqlalchemy.orm import Session

from pendamping.accounts.devices.keys import is_signed
from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.attachments.service import claim, keep, receive
from pendamping.field.copies.models import CopyImport, Signature
from pendamping.field.copies.reader import Copy, FileInCopy
from pendamping.field.intake.batch import take_in
from pendamping.field.intake.terms import Sender
from pendamping.field.quarantine.models import WhyHeld
from pendamping.field.wire import Result
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.files import files
from pendamping.kernel.i18n import explained
from pendamping.kernel.words import N_
from pendamping.visits.queries import cooperative_waiting_for
from pendamping.visits.service import keep_days_still

AT_ONCE = 50
"""Records of one transaction: about a second, for which everybody else's writing waits."""


class UntrustedPhoto(DomainError):
    code = "untrusted_photo"
    explanation = N_(
        "Foto untuk kunjungan yang sudah ada di kantor hanya diterima dari tabletnya, atau dari salinan yang "
        "ditandatangani."
    )


@dataclass(slots=True)
class Taken:
    """What became of a copied queue; `faults` are the words of what was not taken in, each once."""

    signature: Signature
    records: int
    stored: int = 0
    held: int = 0
    refused: int = 0
    files: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, results: Sequence[Result]) -> None:
        for each in results:
            if each.outcome.is_stored:
                self.stored += 1
            elif each.is_held:
                self.held += 1
            else:
                self.refused += 1
                self.say(each.errors[0].message if each.errors else "")

    def say(self, words: str) -> None:
        if words and words not in self.faults:
            self.faults.append(words)


def take_copy(
    copy: Copy,
    author: User,
    *,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
    after_batch: Callable[[int], None] = lambda records: None,
) -> Taken:
    """Take in everything that a file holds. Said again, by whomever, it stores nothing twice.

    Not one transaction but one for each batch: what was taken in before something breaks stays, and the file can simply
    be brought again.

    Args:
        actor: whoever brought the file; on record with everything that it stores.
        after_batch: called with how many records were just taken in, while others may write.
    """
    device = reading().get(Device, copy.device_id) if copy.device_id else None
    signature = signature_of(copy, author, device)
    held_for = why_held(signature, author, device)
    taken = Taken(signature, records=len(copy.records))
    for each in copy.files():
        _take_file(each, author, taken, is_trusted=signature is Signature.SIGNED, actor=actor, now=now)
    counts = device.id if device and signature is Signature.SIGNED else None
    sender = Sender(author, actor, today, now, held_for=held_for, device_id=counts)
    for some in _batches(copy.records):
        taken.add(take_in(some, sender))
        after_batch(len(some))
    with transaction() as session:
        _put_on_record(session, copy, author, taken, actor, now)
    return taken


def _batches(records: Sequence[Raw]) -> list[Sequence[Raw]]:
    return [list(records[first : first + AT_ONCE]) for first in range(0, len(records), AT_ONCE)]


def signature_of(copy: Copy, author: User, device: Device | None) -> Signature:
    """Whether a tablet of its author signed just these bytes."""
    if copy.signature is None:
        return Signature.UNSIGNED
    if device is None or device.user_id != author.id or device.public_key is None:
        return Signature.ALTERED
    is_sound = is_signed(device.public_key, copy.signed_bytes, copy.signature)
    return Signature.SIGNED if is_sound else Signature.ALTERED


def why_held(signature: Signature, author: User, device: Device | None) -> WhyHeld | None:
    """Why everything in a file waits for the head; None where it comes as good as from the tablet itself."""
    match signature:
        case Signature.UNSIGNED:
            return WhyHeld.UNSIGNED
        case Signature.ALTERED:
            return WhyHeld.ALTERED
        case Signature.SIGNED:
            has_left = not author.is_active or (device is not None and device.revoked_at is not None)
            return WhyHeld.LEFT if has_left else None


def _take_file(
    file: FileInCopy, author: User, taken: Taken, *, is_trusted: bool, actor: Actor, now: dt.datetime
) -> None:
    """A photo that cannot be taken in harms no record.

    Args:
        is_trusted: the tablet has signed it. Other photos wait with the records that name them: none comes to a visit
            that is at the office already.
    """
    if file.data is None:
        return
    try:
        kept = keep(files(), file.data)

        def take(session: Session) -> None:
            keep_days_still(session, author.id)
            waiting = cooperative_waiting_for(session, file.id, facilitator_id=author.id)
            if waiting is not None and not is_trusted and session.get(Attachment, file.id) is None:
                raise UntrustedPhoto
            receive(session, file.id, kept, uploader_id=author.id, actor=actor, now=now)
            if waiting is not None:
                claim(session, [file.id], cooperative=waiting, uploader_id=author.id)

        retry_on_conflict(take)
    except DomainError as error:
        taken.say(explained(error))
    else:
        taken.files += 1


def _put_on_record(session: Session, copy: Copy, author: User, taken: Taken, actor: Actor, now: dt.datetime) -> None:
    row = CopyImport(
        id=uuid.uuid4(),
        file_sha256=copy.file_sha256,
        author_id=author.id,
        device_id=copy.device_id,
        signature=taken.signature,
        brought_by=actor.name,
        records=taken.records,
        stored=taken.stored,
        held=taken.held,
        refused=taken.refused,
        files=taken.files,
        imported_at=now,
    )
    session.add(row)
    session.flush()
    after = {"author": author.username, "signature": taken.signature, "sha256": copy.file_sha256}
    counts = {"records": taken.records, "stored": taken.stored, "held": taken.held, "refused": taken.refused}
    audit.record(session, actor, "import_copy", row, at=now, after={**after, **counts})
