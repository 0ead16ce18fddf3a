"""Files that came in. The bytes lie in the file store under their digest; here stands what they are and whose."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, IdMixin


class MediaType(enum.StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"

    @property
    def is_image(self) -> bool:
        return self is not MediaType.PDF


class Attachment(IdMixin, Base):
    """One file, bound for good to who sent it and to its digest by the first upload.

    It belongs to a cooperative from the moment that a record of that cooperative names it.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("byte_size > 0", name="not_empty"),
        CheckConstraint(
            "(width IS NULL) = (height IS NULL) AND (width IS NULL OR width > 0 AND height > 0)", name="size_is_whole"
        ),
        CheckConstraint("(cooperative_id IS NULL) = (city_code IS NULL)", name="city_goes_with_cooperative"),
        Index(None, "cooperative_id"),
        Index(None, "uploader_id", "received_at"),
    )

    city_code: Mapped[str | None] = mapped_column(String(5), sort_order=-5)
    cooperative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    uploader_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    media_type: Mapped[MediaType]
    byte_size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[dt.datetime | None]
    """What the camera wrote into the file, read as office time; None where it wrote nothing."""
    received_at: Mapped[dt.datetime]
