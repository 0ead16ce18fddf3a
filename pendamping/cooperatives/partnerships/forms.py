"""Forms of partnerships and chosen businesses."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from pendamping.cooperatives.partnerships.models import (
    GOODS_LENGTH,
    NOTE_LENGTH,
    PARTNER_LENGTH,
    POTENTIAL_LENGTH,
    Business,
    PartnershipStatus,
)
from pendamping.cooperatives.partnerships.rules import Terms
from pendamping.cooperatives.partnerships.words import BUSINESS_WORDS, STATUS_WORDS
from pendamping.cooperatives.records.forms import DIGITS, LARGEST, Between, RupiahField
from pendamping.kernel.access import today
from pendamping.kernel.forms import (
    BaseForm,
    CheckboxesField,
    NewIdField,
    OfficeDateField,
    RevisionField,
    SelectChoice,
    at_most,
    fail,
    optional,
    required,
    tidy,
)


class PartnershipForm(BaseForm):
    """A partnership as it stands now: a new one, or the next step of one that is known."""

    new_id = NewIdField()
    seen_number = RevisionField()
    partner = StringField(
        _l("Nama mitra"), validators=[required(_l("Isi nama mitra.")), at_most(PARTNER_LENGTH)], filters=[tidy]
    )
    is_bumn = BooleanField(_l("Mitra ini BUMN"))
    goods = StringField(
        _l("Barang atau jasa"),
        description=_l("Misalnya: beras dan minyak goreng."),
        validators=[optional(), at_most(GOODS_LENGTH)],
        filters=[tidy],
    )
    status = SelectField(
        _l("Status kemitraan"), choices=[SelectChoice(str(each), STATUS_WORDS[each]) for each in PartnershipStatus]
    )
    since_on = OfficeDateField(
        _l("Sejak tanggal"),
        description=_l("Hari status ini mulai berlaku."),
        validators=[required(_l("Isi tanggal mulainya."))],
    )
    ends_on = OfficeDateField(
        _l("Perjanjian berlaku sampai"),
        description=_l("Kosongkan bila tanpa batas waktu atau belum ada perjanjian."),
        validators=[optional()],
    )
    monthly_value_idr = RupiahField(
        _l("Nilai per bulan (Rp)"),
        description=_l("Perkiraan nilai transaksi dengan mitra ini dalam sebulan."),
        validators=[optional(), Between(0, LARGEST)],
        render_kw=DIGITS,
    )
    note = TextAreaField(
        _l("Catatan"),
        description=_l("Bila berhenti: tulis alasannya."),
        validators=[at_most(NOTE_LENGTH)],
        filters=[tidy],
    )

    def validate_since_on(self, field: OfficeDateField) -> None:
        if field.data and field.data > today():
            raise ValidationError(str(_l("Tanggal ini belum tiba.")))

    def validate_ends_on(self, field: OfficeDateField) -> None:
        if field.data and self.since_on.data and field.data < self.since_on.data:
            raise ValidationError(str(_l("Perjanjian berakhir sebelum status ini mulai. Periksa kedua tanggalnya.")))

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if self.status.data == PartnershipStatus.STOPPED and not self.note.data:
            fail(self.note, str(_l("Tulis mengapa kemitraan ini berhenti.")))
            holds = False
        return holds

    def terms(self) -> Terms:
        return Terms(
            partner=self.partner.data or "",
            is_bumn=bool(self.is_bumn.data),
            goods=self.goods.data or "",
            status=PartnershipStatus(self.status.data),
            since_on=self.since_on.data,
            ends_on=self.ends_on.data,
            monthly_value_idr=self.monthly_value_idr.data,
            note=self.note.data or "",
        )


class BusinessPlanForm(BaseForm):
    """The businesses a cooperative has chosen, and what its kelurahan has to offer."""

    seen_revision = RevisionField()
    businesses = CheckboxesField(
        _l("Usaha yang dipilih koperasi"),
        choices=[SelectChoice(str(each), BUSINESS_WORDS[each]) for each in Business],
        validators=[optional()],
    )
    potential = TextAreaField(
        _l("Potensi kelurahan"),
        description=_l("Apa yang ada dan dibutuhkan warga, dalam beberapa kalimat."),
        validators=[optional(), at_most(POTENTIAL_LENGTH)],
        filters=[tidy],
    )

    def chosen(self) -> list[Business]:
        return [Business(each) for each in self.businesses.data or ()]
