import datetime as dt

import pytest

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Stage
from pendamping.kernel.roles import Role
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser, Page

MANGGAR, LAMARU = "64.71.01.1001", "64.71.01.1002"
ROWS = "#pendamping table tbody tr, .desk__facilitators tbody tr"


@pytest.fixture
def head(browser: Browser) -> User:
    with browser.make() as make:
        make.short_instruments()
        user: User = make.user(Role.AGENCY_HEAD)
    browser.sign_in(user)
    return user


def figures(page: Page) -> dict[str, str]:
    return dict(zip(page.texts(".figure__label"), page.texts(".figure"), strict=True))


def test_on_the_first_day_nothing_is_measured_and_everything_is_silent(browser: Browser, head: User) -> None:
    page = browser.open("/")

    said = figures(page)
    assert "0 / 34 34 lewat 30 hari" in said["Dikunjungi bulan ini"]
    assert "– belum ada penilaian" in said["Kelembagaan"]
    assert "0 / 34" in said["Tahap kemitraan"]
    assert "0 0 terlambat" in said["Tindakan terbuka"]
    assert page.has("34 koperasi belum mempunyai pendamping.")
    assert page.has("dan 26 koperasi lain")
    assert len(page.soup.select("a.tile")) == 34
    assert page.texts(".tiles__name") == sorted(page.texts(".tiles__name"))
    assert len(page.texts(".tiles__name")) == 6


def test_the_figures_add_up_what_the_facilitators_found(browser: Browser, head: User) -> None:
    with browser.make() as make:
        first = make.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna")
        second = make.facilitator(MANGGAR, LAMARU, name="Budi")
        late = make.action_draft(due_on=dt.date(2026, 4, 13))
        make.visit(first, {"KL-01": ("yes", "diamati")}, visited_on=dt.date(2026, 4, 1), actions=(late,))
        make.visit(first, visited_on=TODAY, actions=(make.action_draft(),))
        make.visit(second, {"KL-01": ("no", "diamati")}, code=MANGGAR, visited_on=dt.date(2026, 4, 14))
        make.visit(second, code=LAMARU, visited_on=dt.date(2026, 3, 14))
        make.cooperative(MANGGAR).stage = Stage.PARTNERSHIP

    page = browser.open("/")

    said = figures(page)
    assert "2 / 34 32 lewat 30 hari" in said["Dikunjungi bulan ini"]
    assert "66,7 / 100 rata-rata 3 koperasi, 3 sementara" in said["Kelembagaan"]
    assert "1 / 34" in said["Tahap kemitraan"]
    assert "2 1 terlambat" in said["Tindakan terbuka"]
    assert page.has("30 koperasi belum mempunyai pendamping.")
    assert page.texts(ROWS) == ["Budi 2 1/4 0", "Ratna 2 2/4 1"]


def test_the_longest_silence_stands_first(browser: Browser, head: User) -> None:
    with browser.make() as make:
        user = make.facilitator(GRAHA_INDAH, KARIANGAU)
        make.visit(user, visited_on=dt.date(2026, 3, 14))
        make.visit(user, code=KARIANGAU, visited_on=dt.date(2026, 3, 15))
        scoped = make.user(Role.AGENCY_HEAD, scope_prefix="64.71.02")
        alone = make.user(Role.AGENCY_HEAD, scope_prefix=GRAHA_INDAH)

    browser.sign_in(scoped)
    of_kecamatan = browser.open("/").texts(".silent")
    browser.sign_in(alone)
    of_one = browser.open("/").texts(".silent")

    assert of_one == ["KKMP Graha Indah " + user.name + " 31 hari"]
    assert len(of_kecamatan) == 5
    assert all(line.endswith("Belum pernah") for line in of_kecamatan)
    assert not any("Kariangau" in line for line in of_kecamatan), "30 days are not silent yet"


def test_two_facilitators_with_one_name_are_two(browser: Browser, head: User) -> None:
    with browser.make() as make:
        first = make.facilitator(GRAHA_INDAH, name="Siti Aminah")
        make.facilitator(KARIANGAU, MANGGAR, name="Siti Aminah")
        make.visit(first)

    assert sorted(browser.open("/").texts(ROWS)) == ["Siti Aminah 1 1/2 0", "Siti Aminah 2 0/4 0"]


@pytest.mark.parametrize(("scope", "count"), [("64.71.01", 4), (GRAHA_INDAH, 1), ("64.710", 0)])
def test_an_agency_sees_the_figures_of_its_own_region(browser: Browser, scope: str, count: int) -> None:
    with browser.make() as make:
        user = make.facilitator(GRAHA_INDAH, MANGGAR)
        make.visit(user, actions=(make.action_draft(),))
        make.visit(user, code=MANGGAR, actions=(make.action_draft(),))
        browser.sign_in(make.user(Role.ADMIN, scope_prefix=scope))

    page = browser.open("/")

    visited = min(count, 1)
    assert f"{visited} / {count}" in figures(page)["Dikunjungi bulan ini"]
    assert figures(page)["Tindakan terbuka"].split()[2] == str(visited)
    assert len(page.soup.select("a.tile")) == count


def test_a_tile_carries_number_band_and_address(browser: Browser, head: User) -> None:
    with browser.make() as make:
        make.visit(make.facilitator(), {"KL-01": ("yes", "diamati")})

    page = browser.open("/")

    (tile,) = [each for each in page.soup.select("a.tile") if "Graha Indah" in each.get_text()]
    assert tile["href"] == f"/koperasi/{GRAHA_INDAH}"
    assert " ".join(tile.get_text(" ").split()).startswith("Graha Indah 100,0")
    assert "tile--0" in tile["class"]


def test_the_never_visited_come_before_the_longest_unvisited(browser: Browser, head: User) -> None:
    north = [f"64.71.03.100{number}" for number in range(1, 7)]
    with browser.make() as make:
        user = make.facilitator(*north)
        for code, days in zip(north, (31, 60, 30), strict=False):
            make.visit(user, {}, code=code, visited_on=TODAY - dt.timedelta(days=days))
        browser.sign_in(make.user(Role.AGENCY_HEAD, scope_prefix="64.71.03"))

    page = browser.open("/")

    said = [(line.split(" ", 1)[1].split(f" {user.name} ")) for line in page.texts(".silent")]
    assert said == [
        ["Graha Indah", "Belum pernah"],
        ["Gunung Samarinda Baru", "Belum pernah"],
        ["Muara Rapak", "Belum pernah"],
        ["Gunung Samarinda", "60 hari"],
        ["Batu Ampar", "31 hari"],
    ]


def test_an_average_counts_complete_and_provisional_scores_and_says_how_many_are_provisional(
    browser: Browser, head: User
) -> None:
    with browser.make() as make:
        user = make.facilitator(GRAHA_INDAH, KARIANGAU)
        make.visit(user, {"TK-01": ("3", "diamati"), "TK-02": ("1", "diamati")})
        make.visit(user, {"TK-01": ("0", "diamati")}, code=KARIANGAU)

    said = figures(browser.open("/"))

    assert "50,0 / 100 rata-rata 2 koperasi, 1 sementara" in said["Transparansi keuangan"]
