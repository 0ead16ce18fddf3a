"""What may be asked for, and what is said to everything else."""

import datetime as dt

import pytest

from pendamping.operations.simulation.wanted import BadSimulation, Wanted, wanted_from
from tests.conftest import TODAY

GOOD = {"cooperatives": "34", "months": "12", "until": "2026-12-31", "seed": "1"}


def test_arguments_are_read_as_they_are_typed() -> None:
    assert wanted_from(**GOOD, today=TODAY) == Wanted(34, 12, dt.date(2026, 12, 31), 1)


def test_without_a_day_it_ends_today() -> None:
    assert wanted_from(cooperatives="34", months="12", until=None, seed="1", today=TODAY).until == TODAY


@pytest.mark.parametrize(
    ("months", "until", "first"),
    [
        (12, dt.date(2026, 12, 31), dt.date(2025, 12, 31)),
        (1, dt.date(2026, 3, 31), dt.date(2026, 2, 28)),
        (4, dt.date(2026, 4, 14), dt.date(2025, 12, 14)),
        (60, dt.date(2024, 2, 29), dt.date(2019, 2, 28)),
    ],
)
def test_it_begins_so_many_months_before_it_ends(months: int, until: dt.date, first: dt.date) -> None:
    assert Wanted(5, months, until, 1).first == first


@pytest.mark.parametrize(
    ("argument", "typed"),
    [
        *(("cooperatives", text) for text in ("4", "100001", "", "lima", "-6", "6.5", "٦")),
        *(("months", text) for text in ("0", "61", "dua", "1e1")),
        *(("until", text) for text in ("1999", "1999-12-31", "2026-13-01", "2026-02-30", "2100-01-01", "", "besok")),
        *(("seed", text) for text in ("x", "", "-1", "1.5", str(2**63), None)),
    ],
)
def test_bad_arguments_are_refused_by_name(argument: str, typed: str | None) -> None:
    with pytest.raises(BadSimulation) as refused:
        wanted_from(**{**GOOD, argument: typed}, today=TODAY)  # type: ignore[arg-type]

    assert f"--{argument}" in (refused.value.params.get("name") or refused.value.explanation)
