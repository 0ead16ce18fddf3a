"""What visits leave on record: themselves, their plans and corrections, what was asked for them."""

import datetime as dt
from collections.abc import Mapping

from pendamping.kernel.audit import Actor
from pendamping.kernel.roles import Role
from pendamping.visits import service as visits
from pendamping.visits.corrections import service as corrections
from pendamping.visits.corrections.queries import Change
from pendamping.visits.corrections.service import Corrected
from pendamping.visits.models import VisitMode
from pendamping.visits.requests import service as requests
from pendamping.visits.requests.models import ItemRequest
from pendamping.visits.schedule import service as schedule
from tests.architecture.audit.cases import AuditCase, acting
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make


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
    acting(make, actor).planned_visit(facilitator, starts=dt.time(9, 30))


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


def change_agenda(make: Make, actor: Actor) -> None:
    schedule.change_agenda(make.session, make.planned_visit(make.facilitator()), agenda="RAT", actor=actor, now=NOW)


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


CASES: Mapping[str, AuditCase] = {
    "visits.service.record_visit": AuditCase(
        record_visit,
        "record_visit",
        "visit",
        after={"cooperative": GRAHA_INDAH, "visited_on": "2026-04-14", "answers": 1, "sha256": "a" * 64},
    ),
    "visits.schedule.service.plan_visit": AuditCase(
        plan_visit,
        "plan_visit",
        "planned_visit",
        after={"cooperative": GRAHA_INDAH, "planned_on": "2026-04-14", "starts": "09:30:00"},
    ),
    "visits.schedule.service.move_visit": AuditCase(
        move_visit,
        "move_visit",
        "planned_visit",
        before={"planned_on": "2026-04-14", "starts": "09:30:00"},
        after={"planned_on": "2026-04-16", "starts": None},
    ),
    "visits.requests.service.ask_for_item": AuditCase(
        ask_for_item,
        "ask_for_item",
        "item_request",
        after={"cooperative": GRAHA_INDAH, "item": "KL-02", "note": "Mohon dilihat."},
    ),
    "visits.requests.service.take_back": AuditCase(
        take_back, "take_back_request", "item_request", after={"item": "KL-02"}
    ),
    "visits.requests.service.answer_requests": AuditCase(
        answer_requests, "answer_request", "item_request", after={"item": "KL-02"}
    ),
    "visits.schedule.service.cancel_visit": AuditCase(
        cancel_visit,
        "cancel_visit",
        "planned_visit",
        before={"is_cancelled": False},
        after={"is_cancelled": True, "because": "Hujan"},
    ),
    "visits.schedule.service.change_agenda": AuditCase(
        change_agenda, "change_agenda", "planned_visit", before={"agenda": ""}, after={"agenda": "RAT"}
    ),
    "visits.corrections.service.correct_visit": AuditCase(
        correct_visit,
        "correct_visit",
        "visit",
        before={"revision": 1, "visited_on": "2026-04-14"},
        after={"number": 1, "revision": 2, "fields": ["Cara"]},
    ),
    "visits.corrections.service.add_addendum": AuditCase(
        add_addendum, "add_addendum", "visit", after={"number": 1, "revision": 1, "fields": []}
    ),
    "visits.corrections.service.lock_month": AuditCase(
        lock_month, "lock_month", "month_lock", after={"facilitator": "ratna", "month": "2026-03"}
    ),
}
