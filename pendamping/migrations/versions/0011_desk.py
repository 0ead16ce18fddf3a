"""What the agency's desk reads and keeps: signs in standings, what was asked and answered, who last looked when.

Old rows of standings know nothing of the signs until they are refreshed; `pendamping refresh-standings` does so for all.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0011"
down_revision = '0010'
branch_labels = None
depends_on = None

KINDS = (
    "selisih-kas",
    "keputusan-tahap",
    "tanpa-pendamping",
    "lama-tidak-dikunjungi",
    "skor-turun",
    "tindakan-terlambat",
    "keberatan",
    "serah-terima",
    "laporan-terlambat",
    "laporan-menunggu",
    "karantina",
    "belum-terkirim",
    "bukti-lemah",
)
INDEXES = (
    ("ix_visit_received_at", "visit", ["received_at"]),
    ("ix_action_status_due_on_cooperative_id", "action", ["status", "due_on", "cooperative_id"]),
    ("ix_action_update_status_made_at", "action_update", ["status", "made_at"]),
)
VERBS = ("minta-kunjungan", "tanya", "pantau")


def upgrade() -> None:
    _add_signs()
    op.create_table(
        "attention_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=True),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column(
            "verb", sa.Enum(*VERBS, name="verb", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "cooperative_id IS NOT NULL OR facilitator_id IS NOT NULL",
            name=op.f("ck_attention_step_is_about_something"),
        ),
        sa.CheckConstraint(
            "verb = 'pantau' OR facilitator_id IS NOT NULL", name=op.f("ck_attention_step_is_asked_of_somebody")
        ),
        sa.CheckConstraint(
            "verb <> 'minta-kunjungan' OR cooperative_id IS NOT NULL",
            name=op.f("ck_attention_step_visits_are_somewhere"),
        ),
        sa.CheckConstraint(
            "(verb = 'pantau') = (quiet_until IS NOT NULL)", name=op.f("ck_attention_step_quiet_while_watched")
        ),
        sa.CheckConstraint("verb <> 'tanya' OR length(text) > 0", name=op.f("ck_attention_step_question_is_given")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_attention_step_author_id_user")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_attention_step_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["facilitator_id"], ["user.id"], name=op.f("fk_attention_step_facilitator_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention_step")),
    )
    for column in ("cooperative_id", "facilitator_id"):
        op.create_index(op.f(f"ix_attention_step_{column}_made_at"), "attention_step", [column, "made_at"])
    op.create_table(
        "attention_reply",
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_attention_reply_text_is_given")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_attention_reply_author_id_user")),
        sa.ForeignKeyConstraint(
            ["step_id"], ["attention_step.id"], name=op.f("fk_attention_reply_step_id_attention_step")
        ),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_attention_reply")),
    )
    op.create_table(
        "last_look",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_last_look_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_last_look")),
    )
    guards.make_append_only(guards.DESK_APPEND_ONLY)


def _add_signs() -> None:
    """Written by hand: batch mode would remake the tables, and leave out the checks that they have."""
    for column in (
        "last_visit_grade VARCHAR(32) CONSTRAINT ck_standing_grade CHECK (last_visit_grade IN ('kuat','cukup','lemah')) "
        "CONSTRAINT ck_standing_grade_is_of_a_visit CHECK (last_visit_grade IS NULL OR last_visit_id IS NOT NULL)",
        "cash_differences INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_standing_cash_differences_not_negative CHECK (cash_differences >= 0)",
        "quarter_fall INTEGER "
        "CONSTRAINT ck_standing_quarter_fall_in_range CHECK (quarter_fall > 0 AND quarter_fall <= 1000000)",
        "quarter_fall_code VARCHAR(8) CONSTRAINT ck_standing_quarter_fall_is_whole "
        "CHECK ((quarter_fall IS NULL) = (quarter_fall_code IS NULL))",
    ):
        op.execute(f"ALTER TABLE standing ADD COLUMN {column}")
    for name, table, columns in INDEXES:
        op.create_index(op.f(name), table, columns)


def downgrade() -> None:
    guards.let_change(guards.DESK_APPEND_ONLY)
    for table in ("last_look", "attention_reply", "attention_step"):
        op.drop_table(table)
    for name, table, _columns in INDEXES:
        op.drop_index(op.f(name), table_name=table)
    for column in ("quarter_fall_code", "quarter_fall", "cash_differences", "last_visit_grade"):
        op.execute(f"ALTER TABLE standing DROP COLUMN {column}")
