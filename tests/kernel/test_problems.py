"""Errors, as a page with a way out and as a problem document; nothing of the inside shows on either."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select
from werkzeug.test import TestResponse

import pendamping.kernel.database
from pendamping.app import create_app
from pendamping.kernel.database import db, writing
from pendamping.reminders.models import DayOff
from pendamping.settings import Settings
from tests import only
from tests.conftest import NOW
from tests.kernel.conftest import SECRET
from tests.pages import Page

Logged = Callable[[], list[dict[str, Any]]]

TITLES = {
    "400": "Permintaan tidak terbaca",
    "403": "Tidak berwenang",
    "404": "Tidak ditemukan",
    "409": "Sudah berubah sementara itu",
    "413": "Terlalu besar",
    "429": "Terlalu sering",
    "500": "Ada kesalahan pada sistem",
}
CODES = {
    "400": "bad_request",
    "403": "not_allowed",
    "404": "not_found",
    "409": "contradiction",
    "413": "body_too_large",
    "429": "too_many_requests",
    "500": "internal_error",
}


def ways_out(page: Page) -> list[tuple[str, str]]:
    return [(link.get_text(strip=True), str(link["href"])) for link in page.soup.select("main a[href]")]


def assert_is_problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    document: dict[str, Any] = answer.get_json(force=True)
    assert document.keys() == {"type", "title", "status", "code", "detail", "request_id"}
    assert document["type"] == f"urn:pendamping:problem:{code}"
    assert (document["status"], document["code"]) == (status, code)
    assert document["request_id"] == answer.headers["X-Request-Id"]
    return document


@only.on_sqlite
@pytest.mark.parametrize("status", TITLES)
def test_a_problem_is_a_page_in_indonesian_with_a_way_out(faulty: Flask, status: str) -> None:
    page = Page(faulty.test_client().get(f"/uji/{status}"))

    assert (page.status, page.heading) == (int(status), TITLES[status])
    assert page.has(page.response.headers["X-Request-Id"])
    assert ("Ke beranda", "/") in ways_out(page)


@only.on_sqlite
@pytest.mark.parametrize("status", TITLES)
def test_a_problem_of_the_api_is_a_document(faulty: Flask, status: str) -> None:
    answer = faulty.test_client().get(f"/api/uji/{status}")

    document = assert_is_problem(answer, int(status), CODES[status])
    assert document["title"] == TITLES[status]


@only.on_sqlite
@pytest.mark.parametrize("host", ["x" * 300, "a..b"])
def test_who_asks_for_a_host_that_no_address_can_name_is_told_so_without_a_page(app: Flask, host: str) -> None:
    for path in ("/masuk", "/tidak-ada", "/api/v1/session", "/static/x/css/app.css"):
        assert_is_problem(app.test_client().get(path, headers={"Host": host}), 400, "bad_request")


@only.on_sqlite
def test_what_a_rule_says_is_shown_as_text(faulty: Flask) -> None:
    client = faulty.test_client()

    page, document = Page(client.get("/uji/409")), client.get("/api/uji/409").get_json(force=True)

    assert page.has("Sudah ada <b>Siti</b>.")
    assert document["detail"] == "Sudah ada <b>Siti</b>."


@only.on_sqlite
@pytest.mark.parametrize("path", ["/koperasi/x/y", "/api/v1/x"])
def test_an_address_that_never_was_is_not_found(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


@only.on_sqlite
@pytest.mark.parametrize(("path", "allowed"), [("/keluar", {"POST"}), ("/api/v1/session", {"GET", "HEAD"})])
def test_a_method_that_an_address_does_not_know_is_refused_with_those_it_knows(
    client: Any, path: str, allowed: set[str]
) -> None:
    answer = client.delete(path)

    assert answer.status_code == 405
    assert {each.strip() for each in answer.headers["Allow"].split(",")} == allowed | {"OPTIONS"}
    if path.startswith("/api/"):
        assert_is_problem(answer, 405, "method_not_allowed")
    else:
        assert Page(answer).heading == "Cara ini tidak dikenal"


@only.on_sqlite
def test_a_body_beyond_the_limit_is_refused(client: Any) -> None:
    answer = client.post("/masuk", data={"username": "x" * (2 * 1024 * 1024 + 1)})

    page = Page(answer)
    assert (page.status, page.heading) == (413, "Terlalu besar")


@only.on_sqlite
def test_after_a_refused_form_the_way_leads_back_to_it_but_never_to_strangers(client: Any) -> None:
    own = Page(client.post("/keluar", headers={"Referer": "http://localhost/koperasi"}))
    strange = Page(client.post("/keluar", headers={"Referer": "http://evil.example/koperasi"}))

    assert own.status == strange.status == 400
    assert ways_out(own) == [("Kembali ke halaman sebelumnya", "http://localhost/koperasi"), ("Ke beranda", "/")]
    assert ways_out(strange) == [("Ke beranda", "/")]


@only.on_sqlite
def test_a_page_that_failed_can_be_tried_again(faulty: Flask) -> None:
    page = Page(faulty.test_client().get("/uji/500?q=a"))

    assert ways_out(page)[0] == ("Muat ulang halaman ini", "/uji/500?q=a")


@only.on_sqlite
def test_when_to_come_back_is_passed_on(faulty: Flask) -> None:
    assert faulty.test_client().get("/uji/429").headers["Retry-After"] == "60"


@only.on_sqlite
@pytest.mark.parametrize("path", ["/uji/500", "/api/uji/500"])
def test_an_unexpected_error_shows_its_number_and_nothing_else(faulty: Flask, logged: Logged, path: str) -> None:
    answer = faulty.test_client().get(path)

    shown = answer.get_data(as_text=True)
    assert answer.headers["X-Request-Id"] in shown
    assert not any(each in shown for each in (SECRET, "Traceback", "RuntimeError", ".py"))
    (line,) = (each for each in logged() if each["level"] == "error")
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert "Traceback" in line["exception"]
    assert f"RuntimeError: {SECRET}" in line["exception"]


@contextmanager
def somebody_else_writing(app: Flask) -> Iterator[None]:
    """Another worker in the middle of a change."""
    with app.app_context(), writing(), db.engine.connect() as connection:
        connection.execute(select(DayOff).with_for_update())
        yield
        connection.rollback()


@pytest.mark.parametrize("path", ["/uji/503", "/api/uji/503"])
def test_a_database_in_use_is_said_to_be_busy(
    app: Flask, faulty: Flask, logged: Logged, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(pendamping.kernel.database, "BUSY_TIMEOUT_MS", 50)

    with somebody_else_writing(app):
        answer = _in_its_own_thread(lambda: faulty.test_client().get(path))

    assert answer.headers["Retry-After"] == "5"
    assert [each["level"] for each in logged()] == ["warning", "info"]
    if path.startswith("/api/"):
        assert_is_problem(answer, 503, "busy")
    else:
        page = Page(answer)
        assert (page.status, page.heading) == (503, "Sedang sibuk")
        assert ways_out(page) == [("Muat ulang halaman ini", path), ("Ke beranda", "/")]


def _in_its_own_thread(request: Callable[[], TestResponse]) -> TestResponse:
    answers: list[TestResponse] = []
    thread = threading.Thread(target=lambda: answers.append(request()))
    thread.start()
    thread.join()
    return answers[0]


@pytest.fixture(params=["sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://localhost:1/none"])
def cut_off(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """The app without its database."""
    settings = Settings(instance=tmp_path, database_url=make_url(request.param), secret_key="k" * 64)
    return create_app(settings, clock=lambda: NOW)


@pytest.mark.parametrize("path", ["/", "/masuk", "/koperasi", "/nowhere", "/healthz", "/api/v1/session"])
def test_without_its_database_the_app_still_says_so(cut_off: Flask, path: str) -> None:
    client = cut_off.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "11111111-1111-1111-1111-111111111111:1"

    answer = client.get(path)

    assert answer.status_code == 500
    if path.startswith("/api/"):
        assert_is_problem(answer, 500, "internal_error")
    else:
        assert Page(answer).heading == "Ada kesalahan pada sistem"


@pytest.mark.parametrize("path", ["/uji/row", "/api/uji/row"])
def test_a_row_that_the_database_refused_shows_on_no_screen_and_in_no_log(
    faulty: Flask, logged: Logged, path: str
) -> None:
    answer = faulty.test_client().get(path)

    assert answer.status_code == 500
    assert SECRET not in answer.get_data(as_text=True)
    assert SECRET not in str(logged())
    assert "ck_user_username_is_lower_case" in str(logged())
