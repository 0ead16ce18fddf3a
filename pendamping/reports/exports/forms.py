"""The form of an export: what, as what, of which year."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from pendamping.kernel.forms import BaseForm, SelectChoice, optional
from pendamping.reports.exports.columns import Format, Kind

KIND_WORDS = {
    Kind.VISITS: _l("Kunjungan"),
    Kind.ANSWERS: _l("Jawaban"),
    Kind.ACTIONS: _l("Tindakan"),
    Kind.FIGURES: _l("Angka koperasi"),
}
FORMAT_WORDS = {
    "xlsx": _l("XLSX, untuk Excel dan LibreOffice"),
    "csv": _l("CSV dengan koma"),
    "csv-titik-koma": _l("CSV dengan titik koma"),
}
EARLIEST_YEAR, LATEST_YEAR = 2020, 2100


class YearField(IntegerField):
    """A year; what is too long to be one is cut, so that its check does not fail on hundreds of digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([each.strip()[:9] for each in valuelist])


class ExportForm(BaseForm):
    """What is to go out. The answer to it is the file itself."""

    kind = RadioField(
        _l("Isi"),
        choices=[SelectChoice(str(kind), KIND_WORDS[kind]) for kind in Kind],
        validators=[InputRequired(_l("Pilih isinya."))],
        default=str(Kind.VISITS),
    )
    form = RadioField(
        _l("Bentuk berkas"),
        choices=[SelectChoice(code, word) for code, word in FORMAT_WORDS.items()],
        validators=[InputRequired(_l("Pilih bentuknya."))],
        default="xlsx",
    )
    year = YearField(
        _l("Tahun"),
        validators=[
            optional(),
            NumberRange(EARLIEST_YEAR, LATEST_YEAR, _l("Isi tahun antara %(min)s dan %(max)s, atau kosongkan.")),
        ],
        description=_l("Kosongkan untuk semua tahun."),
        render_kw={"inputmode": "numeric", "maxlength": "4"},
    )

    @property
    def format(self) -> Format:
        return Format.XLSX if self.form.data == "xlsx" else Format.CSV

    @property
    def separator(self) -> str:
        return ";" if self.form.data == "csv-titik-koma" else ","
