"""The head has ten minutes: opens, sees what the simulated year has planted, decides three matters at once, and the
facilitator reads it on the home page.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LAPTOP, PHONE, Device, DeviceMaker, Server, _served

YEAR = ("--cooperatives", "34", "--months", "6", "--seed", "1")
PLANTED = (
    "Selisih kas berulang",
    "Menunggu keputusan tahap",
    "Tanpa pendamping",
    "Lama tidak dikunjungi",
    "Skor turun",
    "Tindakan lama terlambat",
    "Keberatan koperasi",
    "Serah terima menunggu",
    "Laporan terlambat",
    "Laporan menunggu tinjauan",
    "Kiriman tertahan",
    "Tablet belum mengirim",
    "Bukti kunjungan lemah",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _served(tmp_path_factory.mktemp("e2e-desk"), None, prepare=_simulate)


def _simulate(server: Server) -> None:
    said = server.command("simulate", *YEAR)
    server.people["password"] = re.findall(r"Kata sandi semua akun demo: (\S+)", said)[0]


def test_the_head_sees_every_exception_and_decides_three_at_once(server: Server, device: DeviceMaker) -> None:
    head = device(LAPTOP)
    _sign_in(head, "kepala", server.people["password"])
    kinds = head.page.locator(".kind")
    expect(kinds).to_have_text([re.compile(rf"{kind} \d+") for kind in PLANTED])

    kinds.filter(has_text="Lama tidak dikunjungi").click()
    silent = head.page.locator(".finding")
    expect(silent).to_have_count(2)
    head.open("/perlu-perhatian?jenis=skor-turun")
    before = head.page.locator(".finding").count()
    names = head.page.locator(".finding__name a").all_inner_texts()[:3]
    for box in head.page.locator("input[name=pilih]").all()[:3]:
        box.check()
    head.page.get_by_label("Pesan untuk pendamping").fill("Mohon dibahas dengan pengurus pekan ini.")
    head.page.get_by_role("button", name="Tanya pendamping").click()

    expect(head.page.get_by_text("3 pertanyaan dikirim. Pendamping melihatnya di beranda.")).to_be_visible()
    waiting = head.page.locator(".finding--waiting .finding__name")
    for name in names:
        expect(waiting.filter(has_text=name).first).to_be_visible()
    head.open("/perlu-perhatian?jenis=skor-turun")
    expect(head.page.locator(".finding")).to_have_count(before - 3)
    head.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    for path in ("/", "/perlu-perhatian", "/program", "/pendamping"):
        head.open(path)
        assert head.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    head.open("/")
    head.page.get_by_role("button", name="Sudah saya lihat").click()
    expect(head.page.get_by_text("Sejak Anda terakhir melihat")).to_be_visible()


def _sign_in(screen: Device, username: str, password: str) -> None:
    screen.open("/masuk")
    screen.page.get_by_label("Nama pengguna").fill(username)
    screen.page.get_by_label("Kata sandi").fill(password)
    screen.page.get_by_role("button", name="Masuk").click()
    expect(screen.page.get_by_role("heading", level=1)).to_be_visible()
