"""What the admin sets: rules with a look at what they would have done, the calendar, and what was run and sent."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.reminders.admin.reading import UnreadableCalendar, days_off_in
from pendamping.reminders.admin.service import BadRule, change_rule
from pendamping.reminders.models import DayOff, DayOffKind, JobRun, RunOutcome
from pendamping.reminders.queries import rules_in_force
from pendamping.reminders.rules import DEFAULTS, Hearer, RuleCode
from pendamping.reminders.service import due_reminders
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make
from tests.pages import Browser

OVERDUE = "/pengingat/tindakan_terlambat"
FAULTS = [
    ({"days": "-1, 7"}, "Tulis satu sampai enam bilangan berbeda, 0 sampai 365, misalnya 7, 1."),
    ({"days": "7, 7"}, "Tulis satu sampai enam bilangan berbeda, 0 sampai 365, misalnya 7, 1."),
    ({"days": "1,2,3,4,5,6,7"}, "Tulis satu sampai enam bilangan berbeda, 0 sampai 365, misalnya 7, 1."),
    ({"days": "999"}, "Tulis satu sampai enam bilangan berbeda, 0 sampai 365, misalnya 7, 1."),
    ({"days": ""}, "Isi paling sedikit satu hari."),
    ({"escalates_after": "1" * 5000}, "Paling banyak 3 karakter."),
    ({"escalates_after": "-3"}, "Tulis bilangan 0 sampai 365, atau kosongkan."),
    ({"hearers": "tetangga"}, "Pilih dari yang ditawarkan."),
]


def test_a_rule_is_looked_at_before_it_is_stored_and_holds_from_then_on(app: Flask, browser: Browser) -> None:
    with browser.make() as make:
        admin, ratna = make.user(Role.ADMIN), make.facilitator()
        visit = make.visit(ratna, visited_on=dt.date(2026, 4, 1))
        make.agree(visit, ratna, make.action_draft(due_on=dt.date(2026, 4, 9)))
    browser.sign_in(admin)
    fields = browser.open(OVERDUE).fields()
    wanted = {**fields, "days": "5", "hearers": ["facilitator"], "escalates_after": ""}

    faults = [browser.send(OVERDUE, {**fields, **changed}).texts(".field__error") for changed, _ in FAULTS]
    looked = browser.send(OVERDUE, {**wanted, "lihat": "1"})
    unchanged = browser.open(OVERDUE).fields()["days"]
    stored = browser.send(OVERDUE, wanted)

    assert faults == [[fault] for _, fault in FAULTS]
    assert looked.has("1 pengingat, 1 orang")
    assert (unchanged, browser.open(OVERDUE).fields()["days"]) == ("1, 7, 14", "5")
    assert stored.has("Diubah")
    with app.app_context():
        assert [each.step for each in due_reminders(reading(), TODAY) if each.fact.rule == RuleCode.ACTION_OVERDUE] == [
            5
        ]
        changes = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "change_reminder_rule")).one()
        assert changes.before == {"days": [1, 7, 14], "hearers": ["pelaksana", "facilitator"], "escalates_after": 21}


def test_a_rule_that_is_off_reminds_nobody_and_bad_days_are_refused_below_the_form_too(make: Make) -> None:
    rule = DEFAULTS[RuleCode.PLANNED_VISIT]
    make.planned_visit(make.facilitator(), planned_on=dt.date(2026, 4, 15))

    change_rule(make.session, replace(rule, is_on=False), actor=ACTOR, now=NOW)
    assert due_reminders(make.session, TODAY) == []

    change_rule(make.session, replace(rule, hearers=(Hearer.FACILITATOR,)), actor=ACTOR, now=NOW)
    assert rules_in_force(make.session)[rule.code] == rule
    for days in ((), (-1,), (1, 1), (400,)):
        with pytest.raises(BadRule):
            change_rule(make.session, replace(rule, days=days), actor=ACTOR, now=NOW)


ICS = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//SKB//ID\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;VALUE=DATE:20270310\r
DTEND;VALUE=DATE:20270312\r
SUMMARY:Idul Fitri 1448 H\r
END:VEVENT\r
END:VCALENDAR\r
"""
IDUL_FITRI = [(dt.date(2027, 3, day), "Idul Fitri 1448 H", DayOffKind.HOLIDAY) for day in (10, 11)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ICS, IDUL_FITRI),
        (b"\xef\xbb\xbftanggal;nama\n2027-03-10;Idul Fitri 1448 H\n\n2027-03-11;Idul Fitri 1448 H\n", IDUL_FITRI),
        (
            b"2027-02-08,Cuti bersama Imlek\n",
            [(dt.date(2027, 2, 8), "Cuti bersama Imlek", DayOffKind.COLLECTIVE_LEAVE)],
        ),
    ],
)
def test_a_years_days_off_are_read_from_a_calendar_or_a_table(
    data: bytes, expected: list[tuple[dt.date, str, DayOffKind]]
) -> None:
    assert [(each.on, each.name, each.kind) for each in days_off_in(data)] == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"2027-01-01,Tahun baru\nbesok,Entah\n", "baris 2: 'besok' bukan tanggal"),
        (b"2027-01-01\n", "baris 1: tanggal 2027-01-01 tanpa nama"),
        (b"", "0 hari"),
        (b"\xff\xfe", "UTF-8"),
        (b"BEGIN:VCALENDAR\nrusak", "ICS"),
        (ICS.replace(b"20270312", b"29990101"), "hari; 1 sampai 400"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableCalendar) as caught:
        days_off_in(data)

    assert reason in caught.value.params["reason"]


def test_the_calendar_is_filled_by_hand_and_by_file_and_says_in_december_what_is_missing(
    app: Flask, browser: Browser
) -> None:
    with browser.make() as make:
        admin = make.user(Role.ADMIN)
    browser.sign_in(admin)
    this_year = browser.open("/kalender").texts("main h2")
    for odd in ("20270", "2027" * 2000, "0000", "1944", "²027", "x"):
        assert browser.open(f"/kalender?tahun={odd}").texts("main h2") == this_year, odd
    page = browser.open("/kalender?tahun=2027")
    day = {**page.fields("form[action='/kalender']"), "on": "2027-01-01", "name": "Tahun baru"}
    token = {"csrf_token": day["csrf_token"]}

    added = browser.send("/kalender", day)
    wrong = browser.send("/kalender", {**day, "on": "2027-02-30"})
    loaded = browser.send("/kalender/berkas", {**token, "file": (io.BytesIO(ICS), "skb.ics")})
    broken = browser.send(
        "/kalender/berkas", {**token, "file": (io.BytesIO(b"2027-05-01,Buruh\nbesok,Entah"), "skb.csv")}
    )
    removed = browser.send("/kalender/2027-01-01/hapus", token)

    assert page.has("Belum ada hari libur untuk tahun ini.")
    assert added.has("Jumat, 1 Januari 2027 · Hari libur nasional")
    assert (wrong.status, broken.status) == (400, 400)
    assert broken.texts(".field__error") == ["Berkas tidak terbaca: baris 2: 'besok' bukan tanggal"]
    assert loaded.has("2 hari disimpan.")
    assert not removed.has("1 Januari 2027")
    with app.app_context():
        assert len(reading().scalars(select(DayOff).where(DayOff.on >= dt.date(2027, 1, 1))).all()) == 2


def test_the_admin_sees_what_was_run_and_what_failed(browser: Browser) -> None:
    with browser.make() as make:
        admin = make.user(Role.ADMIN)
        for hours, outcome, message in (
            (24, RunOutcome.FAILED, "OperationalError"),
            (0, RunOutcome.DONE, "3 pengingat"),
        ):
            at = NOW - dt.timedelta(hours=hours)
            make.session.add(
                JobRun(
                    job="pengingat", slot=at, started_at=at, ended_at=at, outcome=outcome, message=message, node="satu"
                )
            )
    browser.sign_in(admin)

    page = browser.open("/pekerjaan")

    assert page.has("terakhir 14 April 2026 09.30 di satu")
    assert page.has("3 pengingat")
    assert page.has("berikutnya 15 April 2026 07.00")
    assert page.has("OperationalError")
