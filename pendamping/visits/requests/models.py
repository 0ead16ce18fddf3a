"""What the agency asks to be looked at."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin

NOTE_LENGTH = 300
STILL_OPEN = text("closed_at IS NULL")


class ItemRequest(IdMixin, CityMixin, Base):
    """One item that the agency wants looked at in one cooperative. It is open until a visit answers the item, or until
    somebody takes it back; it is never deleted.
    """

    __tablename__ = "item_request"
    __table_args__ = (
        CheckConstraint("length(note) > 0", name="note_is_given"),
        CheckConstraint("visit_id IS NULL OR closed_at IS NOT NULL", name="answered_is_closed"),
        Index(
            "ix_item_request_once_open",
            "cooperative_id",
            "item_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
        Index(None, "cooperative_id", "asked_at"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    item_id: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    """What the agency wants to know; the facilitator reads it at the item."""
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"))
    """The visit that answered it; None while it is open, and where it was taken back."""
