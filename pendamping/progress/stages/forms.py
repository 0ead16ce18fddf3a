"""The forms with which the agency decides about stages and designations."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from pendamping.cooperatives.models import Stage
from pendamping.cooperatives.words import STAGE_WORDS, stage_word
from pendamping.kernel.forms import (
    BaseForm,
    CheckboxesField,
    OfficeDateField,
    SelectChoice,
    at_most,
    fail,
    required,
    tidy,
)
from pendamping.progress.stages.models import Verdict
from pendamping.progress.stages.policy import next_stage
from pendamping.progress.stages.service import NewDecision, NewDesignation

NOTE_LENGTH = 2000
GIVE, TAKE_BACK = "tetapkan", "cabut"


class _DecisionForm(BaseForm):
    """What every decision has: a day and the reason."""

    decided_on = OfficeDateField(_l("Tanggal keputusan"), validators=[required(_l("Isi tanggal keputusannya."))])
    note = TextAreaField(
        _l("Catatan keputusan"),
        validators=[DataRequired(_l("Tulis dasar atau alasan keputusannya.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )


class StageForm(_DecisionForm):
    """One decision about one cooperative's stage.

    Every verdict is let through here: whether it still holds is decided under the lock, by the rules.
    """

    verdict = RadioField(_l("Keputusan"), validators=[InputRequired(_l("Pilih keputusannya."))], validate_choice=False)
    stage = SelectField(_l("Tahap lain"), default="", validate_choice=False)
    seen_number = IntegerField(widget=HiddenInput(), validators=[InputRequired(_l("Muat ulang halaman ini."))])

    def offer(self, verdicts: Sequence[Verdict], stage: Stage) -> None:
        """Say what can be decided about a cooperative at a stage."""
        self.verdict.choices = [SelectChoice(str(each), _verdict_label(each, stage)) for each in verdicts]
        others = [SelectChoice(str(each), STAGE_WORDS[each]) for each in Stage if each is not stage]
        self.stage.choices = [SelectChoice("", _l("Pilih tahap")), *others]

    def has_seen(self, number: int) -> None:
        """The last decision that stands on the page, from now on."""
        self.seen_number.raw_data, self.seen_number.data = None, number

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if self.verdict.data and self.verdict.data not in list(Verdict):
            fail(self.verdict, str(_("Pilih salah satu dari yang ditawarkan.")))
            return False
        if self.verdict.data == Verdict.SET and self.stage.data not in list(Stage):
            fail(self.stage, str(_("Pilih tahap yang ditetapkan.")))
            return False
        return holds

    def decision(self) -> NewDecision:
        assert self.decided_on.data is not None
        verdict = Verdict(self.verdict.data)
        return NewDecision(
            verdict=verdict,
            decided_on=self.decided_on.data,
            note=self.note.data or "",
            stage=Stage(self.stage.data) if verdict is Verdict.SET else None,
        )


def _verdict_label(verdict: Verdict, stage: Stage) -> str:
    match verdict:
        case Verdict.PROMOTE:
            following = next_stage(stage)
            return str(_("Naik ke tahap %(stage)s", stage=stage_word(following or stage)))
        case Verdict.DECLINE:
            return str(_("Belum naik; usulan ditahan sampai ada jawaban baru"))
        case Verdict.CONFIRM:
            return str(_("Konfirmasi tahap %(stage)s", stage=stage_word(stage)))
        case Verdict.SET:
            return str(_("Tetapkan tahap lain, dengan alasan"))


class DesignationForm(_DecisionForm):
    """One decision about a designation, for any number of cooperatives at once."""

    cooperatives = CheckboxesField(_l("Koperasi"))
    verdict = RadioField(
        _l("Keputusan"),
        choices=[SelectChoice(GIVE, _l("Tetapkan")), SelectChoice(TAKE_BACK, _l("Cabut penetapannya"))],
        validators=[InputRequired(_l("Pilih: tetapkan atau cabut."))],
    )

    def offer(self, codes: Iterable[str]) -> None:
        self.cooperatives.choices = [SelectChoice(code, code) for code in codes]

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if not self.cooperatives.data and not self.cooperatives.errors:
            fail(self.cooperatives, str(_("Pilih paling sedikit satu koperasi.")))
            return False
        return holds

    def decision(self, designation_code: str) -> NewDesignation:
        assert self.decided_on.data is not None
        return NewDesignation(
            designation_code=designation_code,
            is_given=self.verdict.data == GIVE,
            decided_on=self.decided_on.data,
            note=self.note.data or "",
        )
