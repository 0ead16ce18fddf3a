""" "Simpan keduanya": one visit or plan written on two devices is kept twice at the same hours; nothing else is."""

import json
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.visits.models import Visit
from pendamping.visits.schedule.models import PlannedVisit
from tests.field import records
from tests.field.records import codes, hand_in, outcomes, record
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser

PLAN = {"cooperative": GRAHA_INDAH, "planned_on": "2026-04-20", "starts": "09:30", "mode": "tatap_muka", "agenda": "A"}


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        user: User = rows.facilitator(GRAHA_INDAH, KARIANGAU)
    browser.sign_in(user)
    return user


def plan(id_: uuid.UUID | None = None, **changes: Any) -> dict[str, Any]:
    return record(json.dumps({**PLAN, **changes}), kind="schedule", id_=id_)


def correction(visit: dict[str, Any], **changes: Any) -> dict[str, Any]:
    said = {"visit": visit["id"], "reason": "Salah tulis.", **changes}
    return record(json.dumps(said), kind="correction", base_sha256=visit["sha256"])


def test_a_visit_written_on_two_devices_is_kept_twice_and_each_can_be_put_right(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()
    first, other = hand_in(browser, record(id_=id_), record(records.body(notes="Versi tablet."), id_=id_))

    beside = record(records.body(notes="Versi tablet.", beside=str(id_)))
    kept, again = hand_in(browser, beside), hand_in(browser, beside)

    assert outcomes([first, other, *kept, *again]) == ["created", "conflict", "created", "duplicate"]
    with browser.app.app_context():
        stored = reading().scalars(select(Visit).order_by(Visit.notes)).all()
    assert [(each.notes, f"{each.started:%H.%M}") for each in stored] == [
        ("Buku kas diperiksa bersama.", "09.30"),
        ("Versi tablet.", "09.30"),
    ]
    links = [browser.open(f"/kunjungan/{each}").soup.select(".notice a") for each in (id_, kept[0]["id"])]
    assert [each["href"] for found in links for each in found] == [f"/kunjungan/{kept[0]['id']}", f"/kunjungan/{id_}"]
    put_right = hand_in(browser, correction(first, notes="Lebih lengkap."), correction(kept[0], started="09:45"))
    assert (outcomes(put_right), codes(put_right[1])) == (["merged", "rejected"], ["visits_overlap"])
    assert outcomes(hand_in(browser, correction(kept[0], started="11:00", ended="12:00"))) == ["merged"]


def test_a_plan_written_on_two_devices_is_kept_twice(browser: Browser, ratna: User) -> None:
    id_ = uuid.uuid4()

    results = hand_in(browser, plan(id_), plan(id_, agenda="B"), plan(agenda="B", beside=str(id_)))

    assert outcomes(results) == ["created", "conflict", "created"]
    with browser.app.app_context():
        stored = reading().scalars(select(PlannedVisit).order_by(PlannedVisit.agenda)).all()
    assert [(each.agenda, f"{each.starts:%H.%M}") for each in stored] == [("A", "09.30"), ("B", "09.30")]


def test_only_the_very_record_named_may_stand_at_the_same_hours(browser: Browser, ratna: User) -> None:
    visits = [record(), record(records.body(started="11:00", ended="12:00"))]
    plans = [plan(), plan(starts="11:00")]
    assert set(outcomes(hand_in(browser, *visits, *plans))) == {"created"}
    visit, its_plan = visits[0]["id"], plans[0]["id"]

    refused = hand_in(
        browser,
        record(records.body(beside=str(uuid.uuid4()))),
        record(records.body(beside=its_plan)),
        record(records.body(beside=visit, cooperative=KARIANGAU)),
        record(records.body(beside=visit, ended="11:30")),
        plan(beside=str(uuid.uuid4())),
        plan(beside=visit),
        plan(beside=its_plan, cooperative=KARIANGAU),
        plan(beside=its_plan, starts="10:15"),
    )

    assert [codes(each) for each in refused] == [["visits_overlap"]] * 4 + [["plans_overlap"]] * 4
    assert (browser.count(Visit), browser.count(PlannedVisit)) == (2, 2)


@pytest.mark.parametrize("named", ["", "bukan-nomor", 7, ["x"], {}])
def test_what_is_no_id_is_refused(browser: Browser, ratna: User, named: Any) -> None:
    results = hand_in(browser, record(records.body(beside=named)), plan(beside=named))

    assert [(each["outcome"], codes(each)) for each in results] == [("rejected", ["bad_body"])] * 2


def test_a_record_that_stands_beside_none_may_say_so(browser: Browser, ratna: User) -> None:
    assert outcomes(hand_in(browser, record(records.body(beside=None)), plan(beside=None))) == ["created"] * 2
