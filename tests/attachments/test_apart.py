"""A small file that wants the whole machine gets a little of it, and is refused, whatever it is made of."""

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable

import pytest

from pendamping.attachments import apart, papers
from pendamping.attachments.pictures import facts_of_file
from pendamping.kernel.errors import DomainError
from tests.attachments.test_papers import run_when_opened
from tests.pictures import PDF, paper

MEGABYTE = 1024 * 1024


def of_parts(
    objects: list[bytes], *, inside: dict[int, int] | None = None, listed: bytes = b"", how: bytes = b""
) -> bytes:
    """A PDF whose objects have the numbers from 1 on.

    Args:
        inside: objects that lie in an object stream: their numbers, and the stream's.
        listed, how: what takes the place of its list of places, and the filters of that.
    """
    out, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + each + b"endobj\n"
    rows = struct.pack(">BIH", 0, 0, 65535) + b"".join(struct.pack(">BIH", 1, place, 0) for place in places)
    rows += b"".join(struct.pack(">BIH", 2, stream, 0) for stream in (inside or {}).values())
    list_at = len(out)
    size = len(rows) // 7 + 1
    rows = listed or rows + struct.pack(">BIH", 1, list_at, 0)
    about = b"<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R%s" % (size, how)
    return out + b"%d 0 obj" % (size - 1) + stream(about, rows) + b"endobj\nstartxref\n%d\n%%%%EOF\n" % list_at


def stream(about: bytes, data: bytes) -> bytes:
    return about + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream "


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/X %s>>"
BEGINNING = b"5 0 <</A 1>>"
LARGE = 32 * MEGABYTE


def in_an_object_stream(data: bytes, how: bytes) -> bytes:
    about = b"<</Type/ObjStm/N 1/First 4" + how
    return of_parts([CATALOG, PAGES, PAGE % b"5 0 R", stream(about, data)], inside={5: 4})


def spaces() -> bytes:
    return BEGINNING.ljust(LARGE)


def flate() -> bytes:
    return in_an_object_stream(zlib.compress(spaces()), b"/Filter/FlateDecode")


def flate_thrice() -> bytes:
    packed = zlib.compress(zlib.compress(zlib.compress(spaces())))
    return in_an_object_stream(packed, b"/Filter[/FlateDecode/#46lateDecode/Fl]")


def flate_as_digits() -> bytes:
    return in_an_object_stream(zlib.compress(spaces()).hex().encode() + b">", b"/Filter[/AHx/Fl]")


def run_lengths() -> bytes:
    packed = bytes([len(BEGINNING) - 1]) + BEGINNING + b"\x81 " * (LARGE // 128) + b"\x80"
    return in_an_object_stream(zlib.compress(packed), b"/Filter[/FlateDecode/RunLengthDecode]")


def lzw() -> bytes:
    """Each code stands for one space more than the one before it; before the table is full it begins anew."""
    runs = range(2, 3800)
    longer = [(256 + run, 9 + (run > 254) + (run > 766) + (run > 1790)) for run in runs]
    begun = [(letter, 9) for letter in BEGINNING] + [(256, 9)]
    tables = [(32, 9), *longer, (256, 12)] * (LARGE // sum(runs) + 1)
    bits = "".join(f"{code:0{width}b}" for code, width in begun + tables)
    bits += "0" * (-len(bits) % 8)
    packed = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return in_an_object_stream(zlib.compress(packed), b"/Filter[/FlateDecode/LZWDecode]")


def predicted() -> bytes:
    row = b"\0" + b" " * 999
    rows = b"\0" + BEGINNING.ljust(999) + row * (LARGE // 1000)
    how = b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 999>>"
    return in_an_object_stream(zlib.compress(rows), how)


def in_the_list_of_places() -> bytes:
    rows = zlib.compress(b"\0" * LARGE)
    return of_parts([CATALOG, PAGES, PAGE % b"4 0 R", b"<<>>"], listed=rows, how=b"/Filter/FlateDecode")


def numbers_and_no_filter() -> bytes:
    return of_parts([CATALOG, PAGES, PAGE % (b"[" + b"0 " * 3 * MEGABYTE + b"]")])


BOMBS = [
    flate,
    flate_thrice,
    flate_as_digits,
    run_lengths,
    lzw,
    predicted,
    in_the_list_of_places,
    numbers_and_no_filter,
]


@pytest.mark.parametrize("make", BOMBS)
def test_what_wants_the_whole_machine_is_refused(make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_BYTES", 48 * MEGABYTE)

    assert type(refusal_of(make())) is papers.HeavyDocument


def refusal_of(data: bytes) -> DomainError | None:
    try:
        facts_of_file(data)
    except DomainError as error:
        return error
    return None


def test_of_a_hundred_megabytes_in_one_the_office_reads_no_half() -> None:
    packing = zlib.compressobj()
    packed = packing.compress(BEGINNING) + b"".join(packing.compress(b" " * MEGABYTE) for _ in range(100))

    data = in_an_object_stream(packed + packing.flush(), b"/Filter/FlateDecode")

    assert isinstance(refusal_of(data), papers.HeavyDocument)


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_SECONDS", 1)
    monkeypatch.setattr(apart, "MOST_BYTES", 1024 * MEGABYTE)

    assert isinstance(refusal_of(numbers_and_no_filter()), papers.HeavyDocument)


def test_opened_apart_a_file_is_refused_for_what_it_is() -> None:
    assert isinstance(refusal_of(paper(run_when_opened)), papers.ActingDocument)


def test_that_nothing_can_be_opened_apart_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(subprocess.CalledProcessError):
        facts_of_file(PDF)
