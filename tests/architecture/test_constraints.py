"""Nothing that the tables promise goes untested: each feature's table `BROKEN` names what it breaks."""

from sqlalchemy import CheckConstraint, Constraint, UniqueConstraint
from sqlalchemy.dialects import sqlite

from pendamping.kernel.tables import Base
from pendamping.migrations.guards import APPEND_ONLY
from tests.accounts import test_constraints as accounts
from tests.accounts.links import test_constraints as links
from tests.activities import test_constraints as activities
from tests.attachments import test_constraints as attachments
from tests.cooperatives import test_constraints as cooperatives
from tests.cooperatives.partnerships import test_constraints as partnerships
from tests.field import test_constraints as field
from tests.instruments import test_constraints as instruments
from tests.instruments.drafting import test_constraints as drafting
from tests.kernel import test_constraints as kernel
from tests.plans import test_constraints as plans
from tests.plans.goals import test_constraints as goals
from tests.progress import test_constraints as progress
from tests.progress.asking import test_constraints as asking
from tests.progress.stages import test_constraints as stages
from tests.reminders import test_constraints as reminders
from tests.reports.evaluation import test_constraints as evaluation
from tests.reports.monthly import test_constraints as monthly
from tests.visits import test_constraints as visits
from tests.visits.requests import test_constraints as requests
from tests.visits.schedule import test_constraints as schedule

FEATURES = (
    kernel,
    accounts,
    links,
    activities,
    attachments,
    cooperatives,
    partnerships,
    instruments,
    drafting,
    visits,
    schedule,
    requests,
    plans,
    goals,
    progress,
    asking,
    stages,
    reminders,
    monthly,
    evaluation,
    field,
)
GUARDS = {f"{table}_is_append_only: {event}" for table in APPEND_ONLY for event in ("update", "delete")} | {
    "assignment_overlaps: insert",
    "assignment_overlaps: update",
}


def broken() -> set[str]:
    tables = [feature.BROKEN for feature in FEATURES] + [
        visits.REWRITTEN,
        schedule.REWRITTEN,
        plans.REWRITTEN,
        stages.REWRITTEN,
        asking.REWRITTEN,
        field.REWRITTEN,
        monthly.REWRITTEN,
        evaluation.REWRITTEN,
        reminders.REWRITTEN,
    ]
    return {name for table in tables for name in table}


def constraints() -> list[Constraint]:
    return [each for table in Base.metadata.tables.values() for each in table.constraints]


def name_of(constraint: Constraint) -> str:
    return str(sqlite.dialect().identifier_preparer.format_constraint(constraint)).strip('"')


def test_every_check_and_every_unique_constraint_is_broken_by_a_test() -> None:
    promised = {name_of(each) for each in constraints() if isinstance(each, CheckConstraint | UniqueConstraint)}

    assert promised - broken() == set()


def test_every_guard_is_broken_by_a_test() -> None:
    assert GUARDS - broken() == set()


def test_nothing_is_broken_that_no_table_promises() -> None:
    promised = {name_of(each) for each in constraints()}

    assert {name for name in broken() if ":" not in name} - promised == set()
