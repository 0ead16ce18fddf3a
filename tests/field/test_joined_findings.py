"""A finding of a visit that no action of its own puts right: it comes to one under way, or to one of the same visit."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.plans import moves
from pendamping.plans.models import Action, ActionItem, ActionUpdate
from pendamping.visits.models import Visit
from tests.field import records
from tests.field.records import codes, hand_in, outcomes, record
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.only import on_sqlite
from tests.pages import Browser
from tests.reports.samples import Paper

POOR = {"value": "no", "proof": "diamati", "note": ""}
UNDER_WAY, ELSEWHERE, CLOSED, NOWHERE = (uuid.UUID(int=number) for number in range(1, 5))


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        user: User = rows.facilitator(GRAHA_INDAH, KARIANGAU, username="ratna")
        under_way, closed, elsewhere = (
            replace(rows.action_draft(item_id), id=id_)
            for item_id, id_ in (("KL-02", UNDER_WAY), ("KL-03", CLOSED), (None, ELSEWHERE))
        )
        rows.visit(user, {"KL-02": ("no", "diamati"), "KL-03": ("no", "diamati")}, actions=(under_way, closed))
        rows.visit(user, code=KARIANGAU, actions=(elsewhere,))
        step: dict[str, Any] = {"author_id": user.id, "actor": rows.actor, "now": rows.now}
        moves.cancel(rows.session, rows.session.get_one(Action, CLOSED), reason="Tidak perlu lagi.", **step)
    browser.sign_in(user)
    return user


def action(item: str, **more: Any) -> dict[str, Any]:
    ordinary = {"id": str(uuid.uuid4()), "item": item, "title": "", "owner_role": "ketua", "due_on": "2026-04-28"}
    return {**ordinary, **more}


def with_findings(*actions: dict[str, Any]) -> str:
    answers = {"KL-01": POOR, "KL-05": {**POOR, "value": "0"}, "KL-06": POOR}
    return records.body(answers=answers, actions=list(actions), started=None, ended=None)


def test_it_is_put_right_by_the_other_action(browser: Browser, ratna: User) -> None:
    own = action("KL-05", title="Lengkapi buku tamu")
    joined = action("KL-01", joins=str(UNDER_WAY))
    sent = record(with_findings(own, joined, action("KL-06", joins="KL-05")))

    results = hand_in(browser, sent) + hand_in(browser, sent)

    assert outcomes(results) == ["created", "duplicate"]
    with browser.app.app_context():
        one, other = (reading().get_one(Action, id_) for id_ in (UNDER_WAY, uuid.UUID(own["id"])))
        step = reading().get_one(ActionUpdate, uuid.UUID(joined["id"]))
        assert (one.item_ids, one.status, one.revision) == (("KL-02", "KL-01"), "disepakati", 2)
        assert (other.item_ids, str(other.visit_id)) == (("KL-05", "KL-06"), sent["id"])
        assert (step.action_id, step.author_id, str(step.visit_id)) == (UNDER_WAY, ratna.id, sent["id"])
        assert step.note.startswith("Juga membenahi: KL-01 ")
        assert reading().scalars(select(Action.item_id).where(Action.item_id.in_(["KL-01", "KL-06"]))).all() == []
    assert Paper(browser.client.get(f"/kunjungan/{sent['id']}/berita-acara.pdf").get_data()).has(step.note)


REFUSED = {
    "nothing under that id": (str(NOWHERE), "unknown_action"),
    "another cooperative's": (str(ELSEWHERE), "unknown_action"),
    "no action of this visit": ("KL-06", "unknown_action"),
    "itself": ("KL-01", "unknown_action"),
    "no id at all": ("entah", "unknown_action"),
    "closed": (str(CLOSED), "takes_no_items"),
}


@on_sqlite
def test_what_there_is_not_or_not_any_more_takes_no_finding(browser: Browser, ratna: User) -> None:
    before = browser.count(Visit)

    for joins, code in REFUSED.values():
        (result,) = hand_in(browser, record(with_findings(action("KL-01", joins=joins))))

        assert [result["outcome"], *codes(result)] == ["rejected", code]
        assert result["errors"][0]["path"] == "actions-0-joins"
    assert (browser.count(Visit), browser.count(ActionItem)) == (before, 0)


@on_sqlite
def test_the_page_says_it_at_the_item_and_keeps_what_was_typed(browser: Browser, ratna: User) -> None:
    address = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
    page = browser.open(address)
    fields = page.fields("#visit-form")
    number = next(name.split("-")[1] for name, value in fields.items() if name.endswith("-item") and value == "KL-01")
    wish = {f"actions-{number}-agreed": "y", f"actions-{number}-joins": str(CLOSED), "answers-KL-01-value": "no"}

    refused = browser.send(address, {**fields, **wish})
    stored = browser.send(address, {**refused.fields("#visit-form"), f"actions-{number}-joins": str(UNDER_WAY)})

    (template,) = page.soup.select("#takes-items")
    offered = {str(each["value"]): str(each["data-items"]) for each in template.find_all("option")}
    assert offered == {str(UNDER_WAY): "KL-02"}
    assert refused.status == 409
    assert "sudah dilaporkan selesai atau ditutup" in refused.text(f"#actions-{number}-joins")
    assert refused.fields("#visit-form")[f"actions-{number}-joins"] == str(CLOSED)
    assert stored.status == 200
    with browser.app.app_context():
        assert reading().get_one(Action, UNDER_WAY).item_ids == ("KL-02", "KL-01")
