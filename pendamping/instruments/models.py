"""Published versions of the instruments, each known by the hash of its content."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, IdMixin


class InstrumentVersion(IdMixin, Base):
    """One version of one instrument. Once published the database refuses to change or remove it."""

    __tablename__ = "instrument_version"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        Index(None, "code", "effective_on"),
    )

    code: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Hash of the canonical JSON in `body`, so independent of how the file was laid out."""
    body: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    """Its place among the instruments of a visit."""
    effective_on: Mapped[dt.date]
    """From this day on, visits begin with this version."""
    published_at: Mapped[dt.datetime]
