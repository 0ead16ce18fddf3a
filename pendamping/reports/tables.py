"""Parts that several papers share: a table in words, a section of them, an annex. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table whose cells are words already.

    title: may be empty.  numbers: the columns set flush right, counted from 0.  instead: what is said of no rows.
    widest: the column that takes what room there is.  has_sum: the last row is the sum of the others.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    instead: str = "Tidak ada."
    widest: int = 0
    has_sum: bool = False


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A part of a paper: one sentence, tables, and what a person wrote to it."""

    title: str
    lead: str = ""
    tables: Sequence[PaperTable] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class PaperAnnex:
    """Pages behind the signatures. A picture says in words what it shows."""

    title: str
    tables: Sequence[PaperTable] = ()
    picture: bytes | None = None
    picture_words: str = ""
