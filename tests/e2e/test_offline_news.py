"""News from the office while a visit is under way: another version of a checklist, another build of the program."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

import pendamping
from tests.e2e.conftest import Server, _served, _wait_for
from tests.e2e.tablets import Tablet, stored_bodies, tablets

CODE, OTHER = "64.71.03.1005", "64.71.03.1006"
FORM, OTHER_FORM = (f"/koperasi/{code}/kunjungan/baru" for code in (CODE, OTHER))
ITEM = "KL-01"
NEW_WORDS = "Pertanyaan yang baru saja diganti"
BUILD = re.compile(r"/static/([0-9a-f]+)/")

UNTIL_IT_WAITS = """
async (isWaiting) => {
  const registration = await navigator.serviceWorker.getRegistration();
  for (let turn = 0; turn < 600; turn += 1) {
    if (!registration.installing && Boolean(registration.waiting) === isWaiting) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waiting: ${Boolean(registration.waiting)}, installing: ${Boolean(registration.installing)}`);
}
"""
UNTIL_THE_COPY_IS_NEW = """
async ([address, old]) => {
  const cache = await caches.open(`pages-${document.body.dataset.fieldUser}`);
  for (let turn = 0; turn < 600; turn += 1) {
    const copy = await cache.match(address, { ignoreVary: true });
    if (copy && !(await copy.text()).includes(old)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the copy stays old");
}
"""
ASK_IT_TO_TAKE_OVER = """
async () => (await navigator.serviceWorker.getRegistration()).waiting.postMessage({ type: "between-visits" })
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: what is published here would disturb everybody else's examples."""
    for server in _served(tmp_path_factory.mktemp("kantor"), None):
        server.add_facilitator("lama", "Citra Lama", CODE, OTHER)
        yield server


@pytest.fixture
def tablet(playwright: Playwright, office: Server, tmp_path: Path) -> Iterator[Tablet]:
    yield from tablets(playwright, office, tmp_path / "tablet")


def _begin(tablet: Tablet, form: str) -> str:
    page = tablet.page
    tablet.open(f"{form}#KL-A")
    page.locator(f"#{ITEM} label:has(input[value=yes])").click()
    expect(page).to_have_url(re.compile("draf="))
    return page.locator("#visit-id").input_value()


def _save(page: Page) -> None:
    page.evaluate("location.hash = 'periksa'")
    page.get_by_role("button", name="Simpan kunjungan").click()


def _publish_another(office: Server, folder: Path) -> None:
    path = folder / "kl.yaml"
    office.command("instrument", "export", "KL", "--format", "yaml", "-o", str(path))
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(\n  version: ).*", r"\g<1>99.0.0", text, count=1)
    text = re.sub(r"(question_id: ).*", rf"\g<1>{NEW_WORDS}", text, count=1)
    path.write_text(text, encoding="utf-8")
    office.command("instrument", "publish", str(path), "--from", "2026-01-01")


def test_a_draft_is_finished_by_the_checklist_it_was_begun_on(tablet: Tablet, office: Server, tmp_path: Path) -> None:
    page = tablet.page
    tablet.sign_in("lama")
    tablet.pack()
    tablet.go_offline()
    visit_id = _begin(tablet, FORM)
    pinned = page.locator("[name='instruments-KL']").input_value()
    tablet.open("/")
    _publish_another(office, tmp_path)
    tablet.go_online()
    tablet.open("/pengiriman")
    page.locator("[data-send-now]").click()
    page.evaluate(UNTIL_THE_COPY_IS_NEW, [FORM, pinned])
    tablet.go_offline()

    tablet.open(FORM)
    assert page.locator("[name='instruments-KL']").input_value() != pinned
    tablet.open(f"{FORM}?draf={visit_id}")

    assert page.locator("[name='instruments-KL']").input_value() == pinned
    expect(page.locator(f"#{ITEM} input[value=yes]")).to_be_checked()
    _save(page)
    expect(page.locator("[data-on-tablet]")).to_be_visible()
    tablet.open("/pengiriman")
    tablet.go_online()
    expect(page.locator(f"#terkirim [data-record='{visit_id}']")).to_contain_text("Terkirim", timeout=30_000)
    [body] = stored_bodies(office, visit_id)
    assert pinned in body


@pytest.fixture
def upgraded(office: Server, tmp_path: Path) -> Iterator[int]:
    """The same office with another build of the program, at another port."""
    copy = tmp_path / "program"
    shutil.copytree(Path(pendamping.__file__).parent, copy / "pendamping")
    with (copy / "pendamping" / "static" / "css" / "base.css").open("a") as file:
        file.write("/* another build */\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**office.environment, "PORT": str(port), "PYTHONPATH": str(copy)}
    log = tmp_path / "upgraded.log"
    serve = "from pendamping.cli import main; main(['serve'])"
    with log.open("w") as file:
        process = subprocess.Popen([sys.executable, "-c", serve], env=environment, stdout=file, stderr=file, cwd=copy)
        try:
            _wait_for(f"http://127.0.0.1:{port}", process, log)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_a_new_worker_waits_until_the_visit_is_over(tablet: Tablet, upgraded: int) -> None:
    page = tablet.page
    tablet.sign_in("lama")
    tablet.pack()
    visit_id = _begin(tablet, OTHER_FORM)
    old = _build_of(page)

    tablet.cable.lead_to(upgraded)
    page.evaluate("navigator.serviceWorker.getRegistration().then(each => each.update())")
    page.evaluate(UNTIL_IT_WAITS, True)
    page.evaluate(ASK_IT_TO_TAKE_OVER)
    page.wait_for_timeout(1_000)
    page.evaluate(UNTIL_IT_WAITS, True)
    expect(page.locator("#visit-id")).to_have_value(visit_id)
    assert _build_of(page) == old

    _save(page)
    expect(page).to_have_url(re.compile(f"/kunjungan/{visit_id}"))
    page.evaluate(UNTIL_IT_WAITS, False)
    tablet.pack()  # it may have taken over just now, and the pages be those of the program before
    tablet.go_offline()
    tablet.open(OTHER_FORM)
    assert _build_of(page) != old
    expect(page.locator("#siapa")).to_be_visible()


def _build_of(page: Page) -> str:
    found = BUILD.search(page.locator("link[rel=stylesheet]").first.get_attribute("href") or "")
    assert found
    return found[1]
