"""That a file was brought in: by whom, whose, and what became of it."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, IdMixin


class Signature(enum.StrEnum):
    SIGNED = "signed"
    """By a tablet of its author."""
    UNSIGNED = "unsigned"
    ALTERED = "altered"
    """There is a signature, but not one of these bytes by a tablet of its author."""


class CopyImport(IdMixin, Base):
    """One file that was taken in. The same file brought again is another row, and stores nothing twice."""

    __tablename__ = "copy_import"
    __table_args__ = (
        CheckConstraint("length(file_sha256) = 64", name="file_sha256_length"),
        CheckConstraint("length(brought_by) > 0", name="somebody_brought_it"),
        CheckConstraint(
            "records >= 0 AND stored >= 0 AND held >= 0 AND refused >= 0 AND files >= 0", name="counts_not_negative"
        ),
        CheckConstraint("stored + held + refused <= records", name="counts_fit"),
        Index(None, "imported_at"),
    )

    file_sha256: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    device_id: Mapped[uuid.UUID | None]
    """As the file names it, known or not."""
    signature: Mapped[Signature]
    brought_by: Mapped[str] = mapped_column(String(200))
    records: Mapped[int]
    stored: Mapped[int]
    """Stored by this import or before."""
    held: Mapped[int]
    refused: Mapped[int]
    files: Mapped[int]
    imported_at: Mapped[dt.datetime]
