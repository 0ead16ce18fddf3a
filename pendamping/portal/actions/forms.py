"""Forms on the page of an action: how it goes, that it is done, whether it is agreed to, a question."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import ValidationError

from pendamping.attachments.sent import PHOTO_TYPES, FilesField
from pendamping.kernel.forms import (
    BaseForm,
    NewIdField,
    RevisionField,
    SelectChoice,
    at_most,
    fail,
    optional,
    required,
    tidy,
)
from pendamping.plans.models import MOST_PROOFS, NOTE_LENGTH

AGREES, DISAGREES = "setuju", "tidak"
PROOF_TYPES = f"{PHOTO_TYPES},application/pdf"


class StepForm(BaseForm):
    """What every form on the page carries: an id made with the page, so that a second tap is no second step, and the
    revision that the page showed.
    """

    new_id = NewIdField()
    revision = RevisionField()


class ProgressForm(StepForm):
    progress = TextAreaField(
        _l("Sudah sampai mana?"),
        validators=[required(_l("Tulis sudah sampai mana.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
        render_kw={"rows": 3},
    )


class DoneForm(StepForm):
    """That it is done, and what shows it: files, or words where there is nothing to photograph."""

    files = FilesField(
        _l("Foto atau PDF"),
        description=_l("Paling banyak %(most)s berkas, masing-masing 15 MB.", most=MOST_PROOFS),
        most=MOST_PROOFS,
        too_many=_l(
            "Terlalu banyak sekaligus. Pilih paling banyak %(most)s berkas yang paling jelas.", most=MOST_PROOFS
        ),
        render_kw={"accept": PROOF_TYPES, "data-proofs": ""},
    )
    done = TextAreaField(
        _l("Keterangan"),
        description=_l("Misalnya: buku kas dicocokkan Sabtu, selisih nol."),
        validators=[optional(), at_most(NOTE_LENGTH)],
        filters=[tidy],
        render_kw={"rows": 3},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if not self.files.data and not self.done.data:
            fail(self.files, str(_l("Tambahkan foto atau PDF, atau tulis apa yang sudah dikerjakan.")))
            return False
        return holds


class ResponseForm(StepForm):
    """Yes, or no with a reason."""

    agrees = RadioField(
        _l("Pendapat pengurus"),
        choices=[SelectChoice(AGREES, _l("Setuju")), SelectChoice(DISAGREES, _l("Tidak setuju"))],
        validators=[required(_l("Pilih setuju atau tidak setuju."))],
    )
    reason = TextAreaField(
        _l("Alasan"),
        description=_l("Wajib bila tidak setuju."),
        validators=[at_most(NOTE_LENGTH)],
        filters=[tidy],
        render_kw={"rows": 3},
    )

    def validate_reason(self, field: TextAreaField) -> None:
        if self.agrees.data == DISAGREES and not field.data:
            raise ValidationError(str(_l("Tulis mengapa tidak setuju, agar pendamping dapat menjawab.")))


class QuestionForm(StepForm):
    question = TextAreaField(
        _l("Pertanyaan"),
        validators=[required(_l("Tulis pertanyaannya.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
        render_kw={"rows": 3},
    )
