"""Which tables this process has written to, counted as its transactions are stored: an unchanged count is an unchanged
table, as far as nobody else writes to the database.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

from sqlalchemy import Engine, event

WRITES = re.compile(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|WITH)\s+\"?(\w+)", re.IGNORECASE)
ANY = "*"
"""For statements that do not say at their beginning what they write to."""

_written: ContextVar[set[str] | None] = ContextVar("pendamping_written", default=None)
_counts: Counter[str] = Counter()
_lock = Lock()


def watch(engine: Engine) -> None:
    """Notice from now on what is written through an engine."""
    event.listen(engine, "before_cursor_execute", _notice)


@contextmanager
def counted_once_stored() -> Iterator[None]:
    """What is written inside counts once the block is left; leave it after the commit, never before: whoever reads the
    count and then the rows must not keep old rows under a new count.
    """
    written: set[str] = set()
    token = _written.set(written)
    try:
        yield
    finally:
        _written.reset(token)
        with _lock:
            _counts.update(written)


def changes(*, without: Iterable[str] = ()) -> Mapping[str, int]:
    """How often each table was written to since the process began."""
    quiet = frozenset(without)
    with _lock:
        return {table: count for table, count in sorted(_counts.items()) if table not in quiet}


def table_written(statement: str) -> str | None:
    """The table that an SQL statement writes to; None where it only reads."""
    found = WRITES.match(statement)
    if found is None:
        return None
    return ANY if statement.lstrip()[:4].upper() == "WITH" else found[1]


def _notice(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
    written = _written.get()
    if written is not None and (table := table_written(statement)):
        written.add(table)
