"""Where the drawings of a page come from: a file for the whole office, or the page itself.

A reference into another file costs the browser a look-up and an event for each place, which nobody notices on a page
with twenty; a visit's form has hundreds, and a cheap tablet half a second of them.
"""

import re
from functools import cache
from pathlib import Path

from flask import Flask, current_app, has_request_context, request
from markupsafe import Markup

from pendamping.kernel.web import static_url

SPRITE = "icons/sprite.svg"
SYMBOL = re.compile(r'<symbol id="(?P<name>[\w-]+)"(?P<rest>.*?</symbol>)', re.DOTALL)
PREFIX = "gambar-"
_DRAWN_HERE = "pendamping.icons"


def init_icons(app: Flask) -> None:
    for lent in (icon_address, draw_icons_here, icons_here):
        app.add_template_global(lent)


def draw_icons_here() -> str:
    """Say it before the first icon: this page draws its own, by `icons_here` at its end."""
    request.environ[_DRAWN_HERE] = set()
    return ""


def icon_address(name: str) -> str:
    """What an icon refers to."""
    drawn: set[str] | None = request.environ.get(_DRAWN_HERE) if has_request_context() else None
    if drawn is None:
        return f"{static_url(SPRITE)}#{name}"
    drawn.add(name)
    return f"#{PREFIX}{name}"


def icons_here() -> Markup:
    """The drawings that the page has referred to, each once; nothing on a page that leaves them in their file."""
    drawn: set[str] = request.environ.get(_DRAWN_HERE) or set()
    if not drawn:
        return Markup()
    symbols = _symbols(Path(current_app.root_path) / "static" / SPRITE)
    found = "".join(f'<symbol id="{PREFIX}{name}"{symbols[name]}' for name in sorted(drawn))
    return Markup(f'<svg hidden aria-hidden="true">{found}</svg>')  # noqa: S704  # the product's own file and names


@cache
def _symbols(sprite: Path) -> dict[str, str]:
    return {each["name"]: each["rest"] for each in SYMBOL.finditer(sprite.read_text(encoding="utf-8"))}
