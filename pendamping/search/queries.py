"""What is found: the index gives ids, and only those within the reader's own select are read or counted."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Uuid, and_, column, func, literal, literal_column, select, table
from sqlalchemy import text as sql_text
from sqlalchemy.orm import InstrumentedAttribute, Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Officer, Region
from pendamping.plans.models import Action, ActionStatus
from pendamping.reports.monthly.models import MonthlyReport, MonthlyReportStep
from pendamping.search.index import ENTRIES, WORDS, Source, condition, key, vector
from pendamping.search.terms import Terms
from pendamping.visits.models import Answer, Visit

_entry = table(ENTRIES, column("id"), column("kind"), column("row_id"))
Row = TypeVar("Row", Cooperative, Officer, User, Visit, Answer, Action, MonthlyReportStep, Region)
NO_ID = uuid.UUID(int=0)
"""Of what is named by a code."""


@dataclass(frozen=True, slots=True)
class Key:
    """A row's place in a list of what was found, for the address of the page that begins after it."""

    value: str
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.id.hex}.{self.value}"

    @classmethod
    def parsed(cls, text: str) -> "Key | None":
        """What `str` wrote; None for anything else."""
        id_, _dot, value = text.partition(".")
        try:
            return cls(value, uuid.UUID(hex=id_))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Found:
    """One row that was found.

    name: what it is called, or whose it is.  text: where its words stand.  code: of its cooperative, if it has one.
    detail: what its kind knows besides: a role, a status, an item.  within: the row whose page shows it, where it has
    none of its own.
    """

    id: uuid.UUID
    name: str
    text: str
    key: Key
    code: str = ""
    cooperative: str = ""
    detail: Any = None
    on: dt.date | None = None
    within: uuid.UUID | None = None


def matching(rows: Select[Row], source: Source, terms: Terms, *, dialect: str) -> Select[Row]:
    """Those rows of a select whose words are looked for."""
    found = _holds(source, terms, dialect)
    return rows.where(_named_by(source).in_(found) if isinstance(found, Select) else found)


def _named_by(source: Source) -> Any:
    return getattr(_MODELS[source], key(source))


def _holds(source: Source, terms: Terms, dialect: str) -> ColumnElement[bool] | Select[Any]:
    if dialect != "sqlite":
        query = func.to_tsquery(literal_column("'simple'::regconfig"), terms.for_postgresql())
        found = literal_column(vector(source)).op("@@", is_comparison=True)(query)
        only = condition(source, of=f'"{source}".')
        return and_(found, literal_column(f"({only})")) if only else found
    entries = sql_text(f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH :words")  # noqa: S608  # our own names
    entries = entries.bindparams(words=terms.for_sqlite())
    return select(_entry.c.row_id).where(
        _entry.c.kind == str(source), _entry.c.id.in_(entries.columns(column("rowid")).scalar_subquery())
    )


_MODELS: Mapping[Source, Any] = {
    Source.COOPERATIVE: Cooperative,
    Source.OFFICER: Officer,
    Source.ACCOUNT: User,
    Source.VISIT: Visit,
    Source.NOTE: Answer,
    Source.ACTION: Action,
    Source.ADDENDUM: MonthlyReportStep,
    Source.DISTRICT: Region,
}


def counted(session: Session, found: Mapping[Source, Select[Any]]) -> dict[Source, int]:
    """How many rows each kind has; one query."""
    counts = [
        rows.order_by(None).with_only_columns(func.count(_named_by(source))).scalar_subquery().label(source.name)
        for source, rows in found.items()
    ]
    return dict(zip(found, session.execute(select(*counts)).one(), strict=True)) if counts else {}


def listed(session: Session, source: Source, found: Select[Any], *, after: Key | None, limit: int) -> list[Found]:
    """One page of a kind: people and cooperatives by name, districts by code, all else with the newest first; one
    query.
    """
    return _LISTERS[source](session, found, after, limit)


def _by_name(
    found: Select[Any], name: InstrumentedAttribute[str], id_: InstrumentedAttribute[uuid.UUID], after: Key | None
) -> Select[Any]:
    if after:
        last = literal(after.value)
        found = found.where((name > last) | ((name == last) & (id_ > literal(after.id, Uuid()))))
    return found.order_by(name, id_)


def _newest_first(
    found: Select[Any], day: InstrumentedAttribute[dt.date], id_: InstrumentedAttribute[uuid.UUID], after: Key | None
) -> Select[Any]:
    try:
        last = dt.date.fromisoformat(after.value) if after else None
    except ValueError:
        last = None
    if after and last:
        found = found.where((day < last) | ((day == last) & (id_ > literal(after.id, Uuid()))))
    return found.order_by(day.desc(), id_)


def _cooperatives(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    rows = session.scalars(_by_name(found, Cooperative.short_name, Cooperative.id, after).limit(limit))
    return [
        Found(
            row.id,
            row.short_name,
            f"{row.legal_name} · {row.code}",
            Key(row.short_name, row.id),
            code=row.code,
            detail=row.stage,
        )
        for row in rows
    ]


def _officers(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    query = _by_name(found, Officer.name, Officer.id, after).limit(limit)
    rows = session.execute(query.join(Cooperative, Cooperative.id == Officer.cooperative_id).add_columns(Cooperative))
    return [
        Found(
            row.id,
            row.name,
            row.name,
            Key(row.name, row.id),
            code=cooperative.code,
            cooperative=cooperative.short_name,
            detail=row.role,
            on=row.term_ends_on,
        )
        for row, cooperative in rows
    ]


def _accounts(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    rows = session.scalars(_by_name(found, User.name, User.id, after).limit(limit))
    return [Found(row.id, row.name, row.name, Key(row.name, row.id), detail=row.role) for row in rows]


def _visits(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    query = _newest_first(found, Visit.visited_on, Visit.id, after).limit(limit)
    query = query.join(Cooperative, Cooperative.id == Visit.cooperative_id).join(User, User.id == Visit.facilitator_id)
    rows = session.execute(query.with_only_columns(Visit.id, Visit.visited_on, Visit.notes, Cooperative, User.name))
    return [
        Found(
            id_,
            cooperative.short_name,
            notes,
            Key(on.isoformat(), id_),
            code=cooperative.code,
            cooperative=cooperative.short_name,
            detail=name,
            on=on,
        )
        for id_, on, notes, cooperative, name in rows
    ]


def _notes(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    query = _newest_first(found, Answer.answered_on, Answer.id, after).limit(limit)
    query = query.join(Cooperative, Cooperative.id == Answer.cooperative_id)
    rows = session.execute(
        query.with_only_columns(
            Answer.id,
            Answer.visit_id,
            Answer.item_id,
            Answer.note,
            Answer.answered_on,
            Cooperative.code,
            Cooperative.short_name,
        )
    )
    return [
        Found(id_, name, note, Key(on.isoformat(), id_), code=code, cooperative=name, detail=item, on=on, within=visit)
        for id_, visit, item, note, on, code, name in rows
    ]


def _addenda(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    """By the month that they add to."""
    month = MonthlyReport.year * 100 + MonthlyReport.month
    query = found.join(MonthlyReport, MonthlyReport.id == MonthlyReportStep.report_id)
    if after and after.value.isdecimal():
        last = literal(int(after.value[:6]))
        query = query.where((month < last) | ((month == last) & (MonthlyReportStep.id > literal(after.id, Uuid()))))
    query = query.join(User, User.id == MonthlyReport.facilitator_id).order_by(month.desc(), MonthlyReportStep.id)
    rows = session.execute(
        query.limit(limit).with_only_columns(
            MonthlyReportStep.id,
            MonthlyReportStep.text,
            MonthlyReport.id,
            MonthlyReport.year,
            MonthlyReport.month,
            User.name,
        )
    )
    return [
        Found(
            id_,
            name,
            text,
            Key(f"{year * 100 + number}", id_),
            on=dt.date(year, number, 1),
            within=report,
        )
        for id_, text, report, year, number, name in rows
    ]


def _districts(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    if after:
        found = found.where(Region.code > after.value)
    rows = session.scalars(found.order_by(Region.code).limit(limit))
    return [Found(NO_ID, row.display_name, "", Key(row.code, NO_ID), code=row.code) for row in rows]


def _actions(session: Session, found: Select[Any], after: Key | None, limit: int) -> list[Found]:
    query = _newest_first(found, Action.due_on, Action.id, after).limit(limit)
    query = query.join(Cooperative, Cooperative.id == Action.cooperative_id)
    rows = session.execute(
        query.with_only_columns(
            Action.id, Action.title, Action.done_when, Action.owner_name, Action.due_on, Action.status, Cooperative
        )
    )
    return [
        Found(
            id_,
            title,
            " · ".join(each for each in (done_when, owner) if each),
            Key(due_on.isoformat(), id_),
            code=cooperative.code,
            cooperative=cooperative.short_name,
            detail=ActionStatus(status),
            on=due_on,
        )
        for id_, title, done_when, owner, due_on, status, cooperative in rows
    ]


_LISTERS = {
    Source.COOPERATIVE: _cooperatives,
    Source.OFFICER: _officers,
    Source.ACCOUNT: _accounts,
    Source.VISIT: _visits,
    Source.NOTE: _notes,
    Source.ACTION: _actions,
    Source.ADDENDUM: _addenda,
    Source.DISTRICT: _districts,
}
