"""Group activities, what each version of their record says, who came, and what was agreed and shown there."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin

PLACE_LENGTH, TOPIC_LENGTH, MINUTES_LENGTH, NAMES_LENGTH, REASON_LENGTH = 160, 200, 5000, 1000, 500
MOST_PEOPLE = 2000
MOST_PHOTOS = 10


class ActivityKind(enum.StrEnum):
    COORDINATION = "rapat_koordinasi"
    OUTREACH = "sosialisasi"
    TRAINING = "pelatihan"


class Activity(IdMixin, CityMixin, Base):
    """One meeting of several cooperatives. What is known of it stands in its steps; neither is ever changed."""

    __tablename__ = "activity"
    __table_args__ = (Index(None, "author_id"),)

    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    """Who wrote it down; only they and admins may put it right."""
    added_at: Mapped[dt.datetime]


class ActivityStep(IdMixin, CityMixin, Base):
    """All that is said of an activity from one moment on; the one with the highest number holds now."""

    __tablename__ = "activity_step"
    __table_args__ = (
        UniqueConstraint("activity_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(place) > 0", name="place_is_given"),
        CheckConstraint("length(topic) > 0", name="topic_is_given"),
        CheckConstraint("number = 1 OR length(reason) > 0", name="a_correction_has_its_reason"),
        Index(None, "held_on"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"))
    number: Mapped[int]
    held_on: Mapped[dt.date]
    kind: Mapped[ActivityKind]
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    topic: Mapped[str] = mapped_column(String(TOPIC_LENGTH))
    minutes: Mapped[str] = mapped_column(Text)
    """What was said, for everybody who took part."""
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH))
    """Why the record was put right; empty for the first step."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[dt.datetime]


class ActivityPresence(CityMixin, Base):
    """How many came from one cooperative, as one step of the record says."""

    __tablename__ = "activity_presence"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 2000", name="somebody_came"),
        Index(None, "cooperative_id"),
    )

    step_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity_step.id"), primary_key=True)
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    people: Mapped[int]
    names: Mapped[str] = mapped_column(String(NAMES_LENGTH))
    """Who, where it was written down; for those alone who see the cooperative."""


class ActivityAction(CityMixin, Base):
    """An action that an agreement at an activity put into a cooperative's plan; it lives as every other action does."""

    __tablename__ = "activity_action"
    __table_args__ = (Index(None, "activity_id"),)

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action.id"), primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"))


class ActivityPhoto(CityMixin, Base):
    """A photo of an activity. Its file belongs to no single cooperative: whoever may see the activity may see it."""

    __tablename__ = "activity_photo"
    __table_args__ = (CheckConstraint("position >= 0", name="position_not_negative"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    attachment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    position: Mapped[int]
