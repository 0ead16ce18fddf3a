"""Verbs of plans: move an action through its life, each step once, with its author and its reason."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.attachments.service import claim
from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.definition import Item
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_
from pendamping.plans.life import STILL_GOING, may_be_verified_from_afar, may_move, needs_reason
from pendamping.plans.models import (
    MOST_PROOFS,
    OPEN_STATUSES,
    Action,
    ActionDueChange,
    ActionProof,
    ActionStatus,
    ActionUpdate,
    UpdateKind,
)
from pendamping.plans.service import ActionConflict


class ActionNotGoing(DomainError):
    code = "action_not_going"
    explanation = N_("Tindakan ini sudah dilaporkan selesai atau ditutup, jadi statusnya tidak diubah lagi.")


class StepNotAllowed(DomainError):
    code = "step_not_allowed"
    explanation = N_("Langkah ini tidak berlaku untuk tindakan dengan status sekarang. Muat ulang halamannya.")


class ActionChanged(DomainError):
    code = "action_changed"
    explanation = N_(
        "Tindakan ini baru saja diubah orang lain. Periksa keadaannya yang terbaru; isian Anda belum disimpan."
    )


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 400
    explanation = N_("Tulis alasannya.")


class DueUnchanged(DomainError):
    code = "due_unchanged"
    status = 400
    explanation = N_("Tenggatnya masih sama. Pilih tanggal lain.")


class DueInThePast(DomainError):
    code = "due_in_the_past"
    status = 400
    explanation = N_("Tenggat baru paling awal hari ini.")


class ProofMissing(DomainError):
    code = "proof_missing"
    status = 400
    explanation = N_("Berkas bukti belum sampai atau bukan kiriman Anda. Tambahkan sekali lagi.")


class TooManyProofs(DomainError):
    code = "too_many_proofs"
    status = 400
    explanation = N_("Paling banyak %(most)s berkas bukti sekali kirim.")


class NeedsAVisit(DomainError):
    code = "needs_a_visit"
    explanation = N_(
        "Butir ini diperiksa dengan melihat langsung atau wawancara, jadi diperiksa pada kunjungan berikutnya."
    )


class Step(TypedDict):
    """What every step says besides where it goes: who makes it, when, and what they had before them."""

    author_id: uuid.UUID
    actor: Actor
    now: dt.datetime
    update_id: NotRequired[uuid.UUID | None]
    seen_revision: NotRequired[int | None]


def held(session: Session, action: Action, seen_revision: int | None = None) -> Action:
    """The action as it stands now, and nobody else's until the transaction ends.

    Raises:
        ActionChanged: it is not what the page showed any more.
    """
    locked(session, Action, action.id)
    if seen_revision is not None and seen_revision != action.revision:
        raise ActionChanged
    return action


def put_down(
    session: Session,
    action: Action,
    kind: UpdateKind,
    *,
    note: str,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    to: ActionStatus | None = None,
    update_id: uuid.UUID | None = None,
    visit_id: uuid.UUID | None = None,
    verb: str,
) -> ActionUpdate:
    """Add a step to the life of an action that is held. The rules are its callers': it checks none."""
    before = {"status": action.status, "revision": action.revision}
    if to is not None and to is not action.status:
        action.status, action.status_at = to, now
    action.is_disputed = action.is_disputed and action.status in OPEN_STATUSES
    last = session.scalar(select(func.max(ActionUpdate.number)).where(ActionUpdate.action_id == action.id))
    action.revision = (last or 0) + 1
    update = ActionUpdate(
        id=update_id or uuid.uuid4(),
        action_id=action.id,
        city_code=action.city_code,
        number=action.revision,
        kind=kind,
        status=action.status,
        note=note,
        visit_id=visit_id,
        author_id=author_id,
        made_at=now,
    )
    session.add(update)
    session.flush()
    after = {"status": action.status, "number": update.number, "kind": kind, "visit_id": visit_id}
    audit.record(session, actor, verb, action, at=now, before=before, after=after)
    return update


def made_before(
    session: Session, action: Action, update_id: uuid.UUID | None, author_id: uuid.UUID
) -> ActionUpdate | None:
    """The step that a second tap sends again.

    Raises:
        ActionConflict: the id stands for another step.
    """
    stored = session.get(ActionUpdate, update_id) if update_id else None
    if stored is not None and (stored.action_id, stored.author_id) != (action.id, author_id):
        raise ActionConflict
    return stored


_VERBS = {
    ActionStatus.AGREED: "agree_action",
    ActionStatus.RUNNING: "note_progress",
    ActionStatus.REPORTED_DONE: "report_action_done",
    ActionStatus.VERIFIED: "verify_action",
    ActionStatus.RETURNED: "send_action_back",
    ActionStatus.CANCELLED: "cancel_action",
}


def move_action(
    session: Session,
    action: Action,
    *,
    to: ActionStatus,
    note: str = "",
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    attachments: Sequence[uuid.UUID] = (),
    update_id: uuid.UUID | None = None,
    seen_revision: int | None = None,
) -> ActionUpdate:
    """Move an action, as `life.ALLOWED` lets its author; once, however often the same step is sent.

    Args:
        note: the reason, where `life.needs_reason`.
        attachments: files that show it; they must have come in, sent by the author.
        update_id: of the step, where the page or the tablet made one.
        seen_revision: what the page showed; None for a record that was written without a network.

    Raises:
        StepNotAllowed: not from this status, or not by this person.
        ReasonMissing, ActionChanged, ActionConflict: as they say.
        ProofMissing, TooManyProofs, ForeignAttachment: of a file.
    """
    held(session, action)
    stored = made_before(session, action, update_id, author_id)
    if stored is not None:
        return stored
    held(session, action, seen_revision)
    _refuse_move(action, to, note, session.get_one(User, author_id).role)
    update = put_down(
        session,
        action,
        _kind_of(action.status, to),
        note=note,
        author_id=author_id,
        actor=actor,
        now=now,
        to=to,
        update_id=update_id,
        verb=_VERBS[to] if action.status is not ActionStatus.CANCELLED else "reopen_action",
    )
    _attach(session, action, update, attachments)
    return update


def _refuse_move(action: Action, to: ActionStatus, note: str, role: Role) -> None:
    if not may_move(role, action.status, to):
        raise StepNotAllowed
    if needs_reason(action.status, to) and not note.strip():
        raise ReasonMissing


def _kind_of(before: ActionStatus, after: ActionStatus) -> UpdateKind:
    if before is not after:
        return UpdateKind.MOVED
    return UpdateKind.PROVED if after is ActionStatus.REPORTED_DONE else UpdateKind.NOTED


def _attach(session: Session, action: Action, update: ActionUpdate, attachments: Sequence[uuid.UUID]) -> None:
    ids = list(dict.fromkeys(attachments))
    if len(ids) > MOST_PROOFS:
        raise TooManyProofs(most=str(MOST_PROOFS))
    arrived = session.scalars(select(Attachment.id).where(Attachment.id.in_(ids))).all() if ids else []
    if len(arrived) != len(ids):
        raise ProofMissing
    cooperative = session.get_one(Cooperative, action.cooperative_id)
    claim(session, ids, cooperative=cooperative, uploader_id=update.author_id)
    for position, attachment_id in enumerate(ids):
        session.add(
            ActionProof(
                action_update_id=update.id,
                city_code=action.city_code,
                attachment_id=attachment_id,
                position=position,
            )
        )
    session.flush()


# By name --------------------------------------------------------------------------------------------------------------


def start(session: Session, action: Action, *, note: str = "", **step: Unpack[Step]) -> ActionUpdate:
    """Say that work has begun, or how it goes."""
    return move_action(session, action, to=ActionStatus.RUNNING, note=note, **step)


def note_progress(
    session: Session, action: Action, *, status: ActionStatus, note: str, **step: Unpack[Step]
) -> ActionUpdate:
    """What the facilitator notes between visits: how it goes, or that it is given up.

    Raises:
        ActionNotGoing: it has been reported done, verified or cancelled.
    """
    held(session, action)
    is_new = made_before(session, action, step.get("update_id"), step["author_id"]) is None
    if is_new and action.status not in STILL_GOING:
        raise ActionNotGoing
    return move_action(session, action, to=status, note=note, **step)


def report_done(
    session: Session, action: Action, *, note: str, attachments: Sequence[uuid.UUID] = (), **step: Unpack[Step]
) -> ActionUpdate:
    """The cooperative says that it is done, and shows it; or shows more of it while the facilitator has not looked."""
    return move_action(session, action, to=ActionStatus.REPORTED_DONE, note=note, attachments=attachments, **step)


def verify(
    session: Session, action: Action, *, note: str, items: Mapping[str, Item], **step: Unpack[Step]
) -> ActionUpdate:
    """Close an action from its proof, without a visit.

    The answers that caused it stay what they are: their items are asked again at the next visit, and the score moves
    then.

    Args:
        note: what was looked at.
        items: of the instruments in force; they say how they are checked.

    Raises:
        NeedsAVisit: one of its items is checked by being there or by asking people.
        ReasonMissing: nothing says what was looked at.
    """
    if not may_be_verified_from_afar([items[each] for each in action.item_ids if each in items]):
        raise NeedsAVisit
    if not note.strip():
        raise ReasonMissing
    return move_action(session, action, to=ActionStatus.VERIFIED, note=note, **step)


def send_back(session: Session, action: Action, *, reason: str, **step: Unpack[Step]) -> ActionUpdate:
    """What was reported done, or taken for it, is not."""
    return move_action(session, action, to=ActionStatus.RETURNED, note=reason, **step)


def cancel(session: Session, action: Action, *, reason: str, **step: Unpack[Step]) -> ActionUpdate:
    """Give an action up for good."""
    return move_action(session, action, to=ActionStatus.CANCELLED, note=reason, **step)


def reopen(session: Session, action: Action, *, reason: str, **step: Unpack[Step]) -> ActionUpdate:
    """Take an action up again that was cancelled; one that was verified is sent back instead."""
    return move_action(session, action, to=ActionStatus.AGREED, note=reason, **step)


def change_due(
    session: Session,
    action: Action,
    *,
    due_on: dt.date,
    reason: str,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    update_id: uuid.UUID | None = None,
    seen_revision: int | None = None,
) -> ActionUpdate:
    """Move the day until which an action is to be done; each change is kept, and counted.

    Raises:
        StepNotAllowed: it is closed, or the author is no facilitator.
        ReasonMissing, DueUnchanged, DueInThePast, ActionChanged, ActionConflict: as they say.
    """
    held(session, action)
    stored = made_before(session, action, update_id, author_id)
    if stored is not None:
        return stored
    held(session, action, seen_revision)
    if action.status not in OPEN_STATUSES or session.get_one(User, author_id).role is not Role.FACILITATOR:
        raise StepNotAllowed
    if not reason.strip():
        raise ReasonMissing
    if due_on == action.due_on:
        raise DueUnchanged
    if due_on < max(office_date(now), action.agreed_on):
        raise DueInThePast
    before, action.due_on = action.due_on, due_on
    action.due_changes += 1
    update = put_down(
        session,
        action,
        UpdateKind.DUE_CHANGED,
        note=reason,
        author_id=author_id,
        actor=actor,
        now=now,
        update_id=update_id,
        verb="change_action_due",
    )
    session.add(ActionDueChange(update_id=update.id, city_code=action.city_code, due_before=before, due_after=due_on))
    session.flush()
    return update
