"""Monthly reports of facilitators, their photos, and every step on their way.

Old rows: months that were locked by command stay locked; no report is owed for them.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0012"
down_revision = '0011'
branch_labels = None
depends_on = None

STATUSES = ("draf", "dikirim", "dikembalikan", "disetujui")
STEPS = ("dikirim", "ditarik", "dikembalikan", "disetujui", "tambahan")


def words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "monthly_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("facilitator_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("status", words("reportstatus", STATUSES), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number_year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_monthly_report_month_is_one")),
        sa.CheckConstraint("year BETWEEN 1945 AND 2100", name=op.f("ck_monthly_report_year_in_reach")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_monthly_report_revision_positive")),
        sa.CheckConstraint("number > 0", name=op.f("ck_monthly_report_number_positive")),
        sa.CheckConstraint(
            "(number IS NULL) = (first_sent_at IS NULL) AND (number IS NULL) = (number_year IS NULL)",
            name=op.f("ck_monthly_report_numbered_when_sent"),
        ),
        sa.CheckConstraint(
            "status = 'draf' OR number IS NOT NULL", name=op.f("ck_monthly_report_only_drafts_have_no_number")
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"], ["user.id"], name=op.f("fk_monthly_report_facilitator_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_report")),
        sa.UniqueConstraint(
            "facilitator_id", "year", "month", name=op.f("uq_monthly_report_facilitator_id_year_month")
        ),
        sa.UniqueConstraint(
            "city_code", "number_year", "number", name=op.f("uq_monthly_report_city_code_number_year_number")
        ),
    )
    op.create_index(op.f("ix_monthly_report_status_sent_at"), "monthly_report", ["status", "sent_at"])
    op.create_table(
        "monthly_report_photo",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_monthly_report_photo_position_not_negative")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["monthly_report.id"], name=op.f("fk_monthly_report_photo_report_id_monthly_report")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_monthly_report_photo_attachment_id_attachment")
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_monthly_report_photo")),
        sa.UniqueConstraint(
            "report_id", "attachment_id", name=op.f("uq_monthly_report_photo_report_id_attachment_id")
        ),
    )
    op.create_index(op.f("ix_monthly_report_photo_attachment_id"), "monthly_report_photo", ["attachment_id"])
    op.create_table(
        "monthly_report_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", words("stepkind", STEPS), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_monthly_report_step_number_positive")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_monthly_report_step_revision_positive")),
        sa.CheckConstraint(
            "kind IN ('dikirim', 'ditarik') OR length(text) > 0",
            name=op.f("ck_monthly_report_step_answers_have_words"),
        ),
        sa.CheckConstraint(
            "(kind = 'dikirim') = (content IS NOT NULL)", name=op.f("ck_monthly_report_step_sending_freezes")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["monthly_report.id"], name=op.f("fk_monthly_report_step_report_id_monthly_report")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_monthly_report_step_author_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_report_step")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_monthly_report_step_report_id_number")),
    )
    guards.make_append_only(guards.REPORTS_APPEND_ONLY)


def downgrade() -> None:
    guards.let_change(guards.REPORTS_APPEND_ONLY)
    op.drop_table("monthly_report_step")
    op.drop_index(op.f("ix_monthly_report_photo_attachment_id"), table_name="monthly_report_photo")
    op.drop_table("monthly_report_photo")
    op.drop_index(op.f("ix_monthly_report_status_sent_at"), table_name="monthly_report")
    op.drop_table("monthly_report")
