"""The outbox: who is reminded of what on a day is written down once; what is done in the meantime is struck out."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from pendamping.reminders.gathering import facts_for, still_to_do
from pendamping.reminders.models import TITLE_LENGTH, Notification
from pendamping.reminders.queries import people_to_hear, rules_in_force, working_days_around
from pendamping.reminders.rules import Fact, Reminder, RuleCode, reminders_on

LOOKED_BACK = dt.timedelta(days=60)
"""What was reminded of longer ago is neither struck out nor sent any more."""
KEPT = dt.timedelta(days=400)
"""How long it stays on record who was reminded of what."""
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Made:
    """What a day brought; `there` were made before."""

    reminders: int
    people: int
    there: int
    by_rule: Mapping[RuleCode, int] = field(default_factory=dict)


def due_reminders(session: Session, day: dt.date) -> list[Reminder]:
    """Who should hear what on a day, by what is known now; stores nothing."""
    rules, calendar = rules_in_force(session), working_days_around(session, day, day)
    facts = list(facts_for(session, rules, day=day, calendar=calendar))
    people = people_to_hear(session, on=day, with_accounts=any(fact.cooperative_id for fact in facts))
    return reminders_on(day, facts, rules, people, calendar)


def remind(session: Session, day: dt.date, *, now: dt.datetime, is_dry: bool = False) -> Made:
    """Write down the reminders of a day, each once, however often this is called.

    Args:
        day: of the office; on its days off there are none.
        is_dry: count only, and store nothing.
    """
    due = due_reminders(session, day)
    known = _known(session, day)
    new = [each for each in due if each.key not in known]
    if not is_dry:
        for start in range(0, len(new), AT_ONCE):
            session.execute(insert(Notification), [_row(each, now) for each in new[start : start + AT_ONCE]])
    counts = Counter(each.fact.rule for each in new)
    return Made(len(new), len({each.person_id for each in new}), len(due) - len(new), counts)


def _known(session: Session, day: dt.date) -> set[tuple[str, uuid.UUID, uuid.UUID, int]]:
    columns = (Notification.rule, Notification.subject_id, Notification.person_id, Notification.step)
    rows = session.execute(select(*columns).where(Notification.day == day))
    return {(rule, subject_id, person_id, step) for rule, subject_id, person_id, step in rows}


def _row(reminder: Reminder, now: dt.datetime) -> dict[str, object]:
    fact = reminder.fact
    return {
        "id": uuid.uuid4(),
        "city_code": fact.code[:5],
        "person_id": reminder.person_id,
        "rule": fact.rule.value,
        "subject_id": fact.subject_id,
        "cooperative_id": fact.cooperative_id,
        "day": reminder.day,
        "anchor_on": fact.on,
        "step": reminder.step,
        "is_escalation": reminder.is_escalation,
        "goes_out": reminder.goes_out,
        "title": fact.title[:TITLE_LENGTH],
        "title_en": fact.title_en and fact.title_en[:TITLE_LENGTH],
        "made_at": now,
    }


def settle(session: Session, *, now: dt.datetime, today: dt.date, person_ids: Sequence[uuid.UUID] | None = None) -> int:
    """Strike out what is done, or is no longer that person's: it is shown as done, and sent to nobody.

    Args:
        person_ids: look only at what these people were reminded of.

    Returns:
        how many were struck out.
    """
    columns = (
        Notification.id,
        Notification.person_id,
        Notification.rule,
        Notification.subject_id,
        Notification.anchor_on,
        User.role,
    )
    query = (
        select(*columns)
        .join(User, User.id == Notification.person_id)
        .where(Notification.settled_at.is_(None), Notification.day >= today - LOOKED_BACK)
    )
    if person_ids is not None:
        query = query.where(Notification.person_id.in_(person_ids))
    open_ = {row.id: ((RuleCode(row.rule), row.subject_id, row.anchor_on), row) for row in session.execute(query)}
    holding = still_to_do(session, {thing for thing, _ in open_.values()}, day=today)
    done = [id_ for id_, (thing, row) in open_.items() if not _is_still_theirs(holding.get(thing), row)]
    _strike_out(session, done, now)
    return len(done)


def _is_still_theirs(fact: Fact | None, row: Any) -> bool:
    """After a hand-over it is somebody else's, whose own reminders come."""
    return fact is not None and (row.role is not Role.FACILITATOR or fact.facilitator_id == row.person_id)


def _strike_out(session: Session, ids: Sequence[uuid.UUID], now: dt.datetime) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        session.execute(
            update(Notification)
            .where(Notification.id.in_(some))
            .values(settled_at=now)
            .execution_options(synchronize_session=False)
        )


def mark_read(session: Session, rows: Iterable[Notification], *, now: dt.datetime) -> int:
    """That a person has seen them; what was read before keeps its time."""
    unread = [row for row in rows if row.read_at is None]
    for row in unread:
        row.read_at = max(now, row.made_at)
    session.flush()
    return len(unread)


def forget(session: Session, *, today: dt.date) -> None:
    """Let go of what is older than anybody asks for."""
    session.execute(delete(Notification).where(Notification.day < today - KEPT))
