"""The chain from visit to plan, walked in a real browser, with scores that were worked out by hand."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LAPTOP, PHONE, TABLET, Device, DeviceMaker, Server
from tests.instruments.hand_worked import WORKED, WorkedExample
from tests.only import served_from_sqlite

GRAHA_INDAH = "64.71.03.1006"
NEIGHBOUR = "64.71.03.1001"
DECREE_DATE = "2025-07-14"
AGREED = {"KL-03": "Urus NPWP koperasi dan akses Coretax", "TK-14": None}


@pytest.fixture(scope="module")
def people(server: Server) -> Server:
    """A facilitator with two cooperatives, and an account for each of them; all made on the command line."""
    server.add_facilitator("ratna", "Ratna Wulandari", GRAHA_INDAH, NEIGHBOUR)
    server.add_user("cooperative", "grahaindah", "Pengurus Graha Indah", "--cooperative", GRAHA_INDAH)
    server.add_user("cooperative", "tetangga", "Pengurus Tetangga", "--cooperative", NEIGHBOUR)
    return server


def test_a_visit_becomes_the_plan_that_the_cooperative_sees(people: Server, device: DeviceMaker) -> None:
    tablet = device(TABLET)
    tablet.sign_in("ratna")

    _write_visit(tablet)
    _look_at_the_cooperative(tablet)
    _look_at_the_plan_on_a_phone(device(PHONE))


def _write_visit(tablet: Device) -> None:
    page = tablet.page
    page.get_by_role("link", name="KKMP Graha Indah").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Graha Indah")
    page.get_by_role("link", name="Catat kunjungan").first.click()
    page.get_by_label("Nama").first.fill("Siti Aminah")
    page.get_by_label("Jabatan").first.fill("Bendahara")

    for code, example in WORKED.items():
        _answer(page, example)
        expect(page.locator(f"[data-instrument='{code}'] [data-score-now]").first).to_contain_text(example.shown)

    for item_id, title in AGREED.items():
        _open_section_of(page, item_id)
        card = page.locator(f"#{item_id} .proposal-card")
        if title:
            expect(card).to_contain_text(title)
        card.get_by_role("button", name="Masukkan rencana").click()
        expect(card).to_contain_text("Masuk rencana")
    _open_section_of(page, "KL-15")
    page.locator("#KL-15 .proposal-card").get_by_role("button", name="Tidak sekarang").click()

    _go_to(page, "periksa")
    review = page.locator("#periksa")
    expect(review).to_contain_text("Siti Aminah")
    for example in WORKED.values():
        expect(review).to_contain_text(example.shown)
    expect(review.locator("[data-fill=actions] > li")).to_have_count(len(AGREED))
    page.get_by_role("button", name="Simpan kunjungan").click()
    expect(page).to_have_url(re.compile(r"/kunjungan/[0-9a-f-]{36}(#periksa)?$"))
    expect(page.locator("main")).to_contain_text("Siti Aminah")


def _answer(page: Page, example: WorkedExample) -> None:
    for item_id, (value, proof, note) in example.answers.items():
        _open_section_of(page, item_id)
        item = page.locator(f"#{item_id}")
        _enter(item, item_id, value)
        if item_id == "KL-09":
            page.locator("[name=decree_on]").fill(DECREE_DATE)
        if value != "na":
            item.locator(f"label:has(input[name='answers-{item_id}-proof'][value='{proof}'])").click()
        if note:
            field = item.locator(f"[name='answers-{item_id}-note']")
            if not field.is_visible():
                item.locator("details[data-note] summary").click()
            field.fill(note)


def _enter(item: Locator, item_id: str, value: str) -> None:
    choice = item.locator(f"label:has(input[name='answers-{item_id}-value'][value='{value}'])")
    if choice.count():
        choice.click()
    else:
        item.locator(f"input[name='answers-{item_id}-value']:not([type=checkbox])").fill(value)


def _open_section_of(page: Page, item_id: str) -> None:
    """Go to the step on which an item stands, as one would by the list of steps."""
    section = page.locator(f"[data-step]:has(#{item_id})").get_attribute("id")
    assert section
    _go_to(page, section)
    item = page.locator(f"#{item_id}")
    if not item.is_visible():
        page.locator("details.others").filter(has=item).locator("> summary").click()


def _go_to(page: Page, step: str) -> None:
    page.evaluate("step => { location.hash = step }", step)  # also before the page has hidden what is no step of now
    expect(page.locator(f"#{step}")).to_be_visible()


def _look_at_the_cooperative(tablet: Device) -> None:
    page = tablet.page
    tablet.open(f"/koperasi/{GRAHA_INDAH}")
    main = page.locator("main")
    for example in WORKED.values():
        expect(main).to_contain_text(example.shown)
        expect(main).to_contain_text(example.band_name)
    expect(main).to_contain_text("sementara")
    for code, example in WORKED.items():
        tablet.open(f"/koperasi/{GRAHA_INDAH}/skor/{code}")
        expect(main).to_contain_text(example.shown)
        for item_id in example.critical_unmet:
            expect(page.locator("main")).to_contain_text(item_id)


def _look_at_the_plan_on_a_phone(phone: Device) -> None:
    phone.sign_in("grahaindah")
    main = phone.page.locator("main")
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Rencana perbaikan")
    expect(main.locator("article.action")).to_have_count(len(AGREED))
    for title in filter(None, AGREED.values()):
        expect(main).to_contain_text(title)
    assert not phone.scrolls_sideways()
    for path in ("/koperasi", f"/koperasi/{GRAHA_INDAH}", f"/koperasi/{GRAHA_INDAH}/kunjungan/baru"):
        answer = phone.context.request.get(phone.server.url + path)
        assert answer.status == 403


@served_from_sqlite
def test_another_cooperative_sees_nothing_of_it(people: Server, device: DeviceMaker) -> None:
    phone = device(PHONE)

    phone.sign_in("tetangga")

    expect(phone.page.locator("article.action")).to_have_count(0)
    expect(phone.page.locator("main")).not_to_contain_text("NPWP")


@served_from_sqlite
def test_a_visit_can_be_written_without_javascript(people: Server, device: DeviceMaker) -> None:
    old = device(LAPTOP, javascript=False)
    old.sign_in("ratna")
    old.open(f"/koperasi/{NEIGHBOUR}/kunjungan/baru")

    old.page.locator("label:has(input[name='answers-KL-02-value'][value='no'])").click()
    proposal = old.page.locator("#KL-02 [data-proposal]")
    proposal.locator("summary").click()
    proposal.locator("input[type=checkbox][name$='-agreed']").check()
    old.page.get_by_role("button", name="Simpan kunjungan").click()

    expect(old.page).to_have_url(re.compile(r"/kunjungan/[0-9a-f-]{36}(#periksa)?$"))
    expect(old.page.locator("main")).to_contain_text("Unduh dan arsipkan SK badan hukum")


@served_from_sqlite
def test_what_was_typed_survives_a_fault(people: Server, device: DeviceMaker) -> None:
    tablet = device(TABLET)
    tablet.sign_in("ratna")
    tablet.open(f"/koperasi/{NEIGHBOUR}/kunjungan/baru")
    page = tablet.page
    _open_section_of(page, "KL-14")
    page.locator("#KL-14 input[name='answers-KL-14-value']").fill("banyak")
    _go_to(page, "temuan")
    page.locator("[name=notes]").fill("Pengurus baru dilantik.")

    _go_to(page, "periksa")
    page.get_by_role("button", name="Simpan kunjungan").click()

    expect(page.locator("#KL-14")).to_contain_text("Tulis angka")
    expect(page.locator("#KL-14")).to_be_visible()
    expect(page.locator("#KL-14 input[name='answers-KL-14-value']")).to_have_value("banyak")
    expect(page.locator("[name=notes]")).to_have_value("Pengurus baru dilantik.")
    tablet.complaints.clear()  # the 400 of the faulty form is what this test asked for


@served_from_sqlite
def test_a_visit_can_be_written_with_the_keyboard_alone(people: Server, device: DeviceMaker) -> None:
    laptop = device(LAPTOP)
    laptop.sign_in("ratna")
    laptop.open(f"/koperasi/{NEIGHBOUR}/kunjungan/baru#KL-A")
    page = laptop.page

    page.locator("#KL-01 input[name='answers-KL-01-value']").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#KL-01 input[value=yes]")).to_be_checked()
    page.locator("#KL-02 input[name='answers-KL-02-value']").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#KL-02 input[value=no]")).to_be_checked()
    _tab_to(page, "Masukkan rencana")
    page.keyboard.press("Enter")
    expect(page.locator("#KL-02 .proposal-card")).to_contain_text("Masuk rencana")
    _go_to(page, "periksa")
    _tab_to(page, "Simpan kunjungan")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/kunjungan/[0-9a-f-]{36}(#periksa)?$"))


def _tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"the keyboard never reaches {words!r}")
