"""Partnerships of cooperatives, how each has gone, and the businesses they have chosen.

Old rows: none are touched. What the news said of partnerships before the first visit comes with the next loading of
the city.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATUSES = ("penjajakan", "kesepakatan", "berjalan", "berhenti")


def upgrade() -> None:
    op.create_table(
        "partnership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        foreign("partnership", "cooperative_id", "cooperative"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
    )
    op.create_index(op.f("ix_partnership_cooperative_id"), "partnership", ["cooperative_id"])
    op.create_table(
        "partnership_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(length=120), nullable=False),
        sa.Column("is_bumn", sa.Boolean(), nullable=False),
        sa.Column("goods", sa.String(length=200), nullable=False),
        sa.Column("status", choice("partnershipstatus", *STATUSES), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("monthly_value_idr", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_partnership_step_number_positive")),
        sa.CheckConstraint("length(partner) > 0", name=op.f("ck_partnership_step_partner_is_given")),
        sa.CheckConstraint("monthly_value_idr >= 0", name=op.f("ck_partnership_step_value_not_negative")),
        sa.CheckConstraint("since_on <= ends_on", name=op.f("ck_partnership_step_runs_forward")),
        sa.CheckConstraint(
            "status <> 'berhenti' OR length(note) > 0", name=op.f("ck_partnership_step_an_end_has_its_reason")
        ),
        sa.CheckConstraint(
            "NOT is_verified OR (since_on IS NOT NULL AND author_id IS NOT NULL)",
            name=op.f("ck_partnership_step_somebody_verified_it"),
        ),
        foreign("partnership_step", "partnership_id", "partnership"),
        foreign("partnership_step", "author_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_step")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_partnership_step_partnership_id_number")),
    )
    op.create_table(
        "business_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("businesses", sa.JSON(), nullable=False),
        sa.Column("potential", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_business_plan_revision_positive")),
        foreign("business_plan", "cooperative_id", "cooperative"),
        foreign("business_plan", "author_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_plan")),
        sa.UniqueConstraint("cooperative_id", "revision", name=op.f("uq_business_plan_cooperative_id_revision")),
    )
    guards.make_append_only(guards.PARTNERSHIPS_APPEND_ONLY)


def downgrade() -> None:
    guards.let_change(guards.PARTNERSHIPS_APPEND_ONLY)
    op.drop_table("business_plan")
    op.drop_table("partnership_step")
    op.drop_table("partnership")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
