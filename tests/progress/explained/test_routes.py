"""Pages that explain scores: what moved them, what would lift them, scores of visits gone by, what is unproven."""

import datetime as dt
import uuid

import pytest

from pendamping.accounts.models import User
from pendamping.kernel.roles import Role
from tests.conftest import NOW
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser

MARCH = dt.date(2026, 3, 10)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def visits(browser: Browser, facilitator: User) -> tuple[uuid.UUID, uuid.UUID]:
    """Two visits to KKMP Graha Indah: one answer became better, one was only claimed, one is new."""
    with browser.make() as make:
        first = make.visit(
            facilitator,
            {"KL-02": ("yes", "klaim"), "KL-05": ("1", "diamati")},
            visited_on=MARCH,
            now=NOW,
            actions=(make.action_draft("KL-02", title="Tunjukkan anggaran dasar"),),
        )
        second = make.visit(facilitator, {"KL-05": ("3", "diamati")}, now=NOW + MINUTE)
    return first.id, second.id


def test_a_score_says_what_moved_it_since_the_visit_before(
    browser: Browser, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}/skor/KL")

    assert page.text("#perubahan") == "Sejak kunjungan 10 Maret 2026"
    assert page.texts(".move") == ["+33,3 KL-05 Kesesuaian KBLI : tingkat 1 menjadi 3"]
    assert page.soup.select_one(f"a[href='/kunjungan/{visits[0]}/skor/KL']")


def test_a_score_says_what_would_lift_it_most_and_what_caps_its_band(
    browser: Browser, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}/skor/KL")

    lifts = page.texts(".lift")
    assert lifts[0].startswith("+50,0 KL-02")
    assert "belum terbukti" in lifts[0]
    assert "Tunjukkan anggaran dasar" in lifts[0]
    assert page.has("1 butir kritis belum terpenuhi. Bila semuanya terpenuhi dan terbukti, pitanya menjadi")


def test_an_item_says_what_it_counts_and_until_when_its_proof_holds(
    browser: Browser, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}/skor/KL")

    assert "belum terbukti: dihitung 0" in page.text("#KL-02")
    assert "dibawa dari kunjungan 10 Maret 2026" in page.text("#KL-02")
    assert "bukti berlaku s.d." in page.text("#KL-05")
    assert "nilai 1,00 × bobot 12" in page.text("#KL-05")


def test_the_score_after_a_visit_opens_from_its_page_and_stays_what_it_was(
    browser: Browser, facilitator: User, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    with browser.make() as make:
        late = make.visit(facilitator, {"KL-01": ("no", "klaim")}, visited_on=dt.date(2026, 3, 2), now=NOW + 2 * MINUTE)
    address = f"/kunjungan/{visits[0]}/skor/KL"

    from_visit = browser.open(f"/kunjungan/{visits[0]}")
    page = browser.open(address)

    assert from_visit.soup.select_one(f"a[href='{address}']")
    assert page.status == 200
    assert page.has("Skor sesudah kunjungan 10 Maret 2026, seperti disimpan waktu itu")
    assert "tingkat" not in page.text("#KL-01")
    assert page.has("Jawaban berikut baru masuk kemudian")
    assert page.soup.select_one(f".notice a[href='/kunjungan/{late.id}']")
    assert "Belum dinilai" in page.text("#KL-01")


def test_a_visits_page_says_in_short_what_moved_the_scores(
    browser: Browser, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    assert browser.open(f"/kunjungan/{visits[1]}").texts(".move") == [
        "+33,3 KL-05 Kesesuaian KBLI : tingkat 1 menjadi 3"
    ]
    assert not browser.open(f"/kunjungan/{visits[0]}").soup.select("#perubahan-skor")


def test_the_numbers_of_the_trend_lead_to_the_scores_behind_them(
    browser: Browser, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    links = {str(link["href"]) for link in browser.open(f"/koperasi/{GRAHA_INDAH}").soup.select(".trend-table td a")}

    assert links == {f"/kunjungan/{visit_id}/skor/KL" for visit_id in visits}


@pytest.mark.parametrize("code", ["XX", "kl", "%F0%9F%98%80"])
def test_a_visit_has_no_score_of_an_unknown_instrument(
    browser: Browser, visits: tuple[uuid.UUID, uuid.UUID], code: str
) -> None:
    assert browser.client.get(f"/kunjungan/{visits[0]}/skor/{code}").status_code == 404


def test_after_a_hand_over_ones_own_old_scores_stay_readable_and_lead_to_no_page_of_the_cooperative(
    browser: Browser,
) -> None:
    with browser.make() as make:
        earlier, stranger = make.user(), make.facilitator(KARIANGAU)
        make.assignment(earlier, ends_on=dt.date(2026, 3, 31))
        visit = make.visit(earlier, {"KL-01": ("yes", "diamati")}, visited_on=MARCH)
    address = f"/kunjungan/{visit.id}/skor/KL"
    browser.sign_in(earlier)

    page = browser.open(address)

    assert page.status == 200
    assert not page.soup.select(f"main a[href^='/koperasi/{GRAHA_INDAH}']")
    browser.sign_in(stranger)
    assert browser.client.get(address).status_code == 404


# What is not proven ---------------------------------------------------------------------------------------------------


def test_what_is_not_proven_can_be_listed_and_narrowed_to_the_critical(
    browser: Browser, facilitator: User, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    with browser.make() as make:
        make.visit(facilitator, {"KL-01": ("yes", "klaim")}, now=NOW + 2 * MINUTE)
    url = f"/koperasi/{GRAHA_INDAH}/belum-terbukti"

    everything, critical = browser.open(url), browser.open(f"{url}?hanya=kritis")

    assert [text.split()[0] for text in everything.texts("main .rows li")] == ["KL-02", "KL-01"]
    assert everything.has("klaim tanpa bukti sejak 10 Maret 2026")
    assert [text.split()[0] for text in critical.texts("main .rows li")] == ["KL-02"]
    assert critical.text(".chip[aria-current]") == "Hanya kritis"
    assert browser.open(f"/koperasi/{GRAHA_INDAH}").soup.select_one(f"a[href='{url}']")


def test_the_whole_caseload_is_one_list_and_only_ones_own(
    browser: Browser, visits: tuple[uuid.UUID, uuid.UUID]
) -> None:
    assert browser.open("/").soup.select_one("a[href='/belum-terbukti']")
    page = browser.open("/belum-terbukti")
    assert page.texts("main .panel h2") == ["KKMP Graha Indah"]
    assert page.has("Tidak ada yang belum terbukti: KKMP Kariangau")
    with browser.make() as make:
        stranger = make.facilitator("64.71.03.1001")
    browser.sign_in(stranger)

    page = browser.open("/belum-terbukti")

    assert "Graha Indah" not in page.response.text
    assert page.has("Semua jawaban baik sudah terbukti.")


def test_a_long_caseload_goes_on_over_the_page(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        head = make.user(Role.AGENCY_HEAD)
        for number in range(20):
            make.new_cooperative(f"64.71.01.2{number:03}", f"KKMP Baru {number:02}")
    browser.sign_in(head)

    first = browser.open("/belum-terbukti?hanya=kritis")
    (onward,) = [str(link["href"]) for link in first.soup.select("a[rel=next]")]
    second = browser.open(onward)

    assert "hanya=kritis" in onward
    assert second.status == 200
    assert second.has("Kembali ke awal")


def test_nothing_odd_in_the_address_breaks_the_list(browser: Browser, facilitator: User) -> None:
    for query in ("?setelah=entah", "?hanya=apa", "?setelah=64.71.03.1006&hanya=kritis"):
        assert browser.client.get(f"/belum-terbukti{query}").status_code == 200, query


# Proof that lapses ----------------------------------------------------------------------------------------------------


@pytest.fixture
def proven_in_january(browser: Browser) -> User:
    """TK-04 is critical and was good and proven in January; its schedule has come round since."""
    with browser.make() as make:
        user: User = make.facilitator()
        make.visit(user, {"TK-04": ("yes", "diamati"), "TK-06": ("yes", "diamati")}, visited_on=dt.date(2026, 1, 12))
    browser.sign_in(user)
    return user


def test_a_proof_that_has_lapsed_since_the_last_visit_is_said_to_count_from_the_next_one(
    browser: Browser, proven_in_january: User
) -> None:
    page = browser.open(f"/koperasi/{GRAHA_INDAH}/skor/TK")

    assert "; dihitung pada kunjungan berikutnya" in page.text("#TK-04")
    assert page.text("#TK-04 .score-item__points").startswith("3,0 /")


def test_a_proof_that_has_lapsed_is_marked_at_the_item_and_named_as_what_moved_the_score(
    browser: Browser, proven_in_january: User
) -> None:
    with browser.make() as make:
        make.visit(proven_in_january, {"KL-01": ("yes", "diamati")}, now=NOW + MINUTE)

    page = browser.open(f"/koperasi/{GRAHA_INDAH}/skor/TK")

    assert "bukti tidak berlaku lagi sejak" in page.text("#TK-04")
    assert "belum terbukti: dihitung 0" in page.text("#TK-04")
    assert [text.startswith("−75,0 TK-04") for text in page.texts(".move")] == [True]
    assert "bukti tidak berlaku lagi · kritis" in page.texts(".lift")[0]
