"""Verbs of what a cooperative owes: the day of its general meeting, and that something is met."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.locks import locked_if_there
from pendamping.reminders.models import GeneralMeeting, ObligationMet


def plan_meeting(
    session: Session,
    cooperative: Cooperative,
    planned_on: dt.date,
    *,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> GeneralMeeting:
    """Set the day of the general meeting of that day's year, or move it."""
    row = locked_if_there(session, GeneralMeeting, (cooperative.id, planned_on.year))
    before = row.planned_on if row else None
    if row is None:
        row = GeneralMeeting(
            cooperative_id=cooperative.id, year=planned_on.year, city_code=cooperative.city_code, moves=0
        )
        session.add(row)
    elif before != planned_on:
        row.moves += 1
    row.planned_on, row.author_id, row.noted_at = planned_on, author_id, now
    session.flush()
    if before != planned_on:
        audit.record(
            session,
            actor,
            "plan_general_meeting",
            row,
            at=now,
            before={"planned_on": before},
            after={"planned_on": planned_on},
        )
    return row


def say_met(
    session: Session,
    cooperative: Cooperative,
    obligation: str,
    due_on: dt.date,
    *,
    is_met: bool,
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Say that an obligation is met, or take that back; said again, nothing changes."""
    row = locked_if_there(session, ObligationMet, (cooperative.id, obligation, due_on))
    if (row is not None) == is_met:
        return
    if row is None:
        row = ObligationMet(
            cooperative_id=cooperative.id,
            obligation=obligation,
            due_on=due_on,
            city_code=cooperative.city_code,
            author_id=author_id,
            noted_at=now,
        )
        session.add(row)
    else:
        session.delete(row)
    session.flush()
    verb = "obligation_met" if is_met else "obligation_not_met"
    audit.record(session, actor, verb, row, at=now, after={"obligation": obligation, "due_on": due_on})
