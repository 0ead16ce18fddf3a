"""What needs the agency now, the most pressing first: a handful of queries, whatever the number of cooperatives.

A kind that standings tell of is found by its signs (`progress.matters`). Another kind comes with a lister: a function
that asks its own feature's query. Both leave out what the agency has acted on and still waits for.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Row, Select, and_, exists, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Assignment, Cooperative
from pendamping.progress.asking.models import Kind, Step
from pendamping.progress.asking.queries import is_waiting, latest_steps
from pendamping.progress.matters import SIGNS, Signs, with_standings


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter: of a cooperative, or of a facilitator where `cooperative_id` is None.

    since, amount, detail: what the words of its kind are made of.  url: where it is decided, None for the
    cooperative's own page.
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
    url: str | None = None

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


Lister = Callable[[Session, User, Select[Cooperative], dt.date], Sequence[Finding]]
LISTERS: Mapping[Kind, Lister] = {}
"""The kinds that no standing tells of, each with the function that lists all its findings within some cooperatives."""


def groups(
    session: Session,
    user: User,
    cooperatives: Select[Cooperative],
    *,
    each: int,
    today: dt.date,
    listers: Mapping[Kind, Lister] = LISTERS,
) -> list[Group]:
    """The first findings of every kind that has any; one query for all that standings tell of."""
    found = _from_standings(session, cooperatives, each=each, today=today)
    listed = {kind: list(lister(session, user, cooperatives, today)) for kind, lister in listers.items()}
    waiting = _still_waiting(session, [finding for those in listed.values() for finding in those], today)
    for kind, those in listed.items():
        left = [finding for finding in those if _matter(finding) not in waiting]
        if left:
            found[kind] = Group(kind, len(left), left[:each])
    return [found[kind] for kind in Kind if kind in found]


def _matter(about: Finding | Step) -> tuple[Kind, uuid.UUID | None, uuid.UUID | None]:
    return about.kind, about.cooperative_id, None if about.cooperative_id else about.facilitator_id


def _still_waiting(
    session: Session, findings: Sequence[Finding], today: dt.date
) -> set[tuple[Kind, uuid.UUID | None, uuid.UUID | None]]:
    return {_matter(step) for step in latest_steps(session, select(Step), findings, today=today)}


def _from_standings(
    session: Session, cooperatives: Select[Cooperative], *, each: int, today: dt.date
) -> dict[Kind, Group]:
    waiting = _waiting(today)
    ranked = union_all(*(_ranked(cooperatives, kind, waiting, each=each, today=today) for kind in SIGNS)).subquery()
    query = _with_names(today).join(ranked, ranked.c.cooperative_id == Cooperative.id)
    rows = session.execute(query.add_columns(ranked).order_by(ranked.c.rank, Cooperative.short_name, Cooperative.code))
    totals: dict[Kind, int] = {}
    found: dict[Kind, list[Finding]] = {}
    for row in rows:
        kind = Kind(row.kind)
        totals[kind] = row.total
        found.setdefault(kind, []).append(_finding(kind, row))
    return {kind: Group(kind, totals[kind], those) for kind, those in found.items()}


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


def _with_names(today: dt.date) -> Select[uuid.UUID, str, str, uuid.UUID | None, str | None]:
    """Cooperatives with whoever accompanies them today."""
    facilitator = aliased(User)
    on_duty = and_(
        Assignment.cooperative_id == Cooperative.id, Assignment.starts_on <= today, Assignment.ends_on >= today
    )
    return (
        select(
            Cooperative.id,
            Cooperative.code,
            Cooperative.short_name,
            facilitator.id.label("facilitator_id"),
            facilitator.name.label("facilitator_name"),
        )
        .outerjoin(Assignment, on_duty)
        .outerjoin(facilitator, facilitator.id == Assignment.facilitator_id)
    )


def _waiting(today: dt.date) -> CTE:
    """About which cooperatives the agency has acted and waits for an answer, by kind; worked out once for all kinds."""
    return select(Step.cooperative_id, Step.kind).where(*is_waiting(today)).cte("waiting")


def _concerned(cooperatives: Select[Cooperative], kind: Kind, signs: Signs, waiting: CTE) -> Select[Cooperative]:
    """Those of whom the signs hold, but for those about whom the agency waits for an answer."""
    acted = exists().where(waiting.c.cooperative_id == Cooperative.id, waiting.c.kind == kind)
    return with_standings(cooperatives).where(signs.where, ~acted)


def _ranked(
    cooperatives: Select[Cooperative], kind: Kind, waiting: CTE, *, each: int, today: dt.date
) -> Select[*tuple[object, ...]]:
    """The first of one kind. They are ranked by as little as an order needs; the rest is looked up for these few."""
    signs = SIGNS[kind](today)
    order = (signs.urgency, Cooperative.short_name, Cooperative.code)
    ranks = (
        _concerned(cooperatives, kind, signs, waiting)
        .with_only_columns(
            Cooperative.id,
            func.row_number().over(order_by=order).label("rank"),
            func.count().over().label("total"),
        )
        .subquery()
    )
    first = with_standings(select(Cooperative)).join(ranks, ranks.c.id == Cooperative.id).where(ranks.c.rank <= each)
    return first.with_only_columns(
        Cooperative.id.label("cooperative_id"),
        literal(str(kind)).label("kind"),
        signs.since.label("since"),
        signs.amount.label("amount"),
        signs.detail.label("detail"),
        ranks.c.rank,
        ranks.c.total,
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
        listed = listers[kind](session, user, cooperatives, today) if kind in listers else ()
        waiting = _still_waiting(session, listed, today)
        return [finding for finding in listed if _matter(finding) not in waiting]
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
    query = _with_names(today).join(page, page.c.cooperative_id == Cooperative.id).add_columns(page)
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
