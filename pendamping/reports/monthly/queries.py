"""What pages read of monthly reports: of many at once one row each, of one its whole way."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import runs_between
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.clock import office_date, start_of_day
from pendamping.kernel.roles import Role
from pendamping.reminders.models import DayOff
from pendamping.reports.monthly.content import ReportContent, from_json
from pendamping.reports.monthly.due import days_late, due_on
from pendamping.reports.monthly.models import (
    WITH_THE_FACILITATOR,
    MonthlyReport,
    MonthlyReportStep,
    ReportStatus,
    StepKind,
)
from pendamping.visits.models import MonthLock

MONTHS_WATCHED = 6
"""How far back a report that never came counts as late: what is older is history, not work. Our proposal."""
REPORTS_SHOWN = 60
MONTHS_LISTED = 15


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as lists show it. `days_late` of one that has been sent is that of its first sending.

    id, status: None for a month on which nothing has been written yet.
    changed: the sections that say something else than when it was returned.
    """

    id: uuid.UUID | None
    facilitator_id: uuid.UUID
    facilitator_name: str
    month: Month
    status: ReportStatus | None
    revision: int
    sent_at: dt.datetime | None
    days_late: int
    changed: tuple[str, ...] = ()
    times_sent: int = 0

    @property
    def is_missing(self) -> bool:
        """Never sent, although it is too late."""
        return self.sent_at is None and self.days_late > 0


@dataclass(frozen=True, slots=True)
class StepView:
    """A step on a report's way, with its author's name and, of a sending, what the report said then."""

    number: int
    kind: StepKind
    text: str
    changed: Sequence[str]
    author_name: str
    made_at: dt.datetime
    content: ReportContent | None


def waiting_for_review(session: Session, reports: Select[MonthlyReport], *, today: dt.date) -> list[ReportLine]:
    """Reports that wait for the head among `reports` (of `visible_reports`), the longest waiting first; one query."""
    waiting = reports.where(MonthlyReport.status == ReportStatus.SENT)
    return _lines(session, waiting.order_by(MonthlyReport.sent_at, MonthlyReport.id), today)


def answered(session: Session, reports: Select[MonthlyReport], month: Month, *, today: dt.date) -> list[ReportLine]:
    """The reports on a month that the head has answered, or that are with their facilitators again, by name."""
    query = reports.where(
        MonthlyReport.status != ReportStatus.SENT,
        MonthlyReport.first_sent_at.is_not(None),
        MonthlyReport.year == month.year,
        MonthlyReport.month == month.number,
    )
    return _lines(session, query.order_by(User.name, MonthlyReport.id), today)


def _lines(session: Session, reports: Select[MonthlyReport], today: dt.date) -> list[ReportLine]:
    sent = aliased(MonthlyReportStep)
    of_report = (sent.report_id == MonthlyReport.id) & (sent.kind == StepKind.SENT)
    last = select(func.max(sent.number)).where(of_report).correlate(MonthlyReport).scalar_subquery()
    count = select(func.count()).where(of_report).correlate(MonthlyReport).scalar_subquery()
    step = aliased(MonthlyReportStep)
    rows = session.execute(
        reports.join(User, User.id == MonthlyReport.facilitator_id)
        .outerjoin(step, and_(step.report_id == MonthlyReport.id, step.number == last))
        .add_columns(User.name, step.changed, count)
        .limit(REPORTS_SHOWN)
    )
    return [_line(report, name, today, tuple(changed or ()), times) for report, name, changed, times in rows]


def _line(
    report: MonthlyReport, name: str, today: dt.date, changed: tuple[str, ...] = (), times_sent: int = 0
) -> ReportLine:
    month = Month(report.year, report.month)
    sent_on = office_date(report.first_sent_at) if report.first_sent_at else None
    return ReportLine(
        id=report.id,
        facilitator_id=report.facilitator_id,
        facilitator_name=name,
        month=month,
        status=report.status,
        revision=report.revision,
        sent_at=report.sent_at,
        days_late=days_late(month, sent_on=sent_on, today=today),
        changed=changed,
        times_sent=times_sent,
    )


def late_reports(
    session: Session, cooperative_ids: Select[uuid.UUID], *, today: dt.date, months: int = MONTHS_WATCHED
) -> list[ReportLine]:
    """Reports that never came although they are too late, the oldest first: of everybody who accompanied one of these
    cooperatives (of `visible_cooperative_ids`) in one of the last months. One query. A month that is locked already,
    by command, asks for none.
    """
    owed = owed_reports(cooperative_ids, today=today, months=months)
    if not owed:
        return []
    rows = session.execute(union_all(*owed.values()))
    found = [
        ReportLine(
            id=row.report_id,
            facilitator_id=row.facilitator_id,
            facilitator_name=row.name,
            month=(month := Month(row.owed_year, row.owed_month)),
            status=row.status,
            revision=row.revision or 0,
            sent_at=None,
            days_late=days_late(month, sent_on=None, today=today),
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: (line.month, line.facilitator_name, line.facilitator_id))


def owed_reports(
    cooperative_ids: Select[uuid.UUID], *, today: dt.date, months: int = MONTHS_WATCHED
) -> dict[dt.date, Select[*tuple[Any, ...]]]:
    """Who owes which report, for each month on which it is too late: a select by the day on which it was due."""
    last = Month.of(today).minus(1)
    overdue = [last.minus(back) for back in range(months) if days_late(last.minus(back), sent_on=None, today=today)]
    return {due_on(month): _owed(cooperative_ids, month) for month in overdue}


def _owed(cooperative_ids: Select[uuid.UUID], month: Month) -> Select[*tuple[Any, ...]]:
    """Who owes the report on one month: had an account in time, accompanied somebody, and is still here. Nearly every
    month is locked, so that is asked first, and of the few others what they accompanied.
    """
    report, due = MonthlyReport, start_of_day(due_on(month))
    accompanied = exists().where(
        Assignment.facilitator_id == User.id,
        runs_between(month.first_day, month.last_day),
        cooperative_ids.where(Cooperative.id == Assignment.cooperative_id).correlate(Assignment).exists(),
    )
    is_locked = exists().where(
        MonthLock.facilitator_id == User.id, MonthLock.year == month.year, MonthLock.month == month.number
    )
    of_month = and_(report.facilitator_id == User.id, report.year == month.year, report.month == month.number)
    return (
        select(
            User.id.label("facilitator_id"),
            User.name.label("name"),
            report.id.label("report_id"),
            report.status.label("status"),
            report.revision.label("revision"),
            literal(month.year, Integer()).label("owed_year"),
            literal(month.number, Integer()).label("owed_month"),
        )
        .outerjoin(report, of_month)
        .where(
            User.role == Role.FACILITATOR,
            User.created_at < due,
            User.deactivated_at.is_(None),
            ~is_locked,
            report.first_sent_at.is_(None),
            accompanied,
        )
    )


def own_months(
    session: Session, reports: Select[MonthlyReport], facilitator: User, *, today: dt.date, months: int = MONTHS_LISTED
) -> list[ReportLine]:
    """A facilitator's months, this one first: those with a report, and those on which one is owed. Two queries."""
    this = Month.of(today)
    written = {line.month: line for line in _lines(session, reports.order_by(MonthlyReport.year.desc()), today)}
    runs = session.execute(
        select(Assignment.starts_on, Assignment.ends_on).where(Assignment.facilitator_id == facilitator.id)
    ).all()
    found = []
    for month in (this.minus(back) for back in range(months)):
        accompanied = any(start <= month.last_day and end >= month.first_day for start, end in runs)
        if month in written:
            found.append(written[month])
        elif accompanied:
            late = days_late(month, sent_on=None, today=today) if _had_account(facilitator, month) else 0
            found.append(ReportLine(None, facilitator.id, facilitator.name, month, None, 0, None, late))
    return found


def _had_account(facilitator: User, month: Month) -> bool:
    return office_date(facilitator.created_at) < due_on(month)


@dataclass(frozen=True, slots=True)
class DueReport:
    """The report that a facilitator should see to next."""

    month: Month
    status: ReportStatus | None
    due_on: dt.date
    days_late: int


def due_report(session: Session, facilitator: User, *, today: dt.date) -> DueReport | None:
    """What a facilitator's home says of reports: one that came back, or that of last month while it has not been sent.
    One query.
    """
    last = Month.of(today).minus(1)
    accompanied = exists().where(
        Assignment.facilitator_id == User.id,
        runs_between(last.first_day, last.last_day),
    )
    is_last = (MonthlyReport.year == last.year) & (MonthlyReport.month == last.number)
    rows = session.execute(
        select(MonthlyReport.year, MonthlyReport.month, MonthlyReport.status, accompanied, MonthlyReport.first_sent_at)
        .select_from(User)
        .outerjoin(
            MonthlyReport,
            and_(
                MonthlyReport.facilitator_id == User.id,
                or_(is_last, MonthlyReport.status == ReportStatus.RETURNED),
            ),
        )
        .where(User.id == facilitator.id)
        .order_by(MonthlyReport.year, MonthlyReport.month)
        .limit(MONTHS_LISTED)
    ).all()
    written = {Month(row.year, row.month): row for row in rows if row.year is not None}
    for month, row in written.items():
        if row.status is ReportStatus.RETURNED:
            return _due(month, row.status, row.first_sent_at, today)
    if (of_last := written.get(last)) is not None:
        is_open = of_last.status in WITH_THE_FACILITATOR
        return _due(last, of_last.status, of_last.first_sent_at, today) if is_open else None
    is_owed = bool(rows and rows[0][3]) and _had_account(facilitator, last)
    return _due(last, None, None, today) if is_owed else None


def _due(month: Month, status: ReportStatus | None, sent_at: dt.datetime | None, today: dt.date) -> DueReport:
    late = days_late(month, sent_on=office_date(sent_at) if sent_at else None, today=today)
    return DueReport(month, status, due_on(month), 0 if sent_at else late)


def steps_of(session: Session, report_id: uuid.UUID) -> list[StepView]:
    """The whole way of a report, in order; one query."""
    rows = session.execute(
        select(MonthlyReportStep, User.name)
        .join(User, User.id == MonthlyReportStep.author_id)
        .where(MonthlyReportStep.report_id == report_id)
        .order_by(MonthlyReportStep.number)
    )
    return [
        StepView(
            number=step.number,
            kind=step.kind,
            text=step.text,
            changed=step.changed,
            author_name=name,
            made_at=step.made_at,
            content=from_json(step.content) if step.content else None,
        )
        for step, name in rows
    ]


def shows_photo(session: Session, report_id: uuid.UUID, attachment_id: uuid.UUID) -> bool:
    """Whether a report showed a photo in one of its sendings; what its author still chooses from is nobody else's."""
    contents = session.scalars(
        select(MonthlyReportStep.content).where(
            MonthlyReportStep.report_id == report_id, MonthlyReportStep.kind == StepKind.SENT
        )
    )
    return any(
        photo.attachment_id == str(attachment_id)
        for content in contents
        if content
        for photo in from_json(content).photos
    )


def days_off_before(session: Session, month: Month) -> set[dt.date]:
    """Days on which the office does not work, around the due date of a month's report."""
    due = due_on(month)
    return set(session.scalars(select(DayOff.on).where(DayOff.on.between(due - dt.timedelta(days=14), due))))
