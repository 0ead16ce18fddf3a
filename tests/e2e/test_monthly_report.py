"""A monthly report in a real browser: written, returned with a reason, sent again, approved, and its month locked."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from pendamping.kernel.clock import OFFICE_TZ
from tests.e2e.conftest import LAPTOP, TABLET, Device, DeviceMaker, Server
from tests.only import served_from_sqlite

MARGASARI = "64.71.02.1006"
NAME, HEAD = "Nur Aini", "Kepala Dinas Uji"


@pytest.fixture
def people(server: Server) -> Server:
    if "bulanan" not in server.people:
        server.add_facilitator("bulanan", NAME, MARGASARI)
        server.add_user("agency_head", "penilai", HEAD)
        server.people["bulanan"] = NAME
    return server


def last_month() -> dt.date:
    """Its last day."""
    return dt.datetime.now(OFFICE_TZ).date().replace(day=1) - dt.timedelta(days=1)


@served_from_sqlite
def test_a_report_goes_to_the_head_and_comes_back_and_its_month_is_locked(people: Server, device: DeviceMaker) -> None:
    month = f"/laporan/{last_month():%Y-%m}"
    tablet, laptop = device(TABLET), device(LAPTOP)
    tablet.sign_in("bulanan")
    laptop.sign_in("penilai")

    _write_and_send(tablet, month, "Hujan.")
    _return_without_and_with_a_reason(laptop, "Sebut koperasinya.")
    tablet.open(month)
    expect(tablet.page.get_by_text("Sebut koperasinya.").first).to_be_visible()
    _write_and_send(tablet, month, "Hujan; Margasari tidak sempat dikunjungi.")
    _approve_what_changed(laptop, "Kunjungi pada pekan pertama.")
    tablet.open(month)
    expect(tablet.page.get_by_role("heading", name="Jawaban dinas")).to_be_visible()
    expect(tablet.page.get_by_text("Kunjungi pada pekan pertama.").first).to_be_visible()
    _find_the_month_locked(tablet)


def _write_and_send(tablet: Device, month: str, obstacles: str) -> None:
    tablet.open(month)
    tablet.page.locator("[name=kendala]").fill(obstacles)
    tablet.page.get_by_role("button", name="Kirim ke dinas").click()
    expect(tablet.page.get_by_text("Menunggu tinjauan")).to_be_visible()


def _review(laptop: Device) -> Page:
    laptop.open("/laporan/tinjau")
    laptop.page.get_by_role("link", name=re.compile(NAME)).first.click()
    return laptop.page


def _return_without_and_with_a_reason(laptop: Device, reason: str) -> None:
    page = _review(laptop)
    page.get_by_text("Kembalikan untuk diperbaiki").click()
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_role("alert")).to_contain_text("Tulis alasan mengapa laporan dikembalikan.")
    laptop.complaints.clear()  # the 400 of the answer without a reason is what was asked for
    page.get_by_label("Jawaban atau alasan").fill(reason)
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_text("dikembalikan dengan alasannya")).to_be_visible()


def _approve_what_changed(laptop: Device, answer: str) -> None:
    laptop.open("/laporan/tinjau")
    expect(laptop.page.get_by_text("Berubah sejak dikembalikan: Kendala")).to_be_visible()
    page = _review(laptop)
    expect(page.locator("ins")).to_have_text("Hujan; Margasari tidak sempat dikunjungi.")
    page.get_by_text("Setujui dan kunci bulannya").click()
    page.get_by_label("Jawaban atau alasan").fill(answer)
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_text("kunjungan bulan itu terkunci")).to_be_visible()


FILLED = """Object.fromEntries(
  [...new FormData(document.querySelector("main form[method=post]"))].filter(([, value]) => typeof value === "string")
)"""


def _find_the_month_locked(tablet: Device) -> None:
    """The form of a visit as it is opened, sent for a day of that month, as a page without script sends it."""
    address = f"/koperasi/{MARGASARI}/kunjungan/baru"
    tablet.open(address)
    filled = {**tablet.page.evaluate(FILLED), "visited_on": last_month().isoformat()}
    answer = tablet.context.request.post(tablet.server.url + address, form=filled)
    assert "Laporan bulan ini sudah disetujui" in answer.text()
