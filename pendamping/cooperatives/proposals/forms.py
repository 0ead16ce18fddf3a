"""The forms by which a facilitator answers proposed figures."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from pendamping.kernel.forms import BaseForm, RevisionField, at_most, required, tidy


class ConfirmForm(BaseForm):
    """Takes the figures over; `seen_revision` is what was recorded when the page was opened."""

    seen_revision = RevisionField()


class ReturnForm(BaseForm):
    reason = StringField(
        _l("Apa yang perlu diperbaiki?"),
        validators=[required(_l("Tulis apa yang perlu diperbaiki.")), at_most(500)],
        filters=[tidy],
    )
