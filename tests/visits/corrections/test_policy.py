import datetime as dt
import uuid

import pytest

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.visits.corrections.policy import Remedy, remedy_for, window_ends_on
from pendamping.visits.models import Visit

WRITER = User(id=uuid.uuid4(), role=Role.FACILITATOR)
VISIT = Visit(id=uuid.uuid4(), facilitator_id=WRITER.id, visited_on=dt.date(2026, 3, 14))


@pytest.mark.parametrize(
    ("visited_on", "last_day"),
    [
        ("2026-03-01", "2026-04-03"),
        ("2026-03-31", "2026-04-03"),
        ("2026-04-01", "2026-05-03"),
        ("2026-01-31", "2026-02-03"),
        ("2028-01-31", "2028-02-03"),
        ("2028-02-29", "2028-03-03"),
        ("2026-12-01", "2027-01-03"),
        ("2026-12-31", "2027-01-03"),
    ],
)
def test_the_window_closes_on_the_third_of_the_next_month(visited_on: str, last_day: str) -> None:
    assert window_ends_on(dt.date.fromisoformat(visited_on)) == dt.date.fromisoformat(last_day)


@pytest.mark.parametrize(
    ("today", "is_locked", "remedy"),
    [
        ("2026-03-14", False, Remedy.CORRECTION),
        ("2026-03-31", False, Remedy.CORRECTION),
        ("2026-04-03", False, Remedy.CORRECTION),
        ("2026-04-04", False, Remedy.ADDENDUM),
        ("2027-03-14", False, Remedy.ADDENDUM),
        ("2026-03-14", True, Remedy.ADDENDUM),
        ("2026-04-03", True, Remedy.ADDENDUM),
    ],
)
def test_a_visit_is_put_right_inside_its_window_and_added_to_afterwards(
    today: str, is_locked: bool, remedy: Remedy
) -> None:
    assert remedy_for(VISIT, WRITER, today=dt.date.fromisoformat(today), is_locked=is_locked) is remedy


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("is_locked", [True, False])
def test_nobody_but_its_writer_does_anything_about_a_visit(role: Role, is_locked: bool) -> None:
    other = User(id=uuid.uuid4(), role=role)

    assert remedy_for(VISIT, other, today=VISIT.visited_on, is_locked=is_locked) is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FACILITATOR])
def test_a_writer_who_has_become_something_else_reads_only(role: Role) -> None:
    promoted = User(id=WRITER.id, role=role)

    assert remedy_for(VISIT, promoted, today=VISIT.visited_on, is_locked=False) is None
