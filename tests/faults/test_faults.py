"""The harness at work: a story of 500 records and 20 kills, and three broken servers that it must see.

The long run is `./dev bench faults`; its report is docs/reports/faults.md.
"""

from pathlib import Path

import pytest
from flask import Flask

from tests.databases import PostgresqlDatabase, SqliteDatabase
from tests.faults.catching import CATCHING
from tests.faults.office import Ground, PostgresqlGround, SqliteGround
from tests.faults.proxy import KINDS
from tests.faults.reckoning import Reckoning, as_json
from tests.faults.story import Plot, play

NOTHING: dict[str, list[str]] = {"lost": [], "doubled": [], "falsely_sent": [], "unsent": []}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, sqlite_app: tuple[Flask, SqliteDatabase]) -> SqliteGround:
    return SqliteGround(tmp_path_factory.mktemp("ground"), people=6, loaded=sqlite_app[1].template)


@pytest.fixture(scope="module")
def postgresql_ground(
    tmp_path_factory: pytest.TempPathFactory, postgresql_app: tuple[Flask, PostgresqlDatabase]
) -> PostgresqlGround:
    return PostgresqlGround(postgresql_app[1].url, tmp_path_factory.mktemp("ground"), people=4)


def log_of(folder: Path) -> str:
    return (folder / "server.log").read_text()


def test_five_hundred_records_and_twenty_kills_lose_double_and_falsely_send_nothing(
    ground: SqliteGround, tmp_path: Path
) -> None:
    ending = play(Plot(seed=1, records=500, kills=20, restores=1), ground, tmp_path)

    assert as_json(ending.found) == NOTHING
    assert ending.is_sound
    assert (ending.faults["kill"], ending.faults["restore"]) == (20, 1)
    assert set(KINDS) <= set(ending.faults)
    assert ending.conflicts > 0
    assert '"level": "critical"' not in log_of(tmp_path)


def test_the_same_on_postgresql(postgresql_ground: PostgresqlGround, tmp_path: Path) -> None:
    ending = play(Plot(seed=2, records=80, kills=4, locks=1, full=1, jumps=1), postgresql_ground, tmp_path)

    assert as_json(ending.found) == NOTHING
    assert ending.faults["kill"] == 4


def caught(ground: Ground, folder: Path, broken: str) -> Reckoning:
    return play(CATCHING[broken], ground, folder).found


def test_a_server_that_answers_before_it_commits_is_caught(ground: SqliteGround, tmp_path: Path) -> None:
    found = caught(ground, tmp_path, "receipt_before_commit")

    assert found.falsely_sent or found.lost


def test_a_server_that_overwrites_what_it_knows_is_caught(ground: SqliteGround, tmp_path: Path) -> None:
    found = caught(ground, tmp_path, "upsert_that_overwrites")

    assert [line for line in found.lost if "the visit says" in line]


def test_a_server_that_looks_without_a_lock_is_caught(ground: SqliteGround, tmp_path: Path) -> None:
    found = caught(ground, tmp_path, "id_checked_without_lock")

    assert [line for line in found.doubled if "stands 2 times" in line]


def test_the_same_servers_are_caught_on_postgresql(postgresql_ground: PostgresqlGround, tmp_path: Path) -> None:
    for broken in CATCHING:
        (folder := tmp_path / broken).mkdir()
        assert not caught(postgresql_ground, folder, broken).is_clean, broken
