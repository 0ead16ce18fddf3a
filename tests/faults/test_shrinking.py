"""A story that goes wrong is made short."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.databases import SqliteDatabase
from tests.faults.office import SqliteGround
from tests.faults.shrinking import shortened, shrunk
from tests.faults.story import Plot, _queues, parts_of

PARTS = [f"part {number}" for number in range(30)]
OVERWRITES = Plot(
    seed=16, records=12, kills=0, locks=0, full=0, jumps=0, fault_rate=0.0, broken="upsert_that_overwrites"
)


@given(st.sets(st.sampled_from(PARTS), max_size=3))
@settings(max_examples=25)
def test_what_is_needed_is_left(needed: set[str]) -> None:
    kept = shrunk(PARTS, lambda left_out: not needed & left_out, most=1000)

    assert set(kept) == needed


def test_it_asks_no_oftener_than_it_may() -> None:
    answers = iter([False] * 5)

    assert shrunk(PARTS, lambda _left_out: next(answers), most=5) == PARTS


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, sqlite_app: tuple[Flask, SqliteDatabase]) -> SqliteGround:
    return SqliteGround(tmp_path_factory.mktemp("ground"), people=1, loaded=sqlite_app[1].template)


def test_what_refers_to_a_visit_goes_with_it_and_a_restore_with_its_copy(ground: SqliteGround) -> None:
    plot = Plot(seed=4, records=60, restores=1)
    written = [each for _, _, some in _queues(plot, ground) for each in some]
    parent = next(each.needs for each in written if each.needs)
    visit = next(each for each in written if each.id == parent and each.about is None)

    parts = parts_of(replace(plot, left_out=frozenset({visit.mark, "copy 0"})), ground)

    assert {"restore 0", *(each.mark for each in written if each.needs == visit.id)}.isdisjoint(parts)


def test_a_server_that_overwrites_is_shown_with_the_two_versions_of_one_visit(
    ground: SqliteGround, tmp_path: Path
) -> None:
    parts, ending = shortened(OVERWRITES, ground, tmp_path, most=4, tellings=1)

    assert ending is not None
    assert not ending.found.is_clean
    assert len(parts) <= 3 < len(parts_of(OVERWRITES, ground))
