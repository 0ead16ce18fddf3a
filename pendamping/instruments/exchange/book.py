"""What was found in a workbook while it was read, and where: rows, and faults at their cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pendamping.instruments.exchange.columns import TABLES, Sheet

_ORDER = {sheet.title: index for index, sheet in enumerate(TABLES)}


@dataclass(frozen=True, slots=True)
class Place:
    """A cell as a spreadsheet names it, or a row, or a whole sheet."""

    sheet: str
    row: int | None = None
    column: int | None = None
    """Counted from 0."""

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def cell(self) -> str:
        return ("" if self.column is None else column_letters(self.column)) + (
            "" if self.row is None else str(self.row)
        )

    @property
    def rank(self) -> tuple[int, int, int]:
        """For naming faults in the order in which one meets them."""
        return _ORDER.get(self.sheet, len(_ORDER)), self.row or 0, -1 if self.column is None else self.column


def column_letters(index: int) -> str:
    """A, B, … Z, AA: how spreadsheets call the column with an index from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@dataclass
class Table:
    """One sheet as it was read."""

    sheet: Sheet
    places: dict[str, int] = field(default_factory=dict)
    """The index of each column that is there, by its path."""
    unknown: set[int] = field(default_factory=set)
    """Columns that have a fault of their own; what stands in them is not looked at."""
    rows: dict[int, dict[str, object]] = field(default_factory=dict)
    """What each row that is not empty says, by its number."""
    is_missing: bool = False

    def place(self, row: int, path: str) -> Place:
        return Place(self.sheet.title, row, self.places.get(path))


@dataclass(frozen=True, slots=True)
class Remembered:
    """A row, and at which of its columns the content of each path of the document stands."""

    table: Table
    row: int
    columns: Mapping[str, str]
    titles: Mapping[str, str]
    """What people call the content of each path."""

    def has(self, path: str) -> bool:
        return bool(self._below(path))

    def places_below(self, path: str) -> list[Place]:
        """The cells of a content, or of everything below it; without columns that the sheet lacks."""
        wanted = [self.columns[each] for each in self._below(path)]
        return [self.table.place(self.row, column) for column in wanted if column in self.table.places]

    def place(self, path: str) -> Place:
        """Where to look: at the content itself, at the first below it that is filled in, or else at the whole row."""
        below = [self.columns[each] for each in self._below(path)]
        below = [column for column in below if column in self.table.places]
        filled = [column for column in below if column in self.table.rows[self.row]]
        first = next(iter([*filled, *below]), None)
        return Place(self.table.sheet.title, self.row, None if first is None else self.table.places[first])

    def _below(self, path: str) -> list[str]:
        return [each for each in self.columns if each == path or each.startswith(f"{path}.")]


class Book:
    """Collects what is wrong, and remembers where the parts of the document came from."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        """By the titles of their sheets."""
        self.faults: list[tuple[Place, str]] = []
        self.faulty: set[Place] = set()
        self._rows: dict[str, list[Remembered]] = {}

    def fault(self, place: Place, reason: str) -> None:
        self.faults.append((place, reason))
        self.faulty.add(place)

    def in_order(self) -> list[tuple[Place, str]]:
        return sorted(dict.fromkeys(self.faults), key=lambda fault: fault[0].rank)

    def remember(self, where: str, table: Table, row: int) -> None:
        """Note the row that `parse` will call `where`; its paths are those of its columns."""
        titles = {column.path: column.title for column in table.sheet.columns}
        by_last_word = {path.rpartition(".")[2]: title for path, title in titles.items()}
        self.remember_as(where, Remembered(table, row, {path: path for path in titles}, {**by_last_word, **titles}))

    def remember_as(self, where: str, row: Remembered) -> None:
        """Note a row whose contents stand elsewhere in the document than its columns say."""
        self._rows.setdefault(where, []).append(row)

    def rows_called(self, where: str) -> list[Remembered]:
        return self._rows.get(where, [])
