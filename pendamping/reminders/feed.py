"""A person's calendar as a feed (RFC 5545): planned visits, deadlines of actions, general meetings, obligations.

Each thing keeps its UID for good and counts its changes in SEQUENCE, so that a calendar moves what was moved. What is
done drops out; a visit that was cancelled stays a while, as cancelled.
"""

import datetime as dt
from collections.abc import Iterator

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.kernel.clock import OFFICE_TZ, office_instant
from pendamping.kernel.i18n import word
from pendamping.kernel.roles import Role
from pendamping.plans.models import OPEN_STATUSES, Action, ActionUpdate
from pendamping.plans.policy import visible_actions
from pendamping.reminders.models import GeneralMeeting
from pendamping.reminders.queries import obligations
from pendamping.reminders.rules import Doer
from pendamping.visits.models import Visit
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.schedule.policy import visible_plans

BEFORE, AHEAD = dt.timedelta(days=60), dt.timedelta(days=400)
USUAL_LENGTH = dt.timedelta(hours=2)
MOST = 2_000
"""Events of one kind: a province's head gets the nearest ones, no endless file."""
UID_DOMAIN = "pendamping"


def calendar_of(session: Session, user: User, *, today: dt.date, now: dt.datetime) -> bytes:
    """The feed of somebody, in their language."""
    calendar = Calendar()
    calendar.add("prodid", "-//Pendamping//Kalender//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Pendamping")
    calendar.add("x-wr-timezone", str(OFFICE_TZ))
    with force_locale(user.language):
        for make in (_visits, _actions, _meetings, _obligations):
            for event in make(session, user, today):
                event.add("dtstamp", now)
                calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(uid: str, summary: str, *, sequence: int, path: str, status: str = "CONFIRMED") -> Event:
    event = Event()
    event.add("uid", f"{uid}@{UID_DOMAIN}")
    event.add("summary", summary)
    event.add("sequence", sequence)
    event.add("status", status)
    event.add("url", current_app.config["SETTINGS"].public_url + path)
    return event


def _on(event: Event, day: dt.date) -> Event:
    """For the whole day, and without blocking it."""
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _visits(session: Session, user: User, today: dt.date) -> Iterator[Event]:
    query = (
        visible_plans(user, today=today)
        .join(Cooperative, Cooperative.id == PlannedVisit.cooperative_id)
        .outerjoin(Visit, Visit.planned_visit_id == PlannedVisit.id)
        .add_columns(Cooperative.short_name, Visit.id)
        .where(PlannedVisit.planned_on.between(today - BEFORE, today + AHEAD))
        .order_by(PlannedVisit.planned_on.desc(), PlannedVisit.id)
    )
    for plan, name, visit_id in session.execute(query.limit(MOST)):
        is_off = plan.cancelled_at is not None
        path = url_for("portal.plan") if user.role is Role.COOPERATIVE else url_for("schedule.detail", plan_id=plan.id)
        summary = _("Selesai: kunjungan %(name)s", name=name) if visit_id else _("Kunjungan %(name)s", name=name)
        event = _event(
            f"kunjungan-{plan.id}",
            summary,
            sequence=plan.moves + is_off + (visit_id is not None),
            path=path,
            status="CANCELLED" if is_off else "CONFIRMED",
        )
        if plan.agenda:
            event.add("description", plan.agenda)
        yield _at(event, plan)


def _at(event: Event, plan: PlannedVisit) -> Event:
    if plan.starts is None:
        return _on(event, plan.planned_on)
    starts = office_instant(plan.planned_on, plan.starts).astimezone(dt.UTC)
    event.add("dtstart", starts)
    event.add("dtend", starts + USUAL_LENGTH)
    return event


def _actions(session: Session, user: User, today: dt.date) -> Iterator[Event]:
    steps = select(func.max(ActionUpdate.number)).where(ActionUpdate.action_id == Action.id).scalar_subquery()
    query = (
        visible_actions(user, today=today)
        .join(Cooperative, Cooperative.id == Action.cooperative_id)
        .add_columns(Cooperative.short_name, Cooperative.code, steps)
        .where(Action.status.in_(OPEN_STATUSES), Action.due_on >= today - BEFORE, Action.due_on <= today + AHEAD)
        .order_by(Action.due_on, Action.id)
    )
    for action, name, code, number in session.execute(query.limit(MOST)):
        anchor = f"tindakan-{action.id}"
        path = (
            url_for("portal.plan", _anchor=anchor)
            if user.role is Role.COOPERATIVE
            else url_for("plans.plan", code=code, _anchor=anchor)
        )
        summary = _("Tenggat: %(title)s (%(name)s)", title=action.title, name=name)
        yield _on(_event(anchor, summary, sequence=number or 0, path=path), action.due_on)


def _meetings(session: Session, user: User, today: dt.date) -> Iterator[Event]:
    query = (
        select(GeneralMeeting, Cooperative.short_name, Cooperative.code)
        .join(Cooperative, Cooperative.id == GeneralMeeting.cooperative_id)
        .where(
            GeneralMeeting.cooperative_id.in_(visible_cooperative_ids(user, today=today)),
            GeneralMeeting.planned_on.between(today - BEFORE, today + AHEAD),
        )
        .order_by(GeneralMeeting.planned_on, Cooperative.code)
    )
    for meeting, name, code in session.execute(query.limit(MOST)):
        event = _event(
            f"rat-{code}-{meeting.year}",
            _("RAT %(name)s", name=name),
            sequence=meeting.moves,
            path=url_for("duties.index", code=code),
        )
        yield _on(event, meeting.planned_on)


def _obligations(session: Session, user: User, today: dt.date) -> Iterator[Event]:
    """Those of everybody; what facilitators owe is theirs and the agency's own."""
    for each in obligations(session):
        for day, version in each.dates_within(today - BEFORE, today + AHEAD):
            terms = version.terms
            if terms.only_if or (terms.doer is Doer.FACILITATOR and user.role is Role.COOPERATIVE):
                continue
            uid, sequence = f"kewajiban-{each.code}-{day.isoformat()}", version.number - 1
            yield _on(_event(uid, word(terms, "name"), sequence=sequence, path=url_for("home")), day)
