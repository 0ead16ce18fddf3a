"""Tablets that register themselves, are heard of and revoked; and whoever has left, who hands in a queue."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pendamping.accounts.devices.models import Device
from pendamping.accounts.devices.queries import is_silent
from pendamping.accounts.models import User
from pendamping.accounts.service import deactivate_user, reactivate_user, set_password
from pendamping.field.quarantine.models import HeldRecord
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.visits.models import Visit
from tests.conftest import ACTOR, NOW
from tests.field import records
from tests.field.copies.writing import TabletKey
from tests.field.records import codes, hand_in, record
from tests.make import MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser

ID = uuid.UUID(int=11)
SESSION = "/api/v1/session"


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        user: User = rows.facilitator(username="ratna", name="Ratna Dewi")
    browser.sign_in(user)
    return user


def register(browser: Browser, id_: uuid.UUID = ID, **said: Any) -> TestResponse:
    headers = {"X-CSRF-Token": browser.token}
    body = {"name": "Tab merah", "public_key": TabletKey().public, **said}
    answer: TestResponse = browser.client.put(f"/api/v1/devices/{id_}", json=body, headers=headers)
    return answer


def device(browser: Browser) -> Device:
    with browser.app.app_context():
        return reading().scalars(select(Device)).one()


def test_a_tablet_registers_once_and_says_how_much_waits(browser: Browser, ratna: User) -> None:
    key = TabletKey().public
    first, again = register(browser, public_key=key), register(browser, public_key=key)
    said = browser.client.get(SESSION, headers={"X-Pendamping-Waiting": "7"}).get_json()
    for nonsense in ("-1", "banyak", "9" * 40, "\xb2"):
        browser.client.get(SESSION, headers={"X-Pendamping-Waiting": nonsense})

    assert (first.status_code, again.status_code) == (201, 200)
    assert (said["device"], said["leaving"], said["receipts"]) == (str(ID), None, 0)
    assert (device(browser).waiting_records, device(browser).last_seen_at) == (7, NOW)
    assert browser.open("/perangkat").has("7 catatan menunggu")
    with browser.app.app_context():
        later = NOW + dt.timedelta(days=3)
        assert reading().scalars(select(Device.id).where(is_silent(later))).all() == [ID]
        assert reading().scalars(select(Device.id).where(is_silent(NOW))).all() == []
        assert reading().scalars(select(AuditEvent.verb).where(AuditEvent.subject_type == "device")).all() == [
            "register_device"
        ]


def test_receipts_are_counted_by_tablet(browser: Browser, ratna: User) -> None:
    hand_in(browser, record(records.body(started=None, ended=None)))
    register(browser)
    sent = record(records.body(started=None, ended=None))

    before = browser.client.get(SESSION).get_json()["receipts"]
    hand_in(browser, sent, sent)

    assert (before, browser.client.get(SESSION).get_json()["receipts"]) == (1, 2)


@on_sqlite
def test_another_key_another_person_and_nonsense_are_refused(browser: Browser, ratna: User) -> None:
    register(browser)
    odd: list[dict[str, Any]] = [{"public_key": "bukan kunci"}, {"public_key": 7}, {"name": ["x"]}]

    other_key = register(browser)
    nonsense = [register(browser, uuid.uuid4(), **each).status_code for each in odd]
    with browser.make() as rows:
        browser.sign_in(rows.facilitator(MANGGAR))
    other_person = register(browser)

    assert (other_key.status_code, other_key.get_json(force=True)["code"]) == (409, "device_conflict")
    assert other_person.status_code == 409
    assert nonsense == [422, 422, 422]


def test_a_revoked_tablet_hands_in_its_queue_and_does_nothing_else(browser: Browser, ratna: User) -> None:
    key = TabletKey().public
    register(browser, public_key=key)
    browser.client.post(f"/perangkat/{ID}/pencabutan", data={"csrf_token": browser.token})

    said = browser.client.get(SESSION).get_json()
    (result,) = hand_in(browser, record())
    closed = [browser.client.get(url).headers.get("Location") for url in ("/", "/koperasi", "/perangkat")]

    assert said["leaving"] == {"why": "device_revoked", "until": "2026-06-13T01:30:00Z", "then": "wipe"}
    assert (result["outcome"], codes(result), browser.count(Visit)) == ("later", ["in_quarantine"], 0)
    assert closed == ["/serahkan"] * 3
    assert browser.open("/serahkan").has("Tablet ini sudah dicabut.")
    assert browser.client.get("/api/v1/field-pack").status_code == 401
    browser.sign_in(ratna)
    with browser.client.session_transaction() as session:
        session.pop("device")
    assert register(browser, public_key=key).status_code == 403
    assert browser.client.get(SESSION).get_json()["leaving"]["why"] == "device_revoked"


def test_after_an_account_was_closed_its_queue_waits_for_the_head(browser: Browser, ratna: User) -> None:
    malformed, good = record("{}"), record()
    with browser.make() as rows:
        deactivate_user(rows.session, rows.session.get_one(User, ratna.id), actor=ACTOR, now=NOW)

    results = hand_in(browser, malformed, good)

    assert [codes(each) for each in results] == [["in_quarantine"], ["in_quarantine"]]
    assert browser.client.get("/").headers["Location"] == "/serahkan"
    with browser.app.app_context():
        held = {str(each.record_id): each for each in reading().scalars(select(HeldRecord))}
        assert (held[good["id"]].why, held[malformed["id"]].cooperative_id) == ("left", None)
    with browser.make() as rows:
        head = rows.user(Role.AGENCY_HEAD)
    browser.sign_in(head)
    page = browser.open("/karantina")
    boxes = [str(each["value"]) for each in page.soup.select("input[name=records]")]
    page = browser.send("/karantina", {**page.fields(), "records": boxes, "verdict": "accepted"})
    assert page.has("1 catatan diterima.")
    assert browser.count(Visit) == 1


@on_sqlite
def test_a_password_that_is_reset_after_the_closing_does_not_lock_the_queue_in(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        user = rows.session.get_one(User, ratna.id)
        deactivate_user(rows.session, user, actor=ACTOR, now=NOW)
        for password in ("sandi-yang-pertama", "sandi-yang-kedua"):
            set_password(rows.session, user, password, actor=ACTOR, now=NOW, must_change=True)

    page = browser.open("/serahkan")
    (result,) = hand_in(browser, record())

    assert (page.status, codes(result), browser.count(HeldRecord)) == (200, ["in_quarantine"], 1)
    with browser.make() as rows:
        reactivate_user(rows.session, rows.session.get_one(User, ratna.id), actor=ACTOR, now=NOW)
    assert browser.client.get(SESSION).status_code == 401  # opened again, it is entered with the new password


def test_after_sixty_days_nothing_is_left_to_do(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        closed_at = NOW - dt.timedelta(days=60)
        deactivate_user(rows.session, rows.session.get_one(User, ratna.id), actor=ACTOR, now=closed_at)

    assert browser.client.get(SESSION).status_code == 401
    assert browser.client.get("/").headers["Location"] == "/masuk"


@on_sqlite
def test_an_admin_names_and_revokes_the_tablets_of_the_region_and_no_others(browser: Browser, ratna: User) -> None:
    register(browser)
    with browser.make() as rows:
        admin, elsewhere = rows.user(Role.ADMIN), rows.user(Role.ADMIN, scope_prefix="64.71.05")
    browser.sign_in(elsewhere)
    with browser.client.session_transaction() as session:
        session.pop("device")
    token = {"csrf_token": browser.token}
    foreign = [
        browser.client.post(f"/perangkat/{ID}/{verb}", data=token).status_code for verb in ("nama", "pencabutan")
    ]
    browser.sign_in(admin)
    token = {"csrf_token": browser.token}

    named = browser.send(f"/perangkat/{ID}/nama", {**token, "name": "Tab kantor"})
    empty = browser.send(f"/perangkat/{ID}/nama", {**token, "name": " \u200b"})
    revoked = [browser.send(f"/perangkat/{ID}/pencabutan", token) for _ in range(2)]

    assert foreign == [404, 404]
    assert named.has("Tab kantor · Ratna Dewi")
    assert empty.has("Isi nama tabletnya.")
    assert revoked[1].has("Dicabut 14 April 2026")
    with browser.app.app_context():
        verbs = reading().scalars(select(AuditEvent.verb).where(AuditEvent.subject_type == "device")).all()
        assert sorted(verbs) == ["register_device", "rename_device", "revoke_device"]
