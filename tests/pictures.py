"""Real pictures for tests: photos with what cameras write into them, signatures, and files that only look like them."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import ExifTags, Image, ImageDraw


def photo(
    kind: str = "JPEG",
    size: tuple[int, int] = (640, 480),
    *,
    taken: str = "2026:04:14 09:41:00",
    orientation: int = 1,
    colour: str = "#7a8f6b",
) -> bytes:
    """A small photo of a field with a house, with the time, the camera and a place in its metadata."""
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    draw.rectangle((size[0] // 4, size[1] // 3, size[0] // 2, size[1] // 2), fill="#b5482b")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kamera Uji"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "S"
    return _saved(image, kind, exif=exif.tobytes())


def signature(*, dots_only: bool = False) -> bytes:
    """Pen strokes on a transparent sheet, as the pad on the tablet draws them."""
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if dots_only:
        draw.ellipse((300, 100, 305, 105), fill="#1d2b3a")
    else:
        draw.line([(60, 140), (140, 50), (200, 150), (300, 60), (420, 140), (520, 80)], fill="#1d2b3a", width=5)
    return _saved(image, "PNG")


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4000))
        + chunk(b"IEND", b"")
    )


def paper(
    make: Callable[[pikepdf.Pdf], object] | None = None,
    *,
    encryption: pikepdf.Encryption | None = None,
    is_compressed: bool = False,
) -> bytes:
    """A PDF of one empty page, with whatever `make` puts into it; the same each time unless it is encrypted."""
    mode = pikepdf.ObjectStreamMode.generate if is_compressed else pikepdf.ObjectStreamMode.disable
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        if make is not None:
            make(pdf)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=mode, deterministic_id=encryption is None, encryption=encryption)
        return out.getvalue()


PDF = paper()


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    if kind == "HEIF":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
