"""Visits from tablets: each stored once, by the page's own form, and answered for what it is."""

import datetime as dt
import json
import threading
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.field import batch_context
from pendamping.field.intake import batch
from pendamping.field.models import Receipt, RecordKind
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.plans.models import Action
from pendamping.progress.models import Standing, StandingScore
from pendamping.progress.service import refresh_standing
from pendamping.visits.corrections.service import lock_month
from pendamping.visits.drafts.models import Draft
from pendamping.visits.drafts.service import save_draft
from pendamping.visits.log import scored_on
from pendamping.visits.models import Answer, Visit, VisitPhoto
from pendamping.visits.queries import current_answers, scores_of_visit
from tests.architecture.test_query_counts import statements
from tests.conftest import TODAY
from tests.field import records
from tests.field.records import codes, hand_in, outcomes, record, sha256
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.pages import Browser
from tests.pictures import photo

MARCH = dt.date(2026, 3, 1)
LOCKS = (" FOR UPDATE", " FOR NO KEY UPDATE")
"""Rows that PostgreSQL keeps to a transaction; on SQLite it has the whole database to itself."""


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        user: User = rows.facilitator(GRAHA_INDAH, KARIANGAU, username="ratna")
    browser.sign_in(user)
    return user


def test_a_visit_is_stored_and_gets_a_receipt(browser: Browser, ratna: User) -> None:
    sent = record()

    (result,) = hand_in(browser, sent)

    assert result == {
        "id": sent["id"],
        "outcome": "created",
        "sha256": sha256(sent["body"]),
        "received_at": "2026-04-14T01:30:00Z",
        "revision": 1,
        "errors": [],
        "missing": [],
    }
    with browser.app.app_context():
        visit = reading().scalars(select(Visit)).one()
        receipt = reading().scalars(select(Receipt)).one()
        answer = reading().scalars(select(Answer)).one()
        action = reading().scalars(select(Action)).one()
        verbs = set(reading().scalars(select(AuditEvent.verb)))
    assert (str(visit.id), visit.body_sha256, visit.facilitator_id) == (sent["id"], result["sha256"], ratna.id)
    assert (visit.purposes, visit.notes, visit.latitude) == (
        ["pemeriksaan", "pelatihan"],
        "Buku kas diperiksa bersama.",
        -1.2,
    )
    assert (receipt.body, receipt.user_id, receipt.city_code) == (sent["body"], ratna.id, "64.71")
    assert (answer.item_id, answer.value) == ("KL-01", "yes")
    assert (action.title, action.item_id) == ("Lengkapi buku tamu", "KL-05")
    assert {"record_visit", "agree_action"} <= verbs


def test_the_same_bytes_again_are_a_duplicate_with_the_first_receipt(browser: Browser, ratna: User) -> None:
    sent = record()

    (first,), (again, and_again) = hand_in(browser, sent), hand_in(browser, sent, sent)

    assert (again["outcome"], and_again["outcome"]) == ("duplicate", "duplicate")
    assert again["received_at"] == first["received_at"]
    assert (browser.count(Visit), browser.count(Receipt)) == (1, 1)


def test_one_bad_record_harms_no_other(browser: Browser, ratna: User) -> None:
    good = [record(records.body(started=None, ended=None)) for _ in range(2)]
    bad = record(records.body(visited_on="2026-04-31", started=None, ended=None))

    results = hand_in(browser, good[0], bad, good[1])

    assert outcomes(results) == ["created", "rejected", "created"]
    assert [(each["path"], each["code"]) for each in results[1]["errors"]] == [("visited_on", "invalid")]
    assert (browser.count(Visit), browser.count(Receipt), browser.count(Action)) == (2, 2, 2)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"visited_on": "2026-04-15", "ended": "09:00"}, "visited_on", "visit_in_future"),
        ({"visited_on": ""}, "visited_on", "required"),
        ({"visited_on": None}, "visited_on", "required"),
        ({"ended": "09:00"}, "ended", "invalid"),
        ({"mode": "telepati"}, "mode", "invalid"),
        ({"people_met": [{"role": "Ketua"}]}, "people_met-0-name", "required"),
        ({"place": {"lat": 91, "lon": 116.8}}, "place-lat", "invalid"),
        ({"answers": {"KL-01": {"value": "mungkin"}}}, "answers-KL-01-value", "not_a_choice"),
        ({"answers": {"KL-99": {"value": "yes"}}}, "answers-KL-99-item", "unknown_item"),
        ({"answers": {"KL-01": {"value": "yes", "proof": "kata_orang"}}}, "answers-KL-01-proof", "unknown_proof"),
        ({"instruments": {"KL": "f" * 64}}, "", "invalid"),
        ({"cooperative": "entah"}, "cooperative", "outside_assignment"),
        ({"cooperative": None}, "cooperative", "outside_assignment"),
        ({"cooperative": ["64.71.03.1006"]}, "cooperative", "outside_assignment"),
        ({"photos": ["bukan-nomor"]}, "photos", "invalid"),
        ({"signature": str(uuid.UUID(int=4))}, "signed_by", "required"),
        (
            {"actions": [{"title": "Undang dinas", "owner_role": "ketua", "due_on": "2026-04-01"}]},
            "actions-0-due_on",
            "due_before_agreed",
        ),
        ({"notes": "x" * 10_001}, "notes", "invalid"),
    ],
)
def test_what_does_not_hold_is_said_at_its_field(
    browser: Browser, ratna: User, changes: dict[str, object], path: str, code: str
) -> None:
    (result,) = hand_in(browser, record(records.body(**changes)))

    assert result["outcome"] == "rejected"
    assert (path, code) in [(each["path"], each["code"]) for each in result["errors"]]
    assert all(each["message"] for each in result["errors"])
    assert (browser.count(Visit), browser.count(Receipt), browser.count(Action)) == (0, 0, 0)


def test_an_approved_month_gets_an_addendum_and_another_place_at_that_hour_is_refused(
    browser: Browser, ratna: User
) -> None:
    with browser.make() as rows:
        lock_month(rows.session, rows.session.get_one(User, ratna.id), MARCH, actor=rows.actor, now=rows.now)

    locked, first, elsewhere = hand_in(
        browser,
        record(records.body(visited_on="2026-03-10")),
        record(),
        record(records.body(cooperative=KARIANGAU, started="10:00")),
    )

    assert (locked["outcome"], codes(locked)) == ("created", ["addendum"])
    assert browser.open(f"/kunjungan/{locked['id']}").has("Susulan: kunjungan ini sampai 14 April 2026")
    assert first["outcome"] == "created"
    assert (elsewhere["outcome"], codes(elsewhere)) == ("rejected", ["visits_overlap"])
    assert "KKMP Graha Indah" in elsewhere["errors"][0]["message"]


def test_faults_are_said_in_the_persons_language(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        rows.session.get_one(User, ratna.id).language = "en"

    (result,) = hand_in(browser, record(records.body(visited_on="2026-04-15", ended="")))

    assert result["errors"][0]["message"].endswith("It was dated in the future when it reached the office.")


def test_other_bytes_under_a_known_id_are_kept_beside_and_change_nothing(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    mine, other = records.body(), records.body(notes="Lain sama sekali.")

    first, second, again, unharmed = hand_in(
        browser, record(mine, id_=id_), record(other, id_=id_), record(other, id_=id_), record(mine, id_=id_)
    )

    assert outcomes([first, second, again, unharmed]) == ["created", "conflict", "conflict", "duplicate"]
    assert (second["sha256"], codes(second)) == (sha256(other), ["conflict"])
    with browser.app.app_context():
        assert reading().scalars(select(Visit.notes)).all() == ["Buku kas diperiksa bersama."]
        assert {(each.body, each.outcome) for each in reading().scalars(select(Receipt))} == {
            (mine, "created"),
            (other, "conflict"),
        }
    session = browser.client.get("/api/v1/session").get_json()
    assert session["receipts"] == 1


def test_a_second_version_that_names_the_first_puts_it_right(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    first = json.loads(records.body())
    second = {**first, "notes": "Buku kas dan bank diperiksa."}
    (created,) = hand_in(browser, record(json.dumps(first), id_=id_))

    merged, replayed, stale = hand_in(
        browser,
        record(json.dumps(second), id_=id_, base_sha256=created["sha256"]),
        record(json.dumps(first), id_=id_),
        record(json.dumps({**first, "notes": "Terlambat."}), id_=id_, base_sha256=created["sha256"]),
    )

    assert outcomes([merged, replayed, stale]) == ["merged", "duplicate", "conflict"]
    assert (merged["revision"], replayed["revision"]) == (2, 1)
    with browser.app.app_context():
        visit = reading().scalars(select(Visit)).one()
        assert (visit.notes, visit.revision) == ("Buku kas dan bank diperiksa.", 2)


def test_what_a_conflict_said_may_still_be_stored_over_what_stands(browser: Browser, ratna: User) -> None:
    """Punya saya: the person has seen both, and sends the same bytes once more over the office's."""
    id_, first = uuid.uuid4(), json.loads(records.body())
    mine = json.dumps({**first, "notes": "Punya saya."})
    created, conflict = hand_in(browser, record(json.dumps(first), id_=id_), record(mine, id_=id_))

    (merged,) = hand_in(browser, record(mine, id_=id_, base_sha256=created["sha256"]))

    assert outcomes([created, conflict, merged]) == ["created", "conflict", "merged"]
    assert browser.count(Receipt) == 3


def test_a_second_version_changes_only_what_can_be_corrected(browser: Browser, ratna: User) -> None:
    id_, first = uuid.uuid4(), json.loads(records.body())
    (created,) = hand_in(browser, record(json.dumps(first), id_=id_))

    (result,) = hand_in(browser, record(json.dumps({**first, "actions": []}), id_=id_, base_sha256=created["sha256"]))

    assert (result["outcome"], codes(result), result["errors"][0]["path"]) == (
        "rejected",
        ["not_correctable"],
        "actions",
    )


def test_a_version_of_what_has_not_arrived_waits(browser: Browser, ratna: User) -> None:
    sent = record(base_sha256="e" * 64)

    (no_visit,) = hand_in(browser, sent)
    hand_in(browser, record(id_=uuid.UUID(sent["id"])))
    (no_base,) = hand_in(browser, {**sent, "body": records.body(notes="Versi kedua.")})

    assert (no_visit["outcome"], codes(no_visit)) == ("later", ["parent_missing"])
    assert (no_base["outcome"], codes(no_base)) == ("later", ["base_missing"])


def test_the_same_visit_by_page_and_by_record_is_one(browser: Browser, ratna: User) -> None:
    """A tablet saves the page, does not hear the answer, and hands in the same from its outbox; or the other way."""
    for by_page_first in (True, False):
        id_ = uuid.uuid4()
        said = {"visited_on": "2026-04-13" if by_page_first else "2026-04-12", "notes": "Rapat.", "mode": "jarak_jauh"}
        sent = json.dumps({"cooperative": GRAHA_INDAH, **said, "purposes": ["rapat"]})
        fields = {**said, "purposes": "rapat", "id": str(id_), "csrf_token": browser.token}
        url = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
        if by_page_first:
            assert browser.client.post(url, data=fields).status_code == 302
        outcome = outcomes(hand_in(browser, record(sent, id_=id_)))
        again = outcomes(hand_in(browser, record(sent, id_=id_)))
        assert browser.client.post(url, data=fields).status_code == 302
        differing = browser.client.post(url, data={**fields, "notes": "Lain."})

        assert (outcome, again) == (["duplicate" if by_page_first else "created"], ["duplicate"])
        assert differing.status_code == 409
    assert (browser.count(Visit), browser.count(Receipt)) == (2, 2)


def test_a_record_is_its_authors(browser: Browser, ratna: User) -> None:
    sent = record()
    hand_in(browser, sent)
    with browser.make() as rows:
        other = rows.facilitator(MANGGAR)
    browser.sign_in(other)

    same, differing, planned = hand_in(
        browser,
        sent,
        record(records.body(cooperative=MANGGAR), id_=uuid.UUID(sent["id"])),
        record(json.dumps({"cooperative": MANGGAR}), kind="schedule", id_=uuid.UUID(sent["id"])),
    )

    assert outcomes([same, differing, planned]) == ["rejected"] * 3
    assert [codes(each) for each in (same, differing, planned)] == [["not_yours"]] * 3
    assert same["received_at"] is None
    assert (browser.count(Visit), browser.count(Receipt)) == (1, 1)


def test_an_id_stands_for_one_kind_of_thing(browser: Browser, ratna: User) -> None:
    sent = record()
    plan = {"cooperative": GRAHA_INDAH, "planned_on": "2026-04-20", "mode": "tatap_muka"}

    _, result = hand_in(browser, sent, record(json.dumps(plan), kind="schedule", id_=uuid.UUID(sent["id"])))

    assert codes(result) == ["other_kind"]


def test_the_draft_goes_with_its_record(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    with browser.make() as rows:
        terms = {"known_revision": 0, "author_id": ratna.id, "now": rows.now}
        save_draft(rows.session, rows.cooperative(), id_, [("notes", "Rapat")], **terms)

    hand_in(browser, record(id_=id_))

    assert browser.count(Draft) == 0


def test_a_visit_may_come_before_its_photos(browser: Browser, ratna: User) -> None:
    photo, of_item = uuid.uuid4(), uuid.uuid4()
    answers = {"KL-01": {"value": "yes", "proof": "foto", "note": "", "photos": [str(of_item)]}}

    (result,) = hand_in(browser, record(records.body(photos=[str(photo)], answers=answers)))

    assert result["outcome"] == "created"
    with browser.app.app_context():
        found = {(each.attachment_id, each.item_id) for each in reading().scalars(select(VisitPhoto))}
    assert found == {(photo, None), (of_item, "KL-01")}


def test_a_stored_visit_is_answered_with_the_files_that_have_not_come(browser: Browser, ratna: User) -> None:
    """However often it is sent: a tablet that continued the visit has not got the photos of the one that began it."""
    of_visit, of_item, signature, there = (uuid.uuid4() for _ in range(4))
    _send_file(browser, there)
    answers = {"KL-01": {"value": "yes", "proof": "foto", "note": "", "photos": [str(of_item)]}}
    signed = {"signature": str(signature), "signed_by": "Siti Aminah"}
    sent = record(records.body(photos=[str(of_visit), str(there)], answers=answers, **signed))

    (first,) = hand_in(browser, sent)
    _send_file(browser, of_item)
    _send_file(browser, signature)
    second, without = hand_in(browser, sent, record(records.body(started="13:00", ended="14:00")))
    _send_file(browser, of_visit)
    (last,) = hand_in(browser, sent)

    assert first["missing"] == [str(of_visit), str(of_item), str(signature)]
    assert (second["outcome"], second["missing"], without["missing"]) == ("duplicate", [str(of_visit)], [])
    assert last["missing"] == []


def _send_file(browser: Browser, id_: uuid.UUID) -> None:
    headers = {"X-CSRF-Token": browser.token}
    answer = browser.client.put(f"/api/v1/attachments/{id_}", data=photo(), content_type="image/jpeg", headers=headers)
    assert answer.status_code == 201


def test_somebody_elses_photo_is_refused(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        foreign = rows.attachment(rows.user(), code=None).id

    (result,) = hand_in(browser, record(records.body(photos=[str(foreign)])))

    assert (result["outcome"], codes(result), result["errors"][0]["path"]) == (
        "rejected",
        ["foreign_attachment"],
        "photos",
    )


def test_fields_that_this_server_does_not_know_are_kept_in_the_body(browser: Browser, ratna: User) -> None:
    sent = record(records.body(weather="hujan", answers={"KL-01": {"value": "yes", "mood": 3}}))

    (result,) = hand_in(browser, sent)

    assert result["outcome"] == "created"
    with browser.app.app_context():
        assert json.loads(reading().scalars(select(Receipt.body)).one())["weather"] == "hujan"


def test_answers_are_read_by_the_version_that_the_tablet_had(browser: Browser, ratna: User) -> None:
    with browser.app.app_context():
        old = {each.instrument.code: each.sha256 for each in instruments_on(reading(), TODAY)}
    with browser.make() as rows:
        rows.short_instruments()  # published while the tablet was away: KL-03 is not asked any more

    pinned, unpinned = hand_in(
        browser,
        record(records.body(instruments=old, answers={"KL-03": {"value": "yes"}})),
        record(records.body(visited_on="2026-04-13", answers={"KL-03": {"value": "yes"}})),
    )

    assert (pinned["outcome"], unpinned["outcome"], codes(unpinned)) == ("created", "rejected", ["unknown_item"])


def test_two_tabs_that_send_the_same_queue_store_it_once(browser: Browser, ratna: User) -> None:
    sent = [record(records.body(started=None, ended=None)) for _ in range(5)]
    token, cookie = browser.token, browser.client.get_cookie("pendamping")
    assert cookie is not None
    ready, found = threading.Barrier(2), []

    def send() -> None:
        client = browser.app.test_client()
        client.set_cookie("pendamping", cookie.value)
        ready.wait()
        answer = client.post(records.ADDRESS, json={"records": sent}, headers={"X-CSRF-Token": token})
        found.append(sorted(outcomes(answer.get_json()["results"])))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [["created"] * 5, ["duplicate"] * 5]
    assert (browser.count(Visit), browser.count(Receipt)) == (5, 5)


def test_two_people_with_one_id_at_once_leave_one_visit(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        other = rows.facilitator(MANGGAR)
    id_ = uuid.uuid4()
    ready, found = threading.Barrier(2), []

    def send(user: User, code: str) -> None:
        own = Browser(browser.app, browser.make)
        own.sign_in(user)
        token = own.token
        sent = {"records": [record(records.body(cooperative=code), id_=id_)]}
        ready.wait()
        answer = own.client.post(records.ADDRESS, json=sent, headers={"X-CSRF-Token": token})
        (result,) = answer.get_json()["results"]
        found.append((result["outcome"], codes(result)))

    threads = [threading.Thread(target=send, args=pair) for pair in ((ratna, GRAHA_INDAH), (other, MANGGAR))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [("created", []), ("rejected", ["not_yours"])]
    assert (browser.count(Visit), browser.count(Receipt)) == (1, 1)


def test_no_receipt_is_given_for_what_was_not_committed(
    browser: Browser, ratna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_power(_session: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("database is locked"))

    sent = record()
    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", lose_power)
        lost = records.post(browser, json.dumps({"records": [sent]}))
    before = (browser.count(Visit), browser.count(Receipt))

    (again,) = hand_in(browser, sent)

    assert (lost.status_code, json.loads(lost.data)["code"], before) == (503, "busy", (0, 0))
    assert again["outcome"] == "created"


def test_a_fault_of_ours_with_one_record_keeps_nothing_back(
    browser: Browser, ratna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setitem(batch.TAKE, RecordKind.ACTION, fail)
    with capture_logs() as logged:
        answer = records.post(browser, json.dumps({"records": [record("{}", kind="action"), record()]}))

    failed, stored = answer.get_json()["results"]
    assert (failed["outcome"], codes(failed), stored["outcome"]) == ("later", ["internal_error"], "created")
    assert [line["record"] for line in logged if line["event"] == "record_failed"] == [failed["id"]]


def test_the_same_batch_costs_the_same_however_much_is_stored(browser: Browser, ratna: User) -> None:
    plain: dict[str, Any] = {"started": None, "ended": None, "answers": {}}

    def asked() -> int:
        sent = json.dumps({"records": [record(records.body(**plain))]})
        token = browser.token
        with statements(browser.app) as found:
            browser.client.post(
                records.ADDRESS, data=sent, content_type="application/json", headers={"X-CSRF-Token": token}
            )
        return len(found)

    asked()
    few = asked()
    hand_in(browser, *(record(records.body(**plain)) for _ in range(20)))

    assert asked() == few


def test_a_record_more_in_a_batch_costs_little_beside_the_first(browser: Browser, ratna: User) -> None:
    """What a batch shares is asked for once, and a cooperative's standing is brought up to date once, at the end."""
    plain: dict[str, Any] = {"started": None, "ended": None}
    hand_in(browser, record(records.body(**plain)))

    one, six = (
        _statements(browser, [record(records.body(**plain)) for _ in range(records_in_batch)])
        for records_in_batch in (1, 6)
    )

    assert len([each for each in six if "INTO standing " in each]) == 1
    assert len(one) <= 35
    assert (len(six) - len(one)) / 5 <= 17


def _statements(browser: Browser, batch_of: list[dict[str, Any]]) -> list[str]:
    token = browser.token
    with statements(browser.app) as found:
        answer = browser.client.post(
            records.ADDRESS,
            data=json.dumps({"records": batch_of}),
            content_type="application/json",
            headers={"X-CSRF-Token": token},
        )
    assert {each["outcome"] for each in answer.get_json()["results"]} == {"created"}
    return [each for each in found if "SAVEPOINT" not in each and not each.endswith(LOCKS)]


def test_a_cooperative_that_cannot_be_counted_keeps_back_only_its_own_records(
    browser: Browser, ratna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_for_one(session: Session, cooperative: Cooperative, *rest: Any, **terms: Any) -> None:
        if cooperative.code == GRAHA_INDAH:
            raise ValueError("a fault of ours")
        refresh_standing(session, cooperative, *rest, **terms)

    monkeypatch.setattr(batch_context, "refresh_standing", fail_for_one)
    plain: dict[str, Any] = {"started": None, "ended": None}
    bad, good = record(records.body(**plain)), record(records.body(cooperative=KARIANGAU, **plain))
    with capture_logs() as logged:
        answer = records.post(browser, json.dumps({"records": [bad, good]}))

    assert [each["outcome"] for each in answer.get_json()["results"]] == ["later", "created"]
    assert [each["event"] for each in logged if each["log_level"] == "error"] == ["standing_failed", "record_failed"]
    assert (browser.count(Visit), browser.count(Receipt), browser.count(Standing)) == (1, 1, 1)


def test_a_batch_with_a_fault_in_it_leaves_what_its_visits_alone_would_have_left(browser: Browser, ratna: User) -> None:
    """What visits share is asked for once; what a refused one had put into it must not be there for those behind it."""
    plain: dict[str, Any] = {"started": None, "ended": None}
    taken, again = json.loads(records.body(**plain)), uuid.uuid4()
    first, second = ({"KL-01": {"value": value, "proof": "diamati", "note": ""}} for value in ("yes", "no"))
    other = {"KL-02": {"value": "yes", "proof": "diamati", "note": ""}}

    results = hand_in(
        browser,
        record(json.dumps({**taken, "answers": first})),
        record(records.body(answers=second, actions=taken["actions"], **plain), id_=again),
        record(records.body(answers=other, **plain), id_=again),
        record(records.body(answers={}, **plain)),
    )

    assert [(each["outcome"], codes(each)) for each in results] == [
        ("created", []),
        ("rejected", ["action_conflict"]),
        ("created", []),
        ("created", []),
    ]
    with browser.app.app_context():
        session = reading()
        cooperative = session.scalars(select(Cooperative).where(Cooperative.code == GRAHA_INDAH)).one()
        current = current_answers(session, cooperative.id)
        last = session.get_one(Visit, uuid.UUID(results[-1]["id"]))
        counted = {
            published.instrument.code: score.rounded
            for published, score in scored_on(session, cooperative, instruments_on(session, TODAY), current, on=TODAY)
        }
        written = {row.instrument_code: row.score for row in scores_of_visit(session, last.id)}
        standing = dict(session.execute(select(StandingScore.instrument_code, StandingScore.score)).all())
    assert {item_id: each.answer.value for item_id, each in current.items()} == {"KL-01": "yes", "KL-02": "yes"}
    assert written == standing == counted
