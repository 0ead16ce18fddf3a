"""The product under gunicorn, for a harness that kills it.

One process, the mother, does everything once that tablets ask for and then waits for orders. For `start` she forks a
whole server (gunicorn's master with two workers of four threads), so that a server killed by SIGKILL is up again soon;
for `copy FILE` and `restore FILE` a process that backs the office up while it works, or fills its empty place.
What is not as in life is said here: the server is warm when it begins, the clock reads the story's day, a locked
database is waited for less long, and a full disk is a fake (SQLite: the file may not grow, by `max_page_count`;
PostgreSQL and attachments: just this error before anything is written).
"""

import contextlib
import errno
import gc
import importlib
import os
import secrets
import signal
import sys
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, NoReturn

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
from tests.faults.place import FULL, LOG, Person, story_time
from tests.faults.warming import warm_up

ACTOR = Actor(None, "faults")
READY, START, COPY, RESTORE = "ready", "start", "copy", "restore"
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a mother is told at her birth.

    Attributes:
        began: when the story's clock began to run, as `time.monotonic` has it.
        broken: a module of `tests.faults.broken`, or nothing.
        warmer: somebody whom no story is about, for the requests that warm her up.
    """

    instance: str
    database_url: str
    port: int
    began: float
    broken: str
    warmer: Person


def serve(wanted: Wanted, orders: Pipe) -> None:
    """Be the mother: say `ready`, then answer each order with the number of the process that it is carried out by."""
    folder = Path(wanted.instance)
    _write_to(folder / LOG)
    app = _app(wanted, folder)
    warm_up(app, wanted.warmer)
    with app.app_context():
        db.engine.dispose()  # no line to the database is handed down
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's concern
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    orders.send(READY)
    server = 0
    try:
        while True:
            deed, file = orders.recv()
            child = os.fork()
            if child == 0:
                orders.close()
                _be_child(app, wanted.port, deed, Path(file))
            if deed == START:
                server = child
            else:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(child, 0)
            orders.send(child)
    except EOFError:
        pass
    finally:
        if server:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server, signal.SIGKILL)  # a harness that was broken off leaves no server behind


def _write_to(log: Path) -> None:
    """Whatever is said goes there; nothing is asked for."""
    nothing = os.open(os.devnull, os.O_RDWR)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for here, there in ((nothing, 0), (nothing, 1), (said, 2)):
        os.dup2(here, there)


def _app(wanted: Wanted, folder: Path) -> Flask:
    database.BUSY_TIMEOUT_MS = LOCK_WAIT_MS
    if wanted.broken:
        importlib.import_module(f"tests.faults.broken.{wanted.broken}").break_it()
    settings = Settings(folder, make_url(wanted.database_url), "k" * 64, wanted.port)
    app = create_app(settings, clock=lambda: story_time(folder, wanted.began))
    with app.app_context():
        _fake_a_full_disk(folder, db.engine)
    return app


def _be_child(app: Flask, port: int, deed: str, file: Path) -> NoReturn:
    """A server until it is killed, or one deed; a child never goes back into its mother's life."""
    try:
        os.setsid()
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if deed == START:
            Server(app, port).run()
        else:
            _carry_out(app, deed, file)
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(0)


def _carry_out(app: Flask, deed: str, file: Path) -> None:
    with app.app_context():
        moment = app.extensions["clock"]()
        if deed == COPY:
            back_up(file, actor=ACTOR, now=moment)
        else:
            epoch = secrets.token_hex(16)
            restore(file, ask_passphrase=lambda: "", epoch=epoch, actor=ACTOR, now=moment)


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
