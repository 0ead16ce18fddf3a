"""A copy under a passphrase: locked with a key made for it alone, which lies beside it under the passphrase.

Both by age (age-encryption.org), by way of pyrage: the format is public, and large copies need no memory.
"""

import binascii
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage

from pendamping.operations.backup.faults import CannotWrite, DamagedCopy, WrongPassphrase
from pendamping.operations.backup.seal import SEAL_BYTES, SealingWriter

FIRST_LINE = b"pendamping-cadangan-terkunci 1\n"
LONGEST_KEY_LINE = 4096


def is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(FIRST_LINE)) == FIRST_LINE


@contextmanager
def locking(target: BinaryIO, passphrase: str) -> Iterator[BinaryIO]:
    """What is written to the file that this yields goes into `target`, locked and sealed; nowhere does it lie open."""
    reading, writing = os.pipe()
    with ThreadPoolExecutor(1) as pool:
        locked = pool.submit(_lock, reading, target, passphrase)
        try:
            with os.fdopen(writing, "wb") as plain:
                yield plain
        except BrokenPipeError:
            locked.result()  # says why nobody reads any more
            raise
        locked.result()


def _lock(reading: int, target: BinaryIO, passphrase: str) -> None:
    noting = _Noting(target)
    out = SealingWriter(noting)
    with os.fdopen(reading, "rb") as plain:
        key = pyrage.x25519.Identity.generate()
        out.write(FIRST_LINE)
        out.write(binascii.hexlify(pyrage.passphrase.encrypt(str(key).encode(), passphrase)) + b"\n")
        try:
            pyrage.encrypt_io(plain, out, [key.to_public()])
        except pyrage.EncryptError as error:
            raise noting.error or error from None
    out.seal(in_reserved_place=False)


def unlock(path: Path, target: Path, passphrase: str) -> None:
    """Write what a locked copy holds. Look at its seal first: then what fails here is the passphrase.

    Raises:
        WrongPassphrase: it opens nothing.
        DamagedCopy: the seal holds, but not what is inside.
        CannotWrite: there is no room for it; the copy may be as good as ever.
    """
    with path.open("rb") as file:
        file.read(len(FIRST_LINE))
        line = file.readline(LONGEST_KEY_LINE)
        try:
            key = pyrage.x25519.Identity.from_str(
                pyrage.passphrase.decrypt(binascii.unhexlify(line.strip()), passphrase).decode()
            )
        except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
            raise WrongPassphrase(file=path.name) from None
        with target.open("xb") as plain:
            noting = _Noting(plain)
            try:
                pyrage.decrypt_io(_WithoutSeal(file, path.stat().st_size - SEAL_BYTES), noting, [key])
                noting.flush()
            except (pyrage.DecryptError, OSError) as error:
                if noting.error:
                    raise CannotWrite(file=str(target.parent), why=noting.error.strerror or str(error)) from None
                raise DamagedCopy(file=path.name, what=f"tidak dapat dibuka ({error})") from None


class _Noting:
    """A file that notes why it could not be written to: pyrage tells only that something failed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            self.error = error
            raise


class _WithoutSeal:
    """The rest of a file up to its seal."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file, self._end = file, end

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._end - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))
