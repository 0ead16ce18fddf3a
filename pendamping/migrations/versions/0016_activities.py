"""Group activities: meetings, outreach and training for several cooperatives, with what was agreed and shown there.
Goals of cooperatives for a quarter, and what became of them.

Old rows: nothing of the kind was kept before, so there are none, and none changes.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = ("rapat_koordinasi", "sosialisasi", "pelatihan")
OUTCOMES = ("tercapai", "sebagian", "belum", "diganti")


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        foreign("activity", "author_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_author_id"), "activity", ["author_id"])
    _make_steps()
    op.create_table(
        "activity_action",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        foreign("activity_action", "action_id", "action"),
        foreign("activity_action", "activity_id", "activity"),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_activity_action")),
    )
    op.create_index(op.f("ix_activity_action_activity_id"), "activity_action", ["activity_id"])
    op.create_table(
        "activity_photo",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_activity_photo_position_not_negative")),
        foreign("activity_photo", "activity_id", "activity"),
        foreign("activity_photo", "attachment_id", "attachment"),
        sa.PrimaryKeyConstraint("activity_id", "attachment_id", name=op.f("pk_activity_photo")),
    )
    guards.make_append_only(guards.ACTIVITIES_APPEND_ONLY)
    _make_goals()
    guards.make_append_only(guards.GOALS_APPEND_ONLY)


def _make_steps() -> None:
    op.create_table(
        "activity_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", choice("activitykind", *KINDS), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_activity_step_number_positive")),
        sa.CheckConstraint("length(place) > 0", name=op.f("ck_activity_step_place_is_given")),
        sa.CheckConstraint("length(topic) > 0", name=op.f("ck_activity_step_topic_is_given")),
        sa.CheckConstraint(
            "number = 1 OR length(reason) > 0", name=op.f("ck_activity_step_a_correction_has_its_reason")
        ),
        foreign("activity_step", "activity_id", "activity"),
        foreign("activity_step", "author_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_step")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_activity_step_activity_id_number")),
    )
    op.create_index(op.f("ix_activity_step_held_on"), "activity_step", ["held_on"])
    op.create_table(
        "activity_presence",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("names", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("people BETWEEN 1 AND 2000", name=op.f("ck_activity_presence_somebody_came")),
        foreign("activity_presence", "step_id", "activity_step"),
        foreign("activity_presence", "cooperative_id", "cooperative"),
        sa.PrimaryKeyConstraint("step_id", "cooperative_id", name=op.f("pk_activity_presence")),
    )
    op.create_index(op.f("ix_activity_presence_cooperative_id"), "activity_presence", ["cooperative_id"])


def _make_goals() -> None:
    op.create_table(
        "plan_goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_plan_goal_quarter_is_one")),
        sa.CheckConstraint("year BETWEEN 1945 AND 2100", name=op.f("ck_plan_goal_year_in_reach")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_plan_goal_text_is_given")),
        sa.CheckConstraint("(measure IS NULL) = (target IS NULL)", name=op.f("ck_plan_goal_target_goes_with_measure")),
        sa.CheckConstraint("target >= 0", name=op.f("ck_plan_goal_target_not_negative")),
        foreign("plan_goal", "cooperative_id", "cooperative"),
        foreign("plan_goal", "author_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goal")),
    )
    op.create_index(
        op.f("ix_plan_goal_cooperative_id_year_quarter"), "plan_goal", ["cooperative_id", "year", "quarter"]
    )
    op.create_table(
        "plan_goal_result",
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", choice("outcome", *OUTCOMES), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(note) > 0", name=op.f("ck_plan_goal_result_note_is_given")),
        foreign("plan_goal_result", "goal_id", "plan_goal"),
        foreign("plan_goal_result", "author_id", "user"),
        sa.PrimaryKeyConstraint("goal_id", name=op.f("pk_plan_goal_result")),
    )


def downgrade() -> None:
    guards.let_change(guards.GOALS_APPEND_ONLY)
    op.drop_table("plan_goal_result")
    op.drop_table("plan_goal")
    guards.let_change(guards.ACTIVITIES_APPEND_ONLY)
    op.drop_table("activity_photo")
    op.drop_table("activity_action")
    op.drop_table("activity_presence")
    op.drop_table("activity_step")
    op.drop_table("activity")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
