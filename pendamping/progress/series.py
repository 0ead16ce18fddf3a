"""How the scores of a cooperative moved over a year, and what that says in one sentence. Pure."""

import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

YEAR_DAYS = 366
"""How far back the series of a page reaches: their cost must not grow with the years."""
WORTH_SAYING = 1
"""A move of fewer points than this is none; our proposal."""


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """What one instrument scored after one visit, as it stands after the visit's corrections."""

    on: dt.date
    visit_id: uuid.UUID
    score: Decimal
    is_provisional: bool
    version: str


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """A band's share of the scale: from `minimum` up to the next better band."""

    name_id: str
    name_en: str
    minimum: Decimal


@dataclass(frozen=True, slots=True)
class ScoreSeries:
    """One instrument over a year, the oldest visit first; its bands the best first, in the words of today's version."""

    code: str
    title_id: str
    title_en: str
    short_id: str
    short_en: str
    bands: tuple[ScoreBand, ...]
    points: tuple[ScorePoint, ...]

    @property
    def new_versions(self) -> tuple[ScorePoint, ...]:
        """The first point of each further version of the instrument: up to there other questions were asked."""
        pairs = zip(self.points, self.points[1:], strict=False)
        return tuple(after for before, after in pairs if before.version != after.version)


class Direction(enum.StrEnum):
    UNKNOWN = "unknown"
    """Nothing was scored twice."""
    STEADY = "steady"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Move:
    """From the first to the last score of one instrument, in whole points."""

    series: ScoreSeries
    points: int
    since: dt.date
    is_provisional: bool

    @property
    def direction(self) -> Direction:
        if abs(self.points) < WORTH_SAYING:
            return Direction.STEADY
        return Direction.UP if self.points > 0 else Direction.DOWN


@dataclass(frozen=True, slots=True)
class Trend:
    """What a year of scores says first: the widest move, and the widest one against it."""

    direction: Direction
    lead: Move | None = None
    against: Move | None = None


def trend_of(series: Sequence[ScoreSeries]) -> Trend:
    """What the chart of these series shows, to be put in words."""
    moves = sorted((move for each in series if (move := _move(each))), key=lambda move: -abs(move.points))
    if not moves:
        return Trend(Direction.UNKNOWN)
    lead = moves[0]
    opposite = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}.get(lead.direction)
    against = next((move for move in moves if move.direction is opposite), None)
    return Trend(lead.direction, lead, against)


def _move(series: ScoreSeries) -> Move | None:
    """Complete scores are compared with each other; only where there are not two of them, provisional ones too."""
    complete = [point for point in series.points if not point.is_provisional]
    compared = complete if len(complete) > 1 else list(series.points)
    if len(compared) < 2:
        return None
    first, last = compared[0], compared[-1]
    points = int((last.score - first.score).to_integral_value(ROUND_HALF_UP))
    return Move(series, points, first.on, is_provisional=first.is_provisional or last.is_provisional)
