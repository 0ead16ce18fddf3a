"""The pages of instruments and drafts: what they show, what they refuse and where, and that what was typed stays."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from pendamping.accounts.models import User
from pendamping.instruments.drafting.models import InstrumentDraft
from pendamping.instruments.drafting.service import start_draft
from pendamping.instruments.exchange.queries import versions_of
from pendamping.instruments.exchange.service import publish_next
from pendamping.instruments.exchange.spreadsheet import read_workbook
from pendamping.instruments.exchange.yaml_text import yaml_of
from pendamping.instruments.models import InstrumentVersion
from pendamping.instruments.reading.text import content_hash, read_yaml
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.roles import Role
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.cases import document
from tests.instruments.editions import edition
from tests.instruments.exchange.workbooks import changes, edited, enters, workbook
from tests.only import on_sqlite
from tests.pages import Browser, Page

LIST, DRAFT = "/instrumen", "/instrumen/KL/draf"
EVENT: dict[str, Any] = {"actor": ACTOR, "now": NOW}
pytestmark = on_sqlite


@pytest.fixture
def admin(browser: Browser) -> User:
    with browser.make() as make:
        user: User = make.user(Role.ADMIN, name="Dewi Lestari")
    browser.sign_in(user)
    return user


@pytest.fixture
def draft(browser: Browser, admin: User) -> Browser:
    """A browser of an admin, with a draft of KL begun."""
    with browser.make() as make:
        start_draft(make.session, "KL", author_id=admin.id, **EVENT)
    return browser


def stored(browser: Browser) -> dict[str, Any]:
    with browser.app.app_context():
        return dict(reading().scalars(select(InstrumentDraft.document)).one())


def revision(browser: Browser) -> int:
    with browser.app.app_context():
        return reading().scalars(select(InstrumentDraft.revision)).one()


def item(browser: Browser, item_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in stored(browser)["items"] if each["id"] == item_id)
    return found


def saved(browser: Browser, path: str, **typed: Any) -> Page:
    """The page of a form that was opened, changed and sent."""
    fields = {**browser.open(f"{DRAFT}{path}").fields(), **typed}
    return browser.send(f"{DRAFT}{path}", {name: value for name, value in fields.items() if value is not None})


# Versions -------------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_in_force_to_come_old_and_drafted(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        publish_next(make.session, edition("0.3.5", KL_01={"label_id": "Akta"}), effective_on=TODAY, **EVENT)
        later = TODAY.replace(month=9)
        publish_next(make.session, edition("0.4.0", KL_01={"label_id": "Akta"}), effective_on=later, **EVENT)
        start_draft(make.session, "KL", author_id=admin.id, **EVENT)

    page = browser.open(LIST)

    said = " ".join(page.texts("section[aria-labelledby=instrumen-KL]"))
    for words in ("Draf Versi 0.5.0", "Versi 0.4.0 KL Akan berlaku", "Versi 0.3.5 KL Berlaku", "1 versi lama", "0.3.0"):
        assert words in said
    assert "Mulai draf" not in said
    assert "Mulai draf TK" in " ".join(page.texts("section[aria-labelledby=instrumen-TK]"))


@pytest.mark.parametrize("code", ["KL", "TK", "UK"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_version_is_read_item_by_item(browser: Browser, code: str, language: str) -> None:
    with browser.make() as make:
        head = make.user(Role.AGENCY_HEAD, language=language)
        items = versions_of(make.session, code)[0].instrument.items
    browser.sign_in(head)

    page = browser.open(f"{LIST}/{code}/versi/0.3.0")

    for each in items:
        said = page.text(f"#{each.id}")
        assert (each.question_en if language == "en" else each.question_id) in said
        assert ("kritis" in said or "critical" in said) is each.is_critical


def test_a_version_that_is_not_there_is_not_found(browser: Browser, admin: User) -> None:
    for path in (
        "/KL/versi/9.9",
        "/ZZ/versi/0.3.0",
        "/KL/versi/9.9/berkas.xlsx",
        "/ZZ/draf",
        "/KL/versi/0.3.0/berkas.pdf",
    ):
        assert browser.client.get(f"{LIST}{path}").status_code == 404


@pytest.mark.parametrize(
    ("code", "name"), [("KL", "kelembagaan"), ("TK", "transparansi_keuangan"), ("UK", "usaha_kemitraan")]
)
def test_what_is_downloaded_is_the_version_to_the_hash(browser: Browser, admin: User, code: str, name: str) -> None:
    book = browser.client.get(f"{LIST}/{code}/versi/0.3.0/berkas.xlsx")
    text = browser.client.get(f"{LIST}/{code}/versi/0.3.0/berkas.yaml")

    assert book.headers["Content-Disposition"] == f'attachment; filename="{code}-0.3.0.xlsx"'
    assert content_hash(read_workbook(book.data)) == content_hash(document(name))
    assert content_hash(read_yaml(text.get_data(as_text=True))) == content_hash(document(name))


def test_an_admin_of_one_kecamatan_reads_and_does_not_edit(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.ADMIN, scope_prefix="64.71.03"))

    page = browser.open(LIST)

    assert page.status == 200
    assert not page.has("Mulai draf")
    assert browser.client.get(DRAFT).status_code == 403


def test_an_admin_of_the_city_edits(browser: Browser) -> None:
    with browser.make() as make:
        browser.sign_in(make.user(Role.ADMIN, scope_prefix="64.71"))

    page = browser.open(LIST)

    assert browser.send(f"{DRAFT}/baru", page.fields("form[action$='/KL/draf/baru']")).heading == "Draf KL 0.4.0"


# The draft ------------------------------------------------------------------------------------------------------------


def test_a_second_press_finds_the_draft_that_was_begun(browser: Browser, admin: User) -> None:
    fields = browser.open(LIST).fields("form[action$='/KL/draf/baru']")
    browser.send(f"{DRAFT}/baru", fields)

    page = browser.send(f"{DRAFT}/baru", fields)

    assert page.has("sudah dimulai")
    assert revision(browser) == 1


def test_without_a_draft_its_page_leads_to_the_list_and_its_forms_say_so(browser: Browser, admin: User) -> None:
    assert browser.client.get(DRAFT).headers["Location"] == LIST
    assert browser.client.get(f"{DRAFT}/terbit").headers["Location"] == LIST
    assert browser.client.get(f"{DRAFT}/butir/KL-01").status_code == 409


@pytest.mark.parametrize("code", ["KL", "TK", "UK"])
def test_a_form_that_is_saved_as_it_was_opened_changes_nothing(browser: Browser, admin: User, code: str) -> None:
    with browser.make() as make:
        start_draft(make.session, code, author_id=admin.id, **EVENT)
    before = stored(browser)
    paths = [f"butir/{each['id']}" for each in before["items"]]
    paths += [f"bagian/{each['code']}" for each in before["sections"]] + ["fakta", "pita"]

    for path in paths:
        url = f"{LIST}/{code}/draf/{path}"
        response = browser.client.post(url, data=browser.open(url).fields())
        assert response.status_code == 302, path

    assert (stored(browser), revision(browser)) == (before, 1)


def test_an_item_is_edited_and_the_draft_says_what_changed(draft: Browser) -> None:
    page = saved(draft, "/butir/KL-02", weight="2", question_id="Sudahkah SK badan hukum terbit?")
    page = saved(draft, "/butir/KL-01", weight="4")

    assert page.has("2 butir berubah")
    assert page.has("bobot 3 menjadi 4")
    assert "jawaban lama tetap dipakai" in page.texts(".pill")
    assert (item(draft, "KL-01")["weight"], item(draft, "KL-02")["weight"]) == (4, 2)
    assert page.soup.select(f"a[href='{DRAFT}/terbit']")


def test_levels_that_change_their_meaning_are_asked_again(draft: Browser) -> None:
    page = saved(draft, "/butir/KL-05", levels_1="Baru sebagian kecil")

    assert "ditanyakan lagi" in page.texts(".pill")


def test_sums_that_do_not_agree_may_be_kept_and_stop_the_publishing(draft: Browser) -> None:
    page = saved(draft, "/butir/KL-01", weight="9")

    assert page.has("Bagian KL-A: bobot butirnya berjumlah 26, bobot bagiannya 20.")
    assert not page.soup.select(f"a[href='{DRAFT}/terbit']")
    for path in ("/terbit", "/uji", "/berkas.xlsx"):
        assert draft.client.get(f"{DRAFT}{path}").headers["Location"] == DRAFT
    assert draft.client.get(f"{DRAFT}/berkas.yaml").status_code == 200


def test_sections_that_do_not_make_a_hundred_are_named(draft: Browser) -> None:
    page = saved(draft, "/bagian/KL-A", weight="19")

    assert page.has("Bobot semua bagian berjumlah 99, harus 100.")


BAD_ITEMS = [
    ("KL-01", {"weight": ""}, "weight", "Wajib diisi."),
    ("KL-01", {"weight": "0"}, "weight", "bilangan bulat 1 sampai 100"),
    ("KL-01", {"weight": "2,5"}, "weight", "bilangan bulat 1 sampai 100"),
    ("KL-01", {"weight": "banyak"}, "weight", "Tulis angka"),
    ("KL-01", {"weight": "9" * 300}, "weight", "Tulis angka"),
    ("KL-01", {"label_id": "   "}, "label_id", "Wajib diisi."),
    ("KL-01", {"label_id": "x" * 121}, "label_id", "Paling banyak 120 karakter."),
    ("KL-01", {"na_when": "Belum ada usaha"}, "na_when", "Kosongkan, atau centang"),
    ("KL-01", {"na_allowed": "y"}, "na_when", "Tulis kapan butir ini tidak berlaku."),
    ("KL-01", {"na_allowed": "y", "na_when": "Belum"}, "na_allowed", "tidak boleh"),
    ("KL-01", {"review_months": ["4"]}, "review_months", "hanya untuk triwulanan"),
    ("KL-01", {"review_frequency": "triwulanan", "review_months": ["1", "2"]}, "review_months", "berjarak 3 bulan"),
    ("KL-01", {"review_frequency": "triwulanan", "review_months": ["13"]}, "review_months", "Pilih"),
    ("KL-01", {"review_frequency": "kadang"}, "review_frequency", "Pilih salah satu"),
    ("KL-01", {"section": "KL-Z"}, "section", "Pilih salah satu"),
    ("KL-01", {"applies_from_stage": "4"}, "applies_from_stage", "Pilih salah satu"),
    ("KL-01", {"action_template_default_due_days": "181"}, "action_template_default_due_days", "1 sampai 180"),
    ("KL-01", {"source_confidence": "pasti"}, "source_confidence", "sure, likely atau unsure"),
    ("KL-02", {"verification": "interview"}, "verification", "selain wawancara"),
    ("KL-05", {"levels_1": ""}, "levels_1", "Wajib diisi."),
    ("KL-05", {"levels_1": "Sama", "levels_2": "sama"}, "levels_0", "keempat tingkat harus berbeda"),
    ("KL-22", {"thresholds_steps": "banyak"}, "thresholds_steps", "misalnya 60 = 0,6"),
    ("KL-22", {"thresholds_steps": "50 = 0,5\n0 = 0\n90 = 1"}, "thresholds_steps", "harus naik"),
    ("KL-22", {"thresholds_steps": "0 = 0\n90 = 2"}, "thresholds_steps", "misalnya 60 = 0,6"),
    ("KL-22", {"min": "900"}, "min", "harus di bawah"),
    ("KL-22", {"decimals": "3"}, "decimals", "0 sampai 2"),
    ("KL-22", {"unit": ""}, "unit", "Wajib diisi."),
    ("KL-09", {"date_rule_within_days_365": "2"}, "date_rule_within_days_365", "0 sampai 1"),
    ("KL-09", {"date_rule_within_days_365": ""}, "date_rule_reference", "pakai tepat satu"),
    ("KL-29", {"date_rule_on_or_before_mm_dd": "31 Foo = 1"}, "date_rule_on_or_before_mm_dd", "misalnya 31 Maret = 1"),
    ("KL-29", {"date_rule_on_or_before_mm_dd": "30 Februari = 1"}, "date_rule_on_or_before_mm_dd", "harus"),
]


@pytest.mark.parametrize(("item_id", "typed", "field", "message"), BAD_ITEMS)
def test_what_an_item_may_not_hold_is_refused_at_its_field_and_stays_typed(
    draft: Browser, item_id: str, typed: dict[str, Any], field: str, message: str
) -> None:
    page = saved(draft, f"/butir/{item_id}", label_en="My own", **typed)

    assert page.status == 400
    assert message in page.text(f"#{field}-error")
    assert page.soup.select(f"[data-error-summary] a[href='#{field}']")
    kept = page.fields()
    assert kept["label_en"] == "My own"
    assert {name: kept[name].split() for name in typed if name not in CHOSEN} == {
        name: value.split() for name, value in typed.items() if name not in CHOSEN
    }
    assert revision(draft) == 1


def test_every_fault_is_named_at_once_whoever_finds_it(draft: Browser) -> None:
    typed = {"weight": "x", "thresholds_steps": "50 = 0,5\n0 = 0", "source_confidence": "pasti", "unit": ""}

    page = saved(draft, "/butir/KL-22", **typed)

    assert {str(each["href"]) for each in page.soup.select("[data-error-summary] a")} == {f"#{name}" for name in typed}


CHOSEN = ("review_frequency", "review_months", "section", "applies_from_stage")
"""What a browser can only choose: a choice that is not offered leaves nothing to keep."""


def test_a_new_item_goes_from_its_type_to_its_form_and_is_stored_once(draft: Browser) -> None:
    first = draft.open(f"{DRAFT}/butir/baru?section=KL-B")
    assert first.status == 200
    assert not first.soup.select("[data-error-summary]")
    refused = draft.open(f"{DRAFT}/butir/baru?section=KL-B&type=smiley")
    assert "Pilih" in refused.text("#type-error")
    path = "/butir/baru?section=KL-B&type=yes_no_na"
    page = draft.open(f"{DRAFT}{path}")
    code = page.fields()["new_id"]
    assert page.heading == f"Butir baru {code}"
    sent = {**page.fields(), **NEW_ITEM}

    draft.send(f"{DRAFT}{path}", sent)
    again = draft.send(f"{DRAFT}{path}", sent)

    assert again.status == 200
    added = item(draft, code)
    assert (added["type"], added["section"], added["weight"], added["na_allowed"]) == ("yes_no_na", "KL-B", 2, False)
    assert "na_when" not in added
    assert len(stored(draft)["items"]) == len(edition()["items"]) + 1
    assert again.has("1 butir baru")


NEW_ITEM = {
    "label_id": "Papan nama",
    "label_en": "Name board",
    "question_id": "Apakah papan nama terpasang?",
    "question_en": "Is the name board up?",
    "evidence": "Foto papan nama",
    "guidance": "Lihat di depan gerai.",
    "weight": "2",
    "verification": "observation",
    "review_frequency": "tahunan",
    "review_months": "4",
    "action_template_title_id": "Pasang papan nama",
    "action_template_title_en": "Put up the name board",
    "action_template_done_when_id": "Papan nama terlihat dari jalan.",
    "source_text": "Usulan kami",
    "source_confidence": "unsure",
}


def test_a_new_item_without_anything_says_so_at_every_field(draft: Browser) -> None:
    page = saved(draft, "/butir/baru?section=KL-B&type=scale_0_3")

    assert page.status == 400
    for name in ("label_id", "levels_0", "levels_3", "weight", "source_text"):
        assert "Wajib diisi." in page.text(f"#{name}-error")


def test_a_code_that_another_item_took_meanwhile_is_told_and_another_is_given(draft: Browser) -> None:
    path = f"{DRAFT}/butir/baru?section=KL-B&type=yes_no_na"
    mine = {**draft.open(path).fields(), **NEW_ITEM}
    draft.send(path, {**mine, "label_id": "Papan lain"})

    page = draft.send(path, mine)

    assert page.status == 400
    assert page.has("sudah dipakai")
    assert page.fields()["label_id"] == "Papan nama"
    assert page.fields()["new_id"] != mine["new_id"]


@pytest.mark.parametrize("made_up", ["KL-02", "XX-01", "<b>", ""])
def test_a_code_that_is_made_up_is_not_taken(draft: Browser, made_up: str) -> None:
    path = "/butir/baru?section=KL-B&type=yes_no_na"

    saved(draft, path, **NEW_ITEM, new_id=made_up)

    ids = [each["id"] for each in stored(draft)["items"]]
    assert len(ids) == len(set(ids)) == len(edition()["items"]) + 1
    assert made_up == "KL-02" or made_up not in ids


def test_an_item_moves_to_another_section_and_is_removed(draft: Browser) -> None:
    saved(draft, "/butir/KL-02", section="KL-C")
    assert item(draft, "KL-02")["section"] == "KL-C"
    page = draft.open(f"{DRAFT}/butir/KL-03")

    page = draft.send(f"{DRAFT}/butir/KL-03/hapus", page.fields("form[action$=hapus]"))

    assert page.has("1 butir dihapus")
    assert "KL-03" not in [each["id"] for each in stored(draft)["items"]]


def test_a_section_is_added_and_only_an_empty_one_is_removed(draft: Browser) -> None:
    page = saved(draft, "/bagian/baru", code="kl h", name_id="Baru", name_en="New", weight="5")
    assert "huruf besar" in page.text("#code-error")
    page = saved(draft, "/bagian/baru", code="KL-A", name_id="Baru", name_en="New", weight="5")
    assert "sudah dipakai" in page.text("#code-error")
    assert page.fields()["name_id"] == "Baru"
    saved(draft, "/bagian/baru", code="KL-H", name_id="Baru", name_en="New", weight="5")
    assert [each["code"] for each in stored(draft)["sections"]][-1] == "KL-H"

    for code, words in (("KL-H", "Bagian KL-H dihapus."), ("KL-A", "masih berisi butir")):
        page = draft.open(f"{DRAFT}/bagian/{code}")
        assert draft.send(f"{DRAFT}/bagian/{code}/hapus", page.fields("form[action$=hapus]")).has(words)
    assert next(each["code"] for each in stored(draft)["sections"]) == "KL-A"


def test_bands_hold_together_or_are_refused(draft: Browser) -> None:
    page = saved(draft, "/pita", **{"bands-0-name_id": "Sehat sekali", "bands-1-min": "99"})
    assert page.status == 400
    assert "Sehat" in page.text("#bands-0-name_id-error")
    assert page.has("min pita harus turun sampai 0")
    assert page.fields()["bands-1-min"] == "99"
    page = saved(draft, "/pita", **{"bands-0-min": "101"})
    assert "antara 0 dan 100" in page.text("#bands-0-min-error")
    assert revision(draft) == 1

    page = saved(draft, "/pita", **{"bands-0-name_id": "Sangat siap", "bands-0-min": "87,5"})

    assert page.has("batas bawah 85 menjadi 87,5")
    assert stored(draft)["scoring"]["bands"][0]["min"] == 87.5


def test_a_page_on_which_other_bands_stood_changes_none(draft: Browser) -> None:
    fields = draft.open(f"{DRAFT}/pita").fields()
    fewer = {name: value for name, value in fields.items() if not name.startswith("bands-3")}

    assert draft.send(f"{DRAFT}/pita", fewer).status == 400
    assert revision(draft) == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"version": "0.3.0"}, "version", "tidak lebih tinggi"),
        ({"version": "baru"}, "version", "angka dan titik"),
        ({"version": ""}, "version", "Wajib diisi."),
        ({"version": "1" * 21}, "version", "Paling banyak 20"),
        ({"title_id": ""}, "title_id", "Wajib diisi."),
    ],
)
def test_facts_that_cannot_be_are_refused(draft: Browser, typed: dict[str, str], field: str, message: str) -> None:
    page = saved(draft, "/fakta", **typed)

    assert page.status == 400
    assert message in page.text(f"#{field}-error")
    assert page.fields()[field] == typed[field]
    assert revision(draft) == 1


def test_facts_are_saved(draft: Browser) -> None:
    assert saved(draft, "/fakta", version="1.0", title_id="Lembaga").heading == "Draf KL 1.0"


# Two admins -----------------------------------------------------------------------------------------------------------


def test_the_second_admin_is_told_by_whom_and_keeps_what_was_typed(draft: Browser) -> None:
    with draft.make() as make:
        other_admin = make.user(Role.ADMIN, name="Budi Santoso")
    mine = {**draft.open(f"{DRAFT}/butir/KL-01").fields(), "guidance": "Panduan saya"}
    other = Browser(draft.app, draft.make)
    other.sign_in(other_admin)
    saved(other, "/butir/KL-01", guidance="Panduan orang lain")

    page = draft.send(f"{DRAFT}/butir/KL-01", mine)

    assert page.status == 400
    assert page.has("Draf ini diubah Budi Santoso pada 14 April 2026, 09.30")
    assert page.fields()["guidance"] == "Panduan saya"
    assert item(draft, "KL-01")["guidance"] == "Panduan orang lain"
    draft.send(f"{DRAFT}/butir/KL-01", page.fields())
    assert item(draft, "KL-01")["guidance"] == "Panduan saya"


def test_what_is_removed_or_discarded_by_an_old_page_stays(draft: Browser) -> None:
    removal = draft.open(f"{DRAFT}/butir/KL-03").fields("form[action$=hapus]")
    discarding = draft.open(DRAFT).fields("form[action$=buang]")
    saved(draft, "/butir/KL-01", guidance="Lain")

    assert draft.send(f"{DRAFT}/butir/KL-03/hapus", removal).has("Draf ini diubah Dewi Lestari")
    assert draft.send(f"{DRAFT}/buang", discarding).has("Draf ini diubah Dewi Lestari")
    assert revision(draft) == 2


def test_a_discarded_draft_is_gone_from_the_pages(draft: Browser) -> None:
    fields = draft.open(DRAFT).fields("form[action$=buang]")

    assert draft.send(f"{DRAFT}/buang", fields).has("Draf dibuang")
    assert draft.send(f"{DRAFT}/buang", fields).has("sudah tidak ada")
    with draft.app.app_context():
        assert "discard_instrument_draft" in reading().scalars(select(AuditEvent.verb)).all()


# A file ---------------------------------------------------------------------------------------------------------------


def uploaded(browser: Browser, name: str, content: bytes) -> Page:
    fields = browser.open(f"{DRAFT}/unggah").fields()
    boundary, body = encode_multipart({**fields, "file": FileStorage(io.BytesIO(content), name)})
    sent_as = f"multipart/form-data; boundary={boundary}"
    return Page(browser.client.post(f"{DRAFT}/unggah", data=body, content_type=sent_as, follow_redirects=True))


def test_a_workbook_that_was_edited_is_the_draft(draft: Browser) -> None:
    content = edited(changes("KL-05", "Pertanyaan", "Apakah semua usaha tercakup?"), "kelembagaan")

    page = uploaded(draft, "kl.xlsx", content)

    assert page.has("Isi berkas masuk ke draf.")
    assert item(draft, "KL-05")["question_id"] == "Apakah semua usaha tercakup?"
    assert page.has("tidak lebih tinggi"), "its number was not raised"
    with draft.app.app_context():
        event = reading().scalars(select(AuditEvent).where(AuditEvent.verb == "change_instrument_draft")).one()
    assert set(event.after or {}) == {"KL-05", "instrument.version"}


def test_yaml_is_taken_as_well(draft: Browser) -> None:
    page = uploaded(draft, "kl.yaml", yaml_of(edition("0.5.0")).encode())

    assert page.heading == "Draf KL 0.5.0"


BAD_FILES = [
    ("kl.xlsx", edited(changes("KL-05", "Bobot", "banyak"), "kelembagaan"), "Butir!F6"),
    ("kl.xlsx", edited(changes("KL-05", "Bobot", "=1+1"), "kelembagaan"), "rumus"),
    ("kl.xlsx", edited(lambda book: book["Butir"].merge_cells("C3:C4"), "kelembagaan"), "Butir!C"),
    ("kl.xlsx", edited(lambda book: setattr(book["Butir"], "title", "Soal"), "kelembagaan"), "Soal"),
    ("kl.xlsx", edited(enters("Bagian", 2, "Bobot", 21), "kelembagaan"), "harus 100"),
    ("kl.xlsx", b"PK\x03\x04 rusak", "bukan buku kerja"),
    ("kl.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls lama"),
    ("kl.xlsx", b"PK\x03\x04" + b"0" * 5_000_001, "terlalu besar"),
    ("uk.xlsx", workbook(), "untuk instrumen UK, bukan KL"),
    ("kl.yaml", b"items: [", "baris 1"),
    ("kl.yaml", b"\xff\xfe", "UTF-8"),
    ("foto.jpg", b"\xff\xd8\xff\xe0", "UTF-8"),
    ("kl.yaml", b"a: 1", "wajib diisi"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD_FILES)
def test_a_file_with_faults_is_refused_whole_and_each_is_named(
    draft: Browser, name: str, content: bytes, message: str
) -> None:
    page = uploaded(draft, name, content)

    assert page.status == 400
    assert message in page.text(".notice--wrong")
    assert (stored(draft), revision(draft)) == (edition("0.4.0"), 1)


def test_a_file_must_be_chosen(draft: Browser) -> None:
    fields = draft.open(f"{DRAFT}/unggah").fields()

    page = draft.send(f"{DRAFT}/unggah", {**fields, "file": (io.BytesIO(b""), "")})

    assert "Pilih berkasnya." in page.text("#file-error")


def test_a_file_on_an_old_page_overwrites_nothing(draft: Browser) -> None:
    fields = draft.open(f"{DRAFT}/unggah").fields()
    saved(draft, "/butir/KL-01", guidance="Lain")
    content = yaml_of(edition("0.5.0")).encode()

    page = draft.send(f"{DRAFT}/unggah", {**fields, "file": (io.BytesIO(content), "kl.yaml")})

    assert page.has("Draf ini diubah Dewi Lestari")
    assert item(draft, "KL-01")["guidance"] == "Lain"


# Trying and publishing ------------------------------------------------------------------------------------------------


def test_the_dry_run_names_the_cooperatives_that_change(draft: Browser) -> None:
    with draft.make() as make:
        make.visit(make.facilitator(), {"KL-01": ("yes", "diamati"), "KL-02": ("no", "diamati")})
    saved(draft, "/butir/KL-01", weight="5")
    saved(draft, "/butir/KL-02", weight="1")

    page = draft.open(f"{DRAFT}/uji")

    (row,) = page.texts("tbody tr")
    assert row.startswith("KKMP Graha Indah 50,0")
    assert "83,3" in row
    assert "+33,3" in row
    assert page.has("33 koperasi tidak berubah.")
    assert page.has("1 skor berubah")


def test_a_draft_is_published_once_however_often_it_is_pressed(draft: Browser) -> None:
    fields = draft.open(f"{DRAFT}/terbit").fields()
    assert fields["effective_on"] == str(TODAY)

    page = draft.send(f"{DRAFT}/terbit", fields)
    again = draft.send(f"{DRAFT}/terbit", fields)

    for each in (page, again):
        assert each.has("KL versi 0.4.0 terbit dan berlaku mulai 14 April 2026.")
    assert numbers(draft.app) == ["0.3.0", "0.4.0"]
    with draft.app.app_context():
        assert reading().scalars(select(InstrumentDraft)).all() == []


def numbers(app: Flask) -> list[str]:
    with app.app_context():
        return [each.instrument.version for each in versions_of(reading(), "KL")]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("2026-04-13", "Pilih hari ini atau sesudahnya."),
        ("", "Isi hari pertamanya."),
        ("besok", "Tulis tanggal"),
        ("2999-01-01", "Periksa tahunnya."),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(draft: Browser, typed: str, message: str) -> None:
    page = saved(draft, "/terbit", effective_on=typed)

    assert page.status == 400
    assert message in page.text("#effective_on-error")
    assert page.fields()["effective_on"] == typed
    assert numbers(draft.app) == ["0.3.0"]


def test_a_day_before_that_of_a_version_to_come_is_refused_with_the_day(browser: Browser, admin: User) -> None:
    with browser.make() as make:
        september = TODAY.replace(month=9, day=1)
        publish_next(make.session, edition("0.4.0"), effective_on=september, **EVENT)
        start_draft(make.session, "KL", author_id=admin.id, **EVENT)
    assert browser.open(f"{DRAFT}/terbit").fields()["effective_on"] == "2026-09-01"
    assert browser.open(DRAFT).has("Dibandingkan dengan versi 0.4.0, yang akan berlaku mulai 1 September 2026")

    page = saved(browser, "/terbit", effective_on="2026-08-31")

    assert "berlaku sejak 1 September 2026" in page.text("#effective_on-error")


def test_what_changed_after_the_preview_is_shown_before_it_is_published(draft: Browser) -> None:
    fields = draft.open(f"{DRAFT}/terbit").fields()
    saved(draft, "/butir/KL-01", guidance="Lain")

    page = draft.send(f"{DRAFT}/terbit", fields)

    assert page.status == 400
    assert page.has("Periksa sekali lagi apa yang diterbitkan.")
    assert page.has("1 butir berubah")
    assert numbers(draft.app) == ["0.3.0"]
    draft.send(f"{DRAFT}/terbit", page.fields())
    assert numbers(draft.app) == ["0.3.0", "0.4.0"]


def test_a_type_that_changed_by_a_file_stops_the_publishing(draft: Browser) -> None:
    page = uploaded(draft, "kl.yaml", yaml_of(edition("0.4.0", KL_01={"type": "evidence_only"})).encode())

    assert page.has("Jenis jawaban berubah pada KL-01.")
    assert draft.client.get(f"{DRAFT}/terbit").headers["Location"] == DRAFT


def test_a_version_published_elsewhere_meanwhile_is_what_the_draft_is_compared_with(draft: Browser) -> None:
    with draft.app.app_context(), transaction() as session:
        publish_next(session, edition("0.4.0", KL_01={"label_id": "Akta"}), effective_on=TODAY, **EVENT)

    page = draft.open(DRAFT)

    assert page.has("Dibandingkan dengan versi 0.4.0")
    assert page.has("Versi 0.4.0 tidak lebih tinggi daripada versi 0.4.0 yang sudah terbit.")
    with draft.app.app_context():
        assert len(reading().scalars(select(InstrumentVersion)).all()) == 4
