"""The form with which the head decides about records that wait, one or several at once."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from pendamping.field.quarantine.models import REASON_LENGTH, Verdict
from pendamping.field.quarantine.service import ReasonNeeded
from pendamping.kernel.forms import BaseForm, CheckboxesField, SelectChoice, at_most, optional, tidy


class DecisionForm(BaseForm):
    """Accept, or give back with a reason."""

    records = CheckboxesField(_l("Catatan"), validators=[InputRequired(_l("Pilih dahulu catatannya."))])
    verdict = RadioField(
        _l("Keputusan"),
        choices=[
            SelectChoice(str(Verdict.ACCEPTED), _l("Terima dan simpan")),
            SelectChoice(str(Verdict.RETURNED), _l("Kembalikan")),
        ],
        validators=[InputRequired(_l("Pilih keputusannya."))],
    )
    reason = TextAreaField(_l("Alasan pengembalian"), validators=[optional(), at_most(REASON_LENGTH)], filters=[tidy])

    def offer(self, ids: Iterable[uuid.UUID]) -> None:
        """Say which records can be chosen: those on the page, and those that were on it when it was opened."""
        self.records.choices = [SelectChoice(str(id_), str(id_)) for id_ in ids]

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if self.verdict.data == Verdict.RETURNED and not self.reason.data and not self.reason.errors:
            self.refuse(ReasonNeeded(), self.reason)
            return False
        return holds

    @property
    def chosen(self) -> list[uuid.UUID]:
        return [uuid.UUID(id_) for id_ in self.records.data or []]
