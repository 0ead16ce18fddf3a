"""What is wrong with a page: asked once loaded, at each width a person may have."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.e2e.conftest import LAPTOP, PHONE, TABLET, Device

EVERY_WIDTH = (LAPTOP, {"width": 1180, "height": 820}, TABLET, PHONE)
AXE_WIDTHS = (PHONE["width"], LAPTOP["width"])
"""The rules of axe see the same page at the widths between."""
VIOLATIONS = """
async (looksAtColours) => {
  const rules = { "color-contrast": { enabled: looksAtColours } };
  const { violations } = await axe.run({ preload: false, resultTypes: ["violations"], rules });
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
"""
TOO_SMALL = """
() => [...document.querySelectorAll("main button, main .btn, nav a, input[type=submit]")]
  .filter(each => navigator.maxTouchPoints > 0 && each.checkVisibility() && !each.closest("table, .visually-hidden"))
  .map(each => ({ box: each.getBoundingClientRect(), words: each.textContent.trim() || each.className }))
  .filter(({ box }) => box.height > 0 && box.height < 44)
  .map(({ box, words }) => `${words}: ${Math.round(box.height)} px high`)
"""


def faults_of(
    screen: Device, path: str, sizes: Sequence[dict[str, int]] = EVERY_WIDTH, *, looks_at_colours: bool = True
) -> list[str]:
    """What axe finds, what scrolls sideways and what is too small to touch; with everything that was folded open.

    Args:
        looks_at_colours: whether contrast is measured, at the first width that axe looks at; it takes most of axe's
            time, and a page has the same colours at every width and for everybody.
    """
    screen.page.goto("about:blank")  # from the same page with another fragment nothing would be loaded anew
    screen.open(path)
    screen.page.locator("main details").evaluate_all("all => all.forEach(each => (each.open = true))")
    faults = []
    for size in sizes:
        screen.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        if size["width"] in AXE_WIDTHS:
            faults += [f"{path} at {size['width']}: {fault}" for fault in _axe(screen.page, looks_at_colours)]
            looks_at_colours = False
        faults += [f"{path} at {size['width']}: {fault}" for fault in _faults_of_size(screen)]
    return faults


def _faults_of_size(screen: Device) -> list[str]:
    faults = ["scrolls sideways"] if screen.scrolls_sideways() else []
    return faults + [str(each) for each in screen.page.evaluate(TOO_SMALL)]


def _axe(page: Page, looks_at_colours: bool) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [str(each) for each in page.evaluate(VIOLATIONS, looks_at_colours)]
