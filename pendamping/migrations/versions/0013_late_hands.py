"""Quarantine of records that wait for the head; visits that came after their month had been approved.

Old rows: no visit was taken in after the approval of its month, so none is such an addendum.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0013"
down_revision = '0012'
branch_labels = None
depends_on = None

KINDS = ("visit", "schedule", "action", "action_update", "correction")
WHY_HELD = ("future", "outside_assignment", "foreign", "left", "unsigned", "altered")


def upgrade() -> None:
    op.create_table(
        "held_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", choice("recordkind", *KINDS), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("why", choice("whyheld", *WHY_HELD), nullable=False),
        sa.Column("brought_by", sa.String(length=200), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_held_record_sha256_length")),
        sa.CheckConstraint("v > 0", name=op.f("ck_held_record_v_positive")),
        sa.CheckConstraint(
            "(cooperative_id IS NULL) = (city_code IS NULL)", name=op.f("ck_held_record_city_goes_with_cooperative")
        ),
        sa.CheckConstraint("length(brought_by) > 0", name=op.f("ck_held_record_somebody_brought_it")),
        foreign("held_record", "cooperative_id", "cooperative"),
        foreign("held_record", "author_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_record")),
        sa.UniqueConstraint(
            "author_id", "record_id", "sha256", name=op.f("uq_held_record_author_id_record_id_sha256")
        ),
    )
    op.create_index(op.f("ix_held_record_cooperative_id"), "held_record", ["cooperative_id"])
    op.create_index(op.f("ix_held_record_held_at"), "held_record", ["held_at"])
    op.create_table(
        "quarantine_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("held_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", choice("verdict", "accepted", "returned"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict = 'accepted' OR length(reason) > 0", name=op.f("ck_quarantine_decision_a_return_has_its_reason")
        ),
        foreign("quarantine_decision", "held_id", "held_record"),
        foreign("quarantine_decision", "decided_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_decision")),
        sa.UniqueConstraint("held_id", name=op.f("uq_quarantine_decision_held_id")),
    )
    guards.make_append_only(guards.QUARANTINE_APPEND_ONLY)
    op.add_column("visit", sa.Column("is_addendum", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("visit", "is_addendum")
    guards.let_change(guards.QUARANTINE_APPEND_ONLY)
    op.drop_table("quarantine_decision")
    op.drop_table("held_record")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
