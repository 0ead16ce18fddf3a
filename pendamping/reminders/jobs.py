"""What the scheduler runs for reminders: working them out each morning, striking out what is done, sending."""

import datetime as dt
from functools import partial

from pendamping.kernel.clock import OFFICE_TZ, office_date
from pendamping.kernel.database import reading, retry_on_conflict, transaction
from pendamping.kernel.words import N_
from pendamping.reminders import mail_confirmation, runs, service
from pendamping.reminders.job_times import Daily, Every
from pendamping.reminders.queries import working_days_around
from pendamping.reminders.scheduler import Job
from pendamping.reminders.sending import send_what_waits
from pendamping.reminders.working_days import ONE_DAY, QUIET_UNTIL

REMIND, SEND, SETTLE = "pengingat", "kirim", "periksa"
LONGEST_ABSENCE = 7
"""Days that are made good after a downtime; what was due before that has been overtaken by later occasions."""


def remind_of_the_day(now: dt.datetime) -> str:
    """The reminders of today, and of the working days that were missed since the last time."""
    today = office_date(now)
    made = 0
    for day in _days_to_do(today):
        made += retry_on_conflict(partial(service.remind, day=day, now=now)).reminders
    with transaction() as session:
        service.forget(session, today=today)
        mail_confirmation.forget(session, now=now)
        runs.forget(session, (SETTLE, SEND), now=now)
    return f"{made} pengingat"


def _days_to_do(today: dt.date) -> tuple[dt.date, ...]:
    session = reading()
    last = runs.last_done(session, REMIND)
    first = last.astimezone(OFFICE_TZ).date() if last else today - ONE_DAY
    first = max(first, today - LONGEST_ABSENCE * ONE_DAY)
    return working_days_around(session, first, today).between(first, today)


def strike_out(now: dt.datetime) -> str:
    with transaction() as session:
        done = service.settle(session, now=now, today=office_date(now))
    return f"{done} selesai"


JOBS = (
    Job(REMIND, N_("Menghitung pengingat hari ini"), Daily(QUIET_UNTIL), remind_of_the_day),
    Job(SEND, N_("Mengirim ringkasan"), Every(1), send_what_waits),
    Job(SETTLE, N_("Menandai pengingat yang sudah selesai"), Every(15), strike_out),
)
