"""Where each cooperative stands now: one row to read, so that no list has to walk the history."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin


class Standing(CityMixin, Base):
    """One cooperative's standing, refreshed in the transaction that changes it."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("open_actions >= 0", name="open_actions_not_negative"),
        CheckConstraint("(open_actions = 0) = (next_due_on IS NULL)", name="next_due_goes_with_open_actions"),
        CheckConstraint("(last_visit_id IS NULL) = (last_visit_on IS NULL)", name="last_visit_is_whole"),
        Index(None, "last_visit_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    last_visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"))
    last_visit_on: Mapped[dt.date | None]
    open_actions: Mapped[int]
    next_due_on: Mapped[dt.date | None]
    refreshed_at: Mapped[dt.datetime]


class StandingScore(CityMixin, Base):
    """What one instrument says of one cooperative now, and what it said after the visit before the last."""

    __tablename__ = "standing_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 1000000", name="score_in_range"),
        CheckConstraint("previous_score BETWEEN 0 AND 1000000", name="previous_score_in_range"),
        CheckConstraint("0 <= answered AND answered <= applicable", name="answered_within_applicable"),
        Index(None, "instrument_code", "score"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    instrument_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instrument_version.id"))
    score: Mapped[Decimal | None]
    band_code: Mapped[str | None] = mapped_column(String(40))
    is_provisional: Mapped[bool]
    answered: Mapped[int]
    applicable: Mapped[int]
    critical_unmet: Mapped[list[str]]
    previous_score: Mapped[Decimal | None]
    measured_on: Mapped[dt.date | None]
