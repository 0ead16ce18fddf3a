"""Forms of the programme's frame: a year's dates and targets, opening the next, the letterhead."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, NumberRange, Regexp

from pendamping.cooperatives.programme.queries import OfficeView
from pendamping.cooperatives.programme.service import YearFrame
from pendamping.kernel.forms import BaseForm, OfficeDateField, at_most, fail, optional, required, tidy

NUMBER_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*\Z")
MOST_CASES = 100


def _one_line(text: str | None) -> str:
    return " ".join(tidy(text).split())


class CountField(IntegerField):
    """A small number. What is too long to be one is cut: a check of its range would fail on hundreds of digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([each.strip()[:9] for each in valuelist])


class YearFrameForm(BaseForm):
    """The dates and targets of one programme year."""

    starts_on = OfficeDateField(_l("Hari pertama"), validators=[required(_l("Isi hari pertamanya."))])
    ends_on = OfficeDateField(_l("Hari terakhir"), validators=[required(_l("Isi hari terakhirnya."))])
    visits_per_month = CountField(
        _l("Kunjungan per koperasi setiap bulan"),
        validators=[required(_l("Isi targetnya.")), NumberRange(1, 31, _l("Isi antara %(min)s dan %(max)s."))],
        render_kw={"inputmode": "numeric"},
    )
    caseload_min = CountField(
        _l("Koperasi per pendamping, paling sedikit"),
        validators=[required(_l("Isi jumlahnya.")), NumberRange(1, MOST_CASES, _l("Isi antara %(min)s dan %(max)s."))],
        render_kw={"inputmode": "numeric"},
    )
    caseload_max = CountField(
        _l("Koperasi per pendamping, paling banyak"),
        validators=[required(_l("Isi jumlahnya.")), NumberRange(1, MOST_CASES, _l("Isi antara %(min)s dan %(max)s."))],
        render_kw={"inputmode": "numeric"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then the two ends of the caseload together."""
        holds = bool(super().validate(extra_validators))
        least, most = self.caseload_min.data, self.caseload_max.data
        if least is not None and most is not None and most < least and not self.caseload_max.errors:
            fail(self.caseload_max, str(_l("Tidak boleh kurang daripada yang paling sedikit.")))
            return False
        return holds

    def frame(self) -> YearFrame:
        return YearFrame(**{name: self[name].data for name in YearFrame.__dataclass_fields__})


class NextYearForm(BaseForm):
    """Opening a year; `year` says which one was on the page, so that a second press opens no further one."""

    year = HiddenField(validators=[Regexp(r"[0-9]{4}\Z", message=_l("Buka halaman ini sekali lagi."))])
    carries_over = BooleanField(_l("Bawa penugasan yang berjalan sampai akhir tahun kepada pendamping yang sama"))

    @property
    def number(self) -> int:
        return int(self.year.data or "0")


class OfficeForm(BaseForm):
    """The letterhead of a city's agency."""

    government = StringField(
        _l("Pemerintah daerah"),
        validators=[DataRequired(_l("Isi nama pemerintah daerahnya.")), at_most(160)],
        filters=[_one_line],
        render_kw={"data-letterhead-input": "government"},
    )
    name = StringField(
        _l("Nama dinas"),
        validators=[DataRequired(_l("Isi nama dinasnya.")), at_most(200)],
        filters=[_one_line],
        render_kw={"data-letterhead-input": "name"},
    )
    address = StringField(
        _l("Alamat"),
        validators=[optional(), at_most(200)],
        filters=[_one_line],
        render_kw={"data-letterhead-input": "address"},
    )
    contact = StringField(
        _l("Kontak"),
        validators=[optional(), at_most(200)],
        filters=[_one_line],
        description=_l("Telepon, surel, dan situs dalam satu baris."),
        render_kw={"data-letterhead-input": "contact"},
    )
    number_code = StringField(
        _l("Kode dalam nomor surat"),
        validators=[
            DataRequired(_l("Isi kodenya, misalnya BA-KKMP.")),
            at_most(40),
            Regexp(NUMBER_CODE, message=_l("Pakai huruf, angka, titik, garis miring, atau tanda hubung.")),
        ],
        filters=[_one_line],
        description=_l("Bagian tengah nomor berita acara kunjungan."),
        render_kw={"data-letterhead-input": "number_code", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def office(self) -> OfficeView:
        return OfficeView(**{name: self[name].data or "" for name in OfficeView.__dataclass_fields__})
