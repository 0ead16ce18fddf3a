"""Verbs of tablets, of what the office holds back, and of what the agency asks: what each leaves on record."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from pendamping.accounts.devices import service as devices
from pendamping.accounts.devices.models import Device
from pendamping.field import service as field
from pendamping.field.models import RecordKind, ServerEpoch
from pendamping.field.quarantine import service as quarantine
from pendamping.field.quarantine.models import HeldRecord, Verdict, WhyHeld
from pendamping.field.service import Received
from pendamping.kernel.audit import Actor
from pendamping.kernel.roles import Role
from pendamping.progress.asking import service as asking
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, Make

Fields = dict[str, object] | None
Verbs = dict[str, tuple[Callable[[Make, Actor], object], str, str, Fields, Fields]]
"""What tries a verb, the verb and its subject on record, and the fields before and after it."""

EPOCH = "e" * 32
SHA256 = "a" * 64


def register_device(make: Make, actor: Actor) -> Device:
    device, _ = devices.register_device(
        make.session,
        uuid.uuid4(),
        make.user(username="ratna"),
        name="Tablet biru",
        public_key=None,
        receipts=0,
        actor=actor,
        now=NOW,
    )
    return device


def rename_device(make: Make, actor: Actor) -> None:
    device = register_device(make, make.actor)
    devices.rename_device(make.session, device, "Tablet merah", actor=actor, now=NOW)


def revoke_device(make: Make, actor: Actor) -> None:
    device = register_device(make, make.actor)
    devices.revoke_device(make.session, device, by=make.user(Role.ADMIN), actor=actor, now=NOW)


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


def act_on(make: Make, actor: Actor) -> None:
    make.facilitator()
    Make(make.session, now=NOW, today=make.today, actor=actor).asked()


def answer(make: Make, actor: Actor) -> None:
    facilitator = make.facilitator()
    asking.answer(make.session, make.asked(), text="Banjir.", author_id=facilitator.id, actor=actor, now=NOW)


def mark_seen(make: Make, actor: Actor) -> None:
    asking.mark_seen(make.session, make.user(Role.AGENCY_HEAD), seen_at=NOW, actor=actor, now=NOW)


FIELD_VERBS: Verbs = {
    "accounts.register_device": (
        register_device,
        "register_device",
        "device",
        None,
        {"user": "ratna", "name": "Tablet biru", "has_key": False},
    ),
    "accounts.rename_device": (
        rename_device,
        "rename_device",
        "device",
        {"name": "Tablet biru"},
        {"name": "Tablet merah"},
    ),
    "accounts.revoke_device": (revoke_device, "revoke_device", "device", None, {"name": "Tablet biru"}),
    "field.hold": (
        hold,
        "hold_record",
        "held_record",
        None,
        {"kind": "visit", "why": "future", "author": "ratna", "sha256": SHA256},
    ),
    "field.decide": (
        decide,
        "decide_held_record",
        "held_record",
        None,
        {"verdict": "returned", "reason": "Salah tanggal."},
    ),
    "field.renew_epoch": (renew_epoch, "renew_epoch", "server_epoch", {"epoch": EPOCH}, {}),
    "progress.act_on": (
        act_on,
        "act_on_attention",
        "attention_step",
        None,
        {"verb": "tanya", "kind": "lama-tidak-dikunjungi", "cooperative": GRAHA_INDAH, "text": "Apa kendalanya?"},
    ),
    "progress.answer": (answer, "answer_attention", "attention_reply", None, {"text": "Banjir."}),
    "progress.mark_seen": (mark_seen, "see_desk", "last_look", {"at": None}, {"at": str(NOW)}),
}
