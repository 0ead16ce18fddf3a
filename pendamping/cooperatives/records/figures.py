"""Figures of a month: what they are, and which of them ask for a second look. Pure."""

import datetime as dt
import enum
from dataclasses import dataclass, fields, replace

HALVED, TENFOLD = 2, 10
"""A share of the members gone, and a growth of the turnover, that a slip of the finger makes; our proposal."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, as 2026-04 in addresses."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last_day(self) -> dt.date:
        return self.minus(-1).first_day - dt.timedelta(days=1)

    @property
    def index(self) -> int:
        """Months counted without a break over the years."""
        return self.year * 12 + self.number - 1

    def minus(self, months: int) -> "Month":
        year, before = divmod(self.index - months, 12)
        return Month(year, before + 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """One month in numbers, each None where it is not known. Money in rupiah; SHU is that of the year so far."""

    members: int | None = None
    savings_idr: int | None = None
    turnover_idr: int | None = None
    surplus_idr: int | None = None
    cashless_percent: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Figures()

    def over(self, known: "Figures") -> "Figures":
        """These, and what is known where these say nothing."""
        told = {each.name: getattr(self, each.name) for each in fields(Figures)}
        return replace(known, **{name: value for name, value in told.items() if value is not None})


class JumpKind(enum.StrEnum):
    MEMBERS_HALVED = "members"
    TURNOVER_TENFOLD = "turnover_idr"


@dataclass(frozen=True, slots=True)
class Jump:
    """A figure so far from the one before that it is asked about once. The value is the field's name."""

    kind: JumpKind
    before: int
    after: int


def jumps(before: Figures, after: Figures) -> list[Jump]:
    """What in `after` is hard to believe after `before`: possible, but more often a digit too many or too few."""
    found = []
    if before.members and after.members is not None and after.members * HALVED <= before.members:
        found.append(Jump(JumpKind.MEMBERS_HALVED, before.members, after.members))
    if before.turnover_idr and after.turnover_idr and after.turnover_idr >= before.turnover_idr * TENFOLD:
        found.append(Jump(JumpKind.TURNOVER_TENFOLD, before.turnover_idr, after.turnover_idr))
    return found
