"""What a copy says of itself: who made it, from what, and the digest of each of its parts."""

import datetime as dt

import msgspec
from msgspec import Struct

FORMAT = 1
"""Raised when an older program could no longer read a copy."""


class Member(Struct, frozen=True):
    """One part of a copy, before packing."""

    byte_size: int
    sha256: str


class Table(Struct, frozen=True):
    rows: int
    columns: list[str]


class DatabasePart(Struct, frozen=True):
    """The database at one instant."""

    kind: str
    """sqlite or postgresql."""
    server: str
    revision: str
    """The migration that it was at."""
    tables: dict[str, Table]


class PackedDatabase(Struct, frozen=True):
    """What went into a copy."""

    part: DatabasePart
    named: set[str]
    """The digests of the attachments that it names."""
    broken: list[str]
    """What is wrong with it, in words; then nothing in it is counted."""


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    format: int
    made_at: dt.datetime
    program: str
    database: DatabasePart
    members: dict[str, Member]
    missing_files: list[str]
    """Digests of attachments that were lost or damaged already in the place that was copied."""
    broken: list[str] = []
    """What was wrong with the database already when it was copied, in words: such a copy is there to rescue from, and
    is never put back. Older programs call it damaged.
    """

    @property
    def files(self) -> dict[str, Member]:
        """The attachments, by their digest."""
        return {name.rpartition("/")[2]: each for name, each in self.members.items() if name.startswith("berkas/")}

    def as_bytes(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


def format_of(data: bytes) -> int:
    """Raises ValueError: it is no manifest at all."""

    class Numbered(Struct):
        format: int

    return msgspec.json.decode(data, type=Numbered).format


def manifest_in(data: bytes) -> Manifest:
    """Raises ValueError: it is no manifest of this format."""
    return msgspec.json.decode(data, type=Manifest)
