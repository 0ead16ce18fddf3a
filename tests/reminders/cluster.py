"""The product with one quick job, as gunicorn serves it in the test of a cluster; each run leaves a line in a file."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from pendamping.app import create_app
from pendamping.reminders.scheduler import Job, register_jobs


@dataclass(frozen=True)
class EverySecond:
    def slot(self, now: dt.datetime) -> dt.datetime:
        return now.replace(microsecond=0)

    def next_slot(self, now: dt.datetime) -> dt.datetime:
        return self.slot(now) + dt.timedelta(seconds=1)


def leave_a_line(now: dt.datetime) -> str:
    with Path(os.environ["RUNS"]).open("a") as file:
        file.write(f"{now.replace(microsecond=0).isoformat()} {os.getpid()}\n")
    return "satu baris"


def app() -> Flask:
    made = create_app()
    register_jobs(made, [Job("uji", "Uji", EverySecond(), leave_a_line)])
    return made
