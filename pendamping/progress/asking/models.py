"""What the agency did about something that needs attention, the facilitators' answers, and who last looked when."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin

TEXT_LENGTH = 500


class Kind(enum.StrEnum):
    """What can need the agency's attention, the most pressing first."""

    CASH = "selisih-kas"
    STAGE = "keputusan-tahap"
    UNASSIGNED = "tanpa-pendamping"
    SILENT = "lama-tidak-dikunjungi"
    FALLING = "skor-turun"
    OVERDUE = "tindakan-terlambat"
    DISPUTE = "keberatan"
    HAND_OVER = "serah-terima"
    REPORT_LATE = "laporan-terlambat"
    REPORT_WAITING = "laporan-menunggu"
    QUARANTINE = "karantina"
    UNSENT = "belum-terkirim"
    WEAK = "bukti-lemah"


class Verb(enum.StrEnum):
    ASK_VISIT = "minta-kunjungan"
    ASK = "tanya"
    WATCH = "pantau"


class Step(IdMixin, CityMixin, Base):
    """One thing that the agency did about one cooperative or one facilitator. Steps are only added; the database
    refuses to change one. Whether a step is settled is read off what came after it.
    """

    __tablename__ = "attention_step"
    __table_args__ = (
        CheckConstraint("cooperative_id IS NOT NULL OR facilitator_id IS NOT NULL", name="is_about_something"),
        CheckConstraint("verb = 'pantau' OR facilitator_id IS NOT NULL", name="is_asked_of_somebody"),
        CheckConstraint("verb <> 'minta-kunjungan' OR cooperative_id IS NOT NULL", name="visits_are_somewhere"),
        CheckConstraint("(verb = 'pantau') = (quiet_until IS NOT NULL)", name="quiet_while_watched"),
        CheckConstraint("verb <> 'tanya' OR length(text) > 0", name="question_is_given"),
        Index(None, "cooperative_id", "made_at"),
        Index(None, "facilitator_id", "made_at"),
    )

    cooperative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    facilitator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    """Whom it was asked of; who accompanies the cooperative by the time of the answer may answer it as well."""
    kind: Mapped[Kind]
    verb: Mapped[Verb]
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH), default="")
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]
    made_on: Mapped[dt.date]
    """The office's date of `made_at`: a wish is fulfilled by a visit of that day or later."""
    quiet_until: Mapped[dt.date | None]
    """The last day on which something that is only watched stays out of what waits."""


class Reply(CityMixin, Base):
    """The one answer to a step; a further question is a further step. The database refuses to change one."""

    __tablename__ = "attention_reply"
    __table_args__ = (CheckConstraint("length(text) > 0", name="text_is_given"),)

    step_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attention_step.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]

    @property
    def id(self) -> uuid.UUID:
        """What the audit log calls it."""
        return self.step_id


class LastLook(Base):
    """When somebody at the agency last said that they had seen the desk; everything after that is new to them."""

    __tablename__ = "last_look"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    looked_at: Mapped[dt.datetime]

    @property
    def id(self) -> uuid.UUID:
        """What the audit log calls it."""
        return self.user_id
