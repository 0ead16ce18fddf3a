"""The forms with which a stored visit is put right, or added to."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from pendamping.instruments.answers import AnswerFault, AnswerFaultCode
from pendamping.instruments.queries import PublishedInstrument
from pendamping.instruments.scoring import Facts
from pendamping.kernel.forms import BaseForm, at_most, tidy
from pendamping.visits.forms import FAULTS_SAID_ON_TOP, VisitForm, fault_words

REASON_LENGTH = 1000
ADDENDUM_LENGTH = 5000


class CorrectionForm(VisitForm):
    """The visit's own form once more, with what is stored in it: only its header, and the items it answered."""

    reason = TextAreaField(
        _l("Alasan perbaikan"),
        validators=[DataRequired(_l("Tulis mengapa kunjungan ini diperbaiki.")), at_most(REASON_LENGTH)],
        filters=[tidy],
    )
    base_revision = IntegerField(widget=HiddenInput(), validators=[DataRequired(_l("Muat ulang halaman ini."))])

    def __init__(
        self,
        *,
        instruments: Sequence[PublishedInstrument],
        answered: Collection[str],
        stored: MultiDict[str, str],
        **others: Any,
    ) -> None:
        super().__init__(instruments=instruments, draft=stored, **others)
        self.asked = {item_id: item for item_id, item in self.asked.items() if item_id in answered}

    def validate_against(self, facts: Facts) -> bool:
        """The visit's own rules; and no answer to an item that the visit did not look at."""
        holds = super().validate_against(facts)
        strays = [answer.item_id for answer in self.answers.data if answer.item_id not in self.asked]
        for item_id in strays[:FAULTS_SAID_ON_TOP]:
            self._say(fault_words(AnswerFault(item_id, "item", AnswerFaultCode.UNKNOWN_ITEM)))
        return holds and not strays

    def name_revision(self, revision: int) -> None:
        """What the page will be saved over, from now on."""
        self.base_revision.raw_data, self.base_revision.data = None, revision


class AddendumForm(BaseForm):
    """Words added to a visit whose time for corrections is over."""

    text = TextAreaField(
        _l("Catatan tambahan"),
        validators=[DataRequired(_l("Tulis catatannya.")), at_most(ADDENDUM_LENGTH)],
        filters=[tidy],
    )
