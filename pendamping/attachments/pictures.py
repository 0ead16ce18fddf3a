"""Pictures and papers, believed only when they open: what came in, how large it is, and the copy that pages show.

Bytes in, facts or bytes out.
"""

import datetime as dt
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from PIL import ExifTags, Image, ImageOps

from pendamping.attachments.apart import refuse_unsafe_pdf
from pendamping.attachments.models import MediaType
from pendamping.attachments.papers import says_pdf
from pendamping.kernel.clock import OFFICE_TZ
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
"""More than any phone's camera makes; a small file that claims more is made to hurt."""
COPY_QUALITY = 82
SMALL_SIDE, LARGE_SIDE = 320, 1600
MEDIA_TYPES = {
    "JPEG": MediaType.JPEG,
    "MPO": MediaType.JPEG,  # what some phones call a JPEG with a second view in it
    "PNG": MediaType.PNG,
    "WEBP": MediaType.WEBP,
    "HEIF": MediaType.HEIC,
}
OPENED = ("JPEG", "PNG", "WEBP", "HEIF")
ON_ITS_SIDE = (5, 6, 7, 8)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by its EXIF orientation."""
FIRST_CAMERA_YEAR, LAST_CAMERA_YEAR = 1990, 2100
"""A camera that says anything else has lost its clock; at the ends of time no calendar can follow it."""
INK_MIN_SIDE, INK_MIN_SHARE = 0.08, 0.0008
"""The strokes of a name cover some of the sheet; one dot does not. Shares of its width and of its pixels."""


class NotAPicture(DomainError):
    code = "not_a_picture"
    status = 415
    explanation = N_("Berkas ini bukan foto yang dapat dibuka. Kirim JPEG, PNG, WebP, atau HEIC.")


class FileTooLarge(DomainError):
    code = "file_too_large"
    status = 413
    explanation = N_("Berkas terlalu besar; paling banyak 15 MB.")


class PictureTooLarge(DomainError):
    code = "picture_too_large"
    status = 413
    explanation = N_("Foto ini terlalu besar untuk dibuka: terlalu banyak titik gambar.")


class TooLittleInk(DomainError):
    code = "too_little_ink"
    status = 400
    explanation = N_("Tanda tangan belum terbaca: hanya satu titik atau garis pendek. Mintalah tanda tangan lagi.")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file turned out to be. Width and height in pixels, None for a PDF."""

    media_type: MediaType
    width: int | None
    height: int | None
    taken_at: dt.datetime | None


def facts_of_file(data: bytes) -> FileFacts:
    """Open a file and say what it is; its name and what the sender called it count for nothing.

    Raises:
        FileTooLarge, PictureTooLarge, NotAPicture: saying why it is not taken.
        NotADocument and its like: of a PDF (see `apart.refuse_unsafe_pdf`).
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge
    if says_pdf(data):
        refuse_unsafe_pdf(data)
        return FileFacts(MediaType.PDF, None, None, None)
    with _opened(data) as image:
        width, height = image.size
        if _orientation(image) in ON_ITS_SIDE:
            width, height = height, width
        taken_at = _taken_at(image)
        # JPEG decodes at an eighth of its size: proof enough that it is whole, at a fraction of the work.
        image.draft("RGB", (image.width // 8 or 1, image.height // 8 or 1))
        claimed = image.size
        image.load()
        if image.size != claimed:  # a damaged HEIC turns out to be smaller than it said
            raise NotAPicture
        return FileFacts(MEDIA_TYPES[image.format or ""], width, height, taken_at)


def shown_copy(data: bytes, longest_side: int) -> bytes:
    """The JPEG that pages and papers show: upright, no larger than needed, without a word of metadata."""
    with _opened(data) as image:
        image.draft("RGB", (longest_side, longest_side))
        turn = TURNS.get(_orientation(image))
        # Palettes could be shrunk only by leaving out dots.
        copy = image.convert("RGBA") if image.mode in ("1", "P") else image
        copy.thumbnail((longest_side, longest_side))
        copy = _on_white(copy)
        return _as_jpeg(copy if turn is None else copy.transpose(turn))


def refuse_too_little_ink(data: bytes) -> None:
    """A signature is more than a dot.

    Raises:
        TooLittleInk: what is drawn covers next to nothing.
        NotAPicture: it does not open.
    """
    with _opened(data) as image:
        image.thumbnail((400, 400))
        ink = ImageOps.invert(_on_white(image).convert("L")).point([0] * 64 + [255] * 192)
        box = ink.getbbox()
        if box is None:
            raise TooLittleInk
        left, top, right, bottom = box
        covered = ink.histogram()[255] / (ink.width * ink.height)
        if max(right - left, bottom - top) < INK_MIN_SIDE * ink.width or covered < INK_MIN_SHARE:
            raise TooLittleInk


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """A picture to look into. Whatever fails meanwhile, the file is no picture: each decoder fails in a way of its own,
    and warns of things that nobody here can mend.
    """
    _understand_heic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=OPENED)
            if image.width * image.height > MAX_PIXELS:
                raise PictureTooLarge
            yield image
        except DomainError:
            raise
        except Image.DecompressionBombError as error:
            raise PictureTooLarge from error
        except Exception as error:
            raise NotAPicture from error


@cache
def _understand_heic() -> None:
    from pillow_heif import register_heif_opener  # loads a library that few requests need

    register_heif_opener()


def _orientation(image: Image.Image) -> int:
    """How the camera was held, 1 to 8; upright where the file does not say or its metadata is damaged."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        return 1


def _taken_at(image: Image.Image) -> dt.datetime | None:
    """Cameras write their local time without a zone; the office's is taken to be meant."""
    try:
        written = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        taken_at = dt.datetime.strptime(str(written)[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=OFFICE_TZ)
    except Exception:
        return None
    return taken_at if FIRST_CAMERA_YEAR <= taken_at.year <= LAST_CAMERA_YEAR else None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits; a plain conversion would cut off whatever is brighter than the darkest
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    sheet = Image.new("RGBA", image.size, "white")
    sheet.alpha_composite(image.convert("RGBA"))
    return sheet.convert("RGB")


def _as_jpeg(image: Image.Image) -> bytes:
    image.info.clear()
    out = io.BytesIO()
    image.save(out, "JPEG", quality=COPY_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
