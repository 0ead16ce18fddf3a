"""What happened at a cooperative, from every table that knows of it, as one list: the newest first, page by page."""

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from pendamping.accounts.models import User
from pendamping.activities.models import ActivityStep
from pendamping.activities.policy import is_latest
from pendamping.activities.queries import names_cooperative
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Document, MonthlyFigures
from pendamping.plans.models import Action, ActionStatus, ActionUpdate, UpdateKind
from pendamping.progress.stages.models import DesignationDecision, StageDecision
from pendamping.visits.corrections.models import Correction
from pendamping.visits.models import Visit
from pendamping.visits.schedule.models import PlannedVisit

AHEAD_DAYS = 60
AHEAD_SHOWN = 6


class EventKind(enum.StrEnum):
    """What can happen, in the order in which the events of one day are told: a visit before what came of it."""

    VISIT = "visit"
    ACTIVITY = "activity"
    CORRECTION = "correction"
    CANCELLED = "cancelled_visit"
    AGREED = "agreed"
    REPORTED = "reported_done"
    RETURNED = "returned"
    VERIFIED = "verified"
    DROPPED = "dropped_action"
    DOCUMENT = "document"
    EXPIRED = "expired"
    FIGURES = "figures"
    STAGE = "stage"
    DESIGNATION = "designation"
    ASSIGNMENT = "assignment"

    @property
    def rank(self) -> int:
        return list(EventKind).index(self)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. What `title`, `detail`, `other_on` and `number` hold hangs on the kind; see below."""

    on: dt.date
    kind: EventKind
    id: uuid.UUID
    title: str
    detail: str
    other_on: dt.date | None
    number: int | None
    subject_id: uuid.UUID
    """What its page is about: the visit, the document ..."""

    @property
    def key(self) -> "EventKey":
        return EventKey(self.on, self.kind, self.id)


@dataclass(frozen=True, slots=True)
class EventKey:
    """An event's place in the list, for the address of the page that begins after it."""

    on: dt.date
    kind: EventKind
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.on.isoformat()}.{self.kind}.{self.id.hex}"

    @classmethod
    def parsed(cls, text: str) -> "EventKey | None":
        """What `str` wrote; None for anything else."""
        try:
            on, kind, id_ = text.split(".")
            return cls(dt.date.fromisoformat(on), EventKind(kind), uuid.UUID(hex=id_))
        except ValueError:
            return None


class OfficeDate(FunctionElement[dt.date]):
    """The office's date of an instant, worked out by the database."""

    type = Date()
    inherit_cache = True


@compiles(OfficeDate, "sqlite")
def _office_date_on_sqlite(element: OfficeDate, compiler: SQLCompiler, **kw: Any) -> str:
    # WITA knows no summer time: it is eight hours ahead of UTC all year.
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(OfficeDate, "postgresql")
def _office_date_on_postgresql(element: OfficeDate, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **kw)}) AT TIME ZONE 'Asia/Makassar' AS DATE)"


def events(
    session: Session,
    cooperative_id: uuid.UUID,
    *,
    today: dt.date,
    since: dt.date | None = None,
    kinds: Collection[EventKind] = tuple(EventKind),
    after: EventKey | None = None,
    limit: int,
) -> list[Event]:
    """What happened up to today, the newest first; one query, whatever is asked for.

    Args:
        since: the first day that counts; None for everything.
        after: the last event of the page before.
    """
    branches = [BRANCHES[kind](cooperative_id, today) for kind in EventKind if kind in kinds]
    if not branches:
        return []
    rows = union_all(*branches).subquery("events")
    query = select(rows).where(rows.c.on_date <= today)
    if since:
        query = query.where(rows.c.on_date >= since)
    if after:
        rest = tuple_(rows.c.rank, rows.c.id) > tuple_(literal(after.kind.rank), literal(after.id, Uuid()))
        query = query.where(or_(rows.c.on_date < after.on, and_(rows.c.on_date == after.on, rest)))
    query = query.order_by(rows.c.on_date.desc(), rows.c.rank, rows.c.id).limit(limit)
    return [_event(row._mapping) for row in session.execute(query)]


def _event(row: Mapping[Any, Any]) -> Event:
    return Event(
        on=row["on_date"],
        kind=EventKind(row["kind"]),
        id=row["id"],
        title=row["title"],
        detail=row["detail"],
        other_on=row["other_on"],
        number=row["number"],
        subject_id=row["subject_id"],
    )


def _branch(
    kind: EventKind,
    *,
    on: Any,
    id_: Any,
    title: Any,
    detail: Any = None,
    other_on: Any = None,
    number: Any = None,
    subject: Any = None,
) -> Select[Any]:
    """One table's part of the list; all parts have the same columns of the same types."""
    columns: list[ColumnElement[Any]] = [
        type_coerce(on, Date()).label("on_date"),
        literal(str(kind), String()).label("kind"),
        literal(kind.rank, Integer()).label("rank"),
        type_coerce(id_, Uuid()).label("id"),
        type_coerce(title, String()).label("title"),
        (literal("", String()) if detail is None else type_coerce(detail, String())).label("detail"),
        (cast(null(), Date()) if other_on is None else type_coerce(other_on, Date())).label("other_on"),
        (cast(null(), Integer()) if number is None else type_coerce(number, Integer())).label("number"),
        type_coerce(id_ if subject is None else subject, Uuid()).label("subject_id"),
    ]
    return select(*columns)


def _visits(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: who came.  detail: the mode."""
    branch = _branch(EventKind.VISIT, on=Visit.visited_on, id_=Visit.id, title=User.name, detail=Visit.mode)
    return branch.join(User, User.id == Visit.facilitator_id).where(Visit.cooperative_id == cooperative_id)


def _activities(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """Group activities in which it took part.  title: the topic.  detail: the kind."""
    branch = _branch(
        EventKind.ACTIVITY,
        on=ActivityStep.held_on,
        id_=ActivityStep.activity_id,
        title=ActivityStep.topic,
        detail=ActivityStep.kind,
    )
    return branch.where(is_latest(), names_cooperative(cooperative_id))


def _corrections(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: the reason.  detail: the kind.  other_on: the day of the visit."""
    branch = _branch(
        EventKind.CORRECTION,
        on=OfficeDate(Correction.made_at),
        id_=Correction.id,
        title=Correction.reason,
        detail=Correction.kind,
        other_on=Visit.visited_on,
        subject=Visit.id,
    )
    return branch.join(Visit, Visit.id == Correction.visit_id).where(Visit.cooperative_id == cooperative_id)


def _cancelled_visits(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: why.  detail: the agenda.  other_on: the day it was planned for."""
    branch = _branch(
        EventKind.CANCELLED,
        on=OfficeDate(PlannedVisit.cancelled_at),
        id_=PlannedVisit.id,
        title=PlannedVisit.cancelled_because,
        detail=PlannedVisit.agenda,
        other_on=PlannedVisit.planned_on,
    )
    return branch.where(PlannedVisit.cooperative_id == cooperative_id, PlannedVisit.cancelled_at.is_not(None))


def _agreed(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: the action.  detail: whose it is.  other_on: when it is due."""
    branch = _branch(
        EventKind.AGREED,
        on=Action.agreed_on,
        id_=Action.id,
        title=Action.title,
        detail=Action.owner_role,
        other_on=Action.due_on,
    )
    return branch.where(Action.cooperative_id == cooperative_id, Action.status != ActionStatus.PROPOSED)


def _moved_to(kind: EventKind, status: ActionStatus) -> Callable[[uuid.UUID, dt.date], Select[Any]]:
    def branch_of(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
        """title: the action.  detail: what was said."""
        branch = _branch(
            kind,
            on=OfficeDate(ActionUpdate.made_at),
            id_=ActionUpdate.id,
            title=Action.title,
            detail=ActionUpdate.note,
            subject=Action.id,
        )
        return branch.join(Action, Action.id == ActionUpdate.action_id).where(
            Action.cooperative_id == cooperative_id,
            ActionUpdate.status == status,
            ActionUpdate.kind == UpdateKind.MOVED,
        )

    return branch_of


def _documents(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: the document.  detail: its kind.  other_on: when it runs out."""
    branch = _branch(
        EventKind.DOCUMENT,
        on=OfficeDate(Document.added_at),
        id_=Document.id,
        title=Document.title,
        detail=Document.kind,
        other_on=Document.expires_on,
    )
    return branch.where(Document.cooperative_id == cooperative_id)


def _expired(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """Documents in force until the day before.  title: the document.  detail: its kind."""
    branch = _branch(
        EventKind.EXPIRED, on=Document.expires_on, id_=Document.id, title=Document.title, detail=Document.kind
    )
    return branch.where(
        Document.cooperative_id == cooperative_id,
        Document.expires_on < today,
        Document.replaced_by_id.is_(None),
        Document.withdrawn_at.is_(None),
    )


def _figures(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: by whom.  number: the month as 202604.  detail: "first", or "changed" for a further revision."""
    branch = _branch(
        EventKind.FIGURES,
        on=OfficeDate(MonthlyFigures.recorded_at),
        id_=MonthlyFigures.id,
        title=User.name,
        number=MonthlyFigures.year * 100 + MonthlyFigures.month,
        other_on=None,
        detail=cast(MonthlyFigures.revision, String()),
    )
    return branch.join(User, User.id == MonthlyFigures.author_id).where(MonthlyFigures.cooperative_id == cooperative_id)


def _stages(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: the stage that was decided on.  detail: the verdict."""
    branch = _branch(
        EventKind.STAGE,
        on=StageDecision.decided_on,
        id_=StageDecision.id,
        title=StageDecision.to_stage,
        detail=StageDecision.verdict,
    )
    return branch.where(StageDecision.cooperative_id == cooperative_id)


def _designations(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: the designation's code.  number: 1 if it was given, 0 if it was taken back."""
    branch = _branch(
        EventKind.DESIGNATION,
        on=DesignationDecision.decided_on,
        id_=DesignationDecision.id,
        title=DesignationDecision.designation_code,
        number=cast(DesignationDecision.is_given, Integer()),
    )
    return branch.where(DesignationDecision.cooperative_id == cooperative_id)


def _assignments(cooperative_id: uuid.UUID, today: dt.date) -> Select[Any]:
    """title: who accompanies from that day on.  other_on: until when."""
    branch = _branch(
        EventKind.ASSIGNMENT,
        on=Assignment.starts_on,
        id_=Assignment.id,
        title=User.name,
        other_on=Assignment.ends_on,
    )
    return branch.join(User, User.id == Assignment.facilitator_id).where(Assignment.cooperative_id == cooperative_id)


BRANCHES: Mapping[EventKind, Callable[[uuid.UUID, dt.date], Select[Any]]] = {
    EventKind.VISIT: _visits,
    EventKind.ACTIVITY: _activities,
    EventKind.CORRECTION: _corrections,
    EventKind.CANCELLED: _cancelled_visits,
    EventKind.AGREED: _agreed,
    EventKind.REPORTED: _moved_to(EventKind.REPORTED, ActionStatus.REPORTED_DONE),
    EventKind.RETURNED: _moved_to(EventKind.RETURNED, ActionStatus.RETURNED),
    EventKind.VERIFIED: _moved_to(EventKind.VERIFIED, ActionStatus.VERIFIED),
    EventKind.DROPPED: _moved_to(EventKind.DROPPED, ActionStatus.CANCELLED),
    EventKind.DOCUMENT: _documents,
    EventKind.EXPIRED: _expired,
    EventKind.FIGURES: _figures,
    EventKind.STAGE: _stages,
    EventKind.DESIGNATION: _designations,
    EventKind.ASSIGNMENT: _assignments,
}


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A visit that is still ahead."""

    id: uuid.UUID
    on: dt.date
    starts: dt.time | None
    mode: str
    agenda: str
    facilitator_name: str


def planned_ahead(session: Session, cooperative_id: uuid.UUID, *, today: dt.date) -> list[PlannedLine]:
    """The visits planned for the next weeks, the nearest first, without those that were made or called off."""
    is_done = exists().where(Visit.planned_visit_id == PlannedVisit.id)
    rows = session.execute(
        select(
            PlannedVisit.id,
            PlannedVisit.planned_on,
            PlannedVisit.starts,
            PlannedVisit.mode,
            PlannedVisit.agenda,
            User.name,
        )
        .join(User, User.id == PlannedVisit.facilitator_id)
        .where(
            PlannedVisit.cooperative_id == cooperative_id,
            PlannedVisit.planned_on.between(today, today + dt.timedelta(days=AHEAD_DAYS)),
            PlannedVisit.cancelled_at.is_(None),
            ~is_done,
        )
        .order_by(PlannedVisit.planned_on, PlannedVisit.starts, PlannedVisit.id)
        .limit(AHEAD_SHOWN)
    )
    return [PlannedLine(*row) for row in rows]
