"""Forms of documents and monthly figures."""

import hashlib
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import TextInput

from pendamping.cooperatives.models import DocumentKind
from pendamping.cooperatives.records.figures import Figures, Jump, jumps
from pendamping.cooperatives.records.service import LONG_NUMBER, NewDocument, tells_account_number
from pendamping.cooperatives.records.words import DOCUMENT_WORDS, jump_words
from pendamping.kernel.access import today
from pendamping.kernel.forms import (
    BaseForm,
    NewIdField,
    OfficeDateField,
    RevisionField,
    SelectChoice,
    at_most,
    fail,
    optional,
    tidy,
)
from pendamping.kernel.i18n import whole

LARGEST = 10**15
"""No cooperative has more rupiah; and a script can still count this exactly."""
GROUPED = re.compile(r"-?[0-9]{1,3}(?:([.,])[0-9]{3}(?:\1[0-9]{3})*)?|-?[0-9]+")
DIGITS = {"inputmode": "numeric"}
CENTS = re.compile(r",0{1,2}$")


class RupiahField(IntegerField):
    """Whole rupiah as people write them: 1.250.000, Rp 1.250.000 or 1250000."""

    widget = TextInput()
    NOT_A_NUMBER = _l("Tulis rupiah seperti 1.250.000.")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else whole(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = tidy(str(valuelist[0])) if valuelist else ""
        self.data = None
        if not typed:
            return
        plain = re.sub(r"^([-−]?)\s*[Rr][Pp]\.?\s*", r"\1", typed).replace("−", "-").replace(" ", "")
        if not GROUPED.fullmatch(plain):
            plain = CENTS.sub("", plain)
        if len(plain) > 30 or not plain.isascii() or not GROUPED.fullmatch(plain):
            raise ValueError(str(self.NOT_A_NUMBER))
        self.data = int(re.sub(r"[.,]", "", plain))


class WholeField(RupiahField):
    """A count, written 1.250 or 1250."""

    NOT_A_NUMBER = _l("Tulis angka seperti 1.250.")


class Between:
    """A number within limits, said in the reader's way of writing numbers. A validator."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, form: object, field: Any) -> None:
        if field.data is not None and not self.low <= field.data <= self.high:
            raise ValidationError(_("Isi antara %(min)s dan %(max)s.", min=whole(self.low), max=whole(self.high)))


class DocumentForm(BaseForm):
    """A paper of the cooperative's, with its file if there is one."""

    new_id = NewIdField()
    kind = SelectField(
        _l("Jenis dokumen"), choices=[SelectChoice(str(kind), DOCUMENT_WORDS[kind]) for kind in DocumentKind]
    )
    title = StringField(
        _l("Nama dokumen"),
        description=_l("Misalnya: Akta pendirian, Sewa gerai Jalan Soekarno-Hatta."),
        validators=[DataRequired(_l("Isi nama dokumen.")), at_most(160)],
        filters=[tidy],
    )
    number = StringField(
        _l("Nomor"),
        description=_l("Untuk rekening bank: 4 angka terakhirnya saja. Nomor lengkap tidak disimpan."),
        validators=[optional(), at_most(80)],
        filters=[tidy],
    )
    issued_on = OfficeDateField(_l("Tanggal terbit"), validators=[optional()])
    expires_on = OfficeDateField(
        _l("Berlaku sampai"), description=_l("Kosongkan bila tanpa batas waktu."), validators=[optional()]
    )
    file = FileField(
        _l("Berkas"),
        description=_l("PDF atau foto (JPEG, PNG, WebP), paling banyak 15 MB."),
        validators=[optional()],
        render_kw={"accept": "application/pdf,image/jpeg,image/png,image/webp"},
    )

    def validate_issued_on(self, field: OfficeDateField) -> None:
        if field.data and field.data > today():
            raise ValidationError(str(_l("Tanggal ini belum tiba.")))

    def validate_expires_on(self, field: OfficeDateField) -> None:
        if field.data and self.issued_on.data and field.data < self.issued_on.data:
            raise ValidationError(str(_l("Tanggal habis berlaku lebih awal daripada tanggal terbit.")))

    def validate_file(self, field: FileField) -> None:
        if field.data and self.kind.data == DocumentKind.ACCOUNT:
            raise ValidationError(
                str(_l("Berkas rekening tidak disimpan: nomor lengkapnya terbaca di sana. Kosongkan berkas ini."))
            )

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if self.kind.data == DocumentKind.ACCOUNT and tells_account_number(self.document()):
            at_fault = self.title if LONG_NUMBER.search(self.title.data or "") else self.number
            fail(at_fault, str(_l("Nomor rekening lengkap tidak disimpan: tulis 4 angka terakhirnya saja.")))
            holds = False
        return holds

    def document(self) -> NewDocument:
        return NewDocument(
            kind=DocumentKind(self.kind.data),
            title=self.title.data or "",
            number=self.number.data or "",
            issued_on=self.issued_on.data,
            expires_on=self.expires_on.data,
        )


class FiguresForm(BaseForm):
    """One month in numbers; what is not known stays empty."""

    seen_revision = RevisionField()
    confirmed = HiddenField()
    members = WholeField(_l("Anggota"), validators=[optional(), Between(0, 1_000_000)], render_kw=DIGITS)
    savings_idr = RupiahField(
        _l("Simpanan (Rp)"),
        description=_l("Simpanan pokok dan wajib seluruhnya, pada akhir bulan."),
        validators=[optional(), Between(0, LARGEST)],
        render_kw=DIGITS,
    )
    turnover_idr = RupiahField(
        _l("Omzet (Rp)"),
        description=_l("Penjualan dan jasa bulan ini."),
        validators=[optional(), Between(0, LARGEST)],
        render_kw=DIGITS,
    )
    surplus_idr = RupiahField(
        _l("SHU tahun berjalan (Rp)"),
        description=_l("Boleh negatif bila rugi, misalnya -350.000."),
        validators=[optional(), Between(-LARGEST, LARGEST)],
    )
    cashless_percent = WholeField(
        _l("Transaksi nontunai (persen)"), validators=[optional(), Between(0, 100)], render_kw=DIGITS
    )

    def figures(self) -> Figures:
        return Figures(
            members=self.members.data,
            savings_idr=self.savings_idr.data,
            turnover_idr=self.turnover_idr.data,
            surplus_idr=self.surplus_idr.data,
            cashless_percent=self.cashless_percent.data,
        )

    def asks_about(self, before: Figures) -> list[Jump]:
        """What is hard to believe after `before`; asked about once, then taken as it is."""
        found = jumps(before, self.figures())
        seal = _seal(found)
        if not found or self.confirmed.data == seal:
            return []
        self.confirmed.data, self.confirmed.raw_data = seal, None
        for jump in found:
            fail(self[jump.kind], _("%(jump)s Benar? Simpan lagi untuk memastikan.", jump=jump_words(jump)))
        return found


def _seal(found: list[Jump]) -> str:
    """Stands for exactly these jumps: another figure is asked about anew."""
    said = ";".join(f"{jump.kind}:{jump.before}:{jump.after}" for jump in found)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
