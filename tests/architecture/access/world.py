"""Two cooperatives with all that addresses can name, and the people who call."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from pendamping.accounts.devices.service import register_device
from pendamping.accounts.models import User
from pendamping.activities.models import ActivityKind
from pendamping.activities.rules import Presence
from pendamping.activities.rules import Terms as ActivityTerms
from pendamping.activities.service import record_activity
from pendamping.cooperatives.assignments.covering import cover_leave
from pendamping.cooperatives.assignments.handing_over import propose
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.partnerships.models import PartnershipStatus
from pendamping.cooperatives.partnerships.rules import Terms
from pendamping.cooperatives.partnerships.service import add_partnership
from pendamping.cooperatives.records.figures import Month
from pendamping.field.models import RecordKind
from pendamping.field.quarantine.models import WhyHeld
from pendamping.field.quarantine.service import hold
from pendamping.field.service import Place, Received
from pendamping.instruments.drafting.service import start_draft
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.roles import Role
from pendamping.plans.dialogue import ask
from pendamping.plans.goals.rules import GoalTerms, Quarter
from pendamping.plans.goals.service import set_goal
from pendamping.plans.service import ActionDraft
from pendamping.reports.monthly.content import PhotoFact
from pendamping.reports.monthly.service import Written, hand_in
from pendamping.visits.requests.service import ask_for_item
from tests.architecture.access.requests import BODIES, SENT
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make


@dataclass
class World:
    """Two cooperatives, each with a facilitator, an officer and a visit; the people meant belong to the first."""

    app: Flask
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    foreign: dict[str, Any] = field(default_factory=dict)

    def client_of(self, person: str) -> FlaskClient:
        client = self.app.test_client()
        if person != "nobody":
            with self.app.app_context():
                session_id = reading().get_one(User, self.people[person]).get_id()
            with client.session_transaction() as session:
                session["_user_id"] = session_id
        return client

    def call(
        self, person: str, endpoint: str, method: str, *, client: FlaskClient | None = None, **rows: object
    ) -> TestResponse:
        client = client or self.client_of(person)
        url = self.address(endpoint, method, **rows)
        if method == "GET":
            return client.get(url, buffered=True)
        if endpoint in BODIES:
            content_type, body = BODIES[endpoint]
            token = {"X-CSRFToken": token_of(client)}
            return client.open(url, method=method, data=body, content_type=content_type, headers=token)
        return client.post(url, data={**SENT.get(endpoint, {}), "csrf_token": token_of(client)})

    def address(self, endpoint: str, method: str, **rows: object) -> str:
        """The endpoint's address with the rows of this world in it, or with those given."""
        (rule, *_) = self.app.url_map.iter_rules(endpoint)
        values = {**self.own, **rows}
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(endpoint, {name: values[name] for name in rule.arguments}, method)

    def outcome(self, response: TestResponse) -> str:
        if not 300 <= response.status_code < 400:
            return str(response.status_code)
        path = urlsplit(response.headers["Location"]).path
        endpoint, _ = self.app.url_map.bind("localhost").match(path)
        return f">{endpoint}"

    def change(self, person: str, **fields: Any) -> None:
        with self.app.app_context(), transaction() as session:
            user = session.get_one(User, self.people[person])
            for name, value in fields.items():
                setattr(user, name, value)


def token_of(client: FlaskClient) -> str:
    page = client.get("/api/v1/session")
    if page.status_code == 200:
        return str(page.get_json()["csrf_token"])
    form = BeautifulSoup(client.get("/masuk").get_data(as_text=True), "lxml")
    return str(form.select("[name=csrf_token]")[0]["value"])


def assignment_of(make: Make, facilitator: User) -> uuid.UUID:
    return make.session.scalars(select(Assignment.id).where(Assignment.facilitator_id == facilitator.id)).one()


def request_for(make: Make, code: str, item_id: str) -> uuid.UUID:
    author_id = make.user(Role.AGENCY_HEAD).id
    asked = ask_for_item(
        make.session, make.cooperative(code), item_id, "Mohon dilihat.", author_id=author_id, actor=ACTOR, now=NOW
    )
    return asked.id


def held_for(make: Make, author: User, code: str) -> uuid.UUID:
    cooperative = make.cooperative(code)
    came = Received(uuid.uuid4(), RecordKind.VISIT, 1, "{}", "a" * 64, None)
    place = Place(cooperative.id, cooperative.city_code)
    return hold(make.session, came, place, why=WhyHeld.FUTURE, author=author, actor=ACTOR, now=NOW).id


def partnership_of(make: Make, code: str) -> uuid.UUID:
    terms = Terms("Bulog", True, "Beras", PartnershipStatus.EXPLORING, TODAY, None, None, "")
    said: dict[str, Any] = {"author_id": make.user().id, "actor": ACTOR, "now": NOW}
    return add_partnership(make.session, make.cooperative(code), uuid.uuid4(), terms, **said).id


def goal_of(make: Make, code: str) -> uuid.UUID:
    terms = GoalTerms(Quarter(2026, 2), "Rapi")
    said: dict[str, Any] = {"author_id": make.user().id, "actor": ACTOR, "now": NOW}
    return set_goal(make.session, make.cooperative(code), uuid.uuid4(), terms, **said).id


def activity_of(make: Make, author: User, code: str, photo_id: uuid.UUID) -> uuid.UUID:
    cooperative = make.cooperative(code)
    came = (Presence(cooperative.id, 3),)
    terms = ActivityTerms(TODAY, ActivityKind.TRAINING, "Balai kota", "Pembukuan", "", came)
    cooperatives = {cooperative.id: cooperative}
    said: dict[str, Any] = {"photos": [photo_id], "author_id": author.id, "actor": ACTOR, "now": NOW}
    return record_activity(make.session, uuid.uuid4(), terms, cooperatives=cooperatives, **said).id


def report_on_march(make: Make, facilitator: User, photo_id: uuid.UUID) -> uuid.UUID:
    """A monthly report that waits for the head."""
    written = Written({}, (PhotoFact(str(photo_id), "Gudang"),))
    report = hand_in(
        make.session,
        facilitator,
        Month(2026, 3),
        written,
        note="",
        seen_revision=0,
        actor=ACTOR,
        today=TODAY,
        now=NOW,
    )
    return report.id


def question_about(make: Make, code: str) -> uuid.UUID:
    author_id = make.cooperative_user(code).id
    asked = ask(
        make.session, None, make.cooperative(code), text="Formulirnya?", author_id=author_id, actor=ACTOR, now=NOW
    )
    return asked.id


def handed_over(make: Make, facilitator: User) -> dict[str, uuid.UUID]:
    """A hand-over that is proposed, and a cover during leave."""
    assignment = make.session.get_one(Assignment, assignment_of(make, facilitator))
    said: dict[str, Any] = {"actor": ACTOR, "now": NOW}
    may = dt.date(2026, 5, 31)
    proposed = propose(make.session, assignment, make.user(), ends_on=may, note="", last_visit_on=None, **said)
    covered = cover_leave(make.session, assignment, make.user(), starts_on=may, ends_on=may, reason="Cuti", **said)
    return {"handover_id": proposed.id, "cover_id": covered.id}


def device_of(make: Make, user: User) -> uuid.UUID:
    said: dict[str, Any] = {"name": "Tablet", "public_key": None, "receipts": 0, "actor": ACTOR, "now": NOW}
    return register_device(make.session, uuid.uuid4(), user, **said)[0].id


def rows_of(make: Make, code: str, facilitator: User, action: ActionDraft) -> dict[str, Any]:
    """Of one cooperative: what addresses name, by the name that it has there."""
    attachment_id = make.attachment(facilitator, code).id
    return {
        "code": code,
        "visit_id": make.visit(facilitator, code=code, actions=(action,)).id,
        "action_id": action.id,
        "question_id": question_about(make, code),
        "proposal_id": make.proposal(Month(2026, 2), code=code, members=240).id,
        "officer_id": make.officer(code).id,
        "link_id": make.personal_link(make.officer(code)).id,
        "plan_id": make.planned_visit(facilitator, code, planned_on=dt.date(2026, 4, 15)).id,
        "attachment_id": attachment_id,
        "document_id": make.document(code).id,
        "partnership_id": partnership_of(make, code),
        "goal_id": goal_of(make, code),
        "held_id": held_for(make, facilitator, code),
        "device_id": device_of(make, facilitator),
        **handed_over(make, facilitator),
        "request_id": request_for(make, code, "KL-02"),
        "step_id": make.asked(code).id,
        "user_id": make.cooperative_user(code).id,
        "assignment_id": assignment_of(make, facilitator),
        "activity_id": activity_of(make, facilitator, code, attachment_id),
        "report_id": report_on_march(make, facilitator, attachment_id),
    }


EVERYBODYS: Mapping[str, object] = {
    "draft_id": uuid.uuid4(),
    "record_id": uuid.uuid4(),
    "item_id": "KL-01",
    "number": 2026,
    "city": "64.71",
    "part": "semester-1",
    "form": "xlsx",
    "instrument": "KL",
    "version": "0.3.0",
    "section": "KL-A",
    "item": "KL-01",
    "kind": "yaml",
    "year": 2026,
    "month": 3,
    "digest": "0" * 20,
    "chart": "tahap",
    "filename": "css/app.css",
    "notification_id": uuid.uuid4(),
    "secret": "rahasia",
    "token": "tautan",
    "obligation": "UNDANGAN_RAT",
    "due_on": "2026-06-06",
    "day": "2026-01-01",
    "rule_name": "tindakan_terlambat",
}
"""What else addresses name: it is nobody's, or is not there."""


def two_cooperatives(app: Flask) -> World:
    world = World(app)
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        facilitator, other = make.facilitator(username="siapa"), make.facilitator(KARIANGAU)
        people = {
            "facilitator": facilitator,
            "agency_head": make.user(Role.AGENCY_HEAD),
            "admin": make.user(Role.ADMIN),
            "cooperative": make.cooperative_user(),
        }
        world.people = {name: user.id for name, user in people.items()}
        own_action, foreign_action = make.action_draft("KL-02"), make.action_draft(title="Rahasia")
        own = rows_of(make, GRAHA_INDAH, facilitator, own_action)
        world.own = {**EVERYBODYS, "build": app.config["BUILD"], **own}
        world.foreign = rows_of(make, KARIANGAU, other, foreign_action)
        start_draft(make.session, "KL", author_id=people["admin"].id, actor=ACTOR, now=NOW)
        make.user(Role.ADMIN)  # one more: the last one could not be closed
    return world
