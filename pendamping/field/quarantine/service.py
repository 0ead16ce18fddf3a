"""Verbs of the quarantine: hold a record, put down what was decided about it."""

import datetime as dt

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.field.quarantine.models import HeldRecord, QuarantineDecision, Verdict, WhyHeld
from pendamping.field.quarantine.queries import decision_about, held_before
from pendamping.field.service import Place, Received
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.words import N_


class AlreadyDecided(DomainError):
    code = "already_decided"
    explanation = N_("Catatan ini sudah diputuskan.")


class ReasonNeeded(DomainError):
    code = "reason_needed"
    status = 400
    explanation = N_("Tulis alasan pengembaliannya: penulisnya membacanya di tablet.")


def hold(
    session: Session,
    received: Received,
    place: Place | None,
    *,
    why: WhyHeld,
    author: User,
    actor: Actor,
    now: dt.datetime,
) -> HeldRecord:
    """Keep a record word for word until somebody decides about it; the same bytes again change nothing.

    Args:
        place: the cooperative it names, if there is such a one.
        actor: whoever brought it, which is not always its author.
    """
    before = held_before(session, author_id=author.id, record_id=received.id, sha256=received.sha256)
    if before is not None:
        return before
    held = HeldRecord(
        cooperative_id=place.cooperative_id if place else None,
        city_code=place.city_code if place else None,
        author_id=author.id,
        record_id=received.id,
        kind=received.kind,
        v=received.v,
        base_sha256=received.base_sha256,
        body=received.body,
        sha256=received.sha256,
        why=why,
        brought_by=actor.name,
        held_at=now,
    )
    session.add(held)
    session.flush()
    after = {"record": received.id, "kind": received.kind, "why": why, "author": author.username}
    audit.record(session, actor, "hold_record", held, at=now, after={**after, "sha256": received.sha256})
    return held


def decide(
    session: Session,
    held: HeldRecord,
    verdict: Verdict,
    *,
    reason: str,
    decided_by: User,
    actor: Actor,
    now: dt.datetime,
) -> QuarantineDecision:
    """Put down what becomes of a held record.

    Raises:
        AlreadyDecided: somebody was first.
        ReasonNeeded: it is given back without a word.
    """
    locked(session, HeldRecord, held.id)
    if decision_about(session, held.id) is not None:
        raise AlreadyDecided
    if verdict is Verdict.RETURNED and not reason.strip():
        raise ReasonNeeded
    decision = QuarantineDecision(
        held_id=held.id, verdict=verdict, reason=reason.strip(), decided_by_id=decided_by.id, decided_at=now
    )
    session.add(decision)
    session.flush()
    after = {"verdict": verdict, "reason": decision.reason, "record": held.record_id}
    audit.record(session, actor, "decide_held_record", held, at=now, after=after)
    return decision
