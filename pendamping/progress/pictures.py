"""Charts as pictures to share: the drawing with its sentence above and what it is about below, as PNG. Pure.

A picture leaves its page, so it says by itself what it shows, of what, and as of which day.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from pendamping.progress.charts import CARD, FONTS, INK, INK_SOFT, PIXELS_PER_INCH, drawing_alone

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCALE = 2
"""Pixels for each of the drawing's own, so that it is sharp on a telephone and on a screen in a meeting."""
EDGE, TITLE, NOTE = 20, 19, 13
"""In the drawing's own pixels: the margin, the letters of the sentence, those of everything else."""


@dataclass(frozen=True, slots=True)
class Words:
    """title: the sentence that the chart shows.  note: how to read it.  foot: of what, as of when."""

    title: str
    note: str
    foot: str


def picture(draw: Callable[[], "Figure"], words: Words) -> bytes:
    """Same figure and words, same bytes."""
    with drawing_alone():
        out = io.BytesIO()
        draw().savefig(out, format="png", dpi=PIXELS_PER_INCH * SCALE, facecolor=CARD, metadata={"Software": None})
    return _with_words(Image.open(out).convert("RGB"), words)


def _with_words(chart: Image.Image, words: Words) -> bytes:
    room = chart.width
    bold, plain = _font("Bold", TITLE), _font("Regular", NOTE)
    lines = [
        *((line, bold, INK, TITLE) for line in _wrapped(words.title, bold, room)),
        *((line, plain, INK_SOFT, NOTE) for line in _wrapped(words.note, plain, room)),
    ]
    foot = _wrapped(words.foot, plain, room)
    above = sum(_line(size) for *_, size in lines) + EDGE * SCALE // 2
    below = len(foot) * _line(NOTE) + EDGE * SCALE // 2
    edge = EDGE * SCALE
    sheet = Image.new("RGB", (room + 2 * edge, 2 * edge + above + chart.height + below), CARD)
    sheet.paste(chart, (edge, edge + above))
    pen, top = ImageDraw.Draw(sheet), edge
    for line, font, colour, size in lines:
        pen.text((edge, top), line, font=font, fill=colour)
        top += _line(size)
    top = edge + above + chart.height + EDGE * SCALE // 2
    for line in foot:
        pen.text((edge, top), line, font=plain, fill=INK_SOFT)
        top += _line(NOTE)
    out = io.BytesIO()
    sheet.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"PlusJakartaSans-{weight}.ttf", size * SCALE)


def _line(size: int) -> int:
    return round(size * 1.4) * SCALE


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """Lines of whole words that fit; a word longer than a line stands on one of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
