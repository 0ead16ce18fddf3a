"""What the admin fills in about rules and the calendar."""

import re
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, SelectField, StringField

from pendamping.kernel.forms import BaseForm, CheckboxesField, OfficeDateField, at_most, fail, optional, required, tidy
from pendamping.reminders.admin.service import NewDayOff
from pendamping.reminders.models import DayOffKind
from pendamping.reminders.rules import MAX_DAYS, MAX_STEPS, Hearer, Rule
from pendamping.reminders.words import hearer_word

NUMBER = re.compile(r"[0-9]{1,3}")
NUMBERS = re.compile(r"[0-9]{1,3}(\s*[,; ]\s*[0-9]{1,3})*")
KINDS = {DayOffKind.HOLIDAY: _l("Hari libur nasional"), DayOffKind.COLLECTIVE_LEAVE: _l("Cuti bersama")}


class RuleForm(BaseForm):
    """One rule: on or off, its days, who hears of it."""

    is_on = BooleanField(_l("Aturan ini berlaku"))
    days = StringField(
        _l("Diingatkan pada hari ke-"), validators=[required(_l("Isi paling sedikit satu hari.")), at_most(60)]
    )
    hearers = CheckboxesField(_l("Siapa yang diingatkan"), validators=[required(_l("Pilih paling sedikit satu."))])
    escalates_after = StringField(
        _l("Naik ke kepala dinas, berapa hari sesudah tanggalnya"),
        description=_l("Sekali saja, bila belum juga dikerjakan. Kosongkan bila tidak."),
        validators=[optional(), at_most(3)],
    )
    goes_out = BooleanField(_l("Ikut dalam ringkasan yang dikirim"))

    def __init__(self, *args: Any, **defaults: Any) -> None:
        super().__init__(*args, **defaults)
        self.hearers.choices = [(each.value, hearer_word(each)) for each in Hearer]

    @classmethod
    def about(cls, rule: Rule) -> "RuleForm":
        return cls(
            is_on=rule.is_on,
            days=", ".join(str(day) for day in rule.days),
            hearers=[each.value for each in rule.hearers],
            escalates_after="" if rule.escalates_after is None else str(rule.escalates_after),
            goes_out=rule.goes_out,
        )

    def validate_days(self, field: Field) -> None:
        days = self._days()
        if days is None or len(set(days)) != len(days) or len(days) > MAX_STEPS or max(days) > MAX_DAYS:
            fail(field, _("Tulis satu sampai enam bilangan berbeda, 0 sampai 365, misalnya 7, 1."))

    def validate_escalates_after(self, field: Field) -> None:
        typed = (field.data or "").strip()
        if typed and not (NUMBER.fullmatch(typed) and int(typed) <= MAX_DAYS):
            fail(field, _("Tulis bilangan 0 sampai 365, atau kosongkan."))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        return not any(field.errors for field in self)

    def _days(self) -> list[int] | None:
        typed = (self.days.data or "").strip()
        return [int(each) for each in re.findall(r"[0-9]+", typed)] if NUMBERS.fullmatch(typed) else None

    def rule(self, before: Rule) -> Rule:
        typed = (self.escalates_after.data or "").strip()
        return replace(
            before,
            is_on=bool(self.is_on.data),
            days=tuple(sorted(self._days() or (), reverse=before.is_ahead)),
            hearers=tuple(Hearer(each) for each in self.hearers.data or ()),
            escalates_after=int(typed) if typed else None,
            goes_out=bool(self.goes_out.data),
        )


class DayOffForm(BaseForm):
    on = OfficeDateField(_l("Tanggal"), validators=[required(_l("Isi tanggalnya."))])
    name = StringField(_l("Nama"), validators=[required(_l("Isi namanya.")), at_most(120)])
    kind = SelectField(_l("Jenis"))

    def __init__(self, *args: Any, **defaults: Any) -> None:
        super().__init__(*args, **defaults)
        self.kind.choices = [(kind.value, word) for kind, word in KINDS.items()]

    def day_off(self) -> NewDayOff:
        assert self.on.data is not None
        return NewDayOff(self.on.data, tidy(self.name.data), DayOffKind(self.kind.data))


class CalendarFileForm(BaseForm):
    file = FileField(
        _l("Berkas ICS atau CSV"),
        description=_l("CSV: tanggal 2027-01-01 dan nama, satu baris sehari. “Cuti bersama” dikenali dari namanya."),
        validators=[FileRequired(_l("Pilih berkasnya."))],
    )
