"""Jobs and their times, without a scheduler: it only ticks."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from pendamping.kernel.database import reading, transaction
from pendamping.reminders import runs
from pendamping.reminders.job_times import Daily, Every
from pendamping.reminders.jobs import REMIND, remind_of_the_day
from pendamping.reminders.leader import FileLock
from pendamping.reminders.models import JobRun, Notification, RunOutcome
from pendamping.reminders.scheduler import Job, jobs_of, register_jobs, tick
from tests.conftest import NOW
from tests.pages import Browser

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-04-14T06:59:59+08:00", "2026-04-13T07:00:00+08:00"),
        ("2026-04-14T07:00:00+08:00", "2026-04-14T07:00:00+08:00"),
        ("2026-04-14T23:59:00+08:00", "2026-04-14T07:00:00+08:00"),
    ],
)
def test_a_daily_job_is_due_at_its_hour_in_balikpapan(now: str, slot: str) -> None:
    schedule = Daily(dt.time(7))

    found = schedule.slot(dt.datetime.fromisoformat(now))

    assert found == dt.datetime.fromisoformat(slot)
    assert schedule.next_slot(found) == found + dt.timedelta(days=1)


def test_a_frequent_job_is_due_at_even_minutes() -> None:
    schedule = Every(15)

    assert schedule.slot(NOW + 7 * MINUTE) == NOW
    assert schedule.next_slot(NOW + 7 * MINUTE) == NOW + 15 * MINUTE


@pytest.fixture
def clock(app: Flask) -> Iterator[Callable[[dt.datetime], None]]:
    """Sets the app's clock; the app gets its own clock and jobs back."""
    jobs = list(jobs_of(app).values())

    def set_to(instant: dt.datetime) -> None:
        app.extensions["clock"] = lambda: instant

    yield set_to
    set_to(NOW)
    register_jobs(app, jobs)


def outcomes(app: Flask) -> list[tuple[str, str, int, str]]:
    with app.app_context():
        rows = reading().scalars(select(JobRun).order_by(JobRun.slot, JobRun.job)).all()
        return [(row.job, row.outcome.value, row.attempts, row.message) for row in rows]


def test_each_job_is_run_once_for_each_of_its_times_and_a_downtime_is_made_good_once(
    app: Flask, clock: Callable[[dt.datetime], None]
) -> None:
    register_jobs(app, [Job("uji", "Uji", Every(15), lambda now: f"{now:%H.%M}")])

    ran = []
    for minutes in (0, 1, 14, 15, 16, 95, 96):
        clock(NOW + minutes * MINUTE)
        ran.append(tick(app))

    assert [minutes for minutes, jobs in zip((0, 1, 14, 15, 16, 95, 96), ran, strict=True) if jobs] == [0, 15, 95]
    assert outcomes(app) == [("uji", "done", 1, message) for message in ("01.30", "01.45", "03.05")]


def test_a_job_that_fails_is_tried_three_times_later_each_time_and_holds_up_no_other(
    app: Flask, clock: Callable[[dt.datetime], None]
) -> None:
    def fail(_now: dt.datetime) -> str:
        raise RuntimeError("kata sandi: rahasia")

    register_jobs(app, [Job("buruk", "Buruk", Daily(dt.time(7)), fail), Job("baik", "Baik", Daily(dt.time(7)), str)])

    tried = []
    for minutes in range(0, 60, 1):
        clock(NOW + minutes * MINUTE)
        tried += [(minutes, job) for job in tick(app)]

    assert tried == [(0, "buruk"), (0, "baik"), (5, "buruk"), (15, "buruk")]
    assert outcomes(app)[1] == ("buruk", "failed", 3, "RuntimeError")


def test_a_run_that_a_dead_leader_left_is_made_good_by_the_next(
    app: Flask, clock: Callable[[dt.datetime], None]
) -> None:
    register_jobs(app, [Job("uji", "Uji", Every(15), lambda _now: "jadi")])
    clock(NOW)
    with app.app_context(), transaction() as session:
        runs.claim(session, "uji", NOW, node="mati", now=NOW)

    waiting = tick(app)
    with app.app_context(), transaction() as session:
        runs.take_over(session, now=NOW)
    after = tick(app)

    assert (waiting, after) == ([], ["uji"])
    assert outcomes(app) == [("uji", "done", 2, "jadi")]


def test_only_one_holds_the_lock(app: Flask) -> None:
    path = app.config["SETTINGS"].instance / "uji.lock"
    first, second = FileLock(path), FileLock(path)

    assert (first.take(), second.take()) == (True, False)
    first.release()
    assert (first.is_held(), second.take(), second.is_held()) == (False, True, True)
    second.release()


def test_the_days_of_a_downtime_are_made_good_and_not_twice(app: Flask, browser: Browser) -> None:
    with browser.make() as make:
        facilitator = make.facilitator()
        for day in (10, 14, 15):
            make.planned_visit(facilitator, planned_on=dt.date(2026, 4, day), made_on=dt.date(2026, 4, 6))
        make.session.add(
            JobRun(
                job=REMIND,
                slot=dt.datetime(2026, 4, 8, 23, tzinfo=dt.UTC),  # Thursday morning in Balikpapan
                started_at=NOW,
                ended_at=NOW,
                outcome=RunOutcome.DONE,
                node="satu",
            )
        )

    with app.app_context():
        said = [remind_of_the_day(NOW) for _ in range(2)]
        days = reading().scalars(select(Notification.day).order_by(Notification.day)).all()

    assert said == ["2 pengingat", "0 pengingat"]
    assert days == [dt.date(2026, 4, 13), dt.date(2026, 4, 14)]


def test_the_apps_own_jobs_are_there(app: Flask) -> None:
    assert [job.code for job in jobs_of(app).values()] == ["pengingat", "kirim", "periksa", "cadangan"]
