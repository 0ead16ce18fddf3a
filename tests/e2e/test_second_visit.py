"""The second visit asks for what is due and nothing else, in a real browser, against an example worked out by hand."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LAPTOP, TABLET, Device, DeviceMaker, Server
from tests.instruments.cases import INSTRUMENTS, best_of
from tests.only import served_from_sqlite

COOPERATIVE = "64.71.02.1003"
FORM = f"/koperasi/{COOPERATIVE}/kunjungan/baru"
DECREE = "2025-07-14"
POOR = {"KL-08": "0", "TK-07": "1"}
CLAIMED = {"KL-02"}
"""Critical, and good by claim alone: it counts nothing."""
NOT_ANSWERED = {"KL-16", "TK-09"}
ASKED_FOR = "KL-11"
DUE = {*POOR, *CLAIMED, *NOT_ANSWERED, ASKED_FOR}
"""On the day of the first visit nothing has come round yet: whatever the day is, these six are left."""


@pytest.fixture(scope="module")
def people(server: Server) -> Server:
    server.add_facilitator("dewi", "Dewi Lestari", COOPERATIVE)
    server.add_user("agency_head", "kepala.e2e", "Kepala Dinas")
    return server


@served_from_sqlite
def test_the_second_visit_asks_only_for_what_is_due(people: Server, device: DeviceMaker) -> None:
    tablet = device(TABLET)
    tablet.sign_in("dewi")
    _answer_everything_else(tablet)
    _ask_for_an_item(device(LAPTOP))
    page = tablet.page

    tablet.open(FORM)

    assert _opened(page) == DUE
    expect(page.locator(".opened__sum")).to_contain_text(f"{len(DUE)} butir")
    _walk_the_way(page, {"KL-A", "KL-B", "TK-B"})
    _answer_as_last_time(page)


def _answer_everything_else(tablet: Device) -> None:
    """The first visit as its form sends it; filling a hundred items by hand is what other tests do."""
    tablet.open(FORM)
    shown = {str(each) for each in tablet.page.eval_on_selector_all("[data-item]", "all => all.map(each => each.id)")}
    items = {item.id: item for each in INSTRUMENTS for item in each.items if item.id in shown}
    answers = {item_id: best_of(item) for item_id, item in items.items()} | POOR
    fields = {"decree_on": DECREE}
    for item_id in answers.keys() - NOT_ANSWERED:
        fields[f"answers-{item_id}-value"] = answers[item_id]
        fields[f"answers-{item_id}-proof"] = "klaim" if item_id in CLAIMED else "dokumen_dilihat"
    hidden = tablet.page.locator("#visit-form > input[type=hidden]")
    for name in hidden.evaluate_all("all => all.map(each => [each.name, each.value])"):
        fields.setdefault(*name)
    today = tablet.page.locator("[name=visited_on]").input_value()
    url = tablet.server.url + FORM
    answer = tablet.context.request.post(url, form={**fields, "visited_on": today, "mode": "tatap_muka"})
    assert re.search(r"/kunjungan/[0-9a-f-]{36}$", answer.url), answer.status


def _ask_for_an_item(laptop: Device) -> None:
    laptop.sign_in("kepala.e2e")
    laptop.open(f"/koperasi/{COOPERATIVE}/butir/{ASKED_FOR}/permintaan")
    laptop.page.get_by_label("Yang ingin diketahui").fill("Apakah rapat pengurus sudah dicatat?")
    laptop.page.get_by_role("button", name="Minta diperiksa").click()
    expect(laptop.page.locator("main")).to_contain_text("Menunggu kunjungan berikutnya")


def _answer_as_last_time(page: Page) -> None:
    """One tap answers what has not changed; the proof is for whoever looks today."""
    page.evaluate("location.hash = 'KL-A'")
    item = page.locator("#KL-08")
    item.get_by_role("button", name="Masih sama").click()
    expect(item.locator("input[name='answers-KL-08-value'][value='0']")).to_be_checked()
    expect(item.locator("input[name='answers-KL-08-proof'][value='klaim']")).to_be_checked()
    expect(item.get_by_role("button", name="Masih sama")).to_be_hidden()
    expect(item.locator(".proposal-card")).to_be_visible()


def _opened(page: Page) -> set[str]:
    return set(page.eval_on_selector_all("[data-item]", "all => all.filter(i => !i.closest('.others')).map(i => i.id)"))


def _walk_the_way(page: Page, sections: set[str]) -> None:
    """Onward, step by step: only sections with something to ask lie on the way."""
    seen = set()
    for _ in range(30):
        onward = page.locator("[data-step-next]")
        if not onward.is_visible():
            break
        onward.click()
        step = page.locator("[data-step]:visible")
        expect(step).to_have_count(1)
        seen.add(str(step.get_attribute("id")))
    assert seen - {"siapa", "temuan", "bukti", "periksa"} == sections
