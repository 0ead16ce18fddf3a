"""The forms with which a stored visit is put right, or added to."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from pendamping.instruments.queries import PublishedInstrument
from pendamping.kernel.forms import BaseForm, at_most, tidy
from pendamping.visits.forms import VisitForm

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


class AddendumForm(BaseForm):
    """Words added to a visit whose time for corrections is over."""

    text = TextAreaField(
        _l("Catatan tambahan"),
        validators=[DataRequired(_l("Tulis catatannya.")), at_most(ADDENDUM_LENGTH)],
        filters=[tidy],
    )
