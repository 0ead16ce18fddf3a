"""Every page at four widths: nothing scrolls sideways, axe finds nothing, nothing is too small to touch."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import Device, DeviceMaker, Server

GRAHA_INDAH = "64.71.03.1006"
WIDTHS = (360, 820, 1180, 1440)
AXE_WIDTHS = (360, 1440)
"""The rules of axe see the same page at the widths between."""
PATHS = {
    "pamong": [
        "/",
        "/koperasi",
        "/koperasi?q=tidak+ada",
        f"/koperasi/{GRAHA_INDAH}",
        f"/koperasi/{GRAHA_INDAH}/data",
        f"/koperasi/{GRAHA_INDAH}/pengurus/baru",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#KL-A",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#temuan",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#bukti",
        f"/koperasi/{GRAHA_INDAH}/kunjungan/baru#periksa",
        "/jadwal",
        "/jadwal?pekan=2026-W15",
        "/jadwal/baru",
        f"/koperasi/{GRAHA_INDAH}/rencana",
        f"/koperasi/{GRAHA_INDAH}/skor/KL",
        f"/koperasi/{GRAHA_INDAH}/belum-terbukti",
        f"/koperasi/{GRAHA_INDAH}/butir/KL-02",
        "/belum-terbukti?hanya=kritis",
        f"/koperasi/{GRAHA_INDAH}/riwayat",
        f"/koperasi/{GRAHA_INDAH}/tahap",
        f"/koperasi/{GRAHA_INDAH}/dokumen",
        f"/koperasi/{GRAHA_INDAH}/dokumen/baru",
        f"/koperasi/{GRAHA_INDAH}/angka/2026-04",
        "/pengiriman",
        "/pemberitahuan",
        "/pemberitahuan/pengaturan",
        f"/koperasi/{GRAHA_INDAH}/kewajiban",
        "/kata-sandi",
    ],
    "kepala": [
        "/",
        "/koperasi",
        "/koperasi?keputusan=menunggu",
        f"/koperasi/{GRAHA_INDAH}",
        f"/koperasi/{GRAHA_INDAH}/tahap",
        "/penetapan",
        "/belum-terbukti",
        "/penetapan?untuk=gudang_gerai",
    ],
    "pengurus": ["/", "/rencana"],
    None: ["/masuk", "/luring"],
}
TOO_SMALL = """
() => [...document.querySelectorAll("main button, main .btn, nav a, input[type=submit]")]
  .filter(each => each.checkVisibility() && !each.closest("table"))
  .map(each => ({ box: each.getBoundingClientRect(), words: each.textContent.trim() || each.className }))
  .filter(({ box }) => box.height > 0 && box.height < 44)
  .map(({ box, words }) => `${words}: ${Math.round(box.height)} px high`)
"""


@pytest.fixture(scope="module")
def people(server: Server) -> Server:
    server.add_facilitator("pamong", "Bayu Saputra", "64.71.01.1001", "64.71.02.1004")
    server.add_user("agency_head", "kepala", "Kepala Dinas")
    server.add_user("cooperative", "pengurus", "Pengurus Manggar", "--cooperative", "64.71.01.1001")
    return server


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("username", list(PATHS))
def test_pages_are_sound_at_every_width(people: Server, device: DeviceMaker, username: str | None, width: int) -> None:
    screen = device({"width": width, "height": 1180 if width < 1000 else 900})
    if username:
        screen.sign_in(username)

    faults = [
        fault for path in PATHS[username] for fault in _faults_of(screen, path.replace(GRAHA_INDAH, _own(username)))
    ]

    assert not faults, "\n".join(faults)


def _own(username: str | None) -> str:
    return "64.71.01.1001" if username == "pamong" else GRAHA_INDAH


def _faults_of(screen: Device, path: str) -> list[str]:
    screen.page.goto("about:blank")
    screen.open(path)
    narrow_or_wide = screen.page.viewport_size is not None and screen.page.viewport_size["width"] in AXE_WIDTHS
    faults = [f"{path}: {violation}" for violation in _axe(screen.page)] if narrow_or_wide else []
    if screen.scrolls_sideways():
        faults.append(f"{path}: scrolls sideways")
    return faults + [f"{path}: {fault}" for fault in screen.page.evaluate(TOO_SMALL)]


def _axe(page: Page) -> list[str]:
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]]
