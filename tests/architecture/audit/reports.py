"""What papers and exports leave on record."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import false, select

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.audit import Actor
from pendamping.kernel.roles import Role
from pendamping.reports.evaluation import service as evaluations
from pendamping.reports.evaluation.periods import Part, Period
from pendamping.reports.exports import service as exports
from pendamping.reports.exports.columns import Format, Kind
from pendamping.reports.monthly import service as monthly
from pendamping.reports.monthly.models import MonthlyReport
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW, TODAY
from tests.make import Make

MARCH = Month(2026, 3)
YEAR = Period(2025, Part.YEAR, dt.date(2025, 1, 1), dt.date(2025, 12, 31), 2)


def record_export(make: Make, actor: Actor) -> None:
    exports.record_export(make.session, Kind.VISITS, form=Format.CSV, year=2026, cooperatives=34, actor=actor, now=NOW)


def written_report(make: Make, actor: Actor) -> MonthlyReport:
    written = monthly.Written({"kendala": "Hujan."}, ())
    terms: dict[str, Any] = {"seen_revision": 0, "actor": actor, "today": make.today, "now": NOW}
    return monthly.write_report(make.session, make.facilitator(), MARCH, written, **terms)


def sent_report(make: Make) -> MonthlyReport:
    report = written_report(make, make.actor)
    send_report(make, make.actor, report)
    return report


def send_report(make: Make, actor: Actor, report: MonthlyReport | None = None) -> None:
    report = report or written_report(make, make.actor)
    facilitator = make.session.get_one(User, report.facilitator_id)
    terms = by(make, report, actor, facilitator)
    monthly.send_report(make.session, report, note="", today=make.today, **terms)


def by(make: Make, report: MonthlyReport, actor: Actor, author: User | None = None) -> dict[str, Any]:
    author = author or make.user(Role.AGENCY_HEAD)
    return {"seen_revision": report.revision, "author": author, "actor": actor, "now": NOW}


def hand_in_report(make: Make, actor: Actor) -> None:
    terms: dict[str, Any] = {"note": "", "seen_revision": 0, "actor": actor, "today": make.today, "now": NOW}
    monthly.hand_in(make.session, make.facilitator(), MARCH, monthly.Written({}, ()), **terms)


def take_back_report(make: Make, actor: Actor) -> None:
    report = sent_report(make)
    monthly.take_back(make.session, report, **by(make, report, actor))


def return_report(make: Make, actor: Actor) -> None:
    report = sent_report(make)
    monthly.return_report(make.session, report, reason="Kurang jelas.", **by(make, report, actor))


def approve_report(make: Make, actor: Actor) -> MonthlyReport:
    report = sent_report(make)
    monthly.approve_report(make.session, report, answer="Baik.", today=make.today, **by(make, report, actor))
    return report


def add_to_report(make: Make, actor: Actor) -> None:
    report = approve_report(make, make.actor)
    monthly.add_to_report(make.session, report, "Menyusul.", **by(make, report, actor))


def issue_evaluation(make: Make, actor: Actor) -> None:
    nobody = select(Cooperative).where(false())
    author = make.user().id
    evaluations.issue(make.session, "64.71", nobody, YEAR, user_id=author, actor=actor, today=TODAY, now=NOW)


CASES: Mapping[str, AuditCase] = {
    "reports.exports.service.record_export": AuditCase(
        record_export, "export", "visit", after={"format": "csv", "year": 2026, "cooperatives": 34}
    ),
    "reports.monthly.service.write_report": AuditCase(
        written_report, "write_monthly_report", "monthly_report", after={"revision": 1}
    ),
    "reports.monthly.service.send_report": AuditCase(
        send_report,
        "send_monthly_report",
        "monthly_report",
        before={"status": "draf"},
        after={"status": "dikirim", "revision": 2, "step": 1},
    ),
    "reports.monthly.service.hand_in": AuditCase(
        hand_in_report,
        "send_monthly_report",
        "monthly_report",
        before={"status": "draf"},
        after={"status": "dikirim", "revision": 2},
        also=("write_monthly_report",),
    ),
    "reports.monthly.service.take_back": AuditCase(
        take_back_report,
        "take_back_monthly_report",
        "monthly_report",
        before={"status": "dikirim"},
        after={"status": "draf", "step": 2},
    ),
    "reports.monthly.service.return_report": AuditCase(
        return_report,
        "return_monthly_report",
        "monthly_report",
        before={"status": "dikirim"},
        after={"status": "dikembalikan", "words": "Kurang jelas."},
    ),
    "reports.monthly.service.approve_report": AuditCase(
        approve_report,
        "approve_monthly_report",
        "monthly_report",
        before={"status": "dikirim"},
        after={"status": "disetujui", "words": "Baik."},
        also=("lock_month",),
    ),
    "reports.monthly.service.add_to_report": AuditCase(
        add_to_report,
        "add_to_monthly_report",
        "monthly_report",
        before={"status": "disetujui"},
        after={"status": "disetujui", "words": "Menyusul."},
    ),
    "reports.evaluation.service.issue": AuditCase(
        issue_evaluation, "issue_evaluation", "evaluation_paper", after={"subject": "64.71"}
    ),
}
