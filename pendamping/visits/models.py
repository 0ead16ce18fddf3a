"""Visits, what was answered at them, and the score that each left behind."""

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pendamping.cooperatives.models import Stage
from pendamping.instruments.definition import Proof
from pendamping.kernel.tables import Base, CityMixin, IdMixin


class VisitMode(enum.StrEnum):
    FACE_TO_FACE = "tatap_muka"
    REMOTE = "jarak_jauh"


class Purpose(enum.StrEnum):
    CHECK = "pemeriksaan"
    FOLLOW_UP = "tindak_lanjut"
    TRAINING = "pelatihan"
    MEETING = "rapat"
    PARTNERSHIP = "kemitraan"
    OTHER = "lainnya"


class Visit(IdMixin, CityMixin, Base):
    """One facilitator's visit to one cooperative.

    The tablet makes `id` before it has a network, so the same visit sent twice is the same row.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("ended IS NULL OR started IS NOT NULL AND started < ended", name="ends_after_it_started"),
        CheckConstraint("length(body_sha256) = 64", name="body_sha256_length"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_is_whole"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="place_is_on_earth"),
        CheckConstraint(
            "accuracy_m IS NULL OR accuracy_m >= 0 AND latitude IS NOT NULL", name="accuracy_is_of_a_place"
        ),
        CheckConstraint(
            "distance_m IS NULL OR distance_m >= 0 AND latitude IS NOT NULL", name="distance_is_of_a_place"
        ),
        CheckConstraint("number > 0", name="number_positive"),
        UniqueConstraint("city_code", "number_year", "number"),
        UniqueConstraint("planned_visit_id"),
        Index(None, "cooperative_id", "visited_on", "received_at"),
        Index(None, "facilitator_id", "visited_on"),
        Index(None, "received_at"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    visited_on: Mapped[dt.date]
    started: Mapped[dt.time | None]
    """Office time (WITA), as is `ended`."""
    ended: Mapped[dt.time | None]
    mode: Mapped[VisitMode]
    purposes: Mapped[list[str]]
    notes: Mapped[str] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]
    """From where the register placed the cooperative on the day this was received; None while one place is unknown."""
    planned_visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("planned_visit.id"))
    signature_id: Mapped[uuid.UUID | None]
    """The attachment with the pen strokes of `signed_by`; like photos it may arrive after the visit."""
    signed_by: Mapped[str] = mapped_column(String(120), default="")
    number_year: Mapped[int]
    number: Mapped[int]
    """The paper's: counted by the city within the year of the visit, in the order in which visits come in."""
    written_at: Mapped[dt.datetime]
    """By the clock of the device it was written on."""
    received_at: Mapped[dt.datetime]
    revision: Mapped[int] = mapped_column(default=1)
    is_addendum: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It came in after its month had been approved: it is on record, and counts in none of that month's figures."""
    body_sha256: Mapped[str] = mapped_column(String(64))
    """Hash of the visit as it was sent; the same id with another hash is a conflict, never an overwrite."""

    people_met: Mapped[list["Attendance"]] = relationship(order_by="Attendance.position", lazy="raise")
    photos: Mapped[list["VisitPhoto"]] = relationship(order_by="VisitPhoto.position", lazy="raise")


class Attendance(CityMixin, Base):
    """A person who was met at a visit, in the order in which they were written down."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position_not_negative"),
        CheckConstraint("length(name) > 0", name="name_is_given"),
    )

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(40))


class VisitPhoto(CityMixin, Base):
    """A photo that belongs to a visit, or to one item answered at it.

    `attachment_id` is no foreign key: a visit that was written without a signal may arrive before its photos.
    """

    __tablename__ = "visit_photo"
    __table_args__ = (
        UniqueConstraint("visit_id", "attachment_id"),
        CheckConstraint("position >= 0", name="position_not_negative"),
        Index(None, "attachment_id"),
    )

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attachment_id: Mapped[uuid.UUID]
    item_id: Mapped[str | None] = mapped_column(String(8))
    """None for a photo of the visit as a whole."""


class Answer(IdMixin, CityMixin, Base):
    """One answer to one item at one visit. The log only grows: the database refuses to change or remove an answer.

    A correction is a further answer of the same visit, under its next revision.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("visit_id", "item_id", "revision"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("length(value) > 0", name="value_is_given"),
        CheckConstraint("value <> 'na' OR length(note) > 0", name="not_applicable_has_a_reason"),
        Index(None, "cooperative_id", "item_id", "answered_on"),
    )

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"))
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instrument_version.id"))
    item_id: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(40))
    """Canonical text: yes, no, na; 0 to 3; a decimal number; an ISO date or not_done; accepted, missing."""
    proof: Mapped[Proof]
    note: Mapped[str] = mapped_column(Text)
    answered_on: Mapped[dt.date]
    """The day of the visit."""
    revision: Mapped[int] = mapped_column(default=1)
    """The revision of the visit that it came with."""
    recorded_at: Mapped[dt.datetime]


class CurrentAnswer(CityMixin, Base):
    """The fold of the log: the newest answer to each item of each cooperative, so that reading needs no history."""

    __tablename__ = "current_answer"
    __table_args__ = (Index(None, "answered_on", "item_id"),)

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(8), primary_key=True)
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer.id"))
    answered_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]


class VisitScore(CityMixin, Base):
    """What an instrument scored after a visit, carried answers included; it stays what it was.

    A correction adds a row under the visit's next revision; the highest one counts.
    """

    __tablename__ = "visit_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 1000000", name="score_in_range"),
        CheckConstraint("(score IS NULL) = (band_code IS NULL)", name="band_goes_with_score"),
        CheckConstraint("0 <= answered AND answered <= applicable", name="answered_within_applicable"),
        CheckConstraint("revision > 0", name="revision_positive"),
        Index(None, "cooperative_id", "instrument_code", "measured_on", "recorded_at"),
    )

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    instrument_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("instrument_version.id"))
    stage: Mapped[Stage]
    """The cooperative's stage then: it decides which items were asked."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The dates that date items were measured against."""
    score: Mapped[Decimal | None]
    band_code: Mapped[str | None] = mapped_column(String(40))
    is_provisional: Mapped[bool]
    answered: Mapped[int]
    applicable: Mapped[int]
    critical_unmet: Mapped[list[str]]
    measured_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]


class MonthLock(Base):
    """A facilitator's month that has been approved: what is added to it counts apart."""

    __tablename__ = "month_lock"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12", name="month_is_one"),
        CheckConstraint("year BETWEEN 1945 AND 2100", name="year_in_reach"),
    )

    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    locked_at: Mapped[dt.datetime]

    @property
    def id(self) -> str:
        """What the audit log calls it."""
        return f"{self.facilitator_id}:{self.year}-{self.month:02}"


class PaperCounter(Base):
    """The last number given to a visit's paper in a city and year; the row is locked while the next one is given."""

    __tablename__ = "paper_counter"
    __table_args__ = (CheckConstraint("last_number > 0", name="last_number_positive"),)

    city_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]
