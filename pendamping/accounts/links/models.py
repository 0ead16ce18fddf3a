"""Personal links: who may come in with which, until when, and how often it was used."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin


class PersonalLink(IdMixin, CityMixin, Base):
    """One officer's way into one cooperative's pages. The token itself is nowhere: only its digest is kept."""

    __tablename__ = "personal_link"
    __table_args__ = (
        CheckConstraint("length(token_sha256) = 64", name="token_sha256_length"),
        CheckConstraint("expires_at > made_at", name="lasts_a_while"),
        CheckConstraint("use_count >= 0", name="use_count_not_negative"),
        CheckConstraint("(use_count = 0) = (last_used_at IS NULL)", name="use_has_its_time"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_somebody"),
        Index(None, "cooperative_id", "made_at"),
        Index(None, "user_id"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    """The officer's account."""
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    use_count: Mapped[int] = mapped_column(default=0)
    last_used_at: Mapped[dt.datetime | None]
