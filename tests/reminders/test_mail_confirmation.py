"""An address of mail gets nothing before its owner has confirmed it."""

import datetime as dt
import re

import pytest
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.logs import without_keys
from pendamping.kernel.roles import Role
from pendamping.reminders import mail_confirmation
from pendamping.reminders.models import ChannelKind, Contact, MailConfirmation
from pendamping.reminders.personal import Choice, choose
from pendamping.reminders.sending import send_what_waits
from tests import only
from tests.conftest import ACTOR, NOW
from tests.make import Make
from tests.pages import Browser, Page
from tests.reminders.postbox import Postbox
from tests.reminders.test_sending import reminded

MINUTE = dt.timedelta(minutes=1)
EVENING = NOW.replace(hour=14)  # 22.00 WITA


def send(app: Flask, at: dt.datetime) -> None:
    with app.app_context():
        send_what_waits(at)


def link_in(box: Postbox, number: int = -1) -> str:
    body = box.mails[number].get_body(("plain",))
    assert body is not None
    found = re.search(r"http://localhost(/pemberitahuan/pastikan/\S+)", body.get_content())
    assert found is not None
    return found[1]


def test_an_address_is_asked_and_gets_digests_only_after_its_owner_said_yes(
    app: Flask, browser: Browser, post: Postbox
) -> None:
    with browser.make() as make:
        user = reminded(make, ChannelKind.EMAIL)
        make.session.get_one(Contact, user.id).email_confirmed_at = None
        admin = make.user(Role.ADMIN)
    browser.sign_in(user)
    address = "/pemberitahuan/pengaturan"
    fields = browser.open(address).fields("form[novalidate]")

    send(app, NOW)  # an address of before is not asked by itself, and gets nothing
    asked = browser.send(address, {**fields, "email": "dewi@contoh.id"}, follow=True)
    send(app, EVENING)
    stranger = app.test_client()
    looked = [stranger.get(link_in(post)) for _ in range(2)]
    still = browser.open("/pemberitahuan")
    done, again = (stranger.post(link_in(post)) for _ in range(2))
    made_up = stranger.get(link_in(post)[:-3] + "xyz")
    send(app, NOW + MINUTE)

    assert all(page.has("dewi@contoh.id belum dipastikan") for page in (asked, still))
    assert [mail["To"] for mail in post.mails] == ["dewi@contoh.id"] * 2
    assert [mail["Subject"] for mail in post.mails] == ["Pastikan alamat surel Anda", "1 pengingat, 14 April 2026"]
    assert post.mails[0]["List-Unsubscribe"] is None
    assert [answer.status_code for answer in (*looked, done, again, made_up)] == [200, 200, 200, 410, 404]
    assert Page(done).has("Alamat surel dipastikan")
    assert not browser.open("/pemberitahuan").has("belum dipastikan")
    with app.app_context():
        verbs = set(reading().scalars(select(AuditEvent.verb)))
    assert verbs >= {"choose_reminders", "confirm_mail_address"}
    browser.sign_in(admin)
    assert browser.open(f"/pengguna/{user.id}").has("Surel dipastikan")


def test_whoever_waits_in_vain_asks_again_but_not_all_the_time(app: Flask, browser: Browser, post: Postbox) -> None:
    with browser.make() as make:
        user = reminded(make, ChannelKind.EMAIL)
        make.session.get_one(Contact, user.id).email_confirmed_at = None
    browser.sign_in(user)
    fields = browser.open("/pemberitahuan/pengaturan").fields("form[action$='kirim-lagi']")

    said = [browser.send("/pemberitahuan/surel/kirim-lagi", fields, follow=True) for _ in range(2)]
    post.answer = "550 tidak dikenal"
    send(app, NOW)

    assert said[0].has("Surel dengan tautannya dikirim dalam semenit.")
    assert said[1].has("Baru saja dikirim. Tunggu beberapa menit")
    assert browser.open("/pemberitahuan/pengaturan").has("Jawaban server surel: 550 tidak dikenal")


def wanting(make: Make, email: str, at: dt.datetime = NOW, user: User | None = None) -> User:
    user = user or make.user()
    choose(make.session, user.id, Choice((ChannelKind.EMAIL,), email), actor=ACTOR, now=at)
    return user


def newest(make: Make, user: User) -> MailConfirmation:
    query = select(MailConfirmation).where(MailConfirmation.person_id == user.id)
    return make.session.scalars(query.order_by(MailConfirmation.asked_at.desc())).all()[0]


@only.on_sqlite
def test_a_link_opens_once_in_time_for_the_address_that_is_still_wanted(make: Make) -> None:
    late = NOW + mail_confirmation.GOOD_FOR
    user = wanting(make, "a@contoh.id")
    first = newest(make, user).id
    mail_confirmation.ask_again(make.session, user.id, actor=ACTOR, now=NOW + 6 * MINUTE)
    second = newest(make, user).id

    for id_, at in ((first, NOW), (second, late + 6 * MINUTE)):
        with pytest.raises(mail_confirmation.LinkIsOver):
            mail_confirmation.confirm(make.session, id_, actor=ACTOR, now=at)
    mail_confirmation.confirm(make.session, second, actor=ACTOR, now=late)
    with pytest.raises(mail_confirmation.LinkIsOver):
        mail_confirmation.confirm(make.session, second, actor=ACTOR, now=late)
    wanting(make, "b@contoh.id", late, user)
    state = mail_confirmation.mail_state(make.session, user.id)
    assert state is not None
    assert (state.email, state.confirmed_at, state.is_on_its_way) == ("b@contoh.id", None, True)
    third = newest(make, user).id
    wanting(make, "a@contoh.id", late + MINUTE, user)
    assert [mail_confirmation.claim_asking(make.session, id_, now=late + MINUTE) for id_ in (second, third)] == [
        None,
        None,
    ]
    with pytest.raises(mail_confirmation.LinkIsOver):
        mail_confirmation.confirm(make.session, third, actor=ACTOR, now=late + MINUTE)


@only.on_sqlite
def test_nobodys_postbox_is_filled_by_changing_the_address_again_and_again(make: Make) -> None:
    user = make.user()
    for number in range(8):
        wanting(make, f"a{number}@contoh.id", NOW + number * MINUTE, user)

    due = mail_confirmation.due_askings(make.session, now=NOW + dt.timedelta(hours=1), most=100)
    asked = make.session.scalars(select(MailConfirmation).where(MailConfirmation.person_id == user.id)).all()
    assert (len(asked), len(due)) == (mail_confirmation.MOST_A_DAY, 0)
    with pytest.raises(mail_confirmation.AskedEnoughToday):
        mail_confirmation.ask_again(make.session, user.id, actor=ACTOR, now=NOW + dt.timedelta(hours=1))
    mail_confirmation.ask_again(make.session, user.id, actor=ACTOR, now=NOW + dt.timedelta(days=1, hours=1))


@only.on_sqlite
def test_a_server_that_does_not_answer_is_tried_four_times(make: Make) -> None:
    user = wanting(make, "a@contoh.id")
    at, tried = NOW, 0
    while due := mail_confirmation.due_askings(make.session, now=at, most=5):
        assert mail_confirmation.claim_asking(make.session, due[0], now=at) is not None
        assert mail_confirmation.claim_asking(make.session, due[0], now=at) is None
        mail_confirmation.end_asking(make.session, due[0], answer="tidak terjangkau", is_over=False, now=at)
        at, tried = at + dt.timedelta(hours=2), tried + 1

    assert tried == len(mail_confirmation.BACK_OFF) + 1
    assert newest(make, user).ended_at is not None


def test_no_log_holds_an_address_that_is_a_key() -> None:
    said = (
        'GET /pemberitahuan/pastikan/IjQ.x-y "https://a/pemberitahuan/berhenti/IjQ.z" /kalender/a_b-c.ics '
        "/kalender/kewajiban"
    )

    assert without_keys(said) == (
        'GET /pemberitahuan/pastikan/... "https://a/pemberitahuan/berhenti/..." /kalender/... /kalender/kewajiban'
    )
