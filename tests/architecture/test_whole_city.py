"""What an admin sets for everybody is not set by an admin of less than a city."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select

from pendamping.accounts.models import User
from pendamping.kernel.access import access_of
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import EVERYONE, Role, holds_a_city
from pendamping.reminders.admin.page import troubled_deliveries
from pendamping.reminders.models import ChannelKind, Delivery, DeliveryState
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.only import on_sqlite
from tests.pages import Browser

CITY, DISTRICT = "64.71", "64.71.02"
SETS_FOR_ALL = {
    "programme.edit_year": "/tahun-program/2026",
    "programme.next_year": "/tahun-program/berikutnya",
    "reminder_admin.rule": "/pengingat/tindakan_terlambat",
    "reminder_admin.calendar": "/kalender",
    "reminder_admin.import_calendar": "/kalender/berkas",
    "reminder_admin.remove_day_off": "/kalender/2026-05-01/hapus",
    "obligations.create": "/kalender/kewajiban/baru",
    "obligations.detail": "/kalender/kewajiban/TRIWULAN",
    "obligations.end": "/kalender/kewajiban/TRIWULAN/akhir",
    "obligations.read_file": "/kalender/kewajiban/berkas",
}
WITHIN_THE_REGION = {
    "activities.add",
    "assignments.index",
    "attention.act",
    "attention.see",
    "copies.index",
    "exports.index",
    "people.create",
    "programme.office",
    "quarantine.index",
    "stages.designations",
}
"""No part of the address is looked up, but every row that is named in what they take."""


def endpoints(app: Flask) -> set[str]:
    """What an admin sends to, where nothing in the address is looked up within the region."""
    found = set()
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        is_sent = "POST" in (rule.methods or ()) and not access.is_public
        by_row = any(name == "code" or name.endswith("_id") for name in rule.arguments)
        if is_sent and Role.ADMIN in access.roles and access.roles != EVERYONE and not by_row:
            found.add(rule.endpoint)
    return found


def test_every_endpoint_of_admins_says_what_holds_it_within_the_region(app: Flask) -> None:
    drafting = {each for each in endpoints(app) if each.startswith("drafting.")}  # `can_draft`, before each of them
    flagged = {each for each in app.view_functions if access_of(app, each).sets_for_all}

    assert flagged == set(SETS_FOR_ALL)
    assert endpoints(app) - drafting == flagged | WITHIN_THE_REGION


@pytest.mark.parametrize(
    ("scope", "is_one"), [("", True), ("64", True), (CITY, True), (DISTRICT, False), (GRAHA_INDAH, False)]
)
def test_a_city_is_enough(scope: str, is_one: bool) -> None:
    assert holds_a_city(scope) is is_one


@on_sqlite
def test_an_admin_of_a_kecamatan_reads_what_holds_for_everybody_and_sets_nothing(browser: Browser) -> None:
    with browser.make() as make:
        users = [make.user(Role.ADMIN, scope_prefix=scope) for scope in (DISTRICT, CITY)]
    answers, shown = [], []

    for user in users:
        browser.sign_in(user)
        page = browser.open("/tahun-program/2026")
        token = browser.open("/pengguna/baru").fields()["csrf_token"]
        frame = {"starts_on": "2026-01-01", "ends_on": "2026-12-31", "caseload_min": "4", "caseload_max": "5"}
        sent = {"csrf_token": token, **frame, "visits_per_month": "9"}
        answers.append([browser.client.post(url, data=sent).status_code for url in SETS_FOR_ALL.values()])
        shown.append((page.status, page.soup.select_one("fieldset[disabled] form") is not None))

    assert answers[0] == [403] * len(SETS_FOR_ALL)
    assert 403 not in answers[1]
    assert answers[1][0] == 302
    assert shown == [(200, True), (200, False)]
    with browser.app.app_context():
        changes = select(func.count()).select_from(AuditEvent).where(AuditEvent.actor_id == users[0].id)
        assert reading().scalar(changes) == 0


@on_sqlite
def test_what_did_not_arrive_is_shown_to_the_admins_of_whom_it_was_for(make: Make) -> None:
    people: dict[str, User] = {
        "here": make.facilitator(KARIANGAU),
        "there": make.facilitator(GRAHA_INDAH),
        "officer here": make.cooperative_user(KARIANGAU),
        "officer there": make.cooperative_user(GRAHA_INDAH),
    }
    failed = {"channel": ChannelKind.EMAIL, "day": TODAY, "state": DeliveryState.FAILED, "answer": "550"}
    for user in people.values():
        make.session.add(Delivery(person_id=user.id, next_try_at=NOW + dt.timedelta(days=1), **failed))
    make.session.flush()

    seen = {
        scope: {row.person_id for row, _ in troubled_deliveries(make.session, admin, today=TODAY)}
        for scope, admin in ((scope, make.user(Role.ADMIN, scope_prefix=scope)) for scope in ("", DISTRICT))
    }

    assert seen[""] == {user.id for user in people.values()}
    assert seen[DISTRICT] == {people["here"].id, people["officer here"].id}
