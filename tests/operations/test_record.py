"""Whatever changes something leaves a record of who did it, when, and what it was before."""

import datetime as dt
import importlib
import inspect
import json
import pkgutil
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import pendamping
from pendamping.accounts import service as accounts
from pendamping.accounts.links import service as links
from pendamping.accounts.models import User
from pendamping.accounts.service import NewUser
from pendamping.attachments import service as attachments
from pendamping.cooperatives import service as cooperatives
from pendamping.cooperatives.assignments import service as assignments
from pendamping.cooperatives.models import Document, DocumentKind, ProgrammeYear
from pendamping.cooperatives.programme import service as programme
from pendamping.cooperatives.programme.queries import DEFAULT_OFFICE
from pendamping.cooperatives.proposals import service as proposals
from pendamping.cooperatives.records import service as records
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.service import NewDocument
from pendamping.cooperatives.service import CooperativeFacts
from pendamping.instruments import service as instruments
from pendamping.instruments.drafting import service as drafting
from pendamping.instruments.drafting.edits import with_facts
from pendamping.instruments.exchange import service as exchange
from pendamping.instruments.reading.text import canonical_json, content_hash
from pendamping.kernel.audit import Actor, AuditEvent
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from pendamping.plans import service as plans
from pendamping.reports.exports import service as exports
from pendamping.reports.exports.columns import Format, Kind
from pendamping.reports.monthly import service as monthly
from pendamping.reports.monthly.models import MonthlyReport
from pendamping.visits import service as visits
from pendamping.visits.corrections import service as corrections
from pendamping.visits.corrections.queries import Change
from pendamping.visits.corrections.service import Corrected
from pendamping.visits.models import VisitMode
from pendamping.visits.requests import service as requests
from pendamping.visits.requests.models import ItemRequest
from pendamping.visits.schedule import service as schedule
from tests.conftest import NOW
from tests.instruments.cases import document
from tests.instruments.editions import edition
from tests.make import GRAHA_INDAH, PASSWORD, Make
from tests.operations.verbs_of_activities import ACTIVITY_VERBS
from tests.operations.verbs_of_partners import PARTNER_VERBS
from tests.operations.verbs_of_reminders import REMINDER_VERBS
from tests.operations.verbs_of_the_field import FIELD_VERBS, Verbs
from tests.pictures import PDF

NEW_PASSWORD = "sandi-yang-baru"
ATTACHMENT_ID = uuid.UUID("c0ffee00-0000-4000-8000-000000000002")
RENEWAL_ID = uuid.UUID("c0ffee00-0000-4000-8000-000000000001")


def verbs_with_an_actor() -> set[str]:
    """Every public function of a service that is told who acts."""
    found = set()
    for module in pkgutil.walk_packages(pendamping.__path__, "pendamping."):
        if module.name.endswith(".service"):
            for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
                is_own = function.__module__ == module.name and not name.startswith("_")
                if is_own and "actor" in inspect.signature(function).parameters:
                    found.add(f"{module.name.split('.')[1]}.{name}")
    return found


def add_user(make: Make, actor: Actor) -> None:
    new = NewUser("ratna", "Ratna", Role.ADMIN, NEW_PASSWORD, scope_prefix="64.71")
    accounts.add_user(make.session, new, actor=actor, now=NOW)


def set_password(make: Make, actor: Actor) -> None:
    accounts.set_password(make.session, make.user(), NEW_PASSWORD, actor=actor, now=NOW, must_change=True)


def change_own_password(make: Make, actor: Actor) -> None:
    accounts.change_own_password(make.session, make.user(), current=PASSWORD, new=NEW_PASSWORD, actor=actor, now=NOW)


def sign_out(make: Make, actor: Actor) -> None:
    accounts.sign_out(make.session, make.user(), session_id=uuid.uuid4(), actor=actor, now=NOW)


def deactivate_user(make: Make, actor: Actor) -> None:
    accounts.deactivate_user(make.session, make.user(), actor=actor, now=NOW)


def reactivate_user(make: Make, actor: Actor) -> None:
    accounts.reactivate_user(make.session, make.user(deactivated_at=NOW), actor=actor, now=NOW)


def make_link(make: Make, actor: Actor) -> None:
    officer = make.officer()
    maker_id = make.personal_link(officer).made_by_id  # the account is there already
    holder = links.OfficeHolder(officer.id, officer.name, officer.cooperative_id, officer.city_code, None)
    links.make_link(
        make.session,
        holder,
        link_id=uuid.uuid4(),
        token="rahasia",
        days=30,
        made_by_id=maker_id,
        actor=actor,
        now=make.now,
    )


def revoke_link(make: Make, actor: Actor) -> None:
    link = make.personal_link()
    links.revoke_link(make.session, link, revoked_by_id=link.made_by_id, actor=actor, now=make.now)


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


def choose_language(make: Make, actor: Actor) -> None:
    accounts.choose_language(make.session, make.user(), "en", actor=actor, now=NOW)


def note_sign_in(make: Make, actor: Actor) -> None:
    accounts.note_sign_in(make.session, make.user(), actor=actor, now=NOW)


def change_facts(make: Make, actor: Actor) -> None:
    cooperative = make.cooperative()
    facts = CooperativeFacts(**{name: getattr(cooperative, name) for name in CooperativeFacts.__dataclass_fields__})
    cooperatives.change_facts(make.session, cooperative, replace(facts, npwp="01.234"), actor=actor, now=NOW)


def add_officer(make: Make, actor: Actor) -> None:
    Make(make.session, now=NOW, today=make.today, actor=actor).officer()


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
    Make(make.session, now=NOW, today=make.today, actor=actor).figures(Month(2026, 3), members=240)


def assign(make: Make, actor: Actor) -> None:
    Make(make.session, now=NOW, today=make.today, actor=actor).assignment(make.user(username="ratna"))


def assign_all(make: Make, actor: Actor) -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    new = assignments.NewAssignment(make.cooperative(), make.user(username="ratna"), first, last)
    assignments.assign_all(make.session, [new], actor=actor, now=NOW)


def end_assignment(make: Make, actor: Actor) -> None:
    assignment = make.assignment(make.user())
    until = dt.date(2026, 5, 31)
    assignments.end_assignment(make.session, assignment, ends_on=until, last_visit_on=None, actor=actor, now=NOW)


def hand_over(make: Make, actor: Actor) -> None:
    assignment, successor = make.assignment(make.user()), make.user(username="budi")
    until = dt.date(2026, 5, 31)
    assignments.hand_over(make.session, assignment, successor, ends_on=until, last_visit_on=None, actor=actor, now=NOW)


def change_year(make: Make, actor: Actor) -> None:
    year = make.session.get_one(ProgrammeYear, 2026)
    frame = replace(programme.frame_of(year), visits_per_month=3)
    programme.change_year(make.session, year, frame, actor=actor, now=NOW)


def open_year(make: Make, actor: Actor) -> None:
    programme.open_year(make.session, 2027, today=make.today, actor=actor, now=NOW)


def carry_over(make: Make, actor: Actor) -> None:
    assignment = make.assignment(make.user(username="ratna"))
    year, _ = programme.open_year(make.session, 2027, today=make.today, actor=make.actor, now=NOW)
    programme.carry_over(make.session, [assignment], year, actor=actor, now=NOW)


def change_office(make: Make, actor: Actor) -> None:
    wanted = replace(DEFAULT_OFFICE, number_code="BA")
    programme.change_office(make.session, "64.71", wanted, actor=actor, now=NOW)


def publish(make: Make, actor: Actor) -> None:
    new = document()
    new["instrument"]["version"] = "0.4.0"  # type: ignore[index]
    instruments.publish(make.session, new, position=0, effective_on=make.today, actor=actor, now=NOW)


def publish_next(make: Make, actor: Actor) -> None:
    new = document()
    new["instrument"]["version"] = "0.4.0"  # type: ignore[index]
    exchange.publish_next(make.session, new, effective_on=make.today, actor=actor, now=NOW)


def start_draft(make: Make, actor: Actor) -> None:
    drafting.start_draft(make.session, "KL", author_id=make.user().id, actor=actor, now=NOW)


def change_draft(make: Make, actor: Actor) -> None:
    start_draft(make, make.actor)
    edit = with_facts({"title_id": "Lembaga"})
    author_id = make.user().id
    drafting.change_draft(make.session, "KL", edit, known_revision=1, author_id=author_id, actor=actor, now=NOW)


def discard_draft(make: Make, actor: Actor) -> None:
    start_draft(make, make.actor)
    drafting.discard_draft(make.session, "KL", known_revision=1, actor=actor, now=NOW)


def publish_draft(make: Make, actor: Actor) -> None:
    start_draft(make, make.actor)
    sha256 = content_hash(edition("0.4.0"))
    drafting.publish_draft(
        make.session, "KL", sha256=sha256, effective_on=make.today, today=make.today, actor=actor, now=NOW
    )


def record_visit(make: Make, actor: Actor) -> None:
    visits.record_visit(
        make.session,
        make.cooperative(),
        make.draft(),
        facilitator_id=make.facilitator().id,
        actor=actor,
        today=make.today,
        now=NOW,
    )


def plan_visit(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator()
    Make(make.session, now=NOW, today=make.today, actor=actor).planned_visit(facilitator, starts=dt.time(9, 30))


def move_visit(make: Make, actor: Actor) -> None:
    plan = make.planned_visit(make.facilitator(), starts=dt.time(9, 30))
    schedule.move_visit(
        make.session,
        plan,
        to_on=dt.date(2026, 4, 16),
        to_starts=None,
        reason="",
        author_id=plan.facilitator_id,
        actor=actor,
        today=make.today,
        now=NOW,
    )


def cancel_visit(make: Make, actor: Actor) -> None:
    schedule.cancel_visit(make.session, make.planned_visit(make.facilitator()), because="Hujan", actor=actor, now=NOW)


def asked_for(make: Make, actor: Actor) -> ItemRequest:
    author_id = make.user(Role.AGENCY_HEAD).id
    return requests.ask_for_item(
        make.session, make.cooperative(), "KL-02", "Mohon dilihat.", author_id=author_id, actor=actor, now=NOW
    )


def ask_for_item(make: Make, actor: Actor) -> None:
    asked_for(make, actor)


def take_back(make: Make, actor: Actor) -> None:
    requests.take_back(make.session, asked_for(make, make.actor), actor=actor, now=NOW)


def answer_requests(make: Make, actor: Actor) -> None:
    visit = make.visit(make.facilitator())
    asked_for(make, make.actor)
    requests.answer_requests(make.session, visit, ["KL-02"], actor=actor, now=NOW)


def change_agenda(make: Make, actor: Actor) -> None:
    schedule.change_agenda(make.session, make.planned_visit(make.facilitator()), agenda="RAT", actor=actor, now=NOW)


def receive(make: Make, actor: Actor) -> None:
    facilitator, kept = make.facilitator(), attachments.keep(files(), PDF)
    attachments.receive(make.session, ATTACHMENT_ID, kept, uploader_id=facilitator.id, actor=actor, now=NOW)


def correct_visit(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)
    corrections.correct_visit(
        make.session,
        visit,
        Corrected(visit.visited_on, None, None, VisitMode.REMOTE, ["rapat"], [], "Lewat telepon.", []),
        instruments=make.draft().instruments,
        reason="Salah pilih.",
        changes=[Change("Cara", "Tatap muka", "Jarak jauh")],
        base_revision=1,
        body_sha256="b" * 64,
        author=facilitator,
        actor=actor,
        today=make.today,
        now=NOW,
    )


def add_addendum(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)
    corrections.add_addendum(
        make.session, visit, "Kuitansi menyusul.", body_sha256="b" * 64, author=facilitator, actor=actor, now=NOW
    )


def lock_month(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator(username="ratna")
    corrections.lock_month(make.session, facilitator, dt.date(2026, 3, 1), actor=actor, now=NOW)


def record_export(make: Make, actor: Actor) -> None:
    exports.record_export(make.session, Kind.VISITS, form=Format.CSV, year=2026, cooperatives=34, actor=actor, now=NOW)


MARCH = Month(2026, 3)


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


def decide_stage(make: Make, actor: Actor) -> None:
    Make(make.session, now=make.now, today=make.today, actor=actor).stage_decision()


def decide_designations(make: Make, actor: Actor) -> None:
    Make(make.session, now=make.now, today=make.today, actor=actor).designation()


def agree_actions(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)
    items = {item.id: item for each in make.draft().instruments for item in each.instrument.items}
    draft = make.action_draft("KL-03")
    plans.agree_actions(make.session, visit, [draft], items=items, author_id=facilitator.id, actor=actor, now=NOW)


def add_action(make: Make, actor: Actor) -> None:
    facilitator, draft = make.facilitator(), make.action_draft()
    plans.add_action(
        make.session,
        make.cooperative(),
        draft,
        is_agreed=False,
        items={},
        author_id=facilitator.id,
        actor=actor,
        now=NOW,
    )


VERBS: Verbs = {
    "accounts.make_link": (
        make_link,
        "make_personal_link",
        "personal_link",
        None,
        {"expires_at": "2026-05-14 01:30:00+00:00"},
    ),
    "accounts.revoke_link": (
        revoke_link,
        "revoke_personal_link",
        "personal_link",
        {"revoked_at": None},
        {"revoked_at": str(NOW)},
    ),
    "accounts.add_user": (
        add_user,
        "add_user",
        "user",
        None,
        {"username": "ratna", "name": "Ratna", "role": "admin", "scope": "64.71", "cooperative_id": None},
    ),
    "accounts.set_password": (set_password, "set_password", "user", None, {"must_change": True}),
    "accounts.change_own_password": (change_own_password, "set_password", "user", None, {"must_change": False}),
    "accounts.sign_out": (sign_out, "sign_out", "user", None, None),
    "accounts.deactivate_user": (
        deactivate_user,
        "deactivate_user",
        "user",
        {"is_active": True},
        {"is_active": False},
    ),
    "accounts.reactivate_user": (
        reactivate_user,
        "reactivate_user",
        "user",
        {"is_active": False},
        {"is_active": True},
    ),
    "accounts.choose_language": (choose_language, "choose_language", "user", {"language": "id"}, {"language": "en"}),
    "accounts.note_sign_in": (note_sign_in, "sign_in", "user", None, None),
    "cooperatives.change_facts": (change_facts, "change_facts", "cooperative", {"npwp": None}, {"npwp": "01.234"}),
    "cooperatives.add_officer": (
        add_officer,
        "add_officer",
        "officer",
        None,
        {"cooperative": GRAHA_INDAH, "role": "bendahara"},
    ),
    "cooperatives.end_officer_term": (
        end_officer_term,
        "end_officer_term",
        "officer",
        {"term_ends_on": "2030-06-30"},
        {"term_ends_on": "2026-04-14"},
    ),
    "cooperatives.add_document": (
        add_document,
        "add_document",
        "document",
        None,
        {"cooperative": GRAHA_INDAH, "kind": "akta", "title": "Akta pendirian", "expires_on": None},
    ),
    "cooperatives.replace_document": (
        replace_document,
        "replace_document",
        "document",
        {"replaced_by_id": None},
        {"replaced_by_id": str(RENEWAL_ID)},
    ),
    "cooperatives.withdraw_document": (
        withdraw_document,
        "withdraw_document",
        "document",
        {"withdrawn_at": None},
        {"withdrawn_at": str(NOW)},
    ),
    "cooperatives.record_figures": (
        record_figures,
        "record_figures",
        "monthly_figures",
        None,
        {"cooperative": GRAHA_INDAH, "month": "2026-03", "revision": 1, "members": 240},
    ),
    "cooperatives.propose_figures": (
        propose_figures,
        "propose_figures",
        "figures_proposal",
        None,
        {"cooperative": GRAHA_INDAH, "month": "2026-03", "members": 240},
    ),
    "cooperatives.confirm_figures": (
        confirm_figures,
        "confirm_figures",
        "figures_decision",
        {"members": 200, "savings_idr": 1000, "turnover_idr": None, "surplus_idr": None, "cashless_percent": None},
        {"cooperative": GRAHA_INDAH, "month": "2026-03", "revision": 2, "members": 240, "savings_idr": 1000},
    ),
    "cooperatives.return_figures": (
        return_figures,
        "return_figures",
        "figures_decision",
        None,
        {"reason": "Omzet belum diisi."},
    ),
    "cooperatives.assign": (
        assign,
        "assign",
        "assignment",
        None,
        {"cooperative": GRAHA_INDAH, "facilitator": "ratna", "from": "2026-01-01", "until": "2026-12-31"},
    ),
    "cooperatives.assign_all": (
        assign_all,
        "assign",
        "assignment",
        None,
        {"cooperative": GRAHA_INDAH, "facilitator": "ratna", "from": "2026-01-01", "until": "2026-12-31"},
    ),
    "cooperatives.end_assignment": (
        end_assignment,
        "end_assignment",
        "assignment",
        {"until": "2026-12-31"},
        {"until": "2026-05-31"},
    ),
    "cooperatives.hand_over": (
        hand_over,
        "hand_over",
        "assignment",
        {"until": "2026-12-31"},
        {"until": "2026-05-31", "successor": "budi"},
    ),
    "cooperatives.change_year": (
        change_year,
        "change_year",
        "programme_year",
        {"visits_per_month": 2},
        {"visits_per_month": 3},
    ),
    "cooperatives.open_year": (
        open_year,
        "open_year",
        "programme_year",
        None,
        {"year": 2027, "starts_on": "2027-01-01", "ends_on": "2027-12-31", "visits_per_month": 2},
    ),
    "cooperatives.carry_over": (
        carry_over,
        "assign",
        "assignment",
        None,
        {"cooperative": GRAHA_INDAH, "facilitator": "ratna", "from": "2027-01-01", "until": "2027-12-31"},
    ),
    "cooperatives.change_office": (
        change_office,
        "change_office",
        "office",
        {"number_code": "BA-KKMP"},
        {"number_code": "BA"},
    ),
    "instruments.publish": (
        publish,
        "publish_instrument",
        "instrument_version",
        None,
        {"code": "KL", "version": "0.4.0", "effective_on": "2026-04-14"},
    ),
    "instruments.start_draft": (
        start_draft,
        "start_instrument_draft",
        "instrument_draft",
        None,
        {"code": "KL", "base": "0.3.0"},
    ),
    "instruments.change_draft": (
        change_draft,
        "change_instrument_draft",
        "instrument_draft",
        {"instrument.title_id": "Kesiapan kelembagaan"},
        {"instrument.title_id": "Lembaga"},
    ),
    "instruments.discard_draft": (
        discard_draft,
        "discard_instrument_draft",
        "instrument_draft",
        {"code": "KL", "revision": 1, "document": canonical_json(edition("0.4.0"))},
        None,
    ),
    "instruments.publish_draft": (
        publish_draft,
        "publish_instrument",
        "instrument_version",
        None,
        {"code": "KL", "version": "0.4.0", "effective_on": "2026-04-14"},
    ),
    "instruments.publish_next": (
        publish_next,
        "publish_instrument",
        "instrument_version",
        None,
        {"code": "KL", "version": "0.4.0", "effective_on": "2026-04-14"},
    ),
    "visits.record_visit": (
        record_visit,
        "record_visit",
        "visit",
        None,
        {"cooperative": GRAHA_INDAH, "visited_on": "2026-04-14", "answers": 1, "sha256": "a" * 64},
    ),
    "visits.plan_visit": (
        plan_visit,
        "plan_visit",
        "planned_visit",
        None,
        {"cooperative": GRAHA_INDAH, "planned_on": "2026-04-14", "starts": "09:30:00"},
    ),
    "visits.move_visit": (
        move_visit,
        "move_visit",
        "planned_visit",
        {"planned_on": "2026-04-14", "starts": "09:30:00"},
        {"planned_on": "2026-04-16", "starts": None},
    ),
    "visits.ask_for_item": (
        ask_for_item,
        "ask_for_item",
        "item_request",
        None,
        {"cooperative": GRAHA_INDAH, "item": "KL-02", "note": "Mohon dilihat."},
    ),
    "visits.take_back": (take_back, "take_back_request", "item_request", None, {"item": "KL-02"}),
    "visits.answer_requests": (answer_requests, "answer_request", "item_request", None, {"item": "KL-02"}),
    "visits.cancel_visit": (
        cancel_visit,
        "cancel_visit",
        "planned_visit",
        {"is_cancelled": False},
        {"is_cancelled": True, "because": "Hujan"},
    ),
    "visits.change_agenda": (change_agenda, "change_agenda", "planned_visit", {"agenda": ""}, {"agenda": "RAT"}),
    "attachments.receive": (
        receive,
        "receive_attachment",
        "attachment",
        None,
        {"media_type": "application/pdf", "byte_size": len(PDF)},
    ),
    "visits.correct_visit": (
        correct_visit,
        "correct_visit",
        "visit",
        {"revision": 1, "visited_on": "2026-04-14"},
        {"number": 1, "revision": 2, "fields": ["Cara"]},
    ),
    "visits.add_addendum": (add_addendum, "add_addendum", "visit", None, {"number": 1, "revision": 1, "fields": []}),
    "visits.lock_month": (lock_month, "lock_month", "month_lock", None, {"facilitator": "ratna", "month": "2026-03"}),
    "reports.record_export": (
        record_export,
        "export",
        "visit",
        None,
        {"format": "csv", "year": 2026, "cooperatives": 34},
    ),
    "reports.write_report": (written_report, "write_monthly_report", "monthly_report", None, {"revision": 1}),
    "reports.send_report": (
        send_report,
        "send_monthly_report",
        "monthly_report",
        {"status": "draf"},
        {"status": "dikirim", "revision": 2, "step": 1},
    ),
    "reports.hand_in": (
        hand_in_report,
        "send_monthly_report",
        "monthly_report",
        {"status": "draf"},
        {"status": "dikirim", "revision": 2},
    ),
    "reports.take_back": (
        take_back_report,
        "take_back_monthly_report",
        "monthly_report",
        {"status": "dikirim"},
        {"status": "draf", "step": 2},
    ),
    "reports.return_report": (
        return_report,
        "return_monthly_report",
        "monthly_report",
        {"status": "dikirim"},
        {"status": "dikembalikan", "words": "Kurang jelas."},
    ),
    "reports.approve_report": (
        approve_report,
        "approve_monthly_report",
        "monthly_report",
        {"status": "dikirim"},
        {"status": "disetujui", "words": "Baik."},
    ),
    "reports.add_to_report": (
        add_to_report,
        "add_to_monthly_report",
        "monthly_report",
        {"status": "disetujui"},
        {"status": "disetujui", "words": "Menyusul."},
    ),
    "progress.decide_stage": (
        decide_stage,
        "decide_stage",
        "stage_decision",
        {"stage": "operasional"},
        {"cooperative": GRAHA_INDAH, "verdict": "dikonfirmasi", "stage": "operasional", "on": "2026-04-14"},
    ),
    "progress.decide_designations": (
        decide_designations,
        "decide_designation",
        "designation_decision",
        None,
        {"cooperative": GRAHA_INDAH, "designation": "percontohan", "is_given": True, "on": "2026-04-14"},
    ),
    "plans.agree_actions": (
        agree_actions,
        "agree_action",
        "action",
        None,
        {"item": "KL-03", "title": "Rapikan buku kas", "due_on": "2026-05-05", "owner": "bendahara"},
    ),
    "plans.add_action": (
        add_action,
        "propose_action",
        "action",
        None,
        {"item": None, "title": "Rapikan buku kas", "due_on": "2026-05-05", "owner": "bendahara"},
    ),
    **FIELD_VERBS,
    **REMINDER_VERBS,
    **PARTNER_VERBS,
    **ACTIVITY_VERBS,
}


ALSO: Mapping[str, Collection[str]] = {
    "reports.hand_in": ("write_monthly_report",),
    "reports.approve_report": ("lock_month",),
}
"""What verbs that call another leave on record beside their own."""


def test_every_verb_that_is_told_who_acts_is_tried_here() -> None:
    assert verbs_with_an_actor() == set(VERBS)


@pytest.mark.parametrize("name", sorted(VERBS))
def test_every_verb_leaves_one_record_of_who_when_and_what(session: Session, make: Make, name: str) -> None:
    act, verb, subject_type, before, after = VERBS[name]
    head = make.user(Role.AGENCY_HEAD, name="Kepala Dinas")

    act(make, Actor(head.id, head.name, "permintaan-1"))

    own = AuditEvent.verb.not_in(ALSO.get(name, ()))
    event = session.scalars(select(AuditEvent).where(AuditEvent.actor_id == head.id, own)).one()
    assert (event.verb, event.subject_type, event.actor_name) == (verb, subject_type, "Kepala Dinas")
    assert (event.at, event.request_id) == (NOW, "permintaan-1")
    assert event.before == before
    assert (event.after is None) == (after is None)
    assert (event.after or {}).items() >= (after or {}).items()


def test_no_record_holds_a_password_or_its_hash(session: Session, make: Make) -> None:
    for act, *_ in VERBS.values():
        nested = session.begin_nested()
        act(make, make.actor)

        texts = [json.dumps([row.before, row.after]) for row in session.scalars(select(AuditEvent))]
        assert not [text for text in texts if NEW_PASSWORD in text or PASSWORD in text or "argon2" in text]
        nested.rollback()
