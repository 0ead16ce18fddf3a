"""The calendar of obligations and days off; rules as the admin changed them; who was reminded of what, and how."""

import datetime as dt
import enum
import uuid

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pendamping.kernel.tables import Base, CityMixin, IdMixin
from pendamping.reminders.rules import Doer

TITLE_LENGTH = 200
NAME_LENGTH = 120
SOURCE_LENGTH = 500
EMAIL_LENGTH = 254
PHONE_LENGTH = 20
ANSWER_LENGTH = 300


class DayOffKind(enum.StrEnum):
    HOLIDAY = "holiday"
    COLLECTIVE_LEAVE = "collective_leave"


class DayOff(Base):
    """A day on which the office does not work, beside weekends. Decreed anew each year."""

    __tablename__ = "day_off"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name_is_given"),)

    on: Mapped[dt.date] = mapped_column("on_date", primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[DayOffKind]

    @property
    def id(self) -> str:
        """What the audit log calls it."""
        return self.on.isoformat()


class ObligationVersion(Base):
    """Something a cooperative or its facilitator owes by a date, as it holds from a day on; only ever added to."""

    __tablename__ = "obligation"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(name_id) > 0", name="name_is_given"),
        CheckConstraint("day_of_month BETWEEN 1 AND 28", name="day_exists_in_every_month"),
        CheckConstraint("day_of_month IS NULL OR rule = ''", name="one_kind_of_date"),
        CheckConstraint("(author_id IS NULL) = (recorded_at IS NULL)", name="somebody_at_some_time"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    in_force_on: Mapped[dt.date]
    """The first date that it holds for."""
    name_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_en: Mapped[str] = mapped_column(String(NAME_LENGTH))
    month_days: Mapped[list[str]]
    """Dates within a year as MM-DD; empty for the other kinds."""
    day_of_month: Mapped[int | None]
    on_days: Mapped[list[str]]
    """Dates that come once, as YYYY-MM-DD."""
    rule: Mapped[str] = mapped_column(String(200))
    """In words, where the date hangs on another date (the RAT's); empty for the other kinds."""
    only_if: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(SOURCE_LENGTH))
    confidence: Mapped[str] = mapped_column(String(80))
    doer: Mapped[Doer]
    days: Mapped[list[int]] = mapped_column(JSON)
    hearers: Mapped[list[str]]
    is_ended: Mapped[bool]
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    """Nobody for what the product shipped."""
    recorded_at: Mapped[dt.datetime | None]

    @property
    def id(self) -> str:
        """What the audit log calls it."""
        return f"{self.code}:{self.number}"


class ObligationMet(CityMixin, Base):
    """Somebody who accompanies the cooperative says that an obligation is met: nobody is reminded of it any more."""

    __tablename__ = "obligation_met"

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    obligation: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_on: Mapped[dt.date] = mapped_column(primary_key=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[dt.datetime]

    @property
    def id(self) -> str:
        """What the audit log calls it."""
        return f"{self.cooperative_id}:{self.due_on.isoformat()}"


class GeneralMeeting(CityMixin, Base):
    """The day for which a cooperative has set its general meeting (RAT) of a year."""

    __tablename__ = "general_meeting"
    __table_args__ = (
        CheckConstraint("year BETWEEN 1945 AND 2100", name="year_in_reach"),
        Index(None, "planned_on"),
    )

    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    planned_on: Mapped[dt.date]
    moves: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[dt.datetime]

    @property
    def id(self) -> str:
        """What the audit log calls it."""
        return f"{self.cooperative_id}:{self.year}"


class ReminderRule(Base):
    """A rule as the admin has changed it; what has no row is as the product ships it."""

    __tablename__ = "reminder_rule"
    __table_args__ = (CheckConstraint("escalates_after BETWEEN 0 AND 365", name="escalates_in_reach"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    is_on: Mapped[bool]
    days: Mapped[list[int]] = mapped_column(JSON)
    hearers: Mapped[list[str]]
    escalates_after: Mapped[int | None]
    goes_out: Mapped[bool]
    changed_at: Mapped[dt.datetime]


class ChannelKind(enum.StrEnum):
    """The ways out of the app, beside which everything stands in the app."""

    EMAIL = "email"
    PUSH = "push"
    GATEWAY = "gateway"


class DeliveryState(enum.StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    """Claimed; whoever stays silent in this state has died, and it is sent once more."""
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    """Died twice between sending and marking: it may have arrived, and is not sent a third time."""
    NEEDLESS = "needless"
    """Everything in it was done before it went out."""


class Delivery(IdMixin, Base):
    """One digest for one person by one way on one day, and what came back. There is never a second one."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("person_id", "channel", "day"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index(None, "state", "next_try_at"),
        Index(None, "day"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    channel: Mapped[ChannelKind]
    day: Mapped[dt.date]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    is_repeat: Mapped[bool] = mapped_column(default=False)
    """Sent once more because nobody knows whether the first one arrived; it says so."""
    answer: Mapped[str] = mapped_column(String(ANSWER_LENGTH), default="")
    """What the provider said; never holds a secret."""


class Notification(IdMixin, CityMixin, Base):
    """One person is reminded of one thing on one day: the outbox, and what the app shows."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("rule", "subject_id", "person_id", "day", "step"),
        CheckConstraint("read_at >= made_at", name="read_after_it_was_made"),
        CheckConstraint("settled_at >= made_at", name="settled_after_it_was_made"),
        Index(None, "person_id", "read_at", "settled_at"),
        Index(None, "person_id", "day"),
        Index(None, "day"),
        Index(None, "settled_at", "day"),
        Index(None, "delivery_id"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    rule: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID]
    """The very thing: an action, a planned visit, a document, a cooperative ... as the rule says."""
    cooperative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    day: Mapped[dt.date]
    """The working day on which it is shown."""
    anchor_on: Mapped[dt.date]
    """The date that it is about; it may be a day off."""
    step: Mapped[int]
    """Days from `anchor_on`, negative before it."""
    is_escalation: Mapped[bool]
    goes_out: Mapped[bool]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    title_en: Mapped[str | None] = mapped_column(String(TITLE_LENGTH))
    made_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]
    """When it was found done; from then on it is shown as such and sent to nobody."""
    delivery_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("delivery.id"))


class Contact(Base):
    """How a person wants to be reached outside of the app; without a row: not at all."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("paused_from <= paused_until", name="pause_runs_forward"),
        CheckConstraint("(paused_from IS NULL) = (paused_until IS NULL)", name="pause_is_whole"),
        CheckConstraint("length(email) >= 3", name="email_is_given"),
        CheckConstraint("email_confirmed_at IS NULL OR email IS NOT NULL", name="only_an_address_is_confirmed"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    channels: Mapped[list[str]]
    """In the order in which they are tried."""
    email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    email_confirmed_at: Mapped[dt.datetime | None]
    """When its owner opened what was sent to this address; before that it gets nothing else."""
    phone: Mapped[str | None] = mapped_column(String(PHONE_LENGTH))
    paused_from: Mapped[dt.date | None]
    paused_until: Mapped[dt.date | None]

    @property
    def id(self) -> uuid.UUID:
        """What the audit log calls it."""
        return self.person_id


class MailConfirmation(IdMixin, Base):
    """One mail that asks an address whether its owner wants reminders there, on its way and after.

    The link in it is signed and names this row; nothing that is stored opens it.
    """

    __tablename__ = "mail_confirmation"
    __table_args__ = (
        CheckConstraint("length(email) >= 3", name="email_is_given"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("used_at >= asked_at", name="used_after_it_was_asked"),
        Index(None, "person_id", "asked_at"),
        Index(None, "ended_at", "next_try_at"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    asked_at: Mapped[dt.datetime]
    next_try_at: Mapped[dt.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[dt.datetime | None]
    """Sent, given up, or overtaken by another address: nothing goes out for it any more."""
    used_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(String(ANSWER_LENGTH), default="")


class CalendarFeed(Base):
    """The secret address of a person's calendar, by its digest alone; a new one replaces the old."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        UniqueConstraint("secret_sha256"),
        CheckConstraint("length(secret_sha256) = 64", name="secret_sha256_length"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    secret_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime]

    @property
    def id(self) -> uuid.UUID:
        """What the audit log calls it."""
        return self.person_id


class PushSubscription(IdMixin, Base):
    """A browser of a person's that takes Web Push; gone once its push service says so."""

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("endpoint"), Index(None, "person_id"))

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    endpoint: Mapped[str] = mapped_column(String(600))
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[dt.datetime]


class RunOutcome(enum.StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(IdMixin, Base):
    """One run of one job for one of its times. The scheduler only ticks: this table knows what was run."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "slot"),
        CheckConstraint("attempts > 0", name="attempts_positive"),
        CheckConstraint("(ended_at IS NULL) = (outcome = 'running')", name="ends_with_an_outcome"),
    )

    job: Mapped[str] = mapped_column(String(40))
    slot: Mapped[dt.datetime]
    """The time that it was due at."""
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[RunOutcome]
    message: Mapped[str] = mapped_column(String(ANSWER_LENGTH), default="")
    node: Mapped[str] = mapped_column(String(80))
