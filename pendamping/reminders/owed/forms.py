"""What is filled in about a cooperative's obligations."""

from flask_babel import lazy_gettext as _l

from pendamping.kernel.forms import BaseForm, OfficeDateField, required


class MeetingForm(BaseForm):
    planned_on = OfficeDateField(
        _l("Tanggal RAT"),
        description=_l("Laporan tahunan diingatkan sebulan sebelumnya, undangan 14 hari sebelumnya."),
        validators=[required(_l("Isi tanggal RAT."))],
    )
