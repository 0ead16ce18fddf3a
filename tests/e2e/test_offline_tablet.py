"""What else a tablet goes through: an ended session, somebody else's turn, signing out in the field, a plan."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from pendamping.kernel.clock import OFFICE_TZ
from tests.e2e.conftest import LAPTOP, DeviceMaker, Server
from tests.e2e.tablets import Tablet, stored_bodies, tablets, visits_at
from tests.only import served_from_sqlite

pytestmark = served_from_sqlite
"""What a tablet goes through by itself is the same beside every database; a whole visit is sent to each of them."""

FIRST, SECOND = "64.71.03.1003", "64.71.03.1004"
FORM = f"/koperasi/{FIRST}/kunjungan/baru"

SEND_FROM_ELSEWHERE = """
async ([id, body]) => {
  const { csrf_token: token } = await (await fetch("/api/v1/session")).json();
  const answer = await fetch("/api/v1/records", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify({ records: [{ v: 1, kind: "visit", id, base_sha256: null, body }] }),
  });
  return (await answer.json()).results[0].outcome;
}
"""


ROOM_BYTES = 40_000_000
WITH_THE_STORE = """
const withTheStore = async (work) => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const { openStore } = await import(loaded.find((name) => name.endsWith("/field/store.js")));
  return work(await openStore());
};
"""
"""The product's own store: its address names the build."""
FILL_THE_TABLET = """
withTheStore(async (store) => {
  let number = 0;
  for (const size of [4_000_000, 400_000, 40_000, 4_000, 400, 40]) {
    for (;;) {
      try {
        await store.write([{ in: "blobs", put: { id: `isi-${(number += 1)}`, blob: "x".repeat(size) } }]);
      } catch (error) {
        if (error.name !== "QuotaExceededError") throw error;
        break;
      }
      if (number > 400) throw new Error("it is never full");
    }
  }
})
"""
"""By the browser's own count, down to the last few bytes."""
WRITE_WITHOUT_END = """
withTheStore(async (store) => {
  const filler = "x".repeat(1_000_000);
  for (let number = 1; ; number += 1) {
    await store.update("meta", "uji", () => ({ name: "uji", number, filler: filler + number }));
    window.written = number;
  }
})
"""
"""Each write is a megabyte, so that a browser which is killed now is killed within one."""
FOUND_AGAIN = """
withTheStore(async (store) => {
  const { number, filler } = await store.get("meta", "uji");
  return [number, filler.length - String(number).length, filler.endsWith(`x${number}`)];
})
"""
UNTIL_IT_IS_KEPT = """
async (address) => {
  const cache = await caches.open(`pages-${document.body.dataset.fieldUser}`);
  for (let turn = 0; turn < 400; turn += 1) {
    if (await cache.match(address, { ignoreVary: true })) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${address} is not kept`);
}
"""


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    if "satu" not in server.people:
        server.add_facilitator("satu", "Ani Pertama", FIRST)
        server.add_facilitator("dua", "Budi Kedua", SECOND)
        server.people |= {"satu": "Ani Pertama", "dua": "Budi Kedua"}
    yield from tablets(playwright, server, tmp_path / "tablet")


def _write(tablet: Tablet, notes: str) -> str:
    """Begin a visit; its id."""
    page = tablet.page
    tablet.open(f"{FORM}#temuan")
    page.locator("[name=notes]").fill(notes)
    expect(page).to_have_url(re.compile("draf="))
    return page.locator("#visit-id").input_value()


def _go(page: Page, step: str) -> None:
    page.evaluate("step => { location.hash = step; }", step)
    expect(page.locator(f"#{step}")).to_be_visible()


def _save(page: Page) -> None:
    _go(page, "periksa")
    page.get_by_role("button", name="Simpan kunjungan").click()


def _save_offline(tablet: Tablet) -> None:
    _save(tablet.page)
    expect(tablet.page.locator("[data-on-tablet]")).to_be_visible()


def test_somebody_else_sees_neither_pages_nor_drafts_and_sends_nothing_of_the_first(tablet: Tablet) -> None:
    page = tablet.page
    tablet.sign_in("satu")
    tablet.pack()
    tablet.go_offline()
    visit_id = _write(tablet, "Milik Ani")
    _save_offline(tablet)
    unfinished = _write(tablet, "Draf Ani")
    tablet.context.clear_cookies()  # the session runs out before anything can be sent
    tablet.go_online()
    tablet.sign_in("dua")

    tablet.open("/pengiriman")
    page.locator("[data-send-now]").click()
    expect(page.locator("[data-others]")).to_contain_text("1 catatan orang lain")
    expect(page.locator("[data-check=pages]")).to_be_visible(timeout=40_000)
    assert visits_at(tablet.server, FIRST) == []
    tablet.go_offline()
    tablet.open("/")
    expect(page.locator("main")).to_contain_text("Budi")
    expect(page.locator("[data-resume], [data-pending-strip]")).to_have_count(0)
    for path in (f"/koperasi/{FIRST}", FORM, f"{FORM}?draf={unfinished}"):
        tablet.open(path)
        expect(page.locator("body")).to_contain_text("tidak dibawa tablet")

    tablet.context.clear_cookies()
    tablet.go_online()
    tablet.sign_in("satu")
    tablet.open("/pengiriman")
    expect(page.locator(f"#terkirim [data-record='{visit_id}']")).to_contain_text("Terkirim", timeout=30_000)
    expect(page.locator(f"#draf [data-draft='{unfinished}']")).to_be_visible()


def test_an_ended_session_keeps_everything_and_asks_to_sign_in(tablet: Tablet) -> None:
    page = tablet.page
    tablet.sign_in("satu")
    tablet.pack()
    tablet.go_offline()
    visit_id = _write(tablet, "Sesi habis")
    _save_offline(tablet)
    tablet.context.clear_cookies()
    tablet.open("/pengiriman")
    expect(page.locator("#menunggu li")).to_have_count(1)

    tablet.go_online()
    expect(page.locator("[data-sync-pill]")).to_contain_text("Masuk lagi")
    assert [entry["state"] for entry in tablet.outbox() if entry["id"] == visit_id] == ["waiting"]
    tablet.sign_in("satu")
    tablet.open("/pengiriman")

    expect(page.locator(f"#terkirim [data-record='{visit_id}']")).to_contain_text("Terkirim", timeout=30_000)
    [entry] = [entry for entry in tablet.outbox() if entry["id"] == visit_id]
    assert stored_bodies(tablet.server, visit_id) == [entry["body"]]


def test_signing_out_in_the_field_locks_the_screen_and_ends_the_session_at_the_next_contact(tablet: Tablet) -> None:
    page = tablet.page
    tablet.sign_in("satu")
    tablet.pack()
    tablet.go_offline()
    _write(tablet, "Sebelum keluar")
    tablet.open("/")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Keluar").first.click()
    expect(page.locator("#leaving")).to_contain_text("1 draf")
    page.locator("[data-leave]").click()
    expect(page.locator("h1 [data-locked-screen]")).to_be_visible()
    for path in ("/", FORM, "/pengiriman"):
        tablet.open(path)
        expect(page.locator("body")).not_to_contain_text("Ani")

    tablet.go_online()
    tablet.open("/")
    expect(page).to_have_url(re.compile("/masuk"))
    tablet.sign_in("satu")
    tablet.open("/pengiriman")

    expect(page.locator("#draf")).to_contain_text("Belum selesai")


def test_a_plan_made_moved_and_cancelled_in_the_field_arrives(tablet: Tablet) -> None:
    page = tablet.page
    day = dt.datetime.now(OFFICE_TZ).date()
    tablet.sign_in("satu")
    tablet.open(f"/jadwal/baru?koperasi={FIRST}&tanggal={day}")
    page.locator("[name=agenda]").fill("Dibuat di kantor")
    page.get_by_role("button", name="Simpan rencana").click()
    tablet.pack()
    tablet.go_offline()
    tablet.open(f"/jadwal/baru?koperasi={FIRST}&tanggal={day}")
    expect(page.locator("[name=cooperative]")).to_have_value(FIRST)
    page.locator("[name=agenda]").fill("Disepakati di jalan")
    page.get_by_role("button", name="Simpan rencana").click()
    expect(page.locator("#menunggu li")).to_contain_text("Rencana kunjungan")

    tablet.open("/jadwal")
    address = page.locator("a[data-record-mark]", has_text="Dibuat di kantor").get_attribute("href") or ""
    tablet.open(address)
    page.locator("summary", has_text="Pindahkan").click()
    page.locator("[name=to_on]").fill(str(day + dt.timedelta(days=1)))
    page.locator("form[data-draft-kept] [name=reason]").fill("Rapat dinas")
    page.wait_for_timeout(300)
    tablet.kill()
    tablet.start(address)
    page = tablet.page
    expect(page.locator("[name=reason]")).to_have_value("Rapat dinas")
    page.get_by_role("button", name="Pindahkan kunjungan").click()
    expect(page.locator("#menunggu li")).to_have_count(2)
    tablet.open(address)
    expect(page.locator("h1 + p [data-waiting-mark]")).to_contain_text("belum terkirim")
    page.locator("summary", has_text="Batalkan").click()
    page.locator("[name=because]").fill("Pengurus berhalangan")
    page.get_by_role("button", name="Batalkan rencana").click()
    expect(page.locator("#menunggu li")).to_have_count(3)

    tablet.go_online()

    expect(page.locator("#menunggu")).to_be_hidden(timeout=30_000)
    tablet.open(address)
    expect(page.locator("main")).to_contain_text("Pengurus berhalangan")
    expect(page.locator("main")).to_contain_text("Rapat dinas")
    tablet.open(f"/jadwal?bulan={day:%Y-%m}")
    expect(page.locator("main")).to_contain_text("Disepakati di jalan")


def test_a_fault_found_later_is_said_and_can_be_put_right(tablet: Tablet) -> None:
    page = tablet.page
    tablet.sign_in("satu")
    tablet.pack()
    tablet.go_offline()
    visit_id = _write(tablet, "Angka salah")
    _go(page, "siapa")
    page.locator("[name=started]").fill("10:00")
    page.locator("[name=ended]").fill("09:00")
    _save_offline(tablet)
    tablet.open("/pengiriman")
    tablet.go_online()
    row = page.locator(f"#perlu-diperbaiki [data-record='{visit_id}']")
    expect(row).to_contain_text("Jam selesai harus sesudah jam mulai", timeout=30_000)
    expect(page.locator("[data-sync-pill]")).to_contain_text("1 perlu diperbaiki")

    row.get_by_role("button", name="Perbaiki").click()
    expect(page.locator("#visit-id")).to_have_value(visit_id)
    page.evaluate("location.hash = 'siapa'")
    page.locator("[name=ended]").fill("11:00")
    _save(page)

    expect(page).to_have_url(re.compile(f"/kunjungan/{visit_id}"))
    expect(page.locator("main")).to_contain_text("Angka salah")


def test_the_same_queue_in_two_tabs_is_sent_once(tablet: Tablet) -> None:
    tablet.sign_in("satu")
    tablet.pack()
    tablet.go_offline()
    visit_id = _write(tablet, "Dua tab")
    _save_offline(tablet)
    tablet.open("/pengiriman")
    other = tablet.context.new_page()
    other.goto(f"{tablet.cable.url}/pengiriman")

    tablet.go_online()
    for page in (tablet.page, other):
        page.locator("[data-send-now]").click()

    for page in (tablet.page, other):
        expect(page.locator(f"#terkirim [data-record='{visit_id}']")).to_contain_text("Terkirim", timeout=30_000)
    assert len(stored_bodies(tablet.server, visit_id)) == 1


def test_a_visit_is_put_right_twice_in_the_field(tablet: Tablet) -> None:
    page = tablet.page
    tablet.sign_in("satu")
    tablet.pack()
    visit_id = _write(tablet, "Sebelum perbaikan")
    _save(page)
    expect(page).to_have_url(re.compile(f"/kunjungan/{visit_id}"))
    address = f"/kunjungan/{visit_id}/perbaiki"
    page.evaluate(UNTIL_IT_IS_KEPT, address)
    tablet.go_offline()
    tablet.open(address)
    page.locator("[name=notes]").fill("Perbaikan pertama")
    page.locator("form[data-draft-kept] [name=reason]").fill("Ada yang terlupa.")
    page.wait_for_timeout(300)
    tablet.kill()
    tablet.start(address)
    page = tablet.page
    expect(page.locator("[data-put-back]")).to_contain_text("hanya ada di tablet ini")
    expect(page.locator("[name=reason]")).to_have_value("Ada yang terlupa.")
    page.get_by_role("button", name="Simpan perbaikan").click()
    expect(page.locator("#menunggu li")).to_contain_text("Perbaikan kunjungan")

    tablet.open(address)
    expect(page.locator("[name=notes]")).to_have_value("Perbaikan pertama")
    page.locator("[name=notes]").fill("Perbaikan kedua")
    page.locator("[name=reason]").fill("Sekali lagi.")
    page.get_by_role("button", name="Simpan perbaikan").click()
    expect(page.locator("#menunggu li")).to_have_count(2)

    tablet.go_online()

    expect(page.locator("#menunggu")).to_be_hidden(timeout=30_000)
    tablet.open(f"/kunjungan/{visit_id}")
    expect(page.locator("main")).to_contain_text("diperbaiki 2 kali")
    expect(page.locator("main")).to_contain_text("Perbaikan kedua")
    expect(page.locator(".corrections")).to_contain_text("Sekali lagi.")


def test_two_versions_of_one_visit_are_both_kept_and_a_person_decides(tablet: Tablet, device: DeviceMaker) -> None:
    page = tablet.page
    tablet.sign_in("satu")
    tablet.pack()
    tablet.go_offline()
    visit_id = _write(tablet, "Versi tablet")
    _save_offline(tablet)
    tablet.open("/pengiriman")
    [entry] = [entry for entry in tablet.outbox() if entry["id"] == visit_id]
    elsewhere = device(LAPTOP)
    elsewhere.sign_in("satu")
    other = entry["body"].replace("Versi tablet", "Versi lain")
    assert elsewhere.page.evaluate(SEND_FROM_ELSEWHERE, [visit_id, other]) == "created"
    before = len(visits_at(tablet.server, FIRST))

    tablet.go_online()
    row = page.locator(f"#perlu-diperbaiki [data-record='{visit_id}']")
    expect(row).to_contain_text("Keduanya tersimpan", timeout=30_000)
    row.get_by_role("button", name="Bandingkan").click()
    sheet = page.locator("dialog[data-conflict]")
    expect(sheet.locator("[data-mine-words]").first).to_have_text("Versi tablet")
    expect(sheet.locator("[data-office-words]").first).to_have_text("Versi lain")
    sheet.get_by_role("button", name="Semua punya saya").click()
    expect(page.locator("#perlu-diperbaiki")).to_be_hidden()
    expect(page.locator("#menunggu")).to_be_hidden(timeout=30_000)

    assert len(visits_at(tablet.server, FIRST)) == before
    tablet.open(f"/kunjungan/{visit_id}")
    expect(page.locator("main")).to_contain_text("Versi tablet")
    expect(page.locator(".corrections")).to_contain_text("Versi lain")


def test_a_copy_of_yesterday_asks_for_a_visit_of_today(tablet: Tablet) -> None:
    page = tablet.page
    tablet.sign_in("satu")
    tablet.pack()
    tablet.open(FORM)
    due = page.locator("[data-free-action] [name$='-due_on']").first
    due_before = dt.date.fromisoformat(due.input_value())
    tablet.go_offline()
    later = dt.datetime.now(OFFICE_TZ) + dt.timedelta(days=3)
    tablet.context.clock.set_fixed_time(later)

    tablet.open(FORM)

    expect(page.locator("#visit-form[data-ready]")).to_be_attached()
    expect(page.locator("[name=visited_on]")).to_have_value(later.date().isoformat())
    expect(page.locator("[name=visited_on]")).to_have_attribute("max", later.date().isoformat())
    assert dt.date.fromisoformat(due.input_value()) == due_before + dt.timedelta(days=3)


def test_a_full_tablet_says_that_what_is_typed_is_not_safe_and_keeps_what_was(tablet: Tablet) -> None:
    page, origin = tablet.page, {"origin": tablet.cable.url}
    storage = tablet.context.new_cdp_session(page)
    storage.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": ROOM_BYTES})
    tablet.sign_in("satu")
    tablet.open("/jadwal/baru")
    agenda = page.locator("[name=agenda]")
    expect(page.locator("html[data-forms-ready]")).to_be_attached()
    agenda.fill("Sebelum penuh")
    expect(page.locator("form[data-draft-kept]")).to_be_attached()
    page.evaluate(f"async () => {{ {WITH_THE_STORE} await {FILL_THE_TABLET} }}")

    agenda.fill("Sesudah penuh")
    expect(page.locator("[data-not-kept]")).to_contain_text("belum aman")
    tablet.open("/jadwal/baru")
    expect(agenda).to_have_value("Sebelum penuh")

    storage.send("Storage.overrideQuotaForOrigin", origin)
    agenda.fill("Ada ruang lagi")
    expect(page.locator("form[data-draft-kept]")).to_be_attached()
    expect(page.locator("[data-not-kept]")).to_have_count(0)

    _kill_within_a_write(tablet)
    expect(tablet.page.locator("[name=agenda]")).to_have_value("Ada ruang lagi")


def _kill_within_a_write(tablet: Tablet) -> None:
    """What was promised is there, and what was being written is there whole or not at all."""
    tablet.page.evaluate(f"() => {{ {WITH_THE_STORE} {WRITE_WITHOUT_END} }}")
    tablet.page.wait_for_function("() => window.written >= 3")
    promised = tablet.page.evaluate("() => window.written")
    tablet.kill()
    tablet.start("/jadwal/baru")
    number, length, is_whole = tablet.page.evaluate(f"async () => {{ {WITH_THE_STORE} return {FOUND_AGAIN.strip()} }}")

    assert number >= promised
    assert (length, is_whole) == (1_000_000, True)
