"""Records that wait for the head's decision, word for word, and what was decided."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.field.models import RecordKind
from pendamping.kernel.tables import Base, IdMixin

REASON_LENGTH = 2000


class WhyHeld(enum.StrEnum):
    """Why a record waits instead of being stored."""

    FUTURE = "future"
    """It is dated after the day on which it came in."""
    OUTSIDE_ASSIGNMENT = "outside_assignment"
    """The cooperative was its author's, but not on that day."""
    FOREIGN = "foreign"
    """The cooperative never was its author's."""
    LEFT = "left"
    """Its author's account was closed, or the tablet was revoked."""
    UNSIGNED = "unsigned"
    """It was brought in a file without a signature."""
    ALTERED = "altered"
    """It was brought in a file whose signature does not fit."""


ABOUT_THE_RECORD = frozenset({WhyHeld.FUTURE, WhyHeld.OUTSIDE_ASSIGNMENT, WhyHeld.FOREIGN})
"""What lies in the record itself: it waits however it comes. The rest lies in the way it came."""


class Verdict(enum.StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


class HeldRecord(IdMixin, Base):
    """One record as it came in, which waits for a decision. The database refuses to change or remove one.

    However often the same bytes come from the same author, they wait once.
    """

    __tablename__ = "held_record"
    __table_args__ = (
        UniqueConstraint("author_id", "record_id", "sha256"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("v > 0", name="v_positive"),
        CheckConstraint("(cooperative_id IS NULL) = (city_code IS NULL)", name="city_goes_with_cooperative"),
        CheckConstraint("length(brought_by) > 0", name="somebody_brought_it"),
        Index(None, "cooperative_id"),
        Index(None, "held_at"),
    )

    city_code: Mapped[str | None] = mapped_column(String(5), sort_order=-5)
    cooperative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    """None where the record names none that there is."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    record_id: Mapped[uuid.UUID]
    kind: Mapped[RecordKind]
    v: Mapped[int]
    base_sha256: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    why: Mapped[WhyHeld]
    brought_by: Mapped[str] = mapped_column(String(200))
    """Who handed it in, by name: its author, an admin with a file, or a command."""
    held_at: Mapped[dt.datetime]


class QuarantineDecision(IdMixin, Base):
    """What became of a held record: decided once, and never changed."""

    __tablename__ = "quarantine_decision"
    __table_args__ = (
        UniqueConstraint("held_id"),
        CheckConstraint("verdict = 'accepted' OR length(reason) > 0", name="a_return_has_its_reason"),
    )

    held_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("held_record.id"))
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[dt.datetime]
