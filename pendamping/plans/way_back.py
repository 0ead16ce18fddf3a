"""The way back: what a visit found becomes what the plan says, in the transaction that stores the visit."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.definition import Item
from pendamping.instruments.due import facts_when_given, is_expired
from pendamping.instruments.queries import PublishedInstrument
from pendamping.kernel.audit import Actor
from pendamping.kernel.bulk import read
from pendamping.kernel.clock import office_instant
from pendamping.plans.life import MOVED_BY_VISITS, Look, after_visit, look
from pendamping.plans.models import NOTE_LENGTH, Action, ActionItem, ActionStatus, ActionUpdate, UpdateKind
from pendamping.plans.moves import held, put_down
from pendamping.visits.assessments import held_against
from pendamping.visits.log import facts_of
from pendamping.visits.models import Answer, Visit
from pendamping.visits.queries import RecordedAnswer, current_answers


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a visit knows: the items it was pinned to, the answers that count now, and when it ended."""

    visit: Visit
    items: Mapping[str, Item]
    answers: Mapping[str, RecordedAnswer]
    asked: Collection[str]
    """Items whose newest answer is this visit's; a later visit has spoken about the others."""
    looks: Mapping[str, Look]
    ended_at: dt.datetime

    def verdict(self, action: Action, status: ActionStatus, since: dt.datetime) -> ActionStatus | None:
        looks = {item_id: self.looks.get(item_id, Look.SILENT) for item_id in action.item_ids}
        return after_visit(status, looks, asked=self.asked, was_before=since <= self.ended_at)


def look_again(
    session: Session,
    cooperative: Cooperative,
    visit: Visit,
    *,
    instruments: Sequence[PublishedInstrument],
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> list[ActionUpdate]:
    """Verify and send back actions by what a visit, just stored or put right, says of their items.

    A visit that is put right takes back what it had done to an action that nobody has touched since. Actions that were
    agreed at the visit itself, or after it, are not looked at.

    Args:
        instruments: the versions that the visit is pinned to.

    Returns:
        The steps that were added.
    """
    moved, waiting = _moved_by(session, visit), _waiting_for(session, visit)
    if not moved and not waiting:
        return []
    seen = _seen(session, cooperative, visit, instruments)
    steps = [_put_right(session, seen, action, own, author_id, actor, now) for action, own in moved]
    touched = {action.id for action, _own in moved}
    for action in waiting:
        verdict = seen.verdict(action, action.status, action.status_at) if action.id not in touched else None
        if verdict is not None:
            held(session, action)
            steps.append(_step(session, seen, action, verdict, author_id, actor, now))
    return [step for step in steps if step]


def _seen(
    session: Session, cooperative: Cooperative, visit: Visit, instruments: Sequence[PublishedInstrument]
) -> _Seen:
    items = {item.id: item for each in instruments for item in each.instrument.items}
    answers = held_against(session, instruments, current_answers(session, cooperative.id)).standing
    asked = {item_id for item_id, each in answers.items() if each.visit_id == visit.id}
    facts = facts_of(cooperative, visit.visited_on)
    looks = {
        item_id: look(items[item_id], each.answer, facts_when_given(facts, each.answered_on))
        for item_id, each in answers.items()
        if item_id in items and not is_expired(items[item_id], each.answered_on, on=visit.visited_on)
    }
    ended_at = office_instant(visit.visited_on, visit.ended or visit.started or dt.time.max)
    return _Seen(visit, items, answers, asked, looks, ended_at)


def _waiting_for(session: Session, visit: Visit) -> list[Action]:
    """Only those on items that the visit answered; about the others it says nothing (`life.after_visit`)."""
    terms = {"visit_id": visit.id, "cooperative_id": visit.cooperative_id, "visited_on": visit.visited_on}
    return [session.get_one(Action, id_) for id_ in read(session, _waiting(), terms).scalars()]


@cache
def _waiting() -> Select[uuid.UUID]:
    """Made once, because every visit that comes in runs it, and making it takes longer."""
    answered = select(Answer.item_id).where(Answer.visit_id == bindparam("visit_id"))
    is_further = exists().where(ActionItem.action_id == Action.id, ActionItem.item_id.in_(answered))
    return (
        select(Action.id)
        .where(
            Action.cooperative_id == bindparam("cooperative_id"),
            Action.status.in_(MOVED_BY_VISITS),
            Action.agreed_on <= bindparam("visited_on"),
            or_(Action.visit_id.is_(None), Action.visit_id != bindparam("visit_id")),
            or_(Action.item_id.in_(answered), is_further),
        )
        .order_by(Action.created_at, Action.id)
    )


def _moved_by(session: Session, visit: Visit) -> list[tuple[Action, ActionUpdate]]:
    """Actions whose last step is this visit's own; a visit that has just come in has made none."""
    if visit.revision == 1:
        return []
    query = (
        select(Action, ActionUpdate)
        .join(ActionUpdate, (ActionUpdate.action_id == Action.id) & (ActionUpdate.number == Action.revision))
        .where(ActionUpdate.visit_id == visit.id)
    )
    return [(action, update) for action, update in session.execute(query)]


def _put_right(
    session: Session,
    seen: _Seen,
    action: Action,
    own: ActionUpdate,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> ActionUpdate | None:
    """What the visit had made of an action is weighed again as if it had not; None where it comes to the same."""
    is_of_others = or_(ActionUpdate.visit_id.is_(None), ActionUpdate.visit_id != seen.visit.id)
    before = session.scalars(
        select(ActionUpdate)
        .where(ActionUpdate.action_id == action.id, ActionUpdate.number < own.number, is_of_others)
        .where(or_(ActionUpdate.kind == UpdateKind.MOVED, ActionUpdate.kind == UpdateKind.ACCEPTED))
        .order_by(ActionUpdate.number.desc())
        .limit(1)
    ).one()
    verdict = seen.verdict(action, before.status, before.made_at) or before.status
    if verdict is action.status:
        return None
    held(session, action)
    return _step(session, seen, action, verdict, author_id, actor, now)


def _step(
    session: Session,
    seen: _Seen,
    action: Action,
    verdict: ActionStatus,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> ActionUpdate:
    verbs = {ActionStatus.VERIFIED: "verify_action", ActionStatus.RETURNED: "send_action_back"}
    return put_down(
        session,
        action,
        UpdateKind.MOVED,
        note=_why(seen, action, verdict),
        author_id=author_id,
        actor=actor,
        now=now,
        to=verdict,
        visit_id=seen.visit.id,
        verb=verbs.get(verdict, "take_back_step"),
    )


def _why(seen: _Seen, action: Action, verdict: ActionStatus) -> str:
    """In the language of the plan, whoever reads it later: which items decided it, and what was noted at them."""
    wanted = {ActionStatus.VERIFIED: Look.PROVEN, ActionStatus.RETURNED: Look.POOR}.get(verdict)
    words = {Look.PROVEN: "baik dan terbukti", Look.POOR: "masih kurang"}
    if wanted is None:
        return "Jawaban kunjungannya diperbaiki, jadi langkah tadi ditarik."
    told = [
        _told(seen, item_id, words[wanted])
        for item_id in action.item_ids
        if item_id in seen.asked and seen.looks.get(item_id) is wanted
    ]
    return " ".join(told)[:NOTE_LENGTH] or "Jawaban kunjungannya diperbaiki."


def _told(seen: _Seen, item_id: str, words: str) -> str:
    note = seen.answers[item_id].answer.note
    sentence = f"{item_id} {seen.items[item_id].label_id}: {words}."
    return f"{sentence} {note}" if note else sentence
