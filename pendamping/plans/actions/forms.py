"""Forms of an action's pages that no tablet sends: what a proof showed, an answer, a new action."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired

from pendamping.cooperatives.words import ROLE_WORDS
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.forms import (
    BaseForm,
    CheckboxesField,
    NewIdField,
    OfficeDateField,
    SelectChoice,
    at_most,
    optional,
    required,
    tidy,
)
from pendamping.plans.forms import StepForm
from pendamping.plans.models import DONE_WHEN_LENGTH, NAME_LENGTH, NOTE_LENGTH, TITLE_LENGTH, ActionStatus, Priority
from pendamping.plans.service import ActionDraft
from pendamping.plans.words import PRIORITY_WORDS, VERDICT_WORDS


class CheckForm(StepForm):
    """What the facilitator found when looking at a proof."""

    verdict = RadioField(
        _l("Hasil pemeriksaan"),
        choices=[
            SelectChoice(str(each), VERDICT_WORDS[each]) for each in (ActionStatus.VERIFIED, ActionStatus.RETURNED)
        ],
        validators=[DataRequired(_l("Pilih hasilnya."))],
    )
    note = TextAreaField(
        _l("Yang dilihat, atau yang masih kurang"),
        description=_l("Terbaca oleh pengurus. Bila dikembalikan, tulis apa yang perlu dilengkapi."),
        validators=[DataRequired(_l("Tulis yang dilihat atau yang masih kurang.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )


class ReasonForm(StepForm):
    """A step that only needs words: an answer to a dispute, why something is given up or taken up again."""

    text = TextAreaField(
        _l("Penjelasan"),
        description=_l("Terbaca oleh pengurus dan dinas."),
        validators=[DataRequired(_l("Tulis penjelasannya.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )


class LinkForm(StepForm):
    """Which further items an action is to put right."""

    items = CheckboxesField(
        _l("Butir yang ikut dibenahi"),
        description=_l("Butir yang jawaban terakhirnya kurang dan belum ada tindakannya."),
        validators=[required(_l("Pilih sedikitnya satu butir."))],
    )


class JoinForm(BaseForm):
    """To which action under way a finding comes; the value names the action and the step that the page showed."""

    id = NewIdField()
    action = RadioField(_l("Tindakan yang ikut membenahi"), validators=[required(_l("Pilih tindakannya."))])

    @property
    def chosen(self) -> tuple[uuid.UUID, int]:
        action_id, _, revision = str(self.action.data).partition(".")
        return uuid.UUID(action_id), int(revision)


class AnswerForm(BaseForm):
    """The facilitator's answer to a question."""

    text = TextAreaField(
        _l("Jawaban"), validators=[DataRequired(_l("Tulis jawabannya.")), at_most(NOTE_LENGTH)], filters=[tidy]
    )


class NewActionForm(BaseForm):
    """An action that is thought of between two visits."""

    id = NewIdField()
    cooperative = HiddenField()
    title = StringField(
        _l("Tindakan"), validators=[DataRequired(_l("Tulis tindakannya.")), at_most(TITLE_LENGTH)], filters=[tidy]
    )
    owner_role = SelectField(
        _l("Penanggung jawab"),
        choices=[SelectChoice(str(role), ROLE_WORDS[role]) for role in OwnerRole],
        default=str(OwnerRole.BOARD),
    )
    owner_name = StringField(_l("Nama"), validators=[optional(), at_most(NAME_LENGTH)], filters=[tidy])
    due_on = OfficeDateField(_l("Tenggat"), validators=[required(_l("Isi tenggatnya."))])
    priority = RadioField(
        _l("Prioritas"),
        choices=[SelectChoice(str(int(each)), PRIORITY_WORDS[each]) for each in Priority],
        default=str(int(Priority.USUAL)),
    )
    done_when = StringField(
        _l("Selesai bila"),
        description=_l("Satu kalimat: apa yang membuktikannya. Kosongkan untuk memakai kalimat butirnya."),
        validators=[optional(), at_most(DONE_WHEN_LENGTH)],
        filters=[tidy],
    )
    items = SelectMultipleField(
        _l("Butir yang dibenahi"),
        description=_l("Butir yang jawaban terakhirnya kurang. Boleh lebih dari satu, boleh tidak ada."),
        validators=[optional()],
    )
    agreed = BooleanField(_l("Sudah disepakati bersama pengurus"))

    def draft(self) -> ActionDraft:
        assert self.due_on.data is not None
        items = self.items.data or []
        return ActionDraft(
            id=self.id.as_uuid,
            item_id=items[0] if items else None,
            title=self.title.data or "",
            owner_role=OwnerRole(self.owner_role.data),
            due_on=self.due_on.data,
            owner_name=self.owner_name.data or "",
            priority=Priority(int(self.priority.data)),
            further_items=items[1:],
            done_when=self.done_when.data or "",
        )
