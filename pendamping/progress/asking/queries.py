"""What pages and verbs read of what the agency asked."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode
from pendamping.kernel.statement_cache import built_once
from pendamping.progress.asking.models import Kind, LastLook, Reply, Step, Verb
from pendamping.visits.models import Visit


class About(Protocol):
    """Anything that is of a kind and about a cooperative or a facilitator."""

    @property
    def kind(self) -> Kind: ...
    @property
    def cooperative_id(self) -> uuid.UUID | None: ...
    @property
    def facilitator_id(self) -> uuid.UUID | None: ...


@dataclass(frozen=True, slots=True)
class StepView:
    """What was asked of whom, and the answer; `is_settled` once it is answered or the visit has been made."""

    id: uuid.UUID
    kind: Kind
    verb: Verb
    text: str
    cooperative: NameAndCode | None
    facilitator_name: str | None
    author_name: str
    made_at: dt.datetime
    reply: str | None
    replied_by: str | None
    replied_at: dt.datetime | None
    visited_on: dt.date | None

    @property
    def is_settled(self) -> bool:
        return self.reply is not None or self.visited_on is not None


def _visited_since() -> Select[dt.date | None]:
    """The first visit to the step's cooperative that was made and came in after the asking, for a wish for a visit."""
    return (
        select(func.min(Visit.visited_on))
        .where(
            Step.verb == Verb.ASK_VISIT,
            Visit.cooperative_id == Step.cooperative_id,
            Visit.visited_on >= Step.made_on,
            Visit.received_at > Step.made_at,
        )
        .correlate(Step)
    )


def is_waiting(today: dt.date) -> tuple[ColumnElement[bool]]:
    """Conditions on a step that still keeps its matter out of what waits for the agency: a question without an answer,
    a wish without a visit, something that is watched until a day. For `where(*...)`.
    """
    answered = exists().where(Reply.step_id == Step.id).correlate(Step)
    return (
        or_(
            and_(Step.verb == Verb.WATCH, Step.quiet_until >= today),
            and_(Step.verb != Verb.WATCH, ~answered, _visited_since().scalar_subquery().is_(None)),
        ),
    )


def latest_steps(session: Session, steps: Select[Step], matters: Sequence[About], *, today: dt.date) -> list[Step]:
    """The newest step of each of these matters, where it still keeps the matter out of what waits; one query."""
    if not matters:
        return []
    waiting = steps.where(_about(), *is_waiting(today)).order_by(Step.made_at, Step.id)
    newest = {
        (each.kind, each.cooperative_id, None if each.cooperative_id else each.facilitator_id): each
        for each in session.scalars(waiting, _named(matters))
    }
    return list(newest.values())


def step_views(
    session: Session, steps: Select[Step], *, limit: int, matters: Sequence[About] | None = None
) -> list[StepView]:
    """Steps with what became of them, the newest first; one query.

    Args:
        matters: only the steps about these; all when None.
    """
    query = _views(steps, limit, are_about_some=matters is not None)
    rows = session.execute(query, {} if matters is None else _named(matters))
    return [
        StepView(
            id=step.id,
            kind=step.kind,
            verb=step.verb,
            text=step.text,
            cooperative=NameAndCode(code, name) if code and name else None,
            facilitator_name=asked_of_name,
            author_name=author_name,
            made_at=step.made_at,
            reply=reply.text if reply else None,
            replied_by=replier_name,
            replied_at=reply.made_at if reply else None,
            visited_on=visited_on,
        )
        for step, code, name, asked_of_name, author_name, reply, replier_name, visited_on in rows
    ]


def _about() -> ColumnElement[bool]:
    """That a step is about one of the matters whose cooperatives and people `_named` hands in."""
    about_a_person = and_(Step.cooperative_id.is_(None), Step.facilitator_id.in_(bindparam("people", expanding=True)))
    return or_(Step.cooperative_id.in_(bindparam("cooperative_ids", expanding=True)), about_a_person)


def _named(matters: Sequence[About]) -> dict[str, list[uuid.UUID]]:
    return {
        "cooperative_ids": list({each.cooperative_id for each in matters if each.cooperative_id}),
        "people": list({each.facilitator_id for each in matters if not each.cooperative_id and each.facilitator_id}),
    }


@built_once
def _views(
    steps: Select[Step], limit: int, *, are_about_some: bool
) -> Select[Step, str | None, str | None, str | None, str, Reply | None, str | None, dt.date | None]:
    chosen = steps.where(_about()) if are_about_some else steps
    return _with_reply(chosen).order_by(Step.made_at.desc(), Step.id).limit(limit)


def _with_reply(
    steps: Select[Step],
) -> Select[Step, str | None, str | None, str | None, str, Reply | None, str | None, dt.date | None]:
    asked_of, author, replier = aliased(User), aliased(User), aliased(User)
    return (
        steps.outerjoin(Cooperative, Cooperative.id == Step.cooperative_id)
        .outerjoin(asked_of, asked_of.id == Step.facilitator_id)
        .join(author, author.id == Step.author_id)
        .outerjoin(Reply, Reply.step_id == Step.id)
        .outerjoin(replier, replier.id == Reply.author_id)
        .with_only_columns(
            Step,
            Cooperative.code,
            Cooperative.short_name,
            asked_of.name,
            author.name,
            Reply,
            replier.name,
            _visited_since().scalar_subquery(),
        )
    )


def accompanying(session: Session, cooperative_ids: Select[uuid.UUID], *, among: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Who of some people accompanies, or has accompanied, any of these cooperatives."""
    own = Assignment.cooperative_id.in_(cooperative_ids)
    query = select(Assignment.facilitator_id).where(own, Assignment.facilitator_id.in_(among))
    return set(session.scalars(query.distinct()))


def waiting_for(session: Session, steps: Select[Step], *, limit: int, today: dt.date) -> list[StepView]:
    """What is asked and neither answered nor settled by a visit, the newest first; one query."""
    return step_views(session, _open_ones(steps, today), limit=limit)


@built_once
def _open_ones(steps: Select[Step], today: dt.date) -> Select[Step]:
    return steps.where(Step.verb != Verb.WATCH, *is_waiting(today))


def looked_at(session: Session, user_id: uuid.UUID) -> dt.datetime | None:
    return session.scalar(_last_look(user_id))


@built_once
def _last_look(user_id: uuid.UUID) -> Select[dt.datetime]:
    return select(LastLook.looked_at).where(LastLook.user_id == user_id)
