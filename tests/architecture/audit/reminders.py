"""What reminders leave on record: rules, days off and obligations, and how somebody is reached."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from pendamping.kernel.audit import Actor
from pendamping.reminders import mail_confirmation, personal
from pendamping.reminders.admin import service as admin
from pendamping.reminders.admin.service import NewDayOff
from pendamping.reminders.calendar import service as calendar
from pendamping.reminders.models import ChannelKind, DayOffKind, MailConfirmation
from pendamping.reminders.obligations import Dates, Terms
from pendamping.reminders.owed import service as owed
from pendamping.reminders.personal import Choice
from pendamping.reminders.rules import DEFAULTS, RuleCode
from tests.architecture.audit.cases import AuditCase
from tests.conftest import NOW, TODAY
from tests.make import Make

CHANGED = replace(DEFAULTS[RuleCode.PLANNED_VISIT], days=(2, 1))
REPORT = Terms("Laporan kas", "Cash report", Dates(day_of_month=10))
WANTED = Choice((ChannelKind.EMAIL, ChannelKind.PUSH), email="dewi@contoh.id")
ENDPOINT, AUTH = "https://localhost/dorong", "rahasia-peramban"
UNREACHED = {"channels": [], "has_email": False, "has_phone": False, "paused_from": None, "paused_until": None}
REACHED = {**UNREACHED, "channels": ["email", "push"], "has_email": True}
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


def say_met(make: Make, actor: Actor, *, is_met: bool = True) -> None:
    said: dict[str, Any] = {"is_met": is_met, "author_id": make.user().id, "actor": actor, "now": NOW}
    owed.say_met(make.session, make.cooperative(), "TRIWULAN", dt.date(2026, 4, 15), **said)


def say_not_met(make: Make, actor: Actor) -> None:
    say_met(make, make.actor)
    say_met(make, actor, is_met=False)


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


def choose(make: Make, actor: Actor, *, now: dt.datetime = NOW) -> uuid.UUID:
    user_id = make.user().id
    personal.choose(make.session, user_id, WANTED, actor=actor, now=now)
    return user_id


def leave_mail(make: Make, actor: Actor) -> None:
    personal.leave_mail(make.session, choose(make, make.actor), actor=actor, now=NOW)


def ask_again(make: Make, actor: Actor) -> None:
    user_id = choose(make, make.actor, now=NOW - mail_confirmation.PAUSE)
    mail_confirmation.ask_again(make.session, user_id, actor=actor, now=NOW)


def confirm(make: Make, actor: Actor) -> None:
    asked = select(MailConfirmation.id).where(MailConfirmation.person_id == choose(make, make.actor))
    mail_confirmation.confirm(make.session, make.session.scalars(asked).one(), actor=actor, now=NOW)


def make_feed(make: Make, actor: Actor) -> uuid.UUID:
    user_id = make.user().id
    personal.make_feed(make.session, user_id, actor=actor, now=NOW)
    return user_id


def revoke_feed(make: Make, actor: Actor) -> None:
    personal.revoke_feed(make.session, make_feed(make, make.actor), actor=actor, now=NOW)


def subscribe(make: Make, actor: Actor) -> uuid.UUID:
    user_id, keys = make.user().id, {"p256dh": "kunci", "auth": AUTH}
    personal.subscribe(make.session, user_id, endpoint=ENDPOINT, **keys, actor=actor, now=NOW)
    return user_id


def forget_browser(make: Make, actor: Actor) -> None:
    user_id = subscribe(make, make.actor)
    (browser,) = personal.browsers_of(make.session, user_id)
    personal.forget_browser(make.session, user_id, browser.id, actor=actor, now=NOW)


def end_what_needs_no_sign_in(make: Make, actor: Actor) -> None:
    personal.end_what_needs_no_sign_in(make.session, subscribe(make, make.actor), actor=actor, now=NOW)


def unsubscribe(make: Make, actor: Actor) -> None:
    personal.unsubscribe(make.session, subscribe(make, make.actor), endpoint=ENDPOINT, actor=actor, now=NOW)


CASES: Mapping[str, AuditCase] = {
    "reminders.calendar.service.add_obligation": AuditCase(
        add_obligation,
        "add_obligation",
        "obligation",
        after={"name_id": "Laporan kas", "day_of_month": 10, "in_force_on": "2026-04-14"},
    ),
    "reminders.calendar.service.change_obligation": AuditCase(
        change_obligation,
        "change_obligation",
        "obligation",
        before={"day_of_month": 10, "in_force_on": "2026-04-14"},
        after={"day_of_month": 12, "in_force_on": "2026-04-15"},
    ),
    "reminders.calendar.service.end_obligation": AuditCase(
        end_obligation,
        "end_obligation",
        "obligation",
        before={"is_ended": False, "in_force_on": "2026-04-14"},
        after={"is_ended": True, "in_force_on": "2026-05-01"},
    ),
    "reminders.admin.service.change_rule": AuditCase(
        change_rule, "change_reminder_rule", "reminder_rule", before={"days": [1]}, after={"days": [2, 1]}
    ),
    "reminders.admin.service.restore_rule": AuditCase(
        restore_rule, "change_reminder_rule", "reminder_rule", before={"days": [2, 1]}, after={"days": [1]}
    ),
    "reminders.admin.service.add_days_off": AuditCase(
        add_days_off, "set_day_off", "day_off", after={"name": "Cuti bersama"}
    ),
    "reminders.admin.service.remove_day_off": AuditCase(
        remove_day_off, "remove_day_off", "day_off", before={"name": "Cuti bersama", "kind": "holiday"}
    ),
    "reminders.personal.choose": AuditCase(choose, "choose_reminders", "contact", before=UNREACHED, after=REACHED),
    "reminders.personal.leave_mail": AuditCase(
        leave_mail, "choose_reminders", "contact", before=REACHED, after={**REACHED, "channels": ["push"]}
    ),
    "reminders.personal.make_feed": AuditCase(make_feed, "make_calendar_feed", "calendar_feed"),
    "reminders.personal.revoke_feed": AuditCase(revoke_feed, "revoke_calendar_feed", "calendar_feed"),
    "reminders.personal.subscribe": AuditCase(subscribe, "subscribe_to_push", "push_subscription"),
    "reminders.personal.forget_browser": AuditCase(forget_browser, "unsubscribe_from_push", "push_subscription"),
    "reminders.personal.end_what_needs_no_sign_in": AuditCase(
        end_what_needs_no_sign_in, "unsubscribe_from_push", "push_subscription"
    ),
    "reminders.personal.unsubscribe": AuditCase(unsubscribe, "unsubscribe_from_push", "push_subscription"),
    "reminders.mail_confirmation.ask_again": AuditCase(ask_again, "ask_mail_address", "contact"),
    "reminders.mail_confirmation.confirm": AuditCase(confirm, "confirm_mail_address", "contact"),
    "reminders.owed.service.plan_meeting": AuditCase(
        plan_meeting,
        "plan_general_meeting",
        "general_meeting",
        before={"planned_on": None},
        after={"planned_on": "2026-05-20"},
    ),
    "reminders.owed.service.say_met": AuditCase(
        say_met, "obligation_met", "obligation_met", after={"obligation": "TRIWULAN", "due_on": "2026-04-15"}
    ),
    "reminders.owed.service.say_met, that it is not": AuditCase(
        say_not_met, "obligation_not_met", "obligation_met", after={"obligation": "TRIWULAN", "due_on": "2026-04-15"}
    ),
}
