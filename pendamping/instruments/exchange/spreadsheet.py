"""From a workbook back to a document: the only door for what was edited in a spreadsheet.

It is read whole or refused whole, and every fault is named by its sheet and cell.
"""

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from pendamping.instruments.exchange.book import Book, Place, Remembered, Table, column_number
from pendamping.instruments.exchange.cells import CellFault, clean, content_of
from pendamping.instruments.exchange.columns import (
    ANSWER_WORDS,
    BAND,
    FACT_SHEET,
    FACTS,
    ITEM_SHEET,
    LEGEND_TITLE,
    RULE_SHEET,
    SECTION_SHEET,
    TABLES,
    Column,
    Sheet,
)
from pendamping.instruments.exchange.faults import in_cells
from pendamping.instruments.exchange.package import MAX_COLUMN, MAX_ROW, any_trouble_refused, look_into
from pendamping.instruments.reading.document import parse
from pendamping.instruments.reading.nodes import InstrumentFault, InstrumentInvalid, shown

A_FORMULA = "berisi rumus; tempelkan nilainya saja"
AN_ERROR = "berisi kesalahan rumus; isi lagi"
NOT_FOR_THIS = "hanya untuk pita"

_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_OF_TYPE = {"scale_0_3": "levels", "number": "thresholds", "date": "date_rule"}
"""What an item of a type must have, so that each empty cell of it is missed by itself."""

_BAND = {"code": "code", "name_id": "name_id", "name_en": "name_en", "min": "value"}
"""The columns of Skor in which the contents of a band stand."""

Grid = list[tuple[Any, ...]]


def read_workbook(content: bytes) -> dict[str, Any]:
    """The sound document in the file of a workbook.

    Raises:
        InstrumentInvalid: every fault with its sheet and cell; whatever the bytes, nothing else is raised.
    """
    merged = look_into(content)
    with any_trouble_refused():
        grids = _grids(content)
    book = Book()
    known = {_heading(title): title for title in (*(sheet.title for sheet in TABLES), LEGEND_TITLE)}
    grids = {known.get(_heading(title), title): grid for title, grid in grids.items()}
    for title in grids:
        if title not in known.values():
            book.fault(Place(shown(title)), "lembar ini tidak dikenal; hapus atau betulkan namanya")
    for title, cells in merged:
        _note_merged(book, known.get(_heading(title), title), cells)
    for sheet in TABLES:
        book.tables[sheet.title] = _table(book, sheet, grids.get(sheet.title))
    document = _document(book)
    try:
        parse(document)
    except InstrumentInvalid as invalid:
        in_cells(book, invalid.faults)
    if book.faults:
        raise InstrumentInvalid(tuple(InstrumentFault(str(place), reason) for place, reason in book.in_order()))
    return document


def _note_merged(book: Book, title: str, cells: str) -> None:
    """All cells of the range are at fault, so that the empty ones among them are not missed as well."""
    corners = _RANGE.fullmatch(cells)
    if not corners or title == LEGEND_TITLE:
        return
    left, top, right, bottom = corners.groups()
    columns = range(column_number(left) - 1, min(column_number(right), MAX_COLUMN))
    for row in range(int(top), min(int(bottom), MAX_ROW) + 1):
        book.faulty |= {Place(title, row, column) for column in columns}
    book.fault(
        Place(title, int(top), column_number(left) - 1), f"sel {cells} digabung; pisahkan lagi dan isi setiap sel"
    )


def _grids(content: bytes) -> dict[str, Grid]:
    """The cells of every sheet by its title; nothing is calculated, and only cells are looked at."""
    import openpyxl  # takes a third of a second, which no other command should wait for

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about ornaments that openpyxl does not know
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            grids: dict[str, Grid] = {title: [] for title in workbook.sheetnames}
            for sheet in workbook.worksheets:
                grids[sheet.title] = list(sheet.iter_rows(min_row=1, max_row=MAX_ROW, max_col=MAX_COLUMN))
        finally:
            workbook.close()
    return grids


# From cells to tables -------------------------------------------------------------------------------------------------


def _table(book: Book, sheet: Sheet, grid: Grid | None) -> Table:
    """The rows of a sheet, each with what its cells say by the path of their column."""
    table = Table(sheet)
    if grid is None:
        table.is_missing = True
        book.fault(Place(sheet.title), "lembar ini tidak ada")
        return table
    _read_header(book, table, grid[0] if grid else ())
    for number, row in enumerate(grid[1:], start=2):
        if any(_filled(cell) for cell in row):
            table.rows[number] = dict(_contents(book, table, number, row))
    return table


def _filled(cell: Any) -> bool:
    return cell.value is not None and not (isinstance(cell.value, str) and not clean(cell.value))


def _read_header(book: Book, table: Table, header: tuple[Any, ...]) -> None:
    columns = {_heading(column.title): column for column in table.sheet.columns}
    for index, cell in enumerate(header):
        if not _filled(cell):
            continue
        place, heading = Place(table.sheet.title, 1, index), _heading(str(cell.value))
        column = columns.get(heading)
        if column is None:
            book.fault(place, f"kolom {shown(str(cell.value))} tidak dikenal")
            table.unknown.add(index)
        elif column.path in table.places:
            first = Place(table.sheet.title, 1, table.places[column.path])
            book.fault(place, f"kolom {column.title} sudah ada pada {first.cell}")
            table.unknown.add(index)
        else:
            table.places[column.path] = index
    for column in table.sheet.columns:
        if column.path not in table.places:
            book.fault(Place(table.sheet.title, 1), f"kolom {column.title} tidak ada")


def _heading(text: str) -> str:
    return " ".join(text.split()).casefold()


def _contents(book: Book, table: Table, number: int, row: tuple[Any, ...]) -> Iterator[tuple[str, object]]:
    columns = {table.places[column.path]: column for column in table.sheet.columns if column.path in table.places}
    for index, cell in enumerate(row):
        if not _filled(cell) or index in table.unknown:
            continue
        place = Place(table.sheet.title, number, index)
        if index not in columns:
            book.fault(place, "ada isi di bawah kolom tanpa judul")
            continue
        try:
            yield columns[index].path, _content(columns[index], cell)
        except CellFault as fault:
            book.fault(place, fault.reason)


def _content(column: Column, cell: Any) -> object:
    if cell.data_type == "f":
        raise CellFault(A_FORMULA)
    if cell.data_type == "e":
        raise CellFault(AN_ERROR)
    if column.path == "content" and column in FACT_SHEET.columns:
        return cell.value  # which fact it is, and so what it may hold, stands beside it
    return content_of(column, cell.value)


# From tables to the document ------------------------------------------------------------------------------------------


def _document(book: Book) -> dict[str, Any]:
    document: dict[str, Any] = {"instrument": {}, "sections": [], "scoring": {"answer_value": {}, "bands": []}}
    document["items"] = []
    _add_facts(book, book.tables[FACT_SHEET.title], document)
    for number, contents in book.tables[SECTION_SHEET.title].rows.items():
        document["sections"].append(contents)
        where = _named(contents.get("code"), f"seksi ke-{len(document['sections'])}")
        book.remember(where, book.tables[SECTION_SHEET.title], number)
    for number, contents in book.tables[ITEM_SHEET.title].rows.items():
        document["items"].append(_item(contents))
        where = _named(contents.get("id"), f"butir ke-{len(document['items'])}")
        book.remember(where, book.tables[ITEM_SHEET.title], number)
    _add_rules(book, book.tables[RULE_SHEET.title], document["scoring"])
    return document


def _named(name: object, stand_in: str) -> str:
    """How `parse` calls a row in its faults."""
    return shown(name) if isinstance(name, str) else stand_in


def _add_facts(book: Book, table: Table, document: dict[str, Any]) -> None:
    facts = {_heading(fact.title): fact for fact in FACTS}
    seen: dict[str, Place] = {}
    for number, contents in table.rows.items():
        name = contents.get("fact")
        fact = facts.get(_heading(name)) if isinstance(name, str) else None
        if "fact" not in table.places:
            continue
        if fact is None:
            book.fault(table.place(number, "fact"), f"fakta {shown(str(name or ''))} tidak dikenal")
        elif fact.path in seen:
            book.fault(table.place(number, "fact"), f"fakta {fact.title} sudah ada pada {seen[fact.path].cell}")
        else:
            seen[fact.path] = table.place(number, "fact")
            _add_fact(book, table, document, (number, fact))


def _add_fact(book: Book, table: Table, document: dict[str, Any], found: tuple[int, Column]) -> None:
    number, fact = found
    where, _, path = fact.path.partition(".")
    book.remember_as(where, Remembered(table, number, {path: "content"}, {path: fact.title}))
    if "content" not in table.rows[number]:
        return
    try:
        _put(document, fact.path, content_of(fact, table.rows[number]["content"]))
    except CellFault as fault:
        book.fault(table.place(number, "content"), fault.reason)


def _put(content: dict[str, Any], path: str, part: object) -> None:
    *steps, last = path.split(".")
    for step in steps:
        content = content.setdefault(step, {})
    content[last] = part


def _item(contents: Mapping[str, object]) -> dict[str, Any]:
    item: dict[str, Any] = {"action_template": {}, "source": {}}
    kind = contents.get("type")
    if isinstance(kind, str) and kind in _OF_TYPE:
        item[_OF_TYPE[kind]] = {}
    for path, content in contents.items():
        _put(item, path, content)
    return item


def _add_rules(book: Book, table: Table, scoring: dict[str, Any]) -> None:
    for number, contents in table.rows.items():
        if contents.get("kind") == BAND:
            _add_band(book, table, scoring, number)
        elif contents.get("kind") in RULE_SHEET.column("kind").words:
            _add_value(book, table, scoring, number)
        elif "kind" in table.places:
            known = ", ".join(RULE_SHEET.column("kind").words.values())
            book.fault(table.place(number, "kind"), f"harus salah satu dari {known}")


def _add_band(book: Book, table: Table, scoring: dict[str, Any], number: int) -> None:
    contents = table.rows[number]
    scoring["bands"].append({key: contents[path] for key, path in _BAND.items() if path in contents})
    name = _named(contents.get("code"), f"ke-{len(scoring['bands'])}")
    titles = {key: table.sheet.column(path).title for key, path in _BAND.items()}
    book.remember_as(f"pita {name}", Remembered(table, number, _BAND, titles))


def _add_value(book: Book, table: Table, scoring: dict[str, Any], number: int) -> None:
    """What one answer is worth."""
    contents = table.rows[number]
    kind, word = str(contents["kind"]), contents.get("code")
    if not isinstance(word, str):
        if table.place(number, "code") not in book.faulty:
            book.fault(table.place(number, "code"), "wajib diisi")
        return
    codes = {_heading(ours): code for code, ours in ANSWER_WORDS.items()}
    answer = codes.get(_heading(word), word)
    for path in ("name_id", "name_en"):
        if path in contents:
            book.fault(table.place(number, path), NOT_FOR_THIS)
    values = scoring["answer_value"].setdefault(kind, {})
    if answer in values:
        book.fault(table.place(number, "code"), f"jawaban {shown(word)} sudah ada")
        return
    values[answer] = contents.get("value")
    path = f"answer_value.{kind}.{shown(answer)}"
    book.remember_as("scoring", Remembered(table, number, {path: "value"}, {path: table.sheet.column("value").title}))
