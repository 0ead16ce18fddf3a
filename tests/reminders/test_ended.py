"""What goes on without a sign-in ends with the access: the calendar's address, digests, browsers that are told."""

import datetime as dt
import json
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.links.service import revoke_link
from pendamping.accounts.models import User
from pendamping.cooperatives.models import Officer
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.roles import Role
from pendamping.reminders import posting
from pendamping.reminders.models import ChannelKind, Contact, Delivery, Notification, PushSubscription
from pendamping.reminders.personal import make_feed, owner_of_feed, subscribe
from pendamping.reminders.service import due_reminders, remind
from tests.conftest import ACTOR, NOW, TODAY
from tests.make import PASSWORD, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.reminders.test_feed import address_of

MAIL = frozenset({ChannelKind.EMAIL})
SETTINGS = "/pemberitahuan/pengaturan"
KEYS = {"p256dh": "A" * 87, "auth": "A" * 22}


def endpoint(name: str) -> str:
    return "://".join(("https", f"fcm.googleapis.com/{name}"))


def reminded_officer(make: Make) -> PersonalLink:
    """Somebody who has come in by a link, gets mail, and is owed a reminder today."""
    ratna = make.facilitator()
    make.visit(ratna, actions=(make.action_draft(due_on=dt.date(2026, 4, 15)),))
    link = make.personal_link()
    mail = {"channels": [ChannelKind.EMAIL.value], "email": "siti@contoh.id", "email_confirmed_at": NOW}
    make.session.add(Contact(person_id=link.user_id, **mail))
    make.session.flush()
    return link


def end(make: Make, link: PersonalLink, how: str) -> None:
    if how == "revoked":
        revoke_link(make.session, link, revoked_by_id=make.user().id, actor=ACTOR, now=NOW)
    if how == "out of office":
        officer = make.session.scalars(select(Officer).join(User, User.officer_id == Officer.id)).one()
        officer.term_ends_on = TODAY - dt.timedelta(days=1)
    if how == "expired":
        link.made_at, link.expires_at = NOW - dt.timedelta(days=30), NOW - dt.timedelta(days=1)
    make.session.flush()


@on_sqlite
@pytest.mark.parametrize("how", ["revoked", "out of office", "expired"])
def test_an_officer_whose_link_has_ended_has_no_calendar_and_hears_nothing(make: Make, how: str) -> None:
    link, session = reminded_officer(make), make.session
    secret = make_feed(session, link.user_id, actor=ACTOR, now=NOW)
    remind(session, TODAY, now=NOW)
    posting.plan_digests(session, today=TODAY, now=NOW, ways=MAIL, most=9)
    begun = session.scalars(select(Delivery)).one()
    heard = {each.person_id for each in due_reminders(session, TODAY)}
    read = owner_of_feed(session, secret, today=TODAY, now=NOW)

    end(make, link, how)

    assert (read is not None and read.id, link.user_id in heard) == (link.user_id, True)
    assert owner_of_feed(session, secret, today=TODAY, now=NOW) is None
    assert link.user_id not in {each.person_id for each in due_reminders(session, TODAY)}
    assert posting.claim(session, begun.id, today=TODAY, now=NOW) is None
    session.execute(update(Notification).values(delivery_id=None))
    session.delete(begun)
    assert posting.plan_digests(session, today=TODAY, now=NOW, ways=MAIL, most=9) == 0


def turned_on(browser: Browser, name: str = "satu") -> int:
    body = {"endpoint": endpoint(name), "keys": KEYS}
    token = browser.open(SETTINGS).fields()["csrf_token"]
    answer = browser.client.post(
        "/pemberitahuan/perangkat",
        data=json.dumps(body),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    return int(answer.status_code)


def is_told_here(page: Page) -> bool:
    return page.soup.select_one("[data-push]") is not None and page.soup.select_one("[data-is-told]") is not None


def subscriptions(app: Flask) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(PushSubscription)) or 0


@on_sqlite
@pytest.mark.parametrize("who", ["the person", "the admin"])
def test_a_new_password_ends_the_calendars_address_and_what_browsers_are_told(
    app: Flask, browser: Browser, who: str
) -> None:
    with browser.make() as make:
        ratna, admin = make.facilitator(), make.user(Role.ADMIN)
        make.session.add(
            PushSubscription(
                id=uuid.uuid4(), person_id=admin.id, endpoint=endpoint("tiga"), p256dh="", auth="", made_at=NOW
            )
        )
    browser.sign_in(ratna)
    address, _ = address_of(browser), turned_on(browser)
    before = app.test_client().get(address).status_code, subscriptions(app), is_told_here(browser.open(SETTINGS))

    if who == "the person":
        new = {"current": PASSWORD, "new": "sandi-yang-baru", "repeat": "sandi-yang-baru"}
        page = browser.send("/kata-sandi", {**browser.open("/kata-sandi").fields(), **new})
        assert page.has("Alamat kalender dan notifikasi perangkat berakhir")
        assert not is_told_here(browser.open(SETTINGS))
    else:
        browser.sign_in(admin)
        page = browser.open(f"/pengguna/{ratna.id}")
        browser.send(f"/pengguna/{ratna.id}/kata-sandi", page.fields("form[action$='/kata-sandi']"))

    assert before == (200, 2, True)
    assert (app.test_client().get(address).status_code, subscriptions(app)) == (404, 1)
    with app.app_context():
        verbs = set(reading().scalars(select(AuditEvent.verb)))
    assert {"revoke_calendar_feed", "unsubscribe_from_push", "set_password"} <= verbs


@on_sqlite
def test_signing_out_ends_what_this_browser_is_told_and_leaves_the_others(app: Flask, browser: Browser) -> None:
    with browser.make() as make:
        ratna = make.facilitator()
        subscribe(make.session, ratna.id, endpoint=endpoint("dua"), **KEYS, actor=ACTOR, now=NOW)
    browser.sign_in(ratna)
    address, status = address_of(browser), turned_on(browser)
    before = subscriptions(app)

    browser.send("/keluar", {"csrf_token": browser.open(SETTINGS).fields()["csrf_token"]})

    assert (status, before, subscriptions(app)) == (201, 2, 1)
    assert app.test_client().get(address).status_code == 200
    browser.sign_in(ratna)
    assert not is_told_here(browser.open(SETTINGS))
