"""Planned visits from tablets: planned once, then moved, said anew or cancelled over the version that was seen."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.field.models import Receipt
from pendamping.kernel.database import reading
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove
from pendamping.visits.schedule.service import change_agenda, move_visit
from tests.conftest import ACTOR, NOW, TODAY
from tests.field.records import codes, hand_in, outcomes, record, sha256
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.pages import Browser

PLAN = {
    "cooperative": GRAHA_INDAH,
    "planned_on": "2026-04-20",
    "starts": "09:30",
    "mode": "tatap_muka",
    "agenda": "Periksa buku kas",
}


def planned(id_: uuid.UUID | None = None, base: str | None = None, **changes: Any) -> dict[str, Any]:
    return record(json.dumps({**PLAN, **changes}), kind="schedule", id_=id_, base_sha256=base)


def stands(browser: Browser) -> PlannedVisit:
    with browser.app.app_context():
        return reading().scalars(select(PlannedVisit)).one()


def test_a_plan_is_made_once(browser: Browser, ratna: User) -> None:
    sent = planned()

    results = hand_in(browser, sent, sent)

    assert outcomes(results) == ["created", "duplicate"]
    plan = stands(browser)
    assert (plan.planned_on, plan.starts, plan.agenda) == (dt.date(2026, 4, 20), dt.time(9, 30), "Periksa buku kas")
    assert (str(plan.id), plan.facilitator_id) == (sent["id"], ratna.id)


def test_a_later_version_moves_says_anew_and_cancels(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    (first,) = hand_in(browser, planned(id_))
    (moved,) = hand_in(
        browser, planned(id_, first["sha256"], planned_on="2026-04-21", starts="10.00", moved_because="Rapat dinas")
    )
    (renamed,) = hand_in(
        browser, planned(id_, moved["sha256"], planned_on="2026-04-21", starts="10.00", agenda="Persiapan RAT")
    )
    again = planned(
        id_,
        renamed["sha256"],
        planned_on="2026-04-21",
        starts="10.00",
        agenda="Persiapan RAT",
        cancelled_because="Pengurus berhalangan",
    )
    (cancelled,) = hand_in(browser, again)

    assert outcomes([first, moved, renamed, cancelled]) == ["created", "merged", "merged", "merged"]
    assert [each["revision"] for each in (first, moved, renamed, cancelled)] == [1, 2, 3, 4]
    plan = stands(browser)
    assert (plan.planned_on, plan.starts, plan.agenda) == (dt.date(2026, 4, 21), dt.time(10), "Persiapan RAT")
    assert plan.cancelled_because == "Pengurus berhalangan"
    with browser.app.app_context():
        assert reading().scalars(select(PlannedVisitMove.reason)).all() == ["Rapat dinas"]


def test_what_the_office_changed_stays_beside_what_the_tablet_changed(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    (first,) = hand_in(browser, planned(id_))
    with browser.make() as rows:
        plan = rows.session.get_one(PlannedVisit, id_)
        change_agenda(rows.session, plan, agenda="Dari kantor", actor=ACTOR, now=NOW)

    (merged,) = hand_in(browser, planned(id_, first["sha256"], planned_on="2026-04-22"))

    assert merged["outcome"] == "merged"
    plan = stands(browser)
    assert (plan.planned_on, plan.agenda) == (dt.date(2026, 4, 22), "Dari kantor")


def test_the_same_field_changed_on_both_sides_is_a_conflict_and_both_are_kept(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    (first,) = hand_in(browser, planned(id_))
    with browser.make() as rows:
        move_visit(
            rows.session,
            rows.session.get_one(PlannedVisit, id_),
            to_on=dt.date(2026, 4, 23),
            to_starts=None,
            reason="",
            actor=ACTOR,
            author_id=ratna.id,
            today=TODAY,
            now=NOW,
        )

    conflict, other = hand_in(
        browser, planned(id_, first["sha256"], planned_on="2026-04-22"), planned(id_, agenda="Tanpa dasar")
    )

    assert outcomes([conflict, other]) == ["conflict", "conflict"]
    assert stands(browser).planned_on == dt.date(2026, 4, 23)
    assert browser.count(Receipt) == 3


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"planned_on": "2026-04-13"}, "planned_on", "plan_in_past"),
        ({"planned_on": "besok"}, "planned_on", "invalid"),
        ({"planned_on": None}, "planned_on", "required"),
        ({"planned_on": "2099-01-01"}, "planned_on", "outside_assignment"),
        ({"starts": "25:00"}, "starts", "invalid"),
        ({"mode": "telepati"}, "mode", "invalid"),
        ({"agenda": "x" * 301}, "agenda", "invalid"),
        ({"cooperative": "entah"}, "cooperative", "outside_assignment"),
    ],
)
def test_what_does_not_hold_is_said_at_its_field(
    browser: Browser, ratna: User, changes: dict[str, Any], path: str, code: str
) -> None:
    (result,) = hand_in(browser, planned(**changes))

    assert result["outcome"] == "rejected"
    assert (path, code) in [(each["path"], each["code"]) for each in result["errors"]]
    assert (browser.count(PlannedVisit), browser.count(Receipt)) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"planned_on": "2026-04-13"}, "planned_on", "plan_in_past"),
        ({"planned_on": "2026-04-21", "moved_because": "x" * 301}, "moved_because", "invalid"),
        ({"cancelled_because": "x" * 301}, "cancelled_because", "invalid"),
        ({"mode": "jarak_jauh"}, "mode", "not_correctable"),
        ({"cooperative": KARIANGAU}, "cooperative", "not_correctable"),
        ({"agenda": "\0"}, "", "bad_body"),
    ],
)
def test_a_change_that_does_not_hold_changes_nothing(
    browser: Browser, ratna: User, changes: dict[str, Any], path: str, code: str
) -> None:
    id_ = uuid.uuid4()
    (first,) = hand_in(browser, planned(id_))

    (result,) = hand_in(browser, planned(id_, first["sha256"], **{"agenda": "Baru", **changes}))

    assert result["outcome"] == "rejected"
    assert (path, code) in [(each["path"], each["code"]) for each in result["errors"]]
    assert (stands(browser).agenda, stands(browser).moves, browser.count(Receipt)) == ("Periksa buku kas", 0, 1)


def test_an_hour_that_is_taken_is_refused(browser: Browser, ratna: User) -> None:
    _, result = hand_in(browser, planned(), planned(cooperative=KARIANGAU, starts="10:00"))

    assert (result["outcome"], codes(result), result["errors"][0]["path"]) == ("rejected", ["plans_overlap"], "starts")


def test_a_change_waits_for_the_plan_and_for_the_version_it_names(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()

    (no_plan,) = hand_in(browser, planned(id_, "e" * 64, agenda="Baru"))
    hand_in(browser, planned(id_))
    (no_base,) = hand_in(browser, planned(id_, "e" * 64, agenda="Baru"))

    assert (no_plan["outcome"], codes(no_plan)) == ("later", ["parent_missing"])
    assert (no_base["outcome"], codes(no_base)) == ("later", ["base_missing"])


def test_a_plan_that_was_made_and_given_up_offline_comes_as_one(browser: Browser, ratna: User) -> None:
    (result,) = hand_in(browser, planned(cancelled_because="Hujan"))

    assert result["outcome"] == "created"
    assert stands(browser).cancelled_because == "Hujan"


def test_a_plan_of_the_page_is_known_again(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        id_ = rows.planned_visit(ratna, planned_on=dt.date(2026, 4, 20), agenda="RAT").id

    same, other = hand_in(
        browser, planned(id_, starts=None, agenda="RAT"), planned(id_, starts=None, agenda="Lain sama sekali")
    )

    assert outcomes([same, other]) == ["duplicate", "conflict"]


def test_a_plan_is_its_authors(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        id_ = rows.planned_visit(ratna).id
        other = rows.facilitator(MANGGAR)
    browser.sign_in(other)

    first, change = hand_in(browser, planned(id_, cooperative=MANGGAR), planned(id_, "e" * 64, cooperative=MANGGAR))

    assert [codes(each) for each in (first, change)] == [["not_yours"], ["not_yours"]]


def test_a_plan_made_on_a_page_is_changed_over_what_its_page_showed(browser: Browser, ratna: User) -> None:
    hand_in(browser, first := planned())
    shown = json.dumps({**PLAN, "agenda": "Periksa buku kas"})
    base = sha256(shown)
    id_ = uuid.UUID(first["id"])

    moved, unknown, moved_again = hand_in(
        browser,
        planned(id_, base, planned_on="2026-04-21", moved_because="Rapat", written_over=shown),
        planned(id_, "0" * 64, planned_on="2026-04-29", written_over=shown),
        planned(id_, base, planned_on="2026-04-22", written_over=shown),
    )

    assert outcomes([moved, unknown, moved_again]) == ["merged", "later", "conflict"]
    assert codes(unknown) == ["base_missing"]
    assert stands(browser).planned_on == dt.date(2026, 4, 21)


def test_what_a_page_showed_is_what_its_form_says(browser: Browser, ratna: User) -> None:
    hand_in(browser, first := planned())

    form = browser.open(f"/jadwal/{first['id']}").soup.select("form[data-record-part=cancel]")[0]
    shown = str(form["data-record-over"])
    (ended,) = hand_in(
        browser,
        planned(
            uuid.UUID(str(form["data-record-id"])), sha256(shown), cancelled_because="Berhalangan", written_over=shown
        ),
    )

    assert json.loads(shown) == PLAN
    assert ended["outcome"] == "merged"
    assert stands(browser).cancelled_because == "Berhalangan"
