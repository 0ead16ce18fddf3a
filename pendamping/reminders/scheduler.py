"""Runs jobs inside the server: one worker of all leads and ticks; what is due and what was run stands in our tables.

A job is a plain function of the time, called within the app's context; it opens its own transactions. Whatever it does
it must be able to do again: a run that was cut off is made good by another.
"""

import datetime as dt
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError

from pendamping.kernel.access import now as app_now
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.database import db, transaction
from pendamping.reminders import runs
from pendamping.reminders.job_times import Schedule
from pendamping.reminders.leader import Lock, lock_for
from pendamping.reminders.models import RunOutcome

SEEK_SECONDS = 2.0
"""How often a worker asks whether it may lead, and a leader whether it still does: so soon is a dead one followed."""
TICK_SECONDS = 5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done by the clock.

    label: its name on the admin's page, marked for translation.
    run: gets the time and says in a few words what it did.
    """

    code: str
    label: str
    schedule: Schedule
    run: Callable[[dt.datetime], str]


def register_jobs(app: Flask, jobs: Iterable[Job]) -> None:
    """Tell an app its jobs, in the order in which those that are due together are run."""
    app.extensions["jobs"] = {job.code: job for job in jobs}


def jobs_of(app: Flask) -> dict[str, Job]:
    jobs: dict[str, Job] = app.extensions["jobs"]
    return jobs


def node_name() -> str:
    return f"{node_host()}:{os.getpid()}"


def node_host() -> str:
    return socket.gethostname()[:60]


def tick(app: Flask) -> list[str]:
    """Run every job that is due and was not run for its time yet; says which. One that fails holds up no other."""
    ran = []
    for job in jobs_of(app).values():
        with app.app_context():
            if _run_if_due(job):
                ran.append(job.code)
    return ran


def _run_if_due(job: Job) -> bool:
    instant = app_now()
    try:
        with transaction() as session:
            run = runs.claim(session, job.code, job.schedule.slot(instant), node=node_name(), now=instant)
    except IntegrityError:
        return False  # somebody else was quicker
    if run is None:
        return False
    outcome, message = _outcome_of(job, instant)
    with transaction() as session:
        runs.finish(session, run.id, outcome=outcome, message=message, now=app_now())
    return True


def _outcome_of(job: Job, instant: dt.datetime) -> tuple[RunOutcome, str]:
    """What came of a run. A failure is named by its kind: what it says may hold what nobody else should read."""
    try:
        return RunOutcome.DONE, job.run(instant)
    except Exception as error:  # whatever it is, the next job has its turn
        log.exception("job_failed", job=job.code)
        return RunOutcome.FAILED, type(error).__name__


class Scheduler:
    """A worker's part: it seeks to lead, and ticks while it does."""

    def __init__(self, app: Flask, *, seek_seconds: float = SEEK_SECONDS, tick_seconds: float = TICK_SECONDS) -> None:
        self._app = app
        self._seek_seconds, self._tick_seconds = seek_seconds, tick_seconds
        self._stopping = threading.Event()
        self._ticker: Any = None
        with app.app_context():
            self._lock: Lock = lock_for(db.engine, app.config["SETTINGS"].instance)

    def start(self) -> None:
        threading.Thread(target=self._seek, name="scheduler", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _seek(self) -> None:
        while not self._stopping.wait(self._seek_seconds):
            try:
                self._seek_once()
            except Exception:  # a database that is away comes back
                log.exception("scheduler_failed")
        self._step_down()

    def _seek_once(self) -> None:
        if self._ticker is not None:
            if not self._lock.is_held():
                self._step_down()
        elif self._lock.take():
            self._lead()

    def _lead(self) -> None:
        try:
            with self._app.app_context(), transaction() as session:
                runs.take_over(session, now=app_now())
        except BaseException:
            self._lock.release()
            raise
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a tick waits for a long job is no news
        self._ticker = BackgroundScheduler(timezone=OFFICE_TZ)
        self._ticker.add_job(
            tick,
            "interval",
            [self._app],
            seconds=self._tick_seconds,
            next_run_time=self._app.extensions["clock"](),  # what a dead leader has left waits no longer
            misfire_grace_time=None,
            max_instances=1,
            coalesce=True,
        )
        self._ticker.start()
        log.info("scheduler_leads", node=node_name())

    def _step_down(self) -> None:
        if self._ticker is not None:
            self._ticker.shutdown(wait=False)
            self._ticker = None
        self._lock.release()


def start_scheduler(app: Flask) -> None:
    """Called in each worker of a server after it was forked."""
    if app.config["SETTINGS"].has_scheduler:
        app.extensions["scheduler"] = scheduler = Scheduler(app)
        scheduler.start()


def current_jobs() -> dict[str, Job]:
    return jobs_of(current_app)
