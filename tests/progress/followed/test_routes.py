"""One item followed over the year at one cooperative."""

import datetime as dt
import uuid

import pytest

from pendamping.accounts.models import User
from pendamping.progress.followed.words import confidence_word
from pendamping.visits.models import Visit
from pendamping.visits.service import PhotoOfVisit
from tests.conftest import NOW
from tests.instruments.cases import INSTRUMENTS
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser
from tests.visits.corrections.correcting import correct

MARCH = dt.date(2026, 3, 10)
MINUTE = dt.timedelta(minutes=1)
KL_02 = f"/koperasi/{GRAHA_INDAH}/butir/KL-02"


@pytest.fixture
def visit(browser: Browser, facilitator: User) -> Visit:
    """KL-02 was poor in March, and an action was agreed."""
    with browser.make() as make:
        action = make.action_draft("KL-02", title="Perbaiki anggaran dasar")
        visit: Visit = make.visit(
            facilitator, {"KL-02": ("no", "diamati", "Belum disahkan")}, visited_on=MARCH, now=NOW, actions=(action,)
        )
    return visit


def test_an_item_shows_its_question_every_answer_and_what_was_agreed(
    browser: Browser, facilitator: User, visit: Visit
) -> None:
    with browser.make() as make:
        make.visit(facilitator, {"KL-02": ("yes", "klaim")}, now=NOW + MINUTE)

    page = browser.open(KL_02)

    assert page.status == 200
    item = INSTRUMENTS[0].item("KL-02")
    assert page.heading == item.label_id
    assert page.has(item.question_id)
    assert page.has(item.source_text)
    answers = page.texts("ol.rows > li")
    assert [("Ya" in text, "14 April 2026" in text) for text in answers] == [(True, True), (False, False)]
    assert "Klaim · dihitung 0,00" in answers[0]
    assert "Ratna Wulandari" in answers[1]
    assert "“Belum disahkan”" in answers[1]
    assert page.has("Perbaiki anggaran dasar")
    assert page.text(".steps").startswith("Disepakati")
    assert page.texts(".year__month")[-2:] == ["Mar kurang", "Apr belum terbukti"]
    assert len(page.texts(".year__month")) == 12
    assert "belum terbukti: dihitung 0" in page.text("main")


def test_a_correction_keeps_the_old_words(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        visit = make.visit(facilitator, {"KL-02": ("no", "klaim", "Salah tulis")})
        correct(make, visit, {"KL-02": ("yes", "dokumen_dilihat")})

    page = browser.open(KL_02)

    (answer,) = page.texts("ol.rows > li")
    assert page.text(".look--good b") == "Ya"
    assert "Diperbaiki 14 April 2026; sebelumnya: Belum · klaim · “Salah tulis”" in answer


def test_photos_of_the_item_are_shown_and_those_to_come_are_named(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        arrived, elsewhere, missing = make.attachment(facilitator), make.attachment(facilitator), uuid.uuid4()
        photos = (
            PhotoOfVisit(arrived.id, "KL-02"),
            PhotoOfVisit(missing, "KL-02"),
            PhotoOfVisit(elsewhere.id, "KL-01"),
        )
        make.visit_with(facilitator, photos=photos)

    page = browser.open(KL_02)

    assert [str(image["src"]) for image in page.soup.select(".photo img")] == [f"/lampiran/{arrived.id}?ukuran=kecil"]
    assert "menyusul" in page.text(".photos__list")


def test_an_item_that_was_never_answered_says_so(browser: Browser, facilitator: User) -> None:
    page = browser.open(KL_02)

    assert page.status == 200
    assert page.has("Butir ini belum pernah dinilai di koperasi ini.")


def test_an_item_of_a_later_stage_can_be_read(browser: Browser, facilitator: User) -> None:
    later = next(item for item in INSTRUMENTS[2].items if item.id == "UK-09")

    page = browser.open(f"/koperasi/{KARIANGAU}/butir/{later.id}")

    assert page.has("Tidak ikut dihitung pada tahap ini.")


def test_an_item_that_is_no_longer_asked_still_opens_in_its_old_words(browser: Browser) -> None:
    with browser.make() as make:
        facilitator = make.facilitator()
        make.visit(facilitator, {"KL-12": ("yes", "diamati")}, visited_on=MARCH)
        make.short_instruments()
    browser.sign_in(facilitator)

    page = browser.open(f"/koperasi/{GRAHA_INDAH}/butir/KL-12")

    assert page.heading == INSTRUMENTS[0].item("KL-12").label_id
    assert page.has("Butir ini tidak ditanyakan lagi.")


@pytest.mark.parametrize("item_id", ["KL-99", "kl-02", "KL", "KL-12", "%F0%9F%98%80", "a" * 300])
def test_an_item_that_nobody_knows_is_not_there(browser: Browser, facilitator: User, item_id: str) -> None:
    assert browser.client.get(f"/koperasi/{GRAHA_INDAH}/butir/{item_id}").status_code == 404


def test_the_items_of_a_foreign_cooperative_are_not_there(browser: Browser, visit: Visit) -> None:
    with browser.make() as make:
        stranger = make.facilitator("64.71.03.1001")
    browser.sign_in(stranger)

    assert browser.client.get(KL_02).status_code == 404


def test_older_answers_are_one_tap_away(browser: Browser, facilitator: User, visit: Visit) -> None:
    with browser.make() as make:
        assignment = make.user()
        make.assignment(assignment, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 12, 31))
        make.visit(assignment, {"KL-02": ("yes", "diamati", "Dua tahun lalu")}, visited_on=dt.date(2024, 5, 5))

    first = browser.open(KL_02)
    (onward,) = [str(link["href"]) for link in first.soup.select("a[rel=next]")]
    second = browser.open(onward)

    assert len(first.texts("ol.rows > li")) == 1
    assert not first.has("Dua tahun lalu")
    assert second.has("Dua tahun lalu")
    assert not second.soup.select(".year, a[rel=next]")
    assert browser.client.get(f"{KL_02}?setelah=bukan-kunjungan").status_code == 200
    assert browser.client.get(f"{KL_02}?setelah={uuid.uuid4()}").status_code == 200


def test_an_item_is_reached_from_the_score_the_visit_and_the_plan(browser: Browser, visit: Visit) -> None:
    for url in (f"/koperasi/{GRAHA_INDAH}/skor/KL", f"/kunjungan/{visit.id}", f"/koperasi/{GRAHA_INDAH}/rencana"):
        assert browser.open(url).soup.select_one(f"a[href='{KL_02}']"), url


def test_every_item_says_how_sure_its_source_is(browser: Browser) -> None:
    items = [item for instrument in INSTRUMENTS for item in instrument.items]

    with browser.app.test_request_context():
        said = {item.source_confidence: confidence_word(item.source_confidence) for item in items}

    assert "" not in said.values()
    assert {said["sure"], said["likely"], said["unsure"]} == set(said.values())
