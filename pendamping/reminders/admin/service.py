"""Verbs of the admin: rules, days off, obligations. Each keeps on record what it was before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError, NotThere
from pendamping.kernel.locks import locked_if_there
from pendamping.kernel.words import N_
from pendamping.reminders.models import DayOff, DayOffKind, ReminderRule
from pendamping.reminders.queries import rules_in_force
from pendamping.reminders.rules import DEFAULTS, MAX_DAYS, MAX_STEPS, Rule


class BadRule(DomainError):
    code = "bad_rule"
    status = 400
    explanation = N_("Hari aturan: satu sampai enam bilangan, 0 sampai 365, tanpa yang kembar.")


@dataclass(frozen=True, slots=True)
class NewDayOff:
    """A day on which the office does not work."""

    on: dt.date
    name: str
    kind: DayOffKind


def change_rule(session: Session, rule: Rule, *, actor: Actor, now: dt.datetime) -> None:
    """Put a rule in force as it is wanted; it takes effect with the next working day.

    Raises:
        BadRule: its days are none.
    """
    days = tuple(sorted(set(rule.days), reverse=rule.is_ahead))
    in_reach = all(0 <= day <= MAX_DAYS for day in (*days, rule.escalates_after or 0))
    if not (1 <= len(days) <= MAX_STEPS and len(days) == len(rule.days) and in_reach and rule.hearers):
        raise BadRule
    row = locked_if_there(session, ReminderRule, rule.code.value) or ReminderRule(code=rule.code.value)
    before = rules_in_force(session)[rule.code]
    row.is_on, row.days, row.goes_out = rule.is_on, list(days), rule.goes_out
    row.hearers = [each.value for each in rule.hearers]
    row.escalates_after, row.changed_at = rule.escalates_after, now
    session.add(row)
    session.flush()
    changed = {name for name in _FIELDS if getattr(before, name) != getattr(rule, name)}
    if changed:
        audit.record(
            session,
            actor,
            "change_reminder_rule",
            row,
            at=now,
            before={name: getattr(before, name) for name in changed},
            after={name: getattr(rule, name) for name in changed},
        )


_FIELDS = ("is_on", "days", "hearers", "escalates_after", "goes_out")


def restore_rule(session: Session, rule: Rule, *, actor: Actor, now: dt.datetime) -> None:
    """Back to what the product ships."""
    change_rule(session, DEFAULTS[rule.code], actor=actor, now=now)


def add_days_off(session: Session, days: Sequence[NewDayOff], *, actor: Actor, now: dt.datetime) -> int:
    """Put days into the calendar; a day that is there gets the new name. Returns how many were new or changed."""
    there = {row.on: row for row in session.scalars(select(DayOff).where(DayOff.on.in_([each.on for each in days])))}
    count = 0
    for each in days:
        row = there.get(each.on)
        if row is not None and (row.name, row.kind) == (each.name, each.kind):
            continue
        before = {"name": row.name, "kind": row.kind} if row else None
        if row is None:
            row = there[each.on] = DayOff(on=each.on, name=each.name, kind=each.kind)
            session.add(row)
        row.name, row.kind = each.name, each.kind
        session.flush()
        after = {"name": each.name, "kind": each.kind}
        audit.record(session, actor, "set_day_off", row, at=now, before=before, after=after)
        count += 1
    return count


def remove_day_off(session: Session, on: dt.date, *, actor: Actor, now: dt.datetime) -> None:
    """Raises NotThere: it is none."""
    row = locked_if_there(session, DayOff, on)
    if row is None:
        raise NotThere
    audit.record(session, actor, "remove_day_off", row, at=now, before={"name": row.name, "kind": row.kind})
    session.delete(row)
    session.flush()
