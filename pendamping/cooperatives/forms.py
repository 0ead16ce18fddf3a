"""Forms of the register: search, facts, people."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, SelectField, StringField
from wtforms.validators import DataRequired, NumberRange, Regexp, ValidationError

from pendamping.cooperatives.models import OFFICER_ROLES, Stage
from pendamping.cooperatives.service import CooperativeFacts, NewOfficer
from pendamping.cooperatives.words import ROLE_WORDS, STAGE_WORDS
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.access import today
from pendamping.kernel.forms import (
    BaseForm,
    FilterForm,
    NewIdField,
    OfficeDateField,
    SelectChoice,
    at_most,
    fail,
    optional,
    tidy,
)

PHONE = re.compile(r"\+?[0-9][0-9 .-]{6,18}$")
REGISTRATION_NUMBER = re.compile(r"[0-9][0-9 .-]{5,29}$")
NPWP = re.compile(r"([ .-]?[0-9]){15,16}$")
NIB = re.compile(r"( ?[0-9]){13}$")


class CooperativeFilterForm(FilterForm):
    """Search and filters of the list, as part of its address."""

    q = StringField(_l("Cari"), validators=[at_most(80)], filters=[tidy])
    kecamatan = SelectField(_l("Kecamatan"), default="")
    tahap = SelectField(
        _l("Tahap"),
        choices=[
            SelectChoice("", _l("Semua tahap")),
            *(SelectChoice(str(stage), STAGE_WORDS[stage]) for stage in Stage),
        ],
        default="",
    )
    pendamping = SelectField(_l("Pendamping"), default="")
    keputusan = SelectField(
        _l("Keputusan tahap"),
        choices=[
            SelectChoice("", _l("Semua")),
            SelectChoice("menunggu", _l("Menunggu keputusan")),
            SelectChoice("belum-dikonfirmasi", _l("Tahap belum dikonfirmasi")),
            SelectChoice("tidak-terpenuhi", _l("Syarat tahap lalu tidak lagi terpenuhi")),
        ],
        default="",
    )


class FactsForm(BaseForm):
    """What the register knows of a cooperative."""

    legal_name = StringField(
        _l("Nama resmi menurut SK"), validators=[DataRequired(_l("Isi nama resmi.")), at_most(200)], filters=[tidy]
    )
    legal_name_is_verified = BooleanField(_l("Nama sudah dicocokkan dengan SK"))
    decree_number = StringField(_l("Nomor SK badan hukum"), validators=[optional(), at_most(60)], filters=[tidy])
    decree_on = OfficeDateField(_l("Tanggal SK badan hukum"), validators=[optional()])
    registration_number = StringField(
        _l("Nomor Induk Koperasi"),
        validators=[optional(), Regexp(REGISTRATION_NUMBER, message=_l("Tulis angkanya saja."))],
        filters=[tidy],
    )
    npwp = StringField(
        _l("NPWP koperasi"),
        validators=[optional(), at_most(30), Regexp(NPWP, message=_l("NPWP berisi 15 atau 16 angka."))],
        filters=[tidy],
    )
    nib = StringField(
        _l("NIB"),
        validators=[optional(), Regexp(NIB, message=_l("NIB berisi 13 angka."))],
        filters=[tidy],
    )
    latitude = FloatField(
        _l("Lintang"), validators=[optional(), NumberRange(-90, 90, _l("Isi antara %(min)s dan %(max)s."))]
    )
    longitude = FloatField(
        _l("Bujur"), validators=[optional(), NumberRange(-180, 180, _l("Isi antara %(min)s dan %(max)s."))]
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, and the place as a whole: what is empty is not asked by validators of its own."""
        holds = bool(super().validate(extra_validators))
        lat, lon = self.latitude, self.longitude
        missing = [half for half, other in ((lat, lon), (lon, lat)) if half.data is None and other.data is not None]
        for half in missing:
            if not half.errors:
                fail(half, str(_l("Isi lintang dan bujur, atau kosongkan keduanya.")))
        return holds and not missing

    def validate_decree_on(self, field: OfficeDateField) -> None:
        if field.data and field.data > today():
            raise ValidationError(str(_l("Tanggal ini belum tiba.")))

    def facts(self) -> CooperativeFacts:
        return CooperativeFacts(
            legal_name=self.legal_name.data or "",
            legal_name_is_verified=bool(self.legal_name_is_verified.data),
            decree_number=self.decree_number.data or None,
            decree_on=self.decree_on.data,
            registration_number=self.registration_number.data or None,
            npwp=self.npwp.data or None,
            nib=self.nib.data or None,
            latitude=self.latitude.data,
            longitude=self.longitude.data,
        )


class OfficerForm(BaseForm):
    """A person on the board or among the supervisors."""

    new_id = NewIdField()
    name = StringField(_l("Nama"), validators=[DataRequired(_l("Isi nama.")), at_most(120)], filters=[tidy])
    role = SelectField(_l("Jabatan"), choices=[SelectChoice(str(role), ROLE_WORDS[role]) for role in OFFICER_ROLES])
    phone = StringField(
        _l("Nomor telepon"),
        validators=[optional(), Regexp(PHONE, message=_l("Tulis nomor seperti 0812 3456 7890."))],
        filters=[tidy],
    )
    term_starts_on = OfficeDateField(_l("Mulai menjabat"), validators=[optional()])
    term_ends_on = OfficeDateField(_l("Akhir masa jabatan"), validators=[optional()])

    def validate_term_ends_on(self, field: OfficeDateField) -> None:
        if field.data and self.term_starts_on.data and field.data < self.term_starts_on.data:
            raise ValidationError(str(_l("Akhir masa jabatan lebih awal daripada mulainya.")))

    def officer(self) -> NewOfficer:
        return NewOfficer(
            name=self.name.data or "",
            role=OwnerRole(self.role.data),
            phone=self.phone.data or None,
            term_starts_on=self.term_starts_on.data,
            term_ends_on=self.term_ends_on.data,
        )
