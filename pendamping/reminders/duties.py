"""What is owed by a date of the calendar: obligations of cooperatives, the monthly report, the calendar itself."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Assignment, Cooperative, Document, DocumentKind
from pendamping.reminders.asked import Asked, every_cooperative, fact_of, with_cooperative
from pendamping.reminders.models import DayOff, GeneralMeeting, Obligation, ObligationMet
from pendamping.reminders.obligations import (
    NOTICE_DAYS,
    annual_report_on,
    dates_within,
    meeting_on_of_annual_report,
    notice_on,
)
from pendamping.reminders.rules import OF_OBLIGATION, Doer, Fact, RuleCode
from pendamping.reminders.working_days import ONE_DAY
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus
from pendamping.visits.models import MonthLock

MONTHLY_REPORT = "LAPORAN_PENDAMPING"
OBLIGATIONS = {rule: code for code, rule in OF_OBLIGATION.items()}
HELD_BY_DOCUMENT = (RuleCode.MEETING_POLICY, RuleCode.MEETING_LAW)
"""The minutes of a general meeting in the register prove that it was held."""
DECEMBER = 12


def of_cooperatives(session: Session, code: RuleCode, asked: Asked) -> Iterator[Fact]:
    """An obligation that falls on one of these dates and that nobody has said is met, for each cooperative."""
    for obligation in session.scalars(select(Obligation).where(*_obligations_of(code)).order_by(Obligation.code)):
        for due_on in dates_within(obligation, min(asked.dates), max(asked.dates)):
            if due_on in asked.dates:
                yield from _owing(session, code, obligation, due_on, asked)


def _obligations_of(code: RuleCode) -> Iterable[ColumnElement[bool]]:
    if own := OBLIGATIONS.get(code):
        return (Obligation.code == own,)
    return (Obligation.code.not_in([*OF_OBLIGATION, MONTHLY_REPORT]), Obligation.only_if == "")


def _owing(session: Session, code: RuleCode, obligation: Obligation, due_on: dt.date, asked: Asked) -> Iterator[Fact]:
    is_met = exists().where(
        ObligationMet.cooperative_id == Cooperative.id,
        ObligationMet.obligation == obligation.code,
        ObligationMet.due_on == due_on,
    )
    query = every_cooperative(asked.day).where(~is_met, *asked.among(Cooperative.id))
    if code in HELD_BY_DOCUMENT:
        query = query.where(~_met_by_minutes(due_on))
    for row in session.execute(query):
        yield fact_of(code, row, due_on, title=obligation.name_id, title_en=obligation.name_en)


def _met_by_minutes(due_on: dt.date) -> ColumnElement[bool]:
    return exists().where(
        Document.cooperative_id == Cooperative.id,
        Document.kind == DocumentKind.MEETING,
        Document.withdrawn_at.is_(None),
        Document.issued_on >= dt.date(due_on.year, 1, 1),
        Document.issued_on <= dt.date(due_on.year, 12, 31),
    )


def before_meetings(session: Session, code: RuleCode, asked: Asked) -> Iterator[Fact]:
    """What must be ready before a general meeting whose day is set: the annual report, and the notice."""
    obligation = session.get(Obligation, OBLIGATIONS[code])
    if obligation is None:
        return
    meetings = {meeting_on: due_on for due_on in asked.dates for meeting_on in _meetings_after(code, due_on)}
    is_met = exists().where(
        ObligationMet.cooperative_id == GeneralMeeting.cooperative_id,
        ObligationMet.obligation == obligation.code,
        ObligationMet.due_on == case(meetings, value=GeneralMeeting.planned_on),
    )
    query = select(GeneralMeeting.planned_on).where(
        GeneralMeeting.planned_on.in_(meetings), ~is_met, *asked.among(GeneralMeeting.cooperative_id)
    )
    for row in session.execute(with_cooperative(query, GeneralMeeting.cooperative_id, asked.day)):
        yield fact_of(code, row, meetings[row.planned_on], title=obligation.name_id, title_en=obligation.name_en)


def _meetings_after(code: RuleCode, due_on: dt.date) -> tuple[dt.date, ...]:
    if code is RuleCode.ANNUAL_REPORT:
        return meeting_on_of_annual_report(due_on)
    return (due_on + NOTICE_DAYS * ONE_DAY,)


def due_before_meeting(code: RuleCode, meeting_on: dt.date) -> dt.date:
    """By when something must be ready for a general meeting."""
    return annual_report_on(meeting_on) if code is RuleCode.ANNUAL_REPORT else notice_on(meeting_on)


def monthly_reports(session: Session, code: RuleCode, asked: Asked) -> Iterator[Fact]:
    """The report on the month before, owed by everybody who accompanied a cooperative in it."""
    obligation = session.get(Obligation, MONTHLY_REPORT)
    if obligation is None:
        return
    for due_on in dates_within(obligation, min(asked.dates), max(asked.dates)):
        if due_on in asked.dates:
            yield from _reports_owed(session, code, due_on, asked)


def _reports_owed(session: Session, code: RuleCode, due_on: dt.date, asked: Asked) -> Iterator[Fact]:
    """The head who hears of one that is late is found by the city of the cooperatives."""
    last = due_on.replace(day=1) - ONE_DAY
    first = last.replace(day=1)
    people = (
        select(User.id, func.min(Assignment.city_code))
        .join(Assignment, Assignment.facilitator_id == User.id)
        .where(
            User.deactivated_at.is_(None),
            Assignment.starts_on <= last,
            Assignment.ends_on >= first,
            ~_is_handed_in(first.year, first.month),
            *asked.among(User.id),
        )
        .group_by(User.id)
    )
    title = f"{first.year}-{first.month:02}"
    for id_, city in session.execute(people):
        yield Fact(code, id_, due_on, title, code=city, facilitator_id=id_, doer=Doer.FACILITATOR)


def _is_handed_in(year: int, month: int) -> ColumnElement[bool]:
    """Whether a facilitator's report is with the head or approved, or the month is locked by command."""
    report = exists().where(
        MonthlyReport.facilitator_id == User.id,
        MonthlyReport.year == year,
        MonthlyReport.month == month,
        MonthlyReport.status.in_((ReportStatus.SENT, ReportStatus.APPROVED)),
    )
    is_locked = exists().where(MonthLock.facilitator_id == User.id, MonthLock.year == year, MonthLock.month == month)
    return or_(report, is_locked)


def missing_holidays(session: Session, code: RuleCode, asked: Asked) -> Iterator[Fact]:
    """In December: that nobody has entered the holidays of the next year, without which reminders fall on them."""
    for on in sorted(asked.dates):
        if (on.month, on.day) != (DECEMBER, 1):
            continue
        first, last = dt.date(on.year + 1, 1, 1), dt.date(on.year + 1, 12, 31)
        known = session.scalar(select(DayOff.on).where(DayOff.on.between(first, last)).limit(1))
        if known is None:
            yield Fact(code, uuid.UUID(int=first.year), on, str(first.year), doer=Doer.AGENCY)
