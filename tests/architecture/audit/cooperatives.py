"""What cooperatives leave on record: their facts and people, their papers and figures, partnerships."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace

from pendamping.cooperatives import service as cooperatives
from pendamping.cooperatives.models import Document, DocumentKind
from pendamping.cooperatives.partnerships import service as partnerships
from pendamping.cooperatives.partnerships.models import Business, PartnershipStatus
from pendamping.cooperatives.partnerships.rules import Terms
from pendamping.cooperatives.proposals import service as proposals
from pendamping.cooperatives.records import service as records
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.service import NewDocument
from pendamping.cooperatives.service import CooperativeFacts
from pendamping.kernel.audit import Actor
from tests.architecture.audit.cases import AuditCase, acting
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make

RENEWAL_ID = uuid.UUID("c0ffee00-0000-4000-8000-000000000001")
PARTNERSHIP_ID = uuid.UUID("c0ffee00-0000-4000-8000-000000000031")
TERMS = Terms("Perum Bulog", True, "beras", PartnershipStatus.EXPLORING, dt.date(2026, 3, 2), None, None, "")


def change_facts(make: Make, actor: Actor) -> None:
    cooperative = make.cooperative()
    facts = CooperativeFacts(**{name: getattr(cooperative, name) for name in CooperativeFacts.__dataclass_fields__})
    cooperatives.change_facts(make.session, cooperative, replace(facts, npwp="01.234"), actor=actor, now=NOW)


def add_officer(make: Make, actor: Actor) -> None:
    acting(make, actor).officer()


def end_officer_term(make: Make, actor: Actor) -> None:
    cooperatives.end_officer_term(make.session, make.officer(), on=make.today, actor=actor, now=NOW)


def _document(make: Make, document_id: uuid.UUID, actor: Actor) -> Document:
    new = NewDocument(DocumentKind.DEED, "Akta pendirian", "12", None, None)
    author_id = make.user().id
    stored, _ = records.add_document(
        make.session,
        make.cooperative(),
        document_id,
        new,
        attachment_id=None,
        author_id=author_id,
        actor=actor,
        now=NOW,
    )
    return stored


def add_document(make: Make, actor: Actor) -> None:
    _document(make, uuid.uuid4(), actor)


def replace_document(make: Make, actor: Actor) -> None:
    renewal = _document(make, RENEWAL_ID, make.actor)
    records.replace_document(make.session, make.document(), renewal, actor=actor, now=NOW)


def withdraw_document(make: Make, actor: Actor) -> None:
    records.withdraw_document(make.session, make.document(), actor=actor, now=NOW)


def record_figures(make: Make, actor: Actor) -> None:
    acting(make, actor).figures(Month(2026, 3), members=240)


def propose_figures(make: Make, actor: Actor) -> None:
    proposals.propose_figures(
        make.session,
        make.cooperative(),
        Month(2026, 3),
        Figures(members=240),
        proposal_id=uuid.uuid4(),
        author_id=make.cooperative_user().id,
        actor=actor,
        today=make.today,
        now=make.now,
    )


def confirm_figures(make: Make, actor: Actor) -> None:
    make.figures(Month(2026, 3), members=200, savings_idr=1_000)
    proposal = make.proposal(Month(2026, 3), members=240)
    proposals.confirm_figures(
        make.session,
        make.cooperative(),
        proposal,
        seen_revision=1,
        decided_by_id=make.user().id,
        actor=actor,
        now=make.now,
    )


def return_figures(make: Make, actor: Actor) -> None:
    proposal = make.proposal(Month(2026, 3), members=240)
    proposals.return_figures(
        make.session,
        make.cooperative(),
        proposal,
        reason="Omzet belum diisi.",
        decided_by_id=make.user().id,
        actor=actor,
        now=make.now,
    )


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


CASES: Mapping[str, AuditCase] = {
    "cooperatives.service.change_facts": AuditCase(
        change_facts, "change_facts", "cooperative", before={"npwp": None}, after={"npwp": "01.234"}
    ),
    "cooperatives.service.add_officer": AuditCase(
        add_officer, "add_officer", "officer", after={"cooperative": GRAHA_INDAH, "role": "bendahara"}
    ),
    "cooperatives.service.end_officer_term": AuditCase(
        end_officer_term,
        "end_officer_term",
        "officer",
        before={"term_ends_on": "2030-06-30"},
        after={"term_ends_on": "2026-04-14"},
    ),
    "cooperatives.records.service.add_document": AuditCase(
        add_document,
        "add_document",
        "document",
        after={"cooperative": GRAHA_INDAH, "kind": "akta", "title": "Akta pendirian", "expires_on": None},
    ),
    "cooperatives.records.service.replace_document": AuditCase(
        replace_document,
        "replace_document",
        "document",
        before={"replaced_by_id": None},
        after={"replaced_by_id": str(RENEWAL_ID)},
    ),
    "cooperatives.records.service.withdraw_document": AuditCase(
        withdraw_document,
        "withdraw_document",
        "document",
        before={"withdrawn_at": None},
        after={"withdrawn_at": str(NOW)},
    ),
    "cooperatives.records.service.record_figures": AuditCase(
        record_figures,
        "record_figures",
        "monthly_figures",
        after={"cooperative": GRAHA_INDAH, "month": "2026-03", "revision": 1, "members": 240},
    ),
    "cooperatives.proposals.service.propose_figures": AuditCase(
        propose_figures,
        "propose_figures",
        "figures_proposal",
        after={"cooperative": GRAHA_INDAH, "month": "2026-03", "members": 240},
    ),
    "cooperatives.proposals.service.confirm_figures": AuditCase(
        confirm_figures,
        "confirm_figures",
        "figures_decision",
        before={
            "members": 200,
            "savings_idr": 1000,
            "turnover_idr": None,
            "surplus_idr": None,
            "cashless_percent": None,
        },
        after={"cooperative": GRAHA_INDAH, "month": "2026-03", "revision": 2, "members": 240, "savings_idr": 1000},
    ),
    "cooperatives.proposals.service.return_figures": AuditCase(
        return_figures, "return_figures", "figures_decision", after={"reason": "Omzet belum diisi."}
    ),
    "cooperatives.partnerships.service.add_partnership": AuditCase(
        add_partnership,
        "add_partnership",
        "partnership",
        after={"partner": "Perum Bulog", "goods": "beras", "is_bumn": True},
    ),
    "cooperatives.partnerships.service.record_step": AuditCase(
        record_step,
        "record_partnership_step",
        "partnership_step",
        before={
            "partner": "Perum Bulog",
            "is_bumn": True,
            "goods": "beras",
            "status": "penjajakan",
            "since_on": "2026-03-02",
            "ends_on": None,
            "monthly_value_idr": None,
            "note": "",
        },
        after={"status": "berjalan"},
    ),
    "cooperatives.partnerships.service.report_partnership": AuditCase(
        report_partnership, "report_partnership", "partnership", after={"partner": "BUMN", "note": "Dari berita"}
    ),
    "cooperatives.partnerships.service.record_business_plan": AuditCase(
        record_business_plan, "record_business_plan", "business_plan", after={"potential": "Nelayan"}
    ),
}
