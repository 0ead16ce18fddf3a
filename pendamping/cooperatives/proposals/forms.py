"""The forms by which a facilitator answers proposed figures."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from pendamping.kernel.forms import BaseForm, at_most, required, tidy


class ConfirmForm(BaseForm):
    """Takes the figures over; `seen_revision` is what was recorded when the page was opened."""

    seen_revision = HiddenField()

    @property
    def revision(self) -> int:
        text = self.seen_revision.data or ""
        return int(text[:6]) if text.isascii() and text.isdigit() else 0


class ReturnForm(BaseForm):
    reason = StringField(
        _l("Apa yang perlu diperbaiki?"),
        validators=[required(_l("Tulis apa yang perlu diperbaiki.")), at_most(500)],
        filters=[tidy],
    )
