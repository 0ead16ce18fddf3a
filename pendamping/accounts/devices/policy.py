"""Which tablets a person may see and revoke."""

import uuid

from sqlalchemy import Select, select

from pendamping.accounts.devices.models import Device
from pendamping.accounts.models import User
from pendamping.kernel.roles import Role


def own_devices(user: User) -> Select[Device]:
    return select(Device).where(Device.user_id == user.id)


def visible_devices(user: User, *, people: Select[User]) -> Select[Device]:
    """An admin's: those of the accounts that the admin manages; everybody else's: one's own.

    Args:
        people: the accounts that the admin manages.
    """
    if user.role is not Role.ADMIN:
        return own_devices(user)
    managed: Select[uuid.UUID] = people.with_only_columns(User.id)
    return select(Device).where(Device.user_id.in_(managed))
