"""The programme's frame: years, the next one, the office's letterhead; and the verbs behind them."""

import datetime as dt
import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.service import deactivate_user
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Region, RegionKind
from pendamping.cooperatives.programme.models import Office, ProgrammeYear
from pendamping.cooperatives.programme.queries import DEFAULT_OFFICE, cities_within, office_of
from pendamping.cooperatives.programme.service import (
    NotTheNextYear,
    YearFrame,
    YearNotBegun,
    YearsOverlap,
    carry_over,
    change_office,
    change_year,
    frame_of,
    next_frame,
    open_year,
)
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.operations.load import load_city
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page

YEARS, NEXT, OFFICE = "/tahun-program", "/tahun-program/berikutnya", "/pengaturan"
NEW_YEAR, YEAR_END = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
NEXT_YEAR, NEXT_END = dt.date(2027, 1, 1), dt.date(2027, 12, 31)
CITY = "64.71"
EVENT: dict[str, Any] = {"actor": ACTOR, "now": NOW}


def years(session: Session) -> list[tuple[int, dt.date, dt.date]]:
    rows = session.scalars(select(ProgrammeYear).order_by(ProgrammeYear.year))
    return [(row.year, row.starts_on, row.ends_on) for row in rows]


def years_in(browser: Browser) -> list[tuple[int, dt.date, dt.date]]:
    with browser.app.app_context():
        return years(reading())


def year_of(session: Session, number: int = 2026) -> ProgrammeYear:
    return session.get_one(ProgrammeYear, number)


def assignments_from(browser: Browser, day: dt.date) -> list[str]:
    """Who is assigned from a day on, by name."""
    with browser.app.app_context():
        query = select(User.name).join(Assignment, Assignment.facilitator_id == User.id)
        return list(reading().scalars(query.where(Assignment.starts_on == day).order_by(User.name)))


def events(session: Session, verb: str) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).where(AuditEvent.verb == verb)))


# Years ----------------------------------------------------------------------------------------------------------------


def test_the_years_are_shown_with_their_targets(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, KARIANGAU)

    page = browser.open(YEARS)

    assert page.texts("main .cards h2") == ["2026"]
    assert page.texts("main .cards .list-plain li") == [
        "2 kunjungan per koperasi setiap bulan",
        "4 sampai 5 koperasi per pendamping",
        "2 penugasan",
    ]
    assert page.texts("main .pill") == ["Berjalan"]


def test_dates_and_targets_of_a_year_are_changed(browser: Browser, admin: User) -> None:
    fields = browser.open(f"{YEARS}/2026").fields()
    changed = {"starts_on": "2026-02-01", "visits_per_month": "3", "caseload_min": "5", "caseload_max": "5"}

    page = browser.send(f"{YEARS}/2026", {**fields, **changed})

    assert page.has("Tahun program 2026 disimpan.")
    with browser.app.app_context():
        year = year_of(reading())
        (event,) = events(reading(), "change_year")
    assert frame_of(year) == YearFrame(dt.date(2026, 2, 1), YEAR_END, 3, 5, 5)
    assert (event.subject_type, event.subject_id) == ("programme_year", "2026")
    assert event.before == {"starts_on": "2026-01-01", "visits_per_month": 2, "caseload_min": 4}
    assert event.after == {"starts_on": "2026-02-01", "visits_per_month": 3, "caseload_min": 5}


@on_sqlite
@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"starts_on": ""}, "starts_on", "Isi hari pertamanya."),
        ({"ends_on": "akhir tahun"}, "ends_on", "Tulis tanggal seperti 2026-04-14."),
        ({"ends_on": "0026-12-31"}, "ends_on", "Periksa tahunnya."),
        ({"ends_on": "2025-12-31"}, "ends_on", "Hari terakhir tahun program harus sesudah hari pertamanya."),
        ({"starts_on": "2026-12-31"}, "ends_on", "Hari terakhir tahun program harus sesudah hari pertamanya."),
        ({"visits_per_month": "0"}, "visits_per_month", "Isi antara 1 dan 31."),
        ({"visits_per_month": "32"}, "visits_per_month", "Isi antara 1 dan 31."),
        ({"visits_per_month": "9" * 400}, "visits_per_month", "Isi antara 1 dan 31."),
        ({"visits_per_month": "dua"}, "visits_per_month", "Tulis bilangan bulat."),
        ({"caseload_min": ""}, "caseload_min", "Isi jumlahnya."),
        ({"caseload_min": "-1"}, "caseload_min", "Isi antara 1 dan 100."),
        ({"caseload_min": "6"}, "caseload_max", "Tidak boleh kurang daripada yang paling sedikit."),
        (
            {"starts_on": "2026-03-01"},
            "starts_on",
            "2 penugasan akan berada di luar tahun program: "
            "yang paling awal mulai 1 Februari 2026, yang paling akhir selesai 30 November 2026.",
        ),
        (
            {"ends_on": "2026-06-30"},
            "ends_on",
            "2 penugasan akan berada di luar tahun program: "
            "yang paling awal mulai 1 Februari 2026, yang paling akhir selesai 30 November 2026.",
        ),
        (
            {"ends_on": "2027-01-01"},
            "ends_on",
            "Bertumpuk dengan tahun program 2027 (1 Januari 2027 sampai 31 Desember 2027).",
        ),
    ],
)
def test_what_does_not_hold_of_a_year_is_answered_at_its_place(
    browser: Browser, admin: User, values: dict[str, str], field: str, message: str
) -> None:
    with browser.make() as make:
        dates = {"starts_on": dt.date(2026, 2, 1), "ends_on": dt.date(2026, 11, 30)}
        make.assignment(make.user(), **dates)
        make.assignment(make.user(), KARIANGAU, **dates)
        open_year(make.session, 2027, today=TODAY, **EVENT)
    fields = browser.open(f"{YEARS}/2026").fields()
    before = years_in(browser)

    page = browser.send(f"{YEARS}/2026", {**fields, **values})

    assert (page.status, page.text(f"#{field}-error")) == (400, message)
    assert {name: page.fields()[name] for name in values} == values
    assert years_in(browser) == before


@pytest.mark.parametrize("number", ["1999", "0", "99999999999999999999", "2026x", "-1"])
def test_a_year_that_is_none_is_not_there(browser: Browser, admin: User, number: str) -> None:
    assert browser.client.get(f"{YEARS}/{number}").status_code == 404


def test_an_assignment_across_the_borders_of_a_year_does_not_hold_its_dates(session: Session, make: Make) -> None:
    make.assignment(make.user(), starts_on=dt.date(2025, 12, 1), ends_on=dt.date(2026, 1, 31))
    year = year_of(session)

    change_year(session, year, replace(frame_of(year), starts_on=dt.date(2026, 2, 1)), **EVENT)

    assert year.starts_on == dt.date(2026, 2, 1)


def test_nothing_is_on_record_when_nothing_differs(session: Session) -> None:
    year = year_of(session)

    change_year(session, year, frame_of(year), **EVENT)

    assert events(session, "change_year") == []


# The next year --------------------------------------------------------------------------------------------------------


def test_before_a_year_is_opened_is_said_what_goes_on(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.short_instruments()
        facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
        make.visit(facilitator, actions=(make.action_draft("KL-02"), make.action_draft()))
        make.assignment(facilitator, MANGGAR, ends_on=dt.date(2026, 6, 30))

    page = browser.open(NEXT)

    assert page.heading == "Buka tahun program 2027"
    assert page.texts("main .notice p") == [
        "2 tindakan terbuka ikut terbawa.",
        "2 penugasan berjalan sampai akhir tahun program 2026.",
    ]


def test_the_next_year_has_the_same_targets_and_the_same_people(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, name="Ratna")
        make.facilitator(KARIANGAU, name="Budi")
        make.assignment(make.user(name="Citra"), MANGGAR, ends_on=dt.date(2026, 6, 30))

    page = browser.send(NEXT, browser.open(NEXT).fields())

    assert page.has("Tahun program 2027 dibuka. 2 penugasan terbawa.")
    assert years_in(browser) == [(2026, NEW_YEAR, YEAR_END), (2027, NEXT_YEAR, NEXT_END)]
    assert assignments_from(browser, NEXT_YEAR) == ["Budi", "Ratna"]
    with browser.app.app_context():
        made = year_of(reading(), 2027)
    assert (made.visits_per_month, made.caseload_min, made.caseload_max) == (2, 4, 5)


def test_the_same_press_again_changes_nothing(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH)
    fields = browser.open(NEXT).fields()
    browser.send(NEXT, fields)
    before = everything(browser)

    page = browser.send(NEXT, fields)

    assert page.has("Tahun program 2027 sudah dibuka sebelumnya.")
    assert everything(browser) == before


def everything(browser: Browser) -> list[int]:
    return [browser.count(table) for table in (ProgrammeYear, Assignment, AuditEvent)]


def test_two_presses_at_the_same_moment_open_one_year(app: Flask, browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, KARIANGAU)
    devices = [Browser(app, browser.make) for _ in range(3)]
    for device in devices:
        device.sign_in(admin)
    forms = [device.open(NEXT).fields() for device in devices]
    statuses: list[int] = []

    def press(device: Browser, fields: dict[str, str]) -> None:
        statuses.append(device.client.post(NEXT, data=fields).status_code)

    threads = [threading.Thread(target=press, args=each) for each in zip(devices, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302, 302, 302]
    assert len(years_in(browser)) == 2
    assert len(assignments_from(browser, NEXT_YEAR)) == 2


def test_people_are_carried_over_later_when_they_were_not_at_first(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, name="Ratna")
    fields = browser.open(NEXT).fields()
    fields.pop("carries_over")
    browser.send(NEXT, fields)
    assert assignments_from(browser, NEXT_YEAR) == []

    page = browser.open(NEXT)
    browser.send(NEXT, page.fields())

    assert page.heading == "Isi tahun program 2027"
    assert assignments_from(browser, NEXT_YEAR) == ["Ratna"]


def test_a_closed_account_and_a_cooperative_that_has_somebody_are_not_carried_over(
    browser: Browser, admin: User
) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, name="Ratna")
        closed = make.facilitator(KARIANGAU, name="Budi")
        make.facilitator(MANGGAR, name="Citra")
        deactivate_user(make.session, closed, **EVENT)
        make.assignment(make.user(name="Dewi"), MANGGAR, starts_on=NEXT_YEAR, ends_on=NEXT_END)

    page = browser.send(NEXT, browser.open(NEXT).fields())

    assert page.has("1 penugasan terbawa. 1 tidak terbawa karena akun pendampingnya ditutup.")
    assert assignments_from(browser, NEXT_YEAR) == ["Dewi", "Ratna"]


def test_an_admin_of_another_city_carries_over_nothing_here(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        make.facilitator(GRAHA_INDAH, name="Sana")
        browser.sign_in(make.user(Role.ADMIN, scope_prefix="64.72"))

    browser.send(NEXT, browser.open(NEXT).fields())

    assert len(years_in(browser)) == 2
    assert assignments_from(browser, NEXT_YEAR) == []


@pytest.mark.parametrize("number", ["2028", "0000", "", "20 7", "٢٠٢٧", "9" * 400])
def test_no_other_year_than_the_next_is_opened(browser: Browser, admin: User, number: str) -> None:
    page = browser.send(NEXT, {**browser.open(NEXT).fields(), "year": number})

    assert page.status == 400
    assert page.has("Ada yang perlu diperbaiki")
    assert len(years_in(browser)) == 1


def test_no_third_year_is_opened_while_the_second_lies_ahead(session: Session) -> None:
    open_year(session, 2027, today=TODAY, **EVENT)

    with pytest.raises(YearNotBegun):
        open_year(session, 2028, today=TODAY, **EVENT)
    year, is_new = open_year(session, 2028, today=NEXT_YEAR, **EVENT)

    assert (year.starts_on, is_new) == (dt.date(2028, 1, 1), True)
    with pytest.raises(NotTheNextYear):
        open_year(session, 2030, today=dt.date(2030, 1, 1), **EVENT)


def test_a_year_is_twelve_months_whichever_day_it_begins() -> None:
    year = ProgrammeYear(
        year=2027,
        starts_on=dt.date(2027, 3, 1),
        ends_on=dt.date(2028, 2, 28),
        visits_per_month=2,
        caseload_min=4,
        caseload_max=5,
    )

    frame = next_frame(year)

    assert (frame.starts_on, frame.ends_on) == (dt.date(2028, 2, 29), dt.date(2029, 2, 28))


def test_a_year_is_not_opened_over_the_days_of_another(session: Session) -> None:
    session.add(ProgrammeYear(year=2020, **vars_of(next_frame(year_of(session)))))
    session.flush()

    with pytest.raises(YearsOverlap):
        open_year(session, 2027, today=TODAY, **EVENT)


def vars_of(frame: YearFrame) -> dict[str, Any]:
    return {name: getattr(frame, name) for name in YearFrame.__dataclass_fields__}


def test_an_assignment_that_runs_into_the_next_year_goes_on_from_where_it_ends(session: Session, make: Make) -> None:
    assignment = make.assignment(make.user(), ends_on=dt.date(2027, 1, 31))
    year, _ = open_year(session, 2027, today=TODAY, **EVENT)

    carried = carry_over(session, [assignment], year, **EVENT)

    dates = session.execute(select(Assignment.starts_on, Assignment.ends_on).order_by(Assignment.starts_on)).all()
    assert (carried.made, carried.there_already, carried.closed) == (1, 0, 0)
    assert [tuple(each) for each in dates] == [
        (NEW_YEAR, dt.date(2027, 1, 31)),
        (dt.date(2027, 2, 1), NEXT_END),
    ]


# The office -----------------------------------------------------------------------------------------------------------

LETTERHEAD = {
    "government": "Pemerintah Kota Balikpapan",
    "name": "Dinas Koperasi",
    "address": "Jalan Ruhui Rahayu I, Balikpapan",
    "contact": "0542 123456 · dinas@example.test",
    "number_code": "KKMP/BA",
}


def preview(page: Page) -> str:
    return page.text(".letterhead__paper")


def test_the_city_comes_with_a_letterhead(session: Session) -> None:
    office = session.get_one(Office, CITY)

    assert (office.government, office.number_code) == ("Pemerintah Kota Balikpapan", "BA-KKMP")
    assert office_of(session, CITY) == DEFAULT_OFFICE
    assert office_of(session, "99.99") == DEFAULT_OFFICE


def test_a_start_brings_a_missing_letterhead_and_changes_none_that_is_there(session: Session) -> None:
    session.delete(session.get_one(Office, CITY))
    session.flush()
    load_city(session, **EVENT)
    assert office_of(session, CITY) == DEFAULT_OFFICE

    change_office(session, CITY, replace(DEFAULT_OFFICE, name="Dinas Lain"), **EVENT)
    load_city(session, **EVENT)

    assert office_of(session, CITY).name == "Dinas Lain"


def test_the_letterhead_is_changed_and_shown_as_it_will_look(browser: Browser, admin: User) -> None:
    page = browser.send(OFFICE, {**browser.open(OFFICE).fields(), **LETTERHEAD})

    assert page.has("Kop surat disimpan.")
    assert preview(page) == (
        "Pemerintah Kota Balikpapan Dinas Koperasi Jalan Ruhui Rahayu I, Balikpapan "
        "0542 123456 · dinas@example.test Nomor: 0001/ KKMP/BA /IV/2026"
    )
    with browser.app.app_context():
        assert office_of(reading(), CITY).address == LETTERHEAD["address"]
        (event,) = events(reading(), "change_office")
    assert (event.subject_type, event.subject_id) == ("office", CITY)
    assert event.before == {"name": DEFAULT_OFFICE.name, "address": "", "contact": "", "number_code": "BA-KKMP"}
    assert event.after is not None
    assert event.after["number_code"] == "KKMP/BA"
    assert "government" not in event.after


def test_a_letterhead_is_made_from_the_defaults_where_there_is_none(session: Session) -> None:
    session.delete(session.get_one(Office, CITY))
    session.flush()

    change_office(session, CITY, replace(DEFAULT_OFFICE, contact="0542 123456"), **EVENT)

    (event,) = events(session, "change_office")
    assert office_of(session, CITY) == replace(DEFAULT_OFFICE, contact="0542 123456")
    assert (event.before, event.after) == ({"contact": ""}, {"contact": "0542 123456"})


def test_a_letterhead_that_stays_as_it_is_leaves_no_record(browser: Browser, admin: User) -> None:
    browser.send(OFFICE, browser.open(OFFICE).fields())

    with browser.app.app_context():
        assert events(reading(), "change_office") == []


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("government", "", "Isi nama pemerintah daerahnya."),
        ("government", "a" * 161, "Paling banyak 160 karakter."),
        ("name", " \u200b\u202e ", "Isi nama dinasnya."),
        ("name", "a" * 201, "Paling banyak 200 karakter."),
        ("address", "a" * 201, "Paling banyak 200 karakter."),
        ("contact", "a" * 201, "Paling banyak 200 karakter."),
        ("number_code", "", "Isi kodenya, misalnya BA-KKMP."),
        ("number_code", "BA KKMP", "Pakai huruf, angka, titik, garis miring, atau tanda hubung."),
        ("number_code", "../../etc", "Pakai huruf, angka, titik, garis miring, atau tanda hubung."),
        ("number_code", "A" * 41, "Paling banyak 40 karakter."),
    ],
)
def test_what_does_not_hold_of_a_letterhead_is_answered_at_its_place(
    browser: Browser, admin: User, field: str, value: str, message: str
) -> None:
    fields = {**browser.open(OFFICE).fields(), **LETTERHEAD, field: value}

    page = browser.send(OFFICE, fields)

    assert (page.status, page.text(f"#{field}-error")) == (400, message)
    kept = [name for name in LETTERHEAD if name != field]
    assert {name: page.fields()[name] for name in kept} == {name: LETTERHEAD[name] for name in kept}
    with browser.app.app_context():
        assert office_of(reading(), CITY) == DEFAULT_OFFICE


def test_what_is_typed_is_shown_as_words_and_never_as_markup(browser: Browser, admin: User) -> None:
    fields = {**browser.open(OFFICE).fields(), **LETTERHEAD, "address": "<b>Jalan</b>\n&  <script>1</script>"}

    page = browser.send(OFFICE, fields)

    assert "<b>Jalan</b> & <script>1</script>" in preview(page)
    assert page.soup.select(".letterhead b, .letterhead script") == []


def test_of_several_cities_each_has_its_own_letterhead(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        city = Region(code="64.72", name="KOTA LAIN", display_name="Kota Lain", kind=RegionKind.CITY, parent_code="64")
        make.session.add(city)
    url = f"{OFFICE}?kota=64.72"

    page = browser.send(url, {**browser.open(url).fields(), **LETTERHEAD, "name": "Dinas Lain"})

    assert page.texts("main nav a[aria-current]") == ["Kota Lain"]
    with browser.app.app_context():
        assert [office_of(reading(), code).name for code in (CITY, "64.72")] == [DEFAULT_OFFICE.name, "Dinas Lain"]
    assert browser.client.get(f"{OFFICE}?kota=99.99").status_code == 404


def test_an_admin_below_the_city_changes_no_letterhead(browser: Browser, admin: User) -> None:
    token = browser.open(OFFICE).fields()["csrf_token"]
    with browser.make() as make:
        browser.sign_in(make.user(Role.ADMIN, scope_prefix="64.71.02"))

    page = browser.open(OFFICE)
    browser.client.post(f"{OFFICE}?kota={CITY}", data={**LETTERHEAD, "csrf_token": token})

    assert page.has("Kop surat diatur oleh admin kota.")
    with browser.app.app_context():
        assert office_of(reading(), CITY) == DEFAULT_OFFICE


@pytest.mark.parametrize(
    ("scope", "cities"), [("", [CITY]), ("64", [CITY]), (CITY, [CITY]), ("64.7", []), ("64.71.02", []), ("65", [])]
)
def test_a_city_belongs_to_whoever_sees_all_of_it(session: Session, scope: str, cities: list[str]) -> None:
    assert [code for code, _name in cities_within(session, scope)] == cities


def test_no_record_of_the_programme_holds_more_than_json_can(session: Session) -> None:
    year = year_of(session)
    change_year(session, year, replace(frame_of(year), ends_on=dt.date(2026, 11, 30)), **EVENT)

    (event,) = events(session, "change_year")

    assert json.loads(json.dumps(event.after)) == {"ends_on": "2026-11-30"}
