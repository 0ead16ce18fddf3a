"""What the head did about what needed attention, and what the facilitators answered, over the last weeks."""

import datetime as dt
import uuid

from pendamping.kernel.clock import office_date
from pendamping.operations.simulation.cast import Facilitator, Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.sentences import ASKED_AND_ANSWERED
from pendamping.operations.simulation.wanted import Wanted
from pendamping.progress.asking.models import Kind, Reply, Step, Verb
from pendamping.progress.asking.service import QUIET_DAYS
from pendamping.progress.matters import OVERDUE_AFTER_DAYS

ANSWERED_EVERY, WAITING_EVERY, WATCHED_EVERY = 4, 9, 11
"""Of the cooperatives with actions long overdue, one in so many was asked about and answered for, still waits for its
answer, is watched. Nothing is asked about anything else: that is left for whoever looks.
"""
ASKED_DAYS_AGO = (4, 12)


def ask_about(
    subject: Subject,
    standing: Row,
    on_duty: Facilitator | None,
    *,
    place: int,
    head_id: uuid.UUID,
    wanted: Wanted,
    rows: Rows,
    chance: Chance,
) -> None:
    """What the head did about one cooperative, by how it stands at the end."""
    due_on = standing["next_due_on"]
    if on_duty is None or due_on is None or (wanted.until - due_on).days <= OVERDUE_AFTER_DAYS + ASKED_DAYS_AGO[1]:
        return
    question, reply = chance.choice(ASKED_AND_ANSWERED)
    made_at = wanted.now - chance.days(*ASKED_DAYS_AGO) + chance.minutes(9 * 60, 15 * 60)
    verb = Verb.WATCH if place % WATCHED_EVERY == 0 else Verb.ASK
    if verb is Verb.ASK and place % ANSWERED_EVERY != 1 and place % WAITING_EVERY != 2:
        return
    step = rows.add(
        Step,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        facilitator_id=on_duty.id,
        kind=Kind.OVERDUE,
        verb=verb,
        text="" if verb is Verb.WATCH else question,
        author_id=head_id,
        made_at=made_at,
        made_on=office_date(made_at),
        quiet_until=office_date(made_at) + dt.timedelta(days=QUIET_DAYS) if verb is Verb.WATCH else None,
    )
    if verb is Verb.ASK and place % ANSWERED_EVERY == 1:
        rows.add(
            Reply,
            step_id=step["id"],
            city_code=subject.city_code,
            text=reply,
            author_id=on_duty.id,
            made_at=made_at + chance.days(1, 2) + chance.minutes(0, 200),
        )
