"""The schedule's pages, gathered for their templates: days with what stands on them, and who is due."""

import datetime as dt
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.queries import CooperativeFilter, filtered
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.forms import OfficeDateField
from pendamping.reminders.models import DayOff
from pendamping.visits.policy import visible_visits
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.schedule.policy import can_cancel, can_change, can_plan, visible_plans
from pendamping.visits.schedule.queries import (
    ENTRIES_SHOWN,
    DueEntry,
    PlanState,
    PlanView,
    ScheduleEntry,
    due_list,
    entries,
    is_accompanied,
    moves_of,
    plan_view,
    visit_target,
)
from pendamping.visits.schedule.words import month_words, span_words, when

ONE_DAY = dt.timedelta(days=1)
ONE_WEEK = dt.timedelta(weeks=1)
SATURDAY = 5
DUE_SHOWN = 20
MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """The month or the week that a page shows."""

    first: dt.date
    last: dt.date
    is_week: bool

    @property
    def days(self) -> list[dt.date]:
        """Whole weeks, from a Monday to a Sunday."""
        monday = self.first - self.first.weekday() * ONE_DAY
        sunday = self.last + (6 - self.last.weekday()) * ONE_DAY
        return [monday + number * ONE_DAY for number in range((sunday - monday).days + 1)]

    @property
    def words(self) -> str:
        return span_words(self.first, self.last) if self.is_week else month_words(self.first)


def week_of(day: dt.date) -> Period:
    monday = day - day.weekday() * ONE_DAY
    return Period(monday, monday + ONE_WEEK - ONE_DAY, is_week=True)


def month_of(day: dt.date) -> Period:
    month = Month.of(day)
    return Period(month.first_day, month.last_day, is_week=False)


def period_of(month: str, week: str, *, today: dt.date) -> Period:
    """What an address asks for, `2026-04` or `2026-W15`; this month where it asks for nothing that exists."""
    if (match := WEEK.fullmatch(week)) and _is_in_reach(int(match[1])):
        try:
            return week_of(dt.date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError:
            return week_of(today)
    if (match := MONTH.fullmatch(month)) and _is_in_reach(int(match[1])) and 1 <= int(match[2]) <= 12:
        return month_of(dt.date(int(match[1]), int(match[2]), 1))
    return month_of(today)


def _is_in_reach(year: int) -> bool:
    return OfficeDateField.EARLIEST_YEAR <= year <= OfficeDateField.LATEST_YEAR


def address_of(period: Period) -> dict[str, Any]:
    """The part of an address that asks for a period."""
    if period.is_week:
        return {"pekan": f"{period.first:%G-W%V}"}
    return {"bulan": f"{period.first:%Y-%m}"}


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the schedule. `free` says in words why the office does not work then."""

    on: dt.date
    is_outside: bool
    is_today: bool
    free: str | None
    entries: Sequence[ScheduleEntry]
    plan_url: str | None


@dataclass(frozen=True, slots=True)
class SchedulePage:
    words: str
    is_week: bool
    days: Sequence[Day]
    has_entries: bool
    has_more: bool
    earlier_url: str
    later_url: str
    today_url: str
    month_url: str
    week_url: str
    due: Sequence[DueEntry]
    has_more_due: bool
    due_month: str
    can_plan: bool
    shows_names: bool


def schedule_page(
    session: Session, user: User, period: Period, *, facilitator_id: uuid.UUID | None, today: dt.date
) -> SchedulePage:
    """Everything the page shows; as many queries for many cooperatives, plans and visits as for one."""
    days = period.days
    found = entries(
        session,
        visible_plans(user, today=today),
        visible_visits(user, today=today),
        first=days[0],
        last=days[-1],
        today=today,
        facilitator_id=facilitator_id,
    )
    cooperatives = filtered(
        visible_cooperatives(user, today=today), CooperativeFilter(facilitator_id=facilitator_id), today=today
    )
    due = due_list(session, cooperatives, target=visit_target(session, today), today=today, limit=DUE_SHOWN + 1)
    kept: dict[str, Any] = {"pendamping": facilitator_id} if facilitator_id else {}
    anchor = today if period.first <= today <= period.last else period.first
    before, after = period.first - ONE_DAY, period.last + ONE_DAY
    of_day = week_of if period.is_week else month_of
    return SchedulePage(
        words=period.words,
        is_week=period.is_week,
        days=_days(session, period, found[:ENTRIES_SHOWN], user=user, today=today),
        has_entries=any(period.first <= entry.on <= period.last for entry in found),
        has_more=len(found) > ENTRIES_SHOWN,
        earlier_url=url_for("schedule.index", **address_of(of_day(before)), **kept),
        later_url=url_for("schedule.index", **address_of(of_day(after)), **kept),
        today_url=url_for("schedule.index", **address_of(of_day(today)), **kept, _anchor="hari-ini"),
        month_url=url_for("schedule.index", **address_of(month_of(anchor)), **kept),
        week_url=url_for("schedule.index", **address_of(week_of(anchor)), **kept),
        due=due[:DUE_SHOWN],
        has_more_due=len(due) > DUE_SHOWN,
        due_month=month_words(today),
        can_plan=can_plan(user),
        shows_names=not can_plan(user),
    )


def _days(session: Session, period: Period, found: Sequence[ScheduleEntry], *, user: User, today: dt.date) -> list[Day]:
    shown = period.days
    free = days_off(session, shown[0], shown[-1])
    of_day: defaultdict[dt.date, list[ScheduleEntry]] = defaultdict(list)
    for entry in found:
        of_day[entry.on].append(entry)
    may_plan = can_plan(user)
    return [
        Day(
            on=day,
            is_outside=not period.first <= day <= period.last,
            is_today=day == today,
            free=free.get(day) or _weekend(day),
            entries=of_day[day],
            plan_url=url_for("schedule.new", tanggal=day.isoformat()) if may_plan and day >= today else None,
        )
        for day in shown
    ]


def days_off(session: Session, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Public holidays and collective leave between two days, by name."""
    rows = session.execute(select(DayOff.on, DayOff.name).where(DayOff.on.between(first, last)))
    return dict(rows.all())


def free_words(session: Session, on: dt.date) -> str | None:
    """Why the office does not work on a day; None when it does."""
    return days_off(session, on, on).get(on) or _weekend(on)


def _weekend(on: dt.date) -> str | None:
    return _("Akhir pekan") if on.weekday() >= SATURDAY else None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of what happened to a plan, as `components/timeline.html` takes it."""

    on: dt.datetime
    icon: str
    label: str
    title: str
    detail: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PlanPage:
    view: PlanView
    history: Sequence[HistoryLine]
    free: str | None
    can_start: bool
    can_change: bool
    can_cancel: bool
    version: str
    """The plan as it stands, word for word: what a change made without a network is written over."""


def version_of(plan: PlannedVisit, code: str) -> str:
    """A plan in the shape of its record, as one text; equal plans are equal texts."""
    stands = {
        "cooperative": code,
        "planned_on": plan.planned_on.isoformat(),
        "starts": f"{plan.starts:%H:%M}" if plan.starts else None,
        "mode": str(plan.mode),
        "agenda": plan.agenda,
    }
    return json.dumps(stands, ensure_ascii=False)


def plan_page(session: Session, plan: PlannedVisit, user: User, *, today: dt.date) -> PlanPage:
    view = plan_view(session, plan, today=today)
    is_open = view.state in (PlanState.AHEAD, PlanState.MISSED)
    is_own = can_change(user, plan)
    return PlanPage(
        view=view,
        history=_history(session, plan, view),
        free=free_words(session, plan.planned_on),
        can_start=is_open and is_own and is_accompanied(session, plan.cooperative_id, user.id, on=today),
        can_change=is_open and is_own,
        can_cancel=is_open and can_cancel(user),
        version=version_of(plan, view.cooperative.code),
    )


def _history(session: Session, plan: PlannedVisit, view: PlanView) -> list[HistoryLine]:
    """What happened to a plan, the newest first."""
    lines = [
        HistoryLine(
            move.made_at,
            "arrow-right",
            _("Dipindahkan"),
            _(
                "Dari %(before)s ke %(after)s",
                before=when(move.from_on, move.from_starts),
                after=when(move.to_on, move.to_starts),
            ),
            " · ".join(each for each in (move.author_name, move.reason) if each),
        )
        for move in moves_of(session, plan.id)
    ]
    if plan.cancelled_at is not None:
        lines.insert(0, HistoryLine(plan.cancelled_at, "slash-circle", _("Dibatalkan"), plan.cancelled_because, ""))
    return [*lines, HistoryLine(plan.created_at, "calendar3", _("Direncanakan"), view.facilitator_name, "")]


def cooperative_choices(session: Session, user: User, *, today: dt.date) -> list[tuple[str, str]]:
    """(code, name) of the caseload, for the form of a new plan."""
    cooperatives = visible_cooperatives(user, today=today).order_by(Cooperative.short_name, Cooperative.code)
    rows = session.execute(cooperatives.with_only_columns(Cooperative.code, Cooperative.short_name))
    return [(code, name) for code, name in rows]
