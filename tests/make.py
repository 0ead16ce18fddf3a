"""Factories with valid defaults: people, assignments, visits. A test states only what it is about."""

import copy
import datetime as dt
import functools
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from importlib import resources
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.links.service import OfficeHolder, make_link
from pendamping.accounts.models import User
from pendamping.accounts.passwords import hash_password
from pendamping.activities.models import Activity, ActivityKind
from pendamping.activities.rules import Agreement, Presence, Terms
from pendamping.activities.service import record_activity
from pendamping.attachments.models import Attachment
from pendamping.attachments.service import claim, keep, receive
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.assignments.service import assign
from pendamping.cooperatives.models import Cooperative, Document, DocumentKind, Officer, Region, RegionKind, Stage
from pendamping.cooperatives.proposals.models import FiguresProposal
from pendamping.cooperatives.proposals.service import propose_figures
from pendamping.cooperatives.records.figures import Figures, Month
from pendamping.cooperatives.records.service import NewDocument, add_document, record_figures
from pendamping.cooperatives.service import NewOfficer, add_officer
from pendamping.instruments.answers import Answer
from pendamping.instruments.definition import OwnerRole, Proof
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.reading.text import read_yaml
from pendamping.instruments.service import publish
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import transaction
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from pendamping.plans.models import Action
from pendamping.plans.service import ActionDraft, agree_actions
from pendamping.progress.asking.models import Kind, Step, Verb
from pendamping.progress.asking.service import Matter, act_on
from pendamping.progress.service import refresh_standing
from pendamping.progress.stages.models import StageDecision, Verdict
from pendamping.progress.stages.queries import last_decision
from pendamping.progress.stages.service import NewDecision, NewDesignation, decide_designations, decide_stage
from pendamping.visits.models import Visit, VisitMode
from pendamping.visits.queries import RecordedAnswer
from pendamping.visits.schedule.models import PlannedVisit
from pendamping.visits.schedule.service import NewPlan, plan_visit
from pendamping.visits.service import IncomingVisit, PersonMet, record_visit
from tests.keys import remembered
from tests.pictures import photo

PASSWORD = "sandi-untuk-uji"
GRAHA_INDAH = "64.71.03.1006"
"""KKMP Graha Indah: operasional, because the baseline shows transactions."""
KARIANGAU = "64.71.02.1004"
"""KKMP Kariangau: pembentukan, because the baseline shows none."""
MANGGAR = "64.71.01.1001"
"""KKMP Manggar: somebody else's, where somebody accompanies the two."""

SHORT_INSTRUMENTS = {
    "kelembagaan": ("KL-01", "KL-02", "KL-05", "KL-08", "KL-09", "KL-22", "KL-29", "KL-31"),
    "transparansi_keuangan": ("TK-01", "TK-02"),
    "usaha_kemitraan": ("UK-01", "UK-09"),
}
"""Enough for every type of answer and every stage; their page is quick to make and to read."""

_numbers = itertools.count(1)


@functools.cache
def password_hash() -> str:
    """One hash for all test people: the hashing itself has tests of its own."""
    return hash_password(PASSWORD)


def short_document(name: str, item_ids: Sequence[str], version: str) -> dict[str, Any]:
    """A shipped instrument cut down to a few items of one section; they weigh alike, the last makes up the hundred."""
    whole = copy.deepcopy(shipped(name))
    items = [item for item in whole["items"] if item["id"] in item_ids]
    section = {**whole["sections"][0], "weight": 100}
    weight = 100 // len(items)
    for item in items:
        item.update(section=section["code"], weight=weight)
    items[-1]["weight"] = 100 - weight * (len(items) - 1)
    return {**whole, "instrument": {**whole["instrument"], "version": version}, "sections": [section], "items": items}


@functools.cache
def shipped(name: str) -> dict[str, Any]:
    text = (resources.files("pendamping.instruments") / "files" / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(read_yaml(text))


class Make:
    """Makes rows through the services that make them in life."""

    def __init__(self, session: Session, *, now: dt.datetime, today: dt.date, actor: Actor) -> None:
        self.session = session
        self.now = now
        self.today = today
        self.actor = actor

    @classmethod
    def in_transactions_of(
        cls, app: Flask, *, now: dt.datetime, today: dt.date, actor: Actor
    ) -> Callable[[], AbstractContextManager["Make"]]:
        """A factory for tests that use a client: `with make() as rows: ...` commits and closes its context."""

        @contextmanager
        def make() -> Iterator[Make]:
            with app.app_context(), transaction() as session:
                yield cls(session, now=now, today=today, actor=actor)

        return make

    def cooperative(self, code: str = GRAHA_INDAH) -> Cooperative:
        return self.session.scalars(select(Cooperative).where(Cooperative.code == code)).one()

    def new_cooperative(self, code: str, short_name: str, *, stage: Stage = Stage.FORMATION) -> Cooperative:
        """One more kelurahan with its cooperative, in one of the six kecamatan."""
        ward = Region(code=code, name=short_name, display_name=short_name, kind=RegionKind.WARD, parent_code=code[:8])
        self.session.add(ward)
        self.session.flush()
        cooperative = Cooperative(
            code=code, city_code=code[:5], short_name=short_name, legal_name=short_name, stage=stage
        )
        self.session.add(cooperative)
        self.session.flush()
        return cooperative

    def short_instruments(self, *, version: str = "0.3.1", effective_on: dt.date = dt.date(2026, 1, 2)) -> None:
        """Put a few items of each instrument in force instead of all of them, for tests that open many pages."""
        for position, (name, item_ids) in enumerate(SHORT_INSTRUMENTS.items()):
            publish(
                self.session,
                short_document(name, item_ids, version),
                position=position,
                effective_on=effective_on,
                actor=self.actor,
                now=self.now,
            )

    def user(self, role: Role = Role.FACILITATOR, **fields: Any) -> User:
        number = next(_numbers)
        values: dict[str, object] = {
            "username": f"orang{number}",
            "name": f"Orang {number}",
            "password_hash": password_hash(),
            "scope_prefix": "",
            "created_at": self.now,
        }
        user = User(role=role, **{**values, **fields})
        self.session.add(user)
        self.session.flush()
        return user

    def cooperative_user(self, code: str = GRAHA_INDAH, **fields: Any) -> User:
        return self.user(Role.COOPERATIVE, cooperative_id=self.cooperative(code).id, **fields)

    def assignment(
        self,
        facilitator: User,
        code: str = GRAHA_INDAH,
        *,
        starts_on: dt.date = dt.date(2026, 1, 1),
        ends_on: dt.date = dt.date(2026, 12, 31),
    ) -> Assignment:
        return assign(
            self.session,
            self.cooperative(code),
            facilitator,
            starts_on=starts_on,
            ends_on=ends_on,
            actor=self.actor,
            now=self.now,
        )

    def facilitator(self, *codes: str, **fields: Any) -> User:
        """A facilitator who accompanies these cooperatives all year (KKMP Graha Indah when none is named)."""
        user = self.user(**fields)
        for code in codes or (GRAHA_INDAH,):
            self.assignment(user, code)
        return user

    def officer(
        self, code: str = GRAHA_INDAH, *, name: str = "Siti Aminah", role: OwnerRole = OwnerRole.TREASURER
    ) -> Officer:
        new = NewOfficer(name, role, "0812 3456 7890", dt.date(2025, 7, 1), dt.date(2030, 6, 30))
        return add_officer(self.session, self.cooperative(code), new, actor=self.actor, now=self.now)

    def personal_link(
        self, officer: Officer | None = None, *, token: str = "", days: int = 90, link_id: uuid.UUID | None = None
    ) -> PersonalLink:
        """A link for an officer (KKMP Graha Indah's treasurer when nobody is named)."""
        officer = officer or self.officer()
        return make_link(
            self.session,
            OfficeHolder(officer.id, officer.name, officer.cooperative_id, officer.city_code, officer.term_ends_on),
            link_id=link_id or uuid.uuid4(),
            token=remembered(token or f"{next(_numbers):a>32}"),
            days=days,
            made_by_id=self.user().id,
            actor=self.actor,
            now=self.now,
        )

    def document(self, code: str = GRAHA_INDAH, **changed: Any) -> Document:
        """A deed without an end, as a facilitator would put it on the list."""
        sound = {
            "kind": DocumentKind.DEED,
            "title": "Akta pendirian",
            "number": "12",
            "issued_on": None,
            "expires_on": None,
        }
        document, _ = add_document(
            self.session,
            self.cooperative(code),
            uuid.uuid4(),
            NewDocument(**{**sound, **changed}),
            attachment_id=None,
            author_id=self.user().id,
            actor=self.actor,
            now=self.now,
        )
        return document

    def figures(self, month: Month, *, code: str = GRAHA_INDAH, seen_revision: int = 0, **figures: int | None) -> None:
        """A revision of a month's figures."""
        record_figures(
            self.session,
            self.cooperative(code),
            month,
            Figures(**figures),
            seen_revision=seen_revision,
            author_id=self.user().id,
            actor=self.actor,
            today=self.today,
            now=self.now,
        )

    def proposal(self, month: Month, *, code: str = GRAHA_INDAH, **figures: int | None) -> FiguresProposal:
        """A month's figures as the cooperative itself sends them."""
        return propose_figures(
            self.session,
            self.cooperative(code),
            month,
            Figures(**figures),
            proposal_id=uuid.uuid4(),
            author_id=self.cooperative_user(code).id,
            actor=self.actor,
            today=self.today,
            now=self.now,
        )

    def stage_decision(
        self,
        code: str = GRAHA_INDAH,
        *,
        verdict: Verdict = Verdict.CONFIRM,
        stage: Stage | None = None,
        decided_on: dt.date | None = None,
        note: str = "Rapat evaluasi triwulan",
        head: User | None = None,
    ) -> StageDecision:
        """What the head decides about a stage, having seen everything that was decided before."""
        cooperative = self.cooperative(code)
        last = last_decision(self.session, cooperative.id)
        return decide_stage(
            self.session,
            cooperative,
            NewDecision(verdict, decided_on or self.today, note, stage),
            seen_number=last.number if last else 0,
            instruments=instruments_on(self.session, self.today),
            decided_by=head or self.user(Role.AGENCY_HEAD),
            actor=self.actor,
            today=self.today,
            now=self.now,
        )

    def designation(
        self,
        *codes: str,
        designation_code: str = "percontohan",
        is_given: bool = True,
        decided_on: dt.date | None = None,
        note: str = "SK Kepala Dinas 12/2026",
    ) -> int:
        """A designation given to cooperatives, or taken back (KKMP Graha Indah when none is named)."""
        return decide_designations(
            self.session,
            [self.cooperative(code) for code in codes or (GRAHA_INDAH,)],
            NewDesignation(designation_code, is_given, decided_on or self.today, note),
            instruments=instruments_on(self.session, self.today),
            decided_by=self.user(Role.AGENCY_HEAD),
            actor=self.actor,
            today=self.today,
            now=self.now,
        )

    def asked(
        self,
        code: str = GRAHA_INDAH,
        *,
        kind: Kind = Kind.SILENT,
        verb: Verb = Verb.ASK,
        text: str = "Apa kendalanya?",
        now: dt.datetime | None = None,
    ) -> Step:
        """What the agency asks of whoever accompanies a cooperative today; or that it keeps an eye on it."""
        cooperative = self.cooperative(code)
        act_on(
            self.session,
            [Matter(kind, cooperative.id)],
            verb=verb,
            texts={kind: text},
            author_id=self.user(Role.AGENCY_HEAD).id,
            actor=self.actor,
            today=self.today,
            now=now or self.now,
        )
        of_cooperative = select(Step).where(Step.cooperative_id == cooperative.id, Step.kind == kind)
        return self.session.scalars(of_cooperative.order_by(Step.made_at.desc()).limit(1)).one()

    def draft(
        self,
        answers: Mapping[str, tuple[str, str] | tuple[str, str, str]] | None = None,
        *,
        visited_on: dt.date | None = None,
        visit_id: uuid.UUID | None = None,
        body: str = "a" * 64,
    ) -> IncomingVisit:
        """A visit with a few answers, each `item: (value, proof[, note])`."""
        given = {"KL-01": ("yes", "dokumen_dilihat")} if answers is None else answers
        return IncomingVisit(
            id=visit_id or uuid.uuid4(),
            visited_on=visited_on or self.today,
            started=dt.time(9, 30),
            ended=dt.time(11, 0),
            mode=VisitMode.FACE_TO_FACE,
            purposes=["pemeriksaan"],
            people_met=[PersonMet("Siti Aminah", "Bendahara")],
            notes="",
            place=None,
            written_at=self.now,
            instruments=instruments_on(self.session, self.today),
            answers=[Answer(item, value, Proof(proof), "".join(note)) for item, (value, proof, *note) in given.items()],
            body_sha256=body,
        )

    def visit(
        self,
        facilitator: User,
        answers: Mapping[str, tuple[str, str] | tuple[str, str, str]] | None = None,
        *,
        code: str = GRAHA_INDAH,
        visited_on: dt.date | None = None,
        actions: tuple[ActionDraft, ...] = (),
        now: dt.datetime | None = None,
        has_hours: bool = True,
    ) -> Visit:
        """A stored visit, with its actions in the plan and the standing refreshed."""
        cooperative = self.cooperative(code)
        draft = self.in_a_free_hour(self.draft(answers, visited_on=visited_on), facilitator)
        if not has_hours:
            draft = replace(draft, started=None, ended=None)
        visit, _ = record_visit(
            self.session,
            cooperative,
            draft,
            facilitator_id=facilitator.id,
            actor=self.actor,
            today=self.today,
            now=now or self.now,
        )
        self.agree(visit, facilitator, *actions)
        instruments = instruments_on(self.session, self.today)
        refresh_standing(self.session, cooperative, instruments, today=self.today, now=now or self.now)
        return visit

    def visit_with(self, facilitator: User, *, code: str = GRAHA_INDAH, **fields: Any) -> Visit:
        """A stored visit that differs from the usual one: its hours, place, photos, signature, plan."""
        draft = replace(self.draft(visited_on=fields.pop("visited_on", None)), **fields)
        if "started" not in fields:
            draft = self.in_a_free_hour(draft, facilitator)
        visit, _ = record_visit(
            self.session,
            self.cooperative(code),
            draft,
            facilitator_id=facilitator.id,
            actor=self.actor,
            today=self.today,
            now=self.now,
        )
        return visit

    def attachment(self, uploader: User, code: str | None = GRAHA_INDAH, data: bytes | None = None) -> Attachment:
        """A photo that came in; given to a cooperative unless `code` is None."""
        kept = keep(files(), data or photo())
        attachment, _ = receive(
            self.session, uuid.uuid4(), kept, uploader_id=uploader.id, actor=self.actor, now=self.now
        )
        if code:
            claim(self.session, [attachment.id], cooperative=self.cooperative(code), uploader_id=uploader.id)
        return attachment

    def in_a_free_hour(self, draft: IncomingVisit, facilitator: User) -> IncomingVisit:
        """Nobody is in two places at once: what is recorded second on a day has no hours."""
        same_day = select(Visit.id).where(
            Visit.facilitator_id == facilitator.id, Visit.visited_on == draft.visited_on, Visit.started.is_not(None)
        )
        is_taken = self.session.scalar(same_day.limit(1)) is not None
        return replace(draft, started=None, ended=None) if is_taken else draft

    def activity(self, author: User, *codes: str, agreements: Sequence[Agreement] = (), **changed: Any) -> Activity:
        """A training for some cooperatives, three people of each."""
        cooperatives = {each.id: each for each in map(self.cooperative, codes or (GRAHA_INDAH,))}
        came = tuple(Presence(id_, 3) for id_ in cooperatives)
        terms = Terms(self.today, ActivityKind.TRAINING, "Balai kota", "Pembukuan", "", came)
        return record_activity(
            self.session,
            uuid.uuid4(),
            replace(terms, **changed),
            cooperatives=cooperatives,
            agreements=agreements,
            author_id=author.id,
            actor=self.actor,
            now=self.now,
        )

    def planned_visit(
        self,
        facilitator: User,
        code: str = GRAHA_INDAH,
        *,
        planned_on: dt.date | None = None,
        starts: dt.time | None = None,
        agenda: str = "",
        made_on: dt.date | None = None,
    ) -> PlannedVisit:
        """A plan for today unless another day is said; `made_on` is the day it was made, for plans of days gone by."""
        new = NewPlan(uuid.uuid4(), planned_on or self.today, starts, VisitMode.FACE_TO_FACE, agenda)
        return plan_visit(
            self.session,
            self.cooperative(code),
            new,
            facilitator_id=facilitator.id,
            actor=self.actor,
            today=made_on or min(self.today, new.planned_on),
            now=self.now,
        )

    def action_draft(
        self,
        item_id: str | None = None,
        *,
        title: str = "Rapikan buku kas",
        owner_role: OwnerRole = OwnerRole.TREASURER,
        due_on: dt.date = dt.date(2026, 5, 5),
    ) -> ActionDraft:
        return ActionDraft(uuid.uuid4(), item_id, title, owner_role, due_on)

    def agree(self, visit: Visit, facilitator: User, *drafts: ActionDraft) -> list[Action]:
        items = {item.id: item for each in instruments_on(self.session, self.today) for item in each.instrument.items}
        ids = agree_actions(
            self.session, visit, drafts, items=items, author_id=facilitator.id, actor=self.actor, now=self.now
        )
        return [self.session.get_one(Action, id_) for id_ in ids]


def plain(recorded: Mapping[str, RecordedAnswer]) -> dict[str, Answer]:
    """Only the answers, as scoring takes them."""
    return {item_id: each.answer for item_id, each in recorded.items()}
