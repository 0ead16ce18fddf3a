"""What lists of cooperatives are narrowed to and ordered by: the one place, behind every figure of the agency's."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, cast, exists, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.queries import CooperativeFilter, filtered
from pendamping.cooperatives.records.figures import Month
from pendamping.kernel.statement_cache import built_once
from pendamping.progress.asking.models import Kind
from pendamping.progress.matters import LONG_AGO, SIGNS
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.stages.models import StandingDesignation
from pendamping.progress.stages.queries import by_decision
from pendamping.visits.models import Visit

UNSCORED = 2_000_000
"""Behind every score there can be."""


class Condition(enum.StrEnum):
    """Beside the kinds of matters: what else a list can be narrowed to."""

    VISITED = "dikunjungi"
    UNVISITED = "belum-dikunjungi"
    LATE = "ada-terlambat"
    OPEN = "ada-tindakan"


class Order(enum.StrEnum):
    NAME = "nama"
    LAST_VISIT = "kunjungan"
    INSTITUTION = "skor-kl"
    TRANSPARENCY = "skor-tk"
    ACTIONS = "tindakan"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants to see of the agency's cooperatives; the empty choice is all of them.

    month: what is said of visits is said of this month.  designation: only those that have it.
    """

    month: Month
    cooperatives: CooperativeFilter = field(default_factory=CooperativeFilter)
    designation: str = ""
    decision: str = ""
    condition: Condition | Kind | None = None
    order: Order = Order.NAME


@built_once
def narrowed(cooperatives: Select[Cooperative], chosen: Chosen, *, today: dt.date) -> Select[Cooperative]:
    """The cooperatives that are meant, in no order."""
    found = by_decision(filtered(cooperatives, chosen.cooperatives, today=today), chosen.decision, today=today)
    if chosen.designation:
        found = found.where(_is_designated(chosen.designation))
    match chosen.condition:
        case None:
            return found
        case Kind() as kind:
            return _with_sign(found, kind, today)
        case condition:
            return found.where(_holds(condition, chosen.month, today))


def _is_designated(code: str) -> ColumnElement[bool]:
    own = aliased(StandingDesignation)
    return exists().where(
        own.cooperative_id == Cooperative.id, own.designation_code == code, own.held_since.is_not(None)
    )


def _with_sign(cooperatives: Select[Cooperative], kind: Kind, today: dt.date) -> Select[Cooperative]:
    """A kind that no standing tells of narrows to nothing: its matters have a list of their own."""
    if kind not in SIGNS:
        return cooperatives.where(literal(value=False))
    concerned = select(Cooperative.id).outerjoin(Standing, Standing.cooperative_id == Cooperative.id)
    return cooperatives.where(Cooperative.id.in_(concerned.where(SIGNS[kind](today).where).correlate(None)))


def _holds(condition: Condition, month: Month, today: dt.date) -> ColumnElement[bool]:
    own = aliased(Standing)
    of_cooperative = own.cooperative_id == Cooperative.id
    match condition:
        case Condition.VISITED:
            return visited_in(month)
        case Condition.UNVISITED:
            return ~visited_in(month)
        case Condition.LATE:
            return exists().where(of_cooperative, own.next_due_on < today)
        case Condition.OPEN:
            return exists().where(of_cooperative, own.open_actions > 0)


def visited_in(month: Month) -> ColumnElement[bool]:
    """Somebody visited the cooperative in a month; what came in after the month was approved counts for nothing."""
    own = aliased(Visit)
    return exists().where(
        own.cooperative_id == Cooperative.id,
        own.visited_on.between(month.first_day, month.last_day),
        ~own.is_addendum,
    )


@built_once
def page_of(cooperatives: Select[Cooperative], order: Order, *, after: str | None, size: int) -> Select[Cooperative]:
    """One page in an order, beginning after the cooperative with the code `after`; one row more than `size`, which
    says whether another page follows. A code nobody has is before everybody.
    """
    key = _key(order, Cooperative)
    ordered = cooperatives.order_by(key, Cooperative.short_name, Cooperative.code).limit(size + 1)
    if not after:
        return ordered
    last = aliased(Cooperative)
    last_key = select(_key(order, last)).where(last.code == after).scalar_subquery()
    last_name = select(last.short_name).where(last.code == after).scalar_subquery()
    first = func.coalesce(last_key, _least(order))
    beyond = tuple_(key, Cooperative.short_name, Cooperative.code) > tuple_(first, func.coalesce(last_name, ""), after)
    return ordered.where(beyond)


_SCORED_BY: Mapping[Order, str] = {Order.INSTITUTION: "KL", Order.TRANSPARENCY: "TK"}


def _least(order: Order) -> ColumnElement[Any]:
    match order:
        case Order.NAME:
            return literal("")
        case Order.LAST_VISIT:
            return literal(LONG_AGO, Date)
        case _other:
            return literal(-UNSCORED, Integer)


def _key(order: Order, of: type[Cooperative]) -> ColumnElement[Any]:
    """Never NULL and always ascending: the longest unvisited, the lowest score, the most actions come first."""
    own, score = aliased(Standing), aliased(StandingScore)
    match order:
        case Order.NAME:
            return literal("")
        case Order.LAST_VISIT:
            last_visit = select(own.last_visit_on).where(own.cooperative_id == of.id).correlate(of).scalar_subquery()
            return func.coalesce(last_visit, literal(LONG_AGO, Date))
        case Order.ACTIONS:
            count = select(own.open_actions).where(own.cooperative_id == of.id).correlate(of).scalar_subquery()
            return func.coalesce(-count, 0)
        case _scored:
            of_code = (score.cooperative_id == of.id, score.instrument_code == _SCORED_BY[order])
            value = select(cast(score.score, Integer)).where(*of_code).correlate(of).scalar_subquery()
            return func.coalesce(value, UNSCORED)
