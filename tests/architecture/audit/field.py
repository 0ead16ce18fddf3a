"""What the office holds back, and the epoch of its database, leave on record."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from pendamping.field import service as field
from pendamping.field.models import RecordKind, ServerEpoch
from pendamping.field.quarantine import service as quarantine
from pendamping.field.quarantine.models import HeldRecord, Verdict, WhyHeld
from pendamping.field.service import Received
from pendamping.kernel.audit import Actor
from pendamping.kernel.roles import Role
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW
from tests.make import Make

EPOCH = "e" * 32
SHA256 = "a" * 64


def hold(make: Make, actor: Actor) -> HeldRecord:
    received = Received(uuid.uuid4(), RecordKind.VISIT, 1, "{}", SHA256, None)
    author = make.user(username="ratna")
    return quarantine.hold(make.session, received, None, why=WhyHeld.FUTURE, author=author, actor=actor, now=NOW)


def decide(make: Make, actor: Actor) -> None:
    held, head = hold(make, make.actor), make.user(Role.AGENCY_HEAD)
    terms: dict[str, Any] = {"reason": "Salah tanggal.", "decided_by": head, "actor": actor, "now": NOW}
    quarantine.decide(make.session, held, Verdict.RETURNED, **terms)


def renew_epoch(make: Make, actor: Actor) -> None:
    make.session.scalars(select(ServerEpoch)).one().value = EPOCH
    field.renew_epoch(make.session, actor=actor, now=NOW)


CASES: Mapping[str, AuditCase] = {
    "field.quarantine.service.hold": AuditCase(
        hold,
        "hold_record",
        "held_record",
        after={"kind": "visit", "why": "future", "author": "ratna", "sha256": SHA256},
    ),
    "field.quarantine.service.decide": AuditCase(
        decide, "decide_held_record", "held_record", after={"verdict": "returned", "reason": "Salah tanggal."}
    ),
    "field.service.renew_epoch": AuditCase(
        renew_epoch, "renew_epoch", "server_epoch", before={"epoch": EPOCH}, after={}
    ),
}
