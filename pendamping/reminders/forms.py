"""What people and admins fill in about reminders."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField

from pendamping.kernel.contact_points import is_mail_address, phone_number
from pendamping.kernel.forms import BaseForm, OfficeDateField, at_most, fail, optional
from pendamping.reminders.models import EMAIL_LENGTH, ChannelKind
from pendamping.reminders.personal import Choice
from pendamping.reminders.words import channel_word

NONE = ""


class ChoiceForm(BaseForm):
    """How a person wants to be reached, in which order, and when not at all."""

    first = SelectField(_l("Kirim ringkasan lewat"), validators=[optional()])
    second = SelectField(_l("Bila gagal, coba lewat"), validators=[optional()])
    email = StringField(
        _l("Alamat surel"),
        description=_l("Misalnya nama@kantor.go.id"),
        validators=[optional(), at_most(EMAIL_LENGTH)],
    )
    phone = StringField(
        _l("Nomor WhatsApp"), description=_l("Misalnya 0812 3456 7890"), validators=[optional(), at_most(30)]
    )
    paused_from = OfficeDateField(_l("Jeda mulai"), validators=[optional()])
    paused_until = OfficeDateField(_l("Jeda sampai"), validators=[optional()])

    def __init__(self, *args: Any, ways: frozenset[ChannelKind], **defaults: Any) -> None:
        super().__init__(*args, **defaults)
        offered = [(each.value, channel_word(each)) for each in ChannelKind if each in ways]
        self.first.choices = [(NONE, _("Tidak dikirim, cukup di aplikasi")), *offered]
        self.second.choices = [(NONE, _("Tidak ada")), *offered]

    @classmethod
    def about(cls, choice: Choice, ways: frozenset[ChannelKind]) -> "ChoiceForm":
        first, second = (*(each.value for each in choice.channels if each in ways), NONE, NONE)[:2]
        return cls(
            ways=ways,
            first=first,
            second=second,
            email=choice.email,
            phone=choice.phone,
            paused_from=choice.paused_from,
            paused_until=choice.paused_until,
        )

    def validate_email(self, field: Field) -> None:
        typed = (field.data or "").strip()
        if typed and not is_mail_address(typed):
            fail(field, _("Tulis satu alamat surel, seperti nama@kantor.go.id."))

    def validate_phone(self, field: Field) -> None:
        if (field.data or "").strip() and phone_number(field.data) is None:
            fail(field, _("Tulis nomor seperti 0812 3456 7890."))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        self._check_ways()
        if bool(self.paused_from.data) != bool(self.paused_until.data):
            fail(self.paused_until, _("Isi kedua tanggal jeda, atau kosongkan keduanya."))
        elif self.paused_from.data and self.paused_until.data and self.paused_until.data < self.paused_from.data:
            fail(self.paused_until, _("Jeda berakhir sebelum mulai."))
        return not any(field.errors for field in self)

    def _check_ways(self) -> None:
        chosen = {self.first.data, self.second.data}
        if ChannelKind.EMAIL in chosen and not (self.email.data or "").strip():
            fail(self.email, _("Isi alamat surel untuk dikirimi surel."))
        if ChannelKind.GATEWAY in chosen and not (self.phone.data or "").strip():
            fail(self.phone, _("Isi nomor untuk dikirimi pesan."))
        if self.second.data and self.second.data == self.first.data:
            fail(self.second, _("Pilih cara lain sebagai cadangan."))
        elif self.second.data and not self.first.data:
            fail(self.first, _("Pilih cara pertama dahulu."))

    def choice(self) -> Choice:
        return Choice(
            channels=tuple(ChannelKind(each) for each in (self.first.data, self.second.data) if each),
            email=(self.email.data or "").strip() or None,
            phone=phone_number(self.phone.data or ""),
            paused_from=self.paused_from.data,
            paused_until=self.paused_until.data,
        )
