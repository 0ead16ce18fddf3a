"""What needs the agency now, the most pressing first: a handful of queries, whatever the number of cooperatives.

A kind that standings tell of is found by its signs (`progress.matters`). Another kind comes with a lister, which counts
its own feature's rows (`listed`). Both leave out what the agency has acted on and still waits for.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    FromClause,
    Row,
    Select,
    cast,
    exists,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import on_duty
from pendamping.desk.attention.listed import LISTERS, Lister, all_listed
from pendamping.kernel.clock import office_date
from pendamping.kernel.statement_cache import built_once
from pendamping.progress.asking.models import Kind, Step
from pendamping.progress.asking.queries import is_waiting
from pendamping.progress.matters import SIGNS, Signs, with_standings


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter: of a cooperative, or of a facilitator where `cooperative_id` is None.

    since, amount, detail: what the words of its kind are made of.  subject_id: the one thing that it is about, or the
    first of several; None of what a standing tells.
    """

    kind: Kind
    name: str
    cooperative_id: uuid.UUID | None = None
    code: str | None = None
    facilitator_id: uuid.UUID | None = None
    facilitator_name: str | None = None
    since: dt.date | None = None
    amount: int | None = None
    detail: str | None = None
    subject_id: uuid.UUID | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.code or self.facilitator_id}"


@dataclass(frozen=True, slots=True)
class Group:
    """All of one kind; `findings` are the first of `total`."""

    kind: Kind
    total: int
    findings: Sequence[Finding]


def groups(
    session: Session,
    user: User,
    cooperatives: Select[Cooperative],
    *,
    each: int,
    today: dt.date,
    listers: Mapping[Kind, Lister] = LISTERS,
) -> list[Group]:
    """The first findings of every kind that has any: one query for all that standings tell of, one for all others."""
    found = _from_standings(session, cooperatives, each=each, today=today)
    found |= _from_listers(session, user, cooperatives, listers, each=each, today=today)
    return [found[kind] for kind in Kind if kind in found]


def _from_listers(
    session: Session,
    user: User,
    cooperatives: Select[Cooperative],
    listers: Mapping[Kind, Lister],
    *,
    each: int | None,
    today: dt.date,
) -> dict[Kind, Group]:
    """The longest waiting first; all of them where `each` is None."""
    if not listers:
        return {}
    rows = session.execute(_told(user, cooperatives, tuple(listers.items()), each, today))
    return _grouped((row.total, _listed_finding(row)) for row in rows)


@built_once
def _told(
    user: User,
    cooperatives: Select[Cooperative],
    listers: Sequence[tuple[Kind, Lister]],
    each: int | None,
    today: dt.date,
) -> Select[*tuple[Any, ...]]:
    """What listers tell, but for what waits, with names and in order."""
    told, waiting = all_listed(user, cooperatives, dict(listers), today=today).subquery(), _waiting(today)
    same_kind = waiting.c.kind == cast(told.c.kind, waiting.c.kind.type)
    acted = exists().where(same_kind, waiting.c.cooperative_id == told.c.cooperative_id)
    asked = exists().where(same_kind, waiting.c.cooperative_id.is_(None), waiting.c.facilitator_id == told.c.person_id)
    order = (told.c.since, told.c.cooperative_id, told.c.person_id)
    of_kind = told.c.kind
    left = (
        select(
            told,
            func.row_number().over(partition_by=of_kind, order_by=order).label("rank"),
            func.count().over(partition_by=of_kind).label("total"),
        )
        .where(~acted, ~asked)
        .subquery()
    )
    person = aliased(User)
    query = _with_names(left, today, is_outer=True).outerjoin(person, person.id == left.c.person_id)
    if each is not None:
        query = query.where(left.c.rank <= each)
    return query.add_columns(person.name.label("person_name"), left).order_by(left.c.rank)


def _listed_finding(row: Row[Any]) -> Finding:
    """Of a cooperative with whoever accompanies it, or of a person."""
    return Finding(
        kind=Kind(row.kind),
        name=row.short_name or row.person_name,
        cooperative_id=row.id,
        code=row.code,
        facilitator_id=row.facilitator_id if row.id else row.person_id,
        facilitator_name=row.facilitator_name if row.id else row.person_name,
        since=office_date(row.since),
        amount=row.amount,
        detail=row.detail,
        subject_id=uuid.UUID(row.subject) if row.subject else None,
    )


def _grouped(found: Iterable[tuple[int, Finding]]) -> dict[Kind, Group]:
    """Findings, each with how many there are of its kind, by kind."""
    totals: dict[Kind, int] = {}
    by_kind: dict[Kind, list[Finding]] = {}
    for total, finding in found:
        totals[finding.kind] = total
        by_kind.setdefault(finding.kind, []).append(finding)
    return {kind: Group(kind, totals[kind], those) for kind, those in by_kind.items()}


def _from_standings(
    session: Session, cooperatives: Select[Cooperative], *, each: int, today: dt.date
) -> dict[Kind, Group]:
    rows = session.execute(_standing_matters(cooperatives, each, today))
    return _grouped((row.total, _finding(Kind(row.kind), row)) for row in rows)


@built_once
def _standing_matters(cooperatives: Select[Cooperative], each: int, today: dt.date) -> Select[*tuple[Any, ...]]:
    """The first of every kind that standings tell of, with names and in order."""
    waiting = _waiting(today)
    ranked = union_all(*(_ranked(cooperatives, kind, waiting, each=each, today=today) for kind in SIGNS)).subquery()
    query = _with_names(ranked, today).add_columns(ranked)
    return query.order_by(ranked.c.rank, Cooperative.short_name, Cooperative.code)


def _finding(kind: Kind, row: Row[Any]) -> Finding:
    return Finding(
        kind=kind,
        name=row.short_name,
        cooperative_id=row.id,
        code=row.code,
        facilitator_id=row.facilitator_id,
        facilitator_name=row.facilitator_name,
        since=row.since,
        amount=row.amount,
        detail=row.detail,
    )


def _with_names(
    matters: FromClause, today: dt.date, *, is_outer: bool = False
) -> Select[uuid.UUID, str, str, uuid.UUID | None, str | None]:
    """The cooperatives of matters with whoever accompanies them today.

    Args:
        is_outer: also matters that belong to no cooperative.
    """
    facilitator = aliased(User)
    return (
        select(
            Cooperative.id,
            Cooperative.code,
            Cooperative.short_name,
            facilitator.id.label("facilitator_id"),
            facilitator.name.label("facilitator_name"),
        )
        .select_from(matters)
        .join(Cooperative, Cooperative.id == matters.c.cooperative_id, isouter=is_outer)
        .outerjoin(Assignment, on_duty(today))
        .outerjoin(facilitator, facilitator.id == Assignment.facilitator_id)
    )


def _waiting(today: dt.date) -> CTE:
    """About what the agency has acted and waits for an answer, by kind; worked out once for all kinds."""
    return select(Step.cooperative_id, Step.facilitator_id, Step.kind).where(*is_waiting(today)).cte("waiting")


def _concerned(cooperatives: Select[Cooperative], kind: Kind, signs: Signs, waiting: CTE) -> Select[Cooperative]:
    """Those of whom the signs hold, but for those about whom the agency waits for an answer."""
    acted = exists().where(waiting.c.cooperative_id == Cooperative.id, waiting.c.kind == kind)
    return with_standings(cooperatives, needs_standing=signs.needs_standing).where(signs.where, ~acted)


def _ranked(
    cooperatives: Select[Cooperative], kind: Kind, waiting: CTE, *, each: int, today: dt.date
) -> Select[*tuple[object, ...]]:
    """The first of one kind, and how many there are: both of what is gathered once. Only these few are ranked, because
    to number thousands of cooperatives for each kind would take longer than all else on the page.
    """
    signs = SIGNS[kind](today)
    order = (signs.urgency, Cooperative.short_name, Cooperative.code)
    concerned = (
        _concerned(cooperatives, kind, signs, waiting)
        .with_only_columns(
            Cooperative.id.label("cooperative_id"),
            signs.since.label("since"),
            signs.amount.label("amount"),
            signs.detail.label("detail"),
            *(column.label(f"order_{place}") for place, column in enumerate(order)),
        )
        .cte(f"concerned_{kind.name.lower()}")
    )
    places = [f"order_{place}" for place in range(len(order))]
    few = select(concerned).order_by(*(concerned.c[place] for place in places)).limit(each).subquery()
    in_order = [few.c[place] for place in places]
    return select(
        few.c.cooperative_id,
        literal(str(kind)).label("kind"),
        few.c.since,
        few.c.amount,
        few.c.detail,
        func.row_number().over(order_by=in_order).label("rank"),
        select(func.count()).select_from(concerned).scalar_subquery().label("total"),
    )


def all_of_kind(
    session: Session,
    user: User,
    cooperatives: Select[Cooperative],
    kind: Kind,
    *,
    after: str | None,
    size: int,
    today: dt.date,
    listers: Mapping[Kind, Lister] = LISTERS,
) -> list[Finding]:
    """One page of one kind, beginning after the cooperative with the code `after`; one finding more than `size`, which
    says whether another page follows. What is listed by another feature is short, and comes whole.
    """
    if kind not in SIGNS:
        own = {kind: listers[kind]} if kind in listers else {}
        group = _from_listers(session, user, cooperatives, own, each=None, today=today).get(kind)
        return list(group.findings) if group else []
    signs = SIGNS[kind](today)
    key = (signs.urgency, Cooperative.short_name, Cooperative.code)
    concerned = _concerned(cooperatives, kind, signs, _waiting(today)).with_only_columns(
        Cooperative.id.label("cooperative_id"),
        signs.since.label("since"),
        signs.amount.label("amount"),
        signs.detail.label("detail"),
        signs.urgency.label("urgency"),
    )
    if after and (last := _place_of(session, cooperatives, signs, after)) is not None:
        concerned = concerned.where(tuple_(*key) > tuple_(*last))
    page = concerned.order_by(*key).limit(size + 1).subquery()
    query = _with_names(page, today).add_columns(page)
    rows = session.execute(query.order_by(page.c.urgency, Cooperative.short_name, Cooperative.code))
    return [_finding(kind, row) for row in rows]


def _place_of(
    session: Session, cooperatives: Select[Cooperative], signs: Signs, code: str
) -> tuple[object, ...] | None:
    """Where a cooperative stands in the order of a kind, whether or not it is still concerned."""
    query = with_standings(cooperatives).where(Cooperative.code == code)
    columns = (signs.urgency, Cooperative.short_name, Cooperative.code)
    row = session.execute(query.with_only_columns(*columns)).first()
    return row and (literal(row[0], signs.urgency.type), literal(row[1]), literal(row[2]))
