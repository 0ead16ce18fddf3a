"""The form with which the agency asks for an item."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from pendamping.kernel.forms import BaseForm, at_most, required, tidy
from pendamping.visits.requests.models import NOTE_LENGTH


class RequestForm(BaseForm):
    note = TextAreaField(
        _l("Yang ingin diketahui"),
        validators=[required(_l("Tulis apa yang perlu dilihat, supaya pendamping tahu.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )
