import hashlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pendamping.accounts.models import SignInFailure, User
from pendamping.accounts.service import deactivate_user, set_password
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from tests import only
from tests.conftest import ACTOR, NOW
from tests.make import PASSWORD, Make
from tests.pages import Browser, Page

NEW_PASSWORD = "sandi-yang-baru"
WRONG = "Nama pengguna atau kata sandi salah."
LOCKED = "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi, atau minta admin mengganti kata sandi."

MakeRows = Callable[[], AbstractContextManager[Make]]


@pytest.fixture
def siti(browser: Browser) -> User:
    with browser.make() as make:
        user = make.facilitator(username="siti", name="Siti Aminah")
    assert isinstance(user, User)
    return user


def try_to_sign_in(
    client: FlaskClient, password: str = PASSWORD, *, username: str = "siti", next_page: str = ""
) -> Page:
    fields = Page(client.get("/masuk")).fields()
    sent = {**fields, "username": username, "password": password, "next": next_page}
    return Page(client.post("/masuk", data=sent, follow_redirects=True))


def where(page: Page) -> str:
    return page.response.request.path


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/api/v1/session").status_code == 200


@pytest.mark.usefixtures("siti")
def test_the_right_name_and_password_lead_home(client: FlaskClient) -> None:
    page = try_to_sign_in(client)

    assert (page.status, where(page)) == (200, "/")
    assert page.has("Siti")
    assert is_signed_in(client)


def test_a_sign_in_is_on_record_with_the_number_of_its_request(client: FlaskClient, app: Flask, siti: User) -> None:
    fields = Page(client.get("/masuk")).fields()

    answer = client.post("/masuk", data={**fields, "username": "siti", "password": PASSWORD})

    with app.app_context():
        event = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "sign_in")).one()
    assert (event.actor_id, event.at) == (siti.id, NOW)
    assert event.request_id == answer.headers["X-Request-Id"]


@pytest.mark.usefixtures("siti")
def test_whoever_asked_for_a_page_gets_there(client: FlaskClient) -> None:
    asked = client.get("/koperasi?q=graha", follow_redirects=True)
    fields = Page(asked).fields()

    page = Page(client.post("/masuk", data={**fields, "username": "siti", "password": PASSWORD}, follow_redirects=True))

    assert where(page) == "/koperasi"
    assert page.response.request.args.to_dict() == {"q": "graha"}


@only.on_sqlite
@pytest.mark.usefixtures("siti")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example/koperasi",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "evil.example",
        "///evil.example",
    ],
)
def test_nobody_is_led_out_of_the_house(client: FlaskClient, elsewhere: str) -> None:
    fields = Page(client.get("/masuk", query_string={"next": elsewhere})).fields()

    answer = client.post("/masuk", data={**fields, "next": elsewhere, "username": "siti", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_wrong_password_an_unknown_name_and_a_closed_account_sound_the_same(
    browser: Browser, client: FlaskClient, siti: User
) -> None:
    with browser.make() as make:
        closed = make.user(username="tutup")
        deactivate_user(make.session, closed, actor=ACTOR, now=NOW)

    pages = [
        try_to_sign_in(client, "salah-sekali"),
        try_to_sign_in(client, PASSWORD, username="tidak-ada"),
        try_to_sign_in(client, PASSWORD, username="tutup"),
    ]

    assert [page.status for page in pages] == [401] * 3
    assert all(page.has(WRONG) for page in pages)
    assert not is_signed_in(client)


@pytest.mark.usefixtures("siti")
def test_the_name_stays_typed_and_the_password_does_not(client: FlaskClient) -> None:
    page = try_to_sign_in(client, "salah-sekali")

    assert (page.fields()["username"], page.fields()["password"]) == ("siti", "")


@only.on_sqlite
@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("", PASSWORD, "Isi nama pengguna."),
        ("siti", "", "Isi kata sandi."),
        ("s" * 101, PASSWORD, "Paling banyak 100 karakter."),
        ("siti", "x" * 201, "Paling banyak 200 karakter."),
    ],
)
def test_what_is_missing_or_too_long_is_said_at_its_field(
    client: FlaskClient, username: str, password: str, said: str
) -> None:
    page = try_to_sign_in(client, password, username=username)

    assert page.status == 400
    assert page.has(said)


def test_five_failures_lock_the_name_also_for_the_right_password(
    browser: Browser, client: FlaskClient, siti: User
) -> None:
    for _ in range(5):
        assert try_to_sign_in(client, "salah-sekali").status == 401

    locked = try_to_sign_in(client, PASSWORD)

    assert locked.status == 429
    assert locked.has(LOCKED)
    assert not is_signed_in(client)

    with browser.make() as make:
        set_password(make.session, make.session.get_one(User, siti.id), NEW_PASSWORD, actor=ACTOR, now=NOW)
    assert where(try_to_sign_in(client, NEW_PASSWORD)) == "/"


def test_many_failures_at_once_are_all_counted_and_none_breaks(app: Flask, siti: User) -> None:
    clients = [app.test_client() for _ in range(6)]
    forms = [Page(client.get("/masuk")).fields() for client in clients]
    statuses: list[int] = []

    def fail(client: FlaskClient, form: dict[str, str]) -> None:
        sent = {**form, "username": "siti", "password": "salah-sekali"}
        statuses.append(client.post("/masuk", data=sent).status_code)

    threads = [threading.Thread(target=fail, args=each) for each in zip(clients, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {401, 429}
    with app.app_context():
        key = hashlib.sha256(b"name:siti").hexdigest()
        assert reading().get_one(SignInFailure, key).locked_until is not None


@pytest.mark.usefixtures("siti")
def test_behind_the_offices_web_server_the_persons_own_address_is_counted(app: Flask, client: FlaskClient) -> None:
    fields = Page(client.get("/masuk")).fields()
    noted = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}

    client.post("/masuk", data={**fields, "username": "siti", "password": "salah-sekali"}, headers=noted)

    with app.app_context():
        keys = set(reading().scalars(select(SignInFailure.key)))
    assert hashlib.sha256(b"address:203.0.113.9").hexdigest() in keys
    assert hashlib.sha256(b"address:198.51.100.1").hexdigest() not in keys


@pytest.mark.usefixtures("siti")
def test_signing_in_begins_a_session_of_its_own(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    old_token = Page(client.get("/masuk")).fields()["csrf_token"]

    try_to_sign_in(client)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.permanent
    assert client.post("/keluar", data={"csrf_token": old_token}).status_code == 400


def test_whoever_is_signed_in_has_no_use_for_the_sign_in(browser: Browser, siti: User) -> None:
    browser.sign_in(siti)

    assert where(Page(browser.client.get("/masuk", follow_redirects=True))) == "/"


def test_signing_out_ends_the_session(browser: Browser, siti: User) -> None:
    browser.sign_in(siti)
    token = browser.client.get("/api/v1/session").get_json()["csrf_token"]

    page = browser.send("/keluar", {"csrf_token": token})

    assert (where(page), page.has("Anda sudah keluar.")) == ("/masuk", True)
    assert not is_signed_in(browser.client)


def change_password(browser: Browser, current: str, new: str, repeat: str | None = None) -> Page:
    fields = browser.open("/kata-sandi").fields()
    return browser.send("/kata-sandi", {**fields, "current": current, "new": new, "repeat": repeat or new})


def test_another_password_ends_every_session_but_this_one(browser: Browser, app: Flask, siti: User) -> None:
    browser.sign_in(siti)
    other = Browser(app, browser.make)
    other.sign_in(siti)

    page = change_password(browser, PASSWORD, NEW_PASSWORD)

    assert (where(page), page.has("Kata sandi sudah diganti.")) == ("/", True)
    assert is_signed_in(browser.client)
    assert not is_signed_in(other.client)
    assert try_to_sign_in(other.client, PASSWORD).status == 401
    assert try_to_sign_in(other.client, NEW_PASSWORD).status == 200


@only.on_sqlite
@pytest.mark.parametrize(
    ("current", "new", "repeat", "said"),
    [
        ("salah-sekali", NEW_PASSWORD, NEW_PASSWORD, "Kata sandi sekarang tidak cocok."),
        (PASSWORD, PASSWORD, PASSWORD, "Kata sandi baru harus berbeda dari yang sekarang."),
        (PASSWORD, "pendek", "pendek", "Isi 10 sampai 200 karakter."),
        (PASSWORD, NEW_PASSWORD, "lain-sekali-ya", "Tidak sama dengan kata sandi baru."),
        ("", NEW_PASSWORD, NEW_PASSWORD, "Isi kata sandi sekarang."),
    ],
)
def test_a_password_that_does_not_hold_is_refused_and_never_shown(
    browser: Browser, siti: User, current: str, new: str, repeat: str, said: str
) -> None:
    browser.sign_in(siti)

    page = change_password(browser, current, new, repeat)

    assert page.status == 400
    assert page.has(said)
    assert [page.fields()[name] for name in ("current", "new", "repeat")] == ["", "", ""]
    assert is_signed_in(browser.client)


def test_a_one_time_password_is_changed_before_anything_else(browser: Browser) -> None:
    with browser.make() as make:
        admin = make.user(Role.ADMIN, must_change_password=True)
    browser.sign_in(admin)

    led = Page(browser.client.get("/koperasi", follow_redirects=True))

    assert where(led) == "/kata-sandi"
    assert led.has("Gantilah dahulu dengan yang hanya Anda ketahui.")
    assert led.soup.select("nav a[href='/koperasi']") == []

    change_password(browser, PASSWORD, NEW_PASSWORD)
    assert browser.open("/koperasi").status == 200


def speak(client: FlaskClient, language: str, *, next_page: str = "/masuk") -> Page:
    token = Page(client.get("/masuk", follow_redirects=True)).soup.select("[name=csrf_token]")[0]["value"]
    sent = {"language": language, "next": next_page, "csrf_token": token}
    return Page(client.post("/bahasa", data=sent, follow_redirects=True))


def language_of(page: Page) -> str:
    return str(page.soup.select("html")[0]["lang"])


def test_a_language_is_kept_by_the_browser_before_anybody_signs_in(client: FlaskClient) -> None:
    assert language_of(Page(client.get("/masuk"))) == "id"

    assert language_of(speak(client, "en")) == "en"
    assert language_of(Page(client.get("/masuk"))) == "en"
    assert language_of(speak(client, "id")) == "id"


def test_a_language_is_kept_by_the_account_on_every_device(browser: Browser, app: Flask, siti: User) -> None:
    browser.sign_in(siti)
    other = Browser(app, browser.make)
    other.sign_in(siti)

    page = speak(browser.client, "en", next_page="/koperasi")

    assert (where(page), language_of(page)) == ("/koperasi", "en")
    assert language_of(other.open("/")) == "en"


@only.on_sqlite
@pytest.mark.parametrize("language", ["fr", "", "../en"])
def test_a_language_that_is_not_spoken_here_is_refused(client: FlaskClient, language: str) -> None:
    assert speak(client, language).status == 400
    assert language_of(Page(client.get("/masuk"))) == "id"


def test_changing_the_language_leads_nobody_out_of_the_house(client: FlaskClient) -> None:
    token = Page(client.get("/masuk")).fields()["csrf_token"]

    answer = client.post("/bahasa", data={"language": "en", "next": "//evil.example", "csrf_token": token})

    assert answer.headers["Location"] == "/"
