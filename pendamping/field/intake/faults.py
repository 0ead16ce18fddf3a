"""What a form found wrong, as the wire says it: the field's name, a stable code, and the form's own words."""

from collections.abc import Iterator, Mapping

from wtforms import Field, FieldList, Form, FormField

from pendamping.field.intake.terms import Refused
from pendamping.field.wire import Fault, Outcome
from pendamping.kernel.forms import BaseForm
from pendamping.visits.forms import VisitForm, fault_words

INVALID, REQUIRED = "invalid", "required"


def refused_by_form(form: BaseForm | Form, codes: Mapping[str, str] = {}) -> Refused:
    """Args:
    codes: for fields whose fault has a code of its own.
    """
    found = {each.message: each for each in _faults(form, codes)}  # what stands at a field is not said on top again
    return Refused(Outcome.REJECTED, list(found.values()) or [Fault("", INVALID, "")])


def _faults(form: BaseForm | Form, codes: Mapping[str, str]) -> Iterator[Fault]:
    for message in getattr(form, "form_errors", ()):
        yield Fault("", INVALID, str(message))
    yield from _of_form(form, codes)
    if isinstance(form, VisitForm):
        for fault in form.answers.faults:
            yield Fault(f"answers-{fault.item_id}-{fault.field}", str(fault.code), fault_words(fault))
        for entry in form.actions.agreed:
            yield from _of_form(entry, codes)


def _of_form(form: Form | BaseForm, codes: Mapping[str, str]) -> Iterator[Fault]:
    for field in form:
        yield from _of_field(field, codes)


def _of_field(field: Field, codes: Mapping[str, str]) -> Iterator[Fault]:
    if isinstance(field, FormField):
        yield from _of_form(field.form, codes)
        return
    if isinstance(field, FieldList):
        for entry in field:
            yield from _of_field(entry, codes)
    for message in field.errors:
        if not isinstance(message, Mapping):
            code = codes.get(field.name) or (INVALID if _says_something(field) else REQUIRED)
            yield Fault(field.name, code, str(message))


def _says_something(field: Field) -> bool:
    return field.raw_data is None or any(str(each).strip() for each in field.raw_data)
