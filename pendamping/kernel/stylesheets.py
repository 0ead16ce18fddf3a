"""A stylesheet with everything that it imports in it: on a thin line each further file is another wait.

Of a foreign stylesheet beside which a list of classes lies (`bootstrap.min.keep`), only what those classes, or no class
at all, ask for is sent: on a cheap phone the rest is weight to carry and to read. A list that is named (`own.keep`)
holds for everything that is imported. Pure: files in, text out. The files stay as they are written, one for each part;
only what is sent is whole.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

IMPORT = re.compile(
    r'^@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>[\w-]+)\)(?: (?P<media>[\w-]+))?;$', re.MULTILINE
)
CHARSET = re.compile(r'^@charset "[^"]*";')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
LINE_ENDS = re.compile(r"\s*\n\s*")
WITHOUT = re.compile(r":not\([^()]*\)")
GROUPS = ("@media", "@supports", "@layer")
DARK = "[data-bs-theme=dark]"
"""A theme that no page of ours asks for."""


@cache
def whole(path: Path, kept_by: Path | None = None) -> str | None:
    """The stylesheet with each import in its place and layer; None for one that imports nothing.

    Args:
        kept_by: a list of the only classes whose rules are sent.
    """
    text = path.read_text(encoding="utf-8")
    if not IMPORT.search(text):
        return None
    kept = _kept_by(kept_by) if kept_by else None
    sent = IMPORT.sub(lambda found: _inside(path.parent, found, kept), text)
    return sent if kept is None else LINE_ENDS.sub("\n", COMMENT.sub("", sent)).strip()


def _kept_by(path: Path) -> Collection[str] | None:
    return path.read_text(encoding="utf-8").split() if path.is_file() else None


def _inside(folder: Path, found: re.Match[str], kept_by_all: Collection[str] | None) -> str:
    file = (folder / found["file"]).resolve()
    text = CHARSET.sub("", file.read_text(encoding="utf-8"))
    kept = _kept_by(folder / f"{file.stem}.keep") if kept_by_all is None else kept_by_all
    if kept is not None:
        text = trimmed(text, kept)
    layered = f"@layer {found['layer']} {{\n{text}\n}}"
    return f"@media {found['media']} {{\n{layered}\n}}" if found["media"] else layered


def trimmed(text: str, kept: Collection[str]) -> str:
    """The rules of a stylesheet that need no other classes than those that are kept, in their order.

    What stands in `:not(...)` is no class that a rule needs. Rules without any class stay.
    """
    wanted = frozenset(kept)
    return "".join(_kept_rules(COMMENT.sub("", text), wanted))


def _kept_rules(text: str, wanted: Collection[str]) -> Iterator[str]:
    for head, body in _rules(text):
        if head.startswith(GROUPS):
            inner = "".join(_kept_rules(body, wanted))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [each for each in _selectors(head) if _is_wanted(each, wanted)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Each rule of the outermost level as what stands before its braces and in them."""
    begin = depth = opened = 0
    for brace in re.finditer(r"[{}]", text):
        if brace[0] == "{":
            opened = brace.start() if depth == 0 else opened
            depth += 1
            continue
        depth -= 1
        if depth == 0:
            yield text[begin:opened].strip(), text[opened + 1 : brace.start()]
            begin = brace.end()


def _selectors(head: str) -> Iterator[str]:
    """Those between the commas that stand in no brackets."""
    begin = depth = 0
    for mark in re.finditer(r"[(),]", head):
        depth += {"(": 1, ")": -1, ",": 0}[mark[0]]
        if mark[0] == "," and depth == 0:
            yield head[begin : mark.start()].strip()
            begin = mark.end()
    yield head[begin:].strip()


def _is_wanted(selector: str, wanted: Collection[str]) -> bool:
    return DARK not in selector and all(each in wanted for each in CLASS.findall(WITHOUT.sub("", selector)))
