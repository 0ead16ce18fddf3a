"""A new version is published while a facilitator writes a visit: the visit ends as it began, the next begins anew."""

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LAPTOP, TABLET, Device, DeviceMaker, Server
from tests.e2e.sound import faults_of
from tests.only import served_from_sqlite

SEPINGGAN = "64.71.01.1004"
VISIT = f"/koperasi/{SEPINGGAN}/kunjungan/baru"
NEW_QUESTION = "Sudahkah akta pendirian disimpan pengurus?"
HASH = "[name='instruments-KL']"


@pytest.fixture
def people(server: Server) -> Server:
    if "meutia" not in server.people:
        server.add_facilitator("meutia", "Meutia Sari", SEPINGGAN)
        server.add_user("admin", "pengelola", "Dewi Lestari")
        server.people["meutia"] = "Meutia Sari"
    return server


@served_from_sqlite
def test_a_visit_ends_on_the_version_it_began_with_and_the_next_begins_on_the_new_one(
    people: Server, device: DeviceMaker
) -> None:
    tablet, office = device(TABLET), device(LAPTOP)
    tablet.sign_in("meutia")
    office.sign_in("pengelola")
    old = _begin_to_write(tablet)
    number = _publish(office)

    _finish(tablet, old)
    _read_the_old_version(tablet)
    new = _begin_the_next(tablet)
    assert new != old
    _find_both_versions(office, number)


def _begin_to_write(tablet: Device) -> str:
    tablet.open(f"{VISIT}#temuan")
    page = tablet.page
    page.locator("[name=notes]").fill("Ditulis sebelum versi baru terbit")
    expect(page.locator("[data-draft-said]")).to_contain_text("Draf tersimpan")
    return page.locator(HASH).input_value()


def _publish(office: Device) -> str:
    page = office.page
    office.open("/instrumen")
    page.locator("form[action='/instrumen/KL/draf/baru'] button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Draf KL")
    number = page.get_by_role("heading", level=1).inner_text().split()[-1]
    _edit(page, "KL-01", "question_id", NEW_QUESTION)
    _edit(page, "KL-05", "levels_1", "Baru sebagian kecil usaha tercakup")
    expect(page.locator("main")).to_contain_text("2 butir berubah")
    page.get_by_role("link", name="Coba pada koperasi").click()
    expect(page.locator("main")).to_contain_text("tidak ada yang disimpan")
    page.go_back()
    page.get_by_role("link", name="Terbitkan").click()
    expect(page.locator("main")).to_contain_text("ditanyakan lagi")
    page.get_by_role("button", name="Terbitkan versi ini").click()
    expect(page.locator("main")).to_contain_text(f"KL versi {number} terbit")
    return number


def _edit(page: Page, item_id: str, field: str, words: str) -> None:
    section = page.locator("details", has=page.locator(f"a[href$='/butir/{item_id}']"))
    section.locator("summary").click()
    page.locator(f"a[href$='/butir/{item_id}']").click()
    page.locator(f"[name={field}]").fill(words)
    page.get_by_role("button", name="Simpan butir").click()
    expect(page.locator("main")).to_contain_text(f"Butir {item_id} disimpan.")


def _finish(tablet: Device, old: str) -> None:
    page = tablet.page
    page.reload()
    expect(page.locator("[name=notes]")).to_have_value("Ditulis sebelum versi baru terbit")
    assert page.locator(HASH).input_value() == old
    expect(page.locator("#KL-01 .item__question")).not_to_have_text(NEW_QUESTION)
    tablet.open(page.url.replace(tablet.server.url, "").partition("#")[0] + "#KL-A")
    _answer(page, "KL-01", "yes")
    _answer(page, "KL-05", "1")
    expect(page.locator("[data-draft-said]")).to_have_attribute("data-state", "saved")
    while not page.locator("#periksa").is_visible():
        page.locator("[data-step-next]").click()
    page.get_by_role("button", name="Simpan kunjungan").click()
    expect(page).to_have_url(re.compile(r"/kunjungan/[0-9a-f-]{36}"))


def _answer(page: Page, item_id: str, value: str) -> None:
    item = page.locator(f"#{item_id}")
    item.locator(f"label:has(input[name='answers-{item_id}-value'][value='{value}'])").click()
    item.locator(f"label:has(input[name='answers-{item_id}-proof'][value='dokumen_dilihat'])").click()


def _read_the_old_version(tablet: Device) -> None:
    expect(tablet.page.locator("main")).to_contain_text("Kurang dari separuh usaha tercakup")


def _begin_the_next(tablet: Device) -> str:
    tablet.open(f"{VISIT}#KL-A")
    page = tablet.page
    expect(page.locator("#KL-01 .item__question")).to_have_text(NEW_QUESTION)
    expect(page.locator("#KL-05")).to_contain_text("Baru sebagian kecil usaha tercakup")
    return page.locator(HASH).input_value()


def _find_both_versions(office: Device, number: str) -> None:
    office.open("/instrumen")
    panel = office.page.locator("section[aria-labelledby=instrumen-KL]")
    expect(panel).to_contain_text(f"Versi {number}")
    expect(panel).to_contain_text("versi lama")


PAGES = (
    "/instrumen",
    "/instrumen/UK/versi/0.3.0",
    "/instrumen/UK/draf",
    "/instrumen/UK/draf/butir/UK-01",
    "/instrumen/UK/draf/butir/baru",
    "/instrumen/UK/draf/butir/baru?section=UK-A&type=number",
    "/instrumen/UK/draf/bagian/UK-A",
    "/instrumen/UK/draf/fakta",
    "/instrumen/UK/draf/pita",
    "/instrumen/UK/draf/unggah",
    "/instrumen/UK/draf/uji",
    "/instrumen/UK/draf/terbit",
)


@served_from_sqlite
def test_the_pages_of_a_draft_are_sound_at_every_width(people: Server, device: DeviceMaker) -> None:
    screen = device(dict(LAPTOP))
    screen.sign_in("pengelola")
    screen.open("/instrumen")
    begin = screen.page.locator("form[action='/instrumen/UK/draf/baru'] button")
    if begin.count():
        begin.click()

    faults = [fault for path in PAGES for fault in faults_of(screen, path)]

    assert not faults, "\n".join(faults)


@served_from_sqlite
def test_a_workbook_goes_out_is_refused_with_its_faults_and_comes_in(
    people: Server, device: DeviceMaker, tmp_path: Path
) -> None:
    office = device(LAPTOP)
    office.sign_in("pengelola")
    page = office.page
    office.open("/instrumen")
    page.locator("form[action='/instrumen/TK/draf/baru'] button").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh XLSX").click()
    file = tmp_path / "tk.xlsx"
    download.value.save_as(file)
    assert download.value.suggested_filename.startswith("TK-")
    _upload(page, _edited(file, "Bobot", "banyak"))
    expect(page.locator("[data-error-summary]")).to_contain_text("Butir!")
    expect(page.locator("[data-error-summary]")).to_contain_text("Tidak ada yang disimpan")
    office.complaints.clear()  # the 400 of the faulty file is what was asked for

    _upload(page, _edited(file, "Pertanyaan", NEW_QUESTION))

    expect(page.locator("main")).to_contain_text("Isi berkas masuk ke draf.")
    expect(page.locator("main")).to_contain_text(f"menjadi “{NEW_QUESTION}”")


def _edited(file: Path, title: str, content: str) -> Path:
    """The workbook after somebody typed something else into the first item's row."""
    book = openpyxl.load_workbook(file)
    titles = [cell.value for cell in book["Butir"][1]]
    book["Butir"].cell(2, titles.index(title) + 1).value = content
    edited = file.with_name(f"{title}.xlsx")
    book.save(edited)
    return edited


def _upload(page: Page, file: Path) -> None:
    if not page.url.endswith("/unggah"):
        page.get_by_role("link", name="Unggah berkas").click()
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Unggah ke draf").click()
