"""What a number or a date is worth, and how such a rule is read from an item of a document."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pendamping.instruments.reading.nodes import FULL_VALUE, Node, as_amount, as_matching, as_pairs

_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")


class DateReference(StrEnum):
    """The date of the cooperative from which a date item counts."""

    DECREE = "tanggal_sk_badan_hukum"
    BOOK_YEAR_END = "akhir_tahun_buku"


class Direction(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class NumberRule:
    """What a number is worth: the highest edge reached (at_least) or the lowest edge kept (at_most) decides."""

    unit: str
    minimum: Decimal
    maximum: Decimal
    decimals: int
    direction: Direction
    steps: tuple[tuple[Decimal, int], ...]
    """(edge, value), edges ascending."""

    def value_of(self, number: Decimal) -> int:
        if self.direction == Direction.AT_LEAST:
            return next((value for edge, value in reversed(self.steps) if number >= edge), 0)
        return next((value for edge, value in self.steps if number <= edge), 0)


@dataclass(frozen=True, slots=True)
class DateRule:
    """What a date is worth, by how long after the reference it lies."""

    reference: DateReference
    within_days: int | None
    within_value: int | None
    deadlines: tuple[tuple[int, int, int], ...]
    """(month, day, value) in the year after the reference's year, ascending."""
    later_value: int
    not_done_value: int

    def limits(self, reference_on: dt.date) -> tuple[tuple[dt.date, int], ...]:
        """Last days, each with what a date up to it is worth; the last days themselves still count."""
        if self.within_days is not None and self.within_value is not None:
            return ((reference_on + dt.timedelta(days=self.within_days), self.within_value),)
        return tuple((dt.date(reference_on.year + 1, month, day), value) for month, day, value in self.deadlines)

    def value_of(self, done_on: dt.date, reference_on: dt.date) -> int:
        """A date before the reference lies within every limit: what is done early is done in time."""
        return next((value for last, value in self.limits(reference_on) if done_on <= last), self.later_value)


def read_number_rule(node: Node) -> NumberRule:
    thresholds = node.child("thresholds")
    rule = NumberRule(
        unit=node.text("unit"),
        minimum=node.amount("min"),
        maximum=node.amount("max"),
        decimals=node.whole("decimals", 0, 2),
        direction=thresholds.member("direction", Direction),
        steps=thresholds.read("steps", "daftar [ambang, nilai 0 sampai 1]", lambda raw: as_pairs(raw, as_amount), ()),
    )
    thresholds.close()
    if not thresholds.faulty and not node.faulty & {"min", "max", "decimals", "thresholds"}:
        _check_number_rule(node, rule)
    return rule


def _check_number_rule(node: Node, rule: NumberRule) -> None:
    edges = [edge for edge, _ in rule.steps]
    if not rule.minimum < rule.maximum:
        node.fault("min harus di bawah max")
    if any(round(number, rule.decimals) != number for number in (rule.minimum, rule.maximum, *edges)):
        node.fault(f"min, max dan ambang paling banyak {rule.decimals} desimal")
    if edges != sorted(set(edges)) or not rule.minimum <= edges[0] <= edges[-1] <= rule.maximum:
        node.fault("ambang thresholds harus naik, antara min dan max")
    _check_steps(node, rule)


def _check_steps(node: Node, rule: NumberRule) -> None:
    """Every number from min to max must reach a step, and a better number never a lower value."""
    (first, _), (last, _) = rule.steps[0], rule.steps[-1]
    values = [value for _, value in rule.steps]
    if rule.direction == Direction.AT_LEAST:
        if first != rule.minimum:
            node.fault("ambang at_least yang pertama harus sama dengan min")
        if not _falls_to_zero(values[::-1]):
            node.fault("nilai at_least harus naik dari 0 sampai 1")
    else:
        if last != rule.maximum:
            node.fault("ambang at_most yang terakhir harus sama dengan max")
        if not _falls_to_zero(values):
            node.fault("nilai at_most harus turun dari 1 sampai 0")


def _falls_to_zero(values: Sequence[int]) -> bool:
    return list(values) == sorted(values, reverse=True) and (values[0], values[-1]) == (FULL_VALUE, 0)


def read_date_rule(node: Node) -> DateRule:
    by_days, by_deadlines = "within_days_365" in node, "on_or_before_mm_dd" in node
    if by_days == by_deadlines:
        node.fault("pakai tepat satu: within_days_365 atau on_or_before_mm_dd")
    deadlines: tuple[tuple[tuple[int, int], int], ...] = ()
    if by_deadlines:
        wanted = "daftar [bulan-hari, nilai], misalnya [03-31, 1.0]"
        deadlines = node.read("on_or_before_mm_dd", wanted, lambda raw: as_pairs(raw, _month_day), ())
    rule = DateRule(
        reference=node.member("reference", DateReference),
        within_days=365 if by_days else None,
        within_value=node.value("within_days_365") if by_days else None,
        deadlines=tuple((month, day, value) for (month, day), value in deadlines),
        later_value=node.value("later_but_done"),
        not_done_value=node.value("not_done"),
    )
    node.close()
    if by_days != by_deadlines and not node.faulty:
        _check_date_rule(node, rule)
    return rule


def _month_day(raw: object) -> tuple[int, int] | None:
    """A day that comes every year: tried in one without 29 February."""
    text = as_matching(raw, _MONTH_DAY)
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(f"2025-{text}")
    except ValueError:
        return None
    return day.month, day.day


def _check_date_rule(node: Node, rule: DateRule) -> None:
    days = [(month, day) for month, day, _ in rule.deadlines]
    if days != sorted(set(days)):
        node.fault("tanggal on_or_before_mm_dd harus naik")
    in_time = [value for _, _, value in rule.deadlines] if rule.within_value is None else [rule.within_value]
    if not _falls_to_zero([*in_time, rule.later_value, rule.not_done_value]):
        node.fault("nilai harus turun dari 1 sampai 0")
