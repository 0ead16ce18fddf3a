"""What the outbox asks of every kind of fact, and what each of them says of its cooperative."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import on_duty
from pendamping.reminders.rules import Fact, RuleCode

AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class FactQuery:
    """What is asked of one kind: its dates, on which day, and of which things alone (None: of all)."""

    dates: frozenset[dt.date]
    day: dt.date
    subjects: frozenset[uuid.UUID] | None = None

    def among(self, column: InstrumentedAttribute[uuid.UUID]) -> Iterable[ColumnElement[bool]]:
        return () if self.subjects is None else (column.in_(self.subjects),)


def every_cooperative(day: dt.date) -> AnySelect:
    """With whoever accompanies it on the day."""
    now = aliased(Assignment)
    return select(Cooperative.id.label("cooperative_id"), Cooperative.code, now.facilitator_id.label("by")).outerjoin(
        now, on_duty(day, now)
    )


def with_cooperative(query: AnySelect, cooperative_id: InstrumentedAttribute[uuid.UUID], day: dt.date) -> AnySelect:
    """With its cooperative, and whoever accompanies that on the day."""
    now = aliased(Assignment)
    return (
        query.join(Cooperative, Cooperative.id == cooperative_id)
        .outerjoin(now, on_duty(day, now))
        .add_columns(Cooperative.id.label("cooperative_id"), Cooperative.code, now.facilitator_id.label("by"))
    )


def fact_of(code: RuleCode, row: Any, on: dt.date, **more: Any) -> Fact:
    """A fact of a row with `cooperative_id`, `code` and `by`; about the cooperative unless `more` says else."""
    return Fact(
        code,
        on=on,
        cooperative_id=row.cooperative_id,
        code=row.code,
        facilitator_id=more.pop("facilitator_id", row.by),
        **{"subject_id": row.cooperative_id, **more},
    )
