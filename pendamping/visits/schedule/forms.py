"""Forms of the schedule: filter, a new plan, its move, its end, its agenda."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from pendamping.kernel.access import today
from pendamping.kernel.forms import (
    BaseForm,
    ClockField,
    FilterForm,
    NewIdField,
    OfficeDateField,
    SelectChoice,
    at_most,
    optional,
    required,
    tidy,
)
from pendamping.kernel.i18n import explained
from pendamping.kernel.ids import uuid_or_none
from pendamping.visits.models import VisitMode
from pendamping.visits.schedule.models import AGENDA_LENGTH, REASON_LENGTH
from pendamping.visits.schedule.service import NewPlan, PlanInPast
from pendamping.visits.words import MODE_WORDS


class ScheduleFilterForm(FilterForm):
    """Whose schedule the agency looks at, as part of the address."""

    pendamping = SelectField(_l("Pendamping"), default="")

    @property
    def facilitator_id(self) -> uuid.UUID | None:
        return uuid_or_none(self.pendamping.data)


def not_past(_form: BaseForm, field: OfficeDateField) -> None:
    if field.data and field.data < today():
        raise ValidationError(explained(PlanInPast()))


class PlanForm(BaseForm):
    """A visit that a facilitator means to make."""

    id = NewIdField()
    cooperative = SelectField(_l("Koperasi"), validators=[DataRequired(_l("Pilih koperasi."))])
    planned_on = OfficeDateField(_l("Tanggal"), validators=[required(_l("Isi tanggal kunjungan.")), not_past])
    starts = ClockField(_l("Jam mulai (WITA)"), validators=[optional()])
    mode = RadioField(
        _l("Cara"),
        choices=[SelectChoice(str(mode), MODE_WORDS[mode]) for mode in VisitMode],
        default=str(VisitMode.FACE_TO_FACE),
    )
    agenda = StringField(
        _l("Agenda"),
        description=_l("Apa yang akan dibahas, dalam beberapa kata. Misalnya: periksa buku kas."),
        validators=[optional(), at_most(AGENDA_LENGTH)],
        filters=[tidy],
    )

    def plan(self) -> NewPlan:
        assert self.planned_on.data is not None
        return NewPlan(
            id=self.id.as_uuid,
            planned_on=self.planned_on.data,
            starts=self.starts.data,
            mode=VisitMode(self.mode.data),
            agenda=self.agenda.data or "",
        )


class MoveForm(BaseForm):
    """Another day or hour for a planned visit."""

    to_on = OfficeDateField(_l("Tanggal baru"), validators=[required(_l("Isi tanggal baru.")), not_past])
    to_starts = ClockField(_l("Jam mulai (WITA)"), validators=[optional()])
    reason = StringField(
        _l("Alasan"),
        description=_l("Tercatat dalam riwayat rencana ini."),
        validators=[optional(), at_most(REASON_LENGTH)],
        filters=[tidy],
    )


class CancelForm(BaseForm):
    """Why a planned visit will not be made."""

    because = TextAreaField(
        _l("Alasan pembatalan"),
        description=_l("Terbaca oleh dinas. Misalnya: pengurus berhalangan."),
        validators=[DataRequired(_l("Tulis alasannya.")), at_most(REASON_LENGTH)],
        filters=[tidy],
    )


class AgendaForm(BaseForm):
    """What a planned visit is about."""

    agenda = StringField(
        _l("Agenda"),
        description=_l("Apa yang akan dibahas, dalam beberapa kata. Misalnya: periksa buku kas."),
        validators=[optional(), at_most(AGENDA_LENGTH)],
        filters=[tidy],
    )
