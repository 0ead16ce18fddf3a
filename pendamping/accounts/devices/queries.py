"""What pages, reminders and the wire read of tablets."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User

SILENT_AFTER = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A tablet as lists show it."""

    id: uuid.UUID
    name: str
    user_id: uuid.UUID
    user_name: str
    has_key: bool
    registered_at: dt.datetime
    last_seen_at: dt.datetime
    waiting_records: int
    revoked_at: dt.datetime | None


def device_lines(session: Session, devices: Select[Device]) -> list[DeviceLine]:
    """The tablets of a select: those in use first, the last seen first; one query."""
    rows = session.execute(
        devices.join(User, User.id == Device.user_id)
        .add_columns(User.name)
        .order_by(Device.revoked_at.is_not(None), Device.last_seen_at.desc(), Device.id)
    )
    return [_line(device, name) for device, name in rows]


def _line(device: Device, name: str) -> DeviceLine:
    return DeviceLine(
        id=device.id,
        name=device.name,
        user_id=device.user_id,
        user_name=name,
        has_key=device.public_key is not None,
        registered_at=device.registered_at,
        last_seen_at=device.last_seen_at,
        waiting_records=device.waiting_records,
        revoked_at=device.revoked_at,
    )


def is_silent(now: dt.datetime) -> ColumnElement[bool]:
    """That something waits on a tablet in use and that it has not been heard of for two days."""
    return and_(Device.waiting_records > 0, Device.revoked_at.is_(None), Device.last_seen_at < now - SILENT_AFTER)


def waiting_on_devices_of(session: Session, user_id: uuid.UUID) -> int:
    """How many records wait on all tablets of a person, as far as the tablets have said."""
    said = select(Device.waiting_records).where(Device.user_id == user_id, Device.revoked_at.is_(None))
    return sum(session.scalars(said))
