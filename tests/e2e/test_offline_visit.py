"""A whole visit without a network: written, interrupted twice, finished, carried back, sent once."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.conftest import Server
from tests.e2e.tablets import IS_OFFLINE, Tablet, stored_bodies, tablets, visits_at
from tests.pictures import photo

CODE = "64.71.03.1002"
FORM = f"/koperasi/{CODE}/kunjungan/baru"
POOR, GOOD, LATE = "KL-01", "KL-02", "KL-03"
NOTES = "Dibahas di teras, tanpa sinyal."


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    if "jauh" not in server.people:
        server.add_facilitator("jauh", "Wahyu Tanpa Sinyal", CODE)
        server.people["jauh"] = "Wahyu Tanpa Sinyal"
    yield from tablets(playwright, server, tmp_path / "tablet")


def test_a_visit_is_written_offline_through_two_crashes_and_sent_once(tablet: Tablet, tmp_path: Path) -> None:
    tablet.sign_in("jauh")
    tablet.pack()
    tablet.go_offline()

    _begin(tablet)
    draft_id = _draft_id(tablet.page)
    tablet.kill()
    tablet.start(f"/koperasi/{CODE}")
    tablet.page.locator("[data-resume]").click()
    _find_the_beginning(tablet, draft_id)
    _add_evidence(tablet, tmp_path)
    tablet.kill()
    tablet.start("/")
    assert tablet.page.evaluate(IS_OFFLINE, "/healthz")
    tablet.page.locator("[data-resume]").click()
    _find_everything(tablet)
    _save(tablet)

    [entry] = tablet.outbox()
    assert (entry["id"], entry["state"]) == (draft_id, "waiting")
    assert tablet.drafts() == []
    _is_said_to_wait(tablet)
    _come_back(tablet, entry)


def _begin(tablet: Tablet) -> None:
    page = tablet.page
    tablet.open(FORM)
    expect(page.locator("[data-kept-line]")).to_contain_text("tersimpan")
    page.locator("[data-add-person]").click()
    page.locator("[name='people_met-0-name']").fill("Siti Aminah")
    _go(page, "KL-A")
    for item_id, value in ((POOR, "no"), (GOOD, "yes")):
        item = page.locator(f"#{item_id}")
        item.locator(f"label:has(input[name='answers-{item_id}-value'][value='{value}'])").click()
        item.locator(f"label:has(input[name='answers-{item_id}-proof'][value='dokumen_dilihat'])").click()
    page.locator(f"#{POOR} [data-decide=agreed]").click()
    expect(page.locator("[data-draft-said]")).to_have_attribute("data-state", re.compile("kept|waiting"))


def _draft_id(page: Page) -> str:
    expect(page).to_have_url(re.compile("draf="))
    return page.locator("#visit-id").input_value()


def _find_the_beginning(tablet: Tablet, draft_id: str) -> None:
    page = tablet.page
    expect(page.locator("#visit-id")).to_have_value(draft_id)
    expect(page.locator(f"#{POOR} input[value=no]")).to_be_checked()
    expect(page.locator(f"#{GOOD} input[value=yes]")).to_be_checked()
    expect(page.locator(f"#{POOR} .proposal-card")).to_contain_text("Masuk rencana")
    expect(page.locator("[name='people_met-0-name']")).to_have_value("Siti Aminah")


def _add_evidence(tablet: Tablet, folder: Path) -> None:
    page = tablet.page
    picture = folder / "kegiatan.jpg"
    picture.write_bytes(photo(size=(2400, 1800)))
    _go(page, "temuan")
    page.locator("[name=notes]").fill(NOTES)
    _go(page, "bukti")
    strip = page.locator("[data-photos=photos]")
    strip.locator("[data-photos-input]").set_input_files(picture)
    expect(strip.locator("[data-photo]")).to_have_attribute("data-state", "waiting")
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(16):
        page.mouse.move(box["x"] + 40 + 18 * step, box["y"] + (60 if step % 2 else 120), steps=3)
    page.mouse.up()
    expect(page.locator("[data-signature-said]")).to_contain_text("tersimpan")
    page.wait_for_function("() => document.querySelector('[name=signature]').value")
    expect(page.locator("[data-draft-said]")).to_have_attribute("data-state", "waiting")


def _go(page: Page, step: str) -> None:
    page.evaluate("step => { location.hash = step; }", step)
    expect(page.locator(f"#{step}")).to_be_visible()


def _find_everything(tablet: Tablet) -> None:
    page = tablet.page
    expect(page.locator(f"#{POOR} input[value=no]")).to_be_checked()
    expect(page.locator("[name=notes]")).to_have_value(NOTES)
    _go(page, "KL-A")
    page.locator(f"#{LATE} label:has(input[name='answers-{LATE}-value'][value='no'])").click()
    card = page.locator(f"#{LATE} .proposal-card")
    expect(card.locator("[data-title]:visible").first).not_to_be_empty()
    card.locator("[data-join]").click()
    card.locator("[data-join-choice]").select_option(POOR)
    card.locator("[data-decide=joined]").click()
    expect(card).to_contain_text(f"Butir {LATE} ikut dibenahi tindakan ini.")
    _go(page, "bukti")
    expect(page.locator("[data-photos=photos] [data-photo]")).to_have_attribute("data-state", "waiting")
    expect(page.locator("[data-signature-kept]")).to_be_visible()
    expect(page.locator("[name=signed_by]")).to_have_value("Siti Aminah")


def _save(tablet: Tablet) -> None:
    _go(tablet.page, "periksa")
    tablet.page.get_by_role("button", name="Simpan kunjungan").click()
    expect(tablet.page.locator("[data-on-tablet]")).to_contain_text("belum terkirim")


def _is_said_to_wait(tablet: Tablet) -> None:
    page = tablet.page
    for path in ("/", f"/koperasi/{CODE}"):
        tablet.open(path)
        expect(page.locator("[data-pending-strip]")).to_contain_text("1 kunjungan belum terkirim")
        expect(page.locator("[data-sync-pill]")).to_contain_text("Luring · 1 belum terkirim")
    tablet.open("/pengiriman")
    expect(page.locator("#menunggu li")).to_have_count(1)
    expect(page.locator("#terkirim")).not_to_contain_text("Terkirim ")
    assert visits_at(tablet.server, CODE) == []


def _come_back(tablet: Tablet, entry: dict[str, object]) -> None:
    page = tablet.page
    tablet.go_online()
    expect(page.locator(f"#terkirim [data-record='{entry['id']}']")).to_contain_text("Terkirim", timeout=30_000)
    assert visits_at(tablet.server, CODE) == [uuid.UUID(str(entry["id"]))]
    assert stored_bodies(tablet.server, str(entry["id"])) == [entry["body"]]
    expect(page.locator("[data-sync-pill]")).to_contain_text("Semua terkirim")
    tablet.open(f"/kunjungan/{entry['id']}")
    expect(page.locator("main")).to_contain_text(NOTES)
    expect(page.locator("main")).to_contain_text("Siti Aminah")
    tablet.open(f"/koperasi/{CODE}/butir/{LATE}")
    expect(page.locator("main")).to_contain_text(str(json.loads(str(entry["body"]))["actions"][0]["title"]))
    tablet.open(f"/kunjungan/{entry['id']}")
    for image in page.locator("main img[src^='/lampiran/']").all():
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
    tablet.open("/pengiriman")
    page.locator("[data-send-now]").click()
    expect(page.locator("#menunggu")).to_be_hidden()
    assert stored_bodies(tablet.server, str(entry["id"])) == [entry["body"]]
