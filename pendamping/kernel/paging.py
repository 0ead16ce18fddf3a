"""Keyset paging: the next page begins after a row, so its cost does not grow with its number."""

import datetime as dt
import uuid
from dataclasses import dataclass

PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class DayKey:
    """A row's place in a list that goes by days, for the address of the page that begins after it."""

    on: dt.date
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.on.isoformat()}.{self.id.hex}"

    @classmethod
    def parsed(cls, text: str) -> "DayKey | None":
        """What `str` wrote; None for anything else."""
        try:
            on, id_ = text.split(".")
            return cls(dt.date.fromisoformat(on), uuid.UUID(hex=id_))
        except ValueError:
            return None
