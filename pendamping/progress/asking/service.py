"""Verbs: do something about what needs attention, answer what was asked, say that the desk has been seen."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import runs_on
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked, locking
from pendamping.kernel.words import N_
from pendamping.progress.asking.models import Kind, LastLook, Reply, Step, Verb
from pendamping.progress.asking.queries import latest_steps

QUIET_DAYS = 14
"""So long something that is watched stays out of what waits, unless it settles by itself; our proposal."""


class AlreadyAnswered(DomainError):
    code = "attention_already_answered"
    explanation = N_("Pertanyaan ini sudah dijawab. Jawaban yang tersimpan tidak diubah.")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that needs attention: of a cooperative, or of a facilitator where no cooperative is meant."""

    kind: Kind
    cooperative_id: uuid.UUID | None = None
    facilitator_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a batch: what was put down, what had been before, and what nobody could be asked about."""

    made: int
    repeated: int
    unanswerable: int


def act_on(
    session: Session,
    matters: Sequence[Matter],
    *,
    verb: Verb,
    texts: Mapping[Kind, str],
    author_id: uuid.UUID,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> Done:
    """Do the same about several matters at once.

    A matter about which the same was done already, and which still waits, is passed over: a double tap asks once.
    Nobody can be asked about a cooperative that nobody accompanies today.

    Args:
        texts: what to say, by the kind of matter.
    """
    cooperatives = _lock_cooperatives(session, [each.cooperative_id for each in matters if each.cooperative_id])
    _lock_people(session, [each.facilitator_id for each in matters if not each.cooperative_id and each.facilitator_id])
    on_duty = _on_duty(session, list(cooperatives), today)
    waiting = {_key(step): step.verb for step in latest_steps(session, select(Step), matters, today=today)}
    made = repeated = unanswerable = 0
    for matter in dict.fromkeys(matters):
        cooperative = cooperatives.get(matter.cooperative_id) if matter.cooperative_id else None
        facilitator_id = on_duty.get(cooperative.id) if cooperative else matter.facilitator_id
        if waiting.get(_key(matter)) is verb:
            repeated += 1
        elif verb is not Verb.WATCH and (facilitator_id is None or (verb is Verb.ASK_VISIT and cooperative is None)):
            unanswerable += 1
        else:
            step = _step(matter, cooperative, facilitator_id, verb, texts.get(matter.kind, ""))
            step.city_code = step.city_code or _city_of(session, facilitator_id)
            step.author_id, step.made_at, step.made_on = author_id, now, today
            step.quiet_until = today + dt.timedelta(days=QUIET_DAYS) if verb is Verb.WATCH else None
            _put_down(session, step, cooperative, actor, now)
            made += 1
    return Done(made, repeated, unanswerable)


def _key(about: Matter | Step) -> tuple[Kind, uuid.UUID | None, uuid.UUID | None]:
    return about.kind, about.cooperative_id, None if about.cooperative_id else about.facilitator_id


def _step(
    matter: Matter, cooperative: Cooperative | None, facilitator_id: uuid.UUID | None, verb: Verb, text: str
) -> Step:
    return Step(
        city_code=cooperative.city_code if cooperative else "",
        cooperative_id=cooperative.id if cooperative else None,
        facilitator_id=facilitator_id,
        kind=matter.kind,
        verb=verb,
        text=text,
    )


def _put_down(session: Session, step: Step, cooperative: Cooperative | None, actor: Actor, now: dt.datetime) -> None:
    session.add(step)
    session.flush()
    after = {"verb": step.verb, "kind": step.kind, "cooperative": cooperative.code if cooperative else None}
    audit.record(session, actor, "act_on_attention", step, at=now, after={**after, "text": step.text})


def _lock_cooperatives(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Cooperative]:
    query = select(Cooperative).where(Cooperative.id.in_(ids)).order_by(Cooperative.id)
    return {row.id: row for row in session.scalars(locking(query))}


def _lock_people(session: Session, ids: Sequence[uuid.UUID]) -> None:
    if ids:
        session.scalars(locking(select(User).where(User.id.in_(ids)).order_by(User.id))).all()


def _on_duty(session: Session, ids: Sequence[uuid.UUID], today: dt.date) -> dict[uuid.UUID, uuid.UUID]:
    query = select(Assignment.cooperative_id, Assignment.facilitator_id).where(
        Assignment.cooperative_id.in_(ids), runs_on(today)
    )
    return dict(session.execute(query).all())


def _city_of(session: Session, facilitator_id: uuid.UUID | None) -> str:
    """Of the cooperatives that a facilitator last accompanied; empty for one who has none yet."""
    query = select(Assignment.city_code).where(Assignment.facilitator_id == facilitator_id)
    return session.scalar(query.order_by(Assignment.ends_on.desc()).limit(1)) or ""


def answer(session: Session, step: Step, *, text: str, author_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Reply:
    """Answer what was asked, once.

    Raises:
        AlreadyAnswered: somebody has; tried again after another transaction's, this says so too.
    """
    if session.get(Reply, step.id) is not None:
        raise AlreadyAnswered
    reply = Reply(step_id=step.id, city_code=step.city_code, text=text, author_id=author_id, made_at=now)
    session.add(reply)
    session.flush()
    audit.record(session, actor, "answer_attention", reply, at=now, after={"text": text})
    return reply


def mark_seen(session: Session, user: User, *, seen_at: dt.datetime, actor: Actor, now: dt.datetime) -> LastLook:
    """Everything up to an instant has been seen; a page that was opened before another one takes nothing back.

    Args:
        seen_at: when the page that was seen was made; what came in after that is still new.
    """
    locked(session, User, user.id)
    look = session.get(LastLook, user.id)
    before = look.looked_at if look else None
    seen_at = min(seen_at, now)
    if look is None:
        look = LastLook(user_id=user.id, looked_at=seen_at)
        session.add(look)
    look.looked_at = max(look.looked_at, seen_at)
    session.flush()
    audit.record(session, actor, "see_desk", look, at=now, before={"at": before}, after={"at": look.looked_at})
    return look
