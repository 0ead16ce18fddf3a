"""A copy as one ZIP file that any computer can open: a note, the database, the attachments, the manifest, the seal."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pendamping.operations.backup.faults import DamagedCopy, NewerCopy, NotACopy
from pendamping.operations.backup.manifest import FORMAT, Manifest, Member, format_of, manifest_in
from pendamping.operations.backup.seal import CHUNK, SEAL_BYTES, Advance, SealingWriter, nothing_to_see

NOTE, MANIFEST, MANIFEST_DIGEST = "BACA-SAYA.txt", "manifes.json", "manifes.sha256"
NOTE_TEXT = """Cadangan Pendamping / A copy of a Pendamping office

Pulihkan ke tempat kosong / put it back into an empty place:   pendamping restore FILE
Periksa / see whether it is whole:                              pendamping verify FILE

manifes.json menyebut isi dan sidik jari (SHA-256) tiap bagian; 64 huruf terakhir di sini sidik jari seluruhnya.
manifes.json names each part with its SHA-256; the last 64 characters of this file are the SHA-256 of all before.
"""
ZIP_BEGINS = b"PK\x03\x04"
MANIFEST_BYTES, MANIFEST_BYTES_EACH = 32 * 1024 * 1024, 1024
"""So large a manifest may be, and so much more for each part: one that somebody blew up must not fill the memory."""
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What unpacking damaged bytes may end in."""


class Packing:
    """A copy that is being written."""

    def __init__(self, packed: zipfile.ZipFile, *, advance: Advance) -> None:
        self._packed = packed
        self._advance = advance
        self.members: dict[str, Member] = {}

    def add(self, name: str, chunks: Iterable[bytes], *, is_packed_already: bool = False) -> Member:
        """Add one part; pictures are packed already and only take time."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_STORED if is_packed_already else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._packed.open(info, "w", force_zip64=True) as part:
            for chunk in chunks:
                part.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                self._advance(len(chunk))
        member = self.members[name] = Member(size, digest.hexdigest())
        return member

    def close(self, manifest: Manifest) -> None:
        data = manifest.as_bytes()
        self.add(MANIFEST, [data])
        self.add(MANIFEST_DIGEST, [hashlib.sha256(data).hexdigest().encode()])
        self._packed.comment = b"0" * SEAL_BYTES
        self._packed.close()


@contextmanager
def packing(file: BinaryIO, *, advance: Advance) -> Iterator[Packing]:
    """Write a copy into `file`; whoever packs calls `close` with the manifest at the end."""
    out = SealingWriter(file)
    packed = zipfile.ZipFile(out, "w")  # type: ignore[call-overload]  # it only ever writes
    parts = Packing(packed, advance=advance)
    try:
        parts.add(NOTE, [NOTE_TEXT.encode()])
        yield parts
    finally:
        with suppress(OSError, ValueError):  # after a full disk: what cannot be ended is thrown away by whoever asked
            packed.close()
    out.seal(in_reserved_place=True)


class Copy:
    """A copy that is read; `name` is what people call it."""

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest, name: str) -> None:
        self._packed = packed
        self.manifest = manifest
        self.name = name

    def chunks(self, member: str) -> Iterator[bytes]:
        """Raises DamagedCopy: not what the manifest says; only after the last chunk can one be sure of the others."""
        digest = hashlib.sha256()
        try:
            with self._packed.open(member) as part:
                while data := part.read(CHUNK):
                    digest.update(data)
                    yield data
        except UNREADABLE:
            raise self.damaged(f"bagian {member} tidak terbaca") from None
        if digest.hexdigest() != self.manifest.members[member].sha256:
            raise self.damaged(f"isi {member} berubah")

    def refuse_damage(self, *, advance: Advance = nothing_to_see) -> None:
        """Raises DamagedCopy: naming the first part that is not what the manifest says."""
        self._refuse_other_parts()
        for name, member in self.manifest.members.items():
            if self._packed.getinfo(name).file_size != member.byte_size:
                raise self.damaged(f"besar {name} berubah")
            for data in self.chunks(name):
                advance(len(data))
            if name.startswith("berkas/") and name.rpartition("/")[2] != member.sha256:
                raise self.damaged(f"nama {name} bukan sidik jarinya")

    def _refuse_other_parts(self) -> None:
        there = [each.filename for each in self._packed.infolist()]
        listed = [*self.manifest.members, MANIFEST, MANIFEST_DIGEST]
        for name in listed:
            if there.count(name) != 1:
                raise self.damaged(f"bagian {name} {'hilang' if name not in there else 'ada dua'}")
        for name in there:
            if name not in listed:
                raise self.damaged(f"ada bagian asing {name[:80]}")

    def damaged(self, what: str) -> DamagedCopy:
        return DamagedCopy(file=self.name, what=what)


@contextmanager
def opened(path: Path, name: str) -> Iterator[Copy]:
    """Read a copy's manifest.

    Raises:
        NotACopy: it is something else.
        DamagedCopy: it was one.
        NewerCopy: of a format that this program does not know.
    """
    with path.open("rb") as file:
        if file.read(len(ZIP_BEGINS)) != ZIP_BEGINS:
            raise NotACopy(file=name)
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise DamagedCopy(file=name, what="terpotong, atau daftar isinya hilang") from None
    with packed:
        yield Copy(packed, _manifest(packed, name), name)


def _manifest(packed: zipfile.ZipFile, name: str) -> Manifest:
    if MANIFEST not in packed.namelist():
        raise NotACopy(file=name)
    most = MANIFEST_BYTES + MANIFEST_BYTES_EACH * len(packed.namelist())
    try:
        if max(packed.getinfo(name).file_size for name in (MANIFEST, MANIFEST_DIGEST)) > most:
            raise ValueError
        data, digest = packed.read(MANIFEST), packed.read(MANIFEST_DIGEST)
    except Exception:  # whatever a packer may find wrong with damaged bytes
        raise DamagedCopy(file=name, what="manifes tidak terbaca") from None
    if hashlib.sha256(data).hexdigest().encode() != digest:
        raise DamagedCopy(file=name, what="manifes berubah")
    try:
        if (number := format_of(data)) > FORMAT:
            raise NewerCopy(file=name, what=f"bentuk cadangan {number}")
        return manifest_in(data)
    except ValueError:
        raise DamagedCopy(file=name, what="manifes tidak terbaca") from None
