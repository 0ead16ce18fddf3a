"""What the page of a cooperative's obligations shows: each with its legal date, and whether it is met."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Document, DocumentKind, Officer
from pendamping.cooperatives.records.figures import Month
from pendamping.instruments.definition import OwnerRole
from pendamping.reminders.duties import HELD_BY_DOCUMENT, due_before_meeting
from pendamping.reminders.models import GeneralMeeting, ObligationMet
from pendamping.reminders.obligations import MONTHLY_REPORT, Obligation, Version
from pendamping.reminders.queries import obligations
from pendamping.reminders.rules import OF_OBLIGATION, Doer, RuleCode

BEFORE, AHEAD = dt.timedelta(days=31), dt.timedelta(days=185)
BEFORE_MEETING = (RuleCode.ANNUAL_REPORT, RuleCode.MEETING_NOTICE)


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation on one date."""

    code: str
    name_id: str
    name_en: str
    source: str
    is_facilitators: bool
    due_on: dt.date
    is_met: bool
    by_minutes: bool
    """Met because the minutes of the meeting are among the cooperative's documents."""
    days_left: int


@dataclass(frozen=True, slots=True)
class DutyMonth:
    month: Month
    duties: Sequence[Duty]


@dataclass(frozen=True, slots=True)
class TermLine:
    """Somebody in office, or just gone out of it, and whether their next term or who comes next is entered."""

    officer_id: uuid.UUID
    name: str
    role: OwnerRole
    ends_on: dt.date
    days_left: int
    is_followed: bool


@dataclass(frozen=True, slots=True)
class DutiesPage:
    duties: Sequence[Duty]
    months: Sequence[DutyMonth]
    """The same, month by month."""
    terms: Sequence[TermLine]
    """Of office, the one that ends first before the others."""
    meeting_on: dt.date | None
    """Of the next general meeting, or of the last one of this year."""


def duties_page(session: Session, cooperative_id: uuid.UUID, *, today: dt.date) -> DutiesPage:
    first, last = today - BEFORE, today + AHEAD
    meetings = session.scalars(
        select(GeneralMeeting)
        .where(GeneralMeeting.cooperative_id == cooperative_id, GeneralMeeting.year >= today.year)
        .order_by(GeneralMeeting.year)
    ).all()
    met = _met(session, cooperative_id, first)
    minutes = _minutes(session, cooperative_id)
    duties = [
        _duty(version, day, met, minutes, today)
        for each in obligations(session)
        if each.code != MONTHLY_REPORT
        for day, version in _dates(each, meetings, first, last)
        if not version.terms.only_if
    ]
    ordered = sorted(duties, key=lambda duty: (duty.due_on, duty.code))
    by_month = groupby(ordered, key=lambda duty: Month(duty.due_on.year, duty.due_on.month))
    months = [DutyMonth(month, list(of_month)) for month, of_month in by_month]
    terms = _terms(session, cooperative_id, today)
    return DutiesPage(ordered, months, terms, meetings[0].planned_on if meetings else None)


def _dates(
    obligation: Obligation, meetings: Sequence[GeneralMeeting], first: dt.date, last: dt.date
) -> Iterator[tuple[dt.date, Version]]:
    rule = OF_OBLIGATION.get(obligation.code)
    if rule in BEFORE_MEETING:
        for day in (due_before_meeting(rule, meeting.planned_on) for meeting in meetings):
            version = obligation.in_force_on(day)
            if version and first <= day <= last:
                yield day, version
    yield from obligation.dates_within(first, last)


def _duty(version: Version, on: dt.date, met: set[tuple[str, dt.date]], minutes: set[int], today: dt.date) -> Duty:
    code, terms = version.code, version.terms
    by_minutes = OF_OBLIGATION.get(code) in HELD_BY_DOCUMENT and on.year in minutes
    return Duty(
        code=code,
        name_id=terms.name_id,
        name_en=terms.name_en,
        source=terms.source,
        is_facilitators=terms.doer is Doer.FACILITATOR,
        due_on=on,
        is_met=by_minutes or (code, on) in met,
        by_minutes=by_minutes,
        days_left=(on - today).days,
    )


def _terms(session: Session, cooperative_id: uuid.UUID, today: dt.date) -> list[TermLine]:
    officers = session.scalars(select(Officer).where(Officer.cooperative_id == cooperative_id)).all()
    lines = [
        TermLine(
            officer_id=each.id,
            name=each.name,
            role=each.role,
            ends_on=each.term_ends_on,
            days_left=(each.term_ends_on - today).days,
            is_followed=any(_follows(other, each) for other in officers),
        )
        for each in officers
        if each.term_ends_on and each.term_ends_on >= today - BEFORE
    ]
    return sorted(lines, key=lambda line: (line.ends_on, line.name))


def _follows(other: Officer, officer: Officer) -> bool:
    """As reminders have it (`facts.terms`): supervisors share a post, each needs a next term of their own."""
    is_same_post = other.role is officer.role and (
        officer.role is not OwnerRole.SUPERVISOR or other.name == officer.name
    )
    ends_on, last = other.term_ends_on or dt.date.max, officer.term_ends_on or dt.date.max
    return other.id != officer.id and is_same_post and ends_on > last


def _met(session: Session, cooperative_id: uuid.UUID, first: dt.date) -> set[tuple[str, dt.date]]:
    query = select(ObligationMet.obligation, ObligationMet.due_on)
    query = query.where(ObligationMet.cooperative_id == cooperative_id, ObligationMet.due_on >= first)
    return {(code, due_on) for code, due_on in session.execute(query)}


def _minutes(session: Session, cooperative_id: uuid.UUID) -> set[int]:
    """The years of which there are minutes of a general meeting."""
    query = select(Document.issued_on).where(
        Document.cooperative_id == cooperative_id,
        Document.kind == DocumentKind.MEETING,
        Document.withdrawn_at.is_(None),
        Document.issued_on.is_not(None),
    )
    return {day.year for day in session.scalars(query) if day}
