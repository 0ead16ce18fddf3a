"""Who comes in by a personal link, who does not, and what is left behind: nothing that anybody could come in with."""

import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.links import service
from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.links.page import whatsapp_number
from pendamping.accounts.links.tokens import digest_of, written
from pendamping.accounts.models import User
from pendamping.accounts.service import BadAccount, check_password, set_password
from pendamping.cooperatives.models import Officer
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.logs import without_keys
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.keys import MADE
from tests.make import GRAHA_INDAH, KARIANGAU, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page

ACCESS = f"/koperasi/{GRAHA_INDAH}/akses"
TOKEN = "kunci2kunci3kunci4kunci5kunci6ku"
Logged = Callable[[], list[dict[str, Any]]]


def enter(client: FlaskClient, token: str) -> Page:
    fields = Page(client.get(f"/tautan/{token}")).fields()
    return Page(client.post("/tautan", data=fields))


def status_of_entry(client: FlaskClient, token: str) -> int:
    fields = Page(client.get(f"/tautan/{token}")).fields()
    return client.post("/tautan", data=fields).status_code


def test_an_officer_comes_in_by_the_link_that_the_facilitator_hands_over(
    browser: Browser, client: FlaskClient, logged: Logged
) -> None:
    with browser.make() as make:
        make.officer(name="Pak Ketua", role=OwnerRole.CHAIR)
        browser.sign_in(make.facilitator())
        treasurer = make.officer()
    made = browser.send(f"{ACCESS}/{treasurer.id}", browser.open(ACCESS).fields())
    url = str(made.soup.select("#alamat")[0]["value"])
    token = url.rpartition("/")[2]

    assert made.soup.select_one("svg.qr path")
    assert made.has("Siti Aminah")
    assert not made.has("Pak Ketua")
    assert "https://wa.me/6281234567890?text=Halaman%20KKMP%20Graha%20Indah" in made.response.text
    assert (made.response.headers["Cache-Control"], len(token)) == ("no-store", 32)
    door = client.get(f"/tautan/{token}")
    assert Page(door).heading == "Halaman koperasi Anda"
    assert not [name for name in ("Siti", "Graha Indah", "bendahara") if name in door.text]
    for answer in (door, client.get("/tautan/apa-saja"), client.post("/tautan")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"

    entered = client.post("/tautan", data=Page(door).fields())

    assert (entered.status_code, entered.headers["Location"]) == (303, "/")
    assert Page(client.get("/")).heading == "Rencana perbaikan"
    assert "Siti Aminah" in client.get("/").text
    assert client.get("/kata-sandi").status_code == 404
    assert "Dipakai 1 kali, terakhir 14 April 2026 pukul 09.30" in browser.open(ACCESS).text("main")
    assert token in MADE
    assert token not in json.dumps(logged())
    assert "/tautan/..." in [line["path"] for line in logged()]
    with browser.make() as make:
        link = make.session.scalars(select(PersonalLink)).one()
        assert link.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
        rows = [repr((row.verb, row.after)) for row in make.session.scalars(select(AuditEvent))]
        assert not [row for row in rows if token in row]
        used = make.session.scalars(select(AuditEvent).where(AuditEvent.verb == "use_personal_link")).one()
        assert (used.actor_id, used.actor_name) == (link.user_id, "Siti Aminah")


def test_what_is_forged_expired_revoked_or_of_somebody_out_of_office_looks_the_same(
    browser: Browser, client: FlaskClient
) -> None:
    tokens = {name: f"{name:a<32}" for name in ("expired", "revoked", "resigned", "closed")}
    with browser.make() as make:
        links = {name: make.personal_link(token=token) for name, token in tokens.items()}
        links["expired"].made_at = NOW - dt.timedelta(days=90)
        links["expired"].expires_at = NOW
        service.revoke_link(make.session, links["revoked"], revoked_by_id=make.user().id, actor=ACTOR, now=NOW)
        account = {name: make.session.get_one(User, link.user_id) for name, link in links.items()}
        make.session.get_one(Officer, account["resigned"].officer_id).term_ends_on = TODAY - dt.timedelta(days=1)
        account["closed"].deactivated_at = NOW

    refused = {name: enter(client, token) for name, token in {**tokens, "forged": "a" * 32, "empty": "x"}.items()}

    assert {name: page.status for name, page in refused.items()} == dict.fromkeys(refused, 401)
    assert len({re.sub("value=.*?>", "", page.response.text) for page in refused.values()}) == 1
    assert refused["forged"].has("Tautan ini tidak berlaku, atau tidak berlaku lagi.")
    assert client.get("/rencana").headers["Location"].startswith("/masuk")


def test_a_session_lives_no_longer_than_the_link_it_began_with(browser: Browser, client: FlaskClient) -> None:
    with browser.make() as make:
        officer = make.officer()
        one, other = make.personal_link(officer, token=TOKEN), make.personal_link(officer)
        browser.sign_in(make.facilitator())
    ends: dict[str, Callable[[Make], object]] = {
        "revoked": lambda make: service.revoke_link(
            make.session, make.session.get_one(PersonalLink, one.id), revoked_by_id=one.made_by_id, actor=ACTOR, now=NOW
        ),
        "out of office": lambda make: setattr(
            make.session.get_one(Officer, officer.id), "term_ends_on", TODAY - dt.timedelta(days=1)
        ),
    }
    assert status_of_entry(client, TOKEN) == 303
    assert client.get("/rencana").status_code == 200
    with client.session_transaction() as session:
        kept = dict(session)
    assert TOKEN not in str(kept)

    for end in ends.values():
        with browser.make() as make:
            end(make)
        assert client.get("/rencana").status_code == 302
        with client.session_transaction() as session:
            session.update(kept, link=str(other.id))  # a session by the officer's other link goes on
    assert client.get("/rencana").status_code == 302  # until the term ends
    for forged in ({}, {"link": "x"}, {"link": str(uuid.uuid4())}):
        with client.session_transaction() as session:
            session.pop("link", None)
            session.update(forged)
        assert client.get("/rencana").status_code == 302


def test_a_link_is_its_officers_key_until_it_ends_and_too_many_entries_are_told_to_wait(
    browser: Browser, client: FlaskClient
) -> None:
    with browser.make() as make:
        make.personal_link(token=TOKEN)
        make.personal_link(token="b" * 32)
    door = Page(client.get(f"/tautan/{TOKEN.upper()}")).fields()

    statuses = [client.post("/tautan", data={**door, **_token(client)}).status_code for _ in range(21)]

    assert statuses == [303] * 20 + [429]
    stranger = client.application.test_client()
    assert stranger.post("/tautan", data=door).status_code == 400  # what was sent elsewhere is not sent again here
    with browser.make() as make:
        for _ in range(49):
            service.note_refusal(make.session, address="127.0.0.1", now=NOW)
    assert status_of_entry(stranger, "palsu") == 401
    assert status_of_entry(stranger, "b" * 32) == 429
    with browser.make() as make:
        assert make.session.scalars(select(PersonalLink.use_count).order_by(PersonalLink.use_count)).all() == [0, 20]


def _token(client: FlaskClient) -> dict[str, str]:
    return {"csrf_token": Page(client.get("/tautan/x")).fields()["csrf_token"]}


def test_over_https_a_form_without_a_referrer_comes_in_and_a_stale_one_keeps_its_link(
    browser: Browser, client: FlaskClient
) -> None:
    with browser.make() as make:
        make.personal_link(token=TOKEN)
    here = {"base_url": "https://localhost"}

    stale = Page(client.post("/tautan", data={"token": TOKEN, "csrf_token": "lama"}, **here))
    entered = client.post("/tautan", data=stale.fields(), **here)

    assert (stale.status, stale.fields()["token"], entered.status_code) == (400, TOKEN, 303)


def test_a_link_shows_its_own_cooperative_alone(browser: Browser, client: FlaskClient) -> None:
    with browser.make() as make:
        make.officer(name="Pak Ketua", role=OwnerRole.CHAIR)
        make.personal_link(token=TOKEN)
        neighbours = make.personal_link(make.officer(KARIANGAU))
        foreign = make.attachment(make.facilitator(KARIANGAU), KARIANGAU)
        browser.sign_in(make.facilitator())
    status_of_entry(client, TOKEN)

    assert client.get(f"/lampiran/{foreign.id}").status_code == 404
    assert client.get(ACCESS).status_code == 403
    assert "Pak Ketua" not in client.get("/rencana").text
    fields = browser.open(ACCESS).fields()
    assert browser.client.post(f"{ACCESS}/{neighbours.id}/cabut", data=fields).status_code == 404


def test_the_same_form_twice_is_one_link_and_the_last_answer_holds(make: Make, session: Session) -> None:
    officer, link_id = make.officer(), uuid.uuid4()
    first = make.personal_link(officer, token="a" * 32, link_id=link_id)
    maker = session.get_one(User, first.made_by_id)
    holder = service.OfficeHolder(officer.id, officer.name, officer.cooperative_id, officer.city_code, None)

    def again(token: str) -> PersonalLink:
        return service.make_link(
            session, holder, link_id=link_id, token=token, days=90, made_by_id=maker.id, actor=ACTOR, now=NOW
        )

    second = again("b" * 32)

    assert second is first
    assert second.token_sha256 == digest_of("b" * 32)
    second.use_count, second.last_used_at = 1, NOW
    with pytest.raises(service.LinkConflict):
        again("c" * 32)


def test_a_link_ends_with_the_term_and_nobody_has_more_than_five(make: Make, session: Session) -> None:
    officer = make.officer()
    officer.term_ends_on = dt.date(2026, 4, 20)
    link = make.personal_link(officer)
    for _ in range(4):
        make.personal_link(officer)

    assert link.expires_at == dt.datetime(2026, 4, 20, 16, tzinfo=dt.UTC)  # midnight in Balikpapan
    with pytest.raises(service.TooManyLinks):
        make.personal_link(officer)
    officer.term_ends_on = dt.date(2026, 4, 13)
    with pytest.raises(service.NotInOffice):
        make.personal_link(officer)


def test_an_officers_account_has_no_password_and_gets_none(make: Make, session: Session) -> None:
    user = session.get_one(User, make.personal_link().user_id)

    assert check_password(session, username=user.username, password="nobody has this password") is None
    with pytest.raises(BadAccount):
        set_password(session, user, "sandi-yang-baru", actor=ACTOR, now=NOW)


def test_the_printed_plan_carries_the_link_when_it_is_asked_for(browser: Browser) -> None:
    with browser.make() as make:
        officer = make.officer()
        browser.sign_in(make.user(Role.ADMIN))
    fields = {**browser.open(ACCESS).fields(), "cetak": "ya"}

    paper = browser.client.post(f"{ACCESS}/{officer.id}", data=fields)

    assert (paper.status_code, paper.mimetype, paper.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert paper.headers["Content-Disposition"].endswith('rencana-perbaikan-KKMP-Graha-Indah-Siti-Aminah.pdf"')
    assert b"/Subtype/Image" in paper.data.replace(b" ", b"")


@on_sqlite
@pytest.mark.parametrize(
    ("public_url", "begins"),
    [("https://dinas", "https://dinas/tautan/"), (None, "http://evil.example/tautan/")],
)
def test_a_link_leads_to_where_the_office_says_that_it_is(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, public_url: str | None, begins: str
) -> None:
    settings = browser.app.config["SETTINGS"]
    if public_url:
        monkeypatch.setitem(browser.app.config, "SETTINGS", replace(settings, public_url=public_url))
    with browser.make() as make:
        officer = make.officer()
        browser.sign_in(make.facilitator())
    fields = browser.open(ACCESS).fields()
    cookie = browser.client.get_cookie("pendamping")
    assert cookie is not None
    browser.client.set_cookie("pendamping", cookie.value, domain="evil.example")

    made = Page(browser.client.post(f"{ACCESS}/{officer.id}", data=fields, headers={"Host": "evil.example"}))

    assert str(made.soup.select("#alamat")[0]["value"]).startswith(begins)


def test_a_link_without_a_sound_form_is_not_made(browser: Browser) -> None:
    with browser.make() as make:
        officer = make.officer()
        browser.sign_in(make.facilitator())
    fields = browser.open(ACCESS).fields()

    page = browser.send(f"{ACCESS}/{officer.id}", {**fields, "days": "100000"})

    assert page.status == 400
    assert page.has("Belum ada tautan yang berlaku.")


def test_pure_parts() -> None:
    assert re.fullmatch("[a-z2-7]{32}", written(bytes(range(20))))
    assert digest_of(" ABC ") == digest_of("abc")
    assert [whatsapp_number(each) for each in ("0812 34-5", "+62 812", "(0542) 7", "12", None)] == [
        "62812345",
        "62812",
        "625427",
        "",
        "",
    ]
    assert without_keys('GET /tautan/abc?x=1 "https://a/tautan/abc"') == 'GET /tautan/...?x=1 "https://a/tautan/..."'
    assert without_keys(12) == 12
