"""Which jobs were run for which of their times: claimed before, finished after, so that no time is run twice."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from pendamping.kernel.locks import locked, locking
from pendamping.reminders.models import ANSWER_LENGTH, JobRun, RunOutcome

MOST_ATTEMPTS = 3
PAUSE = dt.timedelta(minutes=5)
"""After a failure; each further one is twice as long."""
KEPT = dt.timedelta(days=400)
OFTEN_KEPT = dt.timedelta(days=2)
INTERRUPTED = "terputus"


def claim(session: Session, job: str, slot: dt.datetime, *, node: str, now: dt.datetime) -> JobRun | None:
    """The run of a job for one of its times, if it is still to be made; None if it was, or is being made.

    The database holds that there is one for each time: of two who claim it at once, one fails with IntegrityError.
    """
    run = session.scalar(locking(select(JobRun).where(JobRun.job == job, JobRun.slot == slot)))
    if run is None:
        run = JobRun(id=uuid.uuid4(), job=job, slot=slot, started_at=now, outcome=RunOutcome.RUNNING, node=node)
        session.add(run)
    elif run.outcome is RunOutcome.FAILED and _may_try_again(run, now):
        run.attempts += 1
        run.started_at, run.ended_at, run.outcome, run.node = now, None, RunOutcome.RUNNING, node
    else:
        return None
    session.flush()
    return run


def _may_try_again(run: JobRun, now: dt.datetime) -> bool:
    if run.message == INTERRUPTED:
        return run.attempts < MOST_ATTEMPTS
    assert run.ended_at is not None
    return run.attempts < MOST_ATTEMPTS and now >= run.ended_at + PAUSE * 2 ** (run.attempts - 1)


def finish(session: Session, run_id: uuid.UUID, *, outcome: RunOutcome, message: str, now: dt.datetime) -> None:
    run = locked(session, JobRun, run_id)
    run.outcome, run.message, run.ended_at = outcome, message[:ANSWER_LENGTH], now
    session.flush()


def take_over(session: Session, *, now: dt.datetime) -> None:
    """Whoever leads from now on ends what a leader before has begun and never ended: it is dead."""
    session.execute(
        update(JobRun)
        .where(JobRun.outcome == RunOutcome.RUNNING)
        .values(outcome=RunOutcome.FAILED, message=INTERRUPTED, ended_at=now)
    )


def last_runs(session: Session, jobs: Collection[str]) -> dict[str, JobRun]:
    """The newest run of each job."""
    newest = select(JobRun.job, func.max(JobRun.slot).label("slot")).where(JobRun.job.in_(jobs)).group_by(JobRun.job)
    of_job = newest.subquery()
    query = select(JobRun).join(of_job, and_(of_job.c.job == JobRun.job, of_job.c.slot == JobRun.slot))
    return {run.job: run for run in session.scalars(query)}


def last_done(session: Session, job: str) -> dt.datetime | None:
    """The time for which a job was last run to its end."""
    query = select(func.max(JobRun.slot)).where(JobRun.job == job, JobRun.outcome == RunOutcome.DONE)
    return session.scalar(query)


def last_failures(session: Session, *, most: int) -> Sequence[JobRun]:
    query = select(JobRun).where(JobRun.outcome == RunOutcome.FAILED).order_by(JobRun.slot.desc(), JobRun.job)
    return session.scalars(query.limit(most)).all()


def forget(session: Session, often: Collection[str], *, now: dt.datetime) -> None:
    """Let go of old runs: soon of those that come every few minutes."""
    session.execute(delete(JobRun).where(JobRun.slot < now - KEPT))
    done = and_(JobRun.job.in_(often), JobRun.outcome == RunOutcome.DONE, JobRun.slot < now - OFTEN_KEPT)
    session.execute(delete(JobRun).where(done))
