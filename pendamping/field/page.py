"""The facilitator's home: whom they see today, whom they accompany, what asks for action, how the month goes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.cooperatives.queries import NameAndCode, programme_year_on
from pendamping.cooperatives.records.figures import Month
from pendamping.field.waiting import WaitingLine, waiting_lines
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.pack import is_for_pack
from pendamping.plans.policy import visible_actions
from pendamping.plans.queries import AttentionEntry, actions_due
from pendamping.progress.asking.policy import visible_steps
from pendamping.progress.asking.queries import StepView, waiting_for
from pendamping.progress.queries import CooperativeRow, cooperative_rows
from pendamping.reports.monthly.queries import DueReport, due_report
from pendamping.visits.drafts.queries import DraftLine, drafts_of
from pendamping.visits.policy import visible_visits
from pendamping.visits.queries import visit_counts
from pendamping.visits.schedule.policy import visible_plans
from pendamping.visits.schedule.queries import VISITS_PER_MONTH, ScheduleEntry, entries_between
from pendamping.visits.words import purpose_word

DUE_SOON_DAYS = 7
DAYS_CARRIED = 6
"""Days after today that a tablet's copy of the page knows: with today a week."""
ATTENTION_SHOWN = 5
ASKED_SHOWN = 10
ATTENTION_COUNTED = 200
"""More than a caseload has due in a week; beyond it the counts of today's visits would be too small."""


@dataclass(frozen=True, slots=True)
class TodayLine:
    """A visit of today, with what it is about in words."""

    entry: ScheduleEntry
    about: str
    can_start: bool


@dataclass(frozen=True, slots=True)
class DayOfVisits:
    """The visits of one day. A page that a tablet keeps holds some days more, for it may be read on any of them."""

    on: dt.date
    lines: Sequence[TodayLine]


@dataclass(frozen=True, slots=True)
class FacilitatorHome:
    greeting: str
    week_number: int
    rows: Sequence[CooperativeRow]
    days: Sequence[DayOfVisits]
    drafts: Sequence[DraftLine]
    asked: Sequence[StepView]
    due_report: DueReport | None
    attention: Sequence[AttentionEntry]
    visits_this_month: int
    visit_target: int
    waiting: Sequence[WaitingLine]
    not_visited: Sequence[NameAndCode]


def facilitator_home(session: Session, user: User, *, today: dt.date, now: dt.datetime) -> FacilitatorHome:
    cooperatives = visible_cooperatives(user, today=today).order_by(Cooperative.short_name, Cooperative.code)
    rows = cooperative_rows(session, cooperatives, instruments_on(session, today), today=today)
    year = programme_year_on(session, today)
    month = Month.of(today)
    counts = visit_counts(session, visible_visits(user, today=today), first=month.first_day, last=month.last_day)
    due = actions_due(
        session,
        visible_actions(user, today=today),
        today=today,
        within_days=DUE_SOON_DAYS,
        limit=ATTENTION_COUNTED,
    )
    return FacilitatorHome(
        greeting=greeting(user.name, now),
        week_number=week_number(today, year.starts_on if year else today.replace(month=1, day=1)),
        rows=rows,
        days=_days(session, user, rows, due, today=today, ahead=DAYS_CARRIED if is_for_pack() else 0),
        drafts=drafts_of(session, user.id),
        asked=waiting_for(session, visible_steps(user, today=today), limit=ASKED_SHOWN, today=today),
        due_report=due_report(session, user, today=today),
        attention=due[:ATTENTION_SHOWN],
        visits_this_month=sum(counts.get(row.id, 0) for row in rows),
        visit_target=len(rows) * (year.visits_per_month if year else VISITS_PER_MONTH),
        waiting=waiting_lines(session, user, today=today),
        not_visited=[NameAndCode(row.code, row.short_name) for row in rows if not counts.get(row.id)],
    )


def _days(
    session: Session,
    user: User,
    rows: Sequence[CooperativeRow],
    due: Sequence[AttentionEntry],
    *,
    today: dt.date,
    ahead: int,
) -> list[DayOfVisits]:
    """Today's visits, planned and made, and those of so many days after it; what is due at a cooperative stands in for
    an agenda.
    """
    plans, visits = visible_plans(user, today=today), visible_visits(user, today=today)
    last = today + dt.timedelta(days=ahead)
    found = entries_between(session, plans, visits, facilitator_id=user.id, today=today, last=last)
    own = {row.code for row in rows}
    lines: dict[dt.date, list[TodayLine]] = {today + dt.timedelta(days=number): [] for number in range(ahead + 1)}
    for entry in found:
        lines[entry.on].append(TodayLine(entry, _about(entry, due, today=entry.on), entry.cooperative.code in own))
    return [DayOfVisits(on, of_day) for on, of_day in lines.items()]


def _about(entry: ScheduleEntry, due: Sequence[AttentionEntry], *, today: dt.date) -> str:
    if entry.agenda:
        return entry.agenda
    if entry.visit_id:
        return ", ".join(purpose_word(each) for each in entry.purposes)
    sunday = today + dt.timedelta(days=6 - today.weekday())
    here = [each.action for each in due if each.cooperative.code == entry.cooperative.code]
    late = sum(action.is_late for action in here)
    this_week = sum(not action.is_late and action.due_on <= sunday for action in here)
    parts = [
        ngettext("%(num)s tindakan terlambat", "%(num)s tindakan terlambat", late) if late else "",
        ngettext("%(num)s tindakan jatuh tempo pekan ini", "%(num)s tindakan jatuh tempo pekan ini", this_week)
        if this_week
        else "",
    ]
    return " · ".join(str(part) for part in parts if part) or str(_("Belum ada agenda"))


def greeting(name: str, now: dt.datetime) -> str:
    first_name = name.split()[0]
    if is_for_pack():  # read at any hour
        return str(_("Halo, %(name)s", name=first_name))
    match now.astimezone(OFFICE_TZ).hour:
        case hour if 4 <= hour < 11:
            return str(_("Selamat pagi, %(name)s", name=first_name))
        case hour if 11 <= hour < 15:
            return str(_("Selamat siang, %(name)s", name=first_name))
        case hour if 15 <= hour < 18:
            return str(_("Selamat sore, %(name)s", name=first_name))
        case _other:
            return str(_("Selamat malam, %(name)s", name=first_name))


def week_number(today: dt.date, starts_on: dt.date) -> int:
    """The week of the programme: its first seven days are the first week."""
    return (today - starts_on).days // 7 + 1
