"""What an evaluation says of a cooperative and of a city, as facts without words. Pure."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.partnerships.models import PartnershipStatus
from pendamping.cooperatives.records.figures import Figures, Month

MOVES_SHOWN = 2
FIGURES = ("members", "savings_idr", "turnover_idr", "surplus_idr", "cashless_percent")


@dataclass(frozen=True, slots=True)
class ScoreSide:
    """A score as it stood at one end of the period; `on` is the day of the visit that left it."""

    score: Decimal
    band: str
    is_provisional: bool
    on: dt.date


@dataclass(frozen=True, slots=True)
class SectionMove:
    """A section of an instrument whose own value, 0 to 100, is another one at the end."""

    name: str
    change: Decimal


@dataclass(frozen=True, slots=True)
class InstrumentEvaluation:
    """One instrument at both ends. `begin` is None where nothing was scored before the score at the end."""

    code: str
    begin: ScoreSide | None
    end: ScoreSide | None
    moves: Sequence[SectionMove] = ()

    @property
    def change(self) -> Decimal | None:
        return self.end.score - self.begin.score if self.begin and self.end else None


@dataclass(frozen=True, slots=True)
class FiguresSide:
    """The figures at one end of the period, None where no month tells of one, and the latest month among theirs."""

    month: Month
    figures: Figures


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation that was held at the end, or given up within the period (`until`)."""

    code: str
    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """Agreed and verified within the period; late: open and past its day at the end."""

    agreed: int = 0
    verified: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Partner:
    """A partnership as it stood at the end of the period.

    since: of its status.  until: last day of the agreement.  value_idr: traded in a month.  is_verified: False for what
    only the news has said; it is in no count.
    """

    name: str
    is_bumn: bool
    goods: str
    status: PartnershipStatus
    since: dt.date | None
    until: dt.date | None
    value_idr: int | None
    is_verified: bool
    is_running: bool


@dataclass(frozen=True, slots=True)
class CooperativeEvaluation:
    """Everything that is said of one cooperative."""

    id: uuid.UUID
    code: str
    name: str
    legal_name: str
    ward: str
    district: str
    stage_begin: Stage
    stage_end: Stage
    scores: Sequence[InstrumentEvaluation]
    visits: int
    target: int
    actions: ActionCounts
    figures_begin: FiguresSide | None
    figures_end: FiguresSide | None
    designations: Sequence[Designation]
    partners: Sequence[Partner] = ()

    @property
    def trades_with_bumn(self) -> bool:
        return any(each.is_bumn and each.is_running and each.is_verified for each in self.partners)

    def score(self, code: str) -> InstrumentEvaluation:
        return next((each for each in self.scores if each.code == code), InstrumentEvaluation(code, None, None))


Side = TypeVar("Side")


def ends_of(sides: Sequence[tuple[dt.date, Side]], *, first: dt.date) -> tuple[Side | None, Side | None]:
    """The beginning and the end among what was recorded up to the last day of a period, oldest first.

    The beginning is the last one from before the period; where there is none, the first one within it, unless that is
    also the last: one look shows no way.
    """
    if not sides:
        return None, None
    before = [side for day, side in sides if day < first]
    if before:
        return before[-1], sides[-1][1]
    return (sides[0][1] if len(sides) > 1 else None), sides[-1][1]


def figures_at_ends(sides: Sequence[FiguresSide], *, first: dt.date) -> tuple[FiguresSide | None, FiguresSide | None]:
    """Each figure at both ends, from the months that tell of it; `month` is the latest of an end.

    Args:
        sides: what each month tells, oldest first.
    """
    begin: dict[str, int] = {}
    end: dict[str, int] = {}
    months: tuple[list[Month], list[Month]] = ([], [])
    for name in FIGURES:
        known = [(each.month.first_day, each) for each in sides if getattr(each.figures, name) is not None]
        for side, values, of in zip(ends_of(known, first=first), (begin, end), months, strict=True):
            if side:
                values[name] = getattr(side.figures, name)
                of.append(side.month)
    return (
        FiguresSide(max(months[0]), Figures(**begin)) if begin else None,
        FiguresSide(max(months[1]), Figures(**end)) if end else None,
    )


def stages_at_ends(
    now: Stage, decisions: Iterable[tuple[dt.date, Stage]], *, first: dt.date, until: dt.date
) -> tuple[Stage, Stage]:
    """The stage before the first day and after the last one.

    Args:
        decisions: (day, stage it came from), oldest first; those before the period do not matter.
    """
    taken_back = list(decisions)
    begin = next((stage for day, stage in taken_back if day >= first), now)
    end = next((stage for day, stage in taken_back if day > until), now)
    return begin, end


def designations_at_end(decisions: Iterable[tuple[str, dt.date, bool]], *, first: dt.date) -> list[Designation]:
    """Held at the end, or taken back within the period.

    Args:
        decisions: (code, day, whether it was given) up to the last day, oldest first.
    """
    found: dict[str, Designation] = {}
    for code, day, is_given in decisions:
        if is_given:
            held = found.get(code)
            found[code] = held if held and held.until is None else Designation(code, day)
        elif code in found:
            found[code] = Designation(code, found[code].since, day)
    return [each for each in found.values() if each.until is None or each.until >= first]


def most_moved(begin: Mapping[str, Decimal | None], end: Mapping[str, Decimal | None]) -> list[SectionMove]:
    """The sections whose own value moved most, by name; as one sees it on paper, so nothing that rounds to 0,0."""
    moves = [
        SectionMove(name, change)
        for name, value in end.items()
        if value is not None
        and (earlier := begin.get(name)) is not None
        and abs(change := round(value - earlier, 1)) > 0
    ]
    return sorted(moves, key=lambda move: (-abs(move.change), move.name))[:MOVES_SHOWN]


@dataclass(frozen=True, slots=True)
class Sum:
    """A total at both ends, over the `count` cooperatives that told of both."""

    begin: int
    end: int
    count: int


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean at both ends, over the `count` cooperatives that have both."""

    begin: Decimal
    end: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class CityTotals:
    """The last row of a city's table; None where no cooperative has both ends."""

    stages_begin: Mapping[Stage, int]
    stages_end: Mapping[Stage, int]
    scores: Mapping[str, Mean | None]
    visits: int
    target: int
    reached: int
    """Cooperatives that had at least as many visits as their target."""
    actions: ActionCounts
    members: Sum | None
    savings_idr: Sum | None
    turnover_idr: Sum | None
    surplus_idr: Sum | None
    cashless: Mean | None
    designations: int
    partners: Mapping[PartnershipStatus, int]
    """Partnerships that a facilitator has recorded, by how far they have come."""
    with_bumn: int
    """Cooperatives with a running one with a state-owned enterprise."""
    value_idr: int
    """Traded in a month by those that run, as far as a value is known."""


def totals_of(rows: Sequence[CooperativeEvaluation], codes: Sequence[str]) -> CityTotals:
    """Counted over the rows of a city.

    Args:
        codes: of the instruments.
    """
    cashless = _both(rows, "cashless_percent")
    return CityTotals(
        stages_begin={stage: sum(row.stage_begin is stage for row in rows) for stage in Stage},
        stages_end={stage: sum(row.stage_end is stage for row in rows) for stage in Stage},
        scores={
            code: _mean([(s.begin.score, s.end.score) for s in _scored(rows, code) if s.begin and s.end])
            for code in codes
        },
        visits=sum(row.visits for row in rows),
        target=sum(row.target for row in rows),
        reached=sum(row.visits >= row.target for row in rows),
        actions=ActionCounts(
            sum(row.actions.agreed for row in rows),
            sum(row.actions.verified for row in rows),
            sum(row.actions.late for row in rows),
        ),
        members=_sum(_both(rows, "members")),
        savings_idr=_sum(_both(rows, "savings_idr")),
        turnover_idr=_sum(_both(rows, "turnover_idr")),
        surplus_idr=_sum(_both(rows, "surplus_idr")),
        cashless=_mean([(Decimal(begin), Decimal(end)) for begin, end in cashless]),
        designations=sum(each.until is None for row in rows for each in row.designations),
        partners={
            status: sum(each.is_verified and each.status is status for row in rows for each in row.partners)
            for status in PartnershipStatus
        },
        with_bumn=sum(row.trades_with_bumn for row in rows),
        value_idr=sum(
            each.value_idr or 0 for row in rows for each in row.partners if each.is_running and each.is_verified
        ),
    )


def _scored(rows: Sequence[CooperativeEvaluation], code: str) -> list[InstrumentEvaluation]:
    return [row.score(code) for row in rows]


def _both(rows: Sequence[CooperativeEvaluation], name: str) -> list[tuple[int, int]]:
    pairs = [
        (getattr(row.figures_begin.figures, name), getattr(row.figures_end.figures, name))
        for row in rows
        if row.figures_begin and row.figures_end
    ]
    return [(begin, end) for begin, end in pairs if begin is not None and end is not None]


def _sum(pairs: Sequence[tuple[int, int]]) -> Sum | None:
    if not pairs:
        return None
    return Sum(sum(begin for begin, _ in pairs), sum(end for _, end in pairs), len(pairs))


def _mean(pairs: Sequence[tuple[Decimal, Decimal]]) -> Mean | None:
    if not pairs:
        return None
    begin, end = sum((each for each, _ in pairs), Decimal()), sum((each for _, each in pairs), Decimal())
    return Mean(begin / len(pairs), end / len(pairs), len(pairs))
