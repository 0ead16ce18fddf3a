"""The page that explains a score: every number on it is that of the pure scoring."""

import datetime as dt
import random
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Stage
from pendamping.instruments.assessment import assessment
from pendamping.instruments.definition import Proof
from pendamping.instruments.queries import instruments_on
from pendamping.instruments.scoring import ItemState
from pendamping.progress.explained.page import score_page
from pendamping.visits.log import facts_of
from pendamping.visits.queries import current_answers
from tests.conftest import NOW, TODAY
from tests.instruments.cases import INSTRUMENTS, best_of, values_of
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.pages import Browser, Page

MARCH = dt.date(2026, 3, 10)
EXACT = Decimal("0.0000000000001")


def decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_number_is_that_of_the_scoring_and_the_shares_add_up_to_the_score(
    session: Session, make: Make, seed: int
) -> None:
    chance = random.Random(seed)
    cooperative, facilitator = make.cooperative(), make.facilitator()
    cooperative.stage = chance.choice(list(Stage))
    cooperative.decree_on = dt.date(2025, 7, 14)
    asked = [
        item
        for instrument in INSTRUMENTS
        for item in instrument.items
        if item.applies_from_stage <= cooperative.stage.order
    ]
    for number in range(4):
        answers = {
            item.id: (chance.choice([best_of(item), *values_of(item)]), str(chance.choice(list(Proof))), "alasan")
            for item in chance.sample(asked, 40)
        }
        day = MARCH + dt.timedelta(days=number)
        make.visit(facilitator, answers, visited_on=day, now=NOW + dt.timedelta(seconds=number))
    current, facts = current_answers(session, cooperative.id), facts_of(cooperative, day)

    for published in instruments_on(session, TODAY):
        page = score_page(session, cooperative, published, today=TODAY)

        expected = assessment(published.instrument, current, stage=cooperative.stage.order, on=day, facts=facts).score()
        sections = {each.section.code: each for each in expected.sections}
        shares = [section.share for section in page.sections if section.share is not None]
        assert page.cell.score == expected.rounded
        assert page.is_capped == expected.is_capped
        assert sum(shares, Decimal()).quantize(EXACT) == (decimal(expected.value) or Decimal()).quantize(EXACT)
        for section in page.sections:
            scored = sections[section.code]
            assert (section.score, section.share) == (decimal(scored.value), decimal(scored.share))
            visible = [each for each in scored.items if each.state is not ItemState.HIDDEN]
            assert [each.item.id for each in section.items] == [each.item.id for each in visible]
            for shown, one in zip(section.items, visible, strict=True):
                assert (shown.state, shown.is_critical_unmet, shown.is_unproven) == (
                    one.state,
                    one.is_critical_unmet,
                    one.is_unproven,
                )
                assert shown.points == (
                    None if one.counted is None else Decimal(one.counted * one.item.weight) / 10_000
                )
                recorded = current.get(one.item.id)
                assert (shown.visit_id, shown.answered_on) == (
                    (recorded.visit_id, recorded.answered_on) if recorded else (None, None)
                )


def test_a_score_opens_into_its_answers_and_the_visits_they_come_from(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        first = make.visit(facilitator, {"KL-02": ("yes", "klaim"), "KL-05": ("3", "diamati")}, visited_on=MARCH)
        second = make.visit(facilitator, {"KL-01": ("no", "diamati"), "KL-31": ("na", "klaim", "belum RAT")})

    page = browser.open(f"/koperasi/{GRAHA_INDAH}/skor/KL")

    assert page.status == 200
    assert page.has("33,3")
    assert page.has("3 dari 7 butir yang berlaku sudah dinilai.")
    assert f"/kunjungan/{second.id}" in str(page.soup.select_one("#KL-01"))
    assert f"/kunjungan/{first.id}" in str(page.soup.select_one("#KL-02"))
    assert "kritis, belum terpenuhi" in page.text("#KL-02")
    assert "klaim tanpa bukti" in page.text("#KL-02")
    assert page.text("#KL-02 .score-item__points") == "0,0 / 12"
    assert page.text("#KL-05 .score-item__points") == "12,0 / 12"
    assert "Tidak berlaku" in page.text("#KL-31")
    assert "Belum dinilai" in page.text("#KL-22")
    assert not page.soup.select("#UK-09, #UK-01")


def test_before_the_first_visit_the_page_says_that_nothing_is_known(browser: Browser, facilitator: User) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}/skor/TK")

    assert page.status == 200
    assert page.has("Belum dinilai")


def test_an_instrument_that_is_not_asked_yet_can_be_opened_too(browser: Browser, facilitator: User) -> None:
    page = browser.open(f"/koperasi/{KARIANGAU}/skor/UK")

    assert page.status == 200
    assert page.has("Belum ditanyakan")


@pytest.mark.parametrize("code", ["XX", "kl", "KL-01", "%01", "%F0%9F%98%80", "a" * 500])
def test_an_instrument_that_nobody_published_is_not_there(browser: Browser, facilitator: User, code: str) -> None:
    assert browser.client.get(f"/koperasi/{GRAHA_INDAH}/skor/{code}").status_code == 404


# The drawing ----------------------------------------------------------------------------------------------------------

KEPT = "private, max-age=31536000, immutable"
SECOND = dt.date(2026, 3, 17)


@pytest.fixture
def scored(browser: Browser, facilitator: User) -> User:
    """A facilitator whose cooperative was scored twice."""
    with browser.make() as make:
        make.visit(facilitator, {"KL-01": ("no", "diamati"), "KL-05": ("1", "diamati")}, visited_on=MARCH)
        make.visit(facilitator, {"KL-01": ("yes", "diamati")}, visited_on=SECOND)
    return facilitator


def drawings(page: Page) -> tuple[str, str]:
    """The addresses of the wide and of the narrow drawing."""
    wide, narrow = page.soup.select_one("picture img"), page.soup.select_one("picture source")
    assert wide is not None
    assert narrow is not None
    return str(wide["src"]), str(narrow["srcset"])


def test_a_page_names_its_drawings_by_what_is_drawn_and_browsers_may_keep_them(browser: Browser, scored: User) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}")

    wide, narrow = (browser.client.get(url) for url in drawings(page))

    assert (wide.status_code, wide.mimetype) == (narrow.status_code, narrow.mimetype) == (200, "image/svg+xml")
    assert wide.headers["Cache-Control"] == narrow.headers["Cache-Control"] == KEPT
    assert b'width="760"' in wide.data
    assert b'width="300"' in narrow.data
    assert browser.client.get(drawings(page)[0]).data == wide.data


def test_the_sentence_and_the_table_say_what_the_drawing_shows(browser: Browser, scored: User) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}")

    sentence = page.text("#tren")
    alternative = page.soup.select("picture img")[0]["alt"]
    assert re.fullmatch(r"Kelembagaan naik \d+ poin sejak Maret \(masih sementara\)", sentence)
    assert sentence in str(alternative)
    rows = page.texts("section[aria-labelledby=tren] tbody tr")
    assert [row.split(" 2026")[0] for row in rows] == ["17 Mar", "10 Mar"]
    assert all("sementara" in row for row in rows)


def test_another_visit_is_another_drawing(browser: Browser, scored: User) -> None:
    before = drawings(browser.open(f"/koperasi/{GRAHA_INDAH}"))
    unchanged = drawings(browser.open(f"/koperasi/{GRAHA_INDAH}"))
    with browser.make() as make:
        make.visit(scored, {"KL-01": ("no", "diamati")}, visited_on=TODAY)
    after = drawings(browser.open(f"/koperasi/{GRAHA_INDAH}"))

    assert unchanged == before
    assert set(after) & set(before) == set()


def test_an_older_address_shows_the_drawing_of_now_and_is_not_kept(browser: Browser, scored: User) -> None:
    old = browser.client.get(f"/koperasi/{GRAHA_INDAH}/grafik/skor-{'0' * 20}.svg")
    now = browser.client.get(drawings(browser.open(f"/koperasi/{GRAHA_INDAH}"))[0])

    assert old.data == now.data
    assert old.headers["Cache-Control"] == "private, no-cache"
    again = browser.client.get(
        f"/koperasi/{GRAHA_INDAH}/grafik/skor-{'0' * 20}.svg", headers={"If-None-Match": old.headers["ETag"]}
    )
    assert again.status_code == 304


def test_in_english_the_drawing_is_another(browser: Browser, scored: User) -> None:
    indonesian = drawings(browser.open(f"/koperasi/{GRAHA_INDAH}"))
    with browser.make() as make:
        make.session.get_one(User, scored.id).language = "en"
    page = browser.open(f"/koperasi/{GRAHA_INDAH}")

    assert set(drawings(page)) & set(indonesian) == set()
    assert browser.client.get(drawings(page)[0]).status_code == 200


def test_without_any_score_there_is_no_drawing(browser: Browser, facilitator: User) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}")

    assert page.text("#tren") == "Belum ada skor"
    assert not page.soup.select("picture")
    assert browser.client.get(f"/koperasi/{GRAHA_INDAH}/grafik/skor-{'0' * 20}.svg").status_code == 404


@pytest.mark.parametrize("digest", ["", "0", "0" * 19, "0" * 21, "g" * 20, "0" * 19 + "%2f", "..%2f" * 4, "A" * 20])
def test_an_address_that_we_never_made_is_not_there(browser: Browser, scored: User, digest: str) -> None:
    assert browser.client.get(f"/koperasi/{GRAHA_INDAH}/grafik/skor-{digest}.svg").status_code == 404


def test_a_drawing_belongs_to_one_cooperative(browser: Browser, scored: User) -> None:
    own = drawings(browser.open(f"/koperasi/{GRAHA_INDAH}"))[0]
    browser.client.get(own)
    with browser.make() as make:
        stranger = make.facilitator(MANGGAR)

    assert browser.client.get(own.replace(GRAHA_INDAH, KARIANGAU)).status_code == 404
    browser.sign_in(stranger)
    assert browser.client.get(own).status_code == 404


# The sections ---------------------------------------------------------------------------------------------------------


def test_each_section_stands_beside_what_it_was_at_the_first_visit_of_the_year(browser: Browser, scored: User) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}")

    (row,) = page.texts("table.profile tbody tr")[:1]
    assert row.startswith("Legalitas 66,7")
    assert "naik" in row
    assert page.has("dibandingkan dengan kunjungan 10 Maret 2026")


def test_a_section_nobody_has_looked_at_says_so(browser: Browser, scored: User) -> None:
    rows = browser.open(f"/koperasi/{GRAHA_INDAH}").texts("table.profile tbody tr")

    assert [row for row in rows if "Pembukuan" in row] == ["Pembukuan Belum dinilai"]
