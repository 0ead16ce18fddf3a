"""The office's own keys: they belong to its state, and go only into copies that are locked (ADR 24)."""

import os
import stat
from pathlib import Path

from pendamping.operations.backup.archive import Copy, Packing
from pendamping.operations.backup.disk import sync
from pendamping.operations.backup.manifest import Manifest

NAMES = ("secret.key", "vapid.pem")
"""`secret.key` signs sessions and links; `vapid.pem` what is pushed to people's devices."""
PLACE = "kunci/"
PRIVATE = 0o600


def keys_of(instance: Path) -> list[str]:
    """Those that lie in an instance; a key that is set from outside (`SECRET_KEY`) does not."""
    return [name for name in NAMES if (instance / name).is_file()]


def keys_named(manifest: Manifest) -> list[str]:
    """Those that a copy holds."""
    return [name for name in NAMES if PLACE + name in manifest.members]


def pack_keys(instance: Path, parts: Packing) -> None:
    for name in keys_of(instance):
        parts.add(PLACE + name, [(instance / name).read_bytes()])


def unpack_keys(copy: Copy, folder: Path) -> list[str]:
    """Put a copy's keys into a folder, each for its owner alone; returns their names."""
    for name in (names := keys_named(copy.manifest)):
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
            file.writelines(copy.chunks(PLACE + name))
        sync(folder / name)
    return names


def open_to_others(instance: Path) -> list[str]:
    """Keys that more people than their owner can read."""
    return [name for name in keys_of(instance) if stat.S_IMODE((instance / name).stat().st_mode) & 0o077]
