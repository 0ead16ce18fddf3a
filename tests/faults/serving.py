"""The product under gunicorn, for a harness that kills it: `python -m tests.faults.serving SETTINGS` (JSON).

One process loads the product once and waits. For each line `start` on standard input it forks a whole server
(gunicorn's master with two workers of four threads), so that a server killed by SIGKILL is up again soon; for `copy
FILE` and `restore FILE` a process that backs the office up while it works, or fills its empty place.
What is not as in life is said here: the clock reads the story's day, a locked database is waited for less long, and a
full disk is a fake (SQLite: the file may not grow, by `max_page_count`; PostgreSQL and attachments: just this error
before anything is written).
"""

import contextlib
import errno
import importlib
import json
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import Any

import psycopg.errors
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import OperationalError

from pendamping.app import create_app
from pendamping.kernel import database, filestore
from pendamping.kernel.audit import Actor
from pendamping.kernel.database import db
from pendamping.operations.backup.verbs import back_up, restore
from pendamping.settings import Settings
from tests.faults.place import FULL, story_time

ACTOR = Actor(None, "faults")
LOCK_WAIT_MS = 1_500
NO_LIMIT = 2**31 - 2


class Server(BaseApplication):
    """Gunicorn as `operations/server.py` sets it up, on an app that is there already."""

    def __init__(self, app: Flask, port: int) -> None:
        self._app, self._port = app, port
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._port}",
            "worker_class": "gthread",
            "workers": 2,
            "threads": 4,
            "preload_app": True,
            "control_socket_disable": True,
            "loglevel": "critical",
            "graceful_timeout": 1,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def main() -> None:
    wanted = json.loads(sys.argv[1])
    folder = Path(wanted["instance"])
    database.BUSY_TIMEOUT_MS = LOCK_WAIT_MS
    if wanted["broken"]:
        importlib.import_module(f"tests.faults.broken.{wanted['broken']}").break_it()
    settings = Settings(folder, make_url(wanted["database_url"]), "k" * 64, wanted["port"])
    app = create_app(settings, clock=lambda: story_time(folder, wanted["began"]))
    with app.app_context():
        _fake_a_full_disk(folder, db.engine)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's concern
    print("ready", flush=True)
    server = 0
    for line in sys.stdin:
        deed, _, file = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _be_quiet()
            if deed == "start":
                Server(app, wanted["port"]).run()
            os._exit(_carried_out(app, deed, Path(file)))
        if deed == "start":
            server = child
        else:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)
        print(child, flush=True)
    if server:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server, signal.SIGKILL)  # a harness that was broken off leaves no server behind


def _carried_out(app: Flask, deed: str, file: Path) -> int:
    with app.app_context():
        moment = app.extensions["clock"]()
        if deed == "copy":
            back_up(file, actor=ACTOR, now=moment)
        else:
            epoch = secrets.token_hex(16)
            restore(file, ask_passphrase=lambda: "", epoch=epoch, actor=ACTOR, now=moment)
    return 0


def _be_quiet() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)


def _fake_a_full_disk(folder: Path, engine: Engine) -> None:
    flag = folder / FULL
    real_write = filestore._write

    def write(path: Path, data: bytes) -> None:
        if flag.exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real_write(path, data)

    def limit(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        pages = driver.execute("PRAGMA page_count").fetchone()[0] if flag.exists() else NO_LIMIT
        driver.execute(f"PRAGMA max_page_count={pages}")

    def refuse(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if flag.exists() and statement.startswith("INSERT"):
            raise OperationalError(statement, None, psycopg.errors.DiskFull("could not extend file: no space left"))

    filestore._write = write
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", limit)
    else:
        event.listen(engine, "before_cursor_execute", refuse)


if __name__ == "__main__":
    main()
