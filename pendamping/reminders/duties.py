"""What is owed by a date of the calendar: obligations of cooperatives, the monthly report, the calendar itself."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Document, DocumentKind
from pendamping.cooperatives.policy import runs_between
from pendamping.cooperatives.records.figures import Month
from pendamping.reminders.fact_query import FactQuery, every_cooperative, fact_of, with_cooperative
from pendamping.reminders.models import DayOff, GeneralMeeting, ObligationMet
from pendamping.reminders.obligations import (
    MONTHLY_REPORT,
    NOTICE_DAYS,
    Version,
    annual_report_on,
    meeting_on_of_annual_report,
    notice_on,
    thing_of,
)
from pendamping.reminders.queries import obligation, obligations
from pendamping.reminders.rules import OF_OBLIGATION, Doer, Fact, OwnTerms, RuleCode
from pendamping.reminders.working_days import ONE_DAY
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus
from pendamping.visits.models import MonthLock

OBLIGATIONS = {rule: code for code, rule in OF_OBLIGATION.items()}
HELD_BY_DOCUMENT = (RuleCode.MEETING_POLICY, RuleCode.MEETING_LAW)
"""The minutes of a general meeting in the register prove that it was held."""
DECEMBER = 12


def of_cooperatives(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """An obligation that falls on one of these dates and that nobody has said is met, for each cooperative."""
    for each in obligations(session):
        if not _is_about(code, each.code):
            continue
        for due_on, version in each.dates_within(min(asked.dates), max(asked.dates)):
            if due_on in asked.dates and not version.terms.only_if:
                yield from _owing(session, code, version, due_on, asked)


def _is_about(code: RuleCode, obligation_code: str) -> bool:
    if own := OBLIGATIONS.get(code):
        return obligation_code == own
    return obligation_code not in (*OF_OBLIGATION, MONTHLY_REPORT)


def own_terms(session: Session) -> set[OwnTerms]:
    """The days and hearers that obligations without a rule of their own have set for themselves."""
    kept = (each for each in obligations(session) if each.own_rule is None)
    return {version.terms.own for each in kept for version in each.versions if version.terms.own}


def _owing(session: Session, code: RuleCode, version: Version, due_on: dt.date, asked: FactQuery) -> Iterator[Fact]:
    terms = version.terms
    is_met = exists().where(
        ObligationMet.cooperative_id == Cooperative.id,
        ObligationMet.obligation == version.code,
        ObligationMet.due_on == due_on,
    )
    among = _cooperatives_behind(version.code, asked).among(Cooperative.id)
    query = every_cooperative(asked.day).where(~is_met, *among)
    if code in HELD_BY_DOCUMENT:
        query = query.where(~_met_by_minutes(due_on))
    for row in session.execute(query):
        yield fact_of(
            code,
            row,
            due_on,
            subject_id=thing_of(version.code, row.cooperative_id),
            title=terms.name_id,
            title_en=terms.name_en,
            doer=terms.doer,
            own=terms.own if code is RuleCode.OTHER_OBLIGATION else None,
        )


def _cooperatives_behind(obligation_code: str, asked: FactQuery) -> FactQuery:
    if asked.subjects is None:
        return asked
    return replace(asked, subjects=frozenset(thing_of(obligation_code, each) for each in asked.subjects))


def _met_by_minutes(due_on: dt.date) -> ColumnElement[bool]:
    return exists().where(
        Document.cooperative_id == Cooperative.id,
        Document.kind == DocumentKind.MEETING,
        Document.withdrawn_at.is_(None),
        Document.issued_on >= dt.date(due_on.year, 1, 1),
        Document.issued_on <= dt.date(due_on.year, 12, 31),
    )


def before_meetings(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """What must be ready before a general meeting whose day is set: the annual report, and the notice."""
    owed = obligation(session, OBLIGATIONS[code])
    if owed is None:
        return
    holding = {due_on: version for due_on in asked.dates if (version := owed.in_force_on(due_on))}
    meetings = {meeting_on: due_on for due_on in holding for meeting_on in _meetings_after(code, due_on)}
    if not meetings:
        return
    is_met = exists().where(
        ObligationMet.cooperative_id == GeneralMeeting.cooperative_id,
        ObligationMet.obligation == owed.code,
        ObligationMet.due_on == case(meetings, value=GeneralMeeting.planned_on),
    )
    query = select(GeneralMeeting.planned_on).where(
        GeneralMeeting.planned_on.in_(meetings), ~is_met, *asked.among(GeneralMeeting.cooperative_id)
    )
    for row in session.execute(with_cooperative(query, GeneralMeeting.cooperative_id, asked.day)):
        due_on = meetings[row.planned_on]
        terms = holding[due_on].terms
        yield fact_of(code, row, due_on, title=terms.name_id, title_en=terms.name_en, doer=terms.doer)


def _meetings_after(code: RuleCode, due_on: dt.date) -> tuple[dt.date, ...]:
    if code is RuleCode.ANNUAL_REPORT:
        return meeting_on_of_annual_report(due_on)
    return (due_on + NOTICE_DAYS * ONE_DAY,)


def due_before_meeting(code: RuleCode, meeting_on: dt.date) -> dt.date:
    """By when something must be ready for a general meeting."""
    return annual_report_on(meeting_on) if code is RuleCode.ANNUAL_REPORT else notice_on(meeting_on)


def monthly_reports(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """The report on the month before, owed by everybody who accompanied a cooperative in it."""
    owed = obligation(session, MONTHLY_REPORT)
    for due_on, _version in owed.dates_within(min(asked.dates), max(asked.dates)) if owed else ():
        if due_on in asked.dates:
            yield from _reports_owed(session, code, due_on, asked)


def _reports_owed(session: Session, code: RuleCode, due_on: dt.date, asked: FactQuery) -> Iterator[Fact]:
    """The head who hears of one that is late is found by the city of the cooperatives."""
    month = Month.of(due_on).minus(1)
    people = (
        select(User.id, func.min(Assignment.city_code))
        .join(Assignment, Assignment.facilitator_id == User.id)
        .where(
            User.deactivated_at.is_(None),
            runs_between(month.first_day, month.last_day),
            ~_is_handed_in(month),
            *asked.among(User.id),
        )
        .group_by(User.id)
    )
    for id_, city in session.execute(people):
        yield Fact(code, id_, due_on, str(month), code=city, facilitator_id=id_, doer=Doer.FACILITATOR)


def _is_handed_in(month: Month) -> ColumnElement[bool]:
    """Whether a facilitator's report is with the head or approved, or the month is locked by command."""
    report = exists().where(
        MonthlyReport.facilitator_id == User.id,
        MonthlyReport.year == month.year,
        MonthlyReport.month == month.number,
        MonthlyReport.status.in_((ReportStatus.SENT, ReportStatus.APPROVED)),
    )
    is_locked = exists().where(
        MonthLock.facilitator_id == User.id, MonthLock.year == month.year, MonthLock.month == month.number
    )
    return or_(report, is_locked)


def missing_holidays(session: Session, code: RuleCode, asked: FactQuery) -> Iterator[Fact]:
    """In December: that nobody has entered the holidays of the next year, without which reminders fall on them."""
    for on in sorted(asked.dates):
        if (on.month, on.day) != (DECEMBER, 1):
            continue
        first, last = dt.date(on.year + 1, 1, 1), dt.date(on.year + 1, 12, 31)
        known = session.scalar(select(DayOff.on).where(DayOff.on.between(first, last)).limit(1))
        if known is None:
            yield Fact(code, uuid.UUID(int=first.year), on, str(first.year), doer=Doer.AGENCY)
