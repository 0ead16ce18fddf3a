"""The programme view and the facilitators' page."""

import datetime as dt

import pytest

from pendamping.kernel.roles import Role
from tests import only
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser


def test_each_chart_says_what_it_shows_and_stands_beside_its_numbers(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        user = make.facilitator()
        make.visit(user, visited_on=TODAY, actions=(make.action_draft(),))
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    page = browser.open("/program")

    assert page.texts("h2") == [
        "Jumlah koperasi di tahap kemitraan tidak bertambah dalam setahun",
        "Sasaran kunjungan tercapai pada 0 dari 15 pekan",
        "0 dari 1 tindakan yang disepakati sudah terverifikasi",
        "Umur tindakan terbuka",
    ]
    assert page.texts("#grafik-pekan ~ details tbody tr")[-1] == "13 Apr 1"
    (image, *_) = [str(each["src"]) for each in page.soup.select(".chart img")]
    drawn = browser.client.get(image)
    assert (drawn.mimetype, "immutable" in drawn.headers["Cache-Control"]) == ("image/svg+xml", True)
    again = browser.client.get(image, headers={"If-None-Match": drawn.headers["ETag"]})
    assert again.status_code == 304
    old = browser.client.get(f"/program/grafik/tahap-{'0' * 20}.svg")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "private, no-cache")
    assert browser.client.get("/program/grafik/cuaca-00000000000000000000.svg").status_code == 404


def test_facilitators_stand_by_name_each_beside_their_own_caseload(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        make.facilitator(KARIANGAU, name="Siti")
        ratna = make.facilitator(GRAHA_INDAH, name="Ratna")
        late = make.action_draft(due_on=dt.date(2026, 4, 1))
        make.visit(ratna, visited_on=dt.date(2026, 3, 1), actions=(late,))
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    page = browser.open("/pendamping")

    assert page.texts(".person-card h2") == ["Ratna", "Siti"]
    assert page.texts(".person-card__facts")[0] == "Koperasi 1 Tindakan terlambat 1 Lewat 30 hari 1 Bukti lemah 1"
    assert page.texts(".person-card__visits") == ["0 dari 2 kunjungan", "0 dari 2 kunjungan"]
    (silent,) = [link for link in page.soup.select(".person-card:first-child a") if "lama-tidak" in str(link["href"])]
    assert browser.open(str(silent["href"])).texts("tbody th a") == ["KKMP Graha Indah"]


@pytest.mark.parametrize("address", ["/program", "/pendamping", "/pendamping?setelah=entah&bulan=x"])
@only.on_sqlite
def test_a_region_without_anybody_gets_a_page(browser: Browser, address: str) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD, scope_prefix="97"))

    assert browser.open(address).status == 200
