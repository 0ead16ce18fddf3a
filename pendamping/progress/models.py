"""Where each cooperative stands now: one row to read, so that no list has to walk the history."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin
from pendamping.visits.evidence import Grade


class Standing(CityMixin, Base):
    """One cooperative's standing, refreshed in the transaction that changes it."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("open_actions >= 0", name="open_actions_not_negative"),
        CheckConstraint("(open_actions = 0) = (next_due_on IS NULL)", name="next_due_goes_with_open_actions"),
        CheckConstraint("(last_visit_id IS NULL) = (last_visit_on IS NULL)", name="last_visit_is_whole"),
        CheckConstraint("(gate_met IS NULL) = (gate_count IS NULL)", name="gate_is_whole"),
        CheckConstraint("0 <= gate_met AND gate_met <= gate_count", name="gate_met_within_count"),
        CheckConstraint("NOT awaits_stage_decision OR gate_met = gate_count", name="only_the_reached_is_proposed"),
        CheckConstraint("lapsed >= 0", name="lapsed_not_negative"),
        CheckConstraint("cash_differences >= 0", name="cash_differences_not_negative"),
        CheckConstraint("quarter_fall > 0 AND quarter_fall <= 1000000", name="quarter_fall_in_range"),
        CheckConstraint("(quarter_fall IS NULL) = (quarter_fall_code IS NULL)", name="quarter_fall_is_whole"),
        CheckConstraint("last_visit_grade IS NULL OR last_visit_id IS NOT NULL", name="grade_is_of_a_visit"),
        Index(None, "last_visit_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    last_visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"))
    last_visit_on: Mapped[dt.date | None]
    open_actions: Mapped[int]
    next_due_on: Mapped[dt.date | None]
    gate_met: Mapped[int | None]
    """Of `gate_count` requirements of the present stage's gate, when this row was refreshed; None where none could be
    read.
    """
    gate_count: Mapped[int | None]
    gate_holds_until: Mapped[dt.date | None]
    """The last day on which a gate that is reached stays so by itself; None while it is not, or if it always does."""
    awaits_stage_decision: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The gate is reached, a stage follows, and the agency has not said "not yet" to these very answers."""
    lapsed: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many requirements of gates behind it the newest answers no longer meet."""
    last_visit_grade: Mapped[Grade | None]
    """How well the last visit is attested; None before the first one, and in rows that no refresh has reached yet."""
    cash_differences: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of the newest cash counts in a row found a difference (`progress.signs`)."""
    quarter_fall: Mapped[Decimal | None]
    """By how many points the score that fell most lies below the newest complete one of at least 90 days before the
    last visit; None where none fell.
    """
    quarter_fall_code: Mapped[str | None] = mapped_column(String(8))
    """The instrument of that score."""
    refreshed_at: Mapped[dt.datetime]


class StandingScore(CityMixin, Base):
    """What one instrument says of one cooperative now, and what it said after the visit before the last."""

    __tablename__ = "standing_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 1000000", name="score_in_range"),
        CheckConstraint("previous_score BETWEEN 0 AND 1000000", name="previous_score_in_range"),
        CheckConstraint("0 <= answered AND answered <= applicable", name="answered_within_applicable"),
        Index(
            "ix_standing_score_means", "instrument_code", "score", "previous_score", "is_provisional", "cooperative_id"
        ),
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
