import datetime as dt

import pytest

from pendamping.plans.models import Action, ActionStatus
from pendamping.visits.models import Visit
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.pages import Browser

VISIT_URL = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"


@pytest.fixture
def visit(browser: Browser) -> Visit:
    """A visit to KKMP Graha Indah, whose own account is signed in; its neighbour has a plan as well."""
    with browser.make() as make:
        make.short_instruments()
        facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU, name="Ratna Wulandari")
        browser.sign_in(make.cooperative_user())
        own = (
            make.action_draft("KL-02", title="Lengkapi buku anggota", due_on=dt.date(2026, 4, 30)),
            make.action_draft(title="Undang dinas", due_on=dt.date(2026, 4, 20)),
            make.action_draft(title="Sudah dikerjakan"),
            make.action_draft(title="Tidak jadi"),
        )
        visit: Visit = make.visit(facilitator, {"KL-02": ("no", "diamati")}, actions=own)
        make.visit(facilitator, code=KARIANGAU, actions=(make.action_draft(title="Milik tetangga"),))
        make.session.get_one(Action, own[2].id).status = ActionStatus.VERIFIED
        make.session.get_one(Action, own[3].id).status = ActionStatus.CANCELLED
    return visit


@pytest.mark.parametrize("url", ["/", "/rencana"])
def test_a_cooperative_sees_its_own_plan_the_critical_first(browser: Browser, visit: Visit, url: str) -> None:
    page = browser.open(url)

    assert page.status == 200
    assert page.heading == "Rencana perbaikan"
    assert page.texts("#kerjakan ~ ul .action__title") == ["Lengkapi buku anggota", "Undang dinas"]
    assert page.has("Selesai bila:")
    assert page.has("Sudah dikerjakan")
    assert page.has("1 dari 3")
    assert page.has("Ratna Wulandari")


def test_a_cooperative_sees_nothing_of_another(browser: Browser, visit: Visit) -> None:
    for url in ("/", "/rencana"):
        text = browser.open(url).response.text
        assert "Milik tetangga" not in text
        assert "Kariangau" not in text


def test_its_page_leads_nowhere_that_is_not_its_own(browser: Browser, visit: Visit) -> None:
    links = {str(link["href"]) for link in browser.open("/rencana").soup.select("a[href]")}

    for link in links:
        if not link.startswith("#"):
            assert browser.client.get(link).status_code in (200, 302), link


def test_everything_else_is_refused(browser: Browser, visit: Visit) -> None:
    addresses = [
        "/koperasi",
        f"/koperasi/{GRAHA_INDAH}",
        f"/koperasi/{KARIANGAU}",
        f"/koperasi/{GRAHA_INDAH}/rencana",
        f"/koperasi/{KARIANGAU}/rencana",
        f"/koperasi/{GRAHA_INDAH}/data",
        f"/koperasi/{GRAHA_INDAH}/pengurus/baru",
        f"/koperasi/{GRAHA_INDAH}/skor/KL",
        VISIT_URL,
        f"/kunjungan/{visit.id}",
    ]

    assert {url: browser.client.get(url).status_code for url in addresses} == dict.fromkeys(addresses, 403)


def test_a_cooperative_records_no_visit_to_itself(browser: Browser, visit: Visit) -> None:
    token = browser.open("/rencana").fields("form[method=post]")["csrf_token"]

    response = browser.client.post(VISIT_URL, data={"csrf_token": token, "visited_on": "2026-04-14"})

    assert response.status_code == 403


def test_staff_are_not_shown_the_cooperatives_page(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.facilitator())

    assert browser.open("/rencana").status == 403


def test_without_actions_the_plan_says_so(browser: Browser) -> None:
    with browser.make() as make:
        make.visit(make.facilitator(), visited_on=TODAY)
        browser.sign_in(make.cooperative_user())

    page = browser.open("/rencana")

    assert page.status == 200
    assert page.has("Tidak ada tindakan yang menunggu.")


def test_before_the_first_visit_there_is_a_plan_to_read_as_well(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.cooperative_user(KARIANGAU))

    page = browser.open("/")

    assert page.status == 200
    assert page.has("Belum dinilai")
