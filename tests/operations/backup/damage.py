"""Ways in which a copy comes to harm: by itself, and by somebody's hand."""

import hashlib
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pendamping.operations.backup.archive import MANIFEST, MANIFEST_DIGEST
from pendamping.operations.backup.seal import SEAL_BYTES

Parts = dict[str, bytes]


def flip(data: bytes, rng: random.Random) -> bytes:
    """One bit, anywhere."""
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def shorten(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) // 3, len(data))]


def rewritten(path: Path, change: Callable[[Parts], None]) -> bytes:
    """A copy that somebody took apart, changed, and sealed again."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
        packed.comment = b"0" * SEAL_BYTES
    data = changed.read_bytes()[:-SEAL_BYTES]
    return data + hashlib.sha256(data).hexdigest().encode()


def edit_manifest(change: Callable[[dict[str, object]], None], *, with_digest: bool) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        said = json.loads(parts[MANIFEST])
        change(said)
        parts[MANIFEST] = json.dumps(said).encode()
        if with_digest:
            parts[MANIFEST_DIGEST] = hashlib.sha256(parts[MANIFEST]).hexdigest().encode()

    return edit


def digested(change: Callable[[Parts], None]) -> Callable[[Parts], None]:
    """The same change by somebody who knows what a manifest says of its parts."""

    def changed(parts: Parts) -> None:
        change(parts)

        def told(said: dict[str, Any]) -> None:
            for name, member in said["members"].items():
                member.update(byte_size=len(parts[name]), sha256=hashlib.sha256(parts[name]).hexdigest())

        edit_manifest(told, with_digest=True)(parts)

    return changed


def swap(one: str, other: str) -> Callable[[Parts], None]:
    def swapped(parts: Parts) -> None:
        parts[one], parts[other] = parts[other], parts[one]

    return swapped
