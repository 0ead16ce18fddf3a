"""What the admin keeps in the calendar by the end of the year, and where people want their reminders."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.rows import Rows
from pendamping.operations.simulation.wanted import Wanted
from pendamping.reminders.models import ChannelKind, Contact, MailConfirmation, ObligationVersion
from pendamping.reminders.rules import Doer, Hearer

ONE_DAY = dt.timedelta(days=1)
DATA = {
    "code": "DATA_KOPERASI",
    "name_id": "Pemutakhiran data koperasi",
    "name_en": "Update of the cooperative's data",
    "day_of_month": None,
    "on_days": [],
    "rule": "",
    "only_if": "",
    "confidence": "",
    "doer": Doer.FACILITATOR,
    "days": [7, 2],
    "hearers": [Hearer.DOER.value],
    "is_ended": False,
}
EVERY = 5
"""One person in so many has not confirmed the address yet."""
SENT = "250 2.0.0 OK"


def calendar_kept(admin_id: uuid.UUID, wanted: Wanted, rows: Rows) -> None:
    """Something of the agency's own, added half a year ago and moved since."""
    sources = (
        (180, ["06-30"], "Kesepakatan rapat pendamping"),
        (60, ["06-30", "12-20"], "Surat kepala dinas: dua kali setahun"),
    )
    for number, (days, month_days, source) in enumerate(sources, 1):
        at = wanted.now - days * ONE_DAY + dt.timedelta(hours=10)
        rows.add(
            ObligationVersion,
            **DATA,
            number=number,
            in_force_on=at.date() + ONE_DAY,
            month_days=month_days,
            source=source,
            author_id=admin_id,
            recorded_at=at,
        )


def reached_by_mail(session: Session, wanted: Wanted, rows: Rows, chance: Chance) -> None:
    """Facilitators and the head by addresses that are nobody's; some have not opened the mail that asks."""
    by_mail = select(User.id, User.username).where(User.role.in_((Role.FACILITATOR, Role.AGENCY_HEAD)))
    for number, person in enumerate(session.execute(by_mail.order_by(User.username)), 1):
        email, asked_at = f"{person.username}@contoh.id", wanted.now - (number % 2 + 1) * ONE_DAY
        is_confirmed = bool(number % EVERY)
        rows.add(
            Contact,
            person_id=person.id,
            channels=[ChannelKind.EMAIL.value],
            email=email,
            email_confirmed_at=asked_at + dt.timedelta(minutes=7) if is_confirmed else None,
            phone=None,
            paused_from=None,
            paused_until=None,
        )
        rows.add(
            MailConfirmation,
            id=chance.id(),
            person_id=person.id,
            email=email,
            asked_at=asked_at,
            next_try_at=asked_at,
            attempts=1,
            ended_at=asked_at + dt.timedelta(minutes=1),
            used_at=asked_at + dt.timedelta(minutes=7) if is_confirmed else None,
            answer=SENT,
        )
