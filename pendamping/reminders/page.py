"""What the page of reminders shows: a person's own, the newest day first, each leading to the very thing."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec
from flask import current_app, url_for
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.ids import uuid_or_none
from pendamping.kernel.roles import AGENCY, Role
from pendamping.reminders.channels.push import is_push_service, public_key
from pendamping.reminders.mail_confirmation import MailState, mail_state
from pendamping.reminders.models import CalendarFeed, ChannelKind, Delivery, Notification
from pendamping.reminders.personal import browsers_of, deliveries_to
from pendamping.reminders.policy import visible_notifications
from pendamping.reminders.queries import NotificationView, notification_views
from pendamping.reminders.rules import OF_OBLIGATION, RuleCode

DELIVERIES_SHOWN = 10
ENDPOINT_LENGTH = 600
PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{80,96}=*")
AUTH = re.compile(r"[A-Za-z0-9_-]{16,36}=*")


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
    unconfirmed: MailState | None
    """The reader's address, as long as nothing can be sent there."""
    unread: int
    """Of the lines that are shown."""
    next_after: uuid.UUID | None


def reminders_page(
    session: Session, user: User, *, after: str | None, size: int, ways: Collection[ChannelKind]
) -> RemindersPage:
    """One page of them, beginning after the one with the id `after`; an id nobody has begins at the newest."""
    query = visible_notifications(user).order_by(Notification.day.desc(), Notification.id).limit(size + 1)
    if last := uuid_or_none(after):
        day = select(Notification.day).where(Notification.id == last, Notification.person_id == user.id)
        on = day.scalar_subquery()
        query = query.where(or_(Notification.day < on, and_(Notification.day == on, Notification.id > last)))
    views = notification_views(session, query)
    lines = [ReminderLine(view, address_of(view, user.role)) for view in views[:size]]
    days = [ReminderDay(on, list(of_day)) for on, of_day in groupby(lines, key=lambda line: line.view.day)]
    unconfirmed = _unconfirmed(session, user, ways) if after is None else None
    return RemindersPage(
        days, unconfirmed, sum(line.is_new for line in lines), views[size - 1].id if len(views) > size else None
    )


def _unconfirmed(session: Session, user: User, ways: Collection[ChannelKind]) -> MailState | None:
    """Where the office sends mail at all."""
    state = mail_state(session, user.id) if ChannelKind.EMAIL in ways else None
    return state if state and not state.confirmed_at else None


# How a person is reached ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """Beside the form: an address that is not confirmed, what went out lately, the calendar's address, browsers."""

    unconfirmed: MailState | None
    deliveries: Sequence[Delivery]
    feed_made_at: dt.datetime | None
    browsers: int
    is_told_here: bool
    """Whether the browser of this session is among them."""
    push_key: str


def choice_page(
    session: Session, user: User, ways: Collection[ChannelKind], browser_id: uuid.UUID | None
) -> ChoicePage:
    feed, browsers = session.get(CalendarFeed, user.id), browsers_of(session, user.id)
    return ChoicePage(
        unconfirmed=_unconfirmed(session, user, ways),
        deliveries=deliveries_to(session, user.id, most=DELIVERIES_SHOWN),
        feed_made_at=feed.made_at if feed else None,
        browsers=len(browsers),
        is_told_here=browser_id in {each.id for each in browsers},
        push_key=public_key(current_app.config["SETTINGS"].instance),
    )


class Keys(msgspec.Struct):
    p256dh: str
    auth: str


class Said(msgspec.Struct):
    """What a browser says of where it takes Web Push."""

    endpoint: str
    keys: Keys | None = None


def endpoint_of(sent: bytes) -> str | None:
    """The address that a browser names; None where it is no push service's."""
    said = _said(sent)
    return said.endpoint if said else None


def subscription_of(sent: bytes) -> tuple[str, str, str] | None:
    """Endpoint and the two keys out of what a browser says of itself; None where it is no subscription."""
    said = _said(sent)
    if said is None or said.keys is None:
        return None
    keys = said.keys
    is_whole = PUBLIC_KEY.fullmatch(keys.p256dh) and AUTH.fullmatch(keys.auth)
    return (said.endpoint, keys.p256dh, keys.auth) if is_whole else None


def _said(sent: bytes) -> Said | None:
    try:
        said = msgspec.json.decode(sent, type=Said)
    except (msgspec.DecodeError, RecursionError):
        return None
    return said if len(said.endpoint) <= ENDPOINT_LENGTH and is_push_service(said.endpoint) else None


# Where a reminder leads -----------------------------------------------------------------------------------------------


def address_of(view: NotificationView, role: Role) -> str | None:
    """The address of the very thing, for a reader of this role."""
    if role is Role.COOPERATIVE:
        own = OWN_ADDRESSES.get(view.rule)
        return own(view) if own else None
    if role in AGENCY and (office := OFFICE_ADDRESSES.get(view.rule)):
        return url_for(office)
    return ADDRESSES.get(view.rule, _cooperative)(view)


def _cooperative(view: NotificationView, anchor: str | None = None) -> str | None:
    if view.cooperative_code is None:
        return None
    return url_for("cooperatives.detail", code=view.cooperative_code, _anchor=anchor)


def _action(view: NotificationView) -> str | None:
    return url_for("actions.detail", action_id=view.subject_id)


def _report(view: NotificationView) -> str | None:
    year, _, month = view.title_id.partition("-")
    return url_for("monthly.write", year=int(year), month=int(month))


def _duties(view: NotificationView) -> str | None:
    return url_for("duties.index", code=view.cooperative_code)


def _own_action(view: NotificationView) -> str | None:
    return url_for("own_actions.detail", action_id=view.subject_id)


ADDRESSES: Mapping[RuleCode, Callable[[NotificationView], str | None]] = {
    RuleCode.PLANNED_VISIT: lambda view: url_for("schedule.detail", plan_id=view.subject_id),
    RuleCode.ACTION_DUE: _action,
    RuleCode.ACTION_OVERDUE: _action,
    RuleCode.PROOF_WAITING: _action,
    RuleCode.DOCUMENT_EXPIRES: lambda view: url_for(
        "records.documents", code=view.cooperative_code, _anchor=f"dokumen-{view.subject_id}"
    ),
    RuleCode.TERM_ENDS: lambda view: _cooperative(view, "pengurus"),
    **dict.fromkeys((*OF_OBLIGATION.values(), RuleCode.OTHER_OBLIGATION), _duties),
    RuleCode.NO_HOLIDAYS: lambda view: url_for("reminder_admin.calendar", tahun=view.title_id),
    RuleCode.ITEMS_DUE: lambda view: url_for("visits.preparation", code=view.cooperative_code),
    RuleCode.MONTHLY_REPORT: _report,
    RuleCode.MONTHLY_REPORT_LATE: _report,
    RuleCode.TABLET_UNSENT: lambda _view: url_for("field.shipping"),
}
"""Where the others lead: to the cooperative's page, where there is a cooperative."""
OFFICE_ADDRESSES = {
    RuleCode.MONTHLY_REPORT: "monthly.queue",
    RuleCode.MONTHLY_REPORT_LATE: "monthly.queue",
    RuleCode.TABLET_UNSENT: "programme_view.people",
}
"""Where the agency is led instead, which has pages of its own about these."""
OWN_ADDRESSES: Mapping[RuleCode, Callable[[NotificationView], str | None]] = {
    RuleCode.ACTION_DUE: _own_action,
    RuleCode.ACTION_OVERDUE: _own_action,
    RuleCode.DOCUMENT_EXPIRES: lambda _view: url_for("portal.documents"),
    RuleCode.TERM_ENDS: lambda view: url_for(
        "duties.index", code=view.cooperative_code, _anchor=f"jabatan-{view.subject_id}"
    ),
    **dict.fromkeys((*OF_OBLIGATION.values(), RuleCode.OTHER_OBLIGATION), _duties),
}
