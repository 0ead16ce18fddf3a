"""Triggers by which the database itself holds what no service may break; migrations put them up and take them down.

SQLite drops a table's triggers when batch mode remakes the table: a migration that does so puts them up again.
"""

from collections.abc import Sequence

from alembic import op

FIRST_APPEND_ONLY = ("audit_event", "answer", "visit_score", "action_update", "instrument_version")
SECOND_APPEND_ONLY = ("correction", "monthly_figures", "planned_visit_move")
THIRD_APPEND_ONLY = ("stage_decision", "designation_decision")
FOURTH_APPEND_ONLY = ("receipt",)
PLAN_APPEND_ONLY = ("action_due_change", "action_proof", "plan_acknowledgement")
QUARANTINE_APPEND_ONLY = ("held_record", "quarantine_decision", "copy_import")
PROPOSALS_APPEND_ONLY = ("figures_proposal", "figures_decision")
DESK_APPEND_ONLY = ("attention_step", "attention_reply")
REPORTS_APPEND_ONLY = ("monthly_report_step",)
PARTNERSHIPS_APPEND_ONLY = ("partnership", "partnership_step", "business_plan")
EVALUATIONS_APPEND_ONLY = ("evaluation_paper",)
ACTIVITIES_APPEND_ONLY = ("activity", "activity_step", "activity_presence", "activity_action", "activity_photo")
GOALS_APPEND_ONLY = ("plan_goal", "plan_goal_result")
OBLIGATIONS_APPEND_ONLY = ("obligation",)
APPEND_ONLY = (
    *FIRST_APPEND_ONLY,
    *SECOND_APPEND_ONLY,
    *THIRD_APPEND_ONLY,
    *FOURTH_APPEND_ONLY,
    *PLAN_APPEND_ONLY,
    *QUARANTINE_APPEND_ONLY,
    *PROPOSALS_APPEND_ONLY,
    *DESK_APPEND_ONLY,
    *REPORTS_APPEND_ONLY,
    *PARTNERSHIPS_APPEND_ONLY,
    *EVALUATIONS_APPEND_ONLY,
    *ACTIVITIES_APPEND_ONLY,
    *GOALS_APPEND_ONLY,
    *OBLIGATIONS_APPEND_ONLY,
)
"""Every table whose rows are never changed or removed."""


def put_up() -> None:
    """The first guards: the log is only added to, assignments do not overlap."""
    if op.get_bind().dialect.name != "sqlite":
        _make_functions()
    make_append_only(FIRST_APPEND_ONLY)
    _refuse_overlapping_assignments()


def take_down() -> None:
    let_change(FIRST_APPEND_ONLY)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER assignment_overlaps_on_insert")
        op.execute("DROP TRIGGER assignment_overlaps_on_update")
        return
    op.execute("DROP TRIGGER assignment_overlaps ON assignment")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION refuse_overlapping_assignment()")


def make_append_only(tables: Sequence[str]) -> None:
    for table in tables:
        if op.get_bind().dialect.name != "sqlite":
            op.execute(
                f'CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for event, word in (("UPDATE", "updated"), ("DELETE", "deleted")):
            op.execute(
                f"CREATE TRIGGER {table}_is_never_{word} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}_is_append_only'); END"
            )


def let_change(tables: Sequence[str]) -> None:
    for table in tables:
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f'DROP TRIGGER {table}_is_append_only ON "{table}"')
            continue
        op.execute(f"DROP TRIGGER {table}_is_never_updated")
        op.execute(f"DROP TRIGGER {table}_is_never_deleted")


def _refuse_overlapping_assignments() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER assignment_overlaps BEFORE INSERT OR UPDATE ON assignment "
            "FOR EACH ROW EXECUTE FUNCTION refuse_overlapping_assignment()"
        )
        return
    for event, ignored in (("INSERT", ""), ("UPDATE", "AND other.id <> NEW.id")):
        op.execute(
            f"CREATE TRIGGER assignment_overlaps_on_{event.lower()} BEFORE {event} ON assignment "
            "WHEN EXISTS (SELECT 1 FROM assignment other WHERE other.cooperative_id = NEW.cooperative_id "
            f"AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on {ignored}) "
            "BEGIN SELECT RAISE(ABORT, 'assignment_overlaps'); END"
        )


def _make_functions() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            MESSAGE = TG_TABLE_NAME || '_is_append_only', CONSTRAINT = TG_TABLE_NAME || '_is_append_only';
        END $$
        """
    )
    # The lock makes two assignments to one cooperative wait for each other, so neither can miss the other.
    op.execute(
        """
        CREATE FUNCTION refuse_overlapping_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM 1 FROM cooperative WHERE id = NEW.cooperative_id FOR UPDATE;
          IF EXISTS (
            SELECT 1 FROM assignment other
            WHERE other.cooperative_id = NEW.cooperative_id AND other.id <> NEW.id
              AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on
          ) THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
              MESSAGE = 'assignment_overlaps', CONSTRAINT = 'assignment_overlaps';
          END IF;
          RETURN NEW;
        END $$
        """
    )
