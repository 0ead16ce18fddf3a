"""A treasurer's way from the link in the chat to a proof: on a phone, with nothing but the link."""

import datetime as dt
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from pendamping.kernel.clock import OFFICE_TZ
from tests.e2e.conftest import PHONE, TABLET, Device, DeviceMaker, Server
from tests.only import served_from_sqlite
from tests.pictures import photo

COOPERATIVE = "64.71.04.1002"
TITLES = ("Cocokkan kas tiap pekan", "Buka rekening bank")
OPENED = re.compile(r"/tautan/[a-z2-7]{32}$")


@pytest.fixture(scope="module")
def people(server: Server) -> Server:
    server.add_facilitator("wulan", "Wulan Sari", COOPERATIVE)
    return server


@served_from_sqlite
def test_a_treasurer_answers_the_plan_from_a_link(people: Server, device: DeviceMaker, tmp_path: Path) -> None:
    tablet, phone = device(TABLET), device(PHONE)
    link = _handed_over(tablet)

    _come_in(phone, link)
    _disagree(phone.page)
    _report_done(phone.page, tmp_path)

    assert not phone.scrolls_sideways()
    _see_what_the_facilitator_sees(tablet, phone)


def _handed_over(tablet: Device) -> str:
    """Two actions agreed, a treasurer on the list, and a link for her."""
    tablet.sign_in("wulan")
    _agree(tablet)
    page = tablet.page
    tablet.open(f"/koperasi/{COOPERATIVE}/pengurus/baru")
    page.get_by_label("Nama", exact=True).fill("Siti Aminah")
    page.get_by_label("Jabatan", exact=True).select_option("bendahara")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Akses pengurus").click()
    page.get_by_role("button", name="Tampilkan tautan dan QR").click()
    expect(page.locator("svg.qr")).to_be_visible()
    link = page.get_by_label("Alamat").input_value()
    shared = page.get_by_role("link", name="Kirim lewat WhatsApp").get_attribute("href")
    assert link in unquote(str(shared))
    return link


def _agree(tablet: Device) -> None:
    today = dt.datetime.now(OFFICE_TZ).date()
    token = tablet.page.locator("[name=csrf_token]").first.input_value()
    fields: dict[str, str | float | bool] = {
        "csrf_token": token,
        "visited_on": str(today),
        "mode": "tatap_muka",
        "purposes": "pemeriksaan",
    }
    for number, title in enumerate(TITLES):
        due_on = str(today + dt.timedelta(days=20))
        fields |= {f"actions-{number}-title": title, f"actions-{number}-owner_role": "bendahara"}
        fields |= {f"actions-{number}-due_on": due_on}
    form = f"{tablet.server.url}/koperasi/{COOPERATIVE}/kunjungan/baru"
    answer = tablet.context.request.post(form, form=fields)
    assert re.search(r"/kunjungan/[0-9a-f-]{36}$", answer.url), answer.status


def _come_in(phone: Device, link: str) -> None:
    page = phone.page
    page.goto(link)
    expect(page).to_have_url(OPENED)
    assert not phone.scrolls_sideways()
    page.get_by_role("button", name="Buka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rencana perbaikan")
    assert page.url == f"{phone.server.url}/"
    assert page.evaluate("document.referrer") == ""
    page.get_by_role("button", name="Kami sudah membaca rencana ini").click()
    expect(page.locator("main")).to_contain_text("Rencana ini sudah Anda baca")


def _disagree(page: Page) -> None:
    page.get_by_role("link", name=TITLES[0], exact=True).click()
    page.locator("summary", has_text="Setuju atau tidak setuju").click()
    page.get_by_label("Tidak setuju", exact=True).check()
    page.get_by_label("Alasan").fill("Kas dihitung tiap bulan saja.")
    page.get_by_role("button", name="Kirim pendapat").click()
    expect(page.locator("main")).to_contain_text("Keberatan menunggu jawaban")


def _report_done(page: Page, folder: Path) -> None:
    """A camera's photo goes smaller than it was taken."""
    picture = folder / "buku-tabungan.jpg"
    picture.write_bytes(photo(size=(2400, 1800)) + bytes(500_000))
    page.get_by_role("link", name="Rencana perbaikan").first.click()
    page.get_by_role("link", name=re.compile(f"Kirim bukti.*{TITLES[1]}")).click()
    page.get_by_label("Foto atau PDF").set_input_files(picture)
    expect(page.locator("[data-proofs-said]")).to_contain_text("1 berkas")
    page.get_by_label("Keterangan").fill("Sudah dibuka di bank.")
    page.get_by_role("button", name="Lapor selesai").click()
    expect(page.locator("main")).to_contain_text("Pendamping akan memeriksa buktinya.")
    shown = page.locator(".proofs img")
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") > 0


def _see_what_the_facilitator_sees(tablet: Device, phone: Device) -> None:
    """Both steps on the plan, one use of the link; and taking it back puts the phone out."""
    page = tablet.page
    tablet.open(f"/koperasi/{COOPERATIVE}/rencana")
    expect(page.locator("main")).to_contain_text("Dilaporkan selesai")
    tablet.open(f"/koperasi/{COOPERATIVE}/akses")
    expect(page.locator("main")).to_contain_text("Dipakai 1 kali")
    page.get_by_role("button", name="Cabut").click()
    expect(page.locator("main")).to_contain_text("Tautan dicabut.")
    phone.open("/rencana")
    expect(phone.page).to_have_url(re.compile("/masuk"))
