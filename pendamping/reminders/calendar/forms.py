"""What the admin fills in about an obligation of the calendar."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, SelectField, StringField, TextAreaField

from pendamping.kernel.forms import (
    BaseForm,
    CheckboxesField,
    OfficeDateField,
    RevisionField,
    at_most,
    fail,
    optional,
    required,
    tidy,
)
from pendamping.kernel.i18n import language, translated
from pendamping.reminders.calendar.reading import days_in
from pendamping.reminders.calendar.written import NotDates, dates_in, written
from pendamping.reminders.models import NAME_LENGTH, SOURCE_LENGTH
from pendamping.reminders.obligations import Dates, Obligation, Terms
from pendamping.reminders.rules import Doer, Hearer
from pendamping.reminders.words import hearer_word

DOERS = {Doer.COOPERATIVE: _l("Koperasi"), Doer.FACILITATOR: _l("Pendamping")}
HEARERS = (Hearer.DOER, Hearer.FACILITATOR, Hearer.COOPERATIVE, Hearer.AGENCY_HEAD)
MOST_TYPED = 60_000


class ObligationForm(BaseForm):
    """One obligation: what, when, by whom, and its own days of reminding where no rule is about it alone."""

    name_id = StringField(_l("Nama"), validators=[required(_l("Isi namanya.")), at_most(NAME_LENGTH)])
    name_en = StringField(_l("Nama dalam bahasa Inggris"), validators=[optional(), at_most(NAME_LENGTH)])
    dates = StringField(
        _l("Jatuh tempo"),
        description=_l("Setiap tahun: 31 Maret, 30 September. Setiap bulan: 10. Sekali: 30 September 2026."),
        validators=[required(_l("Isi kapan jatuh temponya.")), at_most(300)],
    )
    doer = SelectField(_l("Siapa yang wajib"))
    days = StringField(
        _l("Diingatkan, berapa hari sebelumnya"),
        description=_l("Misalnya 14, 3. Dikosongkan, berlaku aturan “Kewajiban lain di kalender”."),
        validators=[optional(), at_most(60)],
    )
    hearers = CheckboxesField(_l("Siapa yang diingatkan"))
    source = StringField(
        _l("Dasar"),
        description=_l("Peraturan, surat, atau kesepakatan."),
        validators=[optional(), at_most(SOURCE_LENGTH)],
    )
    in_force_on = OfficeDateField(
        _l("Berlaku untuk jatuh tempo mulai"),
        description=_l("Yang jatuh sebelum tanggal ini tetap seperti semula."),
        validators=[required(_l("Isi mulai kapan berlaku."))],
    )
    seen = RevisionField()

    def __init__(self, *args: Any, obligation: Obligation | None = None, today: dt.date, **defaults: Any) -> None:
        super().__init__(*args, **defaults)
        self.obligation, self.today = obligation, today
        self.doer.choices = [(doer.value, str(word)) for doer, word in DOERS.items()]
        self.hearers.choices = [(each.value, hearer_word(each)) for each in HEARERS]
        for name in _not_asked(obligation):
            del self[name]

    @classmethod
    def about(cls, obligation: Obligation | None, *, today: dt.date, is_sent: bool = True) -> "ObligationForm":
        """Filled with what holds last, or with what was sent; empty for something new."""
        sent: dict[str, Any] = {} if is_sent else {"formdata": None}
        if obligation is None:
            return cls(today=today, in_force_on=today, hearers=[Hearer.DOER.value], seen="0", **sent)
        terms = obligation.newest.terms
        return cls(
            **sent,
            obligation=obligation,
            today=today,
            name_id=terms.name_id,
            name_en=terms.name_en if terms.name_en != terms.name_id else "",
            dates=written(terms.dates, language()),
            doer=terms.doer.value,
            days=", ".join(str(day) for day in terms.days),
            hearers=[each.value for each in terms.hearers or (Hearer.DOER,)],
            source=terms.source,
            in_force_on=max(today, obligation.newest.in_force_on),
            seen=str(obligation.newest.number),
        )

    def validate_dates(self, field: Field) -> None:
        try:
            dates_in(field.data or "")
        except NotDates as wrong:
            fail(field, translated(wrong.explanation, part=wrong.text))

    def validate_days(self, field: Field) -> None:
        try:
            days = days_in(field.data) if (field.data or "").strip() else ()
        except NotDates as wrong:
            fail(field, translated(wrong.explanation))
            return
        if days and not self.hearers.data:
            fail(self.hearers, _("Pilih paling sedikit satu."))

    def validate_in_force_on(self, field: Field) -> None:
        if field.data and self.obligation and field.data < self.today:
            fail(field, _("Perubahan berlaku paling awal hari ini; yang sudah lewat tetap seperti semula."))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        return not any(field.errors for field in self)

    def terms(self) -> Terms:
        name = tidy(self.name_id.data)
        typed = (self.days.data or "").strip() if "days" in self else ""
        days = days_in(typed) if typed else ()
        return Terms(
            name_id=name,
            name_en=tidy(self.name_en.data) or name,
            dates=self._dates(),
            doer=Doer(self.doer.data) if "doer" in self else Doer.FACILITATOR,
            days=days,
            hearers=tuple(Hearer(each) for each in self.hearers.data or ()) if days else (),
            source=tidy(self.source.data),
        )

    def _dates(self) -> Dates:
        if "dates" in self:
            return dates_in(self.dates.data or "")
        return self.obligation.newest.terms.dates if self.obligation else Dates()


def _not_asked(obligation: Obligation | None) -> list[str]:
    """What somebody else says of it: its own rule of reminding, the general meeting, the reports."""
    if obligation is None:
        return []
    names = ["days", "hearers"] if obligation.own_rule else []
    if obligation.newest.terms.rule or obligation.is_fixed:
        names.append("dates")
    return [*names, "doer"] if obligation.is_fixed else names


class EndForm(BaseForm):
    last_on = OfficeDateField(
        _l("Terakhir wajib pada"),
        description=_l("Jatuh tempo sesudah tanggal ini tidak ada lagi; yang sebelumnya tetap tercatat."),
        validators=[required(_l("Isi tanggalnya."))],
    )
    seen_last = RevisionField()

    def __init__(self, *args: Any, today: dt.date, **defaults: Any) -> None:
        super().__init__(*args, **defaults)
        self.today = today

    def validate_last_on(self, field: Field) -> None:
        if field.data and field.data < self.today:
            fail(field, _("Paling awal hari ini; yang sudah lewat tetap seperti semula."))


class ObligationsFileForm(BaseForm):
    """A file, or its lines as they were shown and put right by hand."""

    file = FileField(_l("Berkas CSV atau ICS"), validators=[optional()])
    lines = TextAreaField(_l("Isi berkas"), validators=[optional(), at_most(MOST_TYPED)])
    in_force_on = OfficeDateField(
        _l("Berlaku untuk jatuh tempo mulai"), validators=[required(_l("Isi mulai kapan berlaku."))]
    )

    def __init__(self, *args: Any, today: dt.date, **defaults: Any) -> None:
        super().__init__(*args, **{"in_force_on": today, **defaults})
        self.today = today

    def validate_in_force_on(self, field: Field) -> None:
        if field.data and field.data < self.today:
            fail(field, _("Perubahan berlaku paling awal hari ini; yang sudah lewat tetap seperti semula."))
