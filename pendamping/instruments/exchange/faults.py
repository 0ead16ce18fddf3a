"""Says the faults of a document in the terms of the workbook it came from: sheet, cell and the title of the column."""

import re
from collections.abc import Mapping, Sequence

from pendamping.instruments.exchange.book import Book, Place, Remembered
from pendamping.instruments.exchange.columns import (
    ANSWER_WORDS,
    FACT_SHEET,
    FACTS,
    FLAG_WORDS,
    ITEM_SHEET,
    MONTHS,
    NO_VALUE,
    RULE_SHEET,
    RULE_WORDS,
    SECTION_SHEET,
    Form,
)
from pendamping.instruments.reading.nodes import InstrumentFault

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_MONTH_LIST = re.compile(r"\[([0-9, ]+)\]")

_RULES = (
    (re.compile(r"seksi .+ tidak ada"), "section"),
    (re.compile(r"bobot butir"), "weight"),
    (re.compile(r"min, max|ambang |nilai at_"), "thresholds.steps"),
    (re.compile(r"butir yang ditanyakan sekali"), "na_allowed"),
    (re.compile(r"butir critical"), "verification"),
)
"""Where to look when a rule is broken that speaks of more than one content."""

_PHRASES = (
    ("daftar [ambang, nilai 0 sampai 1]", str(Form.STEPS)),
    ("daftar [bulan-hari, nilai], misalnya [03-31, 1.0]", str(Form.DEADLINES)),
    ("daftar yang berisi", "berisi paling sedikit satu baris"),
    ("tulis null", f"tulis {NO_VALUE}"),
    ("tidak dikenal atau tidak berlaku di sini", "tidak berlaku di sini; kosongkan"),
)
_GROUPS = {
    "levels": "tingkat",
    "thresholds": "ambang",
    "date_rule": "aturan tanggal",
    "action_template": "tindakan",
    "source": "sumber",
    "bands": "pita",
    "items": "butir",
    "sections": "bagian",
}
_CODES = {
    **{code: word for column in ITEM_SHEET.columns for code, word in column.words.items()},
    **{f"answer_value.{kind}": word for kind, word in RULE_WORDS.items()},
    **ANSWER_WORDS,
    **FLAG_WORDS,
}


def in_form(fault: InstrumentFault) -> tuple[str, str]:
    """For a form: the path of the content of an item that a fault of `parse` is about, and the reason in words."""
    paths = {column.path: column.title for column in ITEM_SHEET.columns}
    titles = {path.rpartition(".")[2]: title for path, title in paths.items()} | paths
    return _path_in(fault.reason), in_words(fault.reason, titles)


def in_cells(book: Book, faults: Sequence[InstrumentFault]) -> None:
    """Add to the book what `parse` found, less what only follows from a cell or sheet that could not be read."""
    heard = set(book.faulty)
    for fault in faults:
        found = _found(book, fault)
        if not found:
            _add_to_sheet(book, heard, fault)
        elif "dipakai" in fault.reason:
            for row, path in found:
                _add(book, heard, row, path, fault.reason)
        else:
            (row, path), *others = found
            also = [str(other.place(other_path)) for other, other_path in others]
            _add(book, heard, row, path, fault.reason + (f" (atau {', '.join(also)})" if also else ""))


def _found(book: Book, fault: InstrumentFault) -> list[tuple[Remembered, str]]:
    """The rows that may be meant, each with the path of the content that is."""
    path = _path_in(fault.reason)
    found = [(row, path) for row in book.rows_called(fault.where) if row.has(path)]
    if found:
        return found[:1] if _is_answer_table(path) else found
    if fault.where in ("instrument", "scoring"):
        return []  # each of these rows is one content, and it is another one
    return [(row, "") for row in book.rows_called(fault.where)]


def _path_in(reason: str) -> str:
    for rule, path in _RULES:
        if rule.match(reason):
            return path
    found = _PATH.match(reason)
    path = found[0] if found else ""
    return f"{path}.na" if reason.startswith(f"{path}: na ") else path


def _is_answer_table(path: str) -> bool:
    return path.startswith("answer_value.") and path.count(".") == 1


def _add(book: Book, heard: set[Place], row: Remembered, path: str, reason: str) -> None:
    places = row.places_below(path)
    if path and not places:
        return  # its column is missing, which has been said
    if heard & set(places):
        return
    book.fault(row.place(path), in_words(reason, row.titles))


def _add_to_sheet(book: Book, heard: set[Place], fault: InstrumentFault) -> None:
    """What is missing altogether, or holds for a sheet as a whole."""
    table = book.tables[_sheet_of(fault)]
    if table.is_missing or len(table.places) < len(table.sheet.columns):
        return
    if fault.reason.startswith("answer_value.") and any(place.sheet == table.sheet.title for place in heard):
        return  # the row that it misses may be the one that could not be read
    place = Place(table.sheet.title)
    if fault.where == "sections":
        place = Place(table.sheet.title, 1, table.places["weight"])
    titles = {fact.path.partition(".")[2]: fact.title for fact in FACTS}
    book.fault(place, in_words(fault.reason, {**titles, **_BAND_TITLES} if fault.where == "scoring" else titles))


_BAND_TITLES = {"code": "kode", "min": "nilai"}


def _sheet_of(fault: InstrumentFault) -> str:
    path = _path_in(fault.reason)
    if fault.where == "sections" or (fault.where == "berkas" and path == "sections"):
        return SECTION_SHEET.title
    if fault.where == "berkas" and path == "items":
        return ITEM_SHEET.title
    is_fact = any(fact.path == f"{fault.where}.{path}" for fact in FACTS)
    return FACT_SHEET.title if is_fact or fault.where == "instrument" else RULE_SHEET.title


def in_words(reason: str, titles: Mapping[str, str]) -> str:
    """A reason with the titles of columns and the words of cells instead of keys and codes."""
    for theirs, ours in _PHRASES:
        reason = reason.replace(theirs, ours)
    reason = _MONTH_LIST.sub(lambda found: _month_names(found[1]), reason)

    def word(found: re.Match[str]) -> str:
        title = titles.get(found[0]) or _GROUPS.get(found[0])
        if title is None:
            return _CODES.get(found[0]) or _answer_words(found[0])
        return f"“{title}”" if " " in title else title

    return _PATH.sub(word, reason)


def _answer_words(path: str) -> str:
    """answer_value.yes_no_na.no: the answer “tidak” of its type; what is no such path stays as it is."""
    table, _, answer = path.rpartition(".")
    return f"{_CODES[table]} “{_CODES.get(answer, answer)}”" if table.startswith("answer_value.") else path


def _month_names(numbers: str) -> str:
    return ", ".join(MONTHS[int(number) - 1] for number in numbers.split(","))
