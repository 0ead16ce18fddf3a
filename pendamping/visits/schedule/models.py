"""Planned visits, and where they were moved from."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin
from pendamping.visits.models import VisitMode

AGENDA_LENGTH = 300
REASON_LENGTH = 300


class PlannedVisit(IdMixin, CityMixin, Base):
    """A visit that a facilitator means to make. It is done once a visit names it, and never deleted.

    The tablet makes `id` before it has a network.
    """

    __tablename__ = "planned_visit"
    __table_args__ = (
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_because = '')", name="cancelled_with_a_reason"),
        Index(None, "facilitator_id", "planned_on"),
        Index(None, "cooperative_id", "planned_on"),
        Index(None, "planned_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    planned_on: Mapped[dt.date]
    starts: Mapped[dt.time | None]
    """Office time (WITA)."""
    mode: Mapped[VisitMode]
    agenda: Mapped[str] = mapped_column(String(AGENDA_LENGTH), default="")
    """What it is about, in a few words; may be empty."""
    moves: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    cancelled_at: Mapped[dt.datetime | None]
    cancelled_because: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")


class PlannedVisitMove(CityMixin, Base):
    """One move of a planned visit to another day or hour. Moves are only added; the database refuses to change one."""

    __tablename__ = "planned_visit_move"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    planned_visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("planned_visit.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_on: Mapped[dt.date]
    from_starts: Mapped[dt.time | None]
    to_on: Mapped[dt.date]
    to_starts: Mapped[dt.time | None]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]
