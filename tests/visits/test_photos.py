"""Photos of a visit: sent ahead one by one, or with the form itself where there is no script."""

import io
import threading
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.attachments.service import ForeignAttachment
from pendamping.kernel.database import reading
from pendamping.visits.models import Visit, VisitPhoto
from pendamping.visits.queries import photos_of_visit
from pendamping.visits.service import PhotoOfVisit
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.pictures import PDF, bomb, photo
from tests.visits.sent import blank, without_token

URL = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
ODD = "Salah satu foto tidak dikenal. Hapus, lalu tambahkan sekali lagi."


def sent_ahead(browser: Browser, facilitator: User, count: int = 1) -> list[str]:
    with browser.make() as make:
        return [str(make.attachment(facilitator, None).id) for _ in range(count)]


def file(data: bytes, name: str = "foto.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def in_memory(fields: dict[str, Any], files: list[tuple[io.BytesIO, str]]) -> dict[str, Any]:
    """A large form; the client would put it into a temporary file and leave that open."""
    sent = MultiDict([*fields.items(), *(("photo_files", FileStorage(*each)) for each in files)])
    boundary, body = encode_multipart(sent)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def photos(browser: Browser) -> list[tuple[str, str | None]]:
    with browser.app.app_context():
        visit = reading().scalars(select(Visit)).one()
        return [(str(id_), item_id) for id_, item_id in photos_of_visit(reading(), visit.id)]


def shown(page: Page, name: str = "photos") -> list[str]:
    return [str(each["value"]) for each in page.soup.select(f"input[name='{name}']")]


# Stored with the visit ------------------------------------------------------------------------------------------------


def test_photos_keep_their_order_and_their_item_and_belong_to_the_cooperative(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    first, second, of_item = (make.attachment(facilitator, None) for _ in range(3))
    named = [PhotoOfVisit(second.id), PhotoOfVisit(of_item.id, "KL-01"), PhotoOfVisit(first.id)]

    visit = make.visit_with(facilitator, photos=named)

    assert photos_of_visit(session, visit.id) == [(second.id, None), (of_item.id, "KL-01"), (first.id, None)]
    assert {each.cooperative_id for each in (first, second, of_item)} == {make.cooperative().id}
    assert set(session.scalars(select(VisitPhoto.city_code))) == {"64.71"}


def test_a_photo_that_somebody_else_sent_is_refused_with_the_visit(session: Session, make: Make) -> None:
    facilitator, other = make.facilitator(), make.facilitator(KARIANGAU)
    foreign = make.attachment(other, None)

    with pytest.raises(ForeignAttachment), session.begin_nested():
        make.visit_with(facilitator, photos=[PhotoOfVisit(foreign.id)])

    assert session.scalar(select(func.count()).select_from(Visit)) == 0


def test_a_photo_of_another_cooperative_is_refused_with_the_visit(make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    elsewhere = make.attachment(facilitator, KARIANGAU)

    with pytest.raises(ForeignAttachment):
        make.visit_with(facilitator, photos=[PhotoOfVisit(elsewhere.id)])


def test_a_visit_may_come_before_its_photos(session: Session, make: Make) -> None:
    to_come = uuid.uuid4()

    visit = make.visit_with(make.facilitator(), photos=[PhotoOfVisit(to_come)])

    assert photos_of_visit(session, visit.id) == [(to_come, None)]


# Named by the form ----------------------------------------------------------------------------------------------------


def test_photos_sent_ahead_are_named_by_their_ids_and_shown_with_the_visit(browser: Browser, facilitator: User) -> None:
    of_visit, of_item = sent_ahead(browser, facilitator, 2)

    page = browser.send(URL, {**blank(browser), "photos": of_visit, "answers-KL-01-photo": of_item})

    assert page.status == 200
    assert photos(browser) == [(of_visit, None), (of_item, "KL-01")]
    pictures = [str(each["src"]) for each in page.soup.select(".photos__list img")]
    assert pictures == [f"/lampiran/{each}?ukuran=kecil" for each in (of_visit, of_item)]
    assert {browser.client.get(each).status_code for each in pictures} == {200}
    assert page.has("ada foto dari hari itu")


def test_a_photo_still_to_come_is_shown_as_such_and_attests_nothing(browser: Browser, facilitator: User) -> None:
    page = browser.send(URL, {**blank(browser), "photos": str(uuid.uuid4())})

    assert page.status == 200
    assert page.has("menyusul")
    assert page.has("tanpa foto")
    assert not page.has("ada foto dari hari itu")


@pytest.mark.parametrize(
    "spelling",
    [str.upper, lambda id_: "{" + id_ + "}", lambda id_: f"urn:uuid:{id_}", lambda id_: id_.replace("-", "")],
)
def test_one_photo_named_twice_is_one_photo(browser: Browser, facilitator: User, spelling: Any) -> None:
    (id_,) = sent_ahead(browser, facilitator)

    response = browser.client.post(URL, data={**blank(browser), "photos": [id_, spelling(id_)]})

    assert response.status_code == 302
    assert photos(browser) == [(id_, None)]


def test_a_photo_of_the_visit_and_of_an_item_stands_once(browser: Browser, facilitator: User) -> None:
    (id_,) = sent_ahead(browser, facilitator)

    response = browser.client.post(URL, data={**blank(browser), "photos": id_, "answers-KL-01-photo": id_})

    assert response.status_code == 302
    assert len(photos(browser)) == 1


@on_sqlite
@pytest.mark.parametrize("odd", ["bukan-nomor", "1", "9" * 5000, "3f0c7a52-8f0e-4d5f-9b6e-0a1b2c3d4e5", "\u202e"])
def test_an_id_that_is_none_is_said_at_the_photos_and_the_good_ones_stay(
    browser: Browser, facilitator: User, odd: str
) -> None:
    (good,) = sent_ahead(browser, facilitator)

    page = browser.send(URL, {**blank(browser), "photos": [good, odd], "notes": "Rapat."})

    assert page.status == 400
    assert page.text("#photos-error") == ODD
    assert shown(page) == [good]
    assert page.fields()["notes"] == "Rapat."
    assert browser.count(Visit) == 0
    assert browser.client.post(URL, data=page.fields()).status_code == 302


@pytest.mark.parametrize("item_id", ["ZZ-99", "UK-09", " "])
def test_a_photo_of_an_item_that_is_not_asked_is_refused(browser: Browser, facilitator: User, item_id: str) -> None:
    (id_,) = sent_ahead(browser, facilitator)

    page = browser.send(URL, {**blank(browser), f"answers-{item_id}-photo": id_})

    assert page.status == 400
    assert page.text("#photos-error") == ODD
    assert browser.count(Visit) == 0


def test_twenty_photos_are_stored_and_twenty_one_are_refused(browser: Browser, facilitator: User) -> None:
    ids = sent_ahead(browser, facilitator, 21)

    page = browser.send(URL, {**blank(browser), "photos": ids[:19], "answers-KL-01-photo": ids[19:]})
    assert page.status == 400
    assert page.text("#photos-error") == "Paling banyak 20 foto untuk satu kunjungan."
    assert shown(page) + shown(page, "answers-KL-01-photo") == ids

    response = browser.client.post(URL, data={**blank(browser), "photos": ids[:20]})
    assert response.status_code == 302
    assert [id_ for id_, _ in photos(browser)] == ids[:20]


def test_somebody_elses_photo_is_said_at_the_photos(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        foreign = str(make.attachment(make.facilitator(MANGGAR), None).id)

    page = browser.send(URL, {**blank(browser), "photos": foreign, "notes": "Rapat."})

    assert page.status == 400
    assert "bukan kiriman Anda untuk koperasi ini" in page.text("#photos-error")
    assert page.fields()["notes"] == "Rapat."
    assert browser.count(Visit) == 0


# Sent with the form ---------------------------------------------------------------------------------------------------


def test_photos_chosen_in_the_form_are_taken_in_with_the_visit(browser: Browser, facilitator: User) -> None:
    files = [file(photo(), "satu.jpg"), file(photo("HEIF"), "dua.heic"), file(photo("PNG"), "tiga.txt")]

    page = browser.send(URL, {**blank(browser), "photo_files": files})

    assert page.status == 200
    assert len(photos(browser)) == 3
    with browser.app.app_context():
        stored = reading().scalars(select(Attachment)).all()
    assert {each.uploader_id for each in stored} == {facilitator.id}
    assert None not in {each.cooperative_id for each in stored}
    assert not page.has("menyusul")


def test_bad_photos_are_named_one_by_one_and_good_ones_are_not_lost(browser: Browser, facilitator: User) -> None:
    files = [
        file(photo(), "rapat.jpg"),
        file(b"teks", "catatan \u202egpj.jpg"),
        file(PDF, "nota.jpg"),
        file(bomb(), "besar.png"),
        file(b"", "kosong.jpg"),
        file(photo() + bytes(15 * 1024 * 1024), "film.jpg"),
    ]

    page = Page(browser.client.post(URL, **in_memory({**blank(browser), "notes": "Rapat singkat."}, files)))

    said = page.text("#photo_files-error")
    assert page.status == 400
    for name in ("catatan gpj.jpg:", "nota.jpg:", "besar.png:", "kosong.jpg:", "film.jpg:"):
        assert name in said
    assert "rapat.jpg" not in said
    assert "paling banyak 15 MB" in said
    assert (browser.count(Visit), browser.count(Attachment)) == (0, 1)
    (kept,) = shown(page)
    assert browser.client.get(f"/lampiran/{kept}?ukuran=kecil").status_code == 200
    assert page.fields()["notes"] == "Rapat singkat."

    assert browser.client.post(URL, data={**page.fields(), "photo_files": [file(b"", "")]}).status_code == 302
    assert photos(browser) == [(kept, None)]


def test_photos_survive_whatever_else_does_not_hold(browser: Browser, facilitator: User) -> None:
    fields = {**blank(browser), "visited_on": "kemarin", "photo_files": [file(photo())]}

    page = browser.send(URL, fields)

    assert page.status == 400
    assert not page.soup.select("#photo_files-error")
    assert len(shown(page)) == 1
    response = browser.client.post(URL, data={**page.fields(), "visited_on": "2026-04-14"})
    assert response.status_code == 302
    assert len(photos(browser)) == 1


def test_the_same_photo_chosen_again_after_a_refusal_is_one_photo(browser: Browser, facilitator: User) -> None:
    page = browser.send(URL, {**blank(browser), "visited_on": "kemarin", "photo_files": [file(photo())]})

    again = {**page.fields(), "visited_on": "2026-04-14", "photo_files": [file(photo()), file(photo(), "lagi.jpg")]}
    response = browser.client.post(URL, data=again)

    assert response.status_code == 302
    assert len(photos(browser)) == browser.count(Attachment) == 1


def test_a_form_with_photos_tapped_twice_is_one_visit(app: Flask, browser: Browser, facilitator: User) -> None:
    fields = blank(browser)
    clients = [browser.client, app.test_client()]
    with browser.client.session_transaction() as ours, clients[1].session_transaction() as theirs:
        theirs.update(ours)
    ready = threading.Barrier(2)
    answers: list[tuple[int, str | None]] = []

    def tap(client: Any) -> None:
        ready.wait()
        response = client.post(URL, data={**fields, "photo_files": [file(photo())]})
        answers.append((response.status_code, response.headers.get("Location")))

    threads = [threading.Thread(target=tap, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(302, f"/kunjungan/{fields['id']}")] * 2
    assert (browser.count(Visit), browser.count(Attachment), browser.count(VisitPhoto)) == (1, 1, 1)


def test_a_page_that_is_not_ours_leaves_no_photo_and_no_draft(browser: Browser, facilitator: User) -> None:
    for token in ({}, {"csrf_token": "lain"}):
        for button in ({}, {"aksi": "draf"}):
            fields = without_token(blank(browser))
            sent = {**fields, **token, **button, "photo_files": [file(photo())]}
            assert browser.client.post(URL, data=sent).status_code == 400

    assert (browser.count(Attachment), browser.count(Visit)) == (0, 0)
    assert not browser.open("/").has("Lanjutkan kunjungan")
