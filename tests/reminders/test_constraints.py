import datetime as dt
import uuid
from typing import Any

from pendamping.reminders.models import (
    CalendarFeed,
    ChannelKind,
    Contact,
    DayOff,
    DayOffKind,
    Delivery,
    DeliveryState,
    GeneralMeeting,
    JobRun,
    MailConfirmation,
    Notification,
    ObligationVersion,
    PushSubscription,
    ReminderRule,
    RunOutcome,
)
from pendamping.reminders.rules import Doer
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

DAY = dt.date(2026, 4, 14)
SECOND = dt.timedelta(seconds=1)
ID = uuid.UUID(int=7)


def add_day_off(make: Make, **changed: object) -> None:
    sound = {"on": dt.date(2030, 1, 1), "name": "Tahun baru", "kind": DayOffKind.HOLIDAY}
    add_row(make, DayOff, **{**sound, **changed})


def add_obligation(make: Make, **changed: object) -> None:
    sound = {
        "code": "uji",
        "number": 1,
        "in_force_on": DAY,
        "name_id": "Uji",
        "name_en": "Test",
        "month_days": [],
        "day_of_month": 5,
        "on_days": [],
        "rule": "",
        "only_if": "",
        "source": "uji",
        "confidence": "tinggi",
        "doer": Doer.COOPERATIVE,
        "days": [7],
        "hearers": ["pelaksana"],
        "is_ended": False,
    }
    add_row(make, ObligationVersion, **{**sound, **changed})


def add_rule(make: Make, **changed: object) -> None:
    sound = {
        "code": "tindakan_terlambat",
        "is_on": True,
        "days": [1, 7],
        "hearers": ["facilitator"],
        "escalates_after": 14,
        "goes_out": True,
        "changed_at": make.now,
    }
    add_row(make, ReminderRule, **{**sound, **changed})


def add_meeting(make: Make, **changed: object) -> None:
    sound = {
        "cooperative_id": make.cooperative().id,
        "city_code": "64.71",
        "year": 2026,
        "planned_on": DAY,
        "moves": 0,
        "author_id": make.user().id,
        "noted_at": make.now,
    }
    add_row(make, GeneralMeeting, **{**sound, **changed})


def add_delivery(make: Make, **changed: object) -> uuid.UUID:
    sound: dict[str, Any] = {
        "id": uuid.uuid4(),
        "person_id": changed.get("person_id") or make.user().id,
        "channel": ChannelKind.EMAIL,
        "day": DAY,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "next_try_at": make.now,
        "is_repeat": False,
        "answer": "",
    }
    add_row(make, Delivery, **{**sound, **changed})
    return sound["id"]  # type: ignore[no-any-return]


def deliver_twice(make: Make) -> None:
    person_id = make.user().id
    for _ in range(2):
        add_delivery(make, person_id=person_id)


def add_notification(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "person_id": changed.get("person_id") or make.user().id,
        "rule": "tindakan_terlambat",
        "subject_id": ID,
        "day": DAY,
        "anchor_on": DAY,
        "step": 1,
        "is_escalation": False,
        "goes_out": True,
        "title": "Rapikan buku kas",
        "made_at": make.now,
    }
    add_row(make, Notification, **{**sound, **changed})


def remind_twice(make: Make) -> None:
    person_id = make.user().id
    for _ in range(2):
        add_notification(make, person_id=person_id)


def add_contact(make: Make, **changed: object) -> None:
    sound = {"person_id": make.user().id, "channels": ["email"], "email": "ratna@contoh.id"}
    add_row(make, Contact, **{**sound, **changed})


def add_confirmation(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "person_id": make.user().id,
        "email": "ratna@contoh.id",
        "asked_at": make.now,
        "next_try_at": make.now,
        "attempts": 0,
        "answer": "",
    }
    add_row(make, MailConfirmation, **{**sound, **changed})


def add_feed(make: Make, **changed: object) -> None:
    sound = {"person_id": make.user().id, "secret_sha256": "a" * 64, "made_at": make.now}
    add_row(make, CalendarFeed, **{**sound, **changed})


def feed_twice(make: Make) -> None:
    for _ in range(2):
        add_feed(make)


def add_subscription(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "person_id": make.user().id,
        "endpoint": "https://evil.example/1",
        "p256dh": "kunci",
        "auth": "rahasia",
        "made_at": make.now,
    }
    add_row(make, PushSubscription, **{**sound, **changed})


def subscribe_twice(make: Make) -> None:
    for _ in range(2):
        add_subscription(make)


def add_run(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "job": "pengingat",
        "slot": make.now,
        "started_at": make.now,
        "ended_at": make.now,
        "attempts": 1,
        "outcome": RunOutcome.DONE,
        "message": "",
        "node": "satu",
    }
    add_row(make, JobRun, **{**sound, **changed})


def run_twice(make: Make) -> None:
    for _ in range(2):
        add_run(make)


BROKEN: Broken = {
    "ck_reminder_rule_escalates_in_reach": lambda make: add_rule(make, escalates_after=-1),
    "ck_general_meeting_year_in_reach": lambda make: add_meeting(make, year=26),
    "ck_delivery_channelkind": lambda make: add_delivery(make, channel=raw("merpati")),
    "ck_delivery_deliverystate": lambda make: add_delivery(make, state=raw("entah")),
    "ck_delivery_attempts_not_negative": lambda make: add_delivery(make, attempts=-1),
    "uq_delivery_person_id_channel_day": deliver_twice,
    "uq_notification_rule_subject_id_person_id_day_step": remind_twice,
    "ck_notification_read_after_it_was_made": lambda make: add_notification(make, read_at=make.now - SECOND),
    "ck_notification_settled_after_it_was_made": lambda make: add_notification(make, settled_at=make.now - SECOND),
    "ck_contact_pause_runs_forward": lambda make: add_contact(
        make, paused_from=DAY, paused_until=DAY - dt.timedelta(days=1)
    ),
    "ck_contact_pause_is_whole": lambda make: add_contact(make, paused_from=DAY),
    "ck_contact_email_is_given": lambda make: add_contact(make, email=""),
    "ck_contact_only_an_address_is_confirmed": lambda make: add_contact(
        make, email=None, channels=[], email_confirmed_at=make.now
    ),
    "ck_mail_confirmation_email_is_given": lambda make: add_confirmation(make, email="a"),
    "ck_mail_confirmation_attempts_not_negative": lambda make: add_confirmation(make, attempts=-1),
    "ck_mail_confirmation_used_after_it_was_asked": lambda make: add_confirmation(make, used_at=make.now - SECOND),
    "ck_calendar_feed_secret_sha256_length": lambda make: add_feed(make, secret_sha256="a"),
    "uq_calendar_feed_secret_sha256": feed_twice,
    "uq_push_subscription_endpoint": subscribe_twice,
    "ck_job_run_runoutcome": lambda make: add_run(make, outcome=raw("entah")),
    "ck_job_run_attempts_positive": lambda make: add_run(make, attempts=0),
    "ck_job_run_ends_with_an_outcome": lambda make: add_run(make, ended_at=None),
    "uq_job_run_job_slot": run_twice,
    "ck_day_off_dayoffkind": lambda make: add_day_off(make, kind=raw("malas")),
    "ck_day_off_name_is_given": lambda make: add_day_off(make, name=""),
    "ck_obligation_day_exists_in_every_month": lambda make: add_obligation(make, day_of_month=29),
    "ck_obligation_one_kind_of_date": lambda make: add_obligation(make, rule="14 hari sebelum RAT"),
    "ck_obligation_number_positive": lambda make: add_obligation(make, number=0),
    "ck_obligation_name_is_given": lambda make: add_obligation(make, name_id=""),
    "ck_obligation_doer": lambda make: add_obligation(make, doer=raw("tetangga")),
    "ck_obligation_somebody_at_some_time": lambda make: add_obligation(make, recorded_at=make.now),
}

REWRITTEN: Broken = {
    "obligation_is_append_only: update": rewrites(ObligationVersion, name_id="Lain"),
    "obligation_is_append_only: delete": removes(ObligationVersion),
}


def test_what_was_owed_is_not_rewritten(make: Make) -> None:
    add_obligation(make)

    assert misjudged(make, REWRITTEN) == {}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_day_off(make)
    add_obligation(make)
    add_rule(make)
    add_meeting(make)
    add_notification(make, delivery_id=add_delivery(make), read_at=make.now, settled_at=make.now)
    add_contact(make, paused_from=DAY, paused_until=DAY, email_confirmed_at=make.now)
    add_confirmation(make, used_at=make.now)
    add_feed(make)
    add_subscription(make)
    add_run(make)
    add_run(make, slot=make.now + SECOND, ended_at=None, outcome=RunOutcome.RUNNING)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}
