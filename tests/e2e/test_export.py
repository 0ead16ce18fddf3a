"""An export in a real browser: it shows how far it has come, is let go on request, and comes whole."""

from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import PHONE, DeviceMaker, Server
from tests.only import served_from_sqlite

LAMARU = "64.71.01.1002"


@pytest.fixture
def people(server: Server) -> Server:
    if "ekspor" not in server.people:
        server.add_facilitator("ekspor", "Dewi Lestari", LAMARU)
        server.people["ekspor"] = "Dewi Lestari"
    return server


@served_from_sqlite
def test_an_export_is_let_go_and_taken_again(people: Server, device: DeviceMaker) -> None:
    phone = device(PHONE)
    phone.sign_in("ekspor")
    phone.open("/ekspor")
    page, waiting = phone.page, list[Route]()
    page.get_by_text("CSV dengan koma").click()
    page.route("**/ekspor", lambda route: waiting.append(route))

    page.get_by_role("button", name="Ambil berkas").click()
    expect(page.get_by_text("Menyiapkan berkas ...")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Batalkan").click()
    expect(page.get_by_text("Dibatalkan. Tidak ada berkas yang disimpan.")).to_be_visible()
    page.unroute("**/ekspor")
    with page.expect_download() as download:
        page.get_by_role("button", name="Ambil berkas").click()

    assert len(waiting) == 1
    assert download.value.suggested_filename.startswith("kunjungan-")
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith("Kode wilayah,Koperasi,")
    expect(page.get_by_text("Selesai:")).to_be_visible()
    expect(page.get_by_role("button", name="Batalkan")).to_be_hidden()
    assert not phone.scrolls_sideways()
