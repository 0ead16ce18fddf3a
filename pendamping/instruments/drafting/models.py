"""The next version of an instrument while it is being edited."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, IdMixin


class InstrumentDraft(IdMixin, Base):
    """The one open draft of an instrument. It goes when it is published or discarded; the audit log keeps its past."""

    __tablename__ = "instrument_draft"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("length(code) > 0", name="code_is_given"),
    )

    code: Mapped[str] = mapped_column(String(8), unique=True)
    base_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instrument_version.id"))
    """The version that it began with; a later one may have been published since."""
    document: Mapped[dict[str, Any]]
    """As `parse` reads it, in the types of JSON. Each part holds by itself; whether they agree may be open yet."""
    revision: Mapped[int] = mapped_column(default=1)
    """Goes up with each change; who changes it names the one they saw, so that two cannot overwrite each other."""
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    updated_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
