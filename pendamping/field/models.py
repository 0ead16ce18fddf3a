"""What tablets have handed in, word for word, and the name of this server's memory."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin


class RecordKind(enum.StrEnum):
    VISIT = "visit"
    SCHEDULE = "schedule"
    ACTION = "action"
    ACTION_UPDATE = "action_update"
    CORRECTION = "correction"


class Kept(enum.StrEnum):
    """What became of a record that is kept."""

    CREATED = "created"
    MERGED = "merged"
    DUPLICATE = "duplicate"
    """The same had been stored already by way of a page."""
    CONFLICT = "conflict"
    """Not stored, because something else stands under its id; what it says stays here for whoever decides."""


class Receipt(IdMixin, CityMixin, Base):
    """One record as a tablet sent it: proof that it was taken in, or what it said where it could not be.

    The database refuses to change or remove one. However often the same bytes come, they have one receipt.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("record_id", "sha256", "outcome"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("length(content_sha256) = 64", name="content_sha256_length"),
        CheckConstraint("v > 0", name="v_positive"),
        CheckConstraint("revision > 0", name="revision_positive"),
        Index(None, "user_id", "received_at"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    record_id: Mapped[uuid.UUID]
    """Made by the tablet: the id of the visit, plan, action or step that the record is about, or a correction's own."""
    kind: Mapped[RecordKind]
    v: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the UTF-8 bytes of `body`."""
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    """Of a visit: the hash of what it says, by which the page knows it again when the same form is sent there."""
    outcome: Mapped[Kept]
    revision: Mapped[int]
    """Of the thing that the record is about, after it was taken in."""
    received_at: Mapped[dt.datetime]


class ServerEpoch(Base):
    """One row: a name for what this server remembers. A restored copy gets another, so that tablets notice."""

    __tablename__ = "server_epoch"
    __table_args__ = (
        CheckConstraint("id = 1", name="there_is_one"),
        CheckConstraint("length(value) >= 16", name="value_is_long"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(String(64))
