"""Files come in one by one, each once, and go out only to those who may see them."""

import base64
import hashlib
import threading
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.attachments.pictures import LARGE_SIDE, SMALL_SIDE, shown_copy
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from pendamping.kernel.web import CONTENT_SECURITY_POLICY
from pendamping.visits.service import PhotoOfVisit
from tests.make import GRAHA_INDAH, KARIANGAU
from tests.only import on_sqlite
from tests.pages import Browser
from tests.pictures import PDF, bomb, photo

MEGABYTE = 1024 * 1024
PHOTO = photo()
A_YEAR = "private, max-age=31536000, immutable"


@pytest.fixture
def facilitator(browser: Browser) -> User:
    """Somebody who is signed in and accompanies KKMP Graha Indah alone."""
    with browser.make() as make:
        user: User = make.facilitator()
    browser.sign_in(user)
    return user


def address(attachment_id: uuid.UUID) -> str:
    return f"/api/v1/attachments/{attachment_id}"


def put(
    browser: Browser, data: bytes, attachment_id: uuid.UUID | None = None, *, client: Any = None, **headers: str
) -> TestResponse:
    sent = {"X-CSRFToken": browser.token, **{name.replace("_", "-"): value for name, value in headers.items()}}
    response: TestResponse = (client or browser.client).put(
        address(attachment_id or uuid.uuid4()), data=data, headers=sent
    )
    return response


def digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def stored(browser: Browser) -> list[Attachment]:
    with browser.app.app_context():
        return list(reading().scalars(select(Attachment)))


def events(browser: Browser, verb: str) -> int:
    with browser.app.app_context():
        counted = select(func.count()).select_from(AuditEvent).where(AuditEvent.verb == verb)
        return reading().scalar(counted) or 0


# In -------------------------------------------------------------------------------------------------------------------


def test_a_photo_is_taken_in_and_answered_with_what_it_is(browser: Browser, facilitator: User) -> None:
    attachment_id = uuid.uuid4()

    response = put(browser, PHOTO, attachment_id, Content_Digest=digest(PHOTO))

    (attachment,) = stored(browser)
    assert response.status_code == 201
    assert response.get_json() == {
        "id": str(attachment_id),
        "sha256": hashlib.sha256(PHOTO).hexdigest(),
        "media_type": "image/jpeg",
        "byte_size": len(PHOTO),
        "width": 640,
        "height": 480,
        "received_at": "2026-04-14T01:30:00Z",
    }
    assert (attachment.id, attachment.uploader_id, attachment.cooperative_id) == (attachment_id, facilitator.id, None)


def test_the_same_photo_again_is_answered_the_same_and_stored_once(browser: Browser, facilitator: User) -> None:
    attachment_id = uuid.uuid4()
    first = put(browser, PHOTO, attachment_id)

    again = put(browser, PHOTO, attachment_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert len(stored(browser)) == 1
    assert events(browser, "receive_attachment") == 1


def test_the_same_photo_twice_at_once_is_stored_once(app: Flask, browser: Browser, facilitator: User) -> None:
    attachment_id, csrf_token = uuid.uuid4(), browser.token
    clients = [browser.client, app.test_client()]
    with browser.client.session_transaction() as ours, clients[1].session_transaction() as theirs:
        theirs.update(ours)
    ready = threading.Barrier(2)
    statuses: list[int] = []

    def send(client: Any) -> None:
        ready.wait()
        sent = client.put(address(attachment_id), data=PHOTO, headers={"X-CSRFToken": csrf_token})
        statuses.append(sent.status_code)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 201]
    assert len(stored(browser)) == 1


def test_other_bytes_or_another_person_under_a_known_id_are_a_conflict(browser: Browser, facilitator: User) -> None:
    attachment_id = uuid.uuid4()
    put(browser, PHOTO, attachment_id)

    other_bytes = put(browser, photo(colour="navy"), attachment_id)
    with browser.make() as make:
        browser.sign_in(make.facilitator(KARIANGAU))
    other_person = put(browser, PHOTO, attachment_id)

    assert [other_bytes.status_code, other_person.status_code] == [409, 409]
    assert other_bytes.get_json(force=True)["code"] == "attachment_conflict"
    (attachment,) = stored(browser)
    assert (attachment.sha256, attachment.uploader_id) == (hashlib.sha256(PHOTO).hexdigest(), facilitator.id)


@pytest.mark.parametrize("said", [digest(b"lain"), "sha-256=:", "md5=:abc:", "x" * 2000])
def test_a_photo_that_was_damaged_on_the_way_is_refused(browser: Browser, facilitator: User, said: str) -> None:
    response = put(browser, PHOTO, Content_Digest=said)

    assert (response.status_code, response.get_json(force=True)["code"]) == (400, "wrong_digest")
    assert stored(browser) == []


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 415, "not_a_picture"),
        (b"teks yang bernama .jpg", 415, "not_a_picture"),
        (PHOTO[:5000], 415, "not_a_picture"),
        (PDF[:30], 415, "not_a_document"),
        (bomb(), 413, "picture_too_large"),
        (PHOTO + bytes(15 * MEGABYTE), 413, "file_too_large"),
        (bytes(50 * MEGABYTE), 413, "body_too_large"),
    ],
    ids=["nothing", "text", "half", "half a document", "bomb", "over 15 MB", "50 MB"],
)
def test_what_cannot_be_shown_is_refused_by_its_name(
    browser: Browser, facilitator: User, data: bytes, status: int, code: str
) -> None:
    response = put(browser, data)

    problem = response.get_json(force=True)
    assert (response.status_code, problem["code"]) == (status, code)
    assert response.content_type == "application/problem+json"
    assert stored(browser) == []
    assert put(browser, PHOTO).status_code == 201, "the next one is taken all the same"


@on_sqlite
@pytest.mark.parametrize("content_type", ["image/png", "text/html", "application/json", "multipart/form-data"])
def test_what_the_sender_calls_a_photo_counts_for_nothing(
    browser: Browser, facilitator: User, content_type: str
) -> None:
    response = put(browser, PHOTO, Content_Type=content_type)

    assert response.get_json()["media_type"] == "image/jpeg"


@on_sqlite
def test_a_photo_sent_as_a_form_is_refused(browser: Browser, facilitator: User) -> None:
    response = put(browser, PHOTO, Content_Type="application/x-www-form-urlencoded")

    assert response.status_code in (400, 415)
    assert stored(browser) == []


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.ADMIN, Role.COOPERATIVE])
def test_only_facilitators_send_files(browser: Browser, role: Role) -> None:
    with browser.make() as make:
        browser.sign_in(make.cooperative_user() if role is Role.COOPERATIVE else make.user(role))

    assert put(browser, PHOTO).status_code == 403
    assert put(browser, PHOTO + bytes(10 * MEGABYTE)).status_code == 413, "they are not even listened to for long"
    assert stored(browser) == []


def test_without_a_token_or_without_an_account_nothing_is_taken_in(browser: Browser, facilitator: User) -> None:
    csrf_token = browser.token
    assert browser.client.put(address(uuid.uuid4()), data=PHOTO).status_code == 400
    assert put(browser, PHOTO, X_CSRFToken="lain").status_code == 400

    stranger = browser.client
    with stranger.session_transaction() as session:
        del session["_user_id"]
    signed_out = stranger.put(address(uuid.uuid4()), data=PHOTO, headers={"X-CSRFToken": csrf_token})

    assert (signed_out.status_code, signed_out.get_json(force=True)["code"]) == (401, "not_signed_in")
    assert stored(browser) == []


# In, after the visit that names it ------------------------------------------------------------------------------------


def test_a_photo_that_comes_after_its_visit_belongs_to_the_visits_cooperative(
    browser: Browser, facilitator: User
) -> None:
    photo_id, signature_id, loose_id = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    with browser.make() as make:
        make.visit_with(
            facilitator, photos=[PhotoOfVisit(photo_id)], signature_id=signature_id, signed_by="Siti Aminah"
        )
        head = make.user(Role.AGENCY_HEAD)

    for attachment_id in (photo_id, signature_id, loose_id):
        assert put(browser, PHOTO, attachment_id).status_code == 201

    browser.sign_in(head)
    seen = [browser.client.get(f"/lampiran/{each}").status_code for each in (photo_id, signature_id, loose_id)]
    assert seen == [200, 200, 404]


def test_a_stranger_who_uses_the_id_of_a_photo_to_come_gives_the_visit_nothing(
    browser: Browser, facilitator: User
) -> None:
    photo_id = uuid.uuid4()
    with browser.make() as make:
        visit = make.visit_with(facilitator, photos=[PhotoOfVisit(photo_id)])
        browser.sign_in(make.facilitator(KARIANGAU))
    assert put(browser, PHOTO, photo_id).status_code == 201

    browser.sign_in(facilitator)
    page = browser.open(f"/kunjungan/{visit.id}")

    assert page.has("menyusul")
    assert page.has("tanpa foto")
    assert browser.client.get(f"/lampiran/{photo_id}").status_code == 404


# Out ------------------------------------------------------------------------------------------------------------------


def test_the_copy_that_pages_show_is_small_or_large_and_kept_by_the_browser(
    browser: Browser, facilitator: User
) -> None:
    data = photo(size=(2400, 1800))
    with browser.make() as make:
        attachment = make.attachment(facilitator, data=data)
    shown = {query: browser.client.get(f"/lampiran/{attachment.id}{query}") for query in ("", "?ukuran=kecil")}
    shown |= {
        query: browser.client.get(f"/lampiran/{attachment.id}{query}") for query in ("?ukuran=besar", "?ukuran=x")
    }

    assert {response.status_code for response in shown.values()} == {200}
    assert {response.content_type for response in shown.values()} == {"image/jpeg"}
    assert {response.headers["Cache-Control"] for response in shown.values()} == {A_YEAR}
    large = shown_copy(data, LARGE_SIDE)
    assert shown["?ukuran=kecil"].data == shown_copy(data, SMALL_SIDE)
    assert [shown[query].data == large for query in ("", "?ukuran=besar", "?ukuran=x")] == [True] * 3
    assert events(browser, "read_attachment") == 0


def test_a_copy_that_was_thrown_away_is_made_anew(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        attachment = make.attachment(facilitator)
        folder = files().folder
    before = browser.client.get(f"/lampiran/{attachment.id}?ukuran=kecil").data
    for copy in folder.rglob(f"{attachment.sha256}-*"):
        copy.unlink()

    assert browser.client.get(f"/lampiran/{attachment.id}?ukuran=kecil").data == before


def test_the_original_is_as_it_was_received_and_fetching_it_is_put_on_record(
    browser: Browser, facilitator: User
) -> None:
    with browser.make() as make:
        attachment = make.attachment(facilitator, data=PHOTO)

    response = browser.client.get(f"/lampiran/{attachment.id}/asli")

    assert (response.status_code, response.data, response.content_type) == (200, PHOTO, "image/jpeg")
    assert response.headers["Content-Disposition"] == f"attachment; filename={attachment.id}.jpg"
    assert response.headers["Cache-Control"] == "private, no-store"
    with browser.app.app_context():
        event = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "read_attachment")).one()
    assert (event.actor_id, event.subject_id) == (facilitator.id, str(attachment.id))


def test_a_document_is_handed_over_and_never_opened_in_the_page(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        attachment = make.attachment(facilitator, data=PDF)

    for path in (f"/lampiran/{attachment.id}", f"/lampiran/{attachment.id}/asli"):
        response = browser.client.get(path)
        assert (response.status_code, response.data, response.content_type) == (200, PDF, "application/pdf")
        assert response.headers["Content-Disposition"] == f"attachment; filename={attachment.id}.pdf"
    assert events(browser, "read_attachment") == 2


@pytest.mark.parametrize("path", ["", "?ukuran=kecil", "/asli"])
def test_no_browser_takes_a_file_for_a_page(browser: Browser, facilitator: User, path: str) -> None:
    with browser.make() as make:
        attachment = make.attachment(facilitator, data=PHOTO + b"<script>alert(1)</script>")

    headers = browser.client.get(f"/lampiran/{attachment.id}{path}").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["Content-Type"] == "image/jpeg"


def test_files_are_seen_by_those_who_see_the_cooperative_and_by_nobody_else(
    browser: Browser, facilitator: User
) -> None:
    with browser.make() as make:
        own, loose = make.attachment(facilitator), make.attachment(facilitator, None)
        people = {
            "who sent it": facilitator,
            "another facilitator": make.facilitator(KARIANGAU),
            "officer": make.cooperative_user(),
            "officer of another": make.cooperative_user(KARIANGAU),
            "head": make.user(Role.AGENCY_HEAD),
            "head of elsewhere": make.user(Role.AGENCY_HEAD, scope_prefix=KARIANGAU[:8]),
            "admin": make.user(Role.ADMIN, scope_prefix=GRAHA_INDAH[:5]),
        }
    seen = {}

    for name, user in people.items():
        browser.sign_in(user)
        paths = [f"/lampiran/{own.id}", f"/lampiran/{own.id}/asli", f"/lampiran/{loose.id}"]
        seen[name] = [browser.client.get(path).status_code for path in paths]

    assert seen == {
        "who sent it": [200, 200, 200],
        "another facilitator": [404, 404, 404],
        "officer": [200, 200, 404],
        "officer of another": [404, 404, 404],
        "head": [200, 200, 404],
        "head of elsewhere": [404, 404, 404],
        "admin": [200, 200, 404],
    }
    assert events(browser, "read_attachment") == 4


def test_a_file_that_nobody_sent_is_not_there(browser: Browser, facilitator: User) -> None:
    for path in (uuid.uuid4(), "bukan-nomor", f"{uuid.uuid4()}/asli"):
        assert browser.client.get(f"/lampiran/{path}").status_code == 404
