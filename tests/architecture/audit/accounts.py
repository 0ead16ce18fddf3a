"""What people, links and tablets leave on record."""

import uuid
from collections.abc import Mapping
from typing import Any

from pendamping.accounts import service as accounts
from pendamping.accounts.devices import service as devices
from pendamping.accounts.devices.models import Device
from pendamping.accounts.links import service as links
from pendamping.accounts.models import User
from pendamping.accounts.service import NewUser
from pendamping.cooperatives.models import Officer
from pendamping.kernel.audit import Actor
from pendamping.kernel.roles import Role
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW
from tests.make import PASSWORD, Make

NEW_PASSWORD, TOKEN = "sandi-yang-baru", "rahasia-tautan"


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


def choose_language(make: Make, actor: Actor) -> None:
    accounts.choose_language(make.session, make.user(), "en", actor=actor, now=NOW)


def note_sign_in(make: Make, actor: Actor) -> None:
    accounts.note_sign_in(make.session, make.user(), actor=actor, now=NOW)


def make_link(make: Make, actor: Actor) -> None:
    officer = make.officer()
    make.personal_link(officer)  # the account is there already
    _make_link(make, officer, actor)


def make_first_link(make: Make, actor: Actor) -> None:
    _make_link(make, make.officer(), actor)


def _make_link(make: Make, officer: Officer, actor: Actor) -> None:
    holder = links.OfficeHolder(officer.id, officer.name, officer.cooperative_id, officer.city_code, None)
    links.make_link(
        make.session,
        holder,
        link_id=uuid.uuid4(),
        token=TOKEN,
        days=30,
        made_by_id=make.user().id,
        actor=actor,
        now=make.now,
    )


def revoke_link(make: Make, actor: Actor) -> None:
    link = make.personal_link()
    links.revoke_link(make.session, link, revoked_by_id=link.made_by_id, actor=actor, now=make.now)


def register_device(make: Make, actor: Actor) -> Device:
    return _register(make, uuid.uuid4(), make.user(username="ratna"), None, actor)


def bring_key(make: Make, actor: Actor) -> None:
    device = register_device(make, make.actor)
    _register(make, device.id, make.session.get_one(User, device.user_id), "kunci-tablet", actor)


def _register(make: Make, device_id: uuid.UUID, user: User, public_key: str | None, actor: Actor) -> Device:
    said: dict[str, Any] = {"name": "Tablet biru", "public_key": public_key, "receipts": 0, "actor": actor, "now": NOW}
    return devices.register_device(make.session, device_id, user, **said)[0]


def rename_device(make: Make, actor: Actor) -> None:
    device = register_device(make, make.actor)
    devices.rename_device(make.session, device, "Tablet merah", actor=actor, now=NOW)


def revoke_device(make: Make, actor: Actor) -> None:
    device = register_device(make, make.actor)
    devices.revoke_device(make.session, device, by=make.user(Role.ADMIN), actor=actor, now=NOW)


CASES: Mapping[str, AuditCase] = {
    "accounts.links.service.make_link": AuditCase(
        make_link, "make_personal_link", "personal_link", after={"expires_at": "2026-05-14 01:30:00+00:00"}
    ),
    "accounts.links.service.make_link, the officer's first": AuditCase(
        make_first_link,
        "add_officer_account",
        "user",
        after={"name": "Siti Aminah"},
        also=("make_personal_link",),
    ),
    "accounts.links.service.revoke_link": AuditCase(
        revoke_link,
        "revoke_personal_link",
        "personal_link",
        before={"revoked_at": None},
        after={"revoked_at": str(NOW)},
    ),
    "accounts.service.add_user": AuditCase(
        add_user,
        "add_user",
        "user",
        after={"username": "ratna", "name": "Ratna", "role": "admin", "scope": "64.71", "cooperative_id": None},
    ),
    "accounts.service.set_password": AuditCase(set_password, "set_password", "user", after={"must_change": True}),
    "accounts.service.change_own_password": AuditCase(
        change_own_password, "set_password", "user", after={"must_change": False}
    ),
    "accounts.service.sign_out": AuditCase(sign_out, "sign_out", "user"),
    "accounts.service.deactivate_user": AuditCase(
        deactivate_user, "deactivate_user", "user", before={"is_active": True}, after={"is_active": False}
    ),
    "accounts.service.reactivate_user": AuditCase(
        reactivate_user, "reactivate_user", "user", before={"is_active": False}, after={"is_active": True}
    ),
    "accounts.service.choose_language": AuditCase(
        choose_language, "choose_language", "user", before={"language": "id"}, after={"language": "en"}
    ),
    "accounts.service.note_sign_in": AuditCase(note_sign_in, "sign_in", "user"),
    "accounts.devices.service.register_device": AuditCase(
        register_device, "register_device", "device", after={"user": "ratna", "name": "Tablet biru", "has_key": False}
    ),
    "accounts.devices.service.register_device, a key later": AuditCase(bring_key, "give_device_key", "device"),
    "accounts.devices.service.rename_device": AuditCase(
        rename_device, "rename_device", "device", before={"name": "Tablet biru"}, after={"name": "Tablet merah"}
    ),
    "accounts.devices.service.revoke_device": AuditCase(
        revoke_device, "revoke_device", "device", after={"name": "Tablet biru"}
    ),
}
