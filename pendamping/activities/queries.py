"""What pages read of group activities."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.activities.models import (
    Activity,
    ActivityAction,
    ActivityKind,
    ActivityPhoto,
    ActivityPresence,
    ActivityStep,
)
from pendamping.activities.policy import is_latest
from pendamping.activities.rules import Presence, Terms
from pendamping.attachments.models import Attachment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.kernel.paging import DayKey
from pendamping.plans.models import Action, ActionStatus


@dataclass(frozen=True, slots=True)
class StepView:
    """What was said of an activity from one moment on, and by whom."""

    number: int
    terms: Terms
    reason: str
    author_name: str
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity with all steps of its record, the newest first."""

    id: uuid.UUID
    author_id: uuid.UUID
    steps: Sequence[StepView]

    @property
    def latest(self) -> StepView:
        return self.steps[0]


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One activity of a list: what, when, where, and how many came from how many cooperatives."""

    id: uuid.UUID
    held_on: dt.date
    kind: ActivityKind
    place: str
    topic: str
    cooperatives: int
    people: int
    actions: int

    @property
    def key(self) -> DayKey:
        return DayKey(self.held_on, self.id)


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """What an agreement has become in one cooperative's plan."""

    id: uuid.UUID
    cooperative: NameAndCode
    cooperative_id: uuid.UUID
    title: str
    status: ActionStatus
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Origin:
    """The activity at which an action was agreed."""

    activity_id: uuid.UUID
    held_on: dt.date
    kind: ActivityKind
    topic: str


def activity_with_steps(session: Session, activity_id: uuid.UUID) -> ActivityView:
    """With its whole past; two queries."""
    rows = session.execute(
        select(ActivityStep, User.name, Activity.author_id)
        .join(User, User.id == ActivityStep.author_id)
        .join(Activity, Activity.id == ActivityStep.activity_id)
        .where(ActivityStep.activity_id == activity_id)
        .order_by(ActivityStep.number.desc())
    ).all()
    came = _presences(session, [step.id for step, *_rest in rows])
    steps = [_step(step, name, came.get(step.id, ())) for step, name, _author in rows]
    return ActivityView(activity_id, rows[0][2], steps)


def _presences(session: Session, step_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Presence, ...]]:
    """In the order of the cooperatives' names."""
    query = (
        select(ActivityPresence)
        .join(Cooperative, Cooperative.id == ActivityPresence.cooperative_id)
        .where(ActivityPresence.step_id.in_(step_ids))
        .order_by(Cooperative.short_name, Cooperative.id)
    )
    found: dict[uuid.UUID, tuple[Presence, ...]] = {}
    for row in session.scalars(query):
        found[row.step_id] = (*found.get(row.step_id, ()), Presence(row.cooperative_id, row.people, row.names))
    return found


def _step(step: ActivityStep, author_name: str, presences: tuple[Presence, ...]) -> StepView:
    terms = Terms(step.held_on, step.kind, step.place, step.topic, step.minutes, presences)
    return StepView(step.number, terms, step.reason, author_name, step.recorded_at)


def activity_lines(
    session: Session,
    activities: Select[Activity],
    *,
    kind: ActivityKind | None = None,
    cooperative_id: uuid.UUID | None = None,
    after: DayKey | None = None,
    limit: int,
) -> list[ActivityLine]:
    """Those among `activities`, the newest first; one query, however long the list is.

    Args:
        cooperative_id: only those in which this cooperative took part.
        after: the last line of the page before.
    """
    of_step = ActivityPresence.step_id == ActivityStep.id
    cooperatives = select(func.count()).where(of_step).correlate(ActivityStep).scalar_subquery()
    people = select(func.sum(ActivityPresence.people)).where(of_step).correlate(ActivityStep).scalar_subquery()
    actions = (
        select(func.count())
        .where(ActivityAction.activity_id == ActivityStep.activity_id)
        .correlate(ActivityStep)
        .scalar_subquery()
    )
    query = select(ActivityStep, cooperatives, people, actions).where(
        is_latest(), ActivityStep.activity_id.in_(activities.with_only_columns(Activity.id))
    )
    if kind is not None:
        query = query.where(ActivityStep.kind == kind)
    if cooperative_id is not None:
        query = query.where(names_cooperative(cooperative_id))
    if after is not None:
        is_older, is_beside = ActivityStep.held_on < after.on, ActivityStep.held_on == after.on
        query = query.where(or_(is_older, and_(is_beside, ActivityStep.activity_id > after.id)))
    query = query.order_by(ActivityStep.held_on.desc(), ActivityStep.activity_id).limit(limit)
    return [
        ActivityLine(
            id=step.activity_id,
            held_on=step.held_on,
            kind=step.kind,
            place=step.place,
            topic=step.topic,
            cooperatives=cooperatives_,
            people=people_ or 0,
            actions=actions_,
        )
        for step, cooperatives_, people_, actions_ in session.execute(query)
    ]


def names_cooperative(cooperative_id: uuid.UUID) -> ColumnElement[bool]:
    """That a step of a record says that a cooperative took part."""
    is_theirs = ActivityPresence.cooperative_id == cooperative_id
    return exists().where(ActivityPresence.step_id == ActivityStep.id, is_theirs)


def actions_agreed_at(session: Session, activity_id: uuid.UUID) -> list[AgreedAction]:
    """What its agreements have become, by title and cooperative; one query."""
    query = (
        select(Action, Cooperative)
        .join(ActivityAction, ActivityAction.action_id == Action.id)
        .join(Cooperative, Cooperative.id == Action.cooperative_id)
        .where(ActivityAction.activity_id == activity_id)
        .order_by(Action.title, Cooperative.short_name, Action.id)
    )
    return [
        AgreedAction(action.id, name_and_code(cooperative), cooperative.id, action.title, action.status, action.due_on)
        for action, cooperative in session.execute(query)
    ]


def photo_ids(session: Session, activity_id: uuid.UUID) -> list[uuid.UUID]:
    query = select(ActivityPhoto.attachment_id).where(ActivityPhoto.activity_id == activity_id)
    return list(session.scalars(query.order_by(ActivityPhoto.position)))


def photo_of(session: Session, activity_id: uuid.UUID, attachment_id: uuid.UUID) -> Attachment | None:
    """The file of one of its photos; None for any other file."""
    query = select(Attachment).join(ActivityPhoto, ActivityPhoto.attachment_id == Attachment.id)
    return session.scalar(query.where(ActivityPhoto.activity_id == activity_id, Attachment.id == attachment_id))


def origins_of(session: Session, cooperative_id: uuid.UUID) -> dict[uuid.UUID, Origin]:
    """By action: at which activity the actions of a cooperative were agreed, of those that were; one query."""
    query = (
        select(ActivityAction.action_id, ActivityStep)
        .join(Action, Action.id == ActivityAction.action_id)
        .join(ActivityStep, ActivityStep.activity_id == ActivityAction.activity_id)
        .where(Action.cooperative_id == cooperative_id, is_latest())
    )
    return {action_id: _origin(step) for action_id, step in session.execute(query)}


def origin_of(session: Session, action_id: uuid.UUID) -> Origin | None:
    """At which activity an action was agreed; None for one that was agreed elsewhere."""
    query = (
        select(ActivityStep)
        .join(ActivityAction, ActivityAction.activity_id == ActivityStep.activity_id)
        .where(ActivityAction.action_id == action_id, is_latest())
    )
    step = session.scalar(query)
    return _origin(step) if step else None


def _origin(step: ActivityStep) -> Origin:
    return Origin(step.activity_id, step.held_on, step.kind, step.topic)
