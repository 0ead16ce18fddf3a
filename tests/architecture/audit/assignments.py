"""What assignments and the programme leave on record."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pendamping.cooperatives.assignments import covering, handing_over
from pendamping.cooperatives.assignments import service as assignments
from pendamping.cooperatives.assignments.models import Handover, LeaveCover
from pendamping.cooperatives.programme import service as programme
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.cooperatives.programme.queries import DEFAULT_OFFICE
from pendamping.kernel.audit import Actor
from tests.architecture.audit.cases import AuditCase, acting
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make


def assign(make: Make, actor: Actor) -> None:
    acting(make, actor).assignment(make.user(username="ratna"))


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


def propose(make: Make, actor: Actor) -> Handover:
    assignment, successor = make.assignment(make.user(username="ratna")), make.user(username="budi")
    said: dict[str, Any] = {"note": "Pindah bagian", "last_visit_on": None, "actor": actor, "now": NOW}
    return handing_over.propose(make.session, assignment, successor, ends_on=dt.date(2026, 5, 31), **said)


def accept(make: Make, actor: Actor) -> None:
    handing_over.accept(make.session, propose(make, make.actor), actor=actor, now=NOW)


def decline(make: Make, actor: Actor) -> None:
    handing_over.decline(make.session, propose(make, make.actor), reason="Sudah lima.", actor=actor, now=NOW)


def take_effect(make: Make, actor: Actor) -> None:
    handover = propose(make, make.actor)
    handing_over.accept(make.session, handover, actor=make.actor, now=NOW)
    handing_over.take_effect(make.session, handover, last_visit_on=None, actor=actor, now=NOW)


def force(make: Make, actor: Actor) -> None:
    handover = propose(make, make.actor)
    handing_over.force(make.session, handover, reason="Tablet hilang.", last_visit_on=None, actor=actor, now=NOW)


def cover_leave(make: Make, actor: Actor) -> LeaveCover:
    assignment, cover = make.assignment(make.user(username="ratna")), make.user(username="budi")
    first, last = dt.date(2026, 4, 13), dt.date(2026, 4, 24)
    said: dict[str, Any] = {"reason": "Cuti", "actor": actor, "now": NOW}
    return covering.cover_leave(make.session, assignment, cover, starts_on=first, ends_on=last, **said)


def end_cover(make: Make, actor: Actor) -> None:
    covering.end_cover(make.session, cover_leave(make, make.actor), today=make.today, actor=actor, now=NOW)


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


CASES: Mapping[str, AuditCase] = {
    "cooperatives.assignments.service.assign": AuditCase(
        assign,
        "assign",
        "assignment",
        after={"cooperative": GRAHA_INDAH, "facilitator": "ratna", "from": "2026-01-01", "until": "2026-12-31"},
    ),
    "cooperatives.assignments.service.assign_all": AuditCase(
        assign_all,
        "assign",
        "assignment",
        after={"cooperative": GRAHA_INDAH, "facilitator": "ratna", "from": "2026-01-01", "until": "2026-12-31"},
    ),
    "cooperatives.assignments.service.end_assignment": AuditCase(
        end_assignment, "end_assignment", "assignment", before={"until": "2026-12-31"}, after={"until": "2026-05-31"}
    ),
    "cooperatives.assignments.service.hand_over": AuditCase(
        hand_over,
        "hand_over",
        "assignment",
        before={"until": "2026-12-31"},
        after={"until": "2026-05-31", "successor": "budi"},
    ),
    "cooperatives.assignments.handing_over.propose": AuditCase(
        propose,
        "propose_handover",
        "handover",
        after={"successor": "budi", "ends_on": "2026-05-31", "note": "Pindah bagian"},
    ),
    "cooperatives.assignments.handing_over.accept": AuditCase(
        accept, "answer_handover", "handover", before={"state": "proposed"}, after={"state": "accepted", "answer": ""}
    ),
    "cooperatives.assignments.handing_over.decline": AuditCase(
        decline,
        "answer_handover",
        "handover",
        before={"state": "proposed"},
        after={"state": "declined", "answer": "Sudah lima."},
    ),
    "cooperatives.assignments.handing_over.take_effect": AuditCase(
        take_effect,
        "hand_over",
        "assignment",
        before={"until": "2026-12-31"},
        after={"until": "2026-05-31", "successor": "budi"},
    ),
    "cooperatives.assignments.handing_over.force": AuditCase(
        force,
        "force_handover",
        "handover",
        before={"state": "proposed"},
        after={"state": "forced", "reason": "Tablet hilang."},
        also=("hand_over",),
    ),
    "cooperatives.assignments.covering.cover_leave": AuditCase(
        cover_leave,
        "cover_leave",
        "leave_cover",
        after={"cover": "budi", "from": "2026-04-13", "until": "2026-04-24", "reason": "Cuti"},
    ),
    "cooperatives.assignments.covering.end_cover": AuditCase(
        end_cover, "end_cover", "leave_cover", before={"until": "2026-04-24"}, after={"until": "2026-04-14"}
    ),
    "cooperatives.programme.service.change_year": AuditCase(
        change_year, "change_year", "programme_year", before={"visits_per_month": 2}, after={"visits_per_month": 3}
    ),
    "cooperatives.programme.service.open_year": AuditCase(
        open_year,
        "open_year",
        "programme_year",
        after={"year": 2027, "starts_on": "2027-01-01", "ends_on": "2027-12-31", "visits_per_month": 2},
    ),
    "cooperatives.programme.service.carry_over": AuditCase(
        carry_over,
        "assign",
        "assignment",
        after={"cooperative": GRAHA_INDAH, "facilitator": "ratna", "from": "2027-01-01", "until": "2027-12-31"},
    ),
    "cooperatives.programme.service.change_office": AuditCase(
        change_office, "change_office", "office", before={"number_code": "BA-KKMP"}, after={"number_code": "BA"}
    ),
}
