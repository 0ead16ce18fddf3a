"""Where there is no script, the button "Simpan sebagai draf" keeps everything; nothing has to hold yet."""

import io
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pendamping.accounts.models import User
from pendamping.kernel.database import reading
from pendamping.visits.drafts.models import Draft
from pendamping.visits.models import Visit
from tests.conftest import TODAY
from tests.make import GRAHA_INDAH, MANGGAR
from tests.pages import Browser
from tests.pictures import photo, signature

URL = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
DRAFT = {"aksi": "draf"}


def press(browser: Browser, fields: dict[str, Any], url: str = URL) -> TestResponse:
    return browser.client.post(url, data={**fields, **DRAFT})


def drafts(browser: Browser) -> dict[uuid.UUID, Draft]:
    with browser.app.app_context():
        return {each.id: each for each in reading().scalars(select(Draft))}


def written(browser: Browser, facilitator: User) -> dict[str, Any]:
    """A page on which nearly everything has been written, much of it not right yet."""
    with browser.make() as make:
        of_visit, of_item = (str(make.attachment(facilitator, None).id) for _ in range(2))
        ink = str(make.attachment(facilitator, None, signature()).id)
        plan = str(make.planned_visit(facilitator, agenda="RAT").id)
    return {
        **browser.open(f"{URL}?rencana={plan}").fields(),
        "visited_on": "2026-04-13",
        "started": "09:30",
        "ended": "08:00",
        "mode": "jarak_jauh",
        "purposes": ["rapat", "kemitraan"],
        "people_met-0-name": "Siti Aminah",
        "people_met-0-role": "Bendahara",
        "people_met-4-role": "Ketua",
        "notes": "Baris satu.\n<b>Baris dua</b>",
        "place-lat": "-1.2379",
        "place-lon": "116.8529",
        "answers-KL-01-value": "yes",
        "answers-KL-01-proof": "dokumen_dilihat",
        "answers-KL-02-value": "no",
        "answers-KL-02-note": "Buku belum ada.",
        "answers-KL-22-value": "empat puluh",
        "answers-KL-31-note": "Catatan tanpa jawaban",
        "actions-500-item": "",
        "actions-500-title": "Undang dinas",
        "actions-500-owner_role": "ketua",
        "actions-500-due_on": "besok",
        "photos": of_visit,
        "answers-KL-01-photo": of_item,
        "signature": ink,
        "signed_by": "Siti Aminah",
        "planned_visit": plan,
    }


def test_everything_is_kept_and_opened_again_as_it_was(browser: Browser, facilitator: User) -> None:
    fields = written(browser, facilitator)

    response = press(browser, fields)
    page = browser.open(response.headers["Location"])

    given_back = page.fields()
    apart = {"csrf_token", "draft_revision", "people_met-4-role", "ended", "actions-500-due_on"}
    kept = {name: value for name, value in fields.items() if value and name not in apart}
    assert response.headers["Location"] == f"{URL}?draf={fields['id']}"
    assert {name: given_back.get(name) for name in kept} == kept
    assert "Ketua" in given_back.values(), "a person without a name is kept too"
    assert (given_back["ended"], given_back["actions-500-due_on"]) == ("08:00", "besok")
    assert given_back["draft_revision"] == "1"
    assert page.has("Draf disimpan.")
    assert not page.soup.select("[data-error-summary]"), "nothing is wrong with a draft"
    assert page.text(".visit-head__plan") == "Direncanakan 14 April 2026: RAT"
    with browser.app.app_context():
        assert reading().scalars(select(Visit)).all() == []


def test_a_draft_can_be_kept_again_and_again_and_then_saved(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(URL).fields(), "answers-KL-01-value": "yes"}
    address = press(browser, fields).headers["Location"]

    for revision in (1, 2):
        fields = browser.open(address).fields()
        assert fields["draft_revision"] == str(revision)
        assert press(browser, {**fields, "notes": f"Catatan {revision}"}, address).headers["Location"] == address
    response = browser.client.post(address, data=browser.open(address).fields())

    assert response.headers["Location"] == f"/kunjungan/{fields['id']}"
    assert drafts(browser) == {}
    with browser.app.app_context():
        (visit,) = reading().scalars(select(Visit))
    assert (str(visit.id), visit.notes) == (fields["id"], "Catatan 2")


def test_photos_chosen_in_the_form_are_kept_with_the_draft(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(URL).fields(), "photo_files": [(io.BytesIO(photo()), "rapat.jpg")]}

    page = browser.open(press(browser, fields).headers["Location"])

    photo_id = page.fields()["photos"]
    assert browser.client.get(f"/lampiran/{photo_id}?ukuran=kecil").status_code == 200
    again = browser.open(press(browser, page.fields()).headers["Location"])
    assert again.fields()["photos"] == photo_id


def test_a_bad_photo_is_named_before_the_draft_is_kept(browser: Browser, facilitator: User) -> None:
    files = [(io.BytesIO(photo()), "rapat.jpg"), (io.BytesIO(b"teks"), "catatan.txt")]
    fields = {**browser.open(URL).fields(), "notes": "Rapat.", "photo_files": files}

    response = press(browser, fields)

    assert response.status_code == 400
    assert "catatan.txt: Berkas ini bukan foto" in response.get_data(as_text=True)
    assert drafts(browser) == {}
    with browser.app.app_context():
        assert reading().scalars(select(Visit)).all() == []


def test_a_page_that_fell_behind_becomes_a_draft_of_its_own(browser: Browser, facilitator: User) -> None:
    first = browser.open(URL).fields()
    address = press(browser, {**first, "notes": "Tab satu"}).headers["Location"]

    forked = press(browser, {**first, "notes": "Tab dua"}).headers["Location"]

    page = browser.open(forked)
    assert forked != address
    assert forked.endswith(page.fields()["id"])
    assert page.fields()["notes"] == "Tab dua"
    assert browser.open(address).fields()["notes"] == "Tab satu"
    assert len(drafts(browser)) == 2


def test_the_button_tapped_twice_is_one_draft(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(URL).fields(), "notes": "Rapat."}

    addresses = {press(browser, fields).headers["Location"] for _ in range(2)}

    assert len(addresses) == len(drafts(browser)) == 1


def test_after_a_refused_visit_the_page_still_knows_its_draft(browser: Browser, facilitator: User) -> None:
    address = press(browser, {**browser.open(URL).fields(), "notes": "Rapat."}).headers["Location"]

    refused = browser.send(address, {**browser.open(address).fields(), "visited_on": "kemarin"})
    assert refused.status == 400
    assert refused.fields()["draft_revision"] == "1"

    assert press(browser, refused.fields(), address).headers["Location"] == address
    assert len(drafts(browser)) == 1


@pytest.mark.parametrize("id_", ["", "bukan-nomor"])
def test_a_page_without_a_sound_id_becomes_a_draft_with_one(browser: Browser, facilitator: User, id_: str) -> None:
    address = press(browser, {**browser.open(URL).fields(), "id": id_, "notes": "Rapat."}).headers["Location"]

    fields = browser.open(address).fields()
    assert address.endswith(fields["id"])
    assert browser.client.post(address, data=fields).headers["Location"] == f"/kunjungan/{fields['id']}"
    assert drafts(browser) == {}


def test_an_id_that_is_somebody_elses_draft_becomes_another(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        other = make.facilitator(MANGGAR)
    elsewhere = "/koperasi/64.71.01.1001/kunjungan/baru"
    browser.sign_in(other)
    theirs = browser.open(elsewhere).fields()
    press(browser, {**theirs, "notes": "Milik orang lain"}, elsewhere)
    browser.sign_in(facilitator)

    address = press(browser, {**browser.open(URL).fields(), "id": theirs["id"], "notes": "Milik saya"}).headers[
        "Location"
    ]

    assert not address.endswith(theirs["id"])
    assert browser.open(address).fields()["notes"] == "Milik saya"
    stored = drafts(browser)
    assert ["notes", "Milik orang lain"] in stored[uuid.UUID(theirs["id"])].fields


def test_a_visit_that_is_stored_meanwhile_is_not_kept_as_a_draft_and_nothing_is_lost(
    browser: Browser, facilitator: User
) -> None:
    fields = browser.open(URL).fields()
    browser.client.post(URL, data=fields)

    response = press(browser, {**fields, "notes": "Catatan lain"})

    assert response.status_code == 409
    shown = response.get_data(as_text=True)
    assert "Kunjungan ini sudah tersimpan; drafnya tidak diperlukan lagi." in shown
    assert "Catatan lain" in shown
    assert drafts(browser) == {}


def test_a_draft_longer_than_any_visit_is_refused_and_given_back(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(URL).fields(), "notes": "a" * 400_001}

    response = press(browser, fields)

    assert response.status_code == 413
    shown = response.get_data(as_text=True)
    assert "Draf ini terlalu besar untuk disimpan." in shown
    assert "a" * 400_001 in shown
    assert drafts(browser) == {}


def test_a_draft_keeps_the_versions_that_its_page_was_made_of(browser: Browser, facilitator: User) -> None:
    fields = browser.open(URL).fields()
    address = press(browser, {**fields, "answers-KL-01-value": "yes"}).headers["Location"]
    with browser.make() as make:
        make.short_instruments(version="0.4.0", effective_on=TODAY)

    again = browser.open(address).fields()

    assert again["instruments-KL"] == fields["instruments-KL"] != browser.open(URL).fields()["instruments-KL"]
    assert browser.client.post(address, data=again).status_code == 302
