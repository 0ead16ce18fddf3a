"""A visit that is still being written, kept on the server while there is a network."""

import datetime as dt
import uuid

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin


class Draft(IdMixin, CityMixin, Base):
    """The fields of one visit's form as they were typed, valid or not. Its id is the id of the visit it becomes;
    it goes when the visit is stored.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_positive"),
        Index(None, "author_id", "updated_at"),
    )

    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    """[name, value] of every field that holds something, in the order of the page."""
    revision: Mapped[int] = mapped_column(default=1)
    """Goes up with each saving; who saves names the one they know, so that two tabs cannot overwrite each other."""
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
