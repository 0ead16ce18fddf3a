import base64
import gzip
import hashlib
import re
import uuid
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from pendamping.kernel.web import build_of
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import Make
from tests.pages import Browser, Page

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STYLE, FONT = "css/app.css", "vendor/plus-jakarta-sans-latin-wght-normal.woff2"
YEAR = "public, max-age=31536000, immutable"


@pytest.fixture
def database_kind() -> str:
    """What every answer carries does not depend on the database."""
    return "sqlite"


@pytest.fixture
def style(app: Flask) -> str:
    return f"/static/{app.config['BUILD']}/{STYLE}"


@pytest.fixture
def font(app: Flask) -> str:
    return f"/static/{app.config['BUILD']}/{FONT}"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/masuk", 200),
        ("/", 302),
        ("/healthz", 200),
        ("/nowhere", 404),
        ("/keluar", 405),
        ("/uji/500", 500),
        ("/api/uji/500", 500),
        ("/api/v1/session", 401),
        (f"/static/x/{STYLE}", 200),
        ("/static/x/nowhere.css", 404),
    ],
)
def test_every_answer_carries_the_strict_headers(faulty: Flask, path: str, status: int) -> None:
    answer = faulty.test_client().get(path, buffered=True)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_a_page_that_brings_its_style_allows_these_very_bytes(client: FlaskClient, app: Flask) -> None:
    """The door to a cooperative's pages; beside it, a page that does not."""
    page, other = client.get("/tautan/nothing"), client.get("/masuk")
    (style,) = re.findall("<style>(.*?)</style>", page.get_data(as_text=True), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    strict = HEADERS["Content-Security-Policy"]

    assert page.headers["Content-Security-Policy"] == strict.replace(
        "style-src 'self'", f"style-src 'self' 'sha256-{digest}'"
    )
    assert other.headers["Content-Security-Policy"] == strict
    assert f'url("/static/{app.config["BUILD"]}/{FONT}")' in style
    assert 'url("..' not in style


@pytest.mark.parametrize(("scheme", "kept"), [("https", "max-age=31536000"), ("http", None)])
def test_browsers_are_told_to_stay_with_https_once_they_came_by_it(
    client: FlaskClient, scheme: str, kept: str | None
) -> None:
    answer = client.get("/masuk", base_url=f"{scheme}://localhost")

    assert answer.headers.get("Strict-Transport-Security") == kept


@pytest.mark.parametrize("path", ["/masuk", "/", "/nowhere", "/healthz", "/api/v1/session", "/static/x/nowhere.css"])
def test_what_is_somebodys_is_kept_by_no_cache(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_every_request_has_a_number_of_its_own_which_nobody_else_may_give(client: FlaskClient) -> None:
    numbers = {client.get("/masuk", headers={"X-Request-Id": "mine"}).headers["X-Request-Id"] for _ in range(3)}

    assert len(numbers) == 3
    assert {str(uuid.UUID(number)).replace("-", "") for number in numbers} == numbers


def test_files_of_this_build_are_kept_for_ever_and_others_are_asked_for_again(client: FlaskClient, style: str) -> None:
    current, older = client.get(style, buffered=True), client.get(f"/static/older/{STYLE}", buffered=True)

    assert (current.status_code, current.headers["Cache-Control"]) == (200, YEAR)
    assert (older.status_code, older.headers["Cache-Control"]) == (200, "no-cache")


def test_a_file_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    path, accepted = f"/static/older/{STYLE}", {"Accept-Encoding": "br"}
    first = client.get(path, headers=accepted, buffered=True)

    again = client.get(path, headers={**accepted, "If-None-Match": first.headers["ETag"]}, buffered=True)

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/static/x/../app.py", "/static/x/..%2f..%2fapp.py", "/static/x//etc/passwd"])
def test_nothing_outside_of_the_static_folder_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path, follow_redirects=True, buffered=True).status_code == 404


def test_a_build_has_another_name_as_soon_as_one_file_differs(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    file = tmp_path / "js" / "shell.js"
    file.write_text("1")
    first = build_of(tmp_path)

    file.write_text("2")
    changed = build_of(tmp_path)
    file.rename(tmp_path / "shell.js")
    moved = build_of(tmp_path)

    assert len({first, changed, moved}) == 3


@pytest.mark.parametrize(("accepted", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
@pytest.mark.parametrize("path", ["style", "/masuk"])
def test_text_travels_compressed(client: FlaskClient, style: str, path: str, accepted: str, unpack: object) -> None:
    assert callable(unpack)
    address = style if path == "style" else path

    answer = client.get(address, headers={"Accept-Encoding": accepted}, buffered=True)

    assert answer.headers["Content-Encoding"] == accepted
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(unpack(answer.data)) > len(answer.data)


def test_a_browser_that_knows_both_gets_brotli(client: FlaskClient, style: str) -> None:
    answer = client.get(style, headers={"Accept-Encoding": "gzip, deflate, br"}, buffered=True)

    assert answer.headers["Content-Encoding"] == "br"


def test_a_font_is_not_compressed_twice(client: FlaskClient, font: str) -> None:
    answer = client.get(font, headers={"Accept-Encoding": "gzip, br"}, buffered=True)

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(("scheme", "is_secure"), [("https", True), ("http", False)])
def test_the_cookie_is_secure_exactly_over_https_and_never_for_scripts(
    client: FlaskClient, scheme: str, is_secure: bool
) -> None:
    (cookie,) = client.get("/masuk", base_url=f"{scheme}://localhost").headers.getlist("Set-Cookie")

    flags = {each.strip() for each in cookie.split(";")[1:]}
    assert cookie.startswith("pendamping=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
    assert ("Secure" in flags) is is_secure


def test_behind_the_offices_own_web_server_its_word_counts_for_https(client: FlaskClient) -> None:
    answer = client.get("/masuk", headers={"X-Forwarded-Proto": "https"})

    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_static_file_carries_nobodys_session(app: Flask, browser: Browser, style: str) -> None:
    with Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)() as make:
        user = make.user()
    browser.sign_in(user)
    with browser.client.session_transaction() as session:
        session.permanent = True
    assert "Set-Cookie" in browser.client.get("/").headers

    answer = browser.client.get(style, buffered=True)

    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_form_that_comes_over_https_from_elsewhere_is_refused(client: FlaskClient) -> None:
    https = "https://localhost"
    token = Page(client.get("/masuk", base_url=https)).fields()["csrf_token"]
    fields = {"language": "en", "csrf_token": token}

    own = client.post("/bahasa", base_url=https, data=fields, headers={"Referer": f"{https}/masuk"})
    strange = client.post("/bahasa", base_url=https, data=fields, headers={"Referer": "https://evil.example/"})

    assert (own.status_code, strange.status_code) == (302, 400)


@pytest.mark.parametrize(("path", "status"), [("/masuk", 200), ("/nowhere", 404)])
def test_a_page_is_compressed_whether_it_went_well_or_not(client: FlaskClient, path: str, status: int) -> None:
    answer, plain = client.get(path, headers={"Accept-Encoding": "gzip"}), client.get(path)

    assert (answer.status_code, answer.headers["Content-Encoding"]) == (status, "gzip")
    assert gzip.decompress(answer.data)[:15] == plain.data[:15] == b"<!DOCTYPE html>"
