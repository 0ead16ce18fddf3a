"""Forms of group activities: the record, who came from which cooperative, what was agreed; and the list's filter."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, ValidationError

from pendamping.activities.models import (
    MINUTES_LENGTH,
    MOST_PEOPLE,
    MOST_PHOTOS,
    NAMES_LENGTH,
    PLACE_LENGTH,
    REASON_LENGTH,
    TOPIC_LENGTH,
    ActivityKind,
)
from pendamping.activities.rules import Agreement, Presence, Terms
from pendamping.activities.words import KIND_WORDS
from pendamping.attachments.sent import PHOTO_TYPES, FilesField
from pendamping.cooperatives.queries import NameAndCode
from pendamping.cooperatives.words import ROLE_WORDS
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.access import today
from pendamping.kernel.forms import (
    BaseForm,
    CheckboxesField,
    FilterForm,
    NewIdField,
    OfficeDateField,
    RevisionField,
    SelectChoice,
    at_most,
    entry_numbers,
    fail,
    optional,
    required,
    tidy,
)
from pendamping.plans.forms import EntryForm
from pendamping.plans.models import TITLE_LENGTH

PRESENCE, AGREEMENT = "hadir", "sepakat"
AGREEMENTS_OFFERED, MOST_AGREEMENTS = 3, 20

Offered = Mapping[uuid.UUID, NameAndCode]
"""The cooperatives that a record may name, by id, in the order of the page."""


class ActivityForm(BaseForm):
    """The record of an activity: a new one, or put right with a reason."""

    new_id = NewIdField()
    seen_number = RevisionField()
    held_on = OfficeDateField(_l("Tanggal"), validators=[required(_l("Isi tanggalnya."))])
    kind = RadioField(
        _l("Jenis kegiatan"),
        choices=[SelectChoice(str(each), KIND_WORDS[each]) for each in ActivityKind],
        validators=[required(_l("Pilih jenisnya."))],
    )
    topic = StringField(
        _l("Topik"),
        description=_l("Misalnya: persiapan RAT dan laporan tahunan."),
        validators=[required(_l("Isi topiknya.")), at_most(TOPIC_LENGTH)],
        filters=[tidy],
    )
    place = StringField(
        _l("Tempat"), validators=[required(_l("Isi tempatnya.")), at_most(PLACE_LENGTH)], filters=[tidy]
    )
    minutes = TextAreaField(
        _l("Notulen"),
        description=_l("Terbaca oleh semua koperasi yang hadir. Kesepakatan ditulis di bawah."),
        validators=[optional(), at_most(MINUTES_LENGTH)],
        filters=[tidy],
        render_kw={"rows": 6},
    )
    files = FilesField(
        _l("Foto"),
        description=_l("Paling banyak %(most)s foto, masing-masing 15 MB.", most=MOST_PHOTOS),
        most=MOST_PHOTOS,
        too_many=_l("Terlalu banyak sekaligus. Pilih paling banyak %(most)s foto.", most=MOST_PHOTOS),
        render_kw={"accept": PHOTO_TYPES, "data-proofs": ""},
    )
    reason = StringField(
        _l("Alasan perbaikan"),
        description=_l("Misalnya: jumlah yang hadir salah hitung."),
        validators=[optional(), at_most(REASON_LENGTH)],
        filters=[tidy],
    )

    def validate_held_on(self, field: OfficeDateField) -> None:
        if field.data and field.data > today():
            raise ValidationError(str(_l("Tanggal ini belum tiba.")))

    def terms(self, presences: Sequence[Presence]) -> Terms:
        assert self.held_on.data is not None
        return Terms(
            held_on=self.held_on.data,
            kind=ActivityKind(self.kind.data),
            place=self.place.data or "",
            topic=self.topic.data or "",
            minutes=self.minutes.data or "",
            presences=tuple(presences),
        )


class PresenceForm(EntryForm):
    """Who came from one cooperative; nothing where nobody did."""

    cooperative = HiddenField()
    people = IntegerField(
        _l("Jumlah hadir"),
        validators=[optional(), NumberRange(0, MOST_PEOPLE, _l("Isi jumlah orang, 0 sampai 2000."))],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_PEOPLE},
    )
    names = StringField(_l("Nama yang hadir"), validators=[optional(), at_most(NAMES_LENGTH)], filters=[tidy])

    def holds(self) -> bool:
        holds = bool(self.validate())
        if self.names.data and not self.people.data and not self.people.errors:
            fail(self.people, str(_l("Isi juga jumlahnya.")))
            return False
        return holds


class PresenceEntries:
    """One row for each cooperative that may have come."""

    def __init__(self, sent: MultiDict[str, str] | None, offered: Offered, known: Sequence[Presence] = ()) -> None:
        by_id = {each.cooperative_id: each for each in known}
        numbers = _numbers_by(sent, PRESENCE, "cooperative")
        self.rows: dict[uuid.UUID, PresenceForm] = {}
        for position, id_ in enumerate(offered):
            number = numbers.get(offered[id_].code)
            if sent is not None and number is not None:
                self.rows[id_] = PresenceForm(sent, prefix=f"{PRESENCE}-{number}-")
                continue
            told = by_id.get(id_) if sent is None else None
            self.rows[id_] = PresenceForm(
                prefix=f"{PRESENCE}-{position}-",
                cooperative=offered[id_].code,
                people=told.people if told else None,
                names=told.names if told else "",
            )

    def hold(self) -> bool:
        verdicts = [each.holds() for each in self.rows.values()]  # each one, so that each says its faults
        return all(verdicts)

    def presences(self) -> list[Presence]:
        return [
            Presence(id_, each.people.data, each.names.data or "")
            for id_, each in self.rows.items()
            if each.people.data
        ]


class AgreementForm(EntryForm):
    """One thing that was agreed; it counts as soon as it has a title."""

    title = StringField(_l("Yang disepakati"), validators=[optional(), at_most(TITLE_LENGTH)], filters=[tidy])
    owner_role = SelectField(
        _l("Penanggung jawab"),
        choices=[SelectChoice(str(role), ROLE_WORDS[role]) for role in OwnerRole],
        default=str(OwnerRole.BOARD),
    )
    due_on = OfficeDateField(_l("Tenggat"), validators=[optional()])
    only_for = CheckboxesField(
        _l("Hanya untuk"),
        description=_l("Tanpa centang, berlaku bagi semua koperasi yang hadir."),
        validators=[optional()],
    )

    def holds_for(self, held_on: dt.date | None, came: Collection[str]) -> bool:
        holds = bool(self.validate())
        if not self.due_on.data and not self.due_on.errors:
            fail(self.due_on, str(_l("Isi tenggatnya.")))
            holds = False
        elif self.due_on.data and held_on and self.due_on.data < held_on:
            fail(self.due_on, str(_l("Tenggat lebih awal daripada tanggal kegiatan.")))
            holds = False
        if set(self.only_for.data or ()) - set(came):
            fail(self.only_for, str(_l("Pilih hanya koperasi yang hadir.")))
            holds = False
        return holds

    def agreement(self, ids: Mapping[str, uuid.UUID], all_of_them: Sequence[uuid.UUID]) -> Agreement:
        assert self.due_on.data is not None
        chosen = tuple(ids[each] for each in self.only_for.data or ()) or tuple(all_of_them)
        return Agreement(self.title.data or "", OwnerRole(self.owner_role.data), self.due_on.data, chosen)


class AgreementEntries:
    """What was sent, and rows enough for a few more; for cooperatives that the author sees today, and no others."""

    def __init__(self, sent: MultiDict[str, str] | None, offered: Offered) -> None:
        self._ids = {each.code: id_ for id_, each in offered.items()}
        numbers = entry_numbers(AGREEMENT, sent or ())[:MOST_AGREEMENTS]
        self.rows = [AgreementForm(sent, prefix=f"{AGREEMENT}-{number}-") for number in numbers]
        unused = (number for number in range(MOST_AGREEMENTS + AGREEMENTS_OFFERED) if number not in numbers)
        while len(self.rows) < AGREEMENTS_OFFERED:
            self.rows.append(AgreementForm(prefix=f"{AGREEMENT}-{next(unused)}-"))
        for row in self.rows:
            row.only_for.choices = [(each.code, each.short_name) for each in offered.values()]

    @property
    def counted(self) -> list[AgreementForm]:
        return [each for each in self.rows if each.title.data]

    def hold_for(self, held_on: dt.date | None, presences: Sequence[Presence]) -> bool:
        came = self._bound(presences)
        if not came and presences:
            for each in self.counted:
                fail(each.title, str(_l("Dari koperasi yang hadir tidak ada yang Anda dampingi sekarang.")))
            return not self.counted
        verdicts = [each.holds_for(held_on, came) for each in self.counted]
        return all(verdicts)

    def _bound(self, presences: Sequence[Presence]) -> list[str]:
        """The codes of those that came and may be bound."""
        there = {each.cooperative_id for each in presences}
        return [code for code, id_ in self._ids.items() if id_ in there]

    def agreements(self, presences: Sequence[Presence]) -> list[Agreement]:
        all_of_them = [self._ids[code] for code in self._bound(presences)]
        return [each.agreement(self._ids, all_of_them) for each in self.counted]


def _numbers_by(sent: MultiDict[str, str] | None, prefix: str, field: str) -> dict[str, int]:
    """The number of the entry that names something: rows are found by what they are about, not by their place."""
    if sent is None:
        return {}
    return {sent.get(f"{prefix}-{number}-{field}", ""): number for number in entry_numbers(prefix, sent)}


class ActivityFilterForm(FilterForm):
    """Narrows the list to one kind."""

    jenis = SelectField(
        _l("Jenis kegiatan"),
        choices=[SelectChoice("", _l("Semua jenis"))]
        + [SelectChoice(str(each), KIND_WORDS[each]) for each in ActivityKind],
        default="",
    )

    @property
    def wanted(self) -> ActivityKind | None:
        return ActivityKind(self.jenis.data) if self.jenis.data in list(ActivityKind) else None
