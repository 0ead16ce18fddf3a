"""What is found: the index gives ids, and only those within the reader's own select are read or counted."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Uuid, column, func, literal, literal_column, select, table
from sqlalchemy import text as sql_text
from sqlalchemy.orm import InstrumentedAttribute, Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative, Officer
from pendamping.plans.models import Action, ActionStatus
from pendamping.search.index import ENTRIES, WORDS, Source, vector
from pendamping.search.terms import Terms
from pendamping.visits.models import Visit

_entry = table(ENTRIES, column("id"), column("kind"), column("row_id", Uuid()))
Row = TypeVar("Row", Cooperative, Officer, User, Visit, Action)


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
    detail: what its kind knows besides: a role, a status, a day.
    """

    id: uuid.UUID
    name: str
    text: str
    key: Key
    code: str = ""
    cooperative: str = ""
    detail: Any = None
    on: dt.date | None = None


def matching(rows: Select[Row], source: Source, terms: Terms, *, dialect: str) -> Select[Row]:
    """Those rows of a select whose words are looked for."""
    key, condition = _MODELS[source].id, _holds(source, terms, dialect)
    return rows.where(key.in_(condition) if isinstance(condition, Select) else condition)


def _holds(source: Source, terms: Terms, dialect: str) -> ColumnElement[bool] | Select[Any]:
    if dialect != "sqlite":
        query = func.to_tsquery(literal_column("'simple'::regconfig"), terms.for_postgresql())
        return literal_column(vector(source)).op("@@", is_comparison=True)(query)
    found = sql_text(f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH :words")  # noqa: S608  # our own names
    found = found.bindparams(words=terms.for_sqlite())
    return select(_entry.c.row_id).where(
        _entry.c.kind == str(source), _entry.c.id.in_(found.columns(column("rowid")).scalar_subquery())
    )


_MODELS: Mapping[Source, Any] = {
    Source.COOPERATIVE: Cooperative,
    Source.OFFICER: Officer,
    Source.ACCOUNT: User,
    Source.VISIT: Visit,
    Source.ACTION: Action,
}


def counted(session: Session, found: Mapping[Source, Select[Any]]) -> dict[Source, int]:
    """How many rows each kind has; one query."""
    counts = [
        rows.order_by(None).with_only_columns(func.count(_MODELS[source].id)).scalar_subquery().label(source.name)
        for source, rows in found.items()
    ]
    return dict(zip(found, session.execute(select(*counts)).one(), strict=True)) if counts else {}


def listed(session: Session, source: Source, found: Select[Any], *, after: Key | None, limit: int) -> list[Found]:
    """One page of a kind: people and cooperatives by name, visits and actions with the newest first; one query."""
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
    Source.ACTION: _actions,
}
