"""A batch of records, taken in one by one: each in a savepoint of its own, all of them in one transaction."""

import uuid
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import structlog
from flask_babel import gettext as _
from msgspec import Raw
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from pendamping.accounts.devices.service import count_receipts
from pendamping.field.batch_context import BatchContext, StandingFailed
from pendamping.field.intake.action import take_action, take_action_update
from pendamping.field.intake.correction import take_correction
from pendamping.field.intake.files import name_missing
from pendamping.field.intake.schedule import take_schedule
from pendamping.field.intake.terms import (
    Conflict,
    Hold,
    Incoming,
    Refused,
    Sender,
    Stored,
    later,
    named_cooperative,
    not_yours,
    place_in,
    refused_by_rule,
    rejected,
    unreadable,
)
from pendamping.field.intake.visit import take_visit
from pendamping.field.models import Kept, Receipt, RecordKind
from pendamping.field.quarantine.models import ABOUT_THE_RECORD, HeldRecord, Verdict
from pendamping.field.quarantine.queries import decision_about, held_before, unheard_of
from pendamping.field.quarantine.service import hold
from pendamping.field.quarantine.words import why_word
from pendamping.field.queries import receipts_under
from pendamping.field.service import Place, Received, keep_receipt
from pendamping.field.wire import (
    IN_QUARANTINE,
    VERSIONS,
    BadEnvelope,
    Fault,
    Outcome,
    Record,
    Result,
    id_in,
    ids_in,
    read_body,
    read_record,
    received,
    sha256_of,
)
from pendamping.kernel.database import transaction
from pendamping.kernel.errors import DomainError
from pendamping.visits.service import keep_days_still

Take = Callable[[Session, Incoming, Sender], Stored]
TAKE: dict[RecordKind, Take] = {
    RecordKind.VISIT: take_visit,
    RecordKind.SCHEDULE: take_schedule,
    RecordKind.ACTION: take_action,
    RecordKind.ACTION_UPDATE: take_action_update,
    RecordKind.CORRECTION: take_correction,
}

log = structlog.get_logger()


def take_in(records: Sequence[Raw], sender: Sender) -> list[Result]:
    """Take in what a tablet hands in. The results are true once this returns: everything is committed by then.

    Raises:
        OperationalError: the database cannot be written now; nothing is stored.
    """
    try:
        return _take_in(records, replace(sender, batch=BatchContext(sender.today, sender.now, waits=True)))
    except StandingFailed as failed:  # once more, so that only the record that is to blame is kept back
        log.error("standing_failed", cooperative=str(failed), exc_info=failed)
        return _take_in(records, replace(sender, batch=BatchContext(sender.today, sender.now)))


def _take_in(records: Sequence[Raw], sender: Sender) -> list[Result]:
    author_id = sender.user.id
    with transaction() as session:
        keep_days_still(session, author_id)  # the same queue sent by two tabs: one after the other
        new = unheard_of(session, ids_in(records), author_id=author_id)
        sender.together.asked.new_visits |= new
        results = [_result(session, raw, sender, new) for raw in records]
        sender.together.bring_up_to_date(session)
        stored = sum(each.outcome in (Outcome.CREATED, Outcome.MERGED) for each in results)
        if sender.device_id and stored:
            count_receipts(session, sender.device_id, stored)
        name_missing(session, records, results, author_id=author_id)
        return results


def _result(session: Session, raw: Raw, sender: Sender, new: AbstractSet[uuid.UUID] = frozenset()) -> Result:
    """Args:
    new: ids that nothing is known about and that come but once in the batch.
    """
    try:
        record = read_record(raw)
    except BadEnvelope:
        fault = Fault("", "bad_record", _("Kiriman ini tidak terbaca."))
        return Result(id_in(raw), Outcome.REJECTED, None, None, None, [fault])
    id_, sha256, is_new = str(record.id), sha256_of(record.body), record.id in new
    try:
        return _twice(session, _known(record), sender, is_new=is_new)
    except Refused as refused:
        return Result(id_, refused.outcome, sha256, None, None, refused.faults)
    except OperationalError:
        raise
    except Exception as error:  # a fault of ours with one record must not keep back the rest of the queue
        log.error("record_failed", record=id_, kind=record.kind, exc_info=error)
        fault = Fault("", "internal_error", _("Kiriman ini belum dapat disimpan; kesalahannya sudah dicatat."))
        return Result(id_, Outcome.LATER, sha256, None, None, [fault])


def _known(record: Record) -> Received:
    """Raises Refused: a record of a kind or version that this server does not know."""
    if record.v not in VERSIONS:
        raise rejected("unknown_version", _("Tablet ini memakai versi yang tidak dikenal server. Muat ulang aplikasi."))
    try:
        return received(record)
    except ValueError:
        raise rejected("unknown_kind", _("Jenis kiriman ini tidak dikenal server.")) from None


def _twice(session: Session, came: Received, sender: Sender, *, is_new: bool) -> Result:
    """A row with the same id may come in between, sent by somebody else; the second time it is there to be seen."""
    try:
        return take_one(session, came, sender, is_new=is_new)
    except IntegrityError:
        return take_one(session, came, sender)


def take_one(session: Session, came: Received, sender: Sender, *, is_new: bool = False) -> Result:
    """Take in one record whose envelope was read, in the caller's transaction.

    Args:
        is_new: it was looked up already, and nothing is kept or held under its id.

    Raises:
        Refused: it is not stored.
    """
    receipts = () if is_new else receipts_under(session, came.id)
    if any(each.user_id != sender.user.id for each in receipts):
        raise not_yours()
    for each in receipts:
        if each.sha256 == came.sha256 and each.outcome is not Kept.CONFLICT:
            return _said(each, Outcome.DUPLICATE)
    if not (is_new or sender.is_vouched_for) and (held := _still_held(session, came, sender)) is not None:
        return _waits(session, held)
    try:
        receipt, notes = _stored_or_nothing(session, came, receipts, sender)
    except Hold as held_back:
        return _waits(session, _held(session, came, held_back, sender), held_back.path)
    except Conflict as conflict:
        receipt, notes = _kept_beside(session, came, receipts, conflict, sender), ()
    except DomainError as error:
        raise refused_by_rule(error) from error
    return _said(receipt, Outcome(receipt.outcome), notes)


def _still_held(session: Session, came: Received, sender: Sender) -> HeldRecord | None:
    """What waits for something in itself, or was given back for it, waits however often it comes; what waits for the
    way in which it came is looked at anew where it comes in another way.
    """
    held = held_before(session, author_id=sender.user.id, record_id=came.id, sha256=came.sha256)
    return held if held is not None and (held.why in ABOUT_THE_RECORD or sender.held_for) else None


def _held(session: Session, came: Received, held_back: Hold, sender: Sender) -> HeldRecord:
    with session.begin_nested():
        return hold(
            session,
            came,
            held_back.place,
            why=held_back.why,
            author=sender.user,
            actor=sender.actor,
            now=sender.now,
        )


def _waits(session: Session, held: HeldRecord, path: str = "") -> Result:
    """The bytes are safe at the office, and that is all that is said: it counts once the head has accepted it.

    Raises:
        Refused: the head has given it back.
    """
    decision = decision_about(session, held.id)
    if decision is not None and decision.verdict is Verdict.RETURNED:
        raise rejected("returned", _("Dikembalikan dinas: %(reason)s", reason=decision.reason))
    said = _("Sudah di kantor, menunggu keputusan dinas. %(why)s.", why=why_word(held.why))
    waits = later(IN_QUARANTINE, said, path)
    return Result(str(held.record_id), waits.outcome, held.sha256, held.held_at, None, waits.faults)


def _place_named(session: Session, came: Received, sender: Sender) -> Place | None:
    try:
        return place_in(named_cooperative(session, read_body(came.body), sender))
    except (ValueError, Refused):
        return None


def _stored_or_nothing(
    session: Session, came: Received, receipts: Sequence[Receipt], sender: Sender
) -> tuple[Receipt, Sequence[Fault]]:
    try:
        with session.no_autoflush, session.begin_nested():  # verbs flush what they have changed
            return _store(session, came, receipts, sender)
    except BaseException:
        sender.together.asked.forget(came.id)
        raise


def _store(
    session: Session, came: Received, receipts: Sequence[Receipt], sender: Sender
) -> tuple[Receipt, Sequence[Fault]]:
    if sender.held_for is not None:
        if "\0" in came.body:
            raise unreadable()
        raise Hold(sender.held_for, _place_named(session, came, sender))
    if any(each.kind is not came.kind for each in receipts):
        raise rejected("other_kind", _("Nomor kiriman ini sudah dipakai untuk hal lain."))
    try:
        incoming = Incoming(came, read_body(came.body), receipts)
    except ValueError:
        raise unreadable() from None
    stored = TAKE[came.kind](session, incoming, sender)
    receipt = keep_receipt(
        session,
        came,
        stored.place,
        outcome=stored.outcome,
        revision=stored.revision,
        content_sha256=stored.content_sha256,
        user_id=sender.user.id,
        now=sender.now,
    )
    return receipt, stored.notes


def _kept_beside(
    session: Session, came: Received, receipts: Sequence[Receipt], conflict: Conflict, sender: Sender
) -> Receipt:
    """What could not be stored is kept word for word, once."""
    for each in receipts:
        if each.sha256 == came.sha256:
            return each
    return keep_receipt(
        session,
        came,
        conflict.place,
        outcome=Kept.CONFLICT,
        revision=conflict.revision,
        user_id=sender.user.id,
        now=sender.now,
    )


def _said(receipt: Receipt, outcome: Outcome, notes: Sequence[Fault] = ()) -> Result:
    faults = list(notes)
    if outcome is Outcome.CONFLICT:
        faults.append(Fault("", "conflict", _("Yang tersimpan di kantor berbeda; keduanya disimpan.")))
    return Result(
        id=str(receipt.record_id),
        outcome=outcome,
        sha256=receipt.sha256,
        received_at=receipt.received_at,
        revision=receipt.revision,
        errors=faults,
    )
