"""What the agency decided about stages and designations; and, for lists, how far each designation is."""

import datetime as dt
import enum
import uuid

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.cooperatives.models import Stage
from pendamping.kernel.tables import Base, CityMixin, IdMixin


class Verdict(enum.StrEnum):
    """What the agency can say about a cooperative's stage."""

    PROMOTE = "naik"
    """On to the next stage, because nothing is missing."""
    CONFIRM = "dikonfirmasi"
    """The stage it is at, which was only read off the baseline until then."""
    DECLINE = "belum"
    """Not yet, although nothing is missing: the proposal rests until somebody answers something anew."""
    SET = "ditetapkan"
    """Any other stage, whatever is missing; the note says why."""


def _stage(name: str) -> Enum:
    """Two columns of one table hold a stage, and each needs a constraint with a name of its own."""
    return Enum(
        Stage,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda stages: [str(each.value) for each in stages],
        validate_strings=True,
    )


class StageDecision(IdMixin, CityMixin, Base):
    """One decision about one cooperative's stage, and what the gate said then. The database refuses to change or remove
    one.
    """

    __tablename__ = "stage_decision"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(note) > 0", name="note_is_given"),
        CheckConstraint(
            "CASE verdict WHEN 'naik' "
            "THEN (from_stage || to_stage) IN ('pembentukanoperasional', 'operasionalkemitraan') "
            "WHEN 'ditetapkan' THEN from_stage <> to_stage ELSE from_stage = to_stage END",
            name="verdict_fits_stages",
        ),
        CheckConstraint("(gate_met IS NULL) = (gate_count IS NULL)", name="gate_is_whole"),
        CheckConstraint("0 <= gate_met AND gate_met <= gate_count", name="gate_met_within_count"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    number: Mapped[int]
    """Counted by cooperative. A page names the last one it has seen: two people cannot decide past each other."""
    verdict: Mapped[Verdict]
    from_stage: Mapped[Stage] = mapped_column(_stage("from_stage"))
    to_stage: Mapped[Stage] = mapped_column(_stage("to_stage"))
    decided_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[dt.datetime]
    gate_met: Mapped[int | None]
    """Of `gate_count` requirements of the stage it came from; None where no gate could be read."""
    gate_count: Mapped[int | None]
    missing: Mapped[list[str]] = mapped_column(JSON)
    """The others, by `instruments.stages.key_of`."""


class DesignationDecision(IdMixin, CityMixin, Base):
    """A designation given to a cooperative or taken back, and what its criteria said then. The database refuses to
    change or remove one; the last one counts.
    """

    __tablename__ = "designation_decision"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "designation_code", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(note) > 0", name="note_is_given"),
        CheckConstraint("length(designation_code) > 0", name="designation_is_named"),
        CheckConstraint("(criteria_met IS NULL) = (criteria_count IS NULL)", name="criteria_are_whole"),
        CheckConstraint("0 <= criteria_met AND criteria_met <= criteria_count", name="criteria_met_within_count"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    designation_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    """Counted by cooperative and designation."""
    is_given: Mapped[bool]
    decided_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[dt.datetime]
    criteria_met: Mapped[int | None]
    criteria_count: Mapped[int | None]
    missing: Mapped[list[str]] = mapped_column(JSON)


class StandingDesignation(CityMixin, Base):
    """How far one cooperative is from one designation, and since when it has it; refreshed with its standing."""

    __tablename__ = "standing_designation"
    __table_args__ = (
        CheckConstraint("missing_count >= 0", name="missing_count_not_negative"),
        CheckConstraint("(missing_count IS NULL) = (criteria_count IS NULL)", name="criteria_are_whole"),
        CheckConstraint("missing_count <= criteria_count", name="missing_within_criteria"),
        Index(None, "designation_code", "missing_count"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    designation_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    missing_count: Mapped[int | None]
    """None where no criteria could be read."""
    criteria_count: Mapped[int | None]
    missing: Mapped[list[str]] = mapped_column(JSON)
    """By `instruments.stages.key_of`, in the order of the criteria."""
    held_since: Mapped[dt.date | None]
    """None for a cooperative that does not have it."""
