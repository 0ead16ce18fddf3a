"""Where received files lie: under the digest of their bytes, so that the same file lies there once and unchanged."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files named by their SHA-256, and of copies derived from them that can be made anew at any time."""

    folder: Path

    @property
    def originals(self) -> Path:
        """What was received; everything else here can be made anew."""
        return self.folder / "asli"

    def put(self, data: bytes) -> str:
        """Keep bytes; returns their SHA-256. They are on the disk, whole, when this returns."""
        sha256 = self.digest(data)
        path = self.path(sha256)
        if not path.exists():
            _write(path, data)
        return sha256

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def path(self, sha256: str) -> Path:
        return self.originals / sha256[:2] / sha256

    def digests(self) -> Iterator[str]:
        """What is kept, in order; not what is only just being written."""
        for path in sorted(self.originals.glob("??/*")):
            if DIGEST.fullmatch(path.name):
                yield path.name

    @staticmethod
    def digest(data: bytes) -> str:
        """The name under which bytes lie."""
        return hashlib.sha256(data).hexdigest()

    def derived(self, sha256: str, name: str, make: Callable[[bytes], bytes]) -> bytes:
        """A copy made from a kept file, such as a small picture: made on first sight, then read."""
        path = self.folder / "turunan" / sha256[:2] / f"{sha256}-{name}"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            copy = make(self.read(sha256))
            _write(path, copy)
            return copy


def _write(path: Path, data: bytes) -> None:
    """All or nothing: whoever finds the file under its name finds all of it."""
    _make_private(path.parent)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".belum-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _make_private(folder: Path) -> None:
    """Make a folder, and those missing above it, for ourselves alone; `parents=True` would open these to everybody."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make the name as lasting as the bytes; systems that cannot promise it for folders need no asking."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
