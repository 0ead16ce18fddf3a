"""The next versions of shipped instruments, for tests of publishing and of drafts."""

import json
from collections.abc import Mapping
from typing import Any

from pendamping.instruments.reading.text import canonical_json
from tests.instruments.cases import document


def edition(version: str = "0.4.0", *, name: str = "kelembagaan", **items: Mapping[str, object]) -> dict[str, Any]:
    """A shipped instrument, the institutional one, with another version, and items changed by their ids (KL_01)."""
    changed: dict[str, Any] = json.loads(canonical_json(document(name)))
    changed["instrument"]["version"] = version
    for item_id, update in items.items():
        entry = next(each for each in changed["items"] if each["id"] == item_id.replace("_", "-"))
        entry.update(update)
    return changed
