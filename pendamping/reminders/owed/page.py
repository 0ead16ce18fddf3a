"""What the page of a cooperative's obligations shows: each with its legal date, and whether it is met."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Document, DocumentKind
from pendamping.reminders.duties import HELD_BY_DOCUMENT, MONTHLY_REPORT, due_before_meeting
from pendamping.reminders.models import GeneralMeeting, Obligation, ObligationMet
from pendamping.reminders.obligations import dates_within
from pendamping.reminders.rules import OF_OBLIGATION, RuleCode

BEFORE, AHEAD = dt.timedelta(days=31), dt.timedelta(days=185)
BEFORE_MEETING = (RuleCode.ANNUAL_REPORT, RuleCode.MEETING_NOTICE)


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation on one date."""

    code: str
    name_id: str
    name_en: str
    source: str
    due_on: dt.date
    is_met: bool
    by_minutes: bool
    """Met because the minutes of the meeting are among the cooperative's documents."""
    days_left: int


@dataclass(frozen=True, slots=True)
class DutiesPage:
    duties: Sequence[Duty]
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
    obligations = session.scalars(select(Obligation).where(Obligation.only_if == "").order_by(Obligation.code)).all()
    duties = [
        _duty(each, day, met, minutes, today)
        for each in obligations
        if each.code != MONTHLY_REPORT
        for day in _dates(each, meetings, first, last)
    ]
    ordered = sorted(duties, key=lambda duty: (duty.due_on, duty.code))
    return DutiesPage(ordered, meetings[0].planned_on if meetings else None)


def _dates(
    obligation: Obligation, meetings: Sequence[GeneralMeeting], first: dt.date, last: dt.date
) -> Iterator[dt.date]:
    rule = OF_OBLIGATION.get(obligation.code)
    if rule in BEFORE_MEETING:
        days = (due_before_meeting(rule, meeting.planned_on) for meeting in meetings)
        yield from (day for day in days if first <= day <= last)
    yield from dates_within(obligation, first, last)


def _duty(
    obligation: Obligation, on: dt.date, met: set[tuple[str, dt.date]], minutes: set[int], today: dt.date
) -> Duty:
    by_minutes = OF_OBLIGATION.get(obligation.code) in HELD_BY_DOCUMENT and on.year in minutes
    return Duty(
        code=obligation.code,
        name_id=obligation.name_id,
        name_en=obligation.name_en,
        source=obligation.source,
        due_on=on,
        is_met=by_minutes or (obligation.code, on) in met,
        by_minutes=by_minutes,
        days_left=(on - today).days,
    )


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
