"""Fields that hold one content of an instrument, written as in a cell of its workbook."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import TextInput

from pendamping.instruments.exchange.cells import CellFault, cell_of, content_of, number_text
from pendamping.instruments.exchange.columns import ITEM_SHEET, Column, Form
from pendamping.kernel.forms import CheckboxesField, SelectChoice, at_most, optional, tidy

LONGEST_NUMBER = 20


class CellField(TextAreaField):
    """A content in the words of a cell: steps and deadlines, a line for each; `data` is what the document holds."""

    MESSAGES = {
        Form.STEPS: _l("Tulis satu baris untuk tiap ambang, misalnya 60 = 0,6."),
        Form.DEADLINES: _l("Tulis satu baris untuk tiap batas, misalnya 31 Maret = 1."),
    }

    def __init__(self, *args: Any, column: Column, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.column = column

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(cell_of(self.column, self.data) or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = tidy(str(valuelist[0])) if valuelist else ""
        self.data: Any = None
        if not typed:
            return
        try:
            self.data = content_of(self.column, typed)
        except CellFault as fault:
            raise ValueError(str(self.MESSAGES[self.column.form])) from fault


class NumberField(Field):
    """A number as people here write it: 0,3333. `data` is an int where it is a whole one."""

    widget = TextInput()
    COLUMN = Column("number", "", "", form=Form.NUMBER)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number_text(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = tidy(str(valuelist[0])) if valuelist else ""
        self.data: Any = None
        if not typed:
            return
        try:
            number = content_of(self.COLUMN, typed) if len(typed) <= LONGEST_NUMBER else typed
        except CellFault:
            number = typed
        if not isinstance(number, int | float):
            raise ValueError(str(_l("Tulis angka seperti 12 atau 0,6.")))
        self.data = number


class Within:
    """A whole number within limits. A validator."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, form: object, field: Any) -> None:
        if field.data is None:
            return
        if field.data != int(field.data) or not self.low <= field.data <= self.high:
            said = _l("Tulis bilangan bulat %(min)s sampai %(max)s.", min=self.low, max=self.high)
            raise ValidationError(str(said))


class BetweenAmounts(Within):
    """Any number within limits. A validator."""

    def __call__(self, form: object, field: Any) -> None:
        if field.data is not None and not self.low <= field.data <= self.high:
            raise ValidationError(str(_l("Isi antara %(min)s dan %(max)s.", min=self.low, max=self.high)))


class FilledIn(InputRequired):
    """Blanks are nothing; what could not be read has a message of its own."""

    def __call__(self, form: Any, field: Field) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip():
            raise ValidationError(str(_l("Wajib diisi.")))


class MonthsField(CheckboxesField):
    """The months in which an item is asked again, by their numbers."""


def choices_of(words: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(code), word) for code, word in words.items()]


def column_field(path: str, label: Any, **given: Any) -> Any:
    """The field for a column of the sheet Butir, as its form says; `given` are what it is told further.

    `words` are the choices of a word; `longest` of a text; `low` and `high` of a number; `may_be_empty`.
    """
    column = ITEM_SHEET.column(path)
    kind = {"label": label, "description": given.get("hint", "")}
    held: list[Any] = [optional() if given.get("may_be_empty") else FilledIn()]
    match column.form:
        case Form.FLAG:
            return BooleanField(label)
        case Form.WORD:
            return SelectField(**kind, choices=choices_of(given["words"]))
        case Form.MONTHS:
            return MonthsField(label, coerce=int, choices=given["words"], validators=[optional()])
        case Form.STEPS | Form.DEADLINES:
            return CellField(**kind, column=column, validators=held, render_kw={"rows": 4, "maxlength": 600})
        case Form.NUMBER:
            limits = [Within(given["low"], given["high"])] if "low" in given else []
            return NumberField(**kind, validators=[*held, *limits], render_kw={"inputmode": "decimal"})
        case _:
            return text_field(label, given["longest"], hint=given.get("hint", ""), validators=held)


def text_field(label: Any, longest: int, *, hint: Any = "", validators: Sequence[Any] = ()) -> Any:
    """A text on one line, or on several where it may be long."""
    kind = StringField if longest <= ONE_LINE else TextAreaField
    more: dict[str, Any] = {} if longest <= ONE_LINE else {"rows": 3}
    return kind(
        label,
        description=hint,
        validators=[*(validators or [FilledIn()]), at_most(longest)],
        filters=[tidy],
        render_kw={"maxlength": longest, **more},
    )


ONE_LINE = 200
