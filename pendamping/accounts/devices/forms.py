"""Forms of tablets."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from pendamping.accounts.devices.models import NAME_LENGTH
from pendamping.kernel.forms import BaseForm, at_most, required, tidy


class DeviceNameForm(BaseForm):
    name = StringField(
        _l("Nama tablet"),
        validators=[required(_l("Isi nama tabletnya.")), at_most(NAME_LENGTH)],
        filters=[tidy],
    )
