"""What the agency asks to be looked at.

Old rows stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STILL_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "item_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("length(note) > 0", name=op.f("ck_item_request_note_is_given")),
        sa.CheckConstraint(
            "visit_id IS NULL OR closed_at IS NOT NULL", name=op.f("ck_item_request_answered_is_closed")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_item_request_asked_by_user")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_item_request_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_item_request_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_request")),
    )
    op.create_index(
        "ix_item_request_once_open",
        "item_request",
        ["cooperative_id", "item_id"],
        unique=True,
        sqlite_where=STILL_OPEN,
        postgresql_where=STILL_OPEN,
    )
    op.create_index(
        op.f("ix_item_request_cooperative_id_asked_at"), "item_request", ["cooperative_id", "asked_at"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_item_request_cooperative_id_asked_at"), table_name="item_request")
    op.drop_index("ix_item_request_once_open", table_name="item_request")
    op.drop_table("item_request")
