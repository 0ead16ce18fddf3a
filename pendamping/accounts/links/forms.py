"""Forms of personal links: for whom and how long; and the button that comes in with one."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from pendamping.accounts.links.service import LASTS_DAYS
from pendamping.kernel.forms import BaseForm, NewIdField, SelectChoice

LASTS_WORDS = (_l("30 hari"), _l("90 hari"), _l("180 hari"))


class LinkForm(BaseForm):
    """A new link for one officer."""

    new_id = NewIdField()
    days = SelectField(
        _l("Berlaku selama"),
        choices=[SelectChoice(str(days), words) for days, words in zip(LASTS_DAYS, LASTS_WORDS, strict=True)],
        coerce=int,
        default=LASTS_DAYS[1],
    )


class EnterForm(BaseForm):
    """The button on a link's page; the token goes with the form and not with its address."""

    token = HiddenField()
