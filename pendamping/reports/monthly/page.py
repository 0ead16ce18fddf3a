"""What the pages of one report show: what it says, where it stands, its whole way."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.clock import office_date
from pendamping.kernel.errors import NotThere
from pendamping.reports.monthly.content import Change, ReportContent, changes_between, log_of_visits
from pendamping.reports.monthly.due import advised_on, days_late, due_on, is_over
from pendamping.reports.monthly.gather import gathered, spans_of
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus, StepKind
from pendamping.reports.monthly.policy import can_write
from pendamping.reports.monthly.queries import StepView, days_off_before, steps_of
from pendamping.reports.monthly.service import month_of

EARLIEST_YEAR = 2020


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report as its page shows it.

    content: what is being written, or what was sent last.  changes: since the sending before; empty for a first one.
    moved_on: visits have changed since it was sent, so that it cannot be approved as it is.
    """

    report: MonthlyReport | None
    month: Month
    facilitator_name: str
    content: ReportContent
    steps: Sequence[StepView]
    changes: Sequence[Change]
    due_on: dt.date
    advised_on: dt.date
    days_late: int
    can_write: bool
    can_send: bool
    moved_on: bool

    @property
    def status(self) -> ReportStatus | None:
        return self.report.status if self.report else None

    @property
    def revision(self) -> int:
        return self.report.revision if self.report else 0

    @property
    def answer(self) -> StepView | None:
        """The head's last word: the answer of an approval, or the reason of a return that has not been met yet."""
        kinds = (StepKind.APPROVED, StepKind.RETURNED)
        decided = [step for step in self.steps if step.kind in kinds]
        return decided[-1] if decided and self.status in (ReportStatus.APPROVED, ReportStatus.RETURNED) else None

    @property
    def addenda(self) -> list[StepView]:
        return [step for step in self.steps if step.kind is StepKind.ADDENDUM]


def month_in(year: int, number: int, *, today: dt.date) -> Month:
    """The month that an address names.

    Raises:
        NotThere: there is none, or it lies ahead.
    """
    if not 1 <= number <= 12 or year < EARLIEST_YEAR or Month(year, number) > Month.of(today):
        raise NotThere
    return Month(year, number)


def writing_page(
    session: Session, facilitator: User, report: MonthlyReport | None, month: Month, *, today: dt.date
) -> ReportPage:
    """The facilitator's own page of a month: the log as it is now while it can be written, else what was sent.

    Raises:
        NotThere: nobody was accompanied in that month.
    """
    steps = steps_of(session, report.id) if report else []
    writes = can_write(facilitator, report)
    spans = spans_of(session, facilitator.id, month)
    if not spans and report is None:
        raise NotThere
    fresh = gathered(session, facilitator.id, month, spans, report=report, today=today)
    sent = _sent(steps)
    content = fresh if writes or not sent else sent[-1]
    before = sent[-1] if writes and sent else sent[-2] if len(sent) > 1 else None
    return _page(
        session,
        report,
        month,
        facilitator.name,
        content,
        steps,
        before=before,
        can_write=writes,
        moved_on=bool(sent) and not writes and log_of_visits(fresh) != log_of_visits(sent[-1]),
        today=today,
    )


def review_page(session: Session, report: MonthlyReport, *, today: dt.date) -> ReportPage:
    """The agency's page of a report: always what was sent last, never what is being changed."""
    facilitator, month = session.get_one(User, report.facilitator_id), month_of(report)
    steps = steps_of(session, report.id)
    sent = _sent(steps)
    moved_on = False
    if report.status is ReportStatus.SENT:
        spans = spans_of(session, facilitator.id, month)
        fresh = gathered(session, facilitator.id, month, spans, report=report, today=today)
        moved_on = log_of_visits(fresh) != log_of_visits(sent[-1])
    before = sent[-2] if len(sent) > 1 else None
    return _page(
        session,
        report,
        month,
        facilitator.name,
        sent[-1],
        steps,
        before=before,
        can_write=False,
        moved_on=moved_on,
        today=today,
    )


def _sent(steps: Sequence[StepView]) -> list[ReportContent]:
    return [step.content for step in steps if step.content is not None]


def _page(
    session: Session,
    report: MonthlyReport | None,
    month: Month,
    name: str,
    content: ReportContent,
    steps: Sequence[StepView],
    *,
    before: ReportContent | None,
    can_write: bool,
    moved_on: bool,
    today: dt.date,
) -> ReportPage:
    sent_on = office_date(report.first_sent_at) if report and report.first_sent_at else None
    return ReportPage(
        report=report,
        month=month,
        facilitator_name=name,
        content=content,
        steps=steps,
        changes=changes_between(before, content) if before else [],
        due_on=due_on(month),
        advised_on=advised_on(month, days_off_before(session, month)),
        days_late=days_late(month, sent_on=sent_on, today=today),
        can_write=can_write,
        can_send=can_write and is_over(month, today=today),
        moved_on=moved_on,
    )
