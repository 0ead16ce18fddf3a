"""Forms of the admin's pages about assignments: a whole programme year at once, and one hand-over."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from pendamping.cooperatives.assignments.models import REASON_LENGTH
from pendamping.kernel.forms import BaseForm, OfficeDateField, SelectChoice, at_most, fail, optional, required, tidy
from pendamping.kernel.i18n import long_date

FIELD = "pendamping-"
PROPOSE, AT_ONCE = "usulkan", "langsung"

People = Sequence[tuple[uuid.UUID, str]]
"""(id, name) of who can be chosen."""


class YearForm(BaseForm):
    """Who shall accompany which cooperative: one select for each row that is open."""

    starts_on = OfficeDateField(_l("Berlaku mulai"), validators=[required(_l("Isi tanggal mulai."))])

    first: dt.date
    last: dt.date
    codes: Sequence[str]
    """The cooperatives that a facilitator can be chosen for."""

    def validate_starts_on(self, field: OfficeDateField) -> None:
        if field.data and not self.first <= field.data <= self.last:
            words = _l("Isi tanggal dalam tahun program: %(first)s sampai %(last)s.")
            raise ValidationError(str(words) % {"first": long_date(self.first), "last": long_date(self.last)})

    def select_of(self, code: str) -> SelectField:
        field = self[FIELD + code]
        assert isinstance(field, SelectField)
        return field

    def chosen(self) -> Mapping[str, uuid.UUID]:
        """The facilitator chosen for each code; those left empty are not in it."""
        given = {code: self.select_of(code).data for code in self.codes}
        return {code: uuid.UUID(id_) for code, id_ in given.items() if id_}


def year_form(
    rows: Mapping[str, str], people: People, *, first: dt.date, last: dt.date, starts_on: dt.date
) -> YearForm:
    """The form of one programme year.

    Args:
        rows: the names of the cooperatives that a facilitator can be chosen for, by code.
        people: who can be chosen; a closed account among them is refused by the rules, with its name.
    """
    choices = [SelectChoice("", _l("Belum ada")), *(SelectChoice(str(id_), name) for id_, name in people)]
    fields: dict[str, Any] = {
        FIELD + code: SelectField(_l("Pendamping %(name)s", name=name), choices=choices, default="")
        for code, name in rows.items()
    }
    fields.update(first=first, last=last, codes=list(rows))
    made: type[YearForm] = type("YearFormOfRows", (YearForm,), fields)
    return made(starts_on=starts_on)


class HandOverForm(BaseForm):
    """The last day of one facilitator, and who goes on from the next."""

    ends_on = OfficeDateField(_l("Hari terakhir"), validators=[required(_l("Isi hari terakhirnya."))])
    successor = SelectField(_l("Pendamping berikutnya"), default="")
    way = RadioField(
        _l("Cara serah terima"),
        choices=[
            SelectChoice(PROPOSE, _l("Usulkan dahulu: penggantinya menjawab, lalu tablet lama dikosongkan")),
            SelectChoice(AT_ONCE, _l("Langsung, tanpa menunggu")),
        ],
        default=PROPOSE,
    )
    note = TextAreaField(_l("Catatan atau alasan"), validators=[optional(), at_most(REASON_LENGTH)], filters=[tidy])

    def validate(self, extra_validators: Any = None) -> bool:
        """Not to wait has its reason."""
        holds = bool(super().validate(extra_validators))
        if self.successor.data and self.way.data == AT_ONCE and not self.note.data:
            fail(self.note, str(_l("Tulis alasan mengapa tidak menunggu.")))
            return False
        return holds

    def offer(self, people: People) -> None:
        nobody = SelectChoice("", _l("Belum ada penggantinya"))
        self.successor.choices = [nobody, *(SelectChoice(str(id_), name) for id_, name in people)]

    @property
    def successor_id(self) -> uuid.UUID | None:
        return uuid.UUID(self.successor.data) if self.successor.data else None
