"""A cooperative's papers: what is stored, what is never stored, and when they run out."""

import datetime as dt
import io
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.attachments.models import Attachment, MediaType
from pendamping.cooperatives.models import Document, DocumentKind
from pendamping.cooperatives.records.expiry import Expiry, Validity, expiry_of
from pendamping.cooperatives.records.queries import all_documents_of, documents_of
from pendamping.cooperatives.records.service import (
    DocumentConflict,
    DocumentIsClosed,
    DocumentRunsBackward,
    FullAccountNumber,
    NewDocument,
    add_document,
    replace_document,
    withdraw_document,
)
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.roles import Role
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, MANGGAR, Make
from tests.only import on_sqlite
from tests.pages import Browser, Page
from tests.pictures import PDF

HERE = f"/koperasi/{GRAHA_INDAH}"
NEW = f"{HERE}/dokumen/baru"
LICENCE = {
    "kind": "izin",
    "title": "Izin usaha gerai",
    "number": "503/11/2025",
    "issued_on": "2025-05-01",
    "expires_on": "2026-05-01",
}


def send(browser: Browser, url: str, fields: Mapping[str, Any], *, file: tuple[bytes, str] | None = None) -> Page:
    """As a browser sends the page's own form, with a file in it or without."""
    whole = {**browser.open(url).fields(), **fields}
    whole["file"] = (io.BytesIO(file[0]), file[1]) if file else (io.BytesIO(b""), "")
    response = browser.client.post(url, data=whole, content_type="multipart/form-data")
    response.request.environ["wsgi.input"].close()  # a large body lies in a file of the test client's
    return browser.open(response.location) if response.status_code == 302 else Page(response)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


# How long it holds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "validity"),
    [
        (None, Validity.ENDLESS),
        (400, Validity.VALID),
        (61, Validity.VALID),
        (60, Validity.ENDS_SOON),
        (1, Validity.ENDS_SOON),
        (0, Validity.ENDS_SOON),
        (-1, Validity.EXPIRED),
        (-400, Validity.EXPIRED),
    ],
)
def test_a_document_asks_to_be_renewed_sixty_days_before_its_end(days: int | None, validity: Validity) -> None:
    ends = None if days is None else TODAY + dt.timedelta(days=days)

    assert expiry_of(ends, today=TODAY) == Expiry(validity, days)


# Verbs ----------------------------------------------------------------------------------------------------------------


def add(make: Make, code: str = GRAHA_INDAH, document_id: uuid.UUID | None = None, **changed: Any) -> Document:
    sound: dict[str, Any] = {
        "kind": DocumentKind.LICENCE,
        "title": "Izin",
        "number": "",
        "issued_on": None,
        "expires_on": None,
    }
    document, _ = add_document(
        make.session,
        make.cooperative(code),
        document_id or uuid.uuid4(),
        NewDocument(**{**sound, **changed}),
        attachment_id=None,
        author_id=make.user().id,
        actor=make.actor,
        now=NOW,
    )
    return document


def test_the_same_document_sent_twice_is_one(session: Session, make: Make) -> None:
    document_id = uuid.uuid4()

    first = add(make, document_id=document_id)
    again = add(make, document_id=document_id, title="Izin lain")

    assert again is first
    assert first.title == "Izin"
    assert session.scalar(select(func.count()).select_from(Document)) == 1
    with pytest.raises(DocumentConflict):
        add(make, KARIANGAU, document_id)


@pytest.mark.parametrize("number", ["123", "12345", "1234567890", "BPD 4471", "44 71", "४४७१"])
def test_of_an_account_only_the_last_four_digits_are_stored(session: Session, make: Make, number: str) -> None:
    with pytest.raises(FullAccountNumber):
        add(make, kind=DocumentKind.ACCOUNT, number=number)
    with pytest.raises(FullAccountNumber):
        add(make, kind=DocumentKind.ACCOUNT, title="Bankaltimtara 0012-345 678")

    assert session.scalars(select(Document)).all() == []
    assert add(make, kind=DocumentKind.ACCOUNT, number="4471").number == "4471"
    assert add(make, kind=DocumentKind.ACCOUNT, number="").number == ""


def test_a_document_does_not_end_before_it_was_issued(make: Make) -> None:
    with pytest.raises(DocumentRunsBackward):
        add(make, issued_on=TODAY, expires_on=TODAY - dt.timedelta(days=1))

    assert add(make, issued_on=TODAY, expires_on=TODAY).expires_on == TODAY


def test_a_renewal_takes_the_place_of_the_old_one_and_both_stay(session: Session, make: Make) -> None:
    old, new = add(make, title="Izin lama"), add(make, title="Izin baru")

    for _ in range(2):
        replace_document(session, old, new, actor=make.actor, now=NOW)

    cooperative_id = make.cooperative().id
    assert [each.title for each in documents_of(session, cooperative_id, today=TODAY)] == ["Izin baru"]
    assert {each.title: each.is_open for each in all_documents_of(session, cooperative_id, today=TODAY)} == {
        "Izin lama": False,
        "Izin baru": True,
    }
    verbs = session.scalars(select(AuditEvent.verb).where(AuditEvent.verb == "replace_document")).all()
    assert len(verbs) == 1


def test_what_is_closed_is_not_replaced_or_withdrawn_again(session: Session, make: Make) -> None:
    replaced, withdrawn, new, other = add(make), add(make), add(make), add(make)
    replace_document(session, replaced, new, actor=make.actor, now=NOW)
    withdraw_document(session, withdrawn, actor=make.actor, now=NOW)
    withdraw_document(session, withdrawn, actor=make.actor, now=NOW + dt.timedelta(hours=1))

    for closed in (replaced, withdrawn):
        with pytest.raises(DocumentIsClosed):
            replace_document(session, closed, other, actor=make.actor, now=NOW)
        with pytest.raises(DocumentIsClosed):
            replace_document(session, other, closed, actor=make.actor, now=NOW)
    with pytest.raises(DocumentIsClosed):
        withdraw_document(session, replaced, actor=make.actor, now=NOW)
    with pytest.raises(DocumentConflict):
        replace_document(session, other, other, actor=make.actor, now=NOW)
    assert withdrawn.withdrawn_at == NOW


def test_those_that_end_first_stand_on_top_and_those_without_an_end_below(session: Session, make: Make) -> None:
    for title, days in (("c", None), ("b", 30), ("a", None), ("d", -3)):
        add(make, title=title, expires_on=TODAY + dt.timedelta(days=days) if days else None)
    add(make, KARIANGAU, title="asing")

    shown = documents_of(session, make.cooperative().id, today=TODAY)

    assert [each.title for each in shown] == ["d", "b", "a", "c"]


# The form -------------------------------------------------------------------------------------------------------------


def test_a_document_is_stored_with_its_file_and_shown_with_its_end(browser: Browser, facilitator: User) -> None:
    page = send(browser, NEW, LICENCE, file=(PDF, "izin.pdf"))

    assert page.status == 200
    assert page.has("Izin usaha gerai disimpan.")
    assert "habis 17 hari lagi" in page.text(".document")
    assert page.has("sampai 1 Mei 2026")
    (document,) = browser.stored(Document)
    (attachment,) = browser.stored(Attachment)
    assert (document.kind, document.number, document.issued_on) == ("izin", "503/11/2025", dt.date(2025, 5, 1))
    assert (attachment.id, attachment.media_type) == (document.attachment_id, MediaType.PDF)
    assert (attachment.cooperative_id, attachment.uploader_id) == (document.cooperative_id, facilitator.id)
    shown = browser.client.get(f"/lampiran/{attachment.id}", buffered=True)
    assert (shown.status_code, shown.data) == (200, PDF)


def test_a_picture_larger_than_other_pages_may_send_is_taken(browser: Browser, facilitator: User) -> None:
    large = jpeg() + b"\0" * (3 * 1024 * 1024)

    page = send(browser, NEW, LICENCE, file=(large, "izin.jpg"))

    assert page.has("Izin usaha gerai disimpan.")
    assert browser.stored(Attachment.byte_size) == [len(large)]


def test_the_form_sent_twice_is_one_document(browser: Browser, facilitator: User) -> None:
    fields = {**browser.open(NEW).fields(), **LICENCE}

    for _ in range(2):
        body = {**fields, "file": (io.BytesIO(PDF), "izin.pdf")}
        assert browser.client.post(NEW, data=body, content_type="multipart/form-data").status_code == 302

    assert (browser.count(Document), browser.count(Attachment)) == (1, 1)


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("kind", "ktp", "Pilih salah satu dari yang ditawarkan."),
        ("title", "", "Isi nama dokumen."),
        ("title", " \u200b ", "Isi nama dokumen."),
        ("title", "a" * 161, "Paling banyak 160 karakter."),
        ("number", "1" * 81, "Paling banyak 80 karakter."),
        ("issued_on", "dulu", "Tulis tanggal seperti 2026-04-14."),
        ("issued_on", "2026-04-15", "Tanggal ini belum tiba."),
        ("expires_on", "2025-04-30", "Tanggal habis berlaku lebih awal daripada tanggal terbit."),
        ("expires_on", "9999-12-31", "Periksa tahunnya."),
    ],
)
def test_what_does_not_hold_is_said_at_its_field_and_the_rest_is_given_back(
    browser: Browser, facilitator: User, field: str, value: str, message: str
) -> None:
    page = send(browser, NEW, {**LICENCE, field: value}, file=(PDF, "izin.pdf"))

    assert page.status == 400
    assert message in page.text(f"#{field}-error")
    shown = page.fields()
    assert {name: shown[name] for name in LICENCE if name != field} == {
        name: said for name, said in LICENCE.items() if name != field
    }
    assert page.has("Berkas perlu dipilih sekali lagi.")
    assert (browser.count(Document), browser.count(Attachment)) == (0, 0)


@on_sqlite
@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"bukan apa-apa", "izin.pdf", "Berkas ini"),
        (b"%PDF-1.7 terpotong", "izin.pdf", "Berkas ini tidak dapat dibuka."),
        (b"GIF89a" + b"\0" * 50, "izin.jpg", "Berkas ini"),
        (b"<svg xmlns='x'/>", "izin.png", "Berkas ini"),
        (jpeg()[:300], "izin.jpg", "Berkas ini"),
        (PDF[:20] + b"\0" * (15 * 1024 * 1024) + PDF, "izin.pdf", "paling banyak 15 MB"),
    ],
    ids=["text", "torn pdf", "gif", "svg", "torn picture", "too large"],
)
def test_a_wrong_file_is_said_at_its_field_and_the_rest_is_given_back(
    browser: Browser, facilitator: User, data: bytes, name: str, message: str
) -> None:
    page = send(browser, NEW, LICENCE, file=(data, name))

    assert page.status == 400
    assert message in page.text("#file-error")
    assert {field: page.fields()[field] for field in LICENCE} == LICENCE
    assert (browser.count(Document), browser.count(Attachment)) == (0, 0)


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "0012345678"}, "number"),
        ({"number": "44x1"}, "number"),
        ({"number": "", "title": "Rekening 0012345678"}, "title"),
    ],
)
def test_a_full_account_number_is_refused_at_its_field(
    browser: Browser, facilitator: User, changed: Mapping[str, str], field: str
) -> None:
    page = send(browser, NEW, {"kind": "rekening", "title": "Rekening operasional", **changed})

    assert page.status == 400
    assert "4 angka terakhirnya saja" in page.text(f"#{field}-error")
    assert browser.count(Document) == 0
    assert browser.stored(AuditEvent.id, AuditEvent.subject_type == "document") == []


def test_of_an_account_no_picture_is_taken_because_its_number_stands_in_it(browser: Browser, facilitator: User) -> None:
    fields = {"kind": "rekening", "title": "Rekening operasional", "number": "4471"}

    refused = send(browser, NEW, fields, file=(jpeg(), "buku.jpg"))
    taken = send(browser, NEW, fields)

    assert "nomor lengkapnya terbaca di sana" in refused.text("#file-error")
    assert taken.has("berakhiran 4471")
    assert browser.count(Attachment) == 0


def test_a_form_of_a_page_that_is_too_old_is_given_back(browser: Browser, facilitator: User) -> None:
    page = send(browser, NEW, {**LICENCE, "csrf_token": "lama"})

    assert page.status == 400
    assert page.has("Isian Anda tetap ada: kirim sekali lagi.")
    assert {field: page.fields()[field] for field in LICENCE} == LICENCE
    assert browser.count(Document) == 0


# Renewal and withdrawal -----------------------------------------------------------------------------------------------


def test_a_renewal_begins_with_what_stays_the_same_and_replaces_the_old(browser: Browser, facilitator: User) -> None:
    send(browser, NEW, LICENCE)
    (old,) = browser.stored(Document)
    url = f"{HERE}/dokumen/{old.id}/pengganti"

    fields = browser.open(url).fields()
    page = send(browser, url, {"issued_on": "2026-04-01", "expires_on": "2027-04-30"})

    assert (fields["kind"], fields["title"], fields["number"]) == ("izin", "Izin usaha gerai", "503/11/2025")
    assert (fields["issued_on"], fields["expires_on"]) == ("", "")
    assert page.texts(".document .pill") == ["berlaku"]
    (new,) = browser.stored(Document, Document.id != old.id)
    assert browser.stored(Document.replaced_by_id, Document.id == old.id) == [new.id]
    everything = browser.open(f"{HERE}/dokumen")
    assert sorted(everything.texts(".document .pill")) == ["berlaku", "sudah diganti"]


def test_a_second_renewal_of_the_same_paper_is_refused_and_stores_nothing(browser: Browser, facilitator: User) -> None:
    send(browser, NEW, LICENCE)
    (old,) = browser.stored(Document)
    url = f"{HERE}/dokumen/{old.id}/pengganti"
    send(browser, url, {"expires_on": "2027-04-30"})

    page = send(browser, url, {"expires_on": "2028-04-30"}, file=(PDF, "izin.pdf"))

    assert page.status == 400
    assert page.has("Dokumen ini sudah diganti atau ditarik.")
    assert (browser.count(Document), browser.count(Attachment)) == (2, 0)


def test_a_paper_is_withdrawn_after_a_second_thought(browser: Browser, facilitator: User) -> None:
    send(browser, NEW, LICENCE)
    (document,) = browser.stored(Document)
    url = f"{HERE}/dokumen/{document.id}/tarik"
    fields = browser.open(HERE).fields(f"form[action='{url}']")

    page = browser.send(url, fields)
    again = browser.send(url, fields)

    assert page.has("Izin usaha gerai ditarik dari daftar.")
    assert not page.soup.select(".document")
    assert again.status == 200
    assert browser.stored(Document.withdrawn_at) == [NOW]
    assert browser.open(f"{HERE}/dokumen").texts(".document .pill") == ["ditarik"]


def test_a_paper_that_was_replaced_meanwhile_is_not_withdrawn(browser: Browser, facilitator: User) -> None:
    send(browser, NEW, LICENCE)
    (old,) = browser.stored(Document)
    fields = browser.open(HERE).fields("form[action$='/tarik']")
    send(browser, f"{HERE}/dokumen/{old.id}/pengganti", {"expires_on": "2027-04-30"})

    page = browser.send(f"{HERE}/dokumen/{old.id}/tarik", fields)

    assert page.has("Dokumen ini sudah diganti atau ditarik.")
    assert browser.stored(Document.withdrawn_at, Document.id == old.id) == [None]


def test_another_cooperatives_paper_is_not_there_under_ones_own(browser: Browser, facilitator: User) -> None:
    with browser.make() as make:
        theirs = make.document(MANGGAR)
    token = {"csrf_token": browser.open(NEW).fields()["csrf_token"]}

    for url in (f"{HERE}/dokumen/{theirs.id}", f"/koperasi/{MANGGAR}/dokumen/{theirs.id}"):
        assert browser.client.get(f"{url}/pengganti").status_code == 404
        assert browser.client.post(f"{url}/pengganti", data={**token, **LICENCE}).status_code == 404
        assert browser.client.post(f"{url}/tarik", data=token).status_code == 404
    assert browser.stored(Document.withdrawn_at) == [None]


def test_the_head_reads_the_papers_and_is_offered_no_form(browser: Browser) -> None:
    with browser.make() as make:
        make.short_instruments()
        make.document()
        browser.sign_in(make.user(Role.AGENCY_HEAD))

    for url in (HERE, f"{HERE}/dokumen"):
        page = browser.open(url)
        assert page.has("Akta pendirian")
        assert not page.soup.select("a[href*='/dokumen/'], form[action*='/dokumen/']")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "tanpa batas waktu"),
        (100, "berlaku"),
        (12, "habis 12 hari lagi"),
        (0, "habis hari ini"),
        (-1, "kedaluwarsa"),
    ],
)
def test_how_long_it_holds_is_said_in_words(browser: Browser, facilitator: User, days: int | None, words: str) -> None:
    with browser.make() as make:
        make.document(expires_on=None if days is None else TODAY + dt.timedelta(days=days))

    page = browser.open(HERE)

    assert page.texts(".document .pill") == [words]
    assert page.soup.select_one(".document .pill svg") is not None


def test_without_documents_the_page_says_what_to_do(browser: Browser, facilitator: User) -> None:
    assert browser.open(HERE).has("Belum ada dokumen. Catat akta")
    assert browser.open(f"{HERE}/dokumen").has("Belum ada dokumen. Catat akta")
