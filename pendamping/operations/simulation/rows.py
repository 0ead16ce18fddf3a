"""Rows on their way into the database: gathered by table, stored in the order that foreign keys ask for."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from pendamping.kernel.tables import Base

Row = dict[str, Any]


class Rows:
    """What has been made and is not stored yet. Holds one cooperative at a time, so memory does not grow."""

    def __init__(self) -> None:
        self._waiting: dict[Table, list[Row]] = defaultdict(list)
        self.stored: dict[str, int] = defaultdict(int)
        """How many rows went into each table."""

    def add(self, model: type[Base], **columns: object) -> Row:
        """One more row, every column of which is given; the row may still be changed until it is stored."""
        self._waiting[_table(model)].append(columns)
        return columns

    def of(self, model: type[Base]) -> list[Row]:
        """What waits for one table."""
        return self._waiting[_table(model)]

    def store(self, session: Session) -> None:
        connection = session.connection()
        for table in Base.metadata.sorted_tables:
            rows = self._waiting.get(table)
            if rows:
                connection.execute(insert(table), rows)
                self.stored[table.name] += len(rows)
        self._waiting.clear()


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
