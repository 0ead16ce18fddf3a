"""The kinds that no standing tells of: each feature's own list, as a select, so that one query gathers all of them.

A lister tells one row for each cooperative, or for each facilitator where a matter belongs to no cooperative: how many
there are, since when the oldest waits, and which one it is where there is only one.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from pendamping.accounts.devices.models import Device
from pendamping.accounts.devices.queries import is_silent
from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment, Handover
from pendamping.cooperatives.assignments.policy import visible_handovers
from pendamping.cooperatives.assignments.queries import still_open
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import is_among
from pendamping.field.quarantine.models import HeldRecord
from pendamping.field.quarantine.policy import visible_held
from pendamping.field.quarantine.queries import still_waits
from pendamping.kernel.clock import start_of_day
from pendamping.kernel.tables import UtcDateTime
from pendamping.plans.models import Action, ActionUpdate, UpdateKind
from pendamping.plans.policy import visible_actions
from pendamping.progress.asking.models import Kind
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus
from pendamping.reports.monthly.policy import visible_reports
from pendamping.reports.monthly.queries import owed_reports

Rows = Select[*tuple[Any, ...]]
Lister = Callable[[User, Select[Cooperative], dt.date], Rows]
NO_ID = cast(null(), Uuid())
NO_TEXT = cast(null(), String())


def counted(
    query: Select[Any],
    *,
    since: SQLColumnExpression[dt.datetime] | SQLColumnExpression[dt.datetime | None],
    cooperative_id: SQLColumnExpression[uuid.UUID | None] | None = None,
    facilitator_id: SQLColumnExpression[uuid.UUID | None] | None = None,
    amount: ColumnElement[int] | None = None,
    subject: SQLColumnExpression[uuid.UUID] | None = None,
    detail: ColumnElement[str] | None = None,
) -> Rows:
    """The rows of a select, counted for each cooperative or facilitator.

    since: the oldest tells.  amount: rows when None.  subject: whose page decides; the one where there is one.
    """
    return query.with_only_columns(
        (NO_ID if cooperative_id is None else cooperative_id).label("cooperative_id"),
        (NO_ID if facilitator_id is None else facilitator_id).label("person_id"),
        cast(func.count() if amount is None else amount, Integer).label("amount"),
        func.min(since, type_=UtcDateTime()).label("since"),
        (NO_TEXT if subject is None else func.min(cast(subject, String()))).label("subject"),
        (NO_TEXT if detail is None else func.min(detail)).label("detail"),
    ).group_by(*(column for column in (cooperative_id, facilitator_id) if column is not None))


def _ids(cooperatives: Select[Cooperative]) -> Select[uuid.UUID]:
    return cooperatives.with_only_columns(Cooperative.id)


def _has_accompanied(cooperatives: Select[Cooperative], person: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """That somebody accompanies, or has accompanied, one of these."""
    own = exists().where(Assignment.facilitator_id == person, is_among(cooperatives, Assignment.cooperative_id))
    return own.correlate(person.class_)


def _month_code(year: ColumnElement[int], month: ColumnElement[int]) -> ColumnElement[str]:
    """202603"""
    return cast(year * 100 + month, String())


def _disputes(user: User, cooperatives: Select[Cooperative], today: dt.date) -> Rows:
    """Each with its newest dispute: an earlier one has been settled."""
    actions = visible_actions(user, today=today).where(
        Action.is_disputed, is_among(cooperatives, Action.cooperative_id)
    )
    said_at = (
        select(func.max(ActionUpdate.made_at))
        .where(ActionUpdate.action_id == Action.id, ActionUpdate.kind == UpdateKind.DISPUTED)
        .correlate(Action)
        .scalar_subquery()
    )
    each = actions.with_only_columns(Action.id, Action.cooperative_id, said_at.label("said_at")).subquery()
    return counted(select(each), since=each.c.said_at, cooperative_id=each.c.cooperative_id, subject=each.c.id)


def _handovers(user: User, cooperatives: Select[Cooperative], today: dt.date) -> Rows:
    found = visible_handovers(user, today=today).where(still_open(), is_among(cooperatives, Handover.cooperative_id))
    return counted(found, since=Handover.proposed_at, cooperative_id=Handover.cooperative_id, subject=Handover.id)


def _reports_late(_user: User, cooperatives: Select[Cooperative], today: dt.date) -> Rows:
    """Since the day after the due date."""
    owed = owed_reports(_ids(cooperatives), today=today)
    if not owed:
        nobody = select(User).where(literal(value=False))
        return counted(nobody, since=User.created_at, facilitator_id=User.id)
    months = union_all(
        *(
            query.add_columns(literal(_morning_after(due_on), UtcDateTime()).label("late_since"))
            for due_on, query in owed.items()
        )
    ).subquery()
    return counted(
        select(months),
        since=months.c.late_since,
        facilitator_id=months.c.facilitator_id,
        detail=_month_code(months.c.owed_year, months.c.owed_month),
    )


def _morning_after(day: dt.date) -> dt.datetime:
    return start_of_day(day + dt.timedelta(days=1))


def _reports_waiting(user: User, cooperatives: Select[Cooperative], _today: dt.date) -> Rows:
    reports = visible_reports(user).where(
        MonthlyReport.status == ReportStatus.SENT, _has_accompanied(cooperatives, MonthlyReport.facilitator_id)
    )
    return counted(
        reports,
        since=MonthlyReport.sent_at,
        facilitator_id=MonthlyReport.facilitator_id,
        subject=MonthlyReport.id,
        detail=_month_code(MonthlyReport.year.expression, MonthlyReport.month.expression),
    )


def _quarantine(user: User, cooperatives: Select[Cooperative], today: dt.date) -> Rows:
    """A record that names no cooperative is its author's; who has never accompanied anybody is everybody's."""
    nobodys = ~exists().where(Assignment.facilitator_id == HeldRecord.author_id)
    of_nowhere = and_(
        HeldRecord.cooperative_id.is_(None), or_(_has_accompanied(cooperatives, HeldRecord.author_id), nobodys)
    )
    held = visible_held(user, today=today).where(
        still_waits(), or_(is_among(cooperatives, HeldRecord.cooperative_id), of_nowhere)
    )
    author = case((HeldRecord.cooperative_id.is_(None), HeldRecord.author_id))
    each = held.with_only_columns(
        HeldRecord.id, HeldRecord.cooperative_id, author.label("author_id"), HeldRecord.held_at
    ).subquery()
    return counted(
        select(each),
        since=each.c.held_at,
        cooperative_id=each.c.cooperative_id,
        facilitator_id=each.c.author_id,
        subject=each.c.id,
    )


def _unsent(_user: User, cooperatives: Select[Cooperative], today: dt.date) -> Rows:
    """Silent for two days when today began."""
    devices = select(Device).where(is_silent(start_of_day(today)), _has_accompanied(cooperatives, Device.user_id))
    return counted(
        devices,
        since=Device.last_seen_at,
        facilitator_id=Device.user_id,
        amount=func.sum(Device.waiting_records),
        subject=Device.id,
    )


LISTERS: Mapping[Kind, Lister] = {
    Kind.DISPUTE: _disputes,
    Kind.HAND_OVER: _handovers,
    Kind.REPORT_LATE: _reports_late,
    Kind.REPORT_WAITING: _reports_waiting,
    Kind.QUARANTINE: _quarantine,
    Kind.UNSENT: _unsent,
}
"""The kinds that no standing tells of, each with what it counts within some cooperatives."""


def all_listed(
    user: User, cooperatives: Select[Cooperative], listers: Mapping[Kind, Lister], *, today: dt.date
) -> Select[*tuple[Any, ...]]:
    """All that the listers tell, each row with its kind."""
    parts = []
    for kind, lister in listers.items():
        told = lister(user, cooperatives, today).subquery()
        parts.append(select(literal(str(kind)).label("kind"), *told.c))
    return select(union_all(*parts).subquery())
