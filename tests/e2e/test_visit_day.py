"""A facilitator's day in a real browser: a visit is planned, started, written in steps, signed, saved and put right."""

import datetime as dt
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from pendamping.kernel.clock import OFFICE_TZ
from tests.e2e.conftest import PHONE, TABLET, Device, DeviceMaker, Server
from tests.only import served_from_sqlite
from tests.pictures import photo

DAMAI = "64.71.01.1003"
PLACE = {"latitude": -1.2401, "longitude": 116.8702, "accuracy": 14}
MOST_TAPS = 40
POOR, GOOD = ("KL-01", "KL-03"), ("KL-02", "KL-04")
TREASURER = "Siti Aminah"


@dataclass
class Finger:
    """Taps like a person and counts; taps that answer an item are the visit's purpose and not counted."""

    page: Page
    taps: int = 0
    said: list[str] = field(default_factory=list)

    def tap(self, place: Locator, what: str) -> None:
        place.click()
        self.taps += 1
        self.said.append(what)

    def choose_file(self, place: Locator, file: Path, what: str) -> None:
        """The button, and the photo in the gallery."""
        place.set_input_files(file)
        self.taps += 2
        self.said.append(what)

    def onward_to(self, step: str) -> None:
        """Press “Lanjut” until a step is there, as somebody does who skips nothing."""
        while not self.page.locator(f"#{step}").is_visible():
            self.tap(self.page.locator("[data-step-next]"), f"onward to {step}")


@pytest.fixture
def people(server: Server) -> Server:
    if "pagi" not in server.people:
        server.add_facilitator("pagi", "Rahmat Hidayat", DAMAI)
        server.people["pagi"] = "Rahmat Hidayat"
    return server


@served_from_sqlite
def test_a_visit_from_its_plan_to_its_paper_and_a_correction(
    people: Server, device: DeviceMaker, tmp_path: Path
) -> None:
    tablet = device(TABLET)
    tablet.context.grant_permissions(["geolocation"])
    tablet.context.set_geolocation(PLACE)  # type: ignore[arg-type]
    tablet.sign_in("pagi")
    _add_the_treasurer(tablet)
    _plan_for_today(tablet)

    finger = Finger(tablet.page)
    _write(tablet, finger, _photo_of_today(tmp_path))
    assert finger.taps <= MOST_TAPS, finger.said
    _read_the_paper(tablet)
    _put_right(tablet)
    _find_it_done_on_the_home_page(tablet)


def _add_the_treasurer(tablet: Device) -> None:
    tablet.open(f"/koperasi/{DAMAI}/pengurus/baru")
    tablet.page.locator("[name=name]").fill(TREASURER)
    tablet.page.locator("[name=role]").select_option("bendahara")
    tablet.page.locator("main form button[type=submit]").click()
    expect(tablet.page.locator("main")).to_contain_text(TREASURER)


def _plan_for_today(tablet: Device) -> None:
    today = dt.datetime.now(OFFICE_TZ).date()
    tablet.open(f"/jadwal/baru?koperasi={DAMAI}&tanggal={today}")
    tablet.page.locator("[name=agenda]").fill("Periksa buku kas")
    tablet.page.locator("main form button[type=submit]").first.click()
    expect(tablet.page).not_to_have_url(re.compile("/baru"))


def _photo_of_today(folder: Path) -> Path:
    taken = dt.datetime.now(OFFICE_TZ).strftime("%Y:%m:%d %H:%M:%S")
    file = folder / "kegiatan.jpg"
    file.write_bytes(photo(size=(2400, 1800), taken=taken))
    return file


def _write(tablet: Device, finger: Finger, picture: Path) -> None:
    page = tablet.page
    tablet.open("/")
    expect(page.locator("main")).to_contain_text("Periksa buku kas")
    finger.tap(page.get_by_role("link", name=re.compile("Mulai")).first, "start from the plan")
    expect(page.locator("main")).to_contain_text("Periksa buku kas")
    finger.tap(page.locator(f"[data-officer-name='{TREASURER}']"), "who was met")
    finger.tap(page.locator("[data-place-ask]"), "where")
    expect(page.locator("[data-place-said]")).to_contain_text("14")
    finger.tap(page.locator("[data-now='started']"), "begun")

    finger.onward_to("KL-A")
    for item_id in (*POOR, *GOOD):
        _answer(page, item_id, "no" if item_id in POOR else "yes")
    for item_id in POOR:
        finger.tap(page.locator(f"#{item_id} [data-decide=agreed]"), f"agree on {item_id}")
    finger.choose_file(page.locator("#KL-02 [data-photos-input]"), picture, "photo of an item")
    expect(page.locator("#KL-02 [data-photo]")).to_have_attribute("data-state", "sent")

    finger.onward_to("temuan")
    expect(page.locator("[data-findings-list] > li")).to_have_count(len(POOR))
    finger.onward_to("bukti")
    strip = page.locator("[data-photos=photos]")
    finger.choose_file(strip.locator("[data-photos-input]"), picture, "photo of the visit")
    expect(strip.locator("[data-photo]")).to_have_attribute("data-state", "sent")
    _sign(page, finger)
    expect(page.locator("[data-draft-said]")).to_have_attribute("data-state", "saved")

    page.reload()
    _after_the_reload(page)
    finger.onward_to("periksa")
    expect(page.locator("#periksa")).to_contain_text("2 foto")
    expect(page.locator("#periksa [data-fill=actions] > li")).to_have_count(len(POOR))
    finger.tap(page.get_by_role("button", name="Simpan kunjungan"), "save")
    expect(page).to_have_url(re.compile(r"/kunjungan/[0-9a-f-]{36}"))


def _answer(page: Page, item_id: str, value: str) -> None:
    item = page.locator(f"#{item_id}")
    item.locator(f"label:has(input[name='answers-{item_id}-value'][value='{value}'])").click()
    item.locator(f"label:has(input[name='answers-{item_id}-proof'][value='dokumen_dilihat'])").click()


def _sign(page: Page, finger: Finger) -> None:
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(16):
        page.mouse.move(box["x"] + 40 + 18 * step, box["y"] + (60 if step % 2 else 120), steps=3)
    page.mouse.up()
    finger.taps += 1
    expect(page.locator("[data-signature-said]")).to_contain_text("tersimpan")
    expect(page.locator("[name=signed_by]")).to_have_value(TREASURER)


def _after_the_reload(page: Page) -> None:
    """Where one was, with all that was written: from the draft at the office."""
    expect(page.locator("#bukti")).to_be_visible()
    expect(page.locator("[data-photos=photos] [data-photo]")).to_have_count(1)
    expect(page.locator("[data-signature-kept]")).to_be_visible()
    expect(page.locator("[name=signed_by]")).to_have_value(TREASURER)


def _read_the_paper(tablet: Device) -> None:
    link = tablet.page.get_by_role("link", name="Berita acara").first.get_attribute("href")
    answer = tablet.context.request.get(f"{tablet.server.url}{link}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    paper = PdfReader(io.BytesIO(answer.body()))
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "BERITA ACARA" in words.upper()
    assert TREASURER in words
    assert "Rahmat Hidayat" in words
    catalogue: Any = paper.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].startswith("id")
    assert "/StructTreeRoot" in catalogue


def _put_right(tablet: Device) -> None:
    page = tablet.page
    page.get_by_role("link", name="Perbaiki").click()
    page.locator("[name=notes]").fill("Buku kas dilihat bersama bendahara.")
    page.get_by_role("button", name="Simpan perbaikan").click()
    expect(page.locator("#reason-error")).to_contain_text("Tulis mengapa")
    expect(page.locator("[name=notes]")).to_have_value("Buku kas dilihat bersama bendahara.")
    tablet.complaints.clear()  # the 400 of the form without a reason is what was asked for
    page.locator("[name=reason]").fill("Catatan terlupa.")
    page.get_by_role("button", name="Simpan perbaikan").click()
    expect(page.locator("main")).to_contain_text("diperbaiki 1 kali")
    expect(page.locator(".corrections")).to_contain_text("Catatan terlupa.")
    expect(page.locator(".corrections")).to_contain_text("Buku kas dilihat bersama bendahara.")


def _find_it_done_on_the_home_page(tablet: Device) -> None:
    tablet.open("/")
    expect(tablet.page.locator("main")).to_contain_text("Selesai")


@served_from_sqlite
def test_two_tabs_that_write_one_draft_lose_nothing(people: Server, device: DeviceMaker) -> None:
    tablet = device(TABLET)
    tablet.sign_in("pagi")
    tablet.open(f"/koperasi/{DAMAI}/kunjungan/baru#temuan")
    first = tablet.page
    first.locator("[name=notes]").fill("Dari tab pertama")
    expect(first.locator("[data-draft-said]")).to_contain_text("Draf tersimpan")
    second = tablet.context.new_page()
    second.goto(first.url)
    expect(second.locator("[name=notes]")).to_have_value("Dari tab pertama")

    second.locator("[name=notes]").fill("Dari tab kedua")
    expect(second.locator("[data-draft-said]")).to_contain_text("Draf tersimpan")
    first.locator("[name=notes]").fill("Dari tab pertama, lanjut")
    expect(first.locator("[data-draft-said]")).to_contain_text("draf tersendiri")

    assert first.url != second.url
    for page, words in ((first, "Dari tab pertama, lanjut"), (second, "Dari tab kedua")):
        page.reload()
        expect(page.locator("[name=notes]")).to_have_value(words)
    tablet.complaints.clear()  # the 409 that one tab was told is what this test is about


@served_from_sqlite
def test_a_dot_is_no_signature_and_a_text_is_no_photo(people: Server, device: DeviceMaker, tmp_path: Path) -> None:
    phone = device(PHONE)
    phone.sign_in("pagi")
    phone.open(f"/koperasi/{DAMAI}/kunjungan/baru#bukti")
    page = phone.page
    page.locator("[data-signature] canvas").click()
    expect(page.locator("[data-signature-said]")).to_contain_text("hanya satu titik")
    fake = tmp_path / "palsu.jpg"
    fake.write_text("bukan foto")

    page.locator("[data-photos=photos] [data-photos-input]").set_input_files(fake)

    tile = page.locator("[data-photos=photos] [data-photo]")
    expect(tile).to_have_attribute("data-state", "wrong")
    expect(tile).to_contain_text("bukan foto yang dapat dibuka")
    assert not phone.scrolls_sideways()
    phone.complaints.clear()  # the 415 is what this test asked for
