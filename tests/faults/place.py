"""Where a story takes place: names of the flags by which a server is harmed from outside, and its clock."""

import datetime as dt
import time
from pathlib import Path

FULL, SKEW = "fault-disk-is-full", "fault-clock-is-off"
BEGINS = dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC)
"""Tuesday, 09.30 in Balikpapan; every story is played on this day."""


def story_time(folder: Path, began: float) -> dt.datetime:
    """The story's clock, and by how much it is off."""
    try:
        skew = float((folder / SKEW).read_text())
    except (FileNotFoundError, ValueError):
        skew = 0.0
    return BEGINS + dt.timedelta(seconds=time.monotonic() - began + skew)
