"""The seal of a copy: its last 64 characters are the SHA-256 of every byte before them."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

SEAL_BYTES = 64
CHUNK = 1024 * 1024

Advance = Callable[[int], None]
"""Told how many bytes have been gone through since the last time."""


def nothing_to_see(_count: int) -> None:
    """An `Advance` for whoever does not watch."""


class Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


class SealingWriter:
    """A file that digests what goes through it. Holds back the end, so that the seal may replace a reserved place."""

    def __init__(self, file: Writable) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._held = b""

    def write(self, data: bytes) -> int:
        self._held += data
        self._let_go(max(0, len(self._held) - SEAL_BYTES))
        return len(data)

    def flush(self) -> None:
        """Nothing: what is held back stays held."""

    def seal(self, *, in_reserved_place: bool) -> None:
        """Write the seal; `in_reserved_place`: instead of the last 64 bytes that were written."""
        if not in_reserved_place:
            self._let_go(len(self._held))
        self._file.write(self._digest.hexdigest().encode())
        self._file.flush()

    def _let_go(self, count: int) -> None:
        passing, self._held = self._held[:count], self._held[count:]
        self._digest.update(passing)
        self._file.write(passing)


def is_sealed(path: Path, *, advance: Advance = nothing_to_see) -> bool:
    """Whether every byte of a file is as it was when it was sealed."""
    digest, left = hashlib.sha256(), path.stat().st_size - SEAL_BYTES
    if left <= 0:
        return False
    with path.open("rb") as file:
        while left:
            data = file.read(min(CHUNK, left))
            if not data:
                return False
            digest.update(data)
            left -= len(data)
            advance(len(data))
        return file.read() == digest.hexdigest().encode()
