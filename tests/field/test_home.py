import datetime as dt
import uuid

import pytest
from flask import Flask

from pendamping.cooperatives.programme.models import ProgrammeYear
from pendamping.cooperatives.records.figures import Month
from pendamping.field.page import ATTENTION_SHOWN, greeting, week_number
from pendamping.plans.models import Action, ActionStatus
from pendamping.visits.drafts.models import Draft
from pendamping.visits.schedule.service import cancel_visit
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.pages import Browser

MARCH_31, APRIL_1 = dt.date(2026, 3, 31), dt.date(2026, 4, 1)
WITA = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "Selamat malam"),
        (3, 59, "Selamat malam"),
        (4, 0, "Selamat pagi"),
        (10, 59, "Selamat pagi"),
        (11, 0, "Selamat siang"),
        (14, 59, "Selamat siang"),
        (15, 0, "Selamat sore"),
        (17, 59, "Selamat sore"),
        (18, 0, "Selamat malam"),
        (23, 59, "Selamat malam"),
    ],
)
def test_people_are_greeted_by_the_offices_hour_and_their_first_name(
    sqlite_app: tuple[Flask, object], hour: int, minute: int, words: str
) -> None:
    app, _ = sqlite_app
    there = dt.datetime(2026, 4, 14, hour, minute, tzinfo=WITA)

    with app.app_context():
        said = greeting("Ratna Dewi Lestari", there.astimezone(dt.UTC))

    assert said == f"{words}, Ratna"


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (dt.date(2026, 1, 1), 1),
        (dt.date(2026, 1, 7), 1),
        (dt.date(2026, 1, 8), 2),
        (TODAY, 15),
        (dt.date(2026, 12, 31), 53),
    ],
)
def test_the_first_seven_days_of_the_programme_year_are_its_first_week(day: dt.date, number: int) -> None:
    assert week_number(day, dt.date(2026, 1, 1)) == number


def test_the_home_greets_and_says_which_week_it_is(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(name="Ratna Dewi")
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.heading == "Selamat pagi, Ratna"
    assert page.has("Selasa, 14 April 2026 · pekan ke-15 pendampingan")


def test_the_week_counts_from_the_first_day_of_the_programme_year(browser: Browser) -> None:
    with browser.make() as rows:
        rows.session.get_one(ProgrammeYear, 2026).starts_on = dt.date(2026, 4, 1)
        ratna = rows.facilitator()
    browser.sign_in(ratna)

    assert browser.open("/").has("pekan ke-2 pendampingan")


# Today ----------------------------------------------------------------------------------------------------------------


def test_the_day_shows_what_is_ahead_by_the_hour_and_begins_it(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(GRAHA_INDAH, KARIANGAU)
        later = rows.planned_visit(ratna, starts=dt.time(13, 30), agenda="Persiapan RAT")
        first = rows.planned_visit(ratna, KARIANGAU, starts=dt.time(9, 30), agenda="Periksa buku kas")
        rows.planned_visit(ratna, planned_on=TODAY + dt.timedelta(days=1))
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.texts(".today__line") == [
        "09.30 Tatap muka KKMP Kariangau Periksa buku kas Mulai kunjungan KKMP Kariangau",
        "13.30 Tatap muka KKMP Graha Indah Persiapan RAT Mulai kunjungan KKMP Graha Indah",
    ]
    assert [str(link["href"]) for link in page.soup.select(".today__line .btn")] == [
        f"/koperasi/{code}/kunjungan/baru?rencana={plan.id}"
        for code, plan in ((KARIANGAU, first), (GRAHA_INDAH, later))
    ]
    assert [str(link["href"]) for link in page.soup.select(".today__name")] == [
        f"/jadwal/{plan.id}" for plan in (first, later)
    ]


def test_a_visit_that_is_done_says_so_and_leads_to_it(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(GRAHA_INDAH, KARIANGAU)
        rows.planned_visit(ratna, agenda="Periksa buku kas")
        planned, unplanned = rows.visit(ratna, {}), rows.visit(ratna, {}, code=KARIANGAU)
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.texts(".today__line") == [
        "09.30 Tatap muka KKMP Graha Indah Periksa buku kas Selesai",
        "Tatap muka KKMP Kariangau Pemeriksaan Selesai",
    ]
    assert [str(link["href"]) for link in page.soup.select(".today__line a")] == [
        f"/kunjungan/{visit.id}" for visit in (planned, unplanned)
    ]


def test_what_is_due_there_stands_in_for_an_agenda(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(GRAHA_INDAH, KARIANGAU)
        days = (-3, 0, 5, 6)  # the 19th is this week's Sunday
        drafts = (rows.action_draft(title=str(day), due_on=TODAY + dt.timedelta(day)) for day in days)
        rows.visit(ratna, visited_on=APRIL_1, actions=tuple(drafts))
        rows.planned_visit(ratna)
        rows.planned_visit(ratna, KARIANGAU)
    browser.sign_in(ratna)

    about = browser.open("/").texts(".today__line div .small")

    assert about == ["1 tindakan terlambat · 2 tindakan jatuh tempo pekan ini", "Belum ada agenda"]


def test_a_day_without_visits_offers_to_plan_one(browser: Browser) -> None:
    with browser.make() as rows:
        ratna, other = rows.facilitator(), rows.facilitator(KARIANGAU)
        rows.planned_visit(other, KARIANGAU)
        cancel_visit(rows.session, rows.planned_visit(ratna), because="Hujan", actor=rows.actor, now=rows.now)
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.has("Tidak ada kunjungan yang direncanakan hari ini")
    assert [str(link["href"]) for link in page.soup.select(".home__now a")] == ["/jadwal/baru?tanggal=2026-04-14"]


def test_a_plan_for_a_cooperative_that_was_handed_over_begins_nothing(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.user()
        assignment = rows.assignment(ratna)
        rows.planned_visit(ratna)
        assignment.ends_on = TODAY - dt.timedelta(days=1)
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.texts(".today__name") == ["KKMP Graha Indah"]
    assert not page.soup.select(".today__line .btn")


def test_what_was_begun_and_not_saved_can_be_taken_up_again(browser: Browser) -> None:
    with browser.make() as rows:
        ratna, other = rows.facilitator(), rows.facilitator(KARIANGAU)
        ids = [uuid.uuid4(), uuid.uuid4()]
        for id_, author, code in zip(ids, (ratna, other), (GRAHA_INDAH, KARIANGAU), strict=True):
            draft = Draft(
                id=id_,
                author_id=author.id,
                cooperative_id=rows.cooperative(code).id,
                city_code="64.71",
                fields=[["notes", "Baru mulai"]],
                created_at=rows.now,
                updated_at=rows.now,
            )
            rows.session.add(draft)
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.texts(".unfinished a") == ["KKMP Graha Indah diisi 14 Apr pukul 09.30"]
    assert [str(link["href"]) for link in page.soup.select(".unfinished a")] == [
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru?draf={ids[0]}"
    ]


# What asks for action -------------------------------------------------------------------------------------------------


def test_the_latest_comes_first_then_what_is_due_within_a_week(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(GRAHA_INDAH, KARIANGAU)
        for code, days in ((GRAHA_INDAH, (7, -3, 8)), (KARIANGAU, (0, -10))):
            drafts = (rows.action_draft(title=f"{number:+}", due_on=TODAY + dt.timedelta(number)) for number in days)
            rows.visit(ratna, code=code, visited_on=APRIL_1, actions=tuple(drafts))
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.texts(".home__attention li") == [
        "Terlambat 10 hari -10 KKMP Kariangau · Bendahara",
        "Terlambat 3 hari -3 KKMP Graha Indah · Bendahara",
        "Jatuh tempo hari ini +0 KKMP Kariangau · Bendahara",
        "7 hari lagi +7 KKMP Graha Indah · Bendahara",
    ]
    links = [str(link["href"]) for link in page.soup.select(".home__attention li a")]
    assert links == [f"/koperasi/{code}/rencana" for code in (KARIANGAU, GRAHA_INDAH, KARIANGAU, GRAHA_INDAH)]


def test_only_the_most_pressing_are_shown(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator()
        drafts = (
            rows.action_draft(title=str(day), due_on=APRIL_1 + dt.timedelta(day)) for day in range(ATTENTION_SHOWN + 2)
        )
        rows.visit(ratna, visited_on=APRIL_1, actions=tuple(drafts))
    browser.sign_in(ratna)

    assert browser.open("/").texts(".home__attention h3") == [str(day) for day in range(ATTENTION_SHOWN)]


def test_nothing_of_anybody_elses_asks_for_action(browser: Browser) -> None:
    with browser.make() as rows:
        other = rows.facilitator(KARIANGAU)
        draft = rows.action_draft(title="Orang lain", due_on=TODAY)
        rows.visit(other, code=KARIANGAU, actions=(draft,))
        ratna = rows.facilitator()
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.has("Tidak ada yang terlambat atau jatuh tempo dalam tujuh hari.")
    assert not page.has("Orang lain")
    assert page.texts(".coop-card h3") == ["KKMP Graha Indah"]


# The month ------------------------------------------------------------------------------------------------------------


def test_the_month_counts_visits_and_names_who_had_none(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(GRAHA_INDAH, KARIANGAU, MANGGAR)
        for code, day in ((GRAHA_INDAH, APRIL_1), (GRAHA_INDAH, TODAY), (KARIANGAU, MARCH_31)):
            rows.visit(ratna, {}, code=code, visited_on=day)
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.has("2 dari 6 kunjungan")
    assert page.texts(".home__month li") == ["KKMP Kariangau", "KKMP Manggar"]


def test_a_visit_of_the_facilitator_before_counts_for_the_cooperative(browser: Browser) -> None:
    with browser.make() as rows:
        before, after = rows.user(), rows.user()
        rows.assignment(before, ends_on=APRIL_1)
        rows.assignment(after, starts_on=dt.date(2026, 4, 2))
        rows.visit(before, {}, visited_on=APRIL_1)

    seen = {}
    for name, person in (("before", before), ("after", after)):
        browser.sign_in(person)
        seen[name] = browser.open("/").text(".home__month .panel")

    assert seen["after"] == "1 dari 2 kunjungan Semua koperasi dampingan sudah dikunjungi bulan ini."
    assert seen["before"] == "0 dari 0 kunjungan"


def test_the_target_is_the_programme_years(browser: Browser) -> None:
    with browser.make() as rows:
        rows.session.get_one(ProgrammeYear, 2026).visits_per_month = 3
        ratna = rows.facilitator(GRAHA_INDAH, KARIANGAU)
    browser.sign_in(ratna)

    assert browser.open("/").has("0 dari 6 kunjungan")


# The caseload ---------------------------------------------------------------------------------------------------------


def test_each_cooperative_is_a_card_from_which_a_visit_begins(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.facilitator(MANGGAR, GRAHA_INDAH)
        rows.visit(ratna, {"KL-01": ("yes", "diamati")}, actions=(rows.action_draft(),))
    browser.sign_in(ratna)

    page = browser.open("/")

    cards = page.texts(".coop-card")
    assert page.texts(".coop-card h3") == ["KKMP Graha Indah", "KKMP Manggar"]
    assert "100,0" in cards[0]
    assert "1 tindakan terbuka" in cards[0]
    assert "Belum pernah dikunjungi" in cards[1]
    begins = [f"/koperasi/{code}/kunjungan/baru" for code in (GRAHA_INDAH, MANGGAR)]
    assert [str(link["href"]) for link in page.soup.select(".coop-card .btn")] == begins
    assert [str(link["href"]) for link in page.soup.select(".page-head .menu__item")] == begins


def test_whoever_accompanies_nobody_today_is_told_whom_to_ask(browser: Browser) -> None:
    with browser.make() as rows:
        ratna = rows.user()
        rows.assignment(ratna, ends_on=TODAY - dt.timedelta(days=1))
    browser.sign_in(ratna)

    page = browser.open("/")

    assert page.has("Belum ada koperasi yang ditugaskan kepada Anda.")
    assert page.soup.select(".page-head .menu") == []


def test_what_cooperatives_have_sent_waits_in_one_line_each(browser: Browser) -> None:
    with browser.make() as make:
        facilitator = make.facilitator(GRAHA_INDAH)
        draft, disputed, foreign = (make.action_draft(title=title) for title in ("Satu", "Dua", "Tiga"))
        make.visit(facilitator, actions=(draft, disputed))
        make.visit(make.facilitator(KARIANGAU), code=KARIANGAU, actions=(foreign,))
        make.session.get_one(Action, draft.id).status = ActionStatus.REPORTED_DONE
        make.session.get_one(Action, disputed.id).is_disputed = True
        make.session.get_one(Action, foreign.id).status = ActionStatus.REPORTED_DONE
        make.proposal(Month(2026, 2), members=240)
        make.proposal(Month(2026, 3), members=241)
    browser.sign_in(facilitator)

    page = browser.open("/")

    assert [(each.get_text(), each["href"]) for each in page.soup.select(".notice--soon .line-link")] == [
        ("1 tindakan dilaporkan selesai, menunggu Anda periksa", "/rencana-aksi/menunggu"),
        ("1 tindakan tidak disetujui koperasi", "/rencana-aksi/menunggu"),
        ("KKMP Graha Indah mengirim angka 2 bulan untuk diperiksa", f"/koperasi/{GRAHA_INDAH}/usulan-angka"),
    ]
