"""What the admin's pages about reminders show."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.policy import manageable_people
from pendamping.cooperatives.policy import visible_cooperative_ids
from pendamping.kernel.i18n import translated
from pendamping.reminders import runs
from pendamping.reminders.gathering import facts_for
from pendamping.reminders.models import DayOff, Delivery, DeliveryState, JobRun, Notification, ReminderRule
from pendamping.reminders.obligations import Version
from pendamping.reminders.queries import obligations, people_to_hear, rules_in_force, working_days_around
from pendamping.reminders.rules import Rule, RuleCode, reminders_on
from pendamping.reminders.scheduler import Job
from pendamping.reminders.words import RULE_GROUPS
from pendamping.reminders.working_days import ONE_DAY, WorkingDays

WORKED_WITHIN = 7
"""Days within which something done counts as an effect of its reminder (our proposal)."""
LOOKED_BACK = dt.timedelta(days=90)
FAILURES_SHOWN = 10
DELIVERIES_SHOWN = 30
AHEAD = dt.timedelta(days=120)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as it is in force, and what came of it lately."""

    rule: Rule
    is_changed: bool
    made: int
    done_soon: int
    """Of those made: done within a week."""

    @property
    def percent(self) -> int | None:
        return round(100 * self.done_soon / self.made) if self.made else None


@dataclass(frozen=True, slots=True)
class RuleGroup:
    id: str
    title: str
    lines: Sequence[RuleLine]


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would have been reminded in the thirty days before, by what is still to be done of it today."""

    reminders: int
    people: int
    escalations: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class CalendarPage:
    year: int
    days: Sequence[DayOff]
    years: Sequence[int]
    obligations: Sequence[tuple[dt.date, dt.date, Version]]
    """Legal date, the working day on which it is shown, and what."""
    is_missing_next_year: bool


@dataclass(frozen=True, slots=True)
class JobLine:
    label: str
    last: JobRun | None
    next_at: dt.datetime


def rule_groups(session: Session, *, today: dt.date) -> list[RuleGroup]:
    changed = set(session.scalars(select(ReminderRule.code)))
    made, soon = _effects(session, today)
    lines = {
        code: RuleLine(rule, code.value in changed, made.get(code, 0), soon.get(code, 0))
        for code, rule in rules_in_force(session).items()
    }
    return [RuleGroup(id_, str(title), [lines[code] for code in codes]) for id_, title, codes in RULE_GROUPS]


def _effects(session: Session, today: dt.date) -> tuple[Mapping[str, int], Mapping[str, int]]:
    made: Counter[str] = Counter()
    soon: Counter[str] = Counter()
    rows = session.execute(
        select(Notification.rule, Notification.day, func.date(Notification.settled_at), func.count())
        .where(Notification.day >= today - LOOKED_BACK)
        .group_by(Notification.rule, Notification.day, func.date(Notification.settled_at))
    )
    for rule, day, settled, count in rows:
        made[rule] += count
        if settled is not None and (dt.date.fromisoformat(str(settled)) - day).days <= WORKED_WITHIN:
            soon[rule] += count
    return made, soon


def preview(session: Session, rule: Rule, *, today: dt.date) -> Preview:
    """The rule, worked out for each of the last thirty days as it is wanted, before it is stored."""
    first = today - 30 * ONE_DAY
    calendar = working_days_around(session, first, today)
    people = people_to_hear(session, on=today, with_accounts=True)
    found = []
    for day in calendar.between(first, today):
        facts = list(facts_for(session, {rule.code: rule}, day=day, calendar=calendar))
        found += reminders_on(day, facts, {rule.code: rule}, people, calendar)
    return Preview(
        reminders=len(found),
        people=len({each.person_id for each in found}),
        escalations=sum(each.is_escalation for each in found),
        first=first + ONE_DAY,
        last=today,
    )


def calendar_page(session: Session, year: int, *, today: dt.date) -> CalendarPage:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = session.scalars(select(DayOff).where(DayOff.on.between(first, last)).order_by(DayOff.on)).all()
    all_days = session.scalars(select(DayOff.on)).all()
    known = {day.year for day in all_days}
    working = WorkingDays.without(all_days)
    begin = max(first, today) if year == today.year else first
    owed = sorted(
        (
            (day, working.shown_on(day, is_ahead=True), version)
            for each in obligations(session)
            for day, version in each.dates_within(begin, min(last, begin + AHEAD))
        ),
        key=lambda row: (row[0], row[2].code),
    )
    years = sorted(known | {today.year, today.year + 1})
    is_missing = today.month == 12 and today.year + 1 not in known
    return CalendarPage(year, days, years, owed, is_missing)


def job_lines(session: Session, jobs: Mapping[str, Job], *, now: dt.datetime) -> list[JobLine]:
    last = runs.last_runs(session, jobs)
    return [JobLine(translated(job.label), last.get(code), job.schedule.next_slot(now)) for code, job in jobs.items()]


def failures(session: Session) -> Sequence[JobRun]:
    return runs.last_failures(session, most=FAILURES_SHOWN)


def delivery_counts(session: Session, *, today: dt.date) -> dict[DeliveryState, int]:
    """Of the last thirty days, in the order of a delivery's life."""
    query = select(Delivery.state, func.count()).where(Delivery.day >= today - 30 * ONE_DAY).group_by(Delivery.state)
    counts = {row[0]: row[1] for row in session.execute(query)}
    return {state: counts[state] for state in DeliveryState if state in counts}


def troubled_deliveries(session: Session, admin: User, *, today: dt.date) -> Sequence[tuple[Delivery, str]]:
    """Digests that did not simply arrive, the newest first, with whose they are; of the admin's region alone."""
    in_vain = and_(Delivery.state.in_((DeliveryState.FAILED, DeliveryState.WAITING)), Delivery.answer != "")
    query = select(Delivery, User.name).join(User, User.id == Delivery.person_id)
    query = query.where(or_(in_vain, Delivery.state == DeliveryState.UNSURE, Delivery.is_repeat.is_(True)))
    if admin.scope_prefix:
        managed = manageable_people(admin, today=today).with_only_columns(User.id)
        officers = User.cooperative_id.in_(visible_cooperative_ids(admin, today=today))
        query = query.where(or_(User.id.in_(managed), officers))
    rows = session.execute(query.order_by(Delivery.day.desc(), Delivery.next_try_at.desc()).limit(DELIVERIES_SHOWN))
    return [(delivery, name) for delivery, name in rows]


def rule_code(text: str) -> RuleCode | None:
    return RuleCode(text) if text in list(RuleCode) else None
