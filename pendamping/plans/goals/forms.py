"""Forms of goals: set one, close one."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from pendamping.cooperatives.records.forms import DIGITS, LARGEST, Between, RupiahField
from pendamping.kernel.forms import BaseForm, NewIdField, SelectChoice, at_most, fail, optional, required, tidy
from pendamping.plans.goals.models import NOTE_LENGTH, TEXT_LENGTH, Outcome
from pendamping.plans.goals.rules import GoalTerms, Quarter, most_of
from pendamping.plans.goals.words import OUTCOME_WORDS


class GoalForm(BaseForm):
    """A goal for this quarter or the next; its choices depend on the day and on the instruments in force."""

    id = NewIdField()
    quarter = RadioField(_l("Triwulan"), validators=[required(_l("Pilih triwulannya."))])
    text = StringField(
        _l("Sasaran"),
        description=_l("Satu kalimat, bersama pengurus. Misalnya: semua anggota mempunyai buku simpanan."),
        validators=[required(_l("Tulis sasarannya.")), at_most(TEXT_LENGTH)],
        filters=[tidy],
    )
    measure = SelectField(_l("Diukur dengan"), validators=[optional()])
    target = RupiahField(
        _l("Angka yang dituju"),
        description=_l("Orang, rupiah, persen, atau nilai skor, menurut ukurannya."),
        validators=[optional(), Between(0, LARGEST)],
        render_kw=DIGITS,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        most, target = most_of(self.measure.data), self.target.data
        faults = [
            (self.target, bool(self.measure.data) and target is None, _("Isi angka yang dituju.")),
            (self.measure, not self.measure.data and target is not None, _("Pilih ukurannya.")),
            (self.target, most is not None and target is not None and target > most, _("Paling banyak 100.")),
        ]
        for field, is_faulty, message in faults:
            if is_faulty and not field.errors:
                fail(field, message)
                holds = False
        return holds

    def terms(self) -> GoalTerms:
        year, _dash, number = self.quarter.data.partition("-")
        measure = self.measure.data or None
        target = self.target.data if measure else None
        return GoalTerms(Quarter(int(year), int(number)), self.text.data or "", measure, target)


class ResultForm(BaseForm):
    """What became of a goal."""

    outcome = RadioField(
        _l("Hasil"),
        choices=[SelectChoice(str(each), OUTCOME_WORDS[each]) for each in Outcome],
        validators=[required(_l("Pilih hasilnya."))],
    )
    note = TextAreaField(
        _l("Penjelasan"),
        description=_l("Apa yang membantu atau menghambat. Terbaca oleh pengurus dan dinas."),
        validators=[required(_l("Tulis penjelasannya.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )
