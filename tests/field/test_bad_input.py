"""Whatever comes over the wire: a problem or an outcome with a stable code, nothing half stored, nothing broken."""

import base64
import hashlib
import json
import sqlite3
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import make_url

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.field.models import Receipt
from pendamping.field.wire import MAX_BODY_CHARACTERS, MAX_RECORDS
from pendamping.kernel import database
from pendamping.kernel.database import db
from pendamping.plans.models import Action
from pendamping.visits.models import Visit
from tests.field import records
from tests.field.records import codes, hand_in, outcomes, post, record
from tests.make import GRAHA_INDAH
from tests.only import on_sqlite
from tests.pages import Browser
from tests.pictures import photo

MEGABYTE = 1024 * 1024
SOUND = record("{}", id_=uuid.UUID(int=9))
"""An envelope in which each test breaks one thing."""


def envelope(*found: Any) -> bytes:
    return json.dumps({"records": found}).encode()


def assert_nothing_stored(browser: Browser) -> None:
    assert {table.__tablename__: browser.count(table) for table in (Visit, Action, Receipt)} == {
        "visit": 0,
        "action": 0,
        "receipt": 0,
    }


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "bad_request"),
        (b"{", 400, "bad_request"),
        (b"bukan json", 400, "bad_request"),
        (b'{"records": ["\xff\xfe"]}', 400, "bad_request"),
        (b'\xef\xbb\xbf{"records": []}', 400, "bad_request"),
        (b"[" * 5000 + b"]" * 5000, 422, "bad_records"),
        (b'{"records": [' + b"[" * 5000 + b"]" * 5000 + b"]}", 400, "bad_request"),
        (b"[]", 422, "bad_records"),
        (b"null", 422, "bad_records"),
        (b"7", 422, "bad_records"),
        (b"{}", 422, "bad_records"),
        (b'{"records": {}}', 422, "bad_records"),
        (b'{"records": null}', 422, "bad_records"),
        (b'{"records": [], "more": 1}', 422, "bad_records"),
        (envelope(*[{}] * (MAX_RECORDS + 1)), 422, "bad_records"),
        (envelope(*[{}] * 10_000), 422, "bad_records"),
        (b'{"records": ["' + b"x" * 20 * MEGABYTE + b'"]}', 413, "body_too_large"),
    ],
    ids=lambda value: f"{value[:20]!r}" if isinstance(value, bytes) else str(value),
)
def test_what_is_no_batch_is_a_problem(browser: Browser, ratna: User, data: bytes, status: int, code: str) -> None:
    answer = post(browser, data)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    said = json.loads(answer.data)
    assert (said["code"], said["status"]) == (code, status)
    assert said["detail"]
    assert_nothing_stored(browser)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "a/b/c"]
)
def test_another_content_type_is_a_problem(browser: Browser, ratna: User, content_type: str) -> None:
    answer = post(browser, envelope(record()), content_type=content_type)

    assert (answer.status_code, json.loads(answer.data)["code"]) == (415, "wrong_content_type")
    assert_nothing_stored(browser)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        "teks",
        [],
        {},
        {**SOUND, "v": "1"},
        {**SOUND, "v": 1.5},
        {**SOUND, "v": True},
        {**SOUND, "v": 0},
        {**SOUND, "v": -1},
        {**SOUND, "v": 10**30},
        {**SOUND, "id": "bukan-nomor"},
        {**SOUND, "id": None},
        {**SOUND, "id": 7},
        {**SOUND, "kind": None},
        {**SOUND, "kind": "x" * 1000},
        {**SOUND, "body": None},
        {**SOUND, "body": {"cooperative": GRAHA_INDAH}},
        {**SOUND, "body": "x" * (MAX_BODY_CHARACTERS + 1)},
        {**SOUND, "base_sha256": "abc"},
        {**SOUND, "base_sha256": "E" * 64},
        {**SOUND, "surprise": 1},
        {name: value for name, value in SOUND.items() if name != "kind"},
    ],
    ids=lambda _: "",  # numbered: their own ids are others at every run
)
def test_what_is_no_record_is_refused_and_harms_no_other(browser: Browser, ratna: User, bad: Any) -> None:
    results = hand_in(browser, bad, record())

    assert outcomes(results) == ["rejected", "created"]
    assert codes(results[0]) == ["bad_record"]
    assert results[0]["id"] == (bad["id"] if isinstance(bad, dict) and isinstance(bad.get("id"), str) else None)
    assert (browser.count(Visit), browser.count(Receipt)) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "surat"}, "unknown_kind"),
        ({"kind": ""}, "unknown_kind"),
        ({"v": 2}, "unknown_version"),
        ({"body": ""}, "bad_body"),
        ({"body": "bukan json"}, "bad_body"),
        ({"body": "[]"}, "bad_body"),
        ({"body": "null"}, "bad_body"),
        ({"body": '{"notes": NaN}'}, "bad_body"),
        ({"body": '{"notes": 1e999}'}, "bad_body"),
        ({"body": '{"notes": ' + "9" * 6000 + "}"}, "bad_body"),
        ({"body": '{"notes": "\\ud800"}'}, "bad_body"),
        ({"body": '{"notes": ' + "[" * 5000 + "]" * 5000 + "}"}, "bad_body"),
        ({"body": '{"a": ' * 5000 + "1" + "}" * 5000}, "bad_body"),
        ({"body": json.dumps({"cooperative": GRAHA_INDAH, "photos": ["x"] * 5000})}, "bad_body"),
        ({"body": json.dumps({"cooperative": GRAHA_INDAH, "signed_by": "a\0b"})}, "bad_body"),
        ({"body": json.dumps({"cooperative": "\0"})}, "outside_assignment"),
        ({"body": "{}"}, "outside_assignment"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_record_that_cannot_be_read_is_refused_and_harms_no_other(
    browser: Browser, ratna: User, changes: dict[str, Any], code: str
) -> None:
    results = hand_in(browser, {**record(), **changes}, record())

    assert outcomes(results) == ["rejected", "created"]
    assert codes(results[0]) == [code]
    assert (browser.count(Visit), browser.count(Receipt)) == (1, 1)


def test_a_raw_nul_in_a_body_is_refused(browser: Browser, ratna: User) -> None:
    (result,) = hand_in(browser, record("\0{}"))

    assert codes(result) == ["bad_body"]


@pytest.mark.parametrize("kind", ["visit", "schedule", "action", "action_update", "correction"])
@pytest.mark.parametrize(
    "odd",
    [
        {"cooperative": GRAHA_INDAH, "visited_on": {"a": 1}, "planned_on": [], "title": {}, "people_met": "x"},
        {"cooperative": GRAHA_INDAH, "answers": [], "actions": {}, "photos": {}, "place": "sini", "purposes": 7},
        {"cooperative": GRAHA_INDAH, "answers": {"KL-01": "yes"}, "actions": ["x", 7, None], "people_met": [[]]},
        {"cooperative": GRAHA_INDAH, "place": {"lat": "inf", "lon": "nan"}, "visited_on": "0001-01-01"},
        {"cooperative": GRAHA_INDAH, "visited_on": "9999-12-31", "planned_on": "9999-12-31", "due_on": "9999-12-31"},
        {"cooperative": GRAHA_INDAH, "instruments": {"KL": None}, "answers": {"": {"value": ""}}, "csrf_token": "x"},
        {"cooperative": GRAHA_INDAH, "id": "x", "base_revision": "-1", "action": {}, "visit": {}, "reason": ["a", "b"]},
    ],
    ids=str,
)
def test_a_body_of_any_shape_gets_an_outcome(browser: Browser, ratna: User, kind: str, odd: dict[str, Any]) -> None:
    with_base = record(json.dumps(odd), kind=kind, base_sha256="e" * 64)

    results = hand_in(browser, record(json.dumps(odd), kind=kind), with_base)

    assert set(outcomes(results)) <= {"created", "rejected", "later"}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [*records.VISIT, "planned_on", "starts", "agenda", "title", "due_on", "visit", "action", "note"]
)
BODIES = st.dictionaries(FIELDS, JSON, max_size=8).map(lambda found: {"cooperative": GRAHA_INDAH, **found})
KINDS = st.sampled_from(["visit", "schedule", "action", "action_update", "correction", "surat"])


@on_sqlite
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(st.tuples(KINDS, BODIES, st.sampled_from([None, "e" * 64])), max_size=3))
def test_whatever_a_tablet_sends_nothing_of_ours_breaks(
    browser: Browser, ratna: User, sent: list[tuple[str, dict[str, Any], str | None]]
) -> None:
    batch = [record(json.dumps(body), kind=kind, base_sha256=base) for kind, body, base in sent]

    results = hand_in(browser, *batch)

    assert [each["id"] for each in results] == [each["id"] for each in batch]
    assert all(each["errors"] or each["outcome"] in ("created", "merged", "duplicate") for each in results)


# The session ----------------------------------------------------------------------------------------------------------


def test_a_stale_token_and_an_ended_session_are_told_apart(browser: Browser, ratna: User) -> None:
    sent = {"data": envelope(record()), "content_type": "application/json"}

    stale = browser.client.post(records.ADDRESS, headers={"X-CSRF-Token": "lama"}, **sent)
    missing = browser.client.post(records.ADDRESS, **sent)
    nobody = browser.app.test_client().post(records.ADDRESS, headers={"X-CSRF-Token": "lama"}, **sent)

    assert [(each.status_code, json.loads(each.data)["code"]) for each in (stale, missing, nobody)] == [
        (400, "bad_csrf"),
        (400, "bad_csrf"),
        (401, "not_signed_in"),
    ]
    assert_nothing_stored(browser)


def test_a_one_time_password_is_changed_first(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        rows.session.get_one(User, ratna.id).must_change_password = True

    answer = post(browser, envelope(record()))

    assert (answer.status_code, json.loads(answer.data)["code"]) == (403, "password_must_change")
    assert_nothing_stored(browser)


# The database ---------------------------------------------------------------------------------------------------------


@on_sqlite
def test_a_locked_database_stores_nothing_and_asks_to_come_again(
    browser: Browser, ratna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    with browser.app.app_context():
        db.engine.dispose()  # connections that are made from now on wait no longer
    url = make_url(browser.app.config["SQLALCHEMY_DATABASE_URI"])
    other = sqlite3.connect(str(url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        busy = post(browser, envelope(record()))
    finally:
        other.rollback()
        other.close()
        with browser.app.app_context():
            db.engine.dispose()

    assert (busy.status_code, json.loads(busy.data)["code"], busy.headers["Retry-After"]) == (503, "busy", "5")
    assert_nothing_stored(browser)


@on_sqlite
def test_a_full_disk_stores_nothing_and_asks_to_come_again(browser: Browser, ratna: User) -> None:
    sent = [record(records.body(started=None, ended=None, notes="x" * 9_000)) for _ in range(40)]

    def leave_no_room(connection: Any, _record: object, _proxy: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 4}")

    with browser.app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "checkout", leave_no_room)
    try:
        full = post(browser, envelope(*sent))
    finally:
        with browser.app.app_context():
            event.remove(db.engine, "checkout", leave_no_room)
            db.engine.dispose()

    assert (full.status_code, json.loads(full.data)["code"], full.headers["Retry-After"]) == (503, "disk_full", "60")
    assert_nothing_stored(browser)
    assert outcomes(hand_in(browser, *sent)) == ["created"] * 40


# Photos ---------------------------------------------------------------------------------------------------------------


def test_a_photo_with_the_wrong_digest_is_refused_and_the_right_one_taken_once(browser: Browser, ratna: User) -> None:
    data, address = photo(), f"/api/v1/attachments/{uuid.uuid4()}"

    def put(sent: bytes, digest_of: bytes) -> tuple[int, str | None]:
        digest = base64.b64encode(hashlib.sha256(digest_of).digest()).decode()
        headers = {"X-CSRF-Token": browser.token, "Content-Digest": f"sha-256=:{digest}:"}
        answer = browser.client.put(address, data=sent, content_type="image/jpeg", headers=headers)
        return answer.status_code, json.loads(answer.data).get("code")

    assert put(data, b"other") == (400, "wrong_digest")
    assert browser.count(Attachment) == 0
    assert [put(data, data), put(data, data)] == [(201, None), (200, None)]
    other = photo(size=(32, 32))
    assert put(other, other) == (409, "attachment_conflict")
    assert browser.count(Attachment) == 1
