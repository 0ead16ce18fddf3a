"""Forms of hand-overs and of cover during leave."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from pendamping.cooperatives.assignments.forms import People
from pendamping.cooperatives.assignments.models import REASON_LENGTH
from pendamping.kernel.forms import BaseForm, OfficeDateField, SelectChoice, at_most, fail, optional, required, tidy

ACCEPT, DECLINE = "terima", "tolak"


class AnswerForm(BaseForm):
    """What the successor says."""

    answer = RadioField(
        _l("Jawaban Anda"),
        choices=[SelectChoice(ACCEPT, _l("Saya terima")), SelectChoice(DECLINE, _l("Saya tolak"))],
        validators=[InputRequired(_l("Pilih jawabannya."))],
    )
    reason = TextAreaField(_l("Alasan"), validators=[optional(), at_most(REASON_LENGTH)], filters=[tidy])

    def validate(self, extra_validators: Any = None) -> bool:
        holds = bool(super().validate(extra_validators))
        if self.answer.data == DECLINE and not self.reason.data:
            fail(self.reason, str(_l("Tulis alasan menolaknya.")))
            return False
        return holds


class ForceForm(BaseForm):
    reason = TextAreaField(
        _l("Alasan tidak menunggu"),
        validators=[required(_l("Tulis alasan mengapa tidak menunggu.")), at_most(REASON_LENGTH)],
        filters=[tidy],
    )


class CoverForm(BaseForm):
    """Who stands in, for which days, and why."""

    facilitator = SelectField(_l("Pengganti sementara"), validators=[required(_l("Pilih penggantinya."))])
    starts_on = OfficeDateField(_l("Mulai"), validators=[required(_l("Isi tanggal mulai."))])
    ends_on = OfficeDateField(_l("Hari terakhir"), validators=[required(_l("Isi hari terakhirnya."))])
    reason = TextAreaField(
        _l("Alasan"), validators=[required(_l("Tulis alasannya.")), at_most(REASON_LENGTH)], filters=[tidy]
    )

    def offer(self, people: People) -> None:
        nobody = SelectChoice("", _l("Pilih pendamping"))
        self.facilitator.choices = [nobody, *(SelectChoice(str(id_), name) for id_, name in people)]

    @property
    def facilitator_id(self) -> uuid.UUID:
        return uuid.UUID(self.facilitator.data)
