"""Who may see a monthly report, and who may write, answer or add to it."""

from sqlalchemy import Select, or_, select

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.reports.monthly.models import MonthlyReport, ReportStatus


def visible_reports(user: User) -> Select[MonthlyReport]:
    """A facilitator's own reports, drafts among them; those that the agency of the city, or of a region around it, has
    been sent at least once. A cooperative sees none.

    A report is about a caseload, so who oversees only a part of a city reads none of its reports.
    """
    reports = select(MonthlyReport)
    match user.role:
        case Role.FACILITATOR:
            return reports.where(MonthlyReport.facilitator_id == user.id)
        case Role.AGENCY_HEAD | Role.ADMIN:
            sent = reports.where(MonthlyReport.first_sent_at.is_not(None))
            return within_scope(sent, user.scope_prefix)
        case Role.COOPERATIVE:
            return reports.where(MonthlyReport.id.is_(None))


def within_scope(reports: Select[MonthlyReport], scope_prefix: str) -> Select[MonthlyReport]:
    if not scope_prefix:
        return reports
    city = MonthlyReport.city_code
    return reports.where(or_(city == scope_prefix, city.startswith(scope_prefix + ".", autoescape=True)))


def can_write(user: User, report: MonthlyReport | None) -> bool:
    """Whether a person may change what a report says."""
    if user.role is not Role.FACILITATOR:
        return False
    with_them = report is None or report.status in (ReportStatus.DRAFT, ReportStatus.RETURNED)
    return with_them and (report is None or report.facilitator_id == user.id)


def can_review(user: User) -> bool:
    """The head answers reports; an admin reads them."""
    return user.role is Role.AGENCY_HEAD
