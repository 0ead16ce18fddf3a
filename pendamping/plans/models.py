"""Actions that a cooperative and its facilitator agreed on, and everything that became of them."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.tables import Base, CityMixin, IdMixin

TITLE_LENGTH = 160
NOTE_LENGTH = 1000


class ActionStatus(enum.StrEnum):
    PROPOSED = "usulan"
    AGREED = "disepakati"
    RUNNING = "berjalan"
    REPORTED_DONE = "dilaporkan_selesai"
    VERIFIED = "terverifikasi"
    RETURNED = "dikembalikan"
    CANCELLED = "dibatalkan"


OPEN_STATUSES = (
    ActionStatus.PROPOSED,
    ActionStatus.AGREED,
    ActionStatus.RUNNING,
    ActionStatus.REPORTED_DONE,
    ActionStatus.RETURNED,
)
"""Late is a mark of these, not a state of its own."""


SET_BY_FACILITATORS = (ActionStatus.RUNNING,)
"""That it is done is for the cooperative to say, and for the next visit to verify."""
STILL_GOING = (ActionStatus.AGREED, ActionStatus.RUNNING, ActionStatus.RETURNED)
"""What may be noted as going on."""


class Action(IdMixin, CityMixin, Base):
    """One line of a cooperative's improvement plan: what, who, until when, and what proves it."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("length(title) > 0", name="title_is_given"),
        CheckConstraint("due_on >= agreed_on", name="due_after_agreed"),
        Index(None, "cooperative_id", "status", "due_on"),
        Index(None, "visit_id"),
        Index(None, "status", "due_on", "cooperative_id"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"))
    """The visit at which it was agreed."""
    item_id: Mapped[str | None] = mapped_column(String(8))
    """The item whose poor answer caused it; None for an action of its own."""
    item_label_id: Mapped[str | None] = mapped_column(String(120))
    item_label_en: Mapped[str | None] = mapped_column(String(120))
    is_critical: Mapped[bool]
    """Comes from a critical item, so it stands on top of the plan."""
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    owner_role: Mapped[OwnerRole]
    due_on: Mapped[dt.date]
    done_when: Mapped[str] = mapped_column(String(300))
    """One sentence that proves it done; may be empty for an action of its own."""
    status: Mapped[ActionStatus]
    agreed_on: Mapped[dt.date]
    created_at: Mapped[dt.datetime]


class ActionUpdate(IdMixin, CityMixin, Base):
    """One step in the life of an action. Steps are only added; the database refuses to change one."""

    __tablename__ = "action_update"
    __table_args__ = (
        UniqueConstraint("action_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        Index(None, "status", "made_at"),
    )

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action.id"))
    number: Mapped[int]
    status: Mapped[ActionStatus]
    note: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]
