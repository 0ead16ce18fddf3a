"""A copy under a passphrase: locked with a key made for it alone, which lies beside it under the passphrase.

Both by age (age-encryption.org), by way of pyrage: the format is public, and large copies need no memory.
"""

import binascii
from pathlib import Path
from typing import BinaryIO

import pyrage

from pendamping.operations.backup.faults import DamagedCopy, WrongPassphrase
from pendamping.operations.backup.seal import SEAL_BYTES, SealingWriter

FIRST_LINE = b"pendamping-cadangan-terkunci 1\n"
LONGEST_KEY_LINE = 4096


def is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(FIRST_LINE)) == FIRST_LINE


def lock(plain: BinaryIO, target: BinaryIO, passphrase: str) -> None:
    """Write a sealed, locked copy of `plain`."""
    key = pyrage.x25519.Identity.generate()
    out = SealingWriter(target)
    out.write(FIRST_LINE)
    out.write(binascii.hexlify(pyrage.passphrase.encrypt(str(key).encode(), passphrase)) + b"\n")
    pyrage.encrypt_io(plain, out, [key.to_public()])
    out.seal(in_reserved_place=False)


def unlock(path: Path, target: BinaryIO, passphrase: str) -> None:
    """Write what a locked copy holds. Look at its seal first: then what fails here is the passphrase.

    Raises:
        WrongPassphrase: it opens nothing.
        DamagedCopy: the seal holds, but not what is inside.
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
        try:
            pyrage.decrypt_io(_WithoutSeal(file, path.stat().st_size - SEAL_BYTES), target, [key])
        except (pyrage.DecryptError, OSError) as error:
            raise DamagedCopy(file=path.name, what=f"tidak dapat dibuka ({error})") from None


class _WithoutSeal:
    """The rest of a file up to its seal."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file, self._end = file, end

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._end - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))
