"""Verbs of reminders' rules, days off and obligations: what each leaves on record."""

import datetime as dt
from dataclasses import replace

from pendamping.kernel.audit import Actor
from pendamping.reminders.admin import service as admin
from pendamping.reminders.admin.service import NewDayOff
from pendamping.reminders.calendar import service as calendar
from pendamping.reminders.models import DayOffKind
from pendamping.reminders.obligations import Dates, Terms
from pendamping.reminders.owed import service as owed
from pendamping.reminders.rules import DEFAULTS, RuleCode
from tests.conftest import NOW, TODAY
from tests.make import Make
from tests.operations.verbs_of_the_field import Verbs

CHANGED = replace(DEFAULTS[RuleCode.PLANNED_VISIT], days=(2, 1))
REPORT = Terms("Laporan kas", "Cash report", Dates(day_of_month=10))
DAY_OFF = NewDayOff(dt.date(2026, 6, 2), "Cuti bersama", DayOffKind.HOLIDAY)


def change_rule(make: Make, actor: Actor) -> None:
    admin.change_rule(make.session, CHANGED, actor=actor, now=NOW)


def restore_rule(make: Make, actor: Actor) -> None:
    change_rule(make, make.actor)
    admin.restore_rule(make.session, CHANGED, actor=actor, now=NOW)


def add_days_off(make: Make, actor: Actor) -> None:
    admin.add_days_off(make.session, [DAY_OFF], actor=actor, now=NOW)


def remove_day_off(make: Make, actor: Actor) -> None:
    add_days_off(make, make.actor)
    admin.remove_day_off(make.session, DAY_OFF.on, actor=actor, now=NOW)


def plan_meeting(make: Make, actor: Actor) -> None:
    author_id = make.user().id
    owed.plan_meeting(make.session, make.cooperative(), dt.date(2026, 5, 20), author_id=author_id, actor=actor, now=NOW)


def say_met(make: Make, actor: Actor) -> None:
    owed.say_met(
        make.session,
        make.cooperative(),
        "TRIWULAN",
        dt.date(2026, 4, 15),
        is_met=True,
        author_id=make.user().id,
        actor=actor,
        now=NOW,
    )


def add_obligation(make: Make, actor: Actor) -> str:
    author_id = make.user().id
    return calendar.add_obligation(make.session, REPORT, in_force_on=TODAY, author_id=author_id, actor=actor, now=NOW)


def change_obligation(make: Make, actor: Actor) -> None:
    calendar.change_obligation(
        make.session,
        add_obligation(make, make.actor),
        replace(REPORT, dates=Dates(day_of_month=12)),
        seen=1,
        in_force_on=TODAY + dt.timedelta(days=1),
        today=TODAY,
        author_id=make.user().id,
        actor=actor,
        now=NOW,
    )


def end_obligation(make: Make, actor: Actor) -> None:
    calendar.end_obligation(
        make.session,
        add_obligation(make, make.actor),
        seen=1,
        last_on=dt.date(2026, 4, 30),
        today=TODAY,
        author_id=make.user().id,
        actor=actor,
        now=NOW,
    )


REMINDER_VERBS: Verbs = {
    "reminders.add_obligation": (
        add_obligation,
        "add_obligation",
        "obligation",
        None,
        {"name_id": "Laporan kas", "day_of_month": 10, "in_force_on": "2026-04-14"},
    ),
    "reminders.change_obligation": (
        change_obligation,
        "change_obligation",
        "obligation",
        {"day_of_month": 10, "in_force_on": "2026-04-14"},
        {"day_of_month": 12, "in_force_on": "2026-04-15"},
    ),
    "reminders.end_obligation": (
        end_obligation,
        "end_obligation",
        "obligation",
        {"is_ended": False, "in_force_on": "2026-04-14"},
        {"is_ended": True, "in_force_on": "2026-05-01"},
    ),
    "reminders.change_rule": (
        change_rule,
        "change_reminder_rule",
        "reminder_rule",
        {"days": [1]},
        {"days": [2, 1]},
    ),
    "reminders.restore_rule": (
        restore_rule,
        "change_reminder_rule",
        "reminder_rule",
        {"days": [2, 1]},
        {"days": [1]},
    ),
    "reminders.add_days_off": (add_days_off, "set_day_off", "day_off", None, {"name": "Cuti bersama"}),
    "reminders.remove_day_off": (
        remove_day_off,
        "remove_day_off",
        "day_off",
        {"name": "Cuti bersama", "kind": "holiday"},
        None,
    ),
    "reminders.plan_meeting": (
        plan_meeting,
        "plan_general_meeting",
        "general_meeting",
        {"planned_on": None},
        {"planned_on": "2026-05-20"},
    ),
    "reminders.say_met": (
        say_met,
        "obligation_met",
        "obligation_met",
        None,
        {"obligation": "TRIWULAN", "due_on": "2026-04-15"},
    ),
}
