"""Verbs of tablets: register, note a contact, rename, revoke."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from pendamping.accounts.devices.models import NAME_LENGTH, Device
from pendamping.accounts.models import User
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked, locked_if_there
from pendamping.kernel.words import N_

NOTED_EVERY = dt.timedelta(minutes=5)
"""A contact that says nothing new is written down no more often."""
MOST_WAITING = 1_000_000


class DeviceConflict(DomainError):
    code = "device_conflict"
    explanation = N_("Tablet dengan nomor ini sudah terdaftar atas nama atau kunci lain.")


class DeviceRevoked(DomainError):
    code = "device_revoked"
    status = 403
    explanation = N_("Tablet ini sudah dicabut. Ia hanya dapat menyerahkan antreannya.")


def register_device(
    session: Session,
    device_id: uuid.UUID,
    user: User,
    *,
    name: str,
    public_key: str | None,
    receipts: int,
    actor: Actor,
    now: dt.datetime,
) -> tuple[Device, bool]:
    """Know a tablet from now on; said again, it changes nothing. A tablet without a key may bring one later.

    Args:
        receipts: how many of the person's records were taken in before tablets were counted apart.

    Returns:
        The device, and True if this call made it.

    Raises:
        DeviceConflict: the id is another person's, or has another key.
    """
    device = locked_if_there(session, Device, device_id)
    if device is not None:
        if device.user_id != user.id or (public_key and device.public_key not in (None, public_key)):
            raise DeviceConflict
        if public_key and device.public_key is None and device.revoked_at is None:
            device.public_key = public_key
            session.flush()
            audit.record(session, actor, "give_device_key", device, at=now)
        return device, False
    device = Device(
        id=device_id,
        user_id=user.id,
        name=name.strip()[:NAME_LENGTH] or "Tablet",
        public_key=public_key,
        registered_at=now,
        last_seen_at=now,
        receipts=receipts,
    )
    session.add(device)
    session.flush()
    after = {"user": user.username, "name": device.name, "has_key": public_key is not None}
    audit.record(session, actor, "register_device", device, at=now, after=after)
    return device, True


def has_news(device: Device, *, waiting_records: int | None, now: dt.datetime) -> bool:
    """Whether a contact says something that is worth a write."""
    is_new_count = waiting_records is not None and waiting_records != device.waiting_records
    return is_new_count or now - device.last_seen_at >= NOTED_EVERY


def note_contact(session: Session, device_id: uuid.UUID, *, waiting_records: int | None, now: dt.datetime) -> None:
    """The tablet was heard of, and said how many records wait on it. No event: it changes nobody's work."""
    device = locked(session, Device, device_id)
    device.last_seen_at = max(device.last_seen_at, now)
    if waiting_records is not None:
        device.waiting_records = min(waiting_records, MOST_WAITING)
    session.flush()


def count_receipts(session: Session, device_id: uuid.UUID, taken_in: int) -> None:
    """So many more of its records were taken in."""
    device = locked(session, Device, device_id)
    device.receipts += taken_in
    session.flush()


def rename_device(session: Session, device: Device, name: str, *, actor: Actor, now: dt.datetime) -> None:
    before = device.name
    device.name = name
    session.flush()
    audit.record(session, actor, "rename_device", device, at=now, before={"name": before}, after={"name": name})


def revoke_device(session: Session, device: Device, *, by: User, actor: Actor, now: dt.datetime) -> None:
    """A tablet that is lost or given away: from now on it may only hand in its queue. Once is enough."""
    locked(session, Device, device.id)
    if device.revoked_at is not None:
        return
    device.revoked_at, device.revoked_by_id = now, by.id
    session.flush()
    audit.record(session, actor, "revoke_device", device, at=now, after={"name": device.name})
