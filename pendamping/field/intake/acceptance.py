"""What the head has accepted, taken in by the very way of every record; and what the head has given back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.field.intake.batch import take_one
from pendamping.field.intake.terms import Refused, Sender, rejected
from pendamping.field.models import RecordKind
from pendamping.field.quarantine.models import HeldRecord, Verdict
from pendamping.field.quarantine.service import AlreadyDecided, decide
from pendamping.field.service import Received
from pendamping.field.wire import Outcome
from pendamping.visits.service import keep_days_still

IN_ORDER = list(RecordKind)
"""A visit before what refers to it."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one record that was to be accepted: nothing speaks against it, or `refusals` say what does."""

    held: HeldRecord
    refusals: Sequence[str] = ()
    waits_for_another: bool = False
    """What it builds on has not been stored yet; it may be held as well."""
    is_decided_before: bool = False
    """Somebody else was first, so that nothing was done now."""


def accept(session: Session, held: Sequence[HeldRecord], *, head: User, sender: Sender) -> list[Accepted]:
    """Take in what was held, each with its author's rights as of its own day; the head's word stands for an assignment
    that was missing then. What the rules refuse all the same keeps waiting, and its refusal is said.

    Args:
        sender: says when, and who acts; its user is put in for each record.
    """
    waiting = sorted(held, key=lambda each: (IN_ORDER.index(each.kind), each.held_at))
    settled: list[Accepted] = []
    while waiting:
        tried = [_accept_one(session, each, head, sender) for each in waiting]
        settled += [each for each in tried if not each.waits_for_another]
        left = [each for each in tried if each.waits_for_another]
        if len(left) == len(waiting):
            return settled + left
        waiting = [each.held for each in left]
    return settled


def _accept_one(session: Session, held: HeldRecord, head: User, sender: Sender) -> Accepted:
    author = session.get_one(User, held.author_id)
    came = Received(held.record_id, held.kind, held.v, held.body, held.sha256, held.base_sha256)
    as_author = Sender(author, sender.actor, sender.today, sender.now, is_vouched_for=True)
    try:
        with session.begin_nested():
            decide(session, held, Verdict.ACCEPTED, reason="", decided_by=head, actor=sender.actor, now=sender.now)
            keep_days_still(session, author.id)
            result = take_one(session, came, as_author)
            if result.outcome is Outcome.CONFLICT:
                raise rejected("conflict", _("Di kantor sudah tersimpan versi lain dari catatan ini. Kembalikan saja."))
            if not result.outcome.is_stored:
                raise Refused(result.outcome, result.errors)
    except AlreadyDecided:
        return Accepted(held, is_decided_before=True)
    except Refused as refused:
        said = [fault.message for fault in refused.faults if fault.message] or [""]
        return Accepted(held, said, waits_for_another=refused.outcome is Outcome.LATER)
    return Accepted(held)


def give_back(session: Session, held: Sequence[HeldRecord], *, reason: str, head: User, sender: Sender) -> int:
    """Give records back with a reason, which their author reads on the tablet under "Perlu diperbaiki".

    Returns:
        How many; those that somebody decided before are left as they are.

    Raises:
        ReasonNeeded: without a word.
    """
    returned = 0
    for each in held:
        try:
            with session.begin_nested():
                decide(
                    session,
                    each,
                    Verdict.RETURNED,
                    reason=reason,
                    decided_by=head,
                    actor=sender.actor,
                    now=sender.now,
                )
        except AlreadyDecided:
            continue
        returned += 1
    return returned
