"""Where a story takes place: names of the flags by which a server is harmed from outside, and its clock, its people."""

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

FULL, SKEW = "fault-disk-is-full", "fault-clock-is-off"
LOG = "server.log"
BEGINS = dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)
"""Tuesday, 09.30 in Balikpapan; every story is played on this day."""


@dataclass(frozen=True, slots=True)
class Person:
    """A facilitator, and the cooperatives that nobody else writes about."""

    username: str
    codes: tuple[str, ...]


def story_time(folder: Path, began: float) -> dt.datetime:
    """The story's clock, and by how much it is off."""
    try:
        skew = float((folder / SKEW).read_text())
    except (FileNotFoundError, ValueError):
        skew = 0.0
    return BEGINS + dt.timedelta(seconds=time.monotonic() - began + skew)
