"""What a visit's page opens, against an example worked out by hand from the schedule in the instruments' files.

KKMP Graha Indah is at stage 2. On 15 January everything was answered as well as can be, proof seen, but for two items.
On 14 April, 89 days later:

- monthly items have come round in February:                            KL-40 TK-02 TK-07 TK-13 TK-14
- quarterly ones asked in March came round on 2 March, 46 days after:   KL-20 KL-22 KL-25 TK-01 TK-05 TK-19 UK-16
- quarterly ones asked in April, on 1 April:                            TK-03 TK-38 UK-18
- those asked in February were too young then; their turn is May
- half-yearly ones need more than 91 days, yearly ones more than 182
- KL-08 was poor, KL-02 (critical) only a claim, KL-10 has an open action, UK-01 is asked for by the agency
"""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.instruments.due import DueReason
from pendamping.instruments.opening import opening
from pendamping.kernel.roles import Role
from pendamping.visits.requests.queries import open_requests
from pendamping.visits.requests.service import ask_for_item
from tests.conftest import NOW, TODAY
from tests.instruments.cases import FACTS, INSTRUMENTS, best_of
from tests.make import GRAHA_INDAH, Make
from tests.pages import Browser, Page

JANUARY = dt.date(2026, 1, 15)
MONTHLY = {"KL-40", "TK-02", "TK-07", "TK-13", "TK-14"}
MARCH = {"KL-20", "KL-22", "KL-25", "TK-01", "TK-05", "TK-19", "UK-16"}
APRIL = {"TK-03", "TK-38", "UK-18"}
OF_OTHER_REASONS = {"KL-08", "KL-02", "KL-10", "UK-01"}
DUE = MONTHLY | MARCH | APRIL | OF_OTHER_REASONS
MINUTES = 27
"""15 scales and numbers at 90 seconds, 4 others at 60: 1,590 seconds."""
OPERATION = 2


def stage_2_items() -> list[str]:
    return [item.id for each in INSTRUMENTS for item in each.items if each.asks(item, OPERATION)]


def make_january(make: Make) -> User:
    facilitator = make.facilitator()
    make.cooperative().decree_on = FACTS.decree_on
    items = {item.id: item for each in INSTRUMENTS for item in each.items}
    answers = {item_id: (best_of(items[item_id]), "dokumen_dilihat") for item_id in stage_2_items()}
    answers["KL-29"] = answers["TK-39"] = ("2026-01-10", "dokumen_dilihat")
    answers |= {"KL-08": ("0", "dokumen_dilihat"), "KL-02": ("yes", "klaim")}
    make.visit(facilitator, answers, visited_on=JANUARY, actions=(make.action_draft("KL-10"),))
    head = make.user(Role.AGENCY_HEAD)
    ask_for_item(
        make.session,
        make.cooperative(),
        "UK-01",
        "Apakah gerai sembako sudah buka?",
        author_id=head.id,
        actor=make.actor,
        now=NOW,
    )
    return facilitator


def opened(page: Page) -> set[str]:
    return {
        str(each["id"])
        for each in page.soup.select("[data-item]")
        if each.find_parent("details", class_="others") is None
    }


@pytest.fixture
def page(browser: Browser) -> Page:
    with browser.make() as make:
        browser.sign_in(make_january(make))
    return browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/baru")


def test_the_second_visit_opens_what_is_due_and_nothing_else(page: Page) -> None:
    assert opened(page) == DUE
    assert {str(each["id"]) for each in page.soup.select("[data-item]")} == set(stage_2_items())


def test_it_says_how_many_why_and_how_long(page: Page) -> None:
    sum_of = page.text(".opened__sum")
    assert (f"{len(DUE)} butir" in sum_of, f"sekitar {MINUTES} menit" in sum_of) == (True, True)
    assert sorted(page.texts(".opened__reasons li")) == sorted(
        [
            "1 kritis, belum terpenuhi",
            "1 jawaban terakhir kurang",
            "1 ada tindakan terbuka",
            "1 diminta dinas",
            "15 jadwalnya tiba",
        ]
    )


@pytest.mark.parametrize(
    ("item_id", "words"),
    [
        ("KL-02", "Kritis, belum terpenuhi"),
        ("KL-08", "Jawaban terakhir kurang"),
        ("KL-10", "Ada tindakan terbuka: Rapikan buku kas (tenggat 5 Mei)"),
        ("UK-01", "Diminta dinas: “Apakah gerai sembako sudah buka?”"),
        ("TK-03", "Jadwalnya tiba"),
    ],
)
def test_each_item_says_why_it_is_opened(page: Page, item_id: str, words: str) -> None:
    assert words in page.text(f"#{item_id} .item__why")


def test_what_is_not_due_shows_its_last_answer_date_and_proof(page: Page) -> None:
    assert page.text("#KL-01 .item__previous").startswith("15 Jan: Ya · dokumen dilihat")
    assert "bukti berlaku sampai 31 Maret 2026, perlu dilihat lagi" in page.text("#TK-03 .item__previous")
    assert page.soup.select("#KL-01 .item__why") == []


def test_a_section_with_nothing_due_is_no_step_of_the_way(page: Page) -> None:
    aside = {str(each["id"]) for each in page.soup.select("[data-step-aside]")}
    with_due = {str(each["id"]) for each in page.soup.select("[data-step]:has([data-due])")}
    assert aside
    assert aside.isdisjoint(with_due)


def test_what_was_typed_into_another_item_stays_open_after_a_fault(page: Page, browser: Browser) -> None:
    fields = page.fields("#visit-form") | {"answers-KL-14-value": "banyak"}

    again = browser.send(f"/koperasi/{GRAHA_INDAH}/kunjungan/baru", fields)

    assert again.status == 400
    assert opened(again) == DUE | {"KL-14"}


def test_a_first_assessment_goes_section_by_section(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.facilitator())

    page = browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/baru")

    whole = {item.id for section in INSTRUMENTS[0].sections for item in section.items}
    assert len(opened(page)) <= 40
    assert opened(page) <= whole
    rest = len(stage_2_items()) - len(opened(page))
    assert page.has(f"{rest} butir lain belum pernah dinilai; bagiannya dibuka pada kunjungan berikutnya.")


def test_a_visit_answers_what_was_asked_for_and_a_late_one_does_not(session: Session, make: Make) -> None:
    facilitator = make_january(make)
    cooperative = make.cooperative()

    make.visit(facilitator, {"UK-01": ("2", "foto")}, visited_on=TODAY - dt.timedelta(days=3))
    assert set(open_requests(session, cooperative.id)) == {"UK-01"}
    make.visit(facilitator, {"UK-01": ("2", "foto")}, visited_on=TODAY)

    assert open_requests(session, cooperative.id) == {}


def test_one_item_is_counted_for_its_first_reason_only() -> None:
    opened_now = opening(INSTRUMENTS, {}, on=TODAY, stage=OPERATION, facts=FACTS, open_action_items={"UK-01"})

    assert sum(opened_now.by_reason.values()) == len(opened_now.due)
    assert set(opened_now.by_reason) == {DueReason.NEVER_ANSWERED}
    assert "UK-01" in opened_now.due
    assert len(opened_now.due) + len(opened_now.postponed) == len(stage_2_items())


def test_the_list_to_prepare_names_the_same_items_and_what_to_have_ready(page: Page, browser: Browser) -> None:
    prepared = browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/persiapan")

    listed = prepared.texts(".prepare b")
    assert {words.partition(" · ")[0] for words in listed} == DUE
    assert prepared.has("Siapkan:")
    assert prepared.has(f"sekitar {MINUTES} menit")


@pytest.mark.parametrize("day", ["", "besok", "2026-02-30", "1970-01-01", "9999-12-31", "2026-04-13"])
def test_a_day_that_is_none_or_past_means_today(page: Page, browser: Browser, day: str) -> None:
    prepared = browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/persiapan?tanggal={day}")

    assert (prepared.status, prepared.has("Selasa, 14 April 2026")) == (200, True)


def test_looking_ahead_shows_what_will_have_come_round(page: Page, browser: Browser) -> None:
    """On 1 May the quarterly items of February, May, August and November are asked as well."""
    prepared = browser.open(f"/koperasi/{GRAHA_INDAH}/kunjungan/persiapan?tanggal=2026-05-01")

    listed = {words.partition(" · ")[0] for words in prepared.texts(".prepare b")}
    assert listed > DUE
    assert {"KL-39", "TK-04", "TK-29", "TK-33", "UK-14"} <= listed
