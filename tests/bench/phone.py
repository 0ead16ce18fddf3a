"""The plan from a personal link on a cheap phone: a thin line, a slow processor, nothing kept from before.

Beside the first paint stands what Lighthouse would make of the page (`lighthouse.py`), under the same throttling.
"""

import platform
import statistics
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page, StorageState, ViewportSize, sync_playwright

from tests.bench import lighthouse
from tests.bench.measure import found_on
from tests.bench.server import serving
from tests.bench.year import FACILITATOR, PASSWORD, live_through
from tests.chromium import ARGUMENTS, chromium

PHONE: ViewportSize = {"width": 360, "height": 740}
LATENCY_MS, KILOBITS, SLOWER = 562.5, 1474.56, 4
"""“Slow 4G” as the browser's own tools throttle it: so much on top of each request, so much a second, a processor at a
quarter of its speed.
"""
FIRST_PAINT_MS, WIRE_KB, SCORE = 1800, 150, 95
OWN_CODE = r"64[.]71[.][0-9]{2}[.][0-9]{4}"
PAINT = "performance.getEntriesByName('first-contentful-paint').map(each => each.startTime)[0]"
WATCH = """
(() => {
  const seen = (globalThis.seen = { shifts: [], tasks: [], largest: 0 });
  const watch = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("layout-shift", (each) => each.hadRecentInput || seen.shifts.push([each.startTime, each.value]));
  watch("longtask", (each) => seen.tasks.push([each.startTime, each.duration]));
  watch("largest-contentful-paint", (each) => { seen.largest = each.startTime; });
})();
"""
TRACED = ["blink.user_timing", "disabled-by-default-devtools.screenshot"]


@dataclass(frozen=True, slots=True)
class Opening:
    """When something was first seen, what came over the wire until the page was whole, and Lighthouse's metrics; none
    of a page that took another's place.
    """

    first_paint_ms: float
    wire_kb: float
    metrics: Mapping[str, float] | None = None


class Wire:
    """Counts what comes over the wire, heads included."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = 0.0
        session.on("Network.loadingFinished", self._count)

    def _count(self, event: Mapping[str, float]) -> None:
        self.bytes += event["encodedDataLength"]


def report_phone(environment: Mapping[str, str], *, cooperatives: int, months: int, times: int) -> None:
    """Print how long it takes until something is seen, and what it costs; each time on a phone that knows nothing."""
    live_through(environment, cooperatives=cooperatives, months=months)
    openings: dict[str, list[Opening]] = {}
    with serving(environment) as url, sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        link = _link(browser, url, found_on(url, "/", (FACILITATOR, PASSWORD), OWN_CODE))
        for _ in range(times):
            for name, opening in _opened(browser, url, link).items():
                openings.setdefault(name, []).append(opening)
        browser.close()
    print(f"\nPython {platform.python_version()}, SQLite; slow 4G, processor {SLOWER} times slower, {times} times\n")
    print(f"{'page':<28}{'first paint, median':>20}{'slowest':>10}{'kB':>8}")
    for name, each in openings.items():
        _print_row(name, each)
    print(f"\n{'as Lighthouse scores':<28}{'score':>8}" + "".join(f"{name:>8}" for name in lighthouse.CURVES))
    for name, each in openings.items():
        _print_score(name, [opening.metrics for opening in each if opening.metrics])


def _print_row(name: str, openings: list[Opening]) -> None:
    paints, kilobytes = [each.first_paint_ms for each in openings], max(each.wire_kb for each in openings)
    median = statistics.median(paints)
    is_met = median < FIRST_PAINT_MS and kilobytes <= WIRE_KB
    aim = f"   aim: below {FIRST_PAINT_MS} ms, at most {WIRE_KB} kB, {'met' if is_met else 'MISSED'}"
    print(f"{name:<28}{median:>17.0f} ms{max(paints):>7.0f} ms{kilobytes:>8.1f}{aim}")


def _print_score(name: str, measured: list[Mapping[str, float]]) -> None:
    """Of the medians of the metrics, because one slow opening is the machine's."""
    if not measured:
        return
    medians = {each: statistics.median(metrics[each] for metrics in measured) for each in lighthouse.CURVES}
    score = lighthouse.score(medians)
    figures = "".join(f"{value:>8.2f}" if each == "CLS" else f"{value:>8.0f}" for each, value in medians.items())
    print(f"{name:<28}{score:>8}{figures}   aim: at least {SCORE}, {'met' if score >= SCORE else 'MISSED'}")


def _link(browser: Browser, url: str, code: str) -> str:
    """A link as the facilitator hands it over."""
    page = browser.new_page()
    page.goto(f"{url}/masuk")
    page.get_by_label("Nama pengguna").fill(FACILITATOR)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.goto(f"{url}/koperasi/{code}/akses")
    page.locator("summary", has_text="Buat tautan").first.click()
    page.get_by_role("button", name="Tampilkan tautan dan QR").first.click()
    link = page.get_by_label("Alamat").input_value()
    page.close()
    return link


def _opened(browser: Browser, url: str, link: str) -> dict[str, Opening]:
    """The link's page, the plan behind its button, and the plan again as if nothing had been kept."""
    with _phone(browser) as (page, wire):
        door = _scored(browser, page, wire, link)
        page.get_by_role("button", name="Buka").click()
        page.wait_for_load_state("networkidle")
        behind = Opening(_painted(page), wire.bytes / 1000)
        state = page.context.storage_state()
    with _phone(browser, state) as (page, wire):
        plan = _scored(browser, page, wire, f"{url}/rencana")
    return {"the link's page": door, "plan, from the button on": behind, "plan, with nothing kept": plan}


def _scored(browser: Browser, page: Page, wire: Wire, address: str) -> Opening:
    browser.start_tracing(page=page, screenshots=True, categories=TRACED)
    page.goto(address, wait_until="networkidle")
    painted, seen = _painted(page), page.evaluate("seen")
    frames = lighthouse.frames_of(browser.stop_tracing())
    metrics = {
        "FCP": painted,
        "SI": lighthouse.speed_index(frames),
        "LCP": seen["largest"],
        "TBT": lighthouse.blocking_ms(map(tuple, seen["tasks"]), since=painted),
        "CLS": lighthouse.layout_shift(map(tuple, seen["shifts"])),
    }
    return Opening(painted, wire.bytes / 1000, metrics)


def _painted(page: Page) -> float:
    page.wait_for_function(PAINT)
    return float(page.evaluate(PAINT))


@contextmanager
def _phone(browser: Browser, state: StorageState | None = None) -> Iterator[tuple[Page, Wire]]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, storage_state=state)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    wire = Wire(session)
    rate = KILOBITS * 1000 / 8
    line = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate / 2}
    session.send("Network.emulateNetworkConditions", line)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page, wire
    context.close()
