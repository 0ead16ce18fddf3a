"""What comes late: quarantine, addenda to approved months, tablets and their copies, hand-overs and cover during leave.

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
    op.create_table(
        "copy_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("signature", choice("signature", "signed", "unsigned", "altered"), nullable=False),
        sa.Column("brought_by", sa.String(length=200), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("records", "stored", "held", "refused", "files")
        ),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(file_sha256) = 64", name=op.f("ck_copy_import_file_sha256_length")),
        sa.CheckConstraint("length(brought_by) > 0", name=op.f("ck_copy_import_somebody_brought_it")),
        sa.CheckConstraint(
            "records >= 0 AND stored >= 0 AND held >= 0 AND refused >= 0 AND files >= 0",
            name=op.f("ck_copy_import_counts_not_negative"),
        ),
        sa.CheckConstraint("stored + held + refused <= records", name=op.f("ck_copy_import_counts_fit")),
        foreign("copy_import", "author_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_import")),
    )
    op.create_index(op.f("ix_copy_import_imported_at"), "copy_import", ["imported_at"])
    guards.make_append_only(guards.QUARANTINE_APPEND_ONLY)
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_records", sa.Integer(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_device_name_is_given")),
        sa.CheckConstraint("waiting_records >= 0", name=op.f("ck_device_waiting_not_negative")),
        sa.CheckConstraint("receipts >= 0", name=op.f("ck_device_receipts_not_negative")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_device_somebody_revoked_it")
        ),
        foreign("device", "user_id", "user"),
        foreign("device", "revoked_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_user_id"), "device", ["user_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("former_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", choice("handoverstate", "proposed", "accepted", "declined", "forced"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (answered_at IS NULL)", name=op.f("ck_handover_an_answer_has_its_day")
        ),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'forced') OR length(answer) > 0",
            name=op.f("ck_handover_a_refusal_has_its_reason"),
        ),
        sa.CheckConstraint(
            "effective_at IS NULL OR state IN ('accepted', 'forced')", name=op.f("ck_handover_effect_follows_a_yes")
        ),
        sa.CheckConstraint(
            "state <> 'forced' OR effective_at IS NOT NULL", name=op.f("ck_handover_force_takes_effect_at_once")
        ),
        foreign("handover", "cooperative_id", "cooperative"),
        foreign("handover", "assignment_id", "assignment"),
        *(foreign("handover", column, "user") for column in ("former_id", "successor_id", "proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_assignment_id"), "handover", ["assignment_id"])
    op.create_index(op.f("ix_handover_successor_id"), "handover", ["successor_id"])
    op.create_table(
        "leave_cover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("facilitator_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_leave_cover_runs_forward")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_leave_cover_reason_is_given")),
        foreign("leave_cover", "cooperative_id", "cooperative"),
        foreign("leave_cover", "assignment_id", "assignment"),
        foreign("leave_cover", "facilitator_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_cover")),
    )
    op.create_index(op.f("ix_leave_cover_cooperative_id_starts_on"), "leave_cover", ["cooperative_id", "starts_on"])
    op.create_index(op.f("ix_leave_cover_facilitator_id_ends_on"), "leave_cover", ["facilitator_id", "ends_on"])
    op.add_column("visit", sa.Column("is_addendum", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("visit", "is_addendum")
    op.drop_table("leave_cover")
    op.drop_table("handover")
    op.drop_table("device")
    guards.let_change(guards.QUARANTINE_APPEND_ONLY)
    op.drop_table("copy_import")
    op.drop_table("quarantine_decision")
    op.drop_table("held_record")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
