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
            source, out = _Noting(file, end=path.stat().st_size - SEAL_BYTES), _Noting(plain)
            try:
                pyrage.decrypt_io(source, out, [key])
                out.flush()
            except (pyrage.DecryptError, OSError) as error:
                if isinstance(out.error, OSError):
                    why = out.error.strerror or str(error)
                    raise CannotWrite(file=str(target.parent), why=why) from None
                if noted := source.error or out.error:
                    raise noted from None
                raise DamagedCopy(file=path.name, what=f"tidak dapat dibuka ({error})") from None


class _Noting:
    """A file in the hands of pyrage, which does not tell why it could not be read or written, or who interrupted."""

    def __init__(self, file: BinaryIO, *, end: int = 0) -> None:
        self._file, self._end = file, end
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        with self._noted():
            left = max(0, self._end - self._file.tell())
            return self._file.read(left if size < 0 else min(size, left))

    def write(self, data: bytes) -> int:
        with self._noted():
            return self._file.write(data)

    def flush(self) -> None:
        with self._noted():
            self._file.flush()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.error = error
            raise
