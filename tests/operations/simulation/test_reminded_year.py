"""The simulated city lived through day by day with reminders, over the facts that its rows tell of each day."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel.clock import office_date
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from pendamping.reminders.queries import people_to_hear, working_days_around
from pendamping.reminders.rules import DEFAULTS, Fact, Reminder, RuleCode, reminders_on
from pendamping.reminders.working_days import ONE_DAY, WorkingDays
from pendamping.visits.models import Visit
from pendamping.visits.schedule.models import PlannedVisit
from tests.conftest import TODAY

FIRST = TODAY - dt.timedelta(days=120)


@dataclass(frozen=True)
class Spell:
    """Something to do, from the day on which it was known to the day on which it was done."""

    fact: Fact
    since: dt.date
    done_on: dt.date

    def is_open(self, day: dt.date) -> bool:
        return self.since <= day < self.done_on


NEVER = dt.date.max


def spells(rows: Session) -> list[Spell]:
    codes = {row.id: row.code for row in rows.scalars(select(Cooperative))}
    by = {row.cooperative_id: row.facilitator_id for row in rows.scalars(select(Assignment))}

    def fact(rule: RuleCode, subject: uuid.UUID, on: dt.date, cooperative_id: uuid.UUID) -> Fact:
        return Fact(
            rule,
            subject,
            on,
            cooperative_id=cooperative_id,
            code=codes[cooperative_id],
            facilitator_id=by.get(cooperative_id),
        )

    found = []
    reported = _reported(rows)
    for action in rows.scalars(select(Action)):
        for rule in (RuleCode.ACTION_DUE, RuleCode.ACTION_OVERDUE):
            done_on = reported.get(action.id, NEVER)
            found.append(Spell(fact(rule, action.id, action.due_on, action.cooperative_id), action.agreed_on, done_on))
    visits = rows.scalars(select(Visit).order_by(Visit.cooperative_id, Visit.visited_on)).all()
    for visit, after in zip(visits, [*visits[1:], None], strict=True):
        is_followed = after is not None and after.cooperative_id == visit.cooperative_id
        until = after.visited_on if after and is_followed else NEVER
        silence = fact(RuleCode.UNVISITED, visit.cooperative_id, visit.visited_on, visit.cooperative_id)
        found.append(Spell(silence, visit.visited_on, until))
    made = {visit.planned_visit_id: visit.visited_on for visit in visits}
    for plan in rows.scalars(select(PlannedVisit).where(PlannedVisit.cancelled_at.is_(None), PlannedVisit.moves == 0)):
        planned = fact(RuleCode.PLANNED_VISIT, plan.id, plan.planned_on, plan.cooperative_id)
        found.append(Spell(planned, office_date(plan.created_at), made.get(plan.id, NEVER)))
    return found


def _reported(rows: Session) -> dict[uuid.UUID, dt.date]:
    """The day on which each action was first reported done, verified or cancelled."""
    ends = (ActionStatus.REPORTED_DONE, ActionStatus.VERIFIED, ActionStatus.CANCELLED)
    steps = rows.scalars(
        select(ActionUpdate).where(ActionUpdate.status.in_(ends)).order_by(ActionUpdate.made_at.desc())
    )
    return {step.action_id: office_date(step.made_at) for step in steps}


def lived_through(rows: Session) -> Iterator[tuple[dt.date, Sequence[Reminder], WorkingDays]]:
    calendar, people = working_days_around(rows, FIRST, TODAY), people_to_hear(rows, on=TODAY, with_accounts=True)
    known = spells(rows)
    for number in range((TODAY - FIRST).days + 1):
        day = FIRST + number * ONE_DAY
        still = [spell.fact for spell in known if spell.is_open(day)]
        yield day, reminders_on(day, still, DEFAULTS, people, calendar), calendar


@pytest.mark.parametrize("year", ["sqlite"], indirect=True)
def test_every_reminder_of_the_simulated_city_is_justified_and_none_comes_after_it_was_done(rows: Session) -> None:
    known = {(spell.fact.rule, spell.fact.subject_id, spell.fact.on): spell for spell in spells(rows)}
    counts: Counter[str] = Counter()
    seen: Counter[tuple[object, ...]] = Counter()

    for day, reminders, calendar in lived_through(rows):
        assert calendar.is_working(day) or not reminders
        assert len({(each.person_id, each.fact.rule, each.fact.subject_id) for each in reminders}) == len(reminders)
        for each in reminders:
            fact, rule = each.fact, DEFAULTS[each.fact.rule]
            assert known[fact.rule, fact.subject_id, fact.on].is_open(day)
            own_day = fact.on + each.step * ONE_DAY
            is_ahead = rule.is_ahead and not each.is_escalation
            assert calendar.shown_on(own_day, is_ahead=is_ahead) == day
            counts[fact.rule] += 1
            seen[(fact.on, *each.key)] += 1

    assert max(seen.values()) == 1
    assert set(counts) == {
        RuleCode.ACTION_DUE,
        RuleCode.ACTION_OVERDUE,
        RuleCode.UNVISITED,
        RuleCode.PLANNED_VISIT,
    }
