"""The office's own keys: they belong to its state, and go only into copies that are locked (ADR 24)."""

import os
import secrets
import stat
from pathlib import Path

from pendamping.operations.backup.archive import Copy, Packing
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


def unpack_keys(copy: Copy, instance: Path) -> None:
    """Put a copy's keys into an empty place, for its owner alone, each at one instant; they take the place of those
    that were made there when the program first looked at it.
    """
    for name in keys_named(copy.manifest):
        beside = instance / f".belum-{secrets.token_hex(6)}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(copy.chunks(PLACE + name))
        beside.replace(instance / name)


def open_to_others(instance: Path) -> list[str]:
    """Keys that more people than their owner can read."""
    return [name for name in keys_of(instance) if stat.S_IMODE((instance / name).stat().st_mode) & 0o077]
