"""Goals of cooperatives for a quarter, and the result with which each was closed."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin, Rupiah

TEXT_LENGTH, NOTE_LENGTH, MEASURE_LENGTH = 200, 500, 24


class Outcome(enum.StrEnum):
    REACHED = "tercapai"
    IN_PART = "sebagian"
    MISSED = "belum"
    REPLACED = "diganti"
    """Another goal took its place, or it lost its sense."""


class PlanGoal(IdMixin, CityMixin, Base):
    """One goal of a cooperative for one quarter, in words, with a measure where there is one. It is never changed:
    another one takes its place.
    """

    __tablename__ = "plan_goal"
    __table_args__ = (
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_is_one"),
        CheckConstraint("year BETWEEN 1945 AND 2100", name="year_in_reach"),
        CheckConstraint("length(text) > 0", name="text_is_given"),
        CheckConstraint("(measure IS NULL) = (target IS NULL)", name="target_goes_with_measure"),
        CheckConstraint("target >= 0", name="target_not_negative"),
        Index(None, "cooperative_id", "year", "quarter"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    year: Mapped[int]
    quarter: Mapped[int]
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    measure: Mapped[str | None] = mapped_column(String(MEASURE_LENGTH))
    """A figure of the month (`angka.members`) or the score of an instrument (`skor.KL`)."""
    target: Mapped[Rupiah | None]
    """What the measure is to reach: people, rupiah, percent or points."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]


class PlanGoalResult(CityMixin, Base):
    """What became of a goal; said once."""

    __tablename__ = "plan_goal_result"
    __table_args__ = (CheckConstraint("length(note) > 0", name="note_is_given"),)

    goal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan_goal.id"), primary_key=True)
    outcome: Mapped[Outcome]
    value: Mapped[Rupiah | None]
    """What the measure said on the day, in whole units; None without a measure, or where it was not known."""
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[dt.datetime]
