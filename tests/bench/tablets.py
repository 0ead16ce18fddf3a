"""What a facilitator's tablet takes: the pack on the wire, a page out of its own store, a draft on its disk."""

import gzip
import http.client
import json
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.bench.measure import signed_in
from tests.bench.server import serving
from tests.bench.year import FACILITATOR, PASSWORD, live_through
from tests.chromium import ARGUMENTS, chromium
from tests.e2e.cable import Cable

SLOWDOWN = 4
"""Of the laptop's processor, to that of a tablet as facilitators have it."""
PACK_KB, UNCHANGED_KB = 600.0, 20.0
DRAFT_MS, PAGE_MS = 50.0, 1_000.0
REST_MS = 40.0
"""How long nothing is typed before the form takes that for a pause (REST_MS in static/js/visit/kept.js)."""
PACK = "/api/v1/field-pack"
SHIPPING = "/pengiriman"
WATCH = """
(() => {
  globalThis.drafts = [];
  let typed = 0;
  addEventListener("input", () => { typed = performance.now(); }, true);
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, ...more) {
    const transaction = begin.call(this, names, mode, ...more);
    const began = typed;
    if (mode === "readwrite" && [names].flat().includes("drafts")) {
      transaction.addEventListener("complete", () => globalThis.drafts.push(performance.now() - began));
    }
    return transaction;
  };
})();
"""
SHOWN = """
() => {
  const [arrival] = performance.getEntriesByType("navigation");
  const [painted] = performance.getEntriesByName("first-contentful-paint");
  return { shown: arrival.domContentLoadedEventEnd, painted: painted?.startTime ?? null };
}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    headers: Mapping[str, str]
    status: int
    milliseconds: float

    @property
    def text(self) -> bytes:
        match self.headers.get("Content-Encoding"):
            case "br":
                return bytes(brotli.decompress(self.body))
            case "gzip":
                return gzip.decompress(self.body)
            case _:
                return self.body


class Line:
    """One person's line to the office, as the worker uses it."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc)
        self._cookie = signed_in(self._connection, FACILITATOR, PASSWORD)

    def get(self, path: str, **headers: str) -> Answer:
        sent = {"Cookie": self._cookie, "Accept-Encoding": "gzip, br", **headers}
        began = time.perf_counter()
        self._connection.request("GET", path, headers=sent)
        answer = self._connection.getresponse()
        body = answer.read()
        return Answer(body, dict(answer.headers), answer.status, (time.perf_counter() - began) * 1000)


def report_tablets(
    folder: Path, environment: Mapping[str, str], *, cooperatives: int, months: int, rounds: int
) -> None:
    live_through(environment, cooperatives=cooperatives, months=months)
    with serving(environment) as url:
        print(f"\nPython {platform.python_version()}, SQLite, {cooperatives} cooperatives, {months} months\n")
        code = _report_wire(Line(url))
        cable = Cable(urlsplit(url).port or 0)
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(folder / "tablet"),
                executable_path=chromium(),
                args=ARGUMENTS,
                viewport={"width": 820, "height": 1180},
                locale="id-ID",
                timezone_id="Asia/Makassar",
            )
            context.add_init_script(WATCH)
            try:
                _report_browser(context, cable, code, rounds=rounds)
            finally:
                context.close()
                cable.close()


def _report_wire(line: Line) -> str:
    """The pack as it comes the first time, and again; the code of a cooperative in it."""
    first = line.get(PACK)
    pack = json.loads(first.text)
    pages = [line.get(page["url"], **{"X-Field-Pack": "1"}) for page in pack["pages"]]
    files = [line.get(each["url"]) for each in pack["assets"]]
    again, whole = line.get(PACK, **{"If-None-Match": first.headers["ETag"]}), line.get(PACK)
    codes: list[str] = sorted(
        {page["url"].split("/")[2] for page in pack["pages"] if page["url"].startswith("/koperasi/")}
    )
    kilobytes = (len(first.body) + sum(len(page.body) for page in pages)) / 1000
    print(f"pack of {len(codes)} cooperatives: {len(pages)} pages, {len(files)} files of the program")
    print(f"  pages and list on the wire  {kilobytes:8.1f} kB {_verdict(kilobytes, PACK_KB, 'kB')}")
    print(f"  files, once for each build  {sum(len(each.body) for each in files) / 1000:8.1f} kB")
    print(f"  list, nothing changed       {len(again.body) / 1000:8.1f} kB (status {again.status})", end=" ")
    print(_verdict(len(again.body) / 1000, UNCHANGED_KB, "kB"))
    print(f"  list, asked for whole       {len(whole.body) / 1000:8.1f} kB")
    print(f"  made the first time in {first.milliseconds:.0f} ms, unchanged in {again.milliseconds:.0f} ms")
    for name, sizes in _by_kind(pack["pages"], pages).items():
        print(f"    {name:<36}{len(sizes):>4}{sum(sizes) / 1000:>9.1f} kB")
    return codes[0]


def _by_kind(listed: Sequence[Mapping[str, str]], pages: Sequence[Answer]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = {}
    for page, answer in zip(listed, pages, strict=True):
        parts = ["*" if any(sign.isdigit() for sign in part) else part for part in page["url"].split("/")]
        kinds.setdefault("/".join(parts) or "/", []).append(len(answer.body))
    return kinds


def _report_browser(context: BrowserContext, cable: Cable, code: str, *, rounds: int) -> None:
    page, url = context.pages[0], cable.url
    page.goto(f"{url}/masuk")
    page.get_by_label("Nama pengguna").fill(FACILITATOR)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("[data-field-user]")).to_be_attached()
    page.goto(url + SHIPPING)
    expect(page.locator("[data-check=pages]")).to_be_visible(timeout=120_000)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    cable.pull()
    context.set_offline(True)
    print(f"\nChromium {SLOWDOWN} times slower, without a network, {rounds} rounds (but for the worker's thread)")
    for path in ("/", f"/koperasi/{code}", f"/koperasi/{code}/rencana"):
        times = sorted(_opened(page, url + path) for _ in range(rounds))
        _print_times(f"{path.replace(code, '*')} out of the store", times, PAGE_MS)
    form = f"{url}/koperasi/{code}/kunjungan/baru"
    shown, ready = [], []
    for _ in range(rounds):
        shown.append(_opened(page, form))
        ready.append(_ready(page))
    _print_times("visit form out of the store, shown", sorted(shown), PAGE_MS)
    _print_times("visit form, every control at work", sorted(ready), None)
    _print_times("draft stored after the pause", _typed(page, rounds), DRAFT_MS)


def _opened(page: Page, address: str) -> float:
    """From the tap until the page stands there, whole and readable."""
    page.goto("about:blank")
    page.goto(address, wait_until="domcontentloaded")
    expect(page.locator("[data-kept-line]")).to_be_attached(timeout=30_000)
    found = page.evaluate(SHOWN)
    return float(found["painted"] or found["shown"])


def _ready(page: Page) -> float:
    page.wait_for_selector("#visit-form[data-ready]", timeout=60_000, state="attached")
    return float(page.evaluate("performance.now()"))


def _typed(page: Page, rounds: int) -> list[float]:
    """From the end of the pause until the browser says that the draft is on the disk, once for each word."""
    page.evaluate("location.hash = 'temuan'")
    notes = page.locator("[name=notes]")
    notes.click()
    for number in range(rounds * 4):
        page.keyboard.type(f"kata {number} ")
        page.wait_for_timeout(400)
    return sorted(float(each) - REST_MS for each in page.evaluate("globalThis.drafts"))


def _print_times(name: str, times: Sequence[float], aim: float | None) -> None:
    middle, slowest = times[len(times) // 2], times[min(int(len(times) * 0.95), len(times) - 1)]
    verdict = "" if aim is None else _verdict(slowest, aim, "ms")
    print(f"  {name:<42} p50 {middle:7.0f}  p95 {slowest:7.0f} ms {verdict}")


def _verdict(found: float, aim: float, unit: str) -> str:
    return f"  aim: at most {aim:.0f} {unit}, {'met' if found <= aim else 'MISSED'}"
