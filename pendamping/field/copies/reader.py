"""A file of "Simpan salinan", read but not believed. Pure."""

import base64
import binascii
import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_

FORMAT = "pendamping-antrean"
MEGABYTE = 1024 * 1024
LARGEST_BY_PAGE, LARGEST_BY_COMMAND = 64 * MEGABYTE, 1024 * MEGABYTE
MOST_BY_PAGE, MOST_BY_COMMAND = 500, 20_000
"""Records: a page is answered within seconds, a command may take its time."""


class NotACopy(DomainError):
    code = "not_a_copy"
    status = 422
    explanation = N_("Berkas ini bukan salinan antrean dari tablet. Pilih berkas yang dibuat tombol “Simpan salinan”.")


class CopyTooLarge(DomainError):
    code = "copy_too_large"
    status = 413
    explanation = N_("Berkas ini terlalu besar: paling banyak %(megabytes)s MB.")


class TooManyInCopy(DomainError):
    code = "too_many_in_copy"
    status = 413
    explanation = N_(
        "Salinan ini berisi %(count)s catatan; sekali ambil paling banyak %(most)s lewat halaman, dan %(by_command)s "
        "lewat perintah: pendamping import-copy."
    )


class _Entry(Struct):
    """One record of the tablet's outbox; what else the tablet remembers of it is of no concern here."""

    v: int
    kind: str
    id: str
    body: str
    base_sha256: str | None = None


class _File(Struct):
    id: uuid.UUID
    base64: str


class _Queue(Struct):
    user: uuid.UUID
    records: list[_Entry]
    made_at: dt.datetime | None = None
    files: list[_File] = []


class _Head(Struct):
    """What says how to read the rest, without reading it."""

    version: int | None = None


class _Signed(Struct):
    """Since version 2: the queue as a text, and its signature beside it."""

    format: Annotated[str, Meta(pattern=f"^{FORMAT}$")]
    version: Annotated[int, Meta(ge=2, le=2)]
    queue: str
    device: uuid.UUID | None = None
    signature: str | None = None


class _Plain(_Queue, kw_only=True):
    """Version 1, which was not signed."""

    format: Annotated[str, Meta(pattern=f"^{FORMAT}$")]
    version: Annotated[int, Meta(ge=1, le=1)]


@dataclass(frozen=True, slots=True)
class FileInCopy:
    """A photo or signature; `data` is None where it cannot be read."""

    id: uuid.UUID
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Copy:
    """What a file says: whose queue it is, and the records as they would have gone over the wire."""

    file_sha256: str
    author_id: uuid.UUID
    records: Sequence[Raw]
    signed_bytes: bytes
    device_id: uuid.UUID | None
    signature: str | None
    _files: Sequence[_File]

    def files(self) -> Iterator[FileInCopy]:
        """One after the other, so that they need not all lie in memory twice."""
        for each in self._files:
            yield FileInCopy(each.id, _bytes_of(each.base64))


def read_copy(data: bytes, *, most: int) -> Copy:
    """Read a file.

    Args:
        most: so many records are taken at once.

    Raises:
        NotACopy: it is something else, or broken.
        TooManyInCopy: it holds more records.
    """
    signed = _decoded(data, _Signed) if _decoded(data, _Head).version == 2 else None
    queue: _Queue = _decoded(signed.queue.encode(), _Queue) if signed else _decoded(data, _Plain)
    if len(queue.records) > most:
        raise TooManyInCopy(count=str(len(queue.records)), most=str(MOST_BY_PAGE), by_command=str(MOST_BY_COMMAND))
    return Copy(
        file_sha256=hashlib.sha256(data).hexdigest(),
        author_id=queue.user,
        records=[Raw(msgspec.json.encode(each)) for each in queue.records],
        signed_bytes=signed.queue.encode() if signed else b"",
        device_id=signed.device if signed else None,
        signature=signed.signature if signed else None,
        _files=queue.files,
    )


def _decoded(data: bytes, shape: Any) -> Any:
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NotACopy from error


def _bytes_of(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
