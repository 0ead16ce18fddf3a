"""Sets a paper: data and a template in, the bytes of a tagged PDF out. Pure but for a folder that lives a moment.

What people wrote reaches a template as data and never as markup, so nothing in it can be an instruction. The engine
sees one temporary folder with the templates, the data and the pictures of this one paper, and nothing else.
"""

import dataclasses
import datetime as dt
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pendamping.kernel.clock import start_of_day

if TYPE_CHECKING:
    import typst

STANDARD = "ua-1"
"""PDF/UA-1: tagged, with a title, a language and a text for each picture; the engine refuses what is not."""

STAND_IN = "□"
"""For a character that no font of ours has, so that the reader sees that something stood there."""

_SET = re.compile(
    "[\n\x20-\x7e\xa0-\u0377"  # Latin with all its marks
    "\u0621-\u063a\u0640-\u0652\u0660-\u0669"  # Arabic
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u2044-\u2052\u20a0-\u20bf\u2190-\u21ff\u2200-\u22ff\u2500-\u25ff]"
)
"""What the fonts at hand can set; a test sets each of them."""

NO_FONT = "could not be displayed with font"
"""What the engine says then."""

_DROPPED = frozenset({"Cc", "Cf", "Cs"})
"""Controls, marks of direction and halves of characters show nothing by themselves, and some turn a line around."""

_LONG_WORD = re.compile(r"\S{32,}")
_PIECE = 8

Value = Any  # what JSON can say


def typeset(template: str, content: Any, *, dated: dt.date) -> bytes:
    """The PDF of a paper; the same content gives the same bytes.

    Args:
        template: the name of a file in `papers/`, without its ending.
        content: a dataclass of texts, numbers, pictures (as JPEG, PNG or SVG bytes) and sequences of them.
        dated: the day that the file says it was made on.
    """
    pdf: bytes = engrave(template, content, dated=dated, format="pdf", pdf_standards=[STANDARD])
    return pdf


def engrave(template: str, content: Any, *, dated: dt.date, **options: Any) -> Any:
    """As `typeset`, in any form that the engine has: tests look at the pages as pictures."""
    import typst  # loads an engine that few requests need

    midnight = start_of_day(dated)
    with tempfile.TemporaryDirectory(prefix="pendamping-") as name:
        folder = Path(name)
        _lay_out(folder)
        data = json.dumps(_plain(content, folder), ensure_ascii=False)
        settings = {
            "input": folder / f"{template}.typ",
            "root": folder,
            "font_paths": fonts(),
            "ignore_system_fonts": True,
            "timestamp": int(midnight.timestamp()),
            "package_path": folder,
            "package_cache_path": folder,
            **options,
        }
        try:
            return typst.compile(sys_inputs={"data": data}, **settings)
        except typst.TypstError as error:
            if NO_FONT not in str(error):
                raise
            # A pile of marks that no single font has: the words stay, their marks go.
            return typst.compile(sys_inputs={"data": _without_marks(data)}, **settings)


@cache
def fonts() -> "typst.Fonts":
    """The shipped fonts, and behind them the engine's own for names that need more letters; opened once a process."""
    import typst

    folder = str(resources.files("pendamping") / "fonts")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def _lay_out(folder: Path) -> None:
    with resources.as_file(resources.files("pendamping.reports") / "papers") as templates:
        for file in templates.glob("*.typ"):
            shutil.copyfile(file, folder / file.name)


def _plain(value: Value, folder: Path) -> Value:
    """A paper's content as JSON says it; pictures go into the folder and leave their file's name."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return legible(value)
        case dt.date():
            return value.isoformat()
        case bytes():
            name = f"picture-{len(list(folder.iterdir()))}{_ending(value)}"
            (folder / name).write_bytes(value)
            return name
        case Mapping():
            return {str(key): _plain(each, folder) for key, each in value.items()}
        case Sequence():
            return [_plain(each, folder) for each in value]
        case _:
            fields = (field.name for field in dataclasses.fields(value))
            return {name: _plain(getattr(value, name), folder) for name in fields}


def _ending(picture: bytes) -> str:
    if picture.startswith(b"<svg "):
        return ".svg"
    return ".png" if picture.startswith(b"\x89PNG") else ".jpg"


def legible(text: str) -> str:
    """A text as a paper can show it: what has no shape is dropped, what no font has becomes a box, and a very long word
    may be broken so that it stays inside its cell.
    """
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    shown = "".join(_shown(each) for each in composed)
    return _LONG_WORD.sub(_breakable, re.sub(f"{STAND_IN}+", STAND_IN, shown))


def _shown(character: str) -> str:
    if _SET.fullmatch(character):
        return character
    if unicodedata.category(character) in _DROPPED or unicodedata.combining(character):
        return ""
    plain = unicodedata.normalize("NFKC", character)  # fancy letters from a phone's keyboard
    return plain if all(map(_SET.fullmatch, plain)) else STAND_IN


def _breakable(word: re.Match[str]) -> str:
    text = word.group()
    return "\u200b".join(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


def _without_marks(text: str) -> str:
    """Only what the house's own font has for certain."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return re.sub(r"[^\n\x20-\x7e]", "?", bare)
