"""A story that went wrong, made short: what it takes no part in is left out, and it is played again each time.

Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (2002), without its search among complements:
parts go in halves, quarters, ..., singly. Threads take their own turns, so a story that ended well once may be told
again before a part is held to be needed.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.faults.office import Ground
from tests.faults.story import Ending, Plot, parts_of, play

MOST_PLAYED = 40


def shrunk(parts: Sequence[str], goes_wrong: Callable[[frozenset[str]], bool], *, most: int) -> list[str]:
    """The parts that are needed.

    Args:
        goes_wrong: asked what happens without some of them.
        most: how often it is asked.
    """
    kept, size = list(parts), (len(parts) + 1) // 2
    while kept and size and most:
        first = 0
        while first < len(kept) and most:
            rest = kept[:first] + kept[first + size :]
            if goes_wrong(frozenset(parts) - frozenset(rest)):
                kept = rest
            else:
                first += size
            most -= 1
        size = (size + 1) // 2 if size > 1 else 0
    return kept


def shortened(
    plot: Plot, ground: Ground, folder: Path, *, most: int = MOST_PLAYED, tellings: int = 2
) -> tuple[list[str], Ending | None]:
    """The parts of a story that it goes wrong with, and how the shortest one ended; None where none went wrong again.

    Args:
        most: how many shorter stories are tried.
        tellings: how often each is played before it is believed to end well.
    """
    worst: Ending | None = None

    def goes_wrong(left_out: frozenset[str]) -> bool:
        nonlocal worst
        for _ in range(tellings):
            with tempfile.TemporaryDirectory(dir=folder) as scene:
                ending = play(replace(plot, left_out=left_out), ground, Path(scene))
            if not ending.found.is_clean:
                worst = ending
                return True
        return False

    return shrunk(parts_of(plot, ground), goes_wrong, most=most), worst
