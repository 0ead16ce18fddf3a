"""The signature of whoever received the visit: more than a dot, with a name, and of nobody else's making."""

import io
import uuid

import pytest
from PIL import Image

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment
from pendamping.kernel.database import reading
from pendamping.visits.models import Visit
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR
from tests.only import on_sqlite
from tests.pages import Browser
from tests.pictures import PDF, photo, signature
from tests.visits.sent import blank

URL = f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"
SIGNED = {"signed_by": "Siti Aminah"}


def arrived(browser: Browser, facilitator: User, data: bytes, code: str | None = None) -> str:
    with browser.make() as make:
        return str(make.attachment(facilitator, code, data).id)


def empty_sheet() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (600, 200), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def test_a_signature_is_stored_with_its_name_and_shown_with_the_visit(browser: Browser, facilitator: User) -> None:
    signature_id = arrived(browser, facilitator, signature())

    page = browser.send(URL, {**blank(browser), "signature": signature_id, **SIGNED})

    (visit,) = browser.stored(Visit)
    assert (str(visit.signature_id), visit.signed_by) == (signature_id, "Siti Aminah")
    image = page.soup.select_one("figure img")
    assert image is not None
    assert (image["src"], image["alt"]) == (f"/lampiran/{signature_id}?ukuran=besar", "Tanda tangan Siti Aminah")
    assert page.text("figcaption") == "Siti Aminah"
    assert page.has("ditandatangani pengurus")
    with browser.app.app_context():
        attachment = reading().get_one(Attachment, uuid.UUID(signature_id))
    assert attachment.cooperative_id == visit.cooperative_id


@pytest.mark.parametrize(
    "data", [signature(dots_only=True), empty_sheet(), PDF], ids=["one dot", "an empty sheet", "a document"]
)
def test_what_is_no_signature_is_refused_at_its_place_and_nothing_typed_is_lost(
    browser: Browser, facilitator: User, data: bytes
) -> None:
    signature_id = arrived(browser, facilitator, data)
    fields = {**blank(browser), "signature": signature_id, **SIGNED, "notes": "Rapat.", "answers-KL-01-value": "yes"}

    page = browser.send(URL, fields)

    given_back = page.fields()
    assert page.status == 400
    assert "Tanda tangan belum terbaca" in page.text("#signature-error")
    assert "Tanda tangan belum terbaca" in page.text("[data-error-summary]")
    assert {name: given_back[name] for name in fields if name != "csrf_token"} == {
        name: value for name, value in fields.items() if name != "csrf_token"
    }
    assert browser.stored(Visit) == []
    assert browser.client.post(URL, data={**given_back, "signature": ""}).status_code == 302


def test_a_signature_without_a_name_is_said_at_the_name(browser: Browser, facilitator: User) -> None:
    signature_id = arrived(browser, facilitator, signature())

    for name in ("", "   ", "\u200b\u202e"):
        page = browser.send(URL, {**blank(browser), "signature": signature_id, "signed_by": name})

        assert page.status == 400
        assert page.text("#signed_by-error") == "Tulis nama yang menandatangani."
        assert page.fields()["signature"] == signature_id
    assert browser.stored(Visit) == []


@on_sqlite
@pytest.mark.parametrize("odd", ["bukan-nomor", "1", "<b>", "z" * 32, "9" * 4000])
def test_an_id_that_is_none_is_said_at_the_signature(browser: Browser, facilitator: User, odd: str) -> None:
    page = browser.send(URL, {**blank(browser), "signature": odd, **SIGNED})

    assert page.status == 400
    assert page.text("#signature-error") == "Tanda tangan tidak terbaca. Mintalah sekali lagi."
    assert browser.stored(Visit) == []


def test_a_name_of_more_than_120_characters_is_too_long(browser: Browser, facilitator: User) -> None:
    page = browser.send(URL, {**blank(browser), "signed_by": "a" * 121})

    assert page.status == 400
    assert page.text("#signed_by-error") == "Paling banyak 120 karakter."


def test_a_signature_that_comes_after_its_visit_is_taken_on_trust(browser: Browser, facilitator: User) -> None:
    signature_id = uuid.uuid4()

    page = browser.send(URL, {**blank(browser), "signature": str(signature_id), **SIGNED})

    assert page.status == 200
    assert page.has("Tanda tangan menyusul")
    assert page.text("figcaption") == "Siti Aminah"
    assert [visit.signature_id for visit in browser.stored(Visit)] == [signature_id]


@pytest.mark.parametrize("whose", ["another facilitator", "another cooperative"])
def test_a_signature_from_elsewhere_is_refused_with_the_visit(browser: Browser, facilitator: User, whose: str) -> None:
    if whose == "another facilitator":
        with browser.make() as make:
            other = make.facilitator(MANGGAR)
        signature_id = arrived(browser, other, signature())
    else:
        signature_id = arrived(browser, facilitator, signature(), KARIANGAU)

    page = browser.send(URL, {**blank(browser), "signature": signature_id, **SIGNED, "notes": "Rapat."})

    assert page.status == 400
    assert "bukan kiriman Anda untuk koperasi ini" in page.text("[data-error-summary]")
    assert page.fields()["notes"] == "Rapat."
    assert browser.stored(Visit) == []


def test_a_name_without_a_signature_is_kept_and_attests_nothing(browser: Browser, facilitator: User) -> None:
    page = browser.send(URL, {**blank(browser), **SIGNED})

    assert [visit.signed_by for visit in browser.stored(Visit)] == ["Siti Aminah"]
    assert page.has("tanpa tanda tangan")


def test_another_signature_makes_another_visit_of_the_same_page(browser: Browser, facilitator: User) -> None:
    """What was signed counts among what makes two visits the same."""
    fields = blank(browser)
    one, other = (arrived(browser, facilitator, signature()) for _ in range(2))
    browser.client.post(URL, data={**fields, "signature": one, **SIGNED})

    again = browser.client.post(URL, data={**fields, "signature": one, **SIGNED})
    changed = browser.client.post(URL, data={**fields, "signature": other, **SIGNED})
    added = browser.client.post(URL, data={**fields, "signature": one, **SIGNED, "photos": str(uuid.uuid4())})

    assert (again.status_code, changed.status_code, added.status_code) == (302, 409, 409)
    assert [str(visit.signature_id) for visit in browser.stored(Visit)] == [one]


def test_a_photo_of_a_signed_sheet_will_do(browser: Browser, facilitator: User) -> None:
    signature_id = arrived(browser, facilitator, photo())

    assert browser.client.post(URL, data={**blank(browser), "signature": signature_id, **SIGNED}).status_code == 302
    assert browser.count(Visit) == 1
