"""A stylesheet with everything that it imports in it: on a thin line each further file is another wait.

Pure: files in, text out. The files stay as they are written, one for each part; only what is sent is whole.
"""

import re
from functools import cache
from pathlib import Path

IMPORT = re.compile(
    r'^@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>[\w-]+)\)(?: (?P<media>[\w-]+))?;$', re.MULTILINE
)
CHARSET = re.compile(r'^@charset "[^"]*";')


@cache
def whole(path: Path) -> str | None:
    """The stylesheet with each import in its place and layer; None for one that imports nothing."""
    text = path.read_text(encoding="utf-8")
    if not IMPORT.search(text):
        return None
    return IMPORT.sub(lambda found: _inside(path.parent, found), text)


def _inside(folder: Path, found: re.Match[str]) -> str:
    text = CHARSET.sub("", (folder / found["file"]).resolve().read_text(encoding="utf-8"))
    layered = f"@layer {found['layer']} {{\n{text}\n}}"
    return f"@media {found['media']} {{\n{layered}\n}}" if found["media"] else layered
