"""Visits put right on tablets: over the very version that was corrected, or not at all."""

import json
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.field.models import Receipt
from pendamping.kernel.database import reading
from pendamping.visits.corrections.models import Correction
from pendamping.visits.corrections.service import lock_month
from pendamping.visits.models import Visit
from pendamping.visits.queries import answers_of_visit
from tests.field.records import codes, hand_in, outcomes, record
from tests.make import MANGGAR
from tests.pages import Browser


@pytest.fixture
def visit(browser: Browser, ratna: User) -> dict[str, Any]:
    """The receipt of a visit that came from the tablet."""
    (result,) = hand_in(browser, record())
    return result


def correction(visit: dict[str, Any], base: str | None = "", /, **changes: Any) -> dict[str, Any]:
    body = {"visit": visit["id"], "reason": "Salah dengar.", **changes}
    return record(json.dumps(body), kind="correction", base_sha256=visit["sha256"] if base == "" else base)


def stands(browser: Browser) -> Visit:
    with browser.app.app_context():
        return reading().scalars(select(Visit)).one()


def test_only_what_a_correction_names_is_put_right(browser: Browser, visit: dict[str, Any]) -> None:
    sent = correction(visit, notes="Buku bank juga.", answers={"KL-01": {"value": "no", "proof": "diamati"}})

    first, again = hand_in(browser, sent, sent)

    assert (first["outcome"], first["revision"], again["outcome"]) == ("merged", 2, "duplicate")
    now = stands(browser)
    assert (now.notes, now.purposes, f"{now.started:%H:%M}") == (
        "Buku bank juga.",
        ["pemeriksaan", "pelatihan"],
        "09:30",
    )
    with browser.app.app_context():
        found = reading().scalars(select(Correction)).one()
        assert (found.reason, found.body_sha256) == ("Salah dengar.", first["sha256"])
        assert [each["field"].partition(" ")[0] for each in found.changes] == ["Catatan", "KL-01"]
        assert [each.answer.value for each in answers_of_visit(reading(), now.id)] == ["no"]


def test_people_are_sent_all_or_not_at_all(browser: Browser, visit: dict[str, Any]) -> None:
    hand_in(browser, correction(visit, people_met=[{"name": "Rahmat", "role": "Ketua"}, {"name": "Budi"}]))

    with browser.app.app_context():
        (changed,) = reading().scalars(select(Correction)).one().changes
    assert (changed["before"], changed["after"]) == ("Siti Aminah (bendahara)", "Rahmat (Ketua); Budi")


def test_a_chain_of_corrections_names_each_the_one_before(browser: Browser, visit: dict[str, Any]) -> None:
    (second,) = hand_in(browser, correction(visit, notes="Kedua."))
    (third,) = hand_in(browser, correction(visit, second["sha256"], notes="Ketiga."))
    (stale,) = hand_in(browser, correction(visit, notes="Dari yang pertama."))

    assert outcomes([second, third, stale]) == ["merged", "merged", "conflict"]
    assert (stands(browser).notes, stands(browser).revision) == ("Ketiga.", 3)
    assert browser.count(Receipt) == 4


def test_a_visit_put_right_on_a_page_meanwhile_is_a_conflict(browser: Browser, visit: dict[str, Any]) -> None:
    url = f"/kunjungan/{visit['id']}/perbaiki"
    page = browser.open(url)
    sent = browser.client.post(url, data={**page.fields(), "notes": "Dari kantor.", "reason": "Salah tulis."})
    assert sent.status_code == 302

    (result,) = hand_in(browser, correction(visit, notes="Dari tablet."))

    assert result["outcome"] == "conflict"
    assert stands(browser).notes == "Dari kantor."


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"reason": ""}, "reason", "required"),
        ({"visited_on": "2026-04-15"}, "visited_on", "visit_in_future"),
        ({"visited_on": "1970-01-01"}, "visited_on", "outside_assignment"),
        ({"started": "12:00"}, "ended", "invalid"),
        ({"answers": {"KL-02": {"value": "yes"}}}, "", "invalid"),
        ({"visit": None}, "visit", "required"),
        ({}, "", "nothing_changed"),
    ],
)
def test_what_does_not_hold_changes_nothing(
    browser: Browser, visit: dict[str, Any], changes: dict[str, Any], path: str, code: str
) -> None:
    (result,) = hand_in(browser, correction(visit, **changes))

    assert result["outcome"] == "rejected"
    assert (path, code) in [(each["path"], each["code"]) for each in result["errors"]]
    assert (stands(browser).revision, browser.count(Receipt), browser.count(Correction)) == (1, 1, 0)


def test_a_closed_month_is_corrected_no_more(browser: Browser, ratna: User, visit: dict[str, Any]) -> None:
    with browser.make() as rows:
        lock_month(rows.session, rows.session.get_one(User, ratna.id), rows.today, actor=rows.actor, now=rows.now)

    (result,) = hand_in(browser, correction(visit, notes="Terlambat."))

    assert (result["outcome"], codes(result)) == ("rejected", ["window_is_closed"])


def test_a_correction_waits_for_its_visit_and_for_its_base(browser: Browser, visit: dict[str, Any]) -> None:
    unknown = {"id": str(uuid.uuid4()), "sha256": "e" * 64}

    no_visit, no_base, baseless = hand_in(
        browser,
        correction(unknown, notes="x"),
        correction(visit, "e" * 64, notes="x"),
        correction(visit, None, notes="x"),
    )

    assert (no_visit["outcome"], codes(no_visit)) == ("later", ["parent_missing"])
    assert (no_base["outcome"], codes(no_base)) == ("later", ["base_missing"])
    assert (baseless["outcome"], codes(baseless)) == ("rejected", ["base_required"])


def test_a_visit_is_put_right_by_its_author(browser: Browser, visit: dict[str, Any]) -> None:
    with browser.make() as rows:
        other = rows.facilitator(MANGGAR)
    browser.sign_in(other)

    (result,) = hand_in(browser, correction(visit, notes="Bukan punyaku."))

    assert (result["outcome"], codes(result)) == ("rejected", ["not_yours"])


def test_a_visit_that_came_by_the_page_is_corrected_over_the_hash_it_shows(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        made = rows.visit(ratna)
        by_page = {"id": str(made.id), "sha256": made.body_sha256}

    (result,) = hand_in(browser, correction(by_page, notes="Diperbaiki."))

    assert (result["outcome"], result["revision"]) == ("merged", 2)


def test_what_is_put_right_there_and_back_is_put_right_once_more(browser: Browser, visit: dict[str, Any]) -> None:
    base = visit["sha256"]
    for revision, notes in enumerate(("Tiga juta.", "Dua juta.", "Tiga juta.", "Dua juta."), start=2):
        (result,) = hand_in(browser, correction(visit, base, notes=notes))

        assert (result["outcome"], result["revision"], stands(browser).notes) == ("merged", revision, notes)
        base = result["sha256"]
