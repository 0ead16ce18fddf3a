"""Actions that a cooperative and its facilitator agreed on, and everything that became of them."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.tables import Base, CityMixin, IdMixin

TITLE_LENGTH = 160
NOTE_LENGTH = 1000
NAME_LENGTH = 120
DONE_WHEN_LENGTH = 300
MOST_PROOFS = 10


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


class Priority(enum.IntEnum):
    """What comes first among actions; what a critical item caused is pressing from the start."""

    PRESSING = 1
    USUAL = 2
    CAN_WAIT = 3


class UpdateKind(enum.StrEnum):
    """What a step in the life of an action was; only `moved` changes its status."""

    MOVED = "langkah"
    NOTED = "kabar"
    PROVED = "bukti"
    """A further proof while the first waits to be looked at."""
    DUE_CHANGED = "tenggat"
    ACCEPTED = "setuju"
    DISPUTED = "tidak_setuju"
    SETTLED = "keberatan_dijawab"


class ActionItem(CityMixin, Base):
    """A further item that an action is to put right, besides the one that caused it."""

    __tablename__ = "action_item"

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(8), primary_key=True)
    item_label_id: Mapped[str] = mapped_column(String(120))
    item_label_en: Mapped[str] = mapped_column(String(120))


class Action(CityMixin, Base):
    """One line of a cooperative's improvement plan: what, who, until when, and what proves it."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("length(title) > 0", name="title_is_given"),
        CheckConstraint("due_on >= agreed_on", name="due_after_agreed"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority_is_known"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("due_changes >= 0", name="due_changes_not_negative"),
        CheckConstraint(
            "NOT is_disputed OR status NOT IN ('terverifikasi', 'dibatalkan')", name="only_open_ones_are_disputed"
        ),
        Index(None, "cooperative_id", "status", "due_on"),
        Index(None, "due_on", "status"),
        Index(None, "visit_id"),
        Index(None, "status", "due_on", "cooperative_id"),
        Index(
            "ix_action_disputed",
            "cooperative_id",
            sqlite_where=text("is_disputed = 1"),
            postgresql_where=text("is_disputed"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, sort_order=-10)
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"))
    """The visit at which it was agreed; None for one that was thought of between visits."""
    item_id: Mapped[str | None] = mapped_column(String(8))
    """The item whose poor answer caused it; None for an action of its own. Further ones stand in `action_item`."""
    item_label_id: Mapped[str | None] = mapped_column(String(120))
    item_label_en: Mapped[str | None] = mapped_column(String(120))
    is_critical: Mapped[bool]
    """Comes from a critical item, so it stands on top of the plan."""
    priority: Mapped[int] = mapped_column(default=int(Priority.USUAL))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    owner_role: Mapped[OwnerRole]
    owner_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    """Who of that role, where it was said."""
    due_on: Mapped[dt.date]
    due_changes: Mapped[int] = mapped_column(default=0)
    done_when: Mapped[str] = mapped_column(String(DONE_WHEN_LENGTH))
    """One sentence that proves it done; may be empty for an action of its own."""
    status: Mapped[ActionStatus]
    status_at: Mapped[dt.datetime]
    """When it came into its present status."""
    is_disputed: Mapped[bool] = mapped_column(default=False)
    """The cooperative does not agree, and nobody has answered it yet."""
    revision: Mapped[int] = mapped_column(default=1)
    """The number of its last update: what a page shows must still be it when its form comes back."""
    agreed_on: Mapped[dt.date]
    created_at: Mapped[dt.datetime]
    further_items: Mapped[str | None] = column_property(
        select(func.aggregate_strings(ActionItem.item_id, ","))
        .where(ActionItem.action_id == id)  # noqa: A003  # the column above, not the builtin
        .correlate_except(ActionItem)
        .scalar_subquery()
    )
    """Their ids, joined by commas."""

    @property
    def item_ids(self) -> tuple[str, ...]:
        """All items that it is to put right, the one that caused it first."""
        first = (self.item_id,) if self.item_id else ()
        return (*first, *sorted((self.further_items or "").split(",") if self.further_items else ()))


class ActionUpdate(IdMixin, CityMixin, Base):
    """One step in the life of an action. Steps are only added; the database refuses to change one."""

    __tablename__ = "action_update"
    __table_args__ = (
        UniqueConstraint("action_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        Index(None, "visit_id"),
        Index(None, "status", "made_at"),
    )

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action.id"))
    number: Mapped[int]
    kind: Mapped[UpdateKind] = mapped_column(default=UpdateKind.MOVED)
    status: Mapped[ActionStatus]
    """The action's status after it."""
    note: Mapped[str] = mapped_column(Text)
    visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"))
    """The visit whose answers moved it; None where a person did."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]


class ActionDueChange(CityMixin, Base):
    """From which day to which a due date was moved; why stands in the step that it belongs to."""

    __tablename__ = "action_due_change"
    __table_args__ = (CheckConstraint("due_before <> due_after", name="it_moves"),)

    update_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action_update.id"), primary_key=True)
    due_before: Mapped[dt.date]
    due_after: Mapped[dt.date]


class ActionProof(CityMixin, Base):
    """A file that shows a step: usually that the thing is done."""

    __tablename__ = "action_proof"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position_not_negative"),
        Index(None, "attachment_id"),
    )

    action_update_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("action_update.id"), primary_key=True)
    attachment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    position: Mapped[int]


class PlanAcknowledgement(IdMixin, CityMixin, Base):
    """Somebody of the cooperative has read the plan, as it was at an instant."""

    __tablename__ = "plan_acknowledgement"
    __table_args__ = (
        CheckConstraint("read_until <= made_at", name="nothing_is_read_ahead"),
        Index(None, "cooperative_id", "made_at"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    read_until: Mapped[dt.datetime]
    """The plan's last change that the reader could see."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[dt.datetime]


class PlanQuestion(IdMixin, CityMixin, Base):
    """What the cooperative asks its facilitator, about one action or about the whole plan, and the answer."""

    __tablename__ = "plan_question"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="something_is_asked"),
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name="answer_is_whole",
        ),
        CheckConstraint("length(answer) > 0", name="answer_says_something"),
        Index(None, "cooperative_id", "asked_at"),
        Index(None, "action_id"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"))
    action_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("action.id"))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[dt.datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[dt.datetime | None]
