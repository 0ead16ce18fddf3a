import datetime as dt
import uuid

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from pendamping.accounts import service
from pendamping.accounts.models import EndedSession, User
from pendamping.accounts.service import ENDED_SESSIONS_KEPT, deactivate_user, note_failed_sign_in, set_password
from pendamping.app import SESSION_LASTS
from pendamping.kernel.access import access_of
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW
from tests.make import PASSWORD, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page

NEW_PASSWORD = "sandi-yang-baru"
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.4"
SIGN_IN, HOME, CHANGE_PASSWORD = "/masuk", "/", "/kata-sandi"


@pytest.fixture
def ratna(browser: Browser) -> User:
    return person(browser, username="ratna", name="Ratna Dewi")


def person(browser: Browser, role: Role = Role.FACILITATOR, **fields: object) -> User:
    with browser.make() as rows:
        user: User = rows.cooperative_user(**fields) if role is Role.COOPERATIVE else rows.user(role, **fields)
    return user


def another(browser: Browser, user: User | None = None) -> Browser:
    """One more device, perhaps with somebody signed in."""
    device = Browser(browser.app, browser.make)
    if user:
        device.sign_in(user)
    return device


def enter(browser: Browser, username: str, password: str, *, following: str = "", forwarded_for: str = OFFICE) -> Page:
    """Fill in the sign-in page and send it; the answer is not followed."""
    fields = {**browser.open(SIGN_IN).fields(), "username": username, "password": password, "next": following}
    return Page(browser.client.post(SIGN_IN, data=fields, headers={"X-Forwarded-For": forwarded_for}))


def change_password(browser: Browser, current: str, new: str, repeat: str) -> Page:
    fields = {**browser.open(CHANGE_PASSWORD).fields(), "current": current, "new": new, "repeat": repeat}
    return browser.send(CHANGE_PASSWORD, fields, follow=False)


HAND_IN = "/serahkan"
"""Where somebody is led who has left and may still hand in a queue."""


def is_signed_in(browser: Browser) -> bool:
    page = browser.open(CHANGE_PASSWORD)
    assert page.status == 200 or (page.response.location or "").startswith((SIGN_IN, HAND_IN))
    return page.status == 200


# Signing in -----------------------------------------------------------------------------------------------------------


def test_a_person_signs_in_with_name_and_password_and_comes_to_the_first_page(browser: Browser, ratna: User) -> None:
    page = enter(browser, "ratna", PASSWORD)

    assert (page.status, page.response.location) == (302, HOME)
    assert browser.open(HOME).text(".user-menu__name") == "Ratna Dewi"


def test_a_sign_in_is_on_record_under_the_number_of_its_request(browser: Browser, ratna: User) -> None:
    page = enter(browser, "ratna", PASSWORD)

    with browser.app.app_context():
        event = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "sign_in")).one()
    assert (event.actor_id, event.subject_id) == (ratna.id, str(ratna.id))
    assert event.request_id == page.response.headers["X-Request-Id"]


def test_a_wrong_name_or_password_gives_the_page_back_with_the_name_and_without_the_password(
    browser: Browser, ratna: User
) -> None:
    for username, password in (("ratna", "bukan-kata-sandinya"), ("tidak.ada", PASSWORD), ("ratna", PASSWORD + " ")):
        page = enter(browser, username, password, following="/koperasi")

        assert (page.status, page.heading) == (401, "Masuk")
        assert "Nama pengguna atau kata sandi salah." in page.text("[role=alert]")
        fields = page.fields()
        assert (fields["username"], fields["password"], fields["next"]) == (username, "", "/koperasi")
        assert not is_signed_in(browser)


def test_a_closed_account_looks_like_a_wrong_password(browser: Browser) -> None:
    person(browser, username="ratna", deactivated_at=NOW)

    page = enter(browser, "ratna", PASSWORD)

    assert page.status == 401
    assert page.has("Nama pengguna atau kata sandi salah.")


def test_an_empty_form_is_refused_at_its_fields(browser: Browser) -> None:
    page = enter(browser, "", "")

    assert page.status == 400
    assert page.texts("[role=alert] a") == ["Isi nama pengguna.", "Isi kata sandi."]


def test_a_page_that_is_too_old_is_given_back_with_the_name(browser: Browser, ratna: User) -> None:
    fields = {**browser.open(SIGN_IN).fields(), "csrf_token": "kedaluwarsa", "username": "ratna", "password": PASSWORD}

    page = browser.send(SIGN_IN, fields)

    assert page.status == 400
    assert page.has("Halaman ini terlalu lama terbuka.")
    assert page.fields()["username"] == "ratna"
    assert not is_signed_in(browser)


def test_after_five_failures_the_right_password_is_refused_too(browser: Browser, ratna: User) -> None:
    for _ in range(5):
        assert enter(browser, "ratna", "bukan-kata-sandinya").status == 401

    page = enter(browser, "ratna", PASSWORD, forwarded_for=ELSEWHERE)

    assert page.status == 429
    assert "Terlalu banyak percobaan. Tunggu 15 menit" in page.text("[role=alert]")
    assert page.fields()["username"] == "ratna"
    assert not is_signed_in(browser)


def test_the_lock_ends_by_itself(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        for _ in range(5):
            quarter_ago = NOW - dt.timedelta(minutes=15)
            note_failed_sign_in(rows.session, username="ratna", address=OFFICE, now=quarter_ago)

    assert enter(browser, "ratna", PASSWORD).status == 302


def test_addresses_that_the_web_server_notes_are_counted_apart(browser: Browser, ratna: User) -> None:
    with browser.make() as rows:
        for number in range(50):
            note_failed_sign_in(rows.session, username=f"orang.{number}", address=OFFICE, now=NOW)

    forwarded = (OFFICE, f"{ELSEWHERE}, {OFFICE}", ELSEWHERE)
    answers = {each: enter(another(browser), "ratna", PASSWORD, forwarded_for=each).status for each in forwarded}

    # Only the last address was noted by the web server; what stands before it anybody may have written.
    assert answers == {OFFICE: 429, f"{ELSEWHERE}, {OFFICE}": 429, ELSEWHERE: 302}


def test_who_is_signed_in_needs_no_sign_in_page(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)

    page = browser.open(SIGN_IN)

    assert (page.status, page.response.location) == (302, HOME)


def test_nothing_of_the_session_before_the_sign_in_is_carried_over(browser: Browser, ratna: User) -> None:
    browser.open(SIGN_IN)
    with browser.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        token = session["csrf_token"]

    enter(browser, "ratna", PASSWORD)

    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != token


# Where the sign-in leads ----------------------------------------------------------------------------------------------


def test_the_page_that_was_asked_for_follows_the_sign_in(browser: Browser, ratna: User) -> None:
    asked = browser.open("/koperasi?q=graha+indah&tahap=operasional")
    sign_in = browser.open(asked.response.location or "")

    page = browser.send(SIGN_IN, {**sign_in.fields(), "username": "ratna", "password": PASSWORD}, follow=False)

    assert page.response.location == "/koperasi?q=graha+indah&tahap=operasional"


OUTSIDE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "\n//evil.example",
    " //evil.example",
    "/koperasi\r\nSet-Cookie: a=b",
    "evil.example",
)


def test_no_address_outside_follows_a_sign_in(browser: Browser, ratna: User) -> None:
    led_to = {each: enter(another(browser), "ratna", PASSWORD, following=each).response.location for each in OUTSIDE}

    assert led_to == dict.fromkeys(OUTSIDE, HOME)


def test_no_address_outside_follows_a_change_of_language(browser: Browser) -> None:
    led_to = {each: switch_language(browser, "en", following=each).response.location for each in OUTSIDE}

    assert led_to == dict.fromkeys(OUTSIDE, HOME)


# Signing out, sessions that end ---------------------------------------------------------------------------------------


def test_signing_out_ends_the_session(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)
    fields = browser.open(CHANGE_PASSWORD).fields("form[action='/keluar']")

    page = browser.send("/keluar", fields)

    assert (page.heading, page.text("[role=status]")) == ("Masuk", "Anda sudah keluar.")
    assert not is_signed_in(browser)


@on_sqlite
def test_a_copied_cookie_opens_nothing_after_the_sign_out_and_other_devices_stay_in(
    browser: Browser, ratna: User
) -> None:
    copy, tablet = another(browser), another(browser, ratna)
    enter(browser, "ratna", PASSWORD)
    token = browser.open(CHANGE_PASSWORD).fields()["csrf_token"]
    cookie = browser.client.get_cookie("pendamping")
    assert cookie is not None

    for device in (browser, copy):  # a copy signs out as well: the second press changes nothing
        device.client.set_cookie("pendamping", cookie.value)
        assert device.client.post("/keluar", data={"csrf_token": token}).headers["Location"] == SIGN_IN
    copy.client.set_cookie("pendamping", cookie.value)

    assert "Set-Cookie" not in copy.client.get("/healthz").headers  # nor does it make itself last
    assert [is_signed_in(each) for each in (browser, copy, tablet)] == [False, False, True]
    enter(copy, "ratna", PASSWORD)
    assert is_signed_in(copy)
    with browser.app.app_context():
        assert len(reading().scalars(select(AuditEvent).where(AuditEvent.verb == "sign_out")).all()) == 1


@on_sqlite
def test_a_session_from_before_sessions_had_ids_is_signed_out_of_as_well(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)
    assert is_signed_in(browser)
    cookie = browser.client.get_cookie("pendamping")
    assert cookie is not None

    browser.send("/keluar", {"csrf_token": browser.open(CHANGE_PASSWORD).fields()["csrf_token"]})
    browser.client.set_cookie("pendamping", cookie.value)

    assert not is_signed_in(browser)


@on_sqlite
def test_what_is_kept_of_ended_sessions_goes_once_no_cookie_lives(session: Session, make: Make) -> None:
    user, first, second = make.user(), uuid.uuid4(), uuid.uuid4()

    for each, days in ((first, 0), (first, 1), (second, 32)):
        service.sign_out(session, user, session_id=each, actor=ACTOR, now=NOW + dt.timedelta(days=days))

    assert ENDED_SESSIONS_KEPT > SESSION_LASTS
    assert session.scalars(select(EndedSession.id)).all() == [second]


def test_another_site_cannot_sign_a_person_out(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)

    answers = [browser.open("/keluar").status, browser.send("/keluar", {}).status]

    assert answers == [405, 400]
    assert is_signed_in(browser)


def test_the_sessions_of_a_closed_account_end(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)
    assert is_signed_in(browser)

    with browser.make() as rows:
        deactivate_user(rows.session, rows.session.get_one(User, ratna.id), actor=ACTOR, now=NOW)

    assert not is_signed_in(browser)


def test_the_sessions_from_before_a_new_password_end(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)
    with browser.make() as rows:
        set_password(rows.session, rows.session.get_one(User, ratna.id), NEW_PASSWORD, actor=ACTOR, now=NOW)

    assert not is_signed_in(browser)
    browser.sign_in((ratna.id, 2))
    assert is_signed_in(browser)


def test_a_session_that_names_nobody_is_no_session(browser: Browser, ratna: User) -> None:
    for session_id in (f"{uuid.uuid4()}:1", f"{ratna.id}", f"{ratna.id}:", f"{ratna.id}:01", "ratna:1", ":", ""):
        with browser.client.session_transaction() as session:
            session["_user_id"] = session_id

        assert not is_signed_in(browser), session_id


# One's own password ---------------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_sessions_of_other_devices_but_not_this_one(browser: Browser, ratna: User) -> None:
    tablet, laptop = another(browser, ratna), another(browser, ratna)

    page = change_password(tablet, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)

    assert (page.status, page.response.location) == (302, HOME)
    assert (is_signed_in(tablet), is_signed_in(laptop)) == (True, False)
    assert enter(another(browser), "ratna", PASSWORD).status == 401
    assert enter(another(browser), "ratna", NEW_PASSWORD).status == 302


REFUSED_CHANGES = [
    ("bukan-kata-sandinya", NEW_PASSWORD, NEW_PASSWORD, "current", "Kata sandi sekarang tidak cocok."),
    (PASSWORD, PASSWORD, PASSWORD, "new", "Kata sandi baru harus berbeda dari yang sekarang."),
    (PASSWORD, "pendek", "pendek", "new", "Isi 10 sampai 200 karakter."),
    (PASSWORD, NEW_PASSWORD, "sandi-yang-lain", "repeat", "Tidak sama dengan kata sandi baru."),
    ("", NEW_PASSWORD, NEW_PASSWORD, "current", "Isi kata sandi sekarang."),
]


def test_a_change_that_is_refused_says_so_at_the_field_and_changes_nothing(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)

    for current, new, repeat, field, message in REFUSED_CHANGES:
        page = change_password(browser, current, new, repeat)

        assert page.status == 400
        assert page.texts("[role=alert] a") == page.texts(f"[role=alert] a[href='#{field}']") == [message]
        assert [page.fields()[each] for each in ("current", "new", "repeat")] == ["", "", ""]
    assert is_signed_in(browser)
    assert enter(another(browser), "ratna", PASSWORD).status == 302


# A password that somebody else has made -------------------------------------------------------------------------------


def pages_of(app: Flask, role: Role) -> list[str]:
    """The address of every page a role may open, apart from those that are open to all or needed to leave."""

    def is_one(rule: Rule) -> bool:
        access = access_of(app, rule.endpoint)
        is_closed = not access.is_public and not access.before_password_change
        is_page = not rule.rule.startswith("/api/")
        return "GET" in (rule.methods or ()) and is_page and is_closed and role in access.roles

    addresses = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if is_one(rule)]
    return [addresses.build(rule.endpoint, _anything_for(rule)) for rule in rules]


def _anything_for(rule: Rule) -> dict[str, object]:
    """A value that fits each part of an address."""
    return {name: _anything_by(converter) for name, converter in rule._converters.items()}


def _anything_by(converter: BaseConverter) -> object:
    match converter:
        case IntegerConverter():
            return 7
        case AnyConverter():
            return min(converter.items)
        case _other:
            return uuid.uuid4()


def test_every_page_leads_to_the_change_of_a_password_that_somebody_else_made(browser: Browser) -> None:
    for role in Role:
        device = another(browser, person(browser, role, must_change_password=True))
        addresses = pages_of(browser.app, role)

        led_to = {address: device.open(address).response.location for address in addresses}

        assert HOME in addresses
        assert led_to == dict.fromkeys(addresses, CHANGE_PASSWORD)


def test_the_forced_change_shows_nothing_but_itself_and_ends_when_it_is_done(browser: Browser) -> None:
    person(browser, username="ratna", must_change_password=True)
    enter(browser, "ratna", PASSWORD, following="/koperasi")
    page = browser.open(CHANGE_PASSWORD)
    assert page.has("Kata sandi Anda dibuatkan orang lain.")
    assert page.texts("nav a") == []

    change_password(browser, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)

    assert browser.open(HOME).status == 200
    assert not browser.open(CHANGE_PASSWORD).has("Kata sandi Anda dibuatkan orang lain.")


def test_who_must_change_the_password_may_leave_instead(browser: Browser) -> None:
    browser.sign_in(person(browser, must_change_password=True))
    fields = browser.open(CHANGE_PASSWORD).fields("form[action='/keluar']")

    browser.send("/keluar", fields)

    assert not is_signed_in(browser)


# Languages ------------------------------------------------------------------------------------------------------------


def switch_language(browser: Browser, language: str, *, at: str = SIGN_IN, following: str | None = None) -> Page:
    fields = {**browser.open(at).fields("form[action='/bahasa']"), "language": language}
    if following is not None:
        fields["next"] = following
    return browser.send("/bahasa", fields, follow=False)


def spoken(browser: Browser, address: str) -> str:
    page = browser.open(address)
    assert page.status == 200
    return str(page.soup.select("html")[0]["lang"])


def test_nobody_in_particular_chooses_the_language_of_this_browser(browser: Browser) -> None:
    assert spoken(browser, SIGN_IN) == "id"

    page = switch_language(browser, "en", at="/masuk?next=/koperasi")

    assert page.response.location == "/masuk?next=/koperasi"
    assert spoken(browser, SIGN_IN) == "en"
    assert spoken(another(browser), SIGN_IN) == "id"


def test_a_signed_in_persons_language_follows_them_to_every_device(browser: Browser, ratna: User) -> None:
    tablet, laptop = another(browser, ratna), another(browser, ratna)

    page = switch_language(tablet, "en", at="/koperasi?q=graha")

    assert page.response.location == "/koperasi?q=graha"
    assert [spoken(each, CHANGE_PASSWORD) for each in (tablet, laptop)] == ["en", "en"]
    with browser.app.app_context():
        event = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "choose_language")).one()
    assert (event.actor_id, event.before, event.after) == (ratna.id, {"language": "id"}, {"language": "en"})


def test_a_language_that_is_not_spoken_here_is_refused(browser: Browser, ratna: User) -> None:
    browser.sign_in(ratna)

    for language in ("", "fr", "EN", "en-GB"):
        assert switch_language(browser, language, at=CHANGE_PASSWORD).status == 400
    assert spoken(browser, CHANGE_PASSWORD) == "id"


def test_guessing_the_current_password_is_counted_like_guessing_at_the_door(browser: Browser) -> None:
    with browser.make() as rows:
        user = rows.user()
    browser.sign_in(user)
    fields = {"new": "sandi-yang-baru-1", "repeat": "sandi-yang-baru-1"}

    for guess in range(5):
        token = browser.open("/kata-sandi").fields()["csrf_token"]
        browser.send("/kata-sandi", {**fields, "csrf_token": token, "current": f"tebakan-{guess}"})
    token = browser.open("/kata-sandi").fields()["csrf_token"]
    page = browser.send("/kata-sandi", {**fields, "csrf_token": token, "current": PASSWORD})

    assert page.has("Terlalu banyak percobaan")
