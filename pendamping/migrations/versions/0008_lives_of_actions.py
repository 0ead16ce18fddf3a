"""The whole life of an action: who may not agree, when it is due now, what shows it done, what was asked about it.

Old rows: an action keeps its visit and its status, in which it has been since its last step; what a critical item
caused is pressing. Every old step counts as one that moved the action. Going back drops what the new tables hold,
actions that were thought of between visits, and steps that moved nothing.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("langkah", "kabar", "bukti", "tenggat", "setuju", "tidak_setuju", "keberatan_dijawab")
OWN_CHECKS = {
    "action": (
        ("ck_action_title_is_given", "length(title) > 0"),
        ("ck_action_due_after_agreed", "due_on >= agreed_on"),
    ),
    "action_update": (("ck_action_update_number_positive", "number > 0"),),
}
"""What SQLite forgets when a table is remade."""
NEW_CHECKS = (
    ("ck_action_priority_is_known", "priority BETWEEN 1 AND 3"),
    ("ck_action_revision_positive", "revision > 0"),
    ("ck_action_due_changes_not_negative", "due_changes >= 0"),
    (
        "ck_action_only_open_ones_are_disputed",
        "NOT is_disputed OR status NOT IN ('terverifikasi', 'dibatalkan')",
    ),
)


def own_checks(table: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(name)) for name, rule in OWN_CHECKS[table]]


def upgrade() -> None:
    guards.let_change(("action_update",))
    _widen_actions()
    _widen_updates()
    _fill()
    with op.batch_alter_table("action", table_args=[*own_checks("action"), *_new_checks()]) as table:
        table.alter_column("status_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    guards.make_append_only(("action_update",))
    _make_items()
    _make_proofs()
    _make_talk()
    guards.make_append_only(guards.PLAN_APPEND_ONLY)


def _new_checks() -> list[sa.CheckConstraint]:
    if op.get_bind().dialect.name != "sqlite":
        return []
    return [sa.CheckConstraint(rule, name=op.f(name)) for name, rule in NEW_CHECKS]


def _widen_actions() -> None:
    with op.batch_alter_table("action", table_args=own_checks("action")) as table:
        table.alter_column("visit_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("priority", sa.Integer(), server_default="2", nullable=False))
        table.add_column(sa.Column("owner_name", sa.String(length=120), server_default="", nullable=False))
        table.add_column(sa.Column("due_changes", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("status_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("is_disputed", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        for name, rule in NEW_CHECKS:
            table.create_check_constraint(op.f(name), rule)


def _widen_updates() -> None:
    kind = sa.Enum(*KINDS, name="updatekind", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("action_update", table_args=own_checks("action_update")) as table:
        table.add_column(sa.Column("kind", kind, server_default="langkah", nullable=False))
        table.add_column(sa.Column("visit_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_action_update_visit_id_visit"), "visit", ["visit_id"], ["id"])
        table.create_index(op.f("ix_action_update_visit_id"), ["visit_id"])


def _fill() -> None:
    op.execute("UPDATE action SET priority = 1 WHERE is_critical")
    op.execute(
        "UPDATE action SET "
        "status_at = coalesce((SELECT max(made_at) FROM action_update WHERE action_id = action.id), created_at), "
        "revision = coalesce((SELECT max(number) FROM action_update WHERE action_id = action.id), 1)"
    )


def _make_items() -> None:
    op.create_table(
        "action_item",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(length=8), nullable=False),
        sa.Column("item_label_id", sa.String(length=120), nullable=False),
        sa.Column("item_label_en", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_item_action_id_action")),
        sa.PrimaryKeyConstraint("action_id", "item_id", name=op.f("pk_action_item")),
    )


def _make_proofs() -> None:
    op.create_table(
        "action_due_change",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("update_id", sa.Uuid(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("due_after", sa.Date(), nullable=False),
        sa.CheckConstraint("due_before <> due_after", name=op.f("ck_action_due_change_it_moves")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["action_update.id"], name=op.f("fk_action_due_change_update_id_action_update")
        ),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_action_due_change")),
    )
    op.create_table(
        "action_proof",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("action_update_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_action_proof_position_not_negative")),
        sa.ForeignKeyConstraint(
            ["action_update_id"], ["action_update.id"], name=op.f("fk_action_proof_action_update_id_action_update")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_action_proof_attachment_id_attachment")
        ),
        sa.PrimaryKeyConstraint("action_update_id", "attachment_id", name=op.f("pk_action_proof")),
    )
    op.create_index(op.f("ix_action_proof_attachment_id"), "action_proof", ["attachment_id"])


def _make_talk() -> None:
    op.create_table(
        "plan_acknowledgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("read_until <= made_at", name=op.f("ck_plan_acknowledgement_nothing_is_read_ahead")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_plan_acknowledgement_author_id_user")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_plan_acknowledgement_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_acknowledgement")),
    )
    op.create_index(
        op.f("ix_plan_acknowledgement_cooperative_id_made_at"), "plan_acknowledgement", ["cooperative_id", "made_at"]
    )
    op.create_table(
        "plan_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_plan_question_something_is_asked")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_plan_question_answer_is_whole"),
        ),
        sa.CheckConstraint("length(answer) > 0", name=op.f("ck_plan_question_answer_says_something")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_plan_question_action_id_action")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_plan_question_answered_by_id_user")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_plan_question_author_id_user")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_plan_question_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_question")),
    )
    op.create_index(op.f("ix_plan_question_cooperative_id_asked_at"), "plan_question", ["cooperative_id", "asked_at"])
    op.create_index(op.f("ix_plan_question_action_id"), "plan_question", ["action_id"])


def downgrade() -> None:
    guards.let_change(guards.PLAN_APPEND_ONLY)
    guards.let_change(("action_update",))
    for table in ("plan_question", "plan_acknowledgement", "action_proof", "action_due_change", "action_item"):
        op.drop_table(table)
    op.execute(
        "DELETE FROM action_update WHERE kind <> 'langkah' "
        "OR action_id IN (SELECT id FROM action WHERE visit_id IS NULL)"
    )
    op.execute("DELETE FROM action WHERE visit_id IS NULL")
    with op.batch_alter_table("action_update", table_args=own_checks("action_update")) as table:
        table.drop_index(op.f("ix_action_update_visit_id"))
        table.drop_constraint(op.f("fk_action_update_visit_id_visit"), type_="foreignkey")
        table.drop_column("visit_id")
        table.drop_constraint(op.f("ck_action_update_updatekind"), type_="check")
        table.drop_column("kind")
    with op.batch_alter_table("action", table_args=own_checks("action")) as table:
        for name, _rule in NEW_CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        for name in ("revision", "is_disputed", "status_at", "due_changes", "owner_name", "priority"):
            table.drop_column(name)
        table.alter_column("visit_id", existing_type=sa.Uuid(), nullable=False)
    guards.make_append_only(("action_update",))
