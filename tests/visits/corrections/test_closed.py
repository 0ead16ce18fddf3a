"""Once its month is over or approved, a visit is only added to."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.database import reading
from pendamping.visits.corrections.models import Correction
from pendamping.visits.corrections.service import lock_month
from pendamping.visits.models import Visit
from tests.conftest import ACTOR, NOW, TODAY
from tests.only import on_sqlite
from tests.pages import Browser

MARCH = dt.date(2026, 3, 31)


def made(browser: Browser, facilitator: User, visited_on: dt.date) -> str:
    """The address of a visit's page."""
    with browser.make() as make:
        return f"/kunjungan/{make.visit(facilitator, {'KL-01': ('no', 'klaim')}, visited_on=visited_on).id}"


def approve(browser: Browser, facilitator: User, day: dt.date) -> None:
    with browser.make() as make:
        lock_month(make.session, facilitator, day, actor=ACTOR, now=NOW)


@pytest.fixture(params=["over", "approved"])
def closed(request: pytest.FixtureRequest, browser: Browser, facilitator: User) -> str:
    """The page of a visit whose month is over, or approved."""
    page = made(browser, facilitator, MARCH if request.param == "over" else TODAY)
    if request.param == "approved":
        approve(browser, facilitator, TODAY)
    return page


@contextmanager
def clock_at(browser: Browser, moment: str) -> Iterator[None]:
    """What the app takes for now: a time in Balikpapan."""
    before = browser.app.extensions["clock"]
    instant = dt.datetime.fromisoformat(moment).replace(tzinfo=OFFICE_TZ)
    browser.app.extensions["clock"] = lambda: instant
    try:
        yield
    finally:
        browser.app.extensions["clock"] = before


def offered(browser: Browser, page: str) -> str:
    links = [str(link["href"]) for link in browser.open(page).soup.select(".page-head__actions a")]
    return " ".join(link.removeprefix(page) for link in links if link.endswith(("perbaiki", "tambahan")))


def corrections(browser: Browser) -> list[tuple[str, str]]:
    with browser.app.app_context():
        rows = reading().scalars(select(Correction).order_by(Correction.number))
        return [(row.kind, row.reason) for row in rows]


def test_a_closed_visit_is_added_to_and_an_open_one_put_right(browser: Browser, facilitator: User, closed: str) -> None:
    assert offered(browser, closed) == "/tambahan"
    assert browser.client.get(f"{closed}/perbaiki").headers["Location"] == f"{closed}/tambahan"


def test_the_window_closes_at_the_offices_midnight(browser: Browser, facilitator: User) -> None:
    page = made(browser, facilitator, MARCH)

    with clock_at(browser, "2026-04-03T23:59:59"):
        assert offered(browser, page) == "/perbaiki"
    with clock_at(browser, "2026-04-04T00:00:00"):
        assert offered(browser, page) == "/tambahan"


def test_a_form_that_was_open_when_the_window_closed_gives_everything_back(browser: Browser, facilitator: User) -> None:
    page = made(browser, facilitator, MARCH)
    with clock_at(browser, "2026-04-03T23:50:00"):
        fields = {**browser.open(f"{page}/perbaiki").fields(), "notes": "Lain", "reason": "Salah ketik."}

    refused = browser.send(f"{page}/perbaiki", fields)

    assert refused.status == 409
    assert "Masa perbaikan kunjungan ini sudah lewat." in refused.text("[data-error-summary]")
    assert (refused.fields()["notes"], refused.fields()["reason"]) == ("Lain", "Salah ketik.")
    assert corrections(browser) == []


def test_a_form_that_was_open_when_the_month_was_approved_gives_everything_back(
    browser: Browser, facilitator: User
) -> None:
    page = made(browser, facilitator, TODAY)
    fields = {**browser.open(f"{page}/perbaiki").fields(), "notes": "Lain", "reason": "Salah ketik."}
    approve(browser, facilitator, TODAY)

    refused = browser.send(f"{page}/perbaiki", fields)

    assert refused.status == 409
    assert refused.fields()["notes"] == "Lain"
    assert corrections(browser) == []


def test_an_addendum_stands_on_the_visit_and_changes_nothing(browser: Browser, facilitator: User, closed: str) -> None:
    fields = browser.open(f"{closed}/tambahan").fields()

    page = browser.send(f"{closed}/tambahan", {**fields, "text": "  Buku kas menyusul.\n<b>Lihat foto.</b> "})

    assert page.status == 200
    assert page.has("Catatan tambahan disimpan.")
    assert page.has("Buku kas menyusul. <b>Lihat foto.</b>")
    assert page.has("Ratna Wulandari")
    assert not page.has("diperbaiki")
    assert corrections(browser) == [("tambahan", "Buku kas menyusul.\n<b>Lihat foto.</b>")]
    with browser.app.app_context():
        assert reading().scalars(select(Visit.revision)).all() == [1]


def test_an_addendum_tapped_twice_stands_once(browser: Browser, facilitator: User, closed: str) -> None:
    fields = {**browser.open(f"{closed}/tambahan").fields(), "text": "Buku kas menyusul."}

    answers = [browser.client.post(f"{closed}/tambahan", data=fields) for _ in range(2)]
    browser.client.post(f"{closed}/tambahan", data={**fields, "text": "Sudah ada."})

    assert {answer.headers["Location"] for answer in answers} == {closed}
    assert [reason for _, reason in corrections(browser)] == ["Buku kas menyusul.", "Sudah ada."]


@on_sqlite
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Tulis catatannya."),
        (" \u200b ", "Tulis catatannya."),
        ("a" * 5001, "Paling banyak 5000 karakter."),
    ],
)
def test_an_addendum_that_says_nothing_or_too_much_is_refused_at_its_place(
    browser: Browser, facilitator: User, text: str, message: str
) -> None:
    page = made(browser, facilitator, MARCH)
    fields = browser.open(f"{page}/tambahan").fields()

    refused = browser.send(f"{page}/tambahan", {**fields, "text": text})

    assert refused.status == 400
    assert refused.text("#text-error") == message
    assert refused.fields()["text"].strip() == text.strip("\u200b ")
    assert corrections(browser) == []


def test_without_a_token_nothing_is_added(browser: Browser, facilitator: User, closed: str) -> None:
    for fields in ({"text": "Menyusul."}, {"text": "Menyusul.", "csrf_token": "lain"}):
        page = browser.send(f"{closed}/tambahan", fields)
        assert page.status == 400
        assert page.fields()["text"] == "Menyusul."
    assert browser.count(Correction) == 0
