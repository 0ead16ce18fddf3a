"""Visits from tablets: each stored once, by the page's own form, and answered for what it is."""

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.field.models import Receipt
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.plans.models import Action
from pendamping.visits.models import Answer, Visit
from tests.field.records import count, hand_in, record, sha256
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser


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
    assert (count(browser, Visit), count(browser, Receipt)) == (1, 1)
