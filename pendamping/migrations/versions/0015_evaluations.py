"""Evaluations of half a year and of a programme year: which were issued, under which number.

Old rows: nothing was issued before, so there are none, and none changes.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("subject_code", sa.String(length=13), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("semester-1", "tahun", name="part", native_enum=False, create_constraint=True, length=12),
            nullable=False,
        ),
        sa.Column("number_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_evaluation_paper_number_positive")),
        sa.CheckConstraint("length(subject_code) >= 5", name=op.f("ck_evaluation_paper_subject_is_a_region")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_evaluation_paper_issued_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_paper")),
        sa.UniqueConstraint("subject_code", "year", "part", name=op.f("uq_evaluation_paper_subject_code_year_part")),
        sa.UniqueConstraint(
            "city_code", "number_year", "number", name=op.f("uq_evaluation_paper_city_code_number_year_number")
        ),
    )
    guards.make_append_only(guards.EVALUATIONS_APPEND_ONLY)


def downgrade() -> None:
    guards.let_change(guards.EVALUATIONS_APPEND_ONLY)
    op.drop_table("evaluation_paper")
