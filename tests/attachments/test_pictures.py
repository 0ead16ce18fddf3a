"""What a file turns out to be, and the copy of it that pages show."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from pendamping.attachments.models import MediaType
from pendamping.attachments.papers import NotADocument
from pendamping.attachments.pictures import (
    LARGE_SIDE,
    MAX_BYTES,
    SMALL_SIDE,
    FileTooLarge,
    NotAPicture,
    PictureTooLarge,
    TooLittleInk,
    facts_of_file,
    refuse_too_little_ink,
    shown_copy,
)
from pendamping.kernel.errors import DomainError
from tests.pictures import PDF, bomb, photo, signature

TAKEN_AT = dt.datetime(2026, 4, 14, 1, 41, tzinfo=dt.UTC)
"""14 April 2026, 09.41 in Balikpapan."""
KINDS = {"JPEG": MediaType.JPEG, "PNG": MediaType.PNG, "WEBP": MediaType.WEBP, "HEIF": MediaType.HEIC}
WHITE, RED = (255, 255, 255), (255, 0, 0)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colour(image: Image.Image, x: float = 0.5, y: float = 0.5) -> tuple[int, int, int]:
    """The colour at a place that is given in shares of width and height."""
    found = image.convert("RGB").getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(found, tuple)
    return (int(found[0]), int(found[1]), int(found[2]))


def is_near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(left - right) < 16 for left, right in zip(one, other, strict=True))


# What a file is -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_told_by_its_content(kind: str) -> None:
    facts = facts_of_file(photo(kind))

    assert (facts.media_type, facts.width, facts.height) == (KINDS[kind], 640, 480)
    assert facts.taken_at == TAKEN_AT


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_photo(kind: str, orientation: int) -> None:
    facts = facts_of_file(photo(kind, (64, 48), orientation=orientation))

    assert (facts.width, facts.height) == ((48, 64) if orientation >= 5 else (64, 48))


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_there_is_none_of_is_upright(orientation: int) -> None:
    data = photo(size=(64, 48), orientation=orientation)

    assert (facts_of_file(data).width, opened(shown_copy(data, 64)).size) == (64, (64, 48))


@pytest.mark.parametrize(
    "taken",
    [
        "",
        "kemarin",
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2026:02:30 10:00:00",
        "2026:04:14 24:00:00",
        "0001:01:01 00:00:00",
        "1970:01:01 00:00:00",
        "9999:12:31 23:59:59",
    ],
)
def test_a_camera_that_has_lost_its_clock_says_no_time(taken: str) -> None:
    assert facts_of_file(photo(taken=taken)).taken_at is None


def test_a_photo_without_metadata_says_no_time() -> None:
    assert facts_of_file(saved(Image.new("RGB", (8, 8)), "JPEG")).taken_at is None


def test_a_photo_with_damaged_metadata_is_a_photo_all_the_same() -> None:
    whole = photo(size=(64, 48), orientation=6)
    data = whole.replace(b"Exif\0\0MM\0*", b"Exif\0\0MM\x01*")

    assert data != whole
    assert (facts_of_file(data).width, facts_of_file(data).taken_at) == (64, None)
    assert opened(shown_copy(data, 64)).size == (64, 48)


def test_a_pdf_is_a_document_without_a_size() -> None:
    facts = facts_of_file(PDF)

    assert (facts.media_type, facts.width, facts.height, facts.taken_at) == (MediaType.PDF, None, None, None)


def test_what_is_hidden_behind_a_photo_does_not_change_what_it_is() -> None:
    for behind in (PDF, b"<script>alert(1)</script>", b"PK\x03\x04", photo("PNG")):
        assert facts_of_file(photo() + behind).media_type is MediaType.JPEG


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), name) for name in ("red", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def sixteen_bits() -> bytes:
    return saved(Image.new("I;16", (40, 40), 30_000), "PNG")


def palette(*, index: int) -> bytes:
    image = Image.new("P", (40, 40), index)
    image.putpalette([0, 0, 0, 255, 0, 0] + [0] * 750)
    return saved(image, "PNG", transparency=0)


UNUSUAL: dict[str, tuple[Callable[[], bytes], tuple[int, int, int]]] = {
    "animated WebP": (lambda: animated("WEBP"), RED),
    "animated PNG": (lambda: animated("PNG"), RED),
    "JPEG of two views": (lambda: animated("MPO"), RED),
    "CMYK": (lambda: saved(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG"), RED),
    "16 bits": (sixteen_bits, (117, 117, 117)),
    "palette, its colour": (lambda: palette(index=1), RED),
    "palette, its transparency": (lambda: palette(index=0), WHITE),
    "one bit": (lambda: saved(Image.new("1", (40, 40), 1), "PNG"), WHITE),
    "grey": (lambda: saved(Image.new("L", (40, 40), 77), "JPEG"), (77, 77, 77)),
    "grey and transparent": (lambda: saved(Image.new("LA", (40, 40), (0, 0)), "PNG"), WHITE),
    "one colour is transparent": (
        lambda: saved(Image.new("RGB", (40, 40), (1, 2, 3)), "PNG", transparency=(1, 2, 3)),
        WHITE,
    ),
    "half transparent": (lambda: saved(Image.new("RGBA", (40, 40), (255, 0, 0, 128)), "PNG"), (255, 127, 127)),
    "transparent WebP": (lambda: saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "WEBP", lossless=True), WHITE),
    "a single dot": (lambda: saved(Image.new("RGB", (1, 1), "red"), "JPEG"), RED),
    "a line": (lambda: saved(Image.new("RGB", (4000, 1), "red"), "JPEG"), RED),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_picture_is_taken_and_shown_in_its_colours(name: str) -> None:
    make, expected = UNUSUAL[name]
    data = make()

    assert facts_of_file(data).media_type.is_image
    assert is_near(colour(opened(shown_copy(data, SMALL_SIDE))), expected)


# What is refused ------------------------------------------------------------------------------------------------------


def cut(kind: str) -> bytes:
    whole = photo(kind)
    return whole[: len(whole) * 2 // 3]


REFUSED: dict[str, tuple[Callable[[], bytes], type[DomainError]]] = {
    "nothing": (lambda: b"", NotAPicture),
    "a text": (lambda: b"ini bukan foto", NotAPicture),
    "a page": (lambda: b"<!doctype html><script>alert(1)</script>", NotAPicture),
    "a drawing with script": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotAPicture),
    "a GIF": (lambda: saved(Image.new("RGB", (9, 9)), "GIF"), NotAPicture),
    "a BMP": (lambda: saved(Image.new("RGB", (9, 9)), "BMP"), NotAPicture),
    "a TIFF": (lambda: saved(Image.new("RGB", (9, 9)), "TIFF"), NotAPicture),
    "a JPEG's first bytes": (lambda: b"\xff\xd8\xff\xe0", NotAPicture),
    "half a JPEG": (lambda: cut("JPEG"), NotAPicture),
    "half a PNG": (lambda: cut("PNG"), NotAPicture),
    "half a WebP": (lambda: cut("WEBP"), NotAPicture),
    "half a HEIC": (lambda: cut("HEIF"), NotAPicture),
    "a JPEG behind other bytes": (lambda: b"GIF89a" + photo(), NotAPicture),
    "half a PDF": (lambda: PDF[:30], NotADocument),
    "a JPEG that says it is a PDF": (lambda: b"%PDF-1.7\n" + photo(), NotADocument),
    "a bomb": (bomb, PictureTooLarge),
    "a bomb just over our limit": (lambda: bomb(7_750, 7_750), PictureTooLarge),
    "a bomb of one line": (lambda: bomb(2_000_000_000, 1), PictureTooLarge),
    "a large picture without its dots": (lambda: bomb(7_000, 7_000), NotAPicture),
    "16 MB": (lambda: photo() + bytes(16 * 1024 * 1024), FileTooLarge),
    "one byte too many": (lambda: photo() + bytes(MAX_BYTES + 1 - len(photo())), FileTooLarge),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_for_what_it_is(name: str) -> None:
    make, refusal = REFUSED[name]

    with pytest.raises(refusal):
        facts_of_file(make())


def test_as_many_bytes_as_are_allowed_are_taken() -> None:
    data = photo()

    assert facts_of_file(data + bytes(MAX_BYTES - len(data))).width == 640


def test_a_bomb_is_small() -> None:
    assert len(bomb()) < 1000


SEEDS = [photo(kind, (48, 36)) for kind in KINDS] + [signature(), animated("WEBP"), animated("MPO"), palette(index=1)]
CHANGES = st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=12), st.integers(0, 12)), max_size=12)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.sampled_from(SEEDS), changes=CHANGES, kept=st.integers(0, 20_000), noise=st.binary(max_size=200))
def test_whatever_comes_in_is_understood_and_shown_or_refused(
    seed: bytes, changes: list[tuple[int, bytes, int]], kept: int, noise: bytes
) -> None:
    data = bytearray(seed)
    for at, written, dropped in changes:
        place = at % (len(data) + 1)
        data[place : place + dropped] = written
    for mutated in (bytes(data[:kept]), bytes(data), noise, seed[:20] + noise):
        try:
            facts = facts_of_file(mutated)
        except DomainError:
            continue
        assert facts.media_type is MediaType.PDF or opened(shown_copy(mutated, 32)).format == "JPEG"


# The copy that is shown -----------------------------------------------------------------------------------------------

A, B, C, D = (220, 30, 30), (30, 180, 30), (30, 60, 220), (230, 200, 20)
UPRIGHT = {
    1: (A, B, C, D),
    2: (B, A, D, C),
    3: (C, D, A, B),
    4: (D, C, B, A),
    5: (A, D, C, B),
    6: (D, A, B, C),
    7: (C, B, A, D),
    8: (B, C, D, A),
}
"""EXIF 2.32, tag 0x0112, worked out by hand: the corners that people see, from the upper left one clockwise."""


def four_corners(orientation: int) -> bytes:
    """A photo whose dots are stored A B (upper row), D C (lower row)."""
    image = Image.new("RGB", (80, 60), A)
    image.paste(B, (40, 0, 80, 30))
    image.paste(C, (40, 30, 80, 60))
    image.paste(D, (0, 30, 40, 60))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, "JPEG", quality=95, exif=exif.tobytes())


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_the_copy_stands_upright(orientation: int) -> None:
    copy = opened(shown_copy(four_corners(orientation), 80))

    corners = [colour(copy, x, y) for x, y in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))]
    assert copy.size == ((60, 80) if orientation >= 5 else (80, 60))
    assert all(is_near(seen, meant) for seen, meant in zip(corners, UPRIGHT[orientation], strict=True)), corners


def telling_picture(kind: str) -> bytes:
    """A photo that tells a lot beside what is on it."""
    image = opened(photo(kind))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, object] = {"icc_profile": profile, "exif": image.getexif().tobytes()}
    if kind == "JPEG":
        options |= {"comment": b"rahasia di komentar", "xmp": b"<x>rahasia di xmp</x>"}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", "rahasia di teks")
        options["pnginfo"] = words
    return saved(image, kind, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_copy_tells_nothing_but_what_is_on_it(kind: str) -> None:
    data = telling_picture(kind)
    assert b"Kamera Uji" in data

    copy = shown_copy(data, LARGE_SIDE)

    for told in (b"Kamera", b"Exif", b"rahasia", b"ICC_PROFILE", b"http", b"GPS"):
        assert told not in copy
    assert dict(opened(copy).getexif()) == {}
    assert set(opened(copy).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [1, 100, SMALL_SIDE, 639])
def test_the_copy_is_no_larger_than_asked(kind: str, side: int) -> None:
    copy = opened(shown_copy(photo(kind), side))

    assert max(copy.size) == side
    assert copy.format == "JPEG"


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(shown_copy(photo(size=(64, 48)), LARGE_SIDE)).size == (64, 48)


def test_a_copy_of_the_same_file_is_the_same() -> None:
    assert shown_copy(photo(), SMALL_SIDE) == shown_copy(photo(), SMALL_SIDE)


def test_a_signature_is_shown_dark_on_white() -> None:
    copy = opened(shown_copy(signature(), LARGE_SIDE))

    assert is_near(colour(copy, 0.99, 0.99), WHITE)
    assert min(colour(copy.resize((1, 1)).convert("RGB"))) < 255


# Signatures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [signature, photo], ids=["pen strokes", "photo of a sheet"])
def test_a_signature_is_more_than_a_dot(make: Callable[[], bytes]) -> None:
    refuse_too_little_ink(make())


def test_a_dot_or_an_empty_sheet_is_no_signature() -> None:
    with pytest.raises(TooLittleInk):
        refuse_too_little_ink(signature(dots_only=True))
    for empty in (Image.new("RGBA", (600, 200), (0, 0, 0, 0)), Image.new("RGB", (600, 200), "white")):
        with pytest.raises(TooLittleInk):
            refuse_too_little_ink(saved(empty, "PNG"))


def test_what_does_not_open_is_no_signature() -> None:
    for data in (b"", PDF, cut("PNG")):
        with pytest.raises(NotAPicture):
            refuse_too_little_ink(data)
