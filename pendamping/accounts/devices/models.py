"""One person's place on one tablet."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, IdMixin

NAME_LENGTH = 80


class Device(IdMixin, Base):
    """A tablet as one person uses it; the tablet makes the id, and another person on it has another.

    The private half of its key never leaves the tablet: what it signs was written there, whoever carries it here.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_is_given"),
        CheckConstraint("waiting_records >= 0", name="waiting_not_negative"),
        CheckConstraint("receipts >= 0", name="receipts_not_negative"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="somebody_revoked_it"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    public_key: Mapped[str | None] = mapped_column(Text)
    """ECDSA P-256 as SubjectPublicKeyInfo, base64; None where the page was served without https."""
    registered_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    waiting_records: Mapped[int] = mapped_column(default=0)
    """As the tablet last said."""
    receipts: Mapped[int] = mapped_column(default=0)
    """How many of its records were taken in; less than the tablet remembers means that the server was put back."""
    revoked_at: Mapped[dt.datetime | None]
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
