"""What makes a cooperative need attention, as conditions over its standing; every list and every count reads these.

The thresholds are our proposal, to be confirmed by the agency; they are named where the list explains itself.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    SQLColumnExpression,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy import Select as Selected
from sqlalchemy.orm import aliased, join

from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import on_duty
from pendamping.kernel.tables import TEN_THOUSANDTHS
from pendamping.progress.asking.models import Kind
from pendamping.progress.models import Standing
from pendamping.visits.evidence import Grade

SILENT_AFTER_DAYS = 30
FALLEN_BY = 5
"""Points within a quarter of a year."""
OVERDUE_AFTER_DAYS = 14
"""The last reminder of an overdue action goes out on this day; from the next one on it is the agency's matter."""
COUNTS_IN_A_ROW = 2
LONG_AGO = dt.date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Signs:
    """One kind of matter over cooperatives that are joined with their standing (`with_standings`).

    since: the day that the words of the kind count from.  amount: what they count.  detail: an instrument's code.
    urgency: never NULL, the most urgent first in ascending order.  needs_standing: whoever has no standing has it not.
    """

    where: ColumnElement[bool]
    since: SQLColumnExpression[Any]
    amount: SQLColumnExpression[Any]
    detail: SQLColumnExpression[Any]
    urgency: ColumnElement[Any]
    needs_standing: bool = True


NO_DAY, NO_AMOUNT, NO_DETAIL = cast(null(), Date), cast(null(), Integer), cast(null(), String(8))
LAST_VISIT = func.coalesce(Standing.last_visit_on, literal(LONG_AGO, Date))


def with_standings(cooperatives: Selected[Cooperative], *, needs_standing: bool = False) -> Selected[Cooperative]:
    """Cooperatives beside their standings.

    Args:
        needs_standing: only those that have one; it is looked through first, and says of most that they are not meant.
    """
    if needs_standing:
        return cooperatives.select_from(join(Standing, Cooperative, Cooperative.id == Standing.cooperative_id))
    return cooperatives.outerjoin(Standing, Standing.cooperative_id == Cooperative.id)


def _silent(today: dt.date) -> Signs:
    long_ago = or_(
        Standing.last_visit_on.is_(None), Standing.last_visit_on < today - dt.timedelta(days=SILENT_AFTER_DAYS)
    )
    return Signs(long_ago, Standing.last_visit_on, NO_AMOUNT, NO_DETAIL, LAST_VISIT, needs_standing=False)


def _falling(today: dt.date) -> Signs:
    fall = cast(Standing.quarter_fall, Integer)
    return Signs(
        fall >= FALLEN_BY * TEN_THOUSANDTHS,
        Standing.last_visit_on,
        fall,
        Standing.quarter_fall_code,
        func.coalesce(-fall, 0),
    )


def _cash(today: dt.date) -> Signs:
    return Signs(
        Standing.cash_differences >= COUNTS_IN_A_ROW,
        Standing.last_visit_on,
        Standing.cash_differences,
        NO_DETAIL,
        func.coalesce(-Standing.cash_differences, 0),
    )


def _overdue(today: dt.date) -> Signs:
    return Signs(
        Standing.next_due_on < today - dt.timedelta(days=OVERDUE_AFTER_DAYS),
        Standing.next_due_on,
        Standing.open_actions,
        NO_DETAIL,
        func.coalesce(Standing.next_due_on, literal(LONG_AGO, Date)),
    )


def _weak(today: dt.date) -> Signs:
    return Signs(Standing.last_visit_grade == Grade.WEAK, Standing.last_visit_on, NO_AMOUNT, NO_DETAIL, LAST_VISIT)


def _stage(today: dt.date) -> Signs:
    holds = or_(Standing.gate_holds_until.is_(None), Standing.gate_holds_until >= today)
    waits = and_(Standing.awaits_stage_decision, holds)
    return Signs(waits, Standing.last_visit_on, Standing.gate_count, NO_DETAIL, LAST_VISIT)


def _unassigned(today: dt.date) -> Signs:
    own, before = aliased(Assignment), aliased(Assignment)
    accompanied = exists().where(on_duty(today, own))
    last_end = (
        select(func.max(before.ends_on))
        .where(before.cooperative_id == Cooperative.id, before.ends_on < today)
        .correlate(Cooperative)
        .scalar_subquery()
    )
    urgency = func.coalesce(last_end, literal(LONG_AGO, Date))
    return Signs(~accompanied, last_end, NO_AMOUNT, NO_DETAIL, urgency, needs_standing=False)


SIGNS: Mapping[Kind, Callable[[dt.date], Signs]] = {
    Kind.CASH: _cash,
    Kind.STAGE: _stage,
    Kind.UNASSIGNED: _unassigned,
    Kind.SILENT: _silent,
    Kind.FALLING: _falling,
    Kind.OVERDUE: _overdue,
    Kind.WEAK: _weak,
}
"""The kinds that a standing tells of, the most pressing first."""
