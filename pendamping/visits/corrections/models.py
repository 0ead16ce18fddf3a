"""What was put right at a visit, why, and what stood there before."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin


class CorrectionKind(enum.StrEnum):
    CORRECTION = "perbaikan"
    ADDENDUM = "tambahan"


class Correction(IdMixin, CityMixin, Base):
    """One change to a stored visit with its reason and the words that stood there before; or, once the time for that
    is over, an addendum that changes nothing. The database refuses to change or remove one.
    """

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("visit_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(reason) > 0", name="reason_is_given"),
    )

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"))
    number: Mapped[int]
    kind: Mapped[CorrectionKind]
    reason: Mapped[str] = mapped_column(Text)
    """Why it was corrected; of an addendum, what is added."""
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{"field", "before", "after"}], each in words that a page can show; empty for an addendum."""
    body_sha256: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]
