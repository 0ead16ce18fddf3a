"""Who accompanies a cooperative when, hand-overs that wait for an answer, and cover while somebody is on leave."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin

REASON_LENGTH = 1000


class Assignment(IdMixin, CityMixin, Base):
    """Who accompanies a cooperative, from a day to a day. The database holds that no two overlap on one cooperative."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="runs_forward"),
        Index(None, "cooperative_id", "ends_on"),
        Index(None, "facilitator_id", "ends_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]


class HandoverState(enum.StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    FORCED = "forced"
    """The admin did not wait: for the answer, or for the former tablet."""


class Handover(IdMixin, CityMixin, Base):
    """An assignment that is to go to somebody else. It takes effect once the successor has accepted it and the former
    facilitator's tablets say that nothing waits on them, or when it is forced with a reason.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name="an_answer_has_its_day"),
        CheckConstraint("state NOT IN ('declined', 'forced') OR length(answer) > 0", name="a_refusal_has_its_reason"),
        CheckConstraint("effective_at IS NULL OR state IN ('accepted', 'forced')", name="effect_follows_a_yes"),
        CheckConstraint("state <> 'forced' OR effective_at IS NOT NULL", name="force_takes_effect_at_once"),
        Index(None, "assignment_id"),
        Index(None, "successor_id"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.id"))
    former_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    successor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    ends_on: Mapped[dt.date]
    """The former facilitator's last day."""
    note: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[dt.datetime]
    state: Mapped[HandoverState] = mapped_column(default=HandoverState.PROPOSED)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None]
    effective_at: Mapped[dt.datetime | None]


class LeaveCover(IdMixin, CityMixin, Base):
    """Somebody stands in for a facilitator for some days, with a reason.

    It is no assignment and lies beside it: assignment, target and history stay with whoever is away,
    so the rule that assignments do not overlap holds as it is. Whoever covers sees the cooperative and writes for it.
    """

    __tablename__ = "leave_cover"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="runs_forward"),
        CheckConstraint("length(reason) > 0", name="reason_is_given"),
        Index(None, "cooperative_id", "starts_on"),
        Index(None, "facilitator_id", "ends_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.id"))
    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    """Who covers."""
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[dt.datetime]
