"""Reminders: rules as they were changed, who was reminded of what and how, how people are reached, runs of jobs.

Old rows stay as they are. Nobody has an address yet, so nothing goes out until people choose; in the app reminders begin
with the next working day. Five indexes find what falls on a date without walking through everything that was ever planned, agreed or filed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = '0009'
branch_labels = None
depends_on = None

CHANNELS = ("email", "push", "gateway")
STATES = ("waiting", "sending", "sent", "failed", "unsure", "needless")
OUTCOMES = ("running", "done", "failed")
BY_DATE = (
    ("action", ("due_on", "status")),
    ("planned_visit", ("planned_on",)),
    ("document", ("expires_on",)),
    ("officer", ("term_ends_on",)),
    ("current_answer", ("answered_on", "item_id")),
)


def _moment(name, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name, members):
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def _key(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _index(table, *columns):
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def upgrade() -> None:
    _what_was_changed()
    _how_people_are_reached()
    _who_was_reminded()
    op.create_table(
        "job_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        _moment("slot"),
        _moment("started_at"),
        _moment("ended_at", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", _word("runoutcome", OUTCOMES), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.CheckConstraint("attempts > 0", name=op.f("ck_job_run_attempts_positive")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (outcome = 'running')", name=op.f("ck_job_run_ends_with_an_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "slot", name=op.f("uq_job_run_job_slot")),
    )
    for table, columns in BY_DATE:
        _index(table, *columns)


def _what_was_changed() -> None:
    op.create_table(
        "reminder_rule",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("hearers", sa.JSON(), nullable=False),
        sa.Column("escalates_after", sa.Integer(), nullable=True),
        sa.Column("goes_out", sa.Boolean(), nullable=False),
        _moment("changed_at"),
        sa.CheckConstraint("escalates_after BETWEEN 0 AND 365", name=op.f("ck_reminder_rule_escalates_in_reach")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_reminder_rule")),
    )
    op.create_table(
        "obligation_met",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("obligation", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        _moment("noted_at"),
        _key("obligation_met", "cooperative_id", "cooperative"),
        _key("obligation_met", "author_id", "user"),
        sa.PrimaryKeyConstraint("cooperative_id", "obligation", "due_on", name=op.f("pk_obligation_met")),
    )
    op.create_table(
        "general_meeting",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        _moment("noted_at"),
        sa.CheckConstraint("year BETWEEN 1945 AND 2100", name=op.f("ck_general_meeting_year_in_reach")),
        _key("general_meeting", "cooperative_id", "cooperative"),
        _key("general_meeting", "author_id", "user"),
        sa.PrimaryKeyConstraint("cooperative_id", "year", name=op.f("pk_general_meeting")),
    )
    _index("general_meeting", "planned_on")


def _how_people_are_reached() -> None:
    op.create_table(
        "contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("paused_from", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.CheckConstraint("paused_from <= paused_until", name=op.f("ck_contact_pause_runs_forward")),
        sa.CheckConstraint(
            "(paused_from IS NULL) = (paused_until IS NULL)", name=op.f("ck_contact_pause_is_whole")
        ),
        sa.CheckConstraint("length(email) >= 3", name=op.f("ck_contact_email_is_given")),
        _key("contact", "person_id", "user"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        _moment("made_at"),
        sa.CheckConstraint("length(secret_sha256) = 64", name=op.f("ck_calendar_feed_secret_sha256_length")),
        _key("calendar_feed", "person_id", "user"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_calendar_feed_secret_sha256")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(length=600), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        _moment("made_at"),
        _key("push_subscription", "person_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    _index("push_subscription", "person_id")


def _who_was_reminded() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", _word("channelkind", CHANNELS), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", _word("deliverystate", STATES), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("next_try_at"),
        _moment("claimed_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_delivery_attempts_not_negative")),
        _key("delivery", "person_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("person_id", "channel", "day", name=op.f("uq_delivery_person_id_channel_day")),
    )
    _index("delivery", "state", "next_try_at")
    _index("delivery", "day")
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("is_escalation", sa.Boolean(), nullable=False),
        sa.Column("goes_out", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        _moment("made_at"),
        _moment("read_at", nullable=True),
        _moment("settled_at", nullable=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("read_at >= made_at", name=op.f("ck_notification_read_after_it_was_made")),
        sa.CheckConstraint("settled_at >= made_at", name=op.f("ck_notification_settled_after_it_was_made")),
        _key("notification", "person_id", "user"),
        _key("notification", "cooperative_id", "cooperative"),
        _key("notification", "delivery_id", "delivery"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint(
            "rule",
            "subject_id",
            "person_id",
            "day",
            "step",
            name=op.f("uq_notification_rule_subject_id_person_id_day_step"),
        ),
    )
    _index("notification", "person_id", "read_at", "settled_at")
    _index("notification", "person_id", "day")
    _index("notification", "day")
    _index("notification", "settled_at", "day")
    _index("notification", "delivery_id")


def downgrade() -> None:
    for table, columns in BY_DATE:
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)
    for table in (
        "notification",
        "delivery",
        "push_subscription",
        "calendar_feed",
        "contact",
        "general_meeting",
        "obligation_met",
        "reminder_rule",
        "job_run",
    ):
        op.drop_table(table)
