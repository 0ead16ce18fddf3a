"""What pages and the outbox read of reminders."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pendamping.accounts.links.policy import may_come_in
from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import in_office
from pendamping.kernel.clock import office_instant
from pendamping.kernel.roles import Role
from pendamping.reminders.models import DayOff, Notification, ObligationVersion, ReminderRule
from pendamping.reminders.obligations import Dates, Obligation, Terms, Version
from pendamping.reminders.rules import DEFAULTS, Hearer, People, Rule, RuleCode
from pendamping.reminders.working_days import WorkingDays

REACH_DAYS = 45
"""How far the days off are read around a day: further than any run of them."""


@dataclass(frozen=True, slots=True)
class NotificationView:
    """A reminder as lists and digests show it."""

    id: uuid.UUID
    rule: RuleCode
    subject_id: uuid.UUID
    cooperative_code: str | None
    cooperative_name: str | None
    day: dt.date
    anchor_on: dt.date
    step: int
    is_escalation: bool
    title_id: str
    title_en: str | None
    read_at: dt.datetime | None
    settled_at: dt.datetime | None


def rules_in_force(session: Session) -> dict[RuleCode, Rule]:
    """Every rule, as shipped or as the admin has changed it."""
    changed = {row.code: row for row in session.scalars(select(ReminderRule))}
    return {code: _as_changed(rule, changed.get(code)) for code, rule in DEFAULTS.items()}


def _as_changed(rule: Rule, row: ReminderRule | None) -> Rule:
    if row is None:
        return rule
    return replace(
        rule,
        is_on=row.is_on,
        days=tuple(row.days),
        hearers=tuple(Hearer(each) for each in row.hearers),
        escalates_after=row.escalates_after,
        goes_out=row.goes_out,
    )


def obligations(session: Session) -> list[Obligation]:
    """Everything that is or was owed by the calendar, with its versions."""
    rows = session.scalars(select(ObligationVersion).order_by(ObligationVersion.code, ObligationVersion.number))
    by_code = groupby(rows, key=lambda row: row.code)
    return [Obligation(code, tuple(_version(row) for row in versions)) for code, versions in by_code]


def obligation(session: Session, code: str) -> Obligation | None:
    query = select(ObligationVersion).where(ObligationVersion.code == code).order_by(ObligationVersion.number)
    versions = tuple(_version(row) for row in session.scalars(query))
    return Obligation(code, versions) if versions else None


def _version(row: ObligationVersion) -> Version:
    dates = Dates(tuple(row.month_days), row.day_of_month, tuple(dt.date.fromisoformat(day) for day in row.on_days))
    terms = Terms(
        name_id=row.name_id,
        name_en=row.name_en,
        dates=dates,
        rule=row.rule,
        only_if=row.only_if,
        source=row.source,
        confidence=row.confidence,
        doer=row.doer,
        days=tuple(row.days),
        hearers=tuple(Hearer(each) for each in row.hearers),
        is_ended=row.is_ended,
    )
    return Version(row.code, row.number, row.in_force_on, terms, row.recorded_at)


def working_days_around(session: Session, first: dt.date, last: dt.date) -> WorkingDays:
    """The calendar, as far as it matters for these days."""
    reach = dt.timedelta(days=REACH_DAYS)
    return WorkingDays.without(
        session.scalars(select(DayOff.on).where(DayOff.on.between(first - reach, last + reach))).all()
    )


def people_to_hear(session: Session, *, on: dt.date, with_accounts: bool) -> People:
    """The people behind the roles on a day; with the accounts of cooperatives, or without."""
    agency = session.execute(
        select(User.id, User.role, User.scope_prefix)
        .where(User.role.in_((Role.AGENCY_HEAD, Role.ADMIN)), User.deactivated_at.is_(None))
        .order_by(User.id)
    ).all()
    return People(
        accounts=_accounts(session, on) if with_accounts else {},
        heads=[(row.scope_prefix, row.id) for row in agency if row.role is Role.AGENCY_HEAD],
        admins=[(row.scope_prefix, row.id) for row in agency if row.role is Role.ADMIN],
    )


def _accounts(session: Session, on: dt.date) -> Mapping[uuid.UUID, list[uuid.UUID]]:
    """Those that open to their owner when the day begins: an officer whose links have ended hears nothing any more."""
    opens = may_come_in(in_office=in_office(on), now=office_instant(on, dt.time()))
    query = select(User.cooperative_id, User.id).where(User.cooperative_id.is_not(None), opens)
    found: defaultdict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for cooperative_id, id_ in session.execute(query.order_by(User.id)):
        if cooperative_id:
            found[cooperative_id].append(id_)
    return found


def unread_count(person_id: InstrumentedAttribute[uuid.UUID]) -> ScalarSelect[int]:
    """How many reminders wait for somebody, as a part of the query that finds that person."""
    return (
        select(func.count())
        .select_from(Notification)
        .where(Notification.person_id == person_id, Notification.read_at.is_(None), Notification.settled_at.is_(None))
        .scalar_subquery()
    )


def notification_views(session: Session, which: Select[Notification]) -> list[NotificationView]:
    """With their cooperatives, in one query and in the order of `which`."""
    query = which.outerjoin(Cooperative, Cooperative.id == Notification.cooperative_id)
    rows = session.execute(query.add_columns(Cooperative.code, Cooperative.short_name))
    return [_view(row, code, name) for row, code, name in rows]


def _view(row: Notification, code: str | None, name: str | None) -> NotificationView:
    return NotificationView(
        id=row.id,
        rule=RuleCode(row.rule),
        subject_id=row.subject_id,
        cooperative_code=code,
        cooperative_name=name,
        day=row.day,
        anchor_on=row.anchor_on,
        step=row.step,
        is_escalation=row.is_escalation,
        title_id=row.title,
        title_en=row.title_en,
        read_at=row.read_at,
        settled_at=row.settled_at,
    )
