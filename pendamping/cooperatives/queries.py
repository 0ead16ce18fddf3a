"""What pages read of the register."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import CompoundSelect, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Baseline, Cooperative, Officer, Region, RegionKind, Stage
from pendamping.cooperatives.policy import runs_on, visible_facilitators, ways_accompanied
from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.bulk import read
from pendamping.kernel.statement_cache import built_once


@dataclass(frozen=True, slots=True)
class NameAndCode:
    code: str
    short_name: str


@dataclass(frozen=True, slots=True)
class AssignmentView:
    facilitator_name: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class OfficerView:
    id: uuid.UUID
    name: str
    role: OwnerRole
    phone: str | None
    term_starts_on: dt.date | None
    term_ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Span:
    """Both days included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def name_and_code(cooperative: Cooperative) -> NameAndCode:
    return NameAndCode(cooperative.code, cooperative.short_name)


def accompanied(session: Session, facilitator_id: uuid.UUID, cooperative_id: uuid.UUID) -> list[Span]:
    """When a cooperative is or was a facilitator's, or this facilitator stood in there."""
    whose = {"facilitator_id": facilitator_id, "cooperative_id": cooperative_id}
    return [Span(*row) for row in read(session, _accompanied(), whose)]


@cache
def _accompanied() -> CompoundSelect[dt.date, dt.date]:
    """Made once, because every visit that comes in asks it, and making it takes longer than running it."""
    return ways_accompanied(bindparam("facilitator_id"), bindparam("cooperative_id"))


def assignment_on(session: Session, cooperative_id: uuid.UUID, *, on: dt.date) -> AssignmentView | None:
    row = session.execute(
        select(User.name, Assignment.starts_on, Assignment.ends_on)
        .join(User, User.id == Assignment.facilitator_id)
        .where(Assignment.cooperative_id == cooperative_id, runs_on(on))
    ).first()
    return AssignmentView(*row) if row else None


def in_office(on: dt.date) -> Select[uuid.UUID]:
    """The officers of all cooperatives whose term runs on a day, as a subquery."""
    return select(Officer.id).where(
        or_(Officer.term_starts_on.is_(None), Officer.term_starts_on <= on),
        or_(Officer.term_ends_on.is_(None), Officer.term_ends_on >= on),
    )


def officers_on(session: Session, cooperative_id: uuid.UUID, *, on: dt.date) -> list[OfficerView]:
    """Who is in office on a day, in the order of their posts."""
    rows = session.scalars(in_office(on).with_only_columns(Officer).where(Officer.cooperative_id == cooperative_id))
    posts = list(OwnerRole)
    return [
        OfficerView(row.id, row.name, row.role, row.phone, row.term_starts_on, row.term_ends_on)
        for row in sorted(rows, key=lambda row: (posts.index(row.role), row.name))
    ]


def baseline_of(session: Session, cooperative_id: uuid.UUID) -> Baseline | None:
    return session.get(Baseline, cooperative_id)


def programme_year_on(session: Session, day: dt.date) -> ProgrammeYear | None:
    return session.scalar(_year_on(day))


@built_once
def _year_on(day: dt.date) -> Select[ProgrammeYear]:
    return select(ProgrammeYear).where(ProgrammeYear.starts_on <= day, ProgrammeYear.ends_on >= day)


def districts(session: Session, scope_prefix: str = "", *, limit: int | None = None) -> Sequence[tuple[str, str]]:
    """(code, name) of the kecamatan of a region, for filters and tiles."""
    return [(code, name) for code, name in session.execute(_districts(scope_prefix, limit))]


@built_once
def _districts(scope_prefix: str, limit: int | None) -> Select[str, str]:
    query = select(Region.code, Region.display_name).where(Region.kind == RegionKind.DISTRICT)
    query = query.order_by(Region.display_name, Region.code).limit(limit)
    if scope_prefix:
        query = query.where(
            or_(Region.code == scope_prefix, Region.code.startswith(scope_prefix + ".", autoescape=True))
        )
    return query


def facilitators(session: Session, user: User, *, today: dt.date, limit: int) -> Sequence[tuple[uuid.UUID, str]]:
    """(id, name) of those who sign in and whom a person may name, for filters."""
    return [(id_, name) for id_, name in session.execute(_facilitators(user, today=today, limit=limit))]


@built_once
def _facilitators(user: User, *, today: dt.date, limit: int) -> Select[uuid.UUID, str]:
    query = visible_facilitators(user, today=today).where(User.deactivated_at.is_(None))
    return query.with_only_columns(User.id, User.name).order_by(User.name, User.id).limit(limit)


@dataclass(frozen=True, slots=True)
class CooperativeFilter:
    """What the list is narrowed to; empty strings and None where it is not."""

    text: str = ""
    district_code: str = ""
    stage: Stage | None = None
    facilitator_id: uuid.UUID | None = None

    @property
    def is_empty(self) -> bool:
        return self == CooperativeFilter()


def filtered(cooperatives: Select[Cooperative], chosen: CooperativeFilter, *, today: dt.date) -> Select[Cooperative]:
    """Narrow a select of cooperatives; every condition is one that an index or a short list can answer."""
    if chosen.text:
        pattern = f"%{_escaped(chosen.text)}%"
        cooperatives = cooperatives.where(
            or_(
                Cooperative.short_name.ilike(pattern, escape="\\"),
                Cooperative.legal_name.ilike(pattern, escape="\\"),
                Cooperative.code.startswith(chosen.text, autoescape=True),
            )
        )
    if chosen.district_code:
        cooperatives = cooperatives.where(Cooperative.code.startswith(chosen.district_code + ".", autoescape=True))
    if chosen.stage:
        cooperatives = cooperatives.where(Cooperative.stage == chosen.stage)
    if chosen.facilitator_id:
        accompanied = select(Assignment.cooperative_id).where(
            Assignment.facilitator_id == chosen.facilitator_id,
            runs_on(today),
        )
        cooperatives = cooperatives.where(Cooperative.id.in_(accompanied))
    return cooperatives


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def by_name(cooperatives: Select[Cooperative], *, after: str | None, size: int) -> Select[Cooperative]:
    """One page in the order of names, beginning after the cooperative with the code `after`; one row more than `size`,
    which says whether another page follows. A code nobody has is before everybody.
    """
    ordered = cooperatives.order_by(Cooperative.short_name, Cooperative.code).limit(size + 1)
    if not after:
        return ordered
    last = aliased(Cooperative)
    key = select(last.short_name).where(last.code == after).scalar_subquery()
    return ordered.where(tuple_(Cooperative.short_name, Cooperative.code) > tuple_(func.coalesce(key, ""), after))
