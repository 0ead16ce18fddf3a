"""Two versions beside each other: what differs is said in words, and the tablet's may still win."""

import datetime as dt
import json
import uuid
from typing import Any

from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.visits.models import Visit
from pendamping.visits.schedule.models import PlannedVisit
from tests.field import records
from tests.field.records import hand_in, outcomes, record
from tests.make import GRAHA_INDAH, MANGGAR
from tests.pages import Browser

PLAN = {"cooperative": GRAHA_INDAH, "planned_on": "2026-04-20", "starts": "09:30", "mode": "tatap_muka", "agenda": ""}


def compared(browser: Browser, id_: str, sha256: str = "") -> dict[str, Any]:
    answer = browser.client.get(f"/api/v1/records/{id_}/comparison?sha256={sha256}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def test_two_versions_of_a_visit_are_said_field_by_field_and_the_tablets_can_win(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    hand_in(browser, record(records.body(actions=[]), id_=id_))
    answers = {
        "KL-01": {"value": "no", "proof": "diamati", "note": ""},
        "KL-02": {"value": "yes", "proof": "klaim", "note": ""},
    }
    photos = [str(uuid.uuid4())]
    mine = records.body(notes="Versi tablet.", started="09:00", answers=answers, photos=photos)
    (met,) = hand_in(browser, record(mine, id_=id_))
    assert met["outcome"] == "conflict"

    found = compared(browser, str(id_))

    rows = {"/".join(row["names"]): row for row in found["rows"]}
    assert (rows["notes"]["mine"], rows["notes"]["office"]) == ("Versi tablet.", "Buku kas diperiksa bersama.")
    assert (rows["started"]["mine"], rows["started"]["office"]) == ("09:00", "09:30")
    assert (rows["answers.KL-01"]["mine"], rows["answers.KL-01"]["office"]) == (
        "Belum (Diamati)",
        "Ya (Dokumen dilihat)",
    )
    assert not rows["answers.KL-02"]["can_win"]
    assert [each["title"] for each in found["actions"]] == ["Lengkapi buku tamu"]
    assert not rows[""]["can_win"]
    assert (found["kind"], found["can_keep_both"], found["is_closed"]) == ("visit", True, False)

    chosen = {"notes": "Versi tablet.", "started": "09:00", "answers": {"KL-01": answers["KL-01"]}}
    body = json.dumps({"visit": str(id_), "reason": "Dipilih dari dua versi.", **chosen})
    action = {"cooperative": GRAHA_INDAH, "visit": str(id_), **found["actions"][0]}
    won, followed = hand_in(
        browser,
        record(body, kind="correction", base_sha256=found["base_sha256"]),
        record(json.dumps(action), kind="action", id_=uuid.UUID(action["id"])),
    )

    assert outcomes([won, followed]) == ["merged", "created"]
    with browser.app.app_context():
        visit = reading().scalars(select(Visit)).one()
        assert (visit.notes, visit.started, visit.revision) == ("Versi tablet.", dt.time(9), 2)
    assert {row["label"] for row in compared(browser, str(id_))["rows"]} == {"KL-02", "Foto"}


def test_what_the_form_would_refuse_is_left_out_of_the_comparison(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    hand_in(browser, record(id_=id_))
    hand_in(browser, record(records.body(started="12:00", ended="11:00"), id_=id_))

    assert not [row for row in compared(browser, str(id_))["rows"] if row["names"] == ["started"]]


def test_two_versions_of_a_plan_and_the_tablets_wins_over_the_offices(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    hand_in(browser, record(json.dumps(PLAN), kind="schedule", id_=id_))
    mine = {**PLAN, "planned_on": "2026-04-22", "starts": "10.00"}
    (met,) = hand_in(browser, record(json.dumps(mine), kind="schedule", id_=id_))
    assert met["outcome"] == "conflict"

    found = compared(browser, str(id_))
    ((row),) = found["rows"]
    assert (row["mine"], row["office"]) == ("22 April 2026 pukul 10.00", "20 April 2026 pukul 09.30")
    stands = json.loads(found["written_over"])
    wins = {**stands, **{name: mine[name] for name in row["names"] if name in mine}}
    wins["written_over"] = found["written_over"]
    (won,) = hand_in(browser, record(json.dumps(wins), kind="schedule", id_=id_, base_sha256=found["base_sha256"]))

    assert won["outcome"] == "merged"
    with browser.app.app_context():
        assert reading().get_one(PlannedVisit, id_).planned_on == dt.date(2026, 4, 22)


def test_nobody_compares_what_is_not_theirs(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    hand_in(browser, record(id_=id_))
    hand_in(browser, record(records.body(notes="Lain"), id_=id_))
    with browser.make() as rows:
        other = rows.facilitator(MANGGAR)
    browser.sign_in(other)

    assert browser.client.get(f"/api/v1/records/{id_}/comparison").status_code == 404
    assert browser.client.get(f"/api/v1/records/{uuid.uuid4()}/comparison").status_code == 404


def test_what_nobody_looked_through_is_compared_as_far_as_it_can_be_read(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    hand_in(browser, record(records.body(actions=[]), id_=id_))
    for odd in ({"actions": 3, "photos": True}, {"actions": [{"joins": [], "item": {}}], "photos": [[]]}):
        (met,) = hand_in(browser, record(records.body(notes="Versi tablet.", **odd), id_=id_))

        found = compared(browser, str(id_))

        assert met["outcome"] == "conflict"
        assert "notes" in {name for row in found["rows"] for name in row["names"]}


def test_each_tablet_compares_what_it_wrote_itself(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    hand_in(browser, record(records.body(actions=[]), id_=id_))
    bodies = [records.body(actions=[], notes=notes) for notes in ("Dari tablet satu.", "Dari tablet dua.")]
    for body in bodies:
        hand_in(browser, record(body, id_=id_))

    found = [compared(browser, f"{id_}", records.sha256(body)) for body in bodies]

    assert [[row["mine"] for row in each["rows"]] for each in found] == [["Dari tablet satu."], ["Dari tablet dua."]]
    assert browser.client.get(f"/api/v1/records/{id_}/comparison?sha256={'0' * 64}").status_code == 404
