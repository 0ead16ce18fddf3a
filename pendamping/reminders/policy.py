"""Whose reminders a person may see: their own, and nobody else's."""

from sqlalchemy import Select, select

from pendamping.accounts.models import User
from pendamping.reminders.models import Notification


def visible_notifications(user: User) -> Select[Notification]:
    return select(Notification).where(Notification.person_id == user.id)
