"""A bar for whatever takes longer than two seconds; anything quicker says nothing."""

import sys
import time
from typing import Any

import click

PATIENCE_SECONDS = 2.0


class Watched:
    """Counts what is done, and shows a bar on standard error once it has taken a while."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total = label, max(1, total)
        self._began = time.monotonic()
        self._done = self._shown = 0
        self._bar: Any = None

    def advance(self, count: int) -> None:
        self._done = min(self._done + count, self._total)
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._began > PATIENCE_SECONDS:
            self._bar = click.progressbar(length=self._total, label=self._label, file=sys.stderr)
            self._bar.__enter__()
        if self._bar is not None:
            self._bar.update(self._done - self._shown)
            self._shown = self._done

    def __enter__(self) -> "Watched":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
