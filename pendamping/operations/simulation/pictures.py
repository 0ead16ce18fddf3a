"""Drawn pictures that stand for photos and signatures; each says that it is simulated."""

import datetime as dt
import io
import math
from collections.abc import Sequence
from functools import cache

from PIL import ExifTags, Image, ImageDraw, ImageFont

from pendamping.kernel.clock import OFFICE_TZ
from pendamping.operations.simulation.chance import Chance

PHOTO_SIZE = (640, 480)
PAPER_SIZE = (620, 877)
SIGNATURE_SIZE = (480, 180)
MARK = "SIMULASI"
QUALITY = 72
Colour = tuple[int, int, int]
WALLS: Sequence[Colour] = ((233, 224, 206), (214, 226, 229), (226, 216, 226), (219, 229, 211))
GOODS: Sequence[Colour] = ((196, 69, 54), (62, 110, 158), (222, 163, 56), (84, 140, 92), (120, 92, 150))
WOOD: Colour = (134, 98, 66)
INK: Colour = (28, 40, 92)
GREY: Colour = (120, 120, 120)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def photo(lines: Sequence[str], taken_at: dt.datetime, chance: Chance) -> bytes:
    """A JPEG of a shop's shelves, a ledger, or an office; `lines` say what it would have shown."""
    image = Image.new("RGB", PHOTO_SIZE, chance.choice(WALLS))
    draw = ImageDraw.Draw(image)
    chance.choice((_shelves, _ledger, _office))(draw, chance)
    _mark(draw, lines)
    exif = Image.Exif()
    written = taken_at.astimezone(OFFICE_TZ).strftime("%Y:%m:%d %H:%M:%S")
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = written
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, exif=exif)
    return out.getvalue()


def paper(title: str, lines: Sequence[str]) -> bytes:
    """A JPEG of a document that was never issued."""
    image = Image.new("RGB", PAPER_SIZE, (250, 249, 244))
    draw = ImageDraw.Draw(image)
    draw.rectangle((36, 36, 584, 841), outline=GREY, width=2)
    draw.text((310, 90), title, fill=(30, 30, 30), font=_font(26), anchor="mm")
    for number, line in enumerate(lines):
        draw.text((70, 160 + 34 * number), line, fill=(60, 60, 60), font=_font(18))
    for number in range(12):
        top = 300 + 34 * number
        draw.line((70, top, 550 - (number % 4) * 60, top), fill=(205, 203, 196), width=3)
    draw.text((310, 770), MARK, fill=(196, 69, 54), font=_font(54), anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def signature(chance: Chance) -> bytes:
    """A PNG of pen strokes, each person's the same every time."""
    image = Image.new("RGB", SIGNATURE_SIZE, "white")
    draw = ImageDraw.Draw(image)
    width, middle = SIGNATURE_SIZE[0], SIGNATURE_SIZE[1] // 2
    for _ in range(chance.randint(2, 3)):
        start, speed = chance.uniform(40, 110), chance.uniform(3.2, 4.6)
        tall, waves, turn = chance.uniform(22, 52), chance.uniform(0.2, 0.42), chance.uniform(0, math.tau)
        points = [
            (
                min(width - 20.0, start + speed * step + 16 * math.sin(step * waves * 1.7 + turn)),
                middle + tall * math.sin(step * waves + turn) * math.exp(-step / 70),
            )
            for step in range(chance.randint(46, 74))
        ]
        draw.line(points, fill=INK, width=4, joint="curve")
    draw.line([(60, middle + 42), (width - 90, middle + chance.randint(24, 40))], fill=INK, width=3)
    draw.text((width - 8, SIGNATURE_SIZE[1] - 6), MARK, fill=GREY, font=_font(12), anchor="rd")
    out = io.BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=8).save(out, "PNG")
    return out.getvalue()


def _mark(draw: ImageDraw.ImageDraw, lines: Sequence[str]) -> None:
    width, height = PHOTO_SIZE
    draw.rectangle((0, height - 66, width, height), fill=(32, 36, 44))
    for number, line in enumerate(lines[:2]):
        draw.text((14, height - 58 + 26 * number), line, fill="white", font=_font(19))
    draw.text((width - 14, height - 58), MARK, fill=(255, 205, 92), font=_font(24), anchor="ra")


def _shelves(draw: ImageDraw.ImageDraw, chance: Chance) -> None:
    for row in range(3):
        top = 60 + 120 * row
        draw.rectangle((40, top + 92, 600, top + 102), fill=WOOD)
        left = 54
        while left < 560:
            width, tall = chance.randint(22, 52), chance.randint(38, 84)
            draw.rectangle((left, top + 92 - tall, left + width, top + 91), fill=chance.choice(GOODS))
            draw.rectangle((left + 4, top + 92 - tall // 2, left + width - 4, top + 92 - tall // 3), fill="white")
            left += width + chance.randint(3, 14)


def _ledger(draw: ImageDraw.ImageDraw, chance: Chance) -> None:
    draw.rectangle((0, 300, 640, 480), fill=WOOD)
    draw.polygon([(90, 60), (320, 44), (320, 380), (74, 396)], fill=(252, 250, 240), outline=GREY)
    draw.polygon([(320, 44), (560, 62), (574, 396), (320, 380)], fill=(249, 246, 234), outline=GREY)
    for line in range(13):
        top = 84 + 22 * line
        for left, right in ((104, 300), (338, 546)):
            draw.line((left, top + 12, right, top + 12), fill=(206, 214, 226))
            if chance.happens(0.8):
                draw.text((left + 2, top - 4), chance.digits(2) + "/" + chance.digits(2), fill=INK, font=_font(13))
                draw.text((right - 2, top - 4), f"{chance.randint(5, 950)}.000", fill=INK, font=_font(13), anchor="ra")


def _office(draw: ImageDraw.ImageDraw, chance: Chance) -> None:
    draw.rectangle((0, 330, 640, 480), fill=(186, 178, 164))
    draw.rectangle((60, 50, 250, 150), fill="white", outline=GREY, width=3)
    draw.text((155, 100), "Koperasi", fill=(196, 69, 54), font=_font(28), anchor="mm")
    draw.rectangle((90, 260, 550, 282), fill=WOOD)
    for left in (104, 520):
        draw.rectangle((left, 282, left + 16, 400), fill=WOOD)
    for person in range(chance.randint(2, 4)):
        middle = 150 + 110 * person
        draw.ellipse((middle - 24, 168, middle + 24, 216), fill=(150, 108, 82))
        draw.rounded_rectangle((middle - 38, 214, middle + 38, 262), 14, fill=chance.choice(GOODS))
    draw.rectangle((430, 70, 570, 170), fill=(176, 206, 226), outline="white", width=6)
