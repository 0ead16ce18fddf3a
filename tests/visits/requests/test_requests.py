"""The agency asks for an item, once, and takes it back."""

import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.kernel.roles import Role
from pendamping.visits.requests.models import ItemRequest
from pendamping.visits.requests.queries import open_requests, requests_for_item
from pendamping.visits.requests.service import RequestIsOpen, ask_for_item, take_back
from tests.conftest import ACTOR, NOW
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.pages import Browser

ASK = f"/koperasi/{GRAHA_INDAH}/butir/UK-01/permintaan"


def ask(make: Make, note: str = "Apakah gerai sudah buka?") -> ItemRequest:
    author = make.user(Role.AGENCY_HEAD)
    return ask_for_item(make.session, make.cooperative(), "UK-01", note, author_id=author.id, actor=ACTOR, now=NOW)


def test_an_item_is_asked_for_once_until_it_is_answered_or_taken_back(session: Session, make: Make) -> None:
    first = ask(make)

    with pytest.raises(RequestIsOpen):
        ask(make)
    take_back(session, first, actor=ACTOR, now=NOW)
    second = ask(make, "Sudah buka?")

    assert set(open_requests(session, make.cooperative().id)) == {"UK-01"}
    history = requests_for_item(session, make.cooperative().id, "UK-01", limit=10)
    assert {each.id: each.is_open for each in history} == {first.id: False, second.id: True}


def test_taken_back_twice_it_is_taken_back_once(session: Session, make: Make) -> None:
    request = ask(make)

    take_back(session, request, actor=ACTOR, now=NOW)
    closed_at = request.closed_at
    take_back(session, request, actor=ACTOR, now=NOW.replace(hour=NOW.hour + 1))

    assert request.closed_at == closed_at


def test_the_head_asks_and_takes_back(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    page = browser.open(ASK)
    page = browser.send(ASK, page.fields() | {"note": "Apakah gerai sudah buka?"})

    assert (page.status, page.has("Menunggu kunjungan berikutnya"), page.has("Apakah gerai sudah buka?")) == (
        200,
        True,
        True,
    )
    form = page.soup.select_one("main form")
    assert form is not None
    page = browser.send(str(form["action"]), page.fields())
    assert page.has("Permintaan ditarik.") or page.has("Minta diperiksa")


@pytest.mark.parametrize(
    ("note", "message"),
    [("", "Tulis apa yang perlu dilihat"), ("   ", "Tulis apa yang perlu dilihat"), ("x" * 301, "Paling banyak 300")],
)
def test_bad_input_is_said_at_its_place_and_stores_nothing(browser: Browser, note: str, message: str) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    page = browser.send(ASK, browser.open(ASK).fields() | {"note": note})

    assert (page.status, page.has(message)) == (400, True)
    with browser.make() as make:
        assert make.session.scalar(select(func.count()).select_from(ItemRequest)) == 0


@pytest.mark.parametrize("item_id", ["XX-99", "UK-22", "KL-999999999999"])
def test_an_item_that_is_not_asked_of_this_cooperative_is_not_there(browser: Browser, item_id: str) -> None:
    """UK-22 belongs to the next stage."""
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    assert browser.open(f"/koperasi/{GRAHA_INDAH}/butir/{item_id}/permintaan").status == 404


def test_a_request_of_another_cooperative_cannot_be_taken_back_through_this_one(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD))
        request_id = ask(make).id
    token = browser.open(ASK).fields()["csrf_token"]

    for code, id_ in ((KARIANGAU, request_id), (GRAHA_INDAH, uuid.uuid4())):
        url = f"/koperasi/{code}/permintaan/{id_}/tarik"
        assert browser.send(url, {"csrf_token": token}).status == 404
    with browser.make() as make:
        assert make.session.get_one(ItemRequest, request_id).closed_at is None


def test_the_page_of_the_item_tells_what_was_asked_and_leads_there(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.AGENCY_HEAD))
    item_page = f"/koperasi/{GRAHA_INDAH}/butir/UK-01"

    link = browser.open(item_page).soup.select_one("main a[href$='/permintaan']")
    assert link is not None
    with browser.make() as make:
        ask(make, "Apakah gerai sudah buka?")
    page = browser.open(item_page)

    assert page.has("Apakah gerai sudah buka?")
    assert page.has("menunggu kunjungan berikutnya")
    assert page.soup.select_one("main a[href$='/permintaan']") is None
