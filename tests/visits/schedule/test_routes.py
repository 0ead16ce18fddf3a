import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.visits.models import MonthLock
from pendamping.visits.schedule import page as page_module
from pendamping.visits.schedule import queries
from pendamping.visits.schedule.models import AGENDA_LENGTH, REASON_LENGTH, PlannedVisit, PlannedVisitMove
from pendamping.visits.schedule.service import cancel_visit
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser, Page

NEW = "/jadwal/baru"
ONE_DAY = dt.timedelta(days=1)
APRIL_16 = dt.date(2026, 4, 16)


@pytest.fixture
def ratna(browser: Browser) -> User:
    with browser.make() as rows:
        user: User = rows.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna Dewi")
    browser.sign_in(user)
    return user


def planned(browser: Browser, user: User, code: str = GRAHA_INDAH, **fields: Any) -> PlannedVisit:
    with browser.make() as rows:
        plan: PlannedVisit = rows.planned_visit(user, code, **fields)
    return plan


def cancelled(browser: Browser, user: User, code: str = GRAHA_INDAH, **fields: Any) -> PlannedVisit:
    with browser.make() as rows:
        plan: PlannedVisit = rows.planned_visit(user, code, **fields)
        cancel_visit(rows.session, plan, because="Hujan lebat", actor=ACTOR, now=NOW)
    return plan


def stored(browser: Browser, plan_id: uuid.UUID) -> PlannedVisit:
    with browser.app.app_context():
        return reading().get_one(PlannedVisit, plan_id)


def filled(browser: Browser, url: str = NEW, **changed: str) -> dict[str, Any]:
    """The form of a page as it comes, with some fields filled."""
    return {**browser.open(url).fields(), **changed}


def sound(browser: Browser, **changed: str) -> Mapping[str, Any]:
    return filled(browser, **{"cooperative": GRAHA_INDAH, "planned_on": "2026-04-16", "starts": "09:30", **changed})


def days(page: Page) -> dict[str, list[str]]:
    """What stands on which day of a schedule, by the day's date."""
    found = {}
    for day in page.soup.select(".calendar__days > li"):
        time = day.select_one("time")
        assert time is not None
        if entries := day.select(".entry"):
            found[str(time["datetime"])] = [" ".join(each.get_text(" ").split()) for each in entries]
    return found


def ways(page: Page) -> list[str]:
    """Where the forms on a plan's page lead."""
    return [str(form["action"]) for form in page.soup.select("main form[method=post]")]


def links(page: Page, selector: str) -> list[str]:
    return [str(link["href"]) for link in page.soup.select(selector)]


# The month and the week -----------------------------------------------------------------------------------------------


def test_a_month_shows_what_is_ahead_done_missed_and_cancelled(browser: Browser, ratna: User) -> None:
    missed = planned(browser, ratna, planned_on=dt.date(2026, 4, 13), agenda="Rapat anggota")
    ahead = planned(browser, ratna, KARIANGAU, planned_on=APRIL_16, starts=dt.time(13, 30))
    given_up = cancelled(browser, ratna, planned_on=dt.date(2026, 4, 17))
    with browser.make() as rows:
        visit = rows.visit(ratna, {})

    page = browser.open("/jadwal")

    assert page.has("Rencana dan kunjungan, April 2026")
    assert days(page) == {
        "2026-04-13": ["Terlewat KKMP Graha Indah Tatap muka · Rapat anggota"],
        "2026-04-14": ["Selesai 09.30 KKMP Graha Indah Tatap muka · Pemeriksaan"],
        "2026-04-16": ["Direncanakan 13.30 KKMP Kariangau Tatap muka"],
        "2026-04-17": ["Dibatalkan KKMP Graha Indah Tatap muka"],
    }
    assert links(page, ".entry") == [
        f"/jadwal/{missed.id}",
        f"/kunjungan/{visit.id}",
        f"/jadwal/{ahead.id}",
        f"/jadwal/{given_up.id}",
    ]


def test_a_month_is_whole_weeks_and_today_weekends_and_holidays_are_named(browser: Browser, ratna: User) -> None:
    page = browser.open("/jadwal")

    shown = links_of_days(page)
    assert (shown[0], shown[-1], len(shown)) == ("2026-03-30", "2026-05-03", 35)
    assert page.text("#hari-ini .day__today") == "Hari ini"
    free = {str(day.select_one("time")["datetime"]): page_text(day) for day in page.soup.select(".day--free")}  # type: ignore[index]
    assert free["2026-04-03"] == "Wafat Yesus Kristus"
    assert free["2026-04-04"] == "Akhir pekan"
    assert free["2026-04-05"] == "Kebangkitan Yesus Kristus"
    assert "2026-04-06" not in free


def links_of_days(page: Page) -> list[str]:
    return [str(each["datetime"]) for each in page.soup.select(".calendar__days time")]


def page_text(day: Any) -> str:
    return " ".join(day.select_one(".day__free").get_text(" ").split())


@pytest.mark.parametrize(
    ("address", "words", "earlier", "later"),
    [
        ("", "April 2026", "?bulan=2026-03", "?bulan=2026-05"),
        ("?bulan=2026-01", "Januari 2026", "?bulan=2025-12", "?bulan=2026-02"),
        ("?bulan=2026-12", "Desember 2026", "?bulan=2026-11", "?bulan=2027-01"),
        ("?pekan=2026-W15", "6–12 April 2026", "?pekan=2026-W14", "?pekan=2026-W16"),
        ("?pekan=2026-W14", "30 Maret – 5 April 2026", "?pekan=2026-W13", "?pekan=2026-W15"),
        ("?pekan=2026-W53", "28 Desember 2026 – 3 Januari 2027", "?pekan=2026-W52", "?pekan=2027-W01"),
        ("?bulan=2026-13", "April 2026", "?bulan=2026-03", "?bulan=2026-05"),
        ("?bulan=0000-01", "April 2026", "?bulan=2026-03", "?bulan=2026-05"),
        ("?bulan=entah", "April 2026", "?bulan=2026-03", "?bulan=2026-05"),
        ("?pekan=2026-W54", "13–19 April 2026", "?pekan=2026-W15", "?pekan=2026-W17"),
        ("?pekan=9999-W53", "April 2026", "?bulan=2026-03", "?bulan=2026-05"),
    ],
)
def test_an_address_names_its_month_or_week_and_leads_to_the_next(
    browser: Browser, ratna: User, address: str, words: str, earlier: str, later: str
) -> None:
    page = browser.open(f"/jadwal{address}")

    assert page.status == 200
    assert page.text("#jangka") == words
    assert links(page, ".turn__way") == [f"/jadwal{earlier}", f"/jadwal{later}"]


def test_month_and_week_lead_to_each_other_and_to_today(browser: Browser, ratna: User) -> None:
    may = browser.open("/jadwal?bulan=2026-05")
    week = browser.open("/jadwal?pekan=2026-W15")

    assert links(may, ".turn__view") == ["/jadwal?bulan=2026-05", "/jadwal?pekan=2026-W18"]
    assert links(week, ".turn__view") == ["/jadwal?bulan=2026-04", "/jadwal?pekan=2026-W15"]
    assert links(may, ".turn__ways > .btn:not(.turn__way)") == ["/jadwal?bulan=2026-04#hari-ini"]
    assert [each.get_text() for each in week.soup.select(".turn__view[aria-current]")] == ["Pekan"]


def test_a_week_shows_its_seven_days(browser: Browser, ratna: User) -> None:
    planned(browser, ratna, planned_on=APRIL_16)
    planned(browser, ratna, KARIANGAU, planned_on=dt.date(2026, 4, 20))

    page = browser.open("/jadwal?pekan=2026-W16")

    assert len(links_of_days(page)) == 7
    assert list(days(page)) == ["2026-04-16"]


def test_an_empty_month_says_what_to_do(browser: Browser, ratna: User) -> None:
    page = browser.open("/jadwal?bulan=2026-05")

    assert page.has("Belum ada rencana atau kunjungan pada Mei 2026.")
    assert links(page, ".empty a") == [NEW]


def test_a_plan_begins_on_a_day_that_is_still_ahead(browser: Browser, ratna: User) -> None:
    page = browser.open("/jadwal")

    offered = links(page, ".day__plan")
    assert offered[0] == f"{NEW}?tanggal=2026-04-14"
    assert len(offered) == 20


def test_whoever_is_behind_is_named_beside_the_days(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        for day in (TODAY - ONE_DAY, TODAY):
            rows.visit(ratna, {}, visited_on=day)
    planned(browser, ratna, KARIANGAU)

    page = browser.open("/jadwal")

    behind, reached = page.texts(".due")
    assert behind.startswith(
        "KKMP Kariangau kurang 2 kunjungan 0 dari 2 terlaksana · 1 direncanakan Belum pernah dikunjungi"
    )
    assert reached.startswith("KKMP Graha Indah target tercapai 2 dari 2 terlaksana · 0 direncanakan terakhir 14 Apr")
    assert links(page, ".due .btn") == [f"{NEW}?koperasi={code}" for code in (KARIANGAU, GRAHA_INDAH)]


def test_the_agency_sees_everybodys_schedule_and_can_narrow_it(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        bayu = rows.facilitator(MANGGAR, name="Bayu")
        head = rows.user(Role.AGENCY_HEAD)
        rows.planned_visit(bayu, MANGGAR)
    planned(browser, ratna)
    browser.sign_in(head)

    everybody = browser.open("/jadwal?pekan=2026-W16")
    bayus = browser.open(f"/jadwal?pekan=2026-W16&pendamping={bayu.id}")

    assert days(everybody)["2026-04-14"] == [
        "Direncanakan KKMP Graha Indah Tatap muka · Ratna Dewi",
        "Direncanakan KKMP Manggar Tatap muka · Bayu",
    ]
    assert days(bayus)["2026-04-14"] == ["Direncanakan KKMP Manggar Tatap muka · Bayu"]
    assert len(bayus.texts(".due")) == 1
    assert len(everybody.texts(".due")) == 20
    assert (everybody.has("Hanya 20 yang paling tertinggal."), bayus.has("Hanya")) == (True, False)
    assert bayus.fields("main form[method=get]") == {"pekan": "2026-W16", "pendamping": str(bayu.id)}
    assert all(f"pendamping={bayu.id}" in link for link in links(bayus, ".turn a"))
    assert not everybody.soup.select(".due .btn, .day__plan, .page-head .btn:not([href='/kegiatan'])")


@pytest.mark.parametrize("said", ["entah", str(uuid.UUID(int=7)), "%27"])
def test_a_filter_that_nobody_offered_narrows_nothing(browser: Browser, ratna: User, said: str) -> None:
    planned(browser, ratna)
    with browser.make() as rows:
        head = rows.user(Role.ADMIN)
    browser.sign_in(head)

    page = browser.open(f"/jadwal?pendamping={said}")

    assert page.status == 200
    assert list(days(page)) == ["2026-04-14"]


@on_sqlite
def test_of_very_many_facilitators_only_the_one_that_is_asked_for_is_offered(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pendamping.visits.schedule.routes.CHOICES_OFFERED", 1)
    monkeypatch.setattr("pendamping.progress.filters.CHOICES_OFFERED", 1)
    with browser.make() as make:
        ani, _ = make.facilitator(name="Ani"), make.facilitator(KARIANGAU, name="Budi")
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    pages = [browser.open(f"/jadwal?pendamping={said}") for said in (ani.id, "siapa", "")]

    assert [page.texts("select[name=pendamping] option") for page in pages] == [
        ["Semua pendamping", "Ani"],
        ["Semua pendamping"],
        ["Semua pendamping"],
    ]


def test_a_facilitator_sees_nothing_of_another_even_when_asking_for_it(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        bayu = rows.facilitator(MANGGAR)
        rows.planned_visit(bayu, MANGGAR)

    page = browser.open(f"/jadwal?pendamping={bayu.id}")

    assert days(page) == {}
    assert not page.soup.select("main form")


def test_what_is_too_much_for_one_page_is_cut_and_said(
    browser: Browser, ratna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "ENTRIES_SHOWN", 2)
    monkeypatch.setattr(queries, "ENTRIES_SHOWN", 2)
    for number in range(2):
        planned(browser, ratna, planned_on=TODAY + number * ONE_DAY)
    whole = browser.open("/jadwal")
    planned(browser, ratna, planned_on=APRIL_16)

    cut = browser.open("/jadwal")

    assert (whole.has("Terlalu banyak"), cut.has("Terlalu banyak")) == (False, True)
    assert list(days(whole)) == list(days(cut)) == ["2026-04-14", "2026-04-15"]


# A new plan -----------------------------------------------------------------------------------------------------------


def test_a_plan_is_made_and_stands_on_the_schedule(browser: Browser, ratna: User) -> None:
    page = browser.send(NEW, sound(browser, agenda="  Periksa buku kas ", mode="jarak_jauh"))

    assert page.heading == "Jadwal"
    assert page.has("Kunjungan ke KKMP Graha Indah direncanakan.")
    assert days(page) == {"2026-04-16": ["Direncanakan 09.30 KKMP Graha Indah Jarak jauh · Periksa buku kas"]}


def test_the_address_fills_in_the_cooperative_and_the_day(browser: Browser, ratna: User) -> None:
    fields = browser.open(f"{NEW}?koperasi={KARIANGAU}&tanggal=2026-04-20").fields()

    assert (fields["cooperative"], fields["planned_on"], fields["mode"]) == (KARIANGAU, "2026-04-20", "tatap_muka")


@pytest.mark.parametrize("address", ["?koperasi=64.71.01.1001", "?koperasi=entah&tanggal=entah", "?tanggal=2026-02-30"])
def test_what_an_address_gets_wrong_is_left_empty(browser: Browser, ratna: User, address: str) -> None:
    page = browser.open(NEW + address)

    assert page.status == 200
    assert (page.fields()["cooperative"], page.fields()["planned_on"]) == ("", "")


def test_a_second_tap_makes_no_second_plan(browser: Browser, ratna: User) -> None:
    fields = sound(browser)

    browser.send(NEW, fields)
    page = browser.send(NEW, fields)

    assert page.status == 200
    assert browser.count(PlannedVisit) == 1


def test_an_id_that_was_tampered_with_makes_way_for_a_new_one(browser: Browser, ratna: User) -> None:
    browser.send(NEW, {**sound(browser), "id": "entah"})

    assert browser.count(PlannedVisit) == 1


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"cooperative": ""}, "cooperative", "Pilih koperasi."),
        ({"cooperative": MANGGAR}, "cooperative", "Pilih salah satu dari yang ditawarkan."),
        ({"planned_on": ""}, "planned_on", "Isi tanggal kunjungan."),
        ({"planned_on": "entah"}, "planned_on", "Tulis tanggal seperti 2026-04-14."),
        ({"planned_on": "2026-04-13"}, "planned_on", "Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya."),
        ({"planned_on": "2027-01-01"}, "planned_on", "Pada tanggal ini koperasi belum atau tidak lagi"),
        ({"planned_on": "2026-05-05"}, "planned_on", "Laporan bulan ini sudah disetujui"),
        ({"starts": "25:00"}, "starts", "Tulis jam seperti 09:30."),
        ({"starts": "13.30"}, "starts", "Pukul 13.00 hari itu sudah ada rencana kunjungan ke KKMP Kariangau."),
        ({"mode": "telepati"}, "mode", "Pilih salah satu dari yang ditawarkan."),
        ({"agenda": "a" * (AGENDA_LENGTH + 1)}, "agenda", "Paling banyak 300 karakter."),
    ],
)
def test_what_does_not_hold_is_said_at_its_field_and_kept(
    browser: Browser, ratna: User, changed: dict[str, str], field: str, words: str
) -> None:
    planned(browser, ratna, KARIANGAU, planned_on=APRIL_16, starts=dt.time(13, 0))
    with browser.make() as rows:
        rows.session.add(MonthLock(facilitator_id=ratna.id, year=2026, month=5, locked_at=NOW))
    fields = {**sound(browser, agenda="Periksa buku kas"), **changed}

    page = browser.send(NEW, fields)

    assert page.status in (400, 409)
    assert words in page.text(f"#{field}-error")
    kept = page.fields()
    assert {name: kept.get(name) for name in ("planned_on", "agenda", "id")} == {
        name: fields[name] for name in ("planned_on", "agenda", "id")
    }
    assert browser.count(PlannedVisit) == 1


def test_an_id_that_is_taken_is_said_on_top(browser: Browser, ratna: User) -> None:
    fields = sound(browser)
    browser.send(NEW, fields)

    page = browser.send(NEW, {**fields, "agenda": "Lain"})

    assert page.status == 409
    assert "sudah tersimpan dengan isi yang lain" in page.text("[data-error-summary]")
    assert browser.count(PlannedVisit) == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-05-01", "1 Mei 2026: Hari Buruh Internasional. Pastikan pengurus bersedia."),
        ("2026-04-18", "18 April 2026: Akhir pekan. Pastikan pengurus bersedia."),
    ],
)
def test_a_plan_on_a_day_off_is_made_with_a_word_of_warning(
    browser: Browser, ratna: User, day: str, words: str
) -> None:
    page = browser.send(NEW, sound(browser, planned_on=day))

    assert page.has(words)
    assert browser.count(PlannedVisit) == 1


def test_whoever_accompanies_nobody_is_told_whom_to_ask(browser: Browser) -> None:
    with browser.make() as rows:
        browser.sign_in(rows.user())

    page = browser.open(NEW)

    assert page.has("Belum ada koperasi yang ditugaskan kepada Anda.")
    assert not page.soup.select("main form")


# One plan -------------------------------------------------------------------------------------------------------------


def test_a_plans_page_tells_all_and_what_can_be_done(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna, planned_on=APRIL_16, starts=dt.time(9, 30), agenda="Periksa buku kas")

    page = browser.open(f"/jadwal/{plan.id}")

    assert page.heading == "Kunjungan ke KKMP Graha Indah"
    assert page.has("Kamis, 16 April 2026")
    assert page.has("09.30 WITA")
    assert page.has("Periksa buku kas")
    assert page.texts(".timeline li") == ["14 April 2026 · Direncanakan Ratna Dewi"]
    assert links(page, "main a.btn") == [f"/koperasi/{GRAHA_INDAH}/kunjungan/baru?rencana={plan.id}"]
    assert ways(page) == [f"/jadwal/{plan.id}/{way}" for way in ("pindah", "agenda", "batal")]


def test_a_plan_that_became_a_visit_leads_to_it_and_nowhere_else(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna)
    with browser.make() as rows:
        visit = rows.visit(ratna, {})

    page = browser.open(f"/jadwal/{plan.id}")

    assert page.has("Selesai")
    assert links(page, "main .btn") == [f"/kunjungan/{visit.id}"]
    assert [browser.open(f"/jadwal/{plan.id}/{way}").status for way in ("pindah", "batal", "agenda")] == [409] * 3


def test_a_cancelled_plan_says_why(browser: Browser, ratna: User) -> None:
    plan = cancelled(browser, ratna)

    page = browser.open(f"/jadwal/{plan.id}")

    assert page.texts(".timeline li")[0] == "14 April 2026 · Dibatalkan Hujan lebat"
    assert links(page, "main .btn") == ways(page) == []
    assert [browser.open(f"/jadwal/{plan.id}/{way}").status for way in ("pindah", "batal", "agenda")] == [409] * 3


def test_the_agency_reads_a_plan_and_changes_nothing(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna)
    with browser.make() as rows:
        head = rows.user(Role.AGENCY_HEAD)
    browser.sign_in(head)

    page = browser.open(f"/jadwal/{plan.id}")

    assert page.status == 200
    assert links(page, "main .btn") == ways(page) == []


def test_after_a_hand_over_the_next_facilitator_can_only_cancel(browser: Browser) -> None:
    with browser.make() as rows:
        before, after = rows.user(), rows.user()
        rows.assignment(before, ends_on=TODAY - ONE_DAY)
        rows.assignment(after, starts_on=TODAY)
        plan = rows.planned_visit(before, planned_on=TODAY - ONE_DAY)
    browser.sign_in(after)

    page = browser.open(f"/jadwal/{plan.id}")

    assert links(page, "main a.btn") == []
    assert ways(page) == [f"/jadwal/{plan.id}/batal"]
    assert not page.soup.select("form[data-record-kind]")
    assert [browser.open(f"/jadwal/{plan.id}/{way}").status for way in ("pindah", "batal", "agenda")] == [403, 200, 403]


def test_whoever_handed_over_starts_no_visit_any_more(browser: Browser) -> None:
    with browser.make() as rows:
        before = rows.user()
        rows.assignment(before, ends_on=TODAY - ONE_DAY)
        plan = rows.planned_visit(before, planned_on=TODAY - ONE_DAY)
    browser.sign_in(before)

    page = browser.open(f"/jadwal/{plan.id}")

    assert [way.rpartition("/")[2] for way in ways(page)] == ["pindah", "agenda", "batal"]


# Move, cancel, agenda -------------------------------------------------------------------------------------------------


def test_a_plan_is_moved_and_its_page_tells_from_where(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna, starts=dt.time(9, 30))
    url = f"/jadwal/{plan.id}/pindah"
    form = browser.open(url)

    page = browser.send(
        url, {**form.fields(), "to_on": "2026-04-16", "to_starts": "13.00", "reason": "Ketua berhalangan"}
    )

    assert form.has("KKMP Graha Indah · 14 April 2026 pukul 09.30")
    assert page.has("Dipindahkan ke 16 April 2026 pukul 13.00.")
    assert page.texts(".timeline li")[0] == (
        "14 April 2026 · Dipindahkan Dari 14 April 2026 pukul 09.30 ke 16 April 2026 pukul 13.00 "
        "Ratna Dewi · Ketua berhalangan"
    )
    assert page.has("dipindahkan 1 kali")
    assert days(browser.open("/jadwal")) == {
        "2026-04-16": ["Direncanakan 13.00 KKMP Graha Indah Tatap muka · dipindahkan"]
    }


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"to_on": ""}, "to_on", "Isi tanggal baru."),
        ({"to_on": "2026-04-13"}, "to_on", "Tanggal ini sudah lewat."),
        ({"to_on": "2027-01-01"}, "to_on", "Pada tanggal ini koperasi belum atau tidak lagi"),
        ({"to_on": "2026-05-05"}, "to_on", "Laporan bulan ini sudah disetujui"),
        ({"to_on": "2026-04-16", "to_starts": "12:30"}, "to_starts", "ke KKMP Kariangau"),
        ({"to_starts": "pagi"}, "to_starts", "Tulis jam seperti 09:30."),
        ({"reason": "a" * (REASON_LENGTH + 1)}, "reason", "Paling banyak 300 karakter."),
    ],
)
def test_a_move_that_does_not_hold_is_said_at_its_field_and_kept(
    browser: Browser, ratna: User, changed: dict[str, str], field: str, words: str
) -> None:
    planned(browser, ratna, KARIANGAU, planned_on=APRIL_16, starts=dt.time(13, 0))
    with browser.make() as rows:
        rows.session.add(MonthLock(facilitator_id=ratna.id, year=2026, month=5, locked_at=NOW))
    plan = planned(browser, ratna)
    url = f"/jadwal/{plan.id}/pindah"
    fields = {**filled(browser, url, reason="Ketua berhalangan"), **changed}

    page = browser.send(url, fields)

    assert page.status in (400, 409)
    assert words in page.text(f"#{field}-error")
    assert page.fields()["reason"] == fields["reason"]
    assert stored(browser, plan.id).planned_on == TODAY
    assert browser.count(PlannedVisitMove) == 0


def test_a_plan_that_was_settled_meanwhile_says_so_on_top(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna)
    sent = {way: filled(browser, f"/jadwal/{plan.id}/{way}") for way in ("pindah", "batal", "agenda")}
    sent["batal"]["because"] = "Hujan"
    with browser.make() as rows:
        rows.visit(ratna, {})

    pages = [browser.send(f"/jadwal/{plan.id}/{way}", fields) for way, fields in sent.items()]

    assert [page.status for page in pages] == [409] * 3
    assert all("sudah terlaksana" in page.text("[data-error-summary]") for page in pages)


def test_a_plan_of_a_locked_month_says_so_on_top(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna, planned_on=dt.date(2026, 3, 31))
    with browser.make() as rows:
        rows.session.add(MonthLock(facilitator_id=ratna.id, year=2026, month=3, locked_at=NOW))
    url = f"/jadwal/{plan.id}/pindah"

    page = browser.send(url, filled(browser, url, to_on="2026-04-16"))

    assert page.status == 409
    assert "Laporan bulan rencana ini sudah disetujui" in page.text("[data-error-summary]")


def test_a_plan_is_cancelled_with_a_reason(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna)
    url = f"/jadwal/{plan.id}/batal"

    without = browser.send(url, filled(browser, url, because="  "))
    kept = stored(browser, plan.id)
    page = browser.send(url, filled(browser, url, because="Pengurus berhalangan"))

    assert (without.status, without.text("#because-error")) == (400, "Tulis alasannya.")
    assert kept.cancelled_at is None
    assert page.has("Rencana kunjungan dibatalkan.")
    assert page.has("Pengurus berhalangan")


def test_the_agenda_is_said_anew(browser: Browser, ratna: User) -> None:
    plan = planned(browser, ratna, agenda="Periksa buku kas")
    url = f"/jadwal/{plan.id}/agenda"
    form = filled(browser, url)

    too_long = browser.send(url, {**form, "agenda": "a" * (AGENDA_LENGTH + 1)})
    page = browser.send(url, {**form, "agenda": "Persiapan RAT"})

    assert form["agenda"] == "Periksa buku kas"
    assert (too_long.status, too_long.text("#agenda-error")) == (400, "Paling banyak 300 karakter.")
    assert page.has("Persiapan RAT")
    assert stored(browser, plan.id).agenda == "Persiapan RAT"
