"""Digests on their way: once, in time, and with what came back written down."""

import base64
import datetime as dt
import json
import re
import uuid

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.reminders import posting
from pendamping.reminders.channels.answers import Refused
from pendamping.reminders.channels.gateway import faults_of, send_message
from pendamping.reminders.channels.mail import Mail, message_of
from pendamping.reminders.channels.push import SERVICES, is_push_service
from pendamping.reminders.models import ChannelKind, Contact, Delivery, PushSubscription
from pendamping.reminders.sending import send_what_waits
from pendamping.reminders.service import remind
from pendamping.settings import Smtp
from pendamping.visits.schedule.models import PlannedVisit
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, Make
from tests.pages import Browser
from tests.reminders.postbox import Postbox, push_service

MINUTE = dt.timedelta(minutes=1)


def reminded(make: Make, *channels: ChannelKind, **contact: object) -> User:
    """A facilitator with a visit tomorrow, told of it in the app, and reached by these ways."""
    user = make.facilitator(name="Ratna Dewi")
    make.planned_visit(user, planned_on=dt.date(2026, 4, 15), agenda="Periksa buku kas")
    email = "ratna@contoh.id" if ChannelKind.EMAIL in channels else None
    confirmed = NOW if email else None
    values = {"channels": [each.value for each in channels], "email": email, "email_confirmed_at": confirmed, **contact}
    make.session.add(Contact(person_id=user.id, **values))
    make.session.flush()
    remind(make.session, TODAY, now=NOW)
    return user


def send(app: Flask, at: dt.datetime = NOW) -> None:
    with app.app_context():
        send_what_waits(at)


def deliveries(app: Flask) -> list[tuple[str, str, str, bool]]:
    with app.app_context():
        rows = reading().scalars(select(Delivery).order_by(Delivery.next_try_at, Delivery.channel)).all()
        return [(row.channel.value, row.state.value, row.answer, row.is_repeat) for row in rows]


def test_a_day_is_one_mail_that_reads_well_and_leads_to_the_thing(app: Flask, browser: Browser, post: Postbox) -> None:
    with browser.make() as make:
        reminded(make, ChannelKind.EMAIL)

    for minute in range(3):
        send(app, NOW + minute * MINUTE)

    (mail,) = post.mails
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert mail["Subject"] == "1 pengingat, 14 April 2026"
    assert mail["To"] == "ratna@contoh.id"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Kunjungan pada Rabu, 15 April 2026" in text
    assert "KKMP Graha Indah · 1 hari lagi" in text
    assert re.search(r"http://localhost/jadwal/[0-9a-f-]{36}", text)
    assert '<meta name="viewport"' in html
    assert deliveries(app) == [("email", "sent", "250 diterima sebagai 1", False)]


def test_what_is_done_before_it_goes_out_does_not_go_out(app: Flask, browser: Browser, post: Postbox) -> None:
    with browser.make() as make:
        user = reminded(make, ChannelKind.EMAIL)
        posting.plan_digests(make.session, today=TODAY, now=NOW, ways={ChannelKind.EMAIL}, most=10)
        make.visit_with(user, planned_visit_id=_plan_of(make, user))

    send(app)

    assert post.mails == []
    assert deliveries(app) == [("email", "needless", "", False)]


def _plan_of(make: Make, user: User) -> uuid.UUID:
    return make.session.scalars(select(PlannedVisit.id).where(PlannedVisit.facilitator_id == user.id)).one()


@pytest.mark.parametrize(
    ("at", "contact"),
    [
        ("2026-04-14T20:00:00+08:00", {}),
        ("2026-04-15T06:59:00+08:00", {}),
        ("2026-04-18T09:00:00+08:00", {}),  # a Saturday
        ("2026-04-14T09:30:00+08:00", {"paused_from": TODAY, "paused_until": TODAY}),
    ],
)
def test_nobody_is_disturbed_at_night_on_days_off_and_on_leave(
    app: Flask, browser: Browser, post: Postbox, at: str, contact: dict[str, dt.date]
) -> None:
    with browser.make() as make:
        reminded(make, ChannelKind.EMAIL, **contact)

    send(app, dt.datetime.fromisoformat(at))

    assert post.mails == []


def test_a_server_that_is_busy_is_tried_again_and_one_that_refuses_gives_way_to_the_next(
    app: Flask, browser: Browser, post: Postbox
) -> None:
    with browser.make() as make, push_service() as (_service, endpoint):
        user = reminded(make, ChannelKind.EMAIL, ChannelKind.PUSH)
        make.session.add(subscription(user, endpoint, browser_key()))

    post.answer = "451 coba lagi nanti"
    send(app)
    send(app, NOW + MINUTE / 2)
    busy = deliveries(app)
    post.answer = "550 tidak dikenal"
    send(app, NOW + 2 * MINUTE)

    assert busy == [("email", "waiting", "451 coba lagi nanti", False)]
    assert ("email", "failed", "550 tidak dikenal", False) in deliveries(app)
    assert ("push", "waiting", "", False) in deliveries(app)


def test_a_push_is_signed_and_only_the_browser_can_read_it(app: Flask, browser: Browser) -> None:
    key = browser_key()
    with push_service() as (service, endpoint):
        with browser.make() as make:
            user = reminded(make, ChannelKind.PUSH)
            make.session.add(subscription(user, endpoint, key))
        send(app)
        ((headers, body),) = service.received

    words = json.loads(http_ece.decrypt(body, private_key=key, auth_secret=b"0" * 16, version="aes128gcm"))
    assert deliveries(app) == [("push", "sent", "201", False)]
    assert headers["authorization"].startswith("vapid t=")
    assert words["body"].startswith("• Kunjungan pada Rabu, 15 April 2026 (KKMP Graha Indah · 1 hari lagi)")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/jadwal/[0-9a-f-]{36}", words["url"])


def test_a_browser_that_is_gone_is_forgotten(app: Flask, browser: Browser) -> None:
    with push_service() as (service, endpoint):
        service.status = 410
        with browser.make() as make:
            user = reminded(make, ChannelKind.PUSH)
            make.session.add(subscription(user, endpoint, browser_key()))
        send(app)

    with app.app_context():
        assert reading().scalars(select(PushSubscription)).all() == []
    assert deliveries(app) == [("push", "failed", "410", False)]


def test_a_push_service_that_sends_us_on_is_not_followed(app: Flask, browser: Browser) -> None:
    with push_service() as (service, endpoint):
        with push_service() as (elsewhere, address), browser.make() as make:
            service.status, service.sends_on_to = 307, address
            user = reminded(make, ChannelKind.PUSH)
            make.session.add(subscription(user, endpoint, browser_key()))
        send(app)

    assert (len(service.received), elsewhere.received) == (1, [])


def test_an_address_that_is_no_push_service_is_forgotten_and_never_asked(app: Flask, browser: Browser) -> None:
    with push_service() as (elsewhere, _address):
        with browser.make() as make:
            user = reminded(make, ChannelKind.PUSH)
            make.session.add(subscription(user, _address + "?", browser_key()))
        send(app)

    with app.app_context():
        assert reading().scalars(select(PushSubscription)).all() == []
    assert elsewhere.received == []


SUBSCRIBE, UNSUBSCRIBE = "/pemberitahuan/perangkat", "/pemberitahuan/perangkat/lepas"
SERVICE = f"https://{SERVICES[0]}/fcm/send/1"


def test_a_browser_turns_push_on_and_off_and_nothing_that_it_could_say_is_an_error(browser: Browser) -> None:
    with browser.make() as make:
        user = make.user()
    browser.sign_in(user)
    token = browser.open("/pemberitahuan/pengaturan").fields(CHOICE)["csrf_token"]
    headers = {"X-CSRFToken": token, "Content-Type": "application/json"}

    def said(address: str, body: str) -> int:
        return browser.client.post(address, data=body, headers=headers).status_code

    def about(endpoint: object) -> str:
        return json.dumps(
            {"endpoint": endpoint, "expirationTime": None, "keys": {"p256dh": "A" * 87, "auth": "A" * 22}}
        )

    odd = [about(each) for each in (f"{SERVICE}\0", f"{SERVICE}\ud800", f"{SERVICE}{'1' * 600}", "", None, 7)]
    odd += ["[" * 200_000, '{"endpoint":' * 5_000, "9" * 5_000, "", "{}", "\0", json.dumps({"endpoint": SERVICE})]
    assert {said(SUBSCRIBE, each) for each in odd} == {400}
    assert said(SUBSCRIBE, about(SERVICE)) == 201
    assert {said(UNSUBSCRIBE, each) for each in odd[:-1]} == {200}
    assert browsers_stored(browser) == [SERVICE]
    assert said(UNSUBSCRIBE, json.dumps({"endpoint": SERVICE})) == 200
    assert browsers_stored(browser) == []


def browsers_stored(browser: Browser) -> list[str]:
    with browser.app.app_context():
        return list(reading().scalars(select(PushSubscription.endpoint)))


def browser_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def subscription(user: User, endpoint: str, key: ec.EllipticCurvePrivateKey) -> PushSubscription:
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return PushSubscription(
        id=uuid.uuid4(),
        person_id=user.id,
        endpoint=endpoint,
        p256dh=_base64(point),
        auth=_base64(b"0" * 16),
        made_at=NOW,
    )


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("address", ["ratna@contoh.id\r\nBcc: semua@contoh.id", "ratna@contoh.id\n"])
def test_an_address_with_line_breaks_becomes_no_second_header(address: str) -> None:
    mail = Mail("1", address, "Pengingat", "isi", "<p>isi</p>", "http://localhost/x", is_repeat=False)

    with pytest.raises(Refused) as caught:
        message_of(mail, sender="pengingat@contoh.id", at=NOW)
    assert "contoh" not in caught.value.answer


@pytest.mark.parametrize(
    ("scheme", "place", "is_one"),
    [
        ("https", "fcm.googleapis.com/fcm/send/1", True),
        ("https", "web.push.apple.com/1", True),
        ("https", "fcm.googleapis.com:8443/fcm/send/1", False),
        ("http", "fcm.googleapis.com/fcm/send/1", False),
        ("https", "127.0.0.1/kirim", False),
        ("https", "evil.example/.push.apple.com", False),
        ("https", "nama@fcm.googleapis.com/fcm/send/1", False),
        ("https", r"evil.example\.push.apple.com/1", False),
        ("https", r"evil.example\@web.push.apple.com/1", False),
        ("https", "evil.example#.push.apple.com/1", False),
        ("https", "evil.example?.push.apple.com/1", False),
        ("https", "evil.example\t.push.apple.com/1", False),
        ("https", "evil.example\uff0f.push.apple.com/1", False),
        ("https", "web.push.apple.com/\\1", False),
        ("https", "web.push.apple.com/\ud800", False),
        ("https", "web.push.apple.com/1\n", False),
        ("https", ".push.apple.com/1", False),
    ],
)
def test_the_server_pushes_to_push_services_only(scheme: str, place: str, is_one: bool) -> None:
    assert is_push_service(f"{scheme}://{place}") is is_one


def test_a_gateway_with_a_slip_is_named_by_its_place_and_never_by_its_address() -> None:
    urls = ("json://127.0.0.1:9/rahasia", "whatsap://rahasia@nomor/{to}")

    with pytest.raises(Refused) as caught:
        send_message(urls[1:], to="6281", title="x", text="y")

    assert faults_of(urls) == [2]
    assert "rahasia" not in caught.value.answer


def test_a_mail_is_left_by_one_click_without_signing_in(app: Flask, browser: Browser, post: Postbox) -> None:
    with browser.make() as make:
        user = reminded(make, ChannelKind.EMAIL)
    send(app)
    address = str(post.mails[0]["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
    stranger = app.test_client()

    asked = stranger.get(address)
    done = stranger.post(address, data={"List-Unsubscribe": "One-Click"})
    made_up = stranger.post(address[:-3] + "xyz")

    assert (asked.status_code, done.status_code, made_up.status_code) == (200, 200, 404)
    with app.app_context():
        assert reading().get_one(Contact, user.id).channels == []


CHOICE = "form[novalidate]"
CHOICES = [
    ({"first": "email", "email": "ratna@contoh.id"}, None),
    ({"first": "email"}, "Isi alamat surel untuk dikirimi surel."),
    ({"email": "ratna@contoh.id\nBcc: x@contoh.id"}, "Tulis satu alamat surel, seperti nama@kantor.go.id."),
    ({"phone": "nol delapan"}, "Tulis nomor seperti 0812 3456 7890."),
    ({"second": "push"}, "Pilih cara pertama dahulu."),
    ({"first": "push", "second": "push"}, "Pilih cara lain sebagai cadangan."),
    ({"first": "merpati"}, "Pilih salah satu dari yang ditawarkan."),
    ({"paused_from": "2026-05-01"}, "Isi kedua tanggal jeda, atau kosongkan keduanya."),
    ({"paused_from": "2026-05-02", "paused_until": "2026-05-01"}, "Jeda berakhir sebelum mulai."),
]


def test_a_person_chooses_how_to_be_reached(browser: Browser, post: Postbox) -> None:
    with browser.make() as make:
        user = make.facilitator(GRAHA_INDAH)
    browser.sign_in(user)
    fields = browser.open("/pemberitahuan/pengaturan").fields(CHOICE)

    for changed, fault in CHOICES:
        page = browser.send("/pemberitahuan/pengaturan", {**fields, **changed}, follow=True)
        assert page.texts(".field__error") == ([fault] if fault else []), changed

    kept = browser.open("/pemberitahuan/pengaturan").fields(CHOICE)
    assert (kept["first"], kept["email"]) == ("email", "ratna@contoh.id")


def test_the_password_of_the_mail_server_is_never_shown() -> None:
    assert "geheim" not in repr(Smtp("host", 25, "a@contoh.id", password="geheim"))
