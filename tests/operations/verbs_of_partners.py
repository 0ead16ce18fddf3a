"""Verbs of partnerships and of evaluations: what each leaves on record."""

import datetime as dt
import uuid
from dataclasses import replace

from sqlalchemy import false, select

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.partnerships import service as partnerships
from pendamping.cooperatives.partnerships.models import Business, PartnershipStatus
from pendamping.cooperatives.partnerships.rules import Terms
from pendamping.kernel.audit import Actor
from pendamping.reports.evaluation import service as evaluations
from pendamping.reports.evaluation.periods import Part, Period
from tests.conftest import NOW, TODAY
from tests.make import Make
from tests.operations.verbs_of_the_field import Verbs

PARTNERSHIP_ID = uuid.UUID("c0ffee00-0000-4000-8000-000000000031")
TERMS = Terms("Perum Bulog", True, "beras", PartnershipStatus.EXPLORING, dt.date(2026, 3, 2), None, None, "")
YEAR = Period(2025, Part.YEAR, dt.date(2025, 1, 1), dt.date(2025, 12, 31), 2)


def add_partnership(make: Make, actor: Actor) -> None:
    author = make.facilitator().id
    partnerships.add_partnership(
        make.session, make.cooperative(), PARTNERSHIP_ID, TERMS, author_id=author, actor=actor, now=NOW
    )


def record_step(make: Make, actor: Actor) -> None:
    add_partnership(make, make.actor)
    partnerships.record_step(
        make.session,
        make.cooperative(),
        PARTNERSHIP_ID,
        replace(TERMS, status=PartnershipStatus.RUNNING),
        seen_number=1,
        author_id=make.user().id,
        actor=actor,
        now=NOW,
    )


def report_partnership(make: Make, actor: Actor) -> None:
    partnerships.report_partnership(
        make.session, make.cooperative(), partner="BUMN", note="Dari berita", actor=actor, now=NOW
    )


def record_business_plan(make: Make, actor: Actor) -> None:
    author = make.user().id
    partnerships.record_business_plan(
        make.session,
        make.cooperative(),
        [Business.STAPLES],
        "Nelayan",
        seen_revision=0,
        author_id=author,
        actor=actor,
        now=NOW,
    )


def issue_evaluation(make: Make, actor: Actor) -> None:
    nobody = select(Cooperative).where(false())
    author = make.user().id
    evaluations.issue(make.session, "64.71", nobody, YEAR, user_id=author, actor=actor, today=TODAY, now=NOW)


PARTNER_VERBS: Verbs = {
    "cooperatives.add_partnership": (
        add_partnership,
        "add_partnership",
        "partnership",
        None,
        {"partner": "Perum Bulog", "goods": "beras", "is_bumn": True},
    ),
    "cooperatives.record_step": (
        record_step,
        "record_partnership_step",
        "partnership_step",
        {
            "partner": "Perum Bulog",
            "is_bumn": True,
            "goods": "beras",
            "status": "penjajakan",
            "since_on": "2026-03-02",
            "ends_on": None,
            "monthly_value_idr": None,
            "note": "",
        },
        {"status": "berjalan"},
    ),
    "cooperatives.report_partnership": (
        report_partnership,
        "report_partnership",
        "partnership",
        None,
        {"partner": "BUMN", "note": "Dari berita"},
    ),
    "cooperatives.record_business_plan": (
        record_business_plan,
        "record_business_plan",
        "business_plan",
        None,
        {"potential": "Nelayan"},
    ),
    "reports.issue": (issue_evaluation, "issue_evaluation", "evaluation_paper", None, {"subject": "64.71"}),
}
