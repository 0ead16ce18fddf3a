"""The base of every form: our own words for every message, and one way to fill it from a request."""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Self

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, FieldList, HiddenField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from pendamping.kernel.errors import DomainError
from pendamping.kernel.i18n import explained
from pendamping.kernel.ids import uuid_or_none
from pendamping.kernel.pack import is_for_pack, new_id

STALE_PAGE = _l("Halaman ini terlalu lama terbuka. Isian Anda tetap ada: kirim sekali lagi.")

MAX_ENTRIES = 300

_WTFORMS_SAYS = {
    "Not a valid date value.": _l("Tulis tanggal seperti 2026-04-14."),
    "Not a valid time value.": _l("Tulis jam seperti 09:30."),
    "Not a valid choice.": _l("Pilih salah satu dari yang ditawarkan."),
    "Not a valid integer value.": _l("Tulis bilangan bulat."),
    "Not a valid float value.": _l("Tulis angka."),
    "Not a valid decimal value.": _l("Tulis angka."),
    "Invalid Choice: could not coerce.": _l("Pilih salah satu dari yang ditawarkan."),
    "'%(value)s' is not a valid choice for this field.": _l("Pilih dari yang ditawarkan."),
    "This field is required.": _l("Wajib diisi."),
}


class _OurWords:
    """Stands in for WTForms' own catalogue, which has no Indonesian."""

    def gettext(self, text: str) -> str:
        return str(_WTFORMS_SAYS.get(text, text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular)


class _Token(FlaskForm.Meta.csrf_class):
    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        return "" if is_for_pack() else str(super().generate_csrf_token(csrf_token_field))


class BaseForm(FlaskForm):
    """A form whose messages are ours, and which gives back what was typed when its page is too old."""

    class Meta(FlaskForm.Meta):
        csrf_class = _Token

        def get_translations(self, form: object) -> _OurWords:
            return _OurWords()

    form_errors: list[str]
    is_on_record: bool = False

    @classmethod
    def on_record(cls, fields: MultiDict[str, str], **terms: Any) -> Self:
        """Filled from a record that came over the wire, now or before; the token of the whole request covers it."""
        form = cls(formdata=fields, meta={"csrf": False}, **terms)
        form.is_on_record = True
        return form

    def is_submitted(self) -> bool:
        return self.is_on_record or bool(super().is_submitted())

    def is_submitted_and_valid(self) -> bool:
        """True once the form came in whole and every field holds; messages stand at the fields otherwise."""
        if not self.is_submitted():
            return False
        valid = bool(self.validate())
        if "csrf_token" in self.errors:
            self.form_errors = [*self.form_errors, str(STALE_PAGE)]
            self.csrf_token.errors = ()
        return valid

    def refuse(self, error: DomainError, field: Field | None = None) -> int:
        """Say what the rules refused, at the field that it is about or above the form; returns the answer's status."""
        if field is not None:
            fail(field, explained(error))
        else:
            self.form_errors = [*self.form_errors, explained(error)]
        return error.status


class FilterForm(BaseForm):
    """A form of a GET request: it filters, changes nothing and needs no token."""

    class Meta(BaseForm.Meta):
        csrf = False

    @classmethod
    def from_address(cls, **defaults: Any) -> Self:
        """Filled from the page's own address, so that a filtered list can be shared as a link."""
        return cls(request.args, **defaults)


class SomethingRequired(InputRequired):
    """Blanks are nothing, and so is what nobody can see."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.raw_data and isinstance(field.raw_data[0], str) and not tidy(field.raw_data[0]):
            field.raw_data = []
        super().__call__(form, field)


def required(message: Any) -> InputRequired:
    return SomethingRequired(message=message)


def at_most(length: int) -> Length:
    message: Any = _l("Paling banyak %(max)d karakter.")
    return Length(max=length, message=message)


def optional() -> Optional:
    return Optional(strip_whitespace=True)


class NewIdField(HiddenField):
    """The id of what a form will make, made with its page, so that a form sent twice makes one thing."""

    def __init__(self, **terms: Any) -> None:
        super().__init__(**{"default": new_id, **terms})

    def process_formdata(self, valuelist: list[str]) -> None:
        """One that somebody has tampered with makes way for another."""
        self.data = str(uuid_or_none("".join(valuelist[:1])) or uuid.uuid4())

    @property
    def as_uuid(self) -> uuid.UUID:
        return uuid.UUID(self.data)


class RevisionField(HiddenField):
    """The number of what a page shows, so that who comes second is told that there is something newer."""

    SHOWN = re.compile(r"[0-9]{1,9}")

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was sent, and not what the form begins with: a page that does not say has shown nothing."""
        self.data = "".join(valuelist[:1])

    @property
    def number(self) -> int:
        """0, which nothing has, for what no page of ours carries."""
        typed = str(self.data or "")
        return int(typed) if self.SHOWN.fullmatch(typed) else 0

    def show(self, number: int) -> None:
        """What stands on the page from now on, in place of what was sent."""
        self.data, self.raw_data = str(number), None


class CheckboxesField(SelectMultipleField):
    """Any number of choices, each a checkbox of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class OfficeDateField(DateField):
    """A date within reach of a programme: no year that a slip of the finger makes."""

    EARLIEST_YEAR, LATEST_YEAR = 1945, 2100

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([each.strip()[:20] for each in valuelist])
        if self.data is not None and not self.EARLIEST_YEAR <= self.data.year <= self.LATEST_YEAR:
            self.data = None
            raise ValueError(str(_l("Periksa tahunnya.")))


class ClockField(TimeField):
    """A time of day, written 09:30 or the Indonesian way, 09.30; some browsers add seconds."""

    WRITTEN = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2})?")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist[:1]).strip()
        match = self.WRITTEN.fullmatch(typed)
        if typed and match is None:
            raise ValueError(str(_WTFORMS_SAYS["Not a valid time value."]))
        super().process_formdata([f"{match[1]}:{match[2]}"] if match else [])


def entry_numbers(prefix: str, names: Iterable[str]) -> list[int]:
    """The numbers in `prefix-<number>-...`, in order; never endless, and only plain digits."""
    pattern = re.compile(re.escape(prefix) + r"-([0-9]{1,4})-")
    numbers = {int(match[1]) for name in names if (match := pattern.match(name))}
    return sorted(numbers)[:MAX_ENTRIES]


class BoundedFieldList(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """A list of entries that a hostile request cannot make endless or break with odd digits."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        # WTForms has no public say in it; the test with odd numbers says so when the name changes
        yield from entry_numbers(prefix, formdata)


def tidy(text: str | None) -> str:
    """Text as people meant it: outer spaces gone, invisible control and direction characters dropped, NFC."""
    kept = text or ""
    if not kept.replace("\n", "").isprintable():  # nearly every text is, and then has nothing invisible in it
        kept = "".join(each for each in kept if each in "\n\t" or unicodedata.category(each) not in _INVISIBLE)
    return unicodedata.normalize("NFC", kept).replace("\t", " ").strip()


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def fail(field: Field, message: str) -> None:
    """Put a message at a field after the form's own validation."""
    field.errors = [*field.errors, message]
