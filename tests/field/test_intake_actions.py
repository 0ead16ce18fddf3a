"""Actions from tablets, and notes on how they go."""

import json
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.field.models import Receipt
from pendamping.kernel.database import reading
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from pendamping.progress.models import Standing
from tests.field import records
from tests.field.records import codes, hand_in, outcomes, record
from tests.make import GRAHA_INDAH, MANGGAR
from tests.pages import Browser

ACTION = {
    "cooperative": GRAHA_INDAH,
    "visit": None,
    "item": "KL-05",
    "title": "Lengkapi buku tamu",
    "owner_role": "bendahara",
    "due_on": "2026-04-28",
}


def action(id_: uuid.UUID | None = None, **changes: Any) -> dict[str, Any]:
    return record(json.dumps({**ACTION, **changes}), kind="action", id_=id_)


def note(action_id: object, id_: uuid.UUID | None = None, **changes: Any) -> dict[str, Any]:
    body = {"action": str(action_id), "status": "berjalan", "note": "Buku tamu sudah dibeli.", **changes}
    return record(json.dumps(body), kind="action_update", id_=id_)


@pytest.mark.parametrize(("agreed", "status"), [(True, ActionStatus.AGREED), (False, ActionStatus.PROPOSED)])
def test_an_action_between_two_visits_goes_into_the_plan_once(
    browser: Browser, ratna: User, agreed: bool, status: ActionStatus
) -> None:
    sent = action(item=None, items=["KL-05", "KL-02"], agreed=agreed)

    results = hand_in(browser, sent, sent)

    assert outcomes(results) == ["created", "duplicate"]
    with browser.app.app_context():
        stored = reading().scalars(select(Action)).one()
        assert reading().get_one(Standing, stored.cooperative_id).open_actions == 1
    assert (str(stored.id), stored.visit_id, stored.item_ids, stored.title, stored.status) == (
        sent["id"],
        None,
        ("KL-05", "KL-02"),
        "Lengkapi buku tamu",
        status,
    )


def test_an_action_waits_for_its_visit_in_the_same_batch_or_a_later_one(browser: Browser, ratna: User) -> None:
    visit = record()
    sent = action(visit=visit["id"])

    early, _, in_order = hand_in(browser, sent, visit, sent)

    assert (early["outcome"], codes(early), in_order["outcome"]) == ("later", ["parent_missing"], "created")


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"title": ""}, "title", "required"),
        ({"title": "x" * 161}, "title", "invalid"),
        ({"owner_role": "presiden"}, "owner_role", "invalid"),
        ({"due_on": "2026-04-01"}, "due_on", "due_before_agreed"),
        ({"due_on": "segera"}, "due_on", "invalid"),
        ({"item": "KL-99"}, "items", "unknown_item"),
        ({"visit": "bukan-nomor"}, "visit", "invalid"),
        ({"visit": 7}, "visit", "invalid"),
        ({"cooperative": "entah"}, "cooperative", "outside_assignment"),
    ],
)
def test_what_does_not_hold_is_said_at_its_field(
    browser: Browser, ratna: User, changes: dict[str, Any], path: str, code: str
) -> None:
    with browser.make() as rows:
        rows.visit(ratna)

    (result,) = hand_in(browser, action(**changes))

    assert result["outcome"] == "rejected"
    assert (path, code) in [(each["path"], each["code"]) for each in result["errors"]]
    assert (browser.count(Action), browser.count(Receipt)) == (0, 0)


def test_an_id_that_stands_already_is_a_conflict_or_somebody_elses(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        (own,) = rows.agree(rows.visit(ratna), ratna, rows.action_draft())
        other = rows.facilitator(MANGGAR)
        (foreign,) = rows.agree(rows.visit(other, code=MANGGAR), other, rows.action_draft())
        foreign_visit = foreign.visit_id

    results = hand_in(browser, action(own.id), action(foreign.id), action(visit=str(foreign_visit)))

    assert outcomes(results) == ["conflict", "rejected", "rejected"]
    assert [codes(each) for each in results[1:]] == [["not_yours"], ["not_yours"]]


def test_a_note_says_once_how_an_action_goes(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        (agreed,) = rows.agree(rows.visit(ratna), ratna, rows.action_draft())
    sent = note(agreed.id)

    first, again = hand_in(browser, sent, sent)

    assert (first["outcome"], first["revision"], again["outcome"]) == ("created", 2, "duplicate")
    with browser.app.app_context():
        assert reading().get_one(Action, agreed.id).status is ActionStatus.RUNNING
        update = reading().get_one(ActionUpdate, uuid.UUID(sent["id"]))
    assert (update.number, update.note, update.author_id) == (2, "Buku tamu sudah dibeli.", ratna.id)


def test_a_record_moves_the_day_and_another_gives_the_action_up(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        (agreed,) = rows.agree(rows.visit(ratna), ratna, rows.action_draft())
    moved = {"action": str(agreed.id), "due_on": "2026-06-01", "reason": "Notaris libur"}
    early = {**moved, "due_on": "2026-04-01"}

    results = hand_in(
        browser,
        record(json.dumps(moved), kind="action_update"),
        record(json.dumps(early), kind="action_update"),
        note(agreed.id, status="dibatalkan", note="Tidak jadi"),
    )

    assert outcomes(results) == ["created", "rejected", "created"]
    assert codes(results[1]) == ["due_in_the_past"]
    with browser.app.app_context():
        stored = reading().get_one(Action, agreed.id)
        assert reading().get_one(Standing, stored.cooperative_id).open_actions == 0
    assert (stored.status, stored.due_changes, str(stored.due_on)) == (ActionStatus.CANCELLED, 1, "2026-06-01")


def test_a_note_waits_for_its_action(browser: Browser, ratna: User) -> None:
    visit = json.loads(records.body())
    about = note(visit["actions"][0]["id"])

    early, _, in_order = hand_in(browser, about, record(json.dumps(visit)), about)

    assert (early["outcome"], codes(early), in_order["outcome"]) == ("later", ["parent_missing"], "created")


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"status": "terverifikasi"}, "status", "invalid"),
        ({"status": "dilaporkan_selesai"}, "status", "invalid"),
        ({"status": None}, "status", "required"),
        ({"note": " "}, "note", "required"),
        ({"note": "x" * 1001}, "note", "invalid"),
        ({"action": None}, "action", "required"),
        ({"action": "bukan-nomor"}, "action", "required"),
    ],
)
def test_a_note_that_does_not_hold_is_said_at_its_field(
    browser: Browser, ratna: User, changes: dict[str, Any], path: str, code: str
) -> None:
    with browser.make() as rows:
        (agreed,) = rows.agree(rows.visit(ratna), ratna, rows.action_draft())

    (result,) = hand_in(browser, note(agreed.id, **changes))

    assert result["outcome"] == "rejected"
    assert (path, code) in [(each["path"], each["code"]) for each in result["errors"]]
    assert (browser.count(ActionUpdate), browser.count(Receipt)) == (1, 0)


def test_a_closed_action_and_a_foreign_one_take_no_notes(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        (closed,) = rows.agree(rows.visit(ratna), ratna, rows.action_draft())
        closed.status = ActionStatus.VERIFIED
        other = rows.facilitator(MANGGAR)
        (foreign,) = rows.agree(rows.visit(other, code=MANGGAR), other, rows.action_draft())

    late, not_mine = hand_in(browser, note(closed.id), note(foreign.id))

    assert (codes(late), codes(not_mine)) == (["action_not_going"], ["in_quarantine"])
    assert outcomes([late, not_mine]) == ["rejected", "later"]


def test_the_id_of_a_note_stands_for_one_note(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    with browser.make() as rows:
        (agreed,) = rows.agree(rows.visit(ratna), ratna, rows.action_draft())

    results = hand_in(browser, note(agreed.id, id_), note(agreed.id, id_, note="Lain."))

    assert outcomes(results) == ["created", "conflict"]
