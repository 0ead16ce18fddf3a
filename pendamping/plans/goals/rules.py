"""Quarters, what a goal says, and how far it has come: plain values and pure functions."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

MOST_GOALS = 3
"""So many stand open for one quarter: one or a few are remembered. Our proposal."""
FIGURE, SCORE = "angka.", "skor."
FIGURES = ("members", "savings_idr", "turnover_idr", "surplus_idr", "cashless_percent")
"""The monthly figures that a goal may be measured by, by their names there."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number}"

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)


@dataclass(frozen=True, slots=True)
class GoalTerms:
    """What is to be reached; `measure` and `target` are both there or both None."""

    quarter: Quarter
    text: str
    measure: str | None = None
    target: int | None = None


def may_be_set_for(quarter: Quarter, *, today: dt.date) -> bool:
    """Goals are set for the quarter that runs and for the one after it."""
    now = Quarter.of(today)
    return quarter in (now, now.next)


def most_of(measure: str | None) -> int | None:
    """The highest target that a measure can have; None where there is no limit of its own."""
    is_a_share = measure is not None and (measure.startswith(SCORE) or measure.endswith("_percent"))
    return 100 if is_a_share else None


def progress_percent(value: int | None, target: int | None) -> float | None:
    """How much of a target is reached, 0 to 100; None where either is not known, or the target is nothing."""
    if value is None or not target:
        return None
    return max(0.0, min(100.0, 100 * value / target))


def value_of(measure: str | None, values: Mapping[str, int]) -> int | None:
    return values.get(measure) if measure else None
