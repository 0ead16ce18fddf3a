"""Between a content of a document and the cell that shows it.

What a cell cannot mean is a `CellFault`; what it means but an instrument may not hold is left to `reading.document`.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from pendamping.instruments.exchange.columns import MONTHS, NO_VALUE, Column, Form

Cell = str | int | float
Content = object

_DANGEROUS = ("=", "+", "-", "@", "'")
"""What a spreadsheet may take for the beginning of a formula, and the sign that we put before it."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PAIR = re.compile(r"([^=]+)=([^=]+)")
_DAY_MONTH = re.compile(r"([0-9]{1,2}) ([^\W\d]+)")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")

NOT_TEXT = "harus teks"
A_DATE = "berisi tanggal; ketik isinya lagi sebagai teks"
NO_DOTS = "tulis angka tanpa titik pemisah ribuan, misalnya 10000"


class CellFault(Exception):
    """A cell holds something that its column cannot mean; the reason in the words of those who edit it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# Into a cell ----------------------------------------------------------------------------------------------------------


def cell_of(column: Column, content: Content) -> Cell | None:
    """What a content of a sound document looks like in its column; None leaves the cell empty."""
    if content is None:
        return NO_VALUE if column.form is Form.VALUE else None
    match column.form:
        case Form.WORD:
            return column.words.get(str(content), str(content))
        case Form.FLAG:
            return column.words[str(content).lower()]
        case Form.NUMBER | Form.VALUE if isinstance(content, int | float):
            return content
        case Form.MONTHS | Form.STEPS | Form.DEADLINES if isinstance(content, list):
            return _harmless(_LISTS[column.form](content))
        case _:
            return _harmless(str(content))


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before what could be one."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _months_text(months: Sequence[int]) -> str:
    return ", ".join(MONTHS[month - 1] for month in months)


def _steps_text(steps: Sequence[tuple[int | float, int | float]]) -> str:
    return "\n".join(f"{number_text(edge)} = {number_text(value)}" for edge, value in steps)


def _deadlines_text(deadlines: Sequence[tuple[str, int | float]]) -> str:
    return "\n".join(f"{_day_text(day)} = {number_text(value)}" for day, value in deadlines)


def _day_text(month_day: str) -> str:
    month, day = month_day.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]}"


def number_text(number: int | float) -> str:
    """0,3333: a number as people here write it, without dots between thousands."""
    return format(Decimal(repr(number)).normalize() + 0, "f").replace(".", ",")


_LISTS: Mapping[Form, Callable[..., str]] = {
    Form.MONTHS: _months_text,
    Form.STEPS: _steps_text,
    Form.DEADLINES: _deadlines_text,
}


# Out of a cell --------------------------------------------------------------------------------------------------------


def content_of(column: Column, cell: object) -> Content:
    """What a cell that is not empty says.

    Raises:
        CellFault: a date, or something that nobody can read.
    """
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        raise CellFault(A_DATE)
    return _READERS[column.form](column, clean(cell) if isinstance(cell, str) else cell)


def clean(text: str) -> str:
    """A text without what a spreadsheet or a slip of the hand put around it."""
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_DANGEROUS) else text


def _alike(text: str) -> str:
    """For comparing words: capitals and the width of gaps say nothing."""
    return " ".join(text.split()).casefold()


def _flag(column: Column, cell: object) -> Content:
    code = _code(column, cell) if isinstance(cell, str) else cell
    return {"true": True, "false": False}.get(code, code) if isinstance(code, str) else code


def _value(_: Column, cell: object) -> Content:
    return None if isinstance(cell, str) and _alike(cell) == NO_VALUE else _number(cell)


def _months(_: Column, cell: object) -> Content:
    return [_month(part) for part in _text(cell).split(",")]


def _steps(column: Column, cell: object) -> Content:
    pairs = _pairs(column, cell)
    return [[_required_number(left, column), _required_number(right, column)] for left, right in pairs]


def _deadlines(column: Column, cell: object) -> Content:
    return [[_month_day(left), _required_number(right, column)] for left, right in _pairs(column, cell)]


def _text(cell: object) -> str:
    """A number typed where a text belongs is that text: a title may be 2026."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not Decimal(repr(cell)).is_finite():
        raise CellFault(NOT_TEXT)
    return format(Decimal(repr(cell)).normalize() + 0, "f")


def _code(column: Column, cell: object) -> str:
    """The code of a word; an unknown word stays as it is, for the instrument to refuse."""
    text = _text(cell)
    codes = {_alike(word): code for code, word in column.words.items()} | {_alike(code): code for code in column.words}
    return str(codes.get(_alike(text), text))


def _number(cell: object) -> Content:
    """A number, also one typed as text; anything else stays as it is, for the instrument to refuse."""
    if not isinstance(cell, str):
        return cell
    if _THOUSANDS.fullmatch(cell):
        raise CellFault(NO_DOTS)
    if not _NUMBER.fullmatch(cell):
        return cell
    number = float(cell.replace(",", "."))
    return int(cell) if cell.lstrip("+-").isdigit() else number


def _required_number(text: str, column: Column) -> int | float:
    number = _number(text.strip())
    if not isinstance(number, int | float):
        raise CellFault(f"harus {column.form}")
    return number


def _pairs(column: Column, cell: object) -> list[tuple[str, str]]:
    """The two sides of every line; lines may also stand behind each other, parted by semicolons."""
    lines = [line.strip() for line in re.split(r"[\n;]", _text(cell)) if line.strip()]
    found = [_PAIR.fullmatch(line) for line in lines]
    if not found or None in found:
        raise CellFault(f"harus {column.form}")
    return [(pair[1].strip(), pair[2].strip()) for pair in found if pair]


def _month(text: str) -> int:
    word = _alike(text)
    if word.isdecimal() and len(word) <= 2:
        return int(word)
    for number, name in enumerate(MONTHS, start=1):
        if len(word) >= 3 and name.casefold().startswith(word):
            return number
    raise CellFault(f"harus {Form.MONTHS}")


def _month_day(text: str) -> str:
    """31 Maret, or 03-31 as YAML writes it; whether there is such a day is for the instrument to say."""
    if _MONTH_DAY.fullmatch(text):
        return text
    found = _DAY_MONTH.fullmatch(" ".join(text.split()))
    if not found:
        raise CellFault(f"harus {Form.DEADLINES}")
    return f"{_month(found[2]):02}-{int(found[1]):02}"


_READERS: Mapping[Form, Callable[[Column, object], Content]] = {
    Form.TEXT: lambda _, cell: _text(cell),
    Form.NUMBER: lambda _, cell: _number(cell),
    Form.WORD: _code,
    Form.FLAG: _flag,
    Form.VALUE: _value,
    Form.MONTHS: _months,
    Form.STEPS: _steps,
    Form.DEADLINES: _deadlines,
}
