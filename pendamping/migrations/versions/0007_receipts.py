"""What tablets hand in, word for word, and the name of this server's memory.

Old rows stay as they are: visits of before came by way of a page and have no receipt.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("visit", "schedule", "action", "action_update", "correction")
OUTCOMES = ("created", "merged", "duplicate", "conflict")


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="recordkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="kept", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_receipt_sha256_length")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_receipt_content_sha256_length")),
        sa.CheckConstraint("v > 0", name=op.f("ck_receipt_v_positive")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_receipt_revision_positive")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_receipt_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_receipt_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("record_id", "sha256", "outcome", name=op.f("uq_receipt_record_id_sha256_outcome")),
    )
    op.create_index(op.f("ix_receipt_user_id_received_at"), "receipt", ["user_id", "received_at"])
    epoch = op.create_table(
        "server_epoch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_server_epoch_there_is_one")),
        sa.CheckConstraint("length(value) >= 16", name=op.f("ck_server_epoch_value_is_long")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_epoch")),
    )
    op.bulk_insert(epoch, [{"id": 1, "value": secrets.token_hex(16)}])
    guards.make_append_only(guards.FOURTH_APPEND_ONLY)


def downgrade() -> None:
    guards.let_change(guards.FOURTH_APPEND_ONLY)
    op.drop_table("server_epoch")
    op.drop_index(op.f("ix_receipt_user_id_received_at"), table_name="receipt")
    op.drop_table("receipt")
