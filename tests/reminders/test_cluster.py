"""Two servers with three workers each on one database: one leads, and when it is killed another one does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import flask_migrate
import pytest

from pendamping.kernel.database import db
from tests.conftest import app_on
from tests.databases import KINDS, PostgresqlDatabase, SqliteDatabase, postgresql_server

MOST_SECONDS = 60.0
"""A machine under load takes its time; what is tested is who runs what, not how soon."""


@pytest.fixture(params=KINDS)
def environments(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[dict[str, str]]]:
    """Of two nodes: on SQLite they share the machine and so the folder, on PostgreSQL nothing but the database."""
    common = {**os.environ, "RUNS": str(tmp_path / "runs"), "SECRET_KEY": "k" * 64}
    with ExitStack() as stack:
        if request.param == "sqlite":
            database: SqliteDatabase | PostgresqlDatabase = SqliteDatabase(tmp_path)
            nodes = [{**common, "PENDAMPING_INSTANCE": str(tmp_path)}] * 2
        else:
            database = PostgresqlDatabase(stack.enter_context(postgresql_server()))
            nodes = [{**common, "PENDAMPING_INSTANCE": str(tmp_path / name)} for name in ("a", "b")]
        app = app_on(database.url, tmp_path)
        with app.app_context():
            flask_migrate.upgrade()
            db.session.remove()
            db.engine.dispose()
        url = database.url.render_as_string(hide_password=False)
        yield [{**node, "DATABASE_URL": url} for node in nodes]
        if isinstance(database, PostgresqlDatabase):
            database.close(app)


@contextmanager
def node(environment: dict[str, str]) -> Iterator[None]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "tests.reminders.cluster:app()",
        "--config=python:tests.reminders.cluster_server",
        f"--bind=127.0.0.1:{port}",
    ]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def waited(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_one_worker_leads_each_time_is_run_once_and_a_killed_leader_is_followed(
    environments: list[dict[str, str]],
) -> None:
    runs = Path(environments[0]["RUNS"])

    def lines() -> list[list[str]]:
        return [line.split() for line in runs.read_text().splitlines()] if runs.exists() else []

    with node(environments[0]), node(environments[1]):
        assert waited(lambda: len(lines()) >= 3)
        before = lines()
        leader = before[-1][1]
        os.kill(int(leader), signal.SIGKILL)
        assert waited(lambda: sum(pid != leader for _, pid in lines()) >= 3)
        after = lines()  # while both nodes live: the one that goes last leads for a moment, too

    cut_off = [slot for slot, pid in after if pid == leader][-1]
    twice = {slot for slot, count in Counter(slot for slot, _ in after).items() if count > 1}
    assert {pid for _, pid in before} == {leader}
    assert len({pid for _, pid in after}) == 2
    assert twice <= {cut_off}  # its end was not written down any more, so the next leader makes it good, once
