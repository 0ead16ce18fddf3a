"""The wire as its design names it, word for word: what is promised to tablets of every release."""

import hashlib
import json
import uuid
from typing import Any

from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.field.models import Receipt
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.database import reading
from pendamping.plans.models import Action
from pendamping.visits.models import Attendance, Visit
from tests.conftest import TODAY
from tests.field import records
from tests.field.records import hand_in
from tests.pages import Browser
from tests.pictures import photo

ENVELOPE = """
{"records": [{"v": 1, "kind": "visit", "id": "7d9d1c1e-6a1f-4c0e-9a55-0d7c3b2a1f00", "base_sha256": null, "body": ""}]}
"""
BODY = """
{"cooperative": "64.71.03.1006", "visited_on": "2026-04-14", "started": "09:30", "ended": "11:00", "mode": "tatap_muka",
 "purposes": ["pemeriksaan", "pelatihan"], "people_met": [{"name": "Siti Aminah", "role": "bendahara"}],
 "notes": "Lancar.",
 "place": {"lat": -1.2, "lon": 116.8, "accuracy_m": 12}, "written_at": "2026-04-14T03:10:00Z",
 "instruments": {}, "answers": {"KL-01": {"value": "yes", "proof": "dokumen_dilihat", "note": ""}},
 "actions": [{"id": "0b54b1c2-93b7-4c0e-8d4b-1f2e3d4c5b6a", "item": "KL-05", "title": "Lengkapi buku tamu",
              "owner_role": "bendahara", "due_on": "2026-04-28"}],
 "photos": [], "signature": null, "signed_by": ""}
"""


def body(browser: Browser, **changes: Any) -> str:
    with browser.app.app_context():
        versions = {each.instrument.code: each.sha256 for each in instruments_on(reading(), TODAY)}
    return json.dumps({**json.loads(BODY), "instruments": versions, **changes})


def envelope(text: str, **changes: Any) -> dict[str, Any]:
    (found,) = json.loads(ENVELOPE)["records"]
    return {**found, "body": text, **changes}


def test_the_session_says_who_and_what_the_server_remembers(browser: Browser, ratna: User) -> None:
    said = browser.client.get("/api/v1/session").get_json()

    assert {"user", "csrf_token", "server_time", "epoch", "receipts"} <= set(said)
    assert (said["user"], said["receipts"]) == (str(ratna.id), 0)


def test_a_batch_is_answered_with_results_epoch_and_receipts(browser: Browser, ratna: User) -> None:
    text = body(browser)

    answer = records.post(browser, json.dumps({"records": [envelope(text)]})).get_json()

    session = browser.client.get("/api/v1/session").get_json()
    assert set(answer) == {"results", "epoch", "receipts"}
    assert (answer["epoch"], answer["receipts"]) == (session["epoch"], 1)
    (result,) = answer["results"]
    assert set(result) == {"id", "outcome", "sha256", "received_at", "revision", "errors", "missing"}
    assert (result["id"], result["outcome"], result["revision"]) == (
        "7d9d1c1e-6a1f-4c0e-9a55-0d7c3b2a1f00",
        "created",
        1,
    )
    assert result["sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_the_body_of_a_visit_is_read_as_it_is_written(browser: Browser, ratna: User) -> None:
    hand_in(browser, envelope(body(browser)))

    with browser.app.app_context():
        visit = reading().scalars(select(Visit)).one()
        met = reading().scalars(select(Attendance)).one()
        action = reading().scalars(select(Action)).one()
    assert (f"{visit.started:%H:%M}", f"{visit.ended:%H:%M}", visit.mode) == ("09:30", "11:00", "tatap_muka")
    assert (visit.purposes, visit.notes, visit.accuracy_m) == (["pemeriksaan", "pelatihan"], "Lancar.", 12)
    assert visit.written_at.isoformat() == "2026-04-14T03:10:00+00:00"
    assert (met.name, met.role) == ("Siti Aminah", "bendahara")
    assert (str(action.id), action.item_id, action.owner_role, str(action.due_on)) == (
        "0b54b1c2-93b7-4c0e-8d4b-1f2e3d4c5b6a",
        "KL-05",
        "bendahara",
        "2026-04-28",
    )


def test_words_of_every_script_have_the_hash_of_their_bytes(browser: Browser, ratna: User) -> None:
    text = json.dumps({**json.loads(body(browser)), "notes": "Rp1.250.000 · é 漢 🙂"}, ensure_ascii=False)

    (result,) = hand_in(browser, envelope(text))

    assert result["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    with browser.app.app_context():
        assert reading().scalars(select(Receipt.body)).one() == text


def test_every_outcome_has_its_example(browser: Browser, ratna: User) -> None:
    first = body(browser)
    sha256 = hashlib.sha256(first.encode()).hexdigest()
    second = json.dumps({**json.loads(first), "notes": "Diperbaiki."})
    other, waiting = str(uuid.uuid4()), str(uuid.uuid4())

    results = hand_in(
        browser,
        envelope(first),
        envelope(first),
        envelope(second),
        envelope(second, base_sha256=sha256),
        envelope(body(browser, visited_on="2026-04-31"), id=other),
        envelope(json.dumps({"visit": waiting, "reason": "x"}), kind="correction", id=other, base_sha256="e" * 64),
    )

    assert [each["outcome"] for each in results] == ["created", "duplicate", "conflict", "merged", "rejected", "later"]
    assert all(each["errors"] for each in results if each["outcome"] in ("conflict", "rejected", "later"))


def test_a_photo_goes_apart_and_may_follow_its_visit(browser: Browser, ratna: User) -> None:
    id_ = str(uuid.uuid4())

    (result,) = hand_in(browser, envelope(body(browser, photos=[id_])))
    headers = {"X-CSRF-Token": browser.token}
    put = browser.client.put(f"/api/v1/attachments/{id_}", data=photo(), content_type="image/jpeg", headers=headers)

    assert (result["outcome"], put.status_code) == ("created", 201)
    assert browser.client.get(f"/lampiran/{id_}").status_code == 200
