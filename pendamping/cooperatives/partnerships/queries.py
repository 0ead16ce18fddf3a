"""What pages read of partnerships and chosen businesses."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.partnerships.models import (
    Business,
    BusinessPlan,
    Partnership,
    PartnershipStatus,
    PartnershipStep,
)
from pendamping.cooperatives.partnerships.rules import Terms

PLANS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class StepView:
    """What was known of a partnership from one moment on; nobody is the author of initial data."""

    number: int
    terms: Terms
    is_verified: bool
    author_name: str | None
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PartnershipView:
    """A partnership with all its steps, the newest first."""

    id: uuid.UUID
    steps: Sequence[StepView]

    @property
    def latest(self) -> StepView:
        return self.steps[0]

    @property
    def is_over(self) -> bool:
        return self.latest.terms.status is PartnershipStatus.STOPPED


@dataclass(frozen=True, slots=True)
class BusinessPlanView:
    """The businesses a cooperative has chosen, as of one revision."""

    revision: int
    businesses: Sequence[Business]
    potential: str
    author_name: str
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PartnershipShare:
    """How many of some cooperatives trade with a state-owned enterprise (BUMN) on a day.

    Args:
        running: those where a facilitator has recorded it.
        unverified: further ones of which only the news has said so; they are not counted in the share.
    """

    cooperatives: int
    running: int
    unverified: int

    @property
    def percent(self) -> float | None:
        """0 to 100; None where there is no cooperative."""
        return 100 * self.running / self.cooperatives if self.cooperatives else None


def partnerships_of(session: Session, cooperative_id: uuid.UUID) -> list[PartnershipView]:
    """Every partnership of a cooperative, those that are over last; one query."""
    found = _views(session, Partnership.cooperative_id == cooperative_id)
    return sorted(found, key=lambda each: (each.is_over, each.latest.terms.partner.casefold()))


def partnership_with_steps(
    session: Session, cooperative_id: uuid.UUID, partnership_id: uuid.UUID
) -> PartnershipView | None:
    """One of a cooperative's partnerships; None for another cooperative's."""
    found = _views(session, Partnership.cooperative_id == cooperative_id, Partnership.id == partnership_id)
    return found[0] if found else None


def _views(session: Session, *which: ColumnElement[bool]) -> list[PartnershipView]:
    query = (
        select(PartnershipStep, User.name)
        .join(Partnership, Partnership.id == PartnershipStep.partnership_id)
        .outerjoin(User, User.id == PartnershipStep.author_id)
        .where(*which)
        .order_by(Partnership.added_at, Partnership.id, PartnershipStep.number.desc())
    )
    rows = session.execute(query).all()
    return [
        PartnershipView(id_, [_step(*row) for row in steps])
        for id_, steps in groupby(rows, key=lambda row: row[0].partnership_id)
    ]


def _step(row: PartnershipStep, author_name: str | None) -> StepView:
    return StepView(row.number, terms_of(row), row.is_verified, author_name, row.recorded_at)


def terms_of(row: PartnershipStep) -> Terms:
    return Terms(**{each.name: getattr(row, each.name) for each in fields(Terms)})


def business_plans_of(
    session: Session, cooperative_id: uuid.UUID, *, limit: int = PLANS_SHOWN
) -> list[BusinessPlanView]:
    """What a cooperative has chosen, the newest revision first."""
    query = (
        select(BusinessPlan, User.name)
        .join(User, User.id == BusinessPlan.author_id)
        .where(BusinessPlan.cooperative_id == cooperative_id)
        .order_by(BusinessPlan.revision.desc())
        .limit(limit)
    )
    return [
        BusinessPlanView(
            row.revision, [Business(each) for each in row.businesses], row.potential, name, row.recorded_at
        )
        for row, name in session.execute(query)
    ]


def partnership_share(session: Session, cooperatives: Select[Cooperative], *, today: dt.date) -> PartnershipShare:
    """The share of cooperatives with a running partnership with a BUMN, by `rules.is_running`; one query.

    Args:
        cooperatives: those that the reader may see.
    """
    running = (
        select(Partnership.cooperative_id, func.max(cast(PartnershipStep.is_verified, Integer)).label("is_verified"))
        .join(PartnershipStep, PartnershipStep.partnership_id == Partnership.id)
        .where(
            _is_newest(),
            PartnershipStep.is_bumn,
            PartnershipStep.status == PartnershipStatus.RUNNING,
            or_(PartnershipStep.since_on.is_(None), PartnershipStep.since_on <= today),
            or_(PartnershipStep.ends_on.is_(None), PartnershipStep.ends_on >= today),
        )
        .group_by(Partnership.cooperative_id)
        .subquery()
    )
    counted = cooperatives.outerjoin(running, running.c.cooperative_id == Cooperative.id).with_only_columns(
        func.count(), func.coalesce(func.sum(running.c.is_verified), 0), func.count(running.c.cooperative_id)
    )
    cooperative_count, verified, told = session.execute(counted.order_by(None)).one()
    return PartnershipShare(cooperative_count, int(verified), told - int(verified))


def partnerships_on(
    session: Session, cooperative_ids: Select[uuid.UUID], *, day: dt.date, before: dt.datetime
) -> dict[uuid.UUID, list[StepView]]:
    """Where each partnership stood on a day, by cooperative and partner; one query. A status counts from the day on
    which it began, whenever that was written down; one that names no day, from when it was.

    Args:
        cooperative_ids: of those that the reader may see.
        before: the end of the day.
    """
    then = aliased(PartnershipStep)
    had_begun = or_(then.since_on <= day, and_(then.since_on.is_(None), then.recorded_at < before))
    last = select(func.max(then.number)).where(then.partnership_id == PartnershipStep.partnership_id, had_begun)
    rows = session.execute(
        select(Partnership.cooperative_id, PartnershipStep)
        .join(PartnershipStep, PartnershipStep.partnership_id == Partnership.id)
        .where(Partnership.cooperative_id.in_(cooperative_ids), PartnershipStep.number == last.scalar_subquery())
        .order_by(PartnershipStep.partner, PartnershipStep.id)
    )
    found: dict[uuid.UUID, list[StepView]] = {}
    for cooperative_id, row in rows:
        found.setdefault(cooperative_id, []).append(_step(row, None))
    return found


def _is_newest() -> ColumnElement[bool]:
    other = aliased(PartnershipStep)
    newest = select(func.max(other.number)).where(other.partnership_id == PartnershipStep.partnership_id)
    return PartnershipStep.number == newest.scalar_subquery()
