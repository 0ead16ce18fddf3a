"""Monthly reports of facilitators, their photos, and every step on their way. A step is never changed or removed."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin

WORDS_LENGTH = 4000
"""What a facilitator may write to one section, and what the head may answer."""
CAPTION_LENGTH = 200
MOST_PHOTOS = 12


class ReportStatus(enum.StrEnum):
    """Where a report stands; late is a mark of the first three, not a state."""

    DRAFT = "draf"
    SENT = "dikirim"
    RETURNED = "dikembalikan"
    APPROVED = "disetujui"


WITH_THE_FACILITATOR = (ReportStatus.DRAFT, ReportStatus.RETURNED)


class StepKind(enum.StrEnum):
    SENT = "dikirim"
    TAKEN_BACK = "ditarik"
    RETURNED = "dikembalikan"
    APPROVED = "disetujui"
    ADDENDUM = "tambahan"


class Section(enum.StrEnum):
    """The parts of a report, in their order; the facilitator may add words to each."""

    VISITS = "kunjungan"
    SCORES = "skor"
    ACTIONS = "tindakan"
    FIGURES = "angka"
    OBSTACLES = "kendala"
    PLAN = "rencana"


class MonthlyReport(IdMixin, CityMixin, Base):
    """One facilitator's report on one month. What the log says is gathered anew until it is sent, and frozen then."""

    __tablename__ = "monthly_report"
    __table_args__ = (
        UniqueConstraint("facilitator_id", "year", "month"),
        UniqueConstraint("city_code", "number_year", "number"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month_is_one"),
        CheckConstraint("year BETWEEN 1945 AND 2100", name="year_in_reach"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(
            "(number IS NULL) = (first_sent_at IS NULL) AND (number IS NULL) = (number_year IS NULL)",
            name="numbered_when_sent",
        ),
        CheckConstraint("status = 'draf' OR number IS NOT NULL", name="only_drafts_have_no_number"),
        Index(None, "status", "sent_at"),
    )

    facilitator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    year: Mapped[int]
    month: Mapped[int]
    status: Mapped[ReportStatus]
    words: Mapped[dict[str, Any]]
    """What the facilitator wrote, by `Section`; sections without words are absent."""
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with everything that happens to the report: who decides names the one that was on their page."""
    number_year: Mapped[int | None]
    number: Mapped[int | None]
    """The paper's, given with the first sending from the city's one count of papers."""
    first_sent_at: Mapped[dt.datetime | None]
    """Decides whether it was late, whatever came afterwards."""
    sent_at: Mapped[dt.datetime | None]
    """The last sending."""
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]


class MonthlyReportPhoto(CityMixin, Base):
    """A photo that a report shows while it is with its facilitator; each sending freezes the list of then."""

    __tablename__ = "monthly_report_photo"
    __table_args__ = (
        UniqueConstraint("report_id", "attachment_id"),
        CheckConstraint("position >= 0", name="position_not_negative"),
        Index(None, "attachment_id"),
    )

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("monthly_report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attachment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attachment.id"))
    caption: Mapped[str] = mapped_column(String(CAPTION_LENGTH), default="")


class MonthlyReportStep(IdMixin, CityMixin, Base):
    """One step on a report's way: sent, taken back, returned with a reason, approved with an answer, added to. Steps
    are only added; the database refuses to change one.
    """

    __tablename__ = "monthly_report_step"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("kind IN ('dikirim', 'ditarik') OR length(text) > 0", name="answers_have_words"),
        CheckConstraint("(kind = 'dikirim') = (content IS NOT NULL)", name="sending_freezes"),
    )

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("monthly_report.id"))
    number: Mapped[int]
    kind: Mapped[StepKind]
    text: Mapped[str] = mapped_column(Text)
    """The reason, the answer, the addendum; what the facilitator says with a sending may be empty."""
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of a sending: everything that the report said, see `content.as_json`."""
    changed: Mapped[list[str]] = mapped_column(JSON)
    """Of a further sending: the sections that say something else than the last time."""
    revision: Mapped[int]
    """Of the report, after this step."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]
