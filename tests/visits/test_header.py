"""Who was met, when and where: what the visit's form makes of it on the way to the database and back."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.visits.corrections.service import lock_month
from pendamping.visits.models import Attendance, Visit, VisitMode
from pendamping.visits.schedule.service import cancel_visit
from tests.conftest import ACTOR, NOW
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.visits.sent import blank

URL = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"


def met(browser: Browser) -> list[tuple[str, str]]:
    with browser.app.app_context():
        people = reading().scalars(select(Attendance).order_by(Attendance.position))
        return [(person.name, person.role) for person in people]


def people(count: int) -> dict[str, str]:
    names = {f"people_met-{number}-name": f"Orang {number}" for number in range(count)}
    return {**names, **{f"people_met-{number}-role": "Anggota" for number in range(count)}}


def assert_given_back(page: Page, sent: Mapping[str, Any]) -> None:
    given_back = page.fields()
    assert {name: given_back.get(name) for name in sent if name != "csrf_token"} == {
        name: value for name, value in sent.items() if name != "csrf_token"
    }


# People ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [40, 60])
def test_everybody_who_was_met_is_saved_in_order(browser: Browser, facilitator: User, count: int) -> None:
    page = browser.send(URL, {**blank(browser), **people(count)})

    assert met(browser) == [(f"Orang {number}", "Anggota") for number in range(count)]
    assert page.has(f"Orang {count - 1}")


def test_sixty_one_people_are_refused_and_all_given_back(browser: Browser, facilitator: User) -> None:
    sent = {**blank(browser), **people(61), "notes": "Rapat anggota."}

    page = browser.send(URL, sent)

    assert page.status == 400
    assert "Paling banyak 60 orang yang ditemui." in page.text("[data-error-summary]")
    assert_given_back(page, sent)
    assert browser.stored(Visit) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Siti\u202e Aminah", "Siti Aminah"),
        ("\u200bSiti\u200d Aminah\ufeff", "Siti Aminah"),
        ("  Siti\tAminah ", "Siti Aminah"),
        ("Siti\x01\x7f Aminah", "Siti Aminah"),
        ("Rene\u0301", "René"),
        ("Sīti ʿĀisyah 李", "Sīti ʿĀisyah 李"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_name_is_kept_as_it_was_meant(browser: Browser, facilitator: User, typed: str, kept: str) -> None:
    page = browser.send(URL, {**blank(browser), "people_met-0-name": typed, "people_met-0-role": typed})

    assert met(browser) == [(kept, kept)]
    assert page.has(kept)


# Place ----------------------------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("lat", "lon", "accuracy"),
    [
        ("91", "116.8", ""),
        ("-1.2", "180.01", ""),
        ("nan", "nan", ""),
        ("-1.2", "inf", ""),
        ("-1.2", "1e400", "5"),
        ("-1.2", "116.8", "-0.5"),
        ("-1.2", "116.8", "100001"),
        ("-1.2", "116.8", "nan"),
        ("-1.2", "", "5"),
        ("utara", "timur", "dekat"),
    ],
)
def test_a_place_that_cannot_be_is_refused_at_its_place(
    browser: Browser, facilitator: User, lat: str, lon: str, accuracy: str
) -> None:
    place = {"place-lat": lat, "place-lon": lon, "place-accuracy_m": accuracy}

    page = browser.send(URL, {**blank(browser), **place, "notes": "Rapat."})

    assert page.status == 400
    assert page.soup.select("#place-lat-error, #place-lon-error, #place-accuracy_m-error")
    assert page.fields()["notes"] == "Rapat."
    assert browser.stored(Visit) == []


@pytest.mark.parametrize(
    ("lat", "lon"), [("90", "180"), ("-90", "-180"), ("0", "0"), ("1.2", "-63.2"), ("-1.2379", "116.8529")]
)
def test_a_place_anywhere_on_earth_is_stored_and_measured(
    browser: Browser, facilitator: User, lat: str, lon: str
) -> None:
    with browser.make() as make:
        cooperative = make.cooperative()
        cooperative.latitude, cooperative.longitude = -1.2, 116.8

    page = browser.send(URL, {**blank(browser), "place-lat": lat, "place-lon": lon})

    (visit,) = browser.stored(Visit)
    assert page.status == 200
    assert (visit.latitude, visit.longitude) == (float(lat), float(lon))
    assert visit.distance_m is not None
    assert 0 <= visit.distance_m < 20_016_000


def test_the_distance_is_not_known_while_one_of_the_places_is_not(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        assert make.cooperative().latitude is None
    browser.send(URL, {**blank(browser), "place-lat": "-1.2", "place-lon": "116.8"})
    browser.send(URL, blank(browser))

    assert [visit.distance_m for visit in browser.stored(Visit)] == [None, None]


# Day and hours --------------------------------------------------------------------------------------------------------

WRITTEN = {
    "started": "10:00",
    "ended": "12:00",
    "purposes": ["pemeriksaan", "rapat"],
    "people_met-0-name": "Siti Aminah",
    "people_met-0-role": "Bendahara",
    "notes": "Rapat singkat.",
    "answers-KL-01-value": "yes",
    "answers-KL-01-proof": "dokumen_dilihat",
    "answers-KL-02-value": "no",
    "answers-KL-02-note": "Buku belum ada.",
    "answers-KL-22-value": "40",
}


def test_a_visit_at_the_hour_of_another_is_said_at_the_start_and_nothing_is_lost(
    browser: Browser, facilitator: User
) -> None:
    with browser.make() as make:
        make.visit(facilitator, code=KARIANGAU)
    sent = {**blank(browser), **WRITTEN}

    page = browser.send(URL, sent)

    assert page.status == 409
    assert page.text("#started-error") == ("Pada jam itu Anda tercatat di KKMP Kariangau (09.30 sampai 11.00).")
    assert page.text("[data-error-summary]").endswith("(09.30 sampai 11.00).")
    assert_given_back(page, sent)
    assert len(browser.stored(Visit)) == 1
    assert browser.client.post(URL, data={**page.fields(), "started": "11:00"}).status_code == 302


def test_a_visit_in_an_approved_month_is_kept_as_an_addendum_to_it(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        lock_month(make.session, facilitator, dt.date(2026, 3, 1), actor=ACTOR, now=NOW)
    sent = {**blank(browser), **WRITTEN, "visited_on": "2026-03-31"}

    page = browser.send(URL, sent)

    assert page.status == 200
    (visit,) = browser.stored(Visit)
    assert visit.is_addendum
    assert page.has("susulan")


# The plan behind it ---------------------------------------------------------------------------------------------------


def test_a_visit_that_starts_from_its_plan_has_the_plans_day_and_way(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        plan = make.planned_visit(
            facilitator,
            planned_on=dt.date(2026, 4, 13),
            starts=dt.time(9, 30),
            made_on=dt.date(2026, 4, 1),
            agenda="RAT",
        )
        plan.mode = VisitMode.REMOTE

    page = browser.open(f"{URL}?rencana={plan.id}")

    fields = page.fields()
    assert (fields["visited_on"], fields["mode"]) == ("2026-04-13", "jarak_jauh")
    assert fields["planned_visit"] == str(plan.id)
    assert page.text(".visit-head__plan") == "Direncanakan 13 April 2026, 09.30: RAT"
    assert browser.client.post(URL, data=fields).status_code == 302
    assert [visit.planned_visit_id for visit in browser.stored(Visit)] == [plan.id]


def test_a_visit_before_its_planned_day_is_written_today(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        plan = make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 20))

    fields = browser.open(f"{URL}?rencana={plan.id}").fields()

    assert fields["visited_on"] == "2026-04-14"
    assert browser.client.post(URL, data=fields).status_code == 302
    assert [visit.planned_visit_id for visit in browser.stored(Visit)] == [plan.id]


def test_a_plan_stays_named_through_a_refusal(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        plan = make.planned_visit(facilitator, planned_on=dt.date(2026, 4, 20))
    fields = browser.open(f"{URL}?rencana={plan.id}").fields()

    page = browser.send(URL, {**fields, "visited_on": "kemarin"})

    assert page.status == 400
    assert page.fields()["planned_visit"] == str(plan.id)
    assert page.text(".visit-head__plan") == "Direncanakan 20 April 2026"


@pytest.mark.parametrize("whose", ["somebody else's", "another cooperative's", "nobody's", "odd"])
def test_a_plan_that_is_not_theirs_for_this_cooperative_is_ignored(
    browser: Browser, facilitator: User, whose: str
) -> None:
    with browser.make() as make:
        foreign = make.planned_visit(make.facilitator(MANGGAR), MANGGAR, agenda="Rahasia")
        elsewhere = make.planned_visit(
            facilitator, KARIANGAU, planned_on=dt.date(2026, 4, 13), made_on=dt.date(2026, 4, 1)
        )
    named = {
        "somebody else's": foreign.id,
        "another cooperative's": elsewhere.id,
        "nobody's": uuid.uuid4(),
        "odd": "bukan-nomor",
    }[whose]

    page = browser.open(f"{URL}?rencana={named}")

    assert page.status == 200
    assert not page.soup.select(".visit-head__plan")
    assert page.fields()["visited_on"] == "2026-04-14"
    assert not page.has("Rahasia")
    assert browser.client.post(URL, data={**page.fields(), "planned_visit": str(named)}).status_code == 302
    assert [visit.planned_visit_id for visit in browser.stored(Visit)] == [None]


def test_a_visit_that_names_its_cancelled_plan_makes_it_good(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        plan = make.planned_visit(facilitator)
        cancel_visit(make.session, plan, because="Hujan", actor=ACTOR, now=NOW)

    fields = browser.open(f"{URL}?rencana={plan.id}").fields()

    assert browser.client.post(URL, data=fields).status_code == 302
    assert [visit.planned_visit_id for visit in browser.stored(Visit)] == [plan.id]
