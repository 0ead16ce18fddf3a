"""The filter of the list, and one due date for several actions."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from pendamping.cooperatives.words import ROLE_WORDS
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.forms import BaseForm, FilterForm, OfficeDateField, SelectChoice, at_most, required, tidy
from pendamping.plans.board.queries import COLUMNS, Wanted
from pendamping.plans.models import NOTE_LENGTH, OPEN_STATUSES, ActionStatus
from pendamping.plans.words import STATUS_WORDS

STATES = {
    "": (_l("Semua yang terbuka"), OPEN_STATUSES),
    "disepakati": (_l("Usulan dan disepakati"), COLUMNS["disepakati"]),
    "berjalan": (STATUS_WORDS[ActionStatus.RUNNING], COLUMNS["berjalan"]),
    "dilaporkan": (STATUS_WORDS[ActionStatus.REPORTED_DONE], COLUMNS["dilaporkan"]),
    "dikembalikan": (STATUS_WORDS[ActionStatus.RETURNED], COLUMNS["dikembalikan"]),
    "terverifikasi": (STATUS_WORDS[ActionStatus.VERIFIED], (ActionStatus.VERIFIED,)),
    "dibatalkan": (STATUS_WORDS[ActionStatus.CANCELLED], (ActionStatus.CANCELLED,)),
    "semua": (_l("Semua"), tuple(ActionStatus)),
}
"""What the list may be narrowed to: a word, and the statuses behind it."""


class ListFilterForm(FilterForm):
    """Which actions are listed, as part of the address."""

    status = SelectField(
        _l("Keadaan"), choices=[SelectChoice(name, words) for name, (words, _) in STATES.items()], default=""
    )
    koperasi = SelectField(_l("Koperasi"), default="")
    oleh = SelectField(
        _l("Penanggung jawab"),
        choices=[
            SelectChoice("", _l("Semua")),
            *(SelectChoice(str(role), ROLE_WORDS[role]) for role in OwnerRole),
        ],
        default="",
    )
    terlambat = BooleanField(_l("Hanya yang terlambat"))
    keberatan = BooleanField(_l("Hanya yang tidak disetujui koperasi"))

    def wanted(self) -> Wanted:
        """What does not hold narrows nothing."""
        self.validate()
        status = "" if self.status.errors else self.status.data or ""
        return Wanted(
            statuses=STATES[status][1],
            cooperative_code=None if self.koperasi.errors else self.koperasi.data or None,
            owner_role=OwnerRole(self.oleh.data) if self.oleh.data and not self.oleh.errors else None,
            is_late=bool(self.terlambat.data),
            is_disputed=bool(self.keberatan.data),
        )


class BulkDueForm(BaseForm):
    """One new due date for several actions, with one reason."""

    actions = SelectMultipleField(_l("Tindakan"), validators=[DataRequired(_l("Pilih tindakannya."))])
    due_on = OfficeDateField(_l("Tenggat baru"), validators=[required(_l("Isi tenggat baru."))])
    reason = TextAreaField(
        _l("Alasan"),
        description=_l("Satu alasan untuk semua; terbaca oleh pengurus dan dinas."),
        validators=[DataRequired(_l("Tulis alasannya.")), at_most(NOTE_LENGTH)],
        filters=[tidy],
    )

    @property
    def chosen(self) -> list[tuple[uuid.UUID, int]]:
        """Each action with the number of the last step that the list showed."""
        return [_parted(each) for each in dict.fromkeys(self.actions.data or [])]

    @property
    def ids(self) -> set[uuid.UUID]:
        return {id_ for id_, _revision in self.chosen}

    def validate_actions(self, field: SelectMultipleField) -> None:
        """Raises ValidationError: what no list of ours has sent."""
        try:
            _ = self.chosen
        except ValueError as error:
            raise ValidationError(str(_l("Pilih tindakannya."))) from error


def _parted(choice: str) -> tuple[uuid.UUID, int]:
    id_, _, revision = choice[:60].partition(".")
    return uuid.UUID(id_), int(revision)
