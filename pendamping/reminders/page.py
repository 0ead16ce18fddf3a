"""What the page of reminders shows: a person's own, the newest day first, each leading to the very thing."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.reminders.models import Notification
from pendamping.reminders.policy import visible_notifications
from pendamping.reminders.queries import NotificationView, notification_views
from pendamping.reminders.rules import RuleCode


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One reminder with its address; None where the reader has no page about it."""

    view: NotificationView
    url: str | None

    @property
    def is_new(self) -> bool:
        return self.view.read_at is None and self.view.settled_at is None


@dataclass(frozen=True, slots=True)
class ReminderDay:
    """What one day brought."""

    on: dt.date
    lines: Sequence[ReminderLine]


@dataclass(frozen=True, slots=True)
class RemindersPage:
    days: Sequence[ReminderDay]
    unread: int
    """Of the lines that are shown."""
    next_after: uuid.UUID | None


def reminders_page(session: Session, user: User, *, after: str | None, size: int) -> RemindersPage:
    """One page of them, beginning after the one with the id `after`; an id nobody has begins at the newest."""
    query = visible_notifications(user).order_by(Notification.day.desc(), Notification.id).limit(size + 1)
    if last := _id(after):
        day = select(Notification.day).where(Notification.id == last, Notification.person_id == user.id)
        on = day.scalar_subquery()
        query = query.where(or_(Notification.day < on, and_(Notification.day == on, Notification.id > last)))
    views = notification_views(session, query)
    lines = [ReminderLine(view, address_of(view, user.role)) for view in views[:size]]
    days = [ReminderDay(on, list(of_day)) for on, of_day in groupby(lines, key=lambda line: line.view.day)]
    return RemindersPage(days, sum(line.is_new for line in lines), views[size - 1].id if len(views) > size else None)


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


# Where a reminder leads -----------------------------------------------------------------------------------------------


def address_of(view: NotificationView, role: Role) -> str | None:
    """The address of the very thing, for a reader of this role."""
    if role is Role.COOPERATIVE:
        own = OWN_ADDRESSES.get(view.rule)
        return own(view) if own else None
    return ADDRESSES.get(view.rule, _cooperative)(view)


def _cooperative(view: NotificationView, anchor: str | None = None) -> str | None:
    if view.cooperative_code is None:
        return None
    return url_for("cooperatives.detail", code=view.cooperative_code, _anchor=anchor)


def _plan(view: NotificationView) -> str | None:
    return url_for("plans.plan", code=view.cooperative_code, _anchor=f"tindakan-{view.subject_id}")


def _own_plan(view: NotificationView) -> str | None:
    return url_for("portal.plan", _anchor=f"tindakan-{view.subject_id}")


ADDRESSES: Mapping[RuleCode, Callable[[NotificationView], str | None]] = {
    RuleCode.PLANNED_VISIT: lambda view: url_for("schedule.detail", plan_id=view.subject_id),
    RuleCode.ACTION_DUE: _plan,
    RuleCode.ACTION_OVERDUE: _plan,
    RuleCode.PROOF_WAITING: _plan,
    RuleCode.DOCUMENT_EXPIRES: lambda view: url_for(
        "records.documents", code=view.cooperative_code, _anchor=f"dokumen-{view.subject_id}"
    ),
    RuleCode.TERM_ENDS: lambda view: _cooperative(view, "pengurus"),
    RuleCode.ITEMS_DUE: lambda view: url_for("visits.preparation", code=view.cooperative_code),
}
"""Where the others lead: to the cooperative's page, where there is a cooperative."""
OWN_ADDRESSES: Mapping[RuleCode, Callable[[NotificationView], str | None]] = {
    RuleCode.ACTION_DUE: _own_plan,
    RuleCode.ACTION_OVERDUE: _own_plan,
}
