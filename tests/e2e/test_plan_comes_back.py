"""The plan and its way back, three people at once: the facilitator agrees on three actions, the treasurer answers from
a link on a phone, and the next visit, made without a network, looks again at what was reported done. The head reads
along; whatever page or paper anybody opens says the same.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Playwright, expect
from pypdf import PdfReader

from tests.e2e.conftest import LAPTOP, PHONE, Device, DeviceMaker, Server
from tests.e2e.tablets import Tablet, tablets
from tests.only import served_from_sqlite
from tests.pictures import photo

COOPERATIVE = "64.71.05.1002"
HERE = f"/koperasi/{COOPERATIVE}"
FORM = f"{HERE}/kunjungan/baru"
DISPUTED, PROVED, LEFT = "Daftarkan akta", "Ambil SK di notaris", "Lengkapi buku anggota"
ACTIONS = {"KL-01": DISPUTED, "KL-02": PROVED, "KL-03": LEFT}
WAITING = "/rencana-aksi/menunggu"
TO_DO = "#kerjakan ~ ul"
OPENED = re.compile(r"/tautan/[a-z2-7]{32}$")


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    server.add_facilitator("intan", "Intan Permata", COOPERATIVE)
    server.add_user("agency_head", "camat", "Kepala Bidang")
    yield from tablets(playwright, server, tmp_path / "tablet")


@served_from_sqlite
def test_three_people_and_one_plan(tablet: Tablet, device: DeviceMaker, tmp_path: Path) -> None:
    phone, desk = device(PHONE), device(LAPTOP)
    tablet.sign_in("intan")
    desk.sign_in("camat")
    _agree(tablet)
    before = _score(desk)

    _come_in(phone, _link_for_the_treasurer(tablet))
    _disagree(phone.page)
    _report_done(phone.page, tmp_path)
    _all_say(desk, phone, {DISPUTED: "Disepakati", PROVED: "Dilaporkan selesai", LEFT: "Disepakati"})

    _answer_the_dispute(tablet)
    _return_the_proof(tablet)
    _all_say(desk, phone, {DISPUTED: "Disepakati", PROVED: "Dikembalikan", LEFT: "Disepakati"})
    _report_again(phone)

    _visit_offline(tablet)
    _all_say(desk, phone, {DISPUTED: "Disepakati", PROVED: "Dilaporkan selesai", LEFT: "Disepakati"})
    assert _score(desk) == before
    _bring_it_back(tablet)
    _all_say(desk, phone, {DISPUTED: "Disepakati", LEFT: "Disepakati"})
    assert _score(desk) > before
    _look_at_its_life(desk)
    assert not phone.scrolls_sideways()
    _take_the_link_back(tablet, phone)


def _agree(tablet: Tablet) -> None:
    """A visit as its form sends it; filling it in by hand is what other tests do."""
    tablet.open(FORM)
    hidden = tablet.page.locator("#visit-form > input[type=hidden]")
    fields = dict(hidden.evaluate_all("all => all.map(each => [each.name, each.value])"))
    today = tablet.page.locator("[name=visited_on]").input_value()
    due_on = dt.date.fromisoformat(today) + dt.timedelta(days=20)
    for number, (item_id, title) in enumerate(ACTIONS.items()):
        fields |= {f"answers-{item_id}-value": "no", f"answers-{item_id}-proof": "dokumen_dilihat"}
        action = {"item": item_id, "title": title, "owner_role": "bendahara", "due_on": str(due_on), "agreed": "y"}
        fields |= {f"actions-{number}-{name}": each for name, each in action.items()}
    sent = {**fields, "visited_on": today, "mode": "tatap_muka", "purposes": "pemeriksaan"}
    answer = tablet.context.request.post(tablet.cable.url + FORM, form=sent)
    assert re.search(r"/kunjungan/[0-9a-f-]{36}$", answer.url), answer.status


def _link_for_the_treasurer(tablet: Tablet) -> str:
    page = tablet.page
    tablet.open(f"{HERE}/pengurus/baru")
    page.get_by_label("Nama", exact=True).fill("Siti Aminah")
    page.get_by_label("Jabatan", exact=True).select_option("bendahara")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Akses pengurus").click()
    page.get_by_role("button", name="Tampilkan tautan dan QR").click()
    expect(page.locator("svg.qr")).to_be_visible()
    link = page.get_by_label("Alamat").input_value()
    shared = page.get_by_role("link", name="Kirim lewat WhatsApp").get_attribute("href")
    assert link in unquote(str(shared))
    return link.replace(tablet.cable.url, tablet.server.url)


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
    page.locator(TO_DO).get_by_role("link", name=DISPUTED, exact=True).click()
    page.locator("summary", has_text="Setuju atau tidak setuju").click()
    page.get_by_label("Tidak setuju", exact=True).check()
    page.get_by_label("Alasan").fill("Aktanya sudah terdaftar")
    page.get_by_role("button", name="Kirim pendapat").click()
    expect(page.locator("main")).to_contain_text("Keberatan menunggu jawaban")


def _report_done(page: Page, folder: Path) -> None:
    """A camera's photo goes smaller than it was taken."""
    picture = folder / "sk.jpg"
    picture.write_bytes(photo(size=(2400, 1800)) + bytes(500_000))
    page.get_by_role("link", name="Rencana perbaikan").first.click()
    page.get_by_role("link", name=re.compile(f"Kirim bukti.*{PROVED}")).click()
    page.get_by_label("Foto atau PDF").set_input_files(picture)
    expect(page.locator("[data-proofs-said]")).to_contain_text("1 berkas")
    page.get_by_label("Keterangan").fill("Sudah diambil.")
    page.get_by_role("button", name="Lapor selesai").click()
    expect(page.locator("main")).to_contain_text("Pendamping akan memeriksa buktinya.")
    shown = page.locator(".proofs img")
    shown.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=shown.element_handle())


def _answer_the_dispute(tablet: Tablet) -> None:
    page = tablet.page
    tablet.open(WAITING)
    expect(page.locator("main")).to_contain_text("Aktanya sudah terdaftar")
    page.get_by_role("link", name="Jawab keberatan").click()
    page.get_by_label("Penjelasan").fill("Nomornya belum tampil di AHU, tetap dikerjakan")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.locator(".timeline")).to_contain_text("Keberatan dijawab")


def _return_the_proof(tablet: Tablet) -> None:
    page = tablet.page
    tablet.open(WAITING)
    expect(page.locator(".beside img")).to_be_visible()
    page.get_by_role("link", name="Periksa").click()
    page.get_by_text("Dikembalikan untuk dilengkapi").click()
    page.get_by_label("Yang dilihat, atau yang masih kurang").fill("Halaman kedua tidak terbaca")
    page.get_by_role("button", name="Simpan hasil").click()
    expect(page.locator(".timeline")).to_contain_text("Halaman kedua tidak terbaca")


def _report_again(phone: Device) -> None:
    page = phone.page
    page.locator(TO_DO).get_by_role("link", name=PROVED, exact=True).click()
    expect(page.locator("main")).to_contain_text("Halaman kedua tidak terbaca")
    page.get_by_label("Keterangan").fill("Halaman kedua difoto ulang.")
    page.get_by_role("button", name="Lapor selesai").click()
    expect(page.locator("main")).to_contain_text("Pendamping akan memeriksa buktinya.")


def _visit_offline(tablet: Tablet) -> None:
    """The next visit: its form asks the item again, and what was answered waits on the tablet."""
    page, item = tablet.page, tablet.page.locator("#KL-02")
    tablet.pack()
    tablet.go_offline()
    tablet.open(FORM)
    page.evaluate("location.hash = 'KL-A'")
    item.locator("label:has(input[name='answers-KL-02-value'][value='yes'])").click()
    item.locator("label:has(input[name='answers-KL-02-proof'][value='dokumen_dilihat'])").click()
    page.evaluate("location.hash = 'periksa'")
    page.get_by_role("button", name="Simpan kunjungan").click()
    expect(page.locator("[data-on-tablet]")).to_contain_text("belum terkirim")


def _bring_it_back(tablet: Tablet) -> None:
    tablet.open("/pengiriman")
    tablet.go_online()
    expect(tablet.page.locator("#terkirim")).to_contain_text("Terkirim ", timeout=30_000)


def _all_say(desk: Device, phone: Device, open_actions: dict[str, str]) -> None:
    """Both plans, the timeline, and the paper."""
    on_phone = {"Dilaporkan selesai": "Menunggu diperiksa"}
    desk.open(f"{HERE}/rencana")
    phone.open("/rencana")
    for page, words in ((desk.page, {}), (phone.page, on_phone)):
        cards = page.locator(f"{TO_DO} article.action")
        expect(cards).to_have_count(len(open_actions))
        for title, status in open_actions.items():
            expect(cards.filter(has_text=title)).to_contain_text(words.get(status, status))
    reached = open_actions.get(PROVED, "terverifikasi")
    desk.open(f"{HERE}/riwayat?jenis=tindakan")
    told = desk.page.locator(".timeline__entry").filter(has_text=f"Tindakan {reached.lower()}")
    expect(told.filter(has_text=PROVED).first).to_be_visible()
    answer = desk.context.request.get(f"{desk.server.url}{HERE}/rencana.pdf")
    paper = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.body())).pages)
    assert {title for title in ACTIONS.values() if title in " ".join(paper.split())} == set(open_actions)


def _score(desk: Device) -> float:
    """Of the first instrument, as the cooperative's page has it."""
    desk.open(HERE)
    words = desk.page.locator("#skor .score__number").first.inner_text()
    return float(words.replace(",", "."))


def _look_at_its_life(desk: Device) -> None:
    page = desk.page
    desk.open(f"{HERE}/rencana")
    page.get_by_text("1 tindakan selesai atau dibatalkan").click()
    page.get_by_role("link", name=PROVED).click()
    expect(page.locator(".timeline__entry .strong")).to_have_text(
        ["Terverifikasi", "Dilaporkan selesai", "Dikembalikan", "Dilaporkan selesai", "Disepakati"]
    )
    expect(page.locator(".timeline__entry").first).to_contain_text("Oleh kunjungan")


def _take_the_link_back(tablet: Tablet, phone: Device) -> None:
    """One use of it is on record; taken back, it puts the phone out."""
    page = tablet.page
    tablet.open(f"{HERE}/akses")
    expect(page.locator("main")).to_contain_text("Dipakai 1 kali")
    page.get_by_role("button", name="Cabut").click()
    expect(page.locator("main")).to_contain_text("Tautan dicabut.")
    phone.open("/rencana")
    expect(phone.page).to_have_url(re.compile("/masuk"))
